// Returns and lengths of episodes, number by number, and the step at which a task counts as solved.

import { describe, expect, it } from "vitest";
import type { VectorEnv } from "../../src/index.ts";
import { EpisodeStatistics } from "../../src/ppo/episodes.ts";

/** What environments answered in a step: for each its reward, and how its episode ended, if it did. */
type Answer = readonly (readonly [reward: number, end?: "terminated" | "truncated" | undefined])[];

const envOf = (answer: Answer) =>
  ({
    numEnvs: answer.length,
    rewards: Float32Array.from(answer, ([reward]) => reward),
    terminated: Uint8Array.from(answer, ([, end]) => Number(end === "terminated")),
    truncated: Uint8Array.from(answer, ([, end]) => Number(end === "truncated")),
  }) as unknown as VectorEnv;

/** Episodes of one step each, one after the other in one environment; `before` steps were taken. */
function play(statistics: EpisodeStatistics, returns: readonly number[], before = 0): void {
  for (const [index, reward] of returns.entries())
    statistics.record(envOf([[reward, "terminated"]]), before + index + 1);
}

describe("statistics of episodes", () => {
  it("add the rewards of each episode up and count its steps, whichever way it ends", () => {
    const statistics = new EpisodeStatistics(3, undefined);
    expect(statistics.report()).toEqual({
      ...{ episodes: 0, meanReturn: Number.NaN, meanLength: Number.NaN, solvedAtStep: null },
    });
    statistics.record(envOf([[2], [-1], [0.5]]), 3);
    statistics.record(envOf([[2], [-1, "terminated"], [0.5]]), 6);
    expect(statistics.report()).toMatchObject({ episodes: 1, meanReturn: -2, meanLength: 2 });
    statistics.record(envOf([[2, "truncated"], [-4], [0.5]]), 9);
    expect(statistics.report()).toMatchObject({ episodes: 2, meanReturn: (-2 + 6) / 2, meanLength: (2 + 3) / 2 });
    // The second episode of an environment knows nothing of its first.
    statistics.record(envOf([[10, "terminated"], [-4], [0.5]]), 12);
    expect(statistics.report()).toMatchObject({ episodes: 3, meanReturn: (-2 + 6 + 10) / 3, meanLength: 2 });
    statistics.record(envOf([[0], [-4, "truncated"], [0.5, "terminated"]]), 15);
    expect(statistics.report()).toMatchObject({
      ...{ episodes: 5, meanReturn: (-2 + 6 + 10 - 12 + 2.5) / 5, meanLength: (2 + 3 + 1 + 3 + 5) / 5 },
    });
  });

  it("are of the last hundred episodes", () => {
    const statistics = new EpisodeStatistics(1, undefined);
    play(
      statistics,
      Array.from({ length: 250 }, (_, index) => index),
    );
    expect(statistics.report()).toMatchObject({ episodes: 250, meanReturn: (150 + 249) / 2, meanLength: 1 });
  });
});

describe("a task", () => {
  const hundred = (value: number) => Array<number>(100).fill(value);

  it("is solved in the step in which a hundred episodes reach the threshold, not before there are as many", () => {
    const statistics = new EpisodeStatistics(1, 5);
    play(statistics, hundred(5).slice(1));
    expect(statistics.solvedAtStep).toBeNull();
    play(statistics, [5], 99);
    expect(statistics.solvedAtStep).toBe(100);
    expect(statistics.report().solvedAtStep).toBe(100);
  });

  it("stays solved at the first such step, whatever comes later", () => {
    const statistics = new EpisodeStatistics(1, 5);
    play(statistics, hundred(4));
    expect(statistics.solvedAtStep).toBeNull();
    play(statistics, [...hundred(6), ...hundred(0), ...hundred(6)], 100);
    // The mean is 5 once half of the episodes are worth 6.
    expect(statistics.solvedAtStep).toBe(150);
  });

  it("without a threshold is never solved", () => {
    const statistics = new EpisodeStatistics(1, undefined);
    play(statistics, hundred(1e9));
    expect(statistics.solvedAtStep).toBeNull();
  });
});

it("a state comes back whole, into the middle of episodes, and is a copy", () => {
  const make = () => new EpisodeStatistics(2, 3);
  const answers: Answer[] = Array.from({ length: 400 }, (_, step) => [
    [step % 5, step % 3 === 2 ? "terminated" : undefined],
    [step % 7, step % 4 === 3 ? "truncated" : undefined],
  ]);
  const record = (statistics: EpisodeStatistics, from: number, to: number) => {
    for (let step = from; step < to; step++) statistics.record(envOf(answers[step] as Answer), 2 * (step + 1));
  };
  for (const middle of [1, 100, 173, 301]) {
    const [whole, other] = [make(), make()];
    record(whole, 0, middle);
    const state = whole.state();
    const before = structuredClone(state);
    record(whole, middle, 400);
    expect(state).toEqual(before);
    other.restore(state);
    expect(other.state()).toEqual(state);
    record(other, middle, 400);
    expect(other.report()).toEqual(whole.report());
    expect(whole.solvedAtStep).not.toBeNull();
  }
});
