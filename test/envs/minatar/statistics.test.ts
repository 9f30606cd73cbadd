// Episodes of several policies beside as many of MinAtar 1.0.15 (test/fixtures/minatar-games.py), with sticky actions
// and ramping and without: returns, lengths and how many cells of each channel are on, each within 99.9%.

import { describe, expect, it } from "vitest";
import { PCG64 } from "../../../src/engine/random.ts";
import { Engine } from "../../../src/index.ts";
import fixture from "../../fixtures/minatar-games.json" with { type: "json" };
import { games, names } from "./games.ts";

type Counts = [value: number, count: number][];

interface Statistics {
  readonly policy: string;
  readonly sticky: number;
  readonly ramping: number;
  readonly episodes: number;
  readonly returns: Counts;
  readonly meanReturn: number;
  readonly sdReturn: number;
  readonly lengths: Counts;
  readonly meanLength: number;
  readonly sdLength: number;
  readonly cells: [rate: number, error: number][];
}

const engine = await Engine.create();

/** Standard errors of a two-sided interval of 99.9%. */
const WITHIN = 3.2905;
/** The distance of Kolmogorov and Smirnov for samples of n and m, at 99.9%. */
const distance = (n: number, m: number) => 1.9495 * Math.sqrt((n + m) / (n * m));

/** Cells are counted in so many steps only, over whole episodes. */
const COUNTED = 30_000;

function played(name: keyof typeof games, { policy, sticky, ramping, episodes }: Statistics) {
  const options = { minimalActions: false, stickyActionProbability: sticky / 10, difficultyRamping: ramping === 1 };
  const env = new games[name](engine, { ...options, seed: 1 });
  const random = new PCG64(engine, 2);
  const result = { observation: env.reset(), reward: 0, terminated: false, truncated: false };
  const channels = env.observationSpace.shape[2] as number;
  const [returns, lengths, cells]: [number[], number[], Float64Array[]] = [[], [], []];
  for (let episode = 0, steps = 0; episode < episodes; episode++) {
    if (episode > 0) env.reset({}, result.observation);
    const on = new Float64Array(channels);
    let [total, length] = [0, 0];
    do {
      const action = policy === "random" ? random.integer(6) : Number(policy[length % policy.length]);
      env.step(action, result);
      total += result.reward;
      length++;
      if (steps < COUNTED) count(result.observation, on);
    } while (!result.terminated);
    if (steps < COUNTED) cells.push(on);
    steps += length;
    returns.push(total);
    lengths.push(length);
  }
  return { returns, lengths, cells };
}

/** Adds how many cells of each channel are on. */
function count(cells: Uint8Array, on: Float64Array): void {
  for (let place = 0; place < cells.length; )
    for (let channel = 0; channel < on.length; channel++) on[channel]! += cells[place++]!;
}

function momentsOf(numbers: readonly number[]): [mean: number, deviation: number] {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return [mean, Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1))];
}

/** Whether two means are as close as chance has it; where nothing varies they are the same. */
function expectClose(what: string, a: number, errorA: number, b: number, errorB: number) {
  const [difference, bound] = [Math.abs(a - b), WITHIN * Math.hypot(errorA, errorB)];
  expect(difference, `${what}: ${a} beside ${b}, give or take ${bound}`).toBeLessThanOrEqual(bound + 1e-6);
}

/** The greatest distance of two distributions, at the values where theirs is known. */
function distanceOf(numbers: readonly number[], cumulative: Counts, episodes: number): number {
  return Math.max(
    ...cumulative.map(([value, count]) =>
      Math.abs(numbers.filter((x) => x <= value).length / numbers.length - count / episodes),
    ),
  );
}

describe.each(names)("%s", (name) => {
  const all = fixture[name].statistics as unknown as Statistics[];
  it.each(
    all.map((theirs) => [theirs.policy, theirs.sticky ? "sticky actions and ramping" : "neither", theirs] as const),
  )("has MinAtar's returns, lengths and cells with actions %s and %s", (_, __, theirs) => {
    const { returns, lengths, cells } = played(name, theirs);
    const n = theirs.episodes;
    const [meanReturn, sdReturn] = momentsOf(returns);
    const [meanLength, sdLength] = momentsOf(lengths);
    const root = Math.sqrt(n);
    expectClose("mean return", meanReturn, sdReturn / root, theirs.meanReturn, theirs.sdReturn / root);
    expectClose("mean length", meanLength, sdLength / root, theirs.meanLength, theirs.sdLength / root);
    const upTo = (most: number) => theirs.returns.reduce((sum, [value, times]) => sum + (value <= most ? times : 0), 0);
    const cumulative = theirs.returns.map(([value]) => [value, upTo(value)] as [number, number]);
    expect(distanceOf(returns, cumulative, n)).toBeLessThanOrEqual(distance(n, n));
    expect(distanceOf(lengths, theirs.lengths, n)).toBeLessThanOrEqual(distance(n, n));
    const counted = lengths.slice(0, cells.length);
    const [meanCounted] = momentsOf(counted);
    for (const [channel, [rate, error]] of theirs.cells.entries()) {
      const on = cells.map((episode) => episode[channel]!);
      const ours = momentsOf(on)[0] / meanCounted;
      const [, deviation] = momentsOf(on.map((cellsOn, index) => cellsOn - ours * counted[index]!));
      const ourError = deviation / Math.sqrt(on.length) / meanCounted;
      expectClose(`channel ${fixture[name].channels[channel]}`, ours, ourError, rate, error);
    }
  });
});
