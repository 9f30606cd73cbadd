// What wrappers make of a scripted environment is what Gymnasium's make of it (test/fixtures/gymnasium-wrappers.py).

import { expect, it } from "vitest";
import {
  type AnyEnv,
  Box,
  ClipAction,
  Dict,
  Discrete,
  type Env,
  FlattenObservation,
  FrameStackObservation,
  RecordEpisodeStatistics,
  RescaleAction,
  type StepResult,
  TransformReward,
} from "../../../src/index.ts";
import fixture from "../../fixtures/gymnasium-wrappers.json" with { type: "json" };

const LOW = [-2, 0.1];
const HIGH = [3, 0.7];

/** Shows the action that it was given, and the number of the step. */
class Echo implements Env<Float32Array> {
  readonly observationSpace = new Box(-100, 100, [3]);
  readonly actionSpace = new Box(LOW, HIGH);
  #steps = 0;

  reset(): Float32Array {
    this.#steps = 0;
    return Float32Array.of(0, 0, -1);
  }

  step(action: Float32Array): StepResult {
    expect(this.actionSpace.contains(action)).toBe(true);
    this.#steps++;
    const observation = Float32Array.of(...action, this.#steps);
    return { observation, reward: this.#steps / 2, terminated: this.#steps === 5, truncated: false };
  }
}

const others = { low: [0, -7], high: [10, -5] };
const cases: Readonly<Record<string, () => Env<Float32Array>>> = {
  FrameStackObservation: () => new FrameStackObservation(new Echo(), 3),
  ClipAction: () => new ClipAction(new Echo()),
  RescaleAction: () => new RescaleAction(new Echo()),
  "RescaleAction to others": () => new RescaleAction(new Echo(), others),
  TransformReward: () => new TransformReward(new Echo(), (reward) => 3 * reward - 1),
  RecordEpisodeStatistics: () => new RecordEpisodeStatistics(new Echo()),
};

/** With null for what is infinite. */
const spaceOf = (space: unknown) => {
  const { shape, low, high } = space as Box;
  const bounds = (array: Float32Array) => [...array].map((bound) => (Number.isFinite(bound) ? bound : null));
  return { shape: [...shape], low: bounds(low), high: bounds(high) };
};

it.each(Object.entries(cases))("%s", (name, make) => {
  const then = fixture[name as "ClipAction"];
  const env = make();
  expect(spaceOf(env.observationSpace)).toEqual(then.observationSpace);
  expect(spaceOf(env.actionSpace)).toEqual(then.actionSpace);
  const observations = [[...env.reset()]];
  const rewards: number[] = [];
  for (const action of then.actions) {
    const { observation, reward, terminated } = env.step(Float32Array.from(action));
    observations.push([...observation]);
    rewards.push(reward);
    if (terminated) observations.push([...env.reset()]);
  }
  expect(rewards).toEqual(then.rewards);
  expect(observations).toHaveLength(then.observations.length);
  // Gymnasium rescales by a gradient and an intercept in float32: three roundings, of numbers that are 10 at most
  // before they cancel, each by half of 2^-23 relative.
  const tolerance = name.startsWith("RescaleAction") ? 3 * 10 * 2 ** -24 : 0;
  for (const [index, row] of observations.entries())
    for (const [place, number] of row.entries())
      expect(Math.abs(number - then.observations[index]![place]!)).toBeLessThanOrEqual(tolerance);
  if (env instanceof RecordEpisodeStatistics)
    expect(env.episodes.map((episode) => [episode.return, episode.length])).toEqual(then.episodes);
});

it("FlattenObservation", () => {
  const observationSpace = new Dict({ speed: new Box(-3, 5, [2]), gear: new Discrete(3) });
  const inner = Object.assign(new Echo(), { observationSpace }) as AnyEnv;
  expect(spaceOf(new FlattenObservation(inner).observationSpace)).toEqual(fixture.FlattenObservation);
});
