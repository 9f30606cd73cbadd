// What results over several tasks come to, against rliable: the same draws, sums in another order.

import { describe, expect, it } from "vitest";
import {
  aggregates,
  type Estimate,
  estimate,
  performanceProfile,
  probabilityOfImprovement,
} from "../../tools/results/statistics.ts";
import fixture from "../fixtures/suite-statistics.json" with { type: "json" };

interface Expected {
  readonly value: number[];
  readonly low: number[];
  readonly high: number[];
}

const suites = fixture.suites.map((suite) => ({ ...suite, runs: suite.scores[0]?.length, tasks: suite.scores.length }));

describe.each(suites)("$tasks tasks of $runs runs", ({ scores, others, ...expected }) => {
  // A mean of means of n numbers in all is in either order within n + 2 roundings of u = 2^-53 of the greatest
  // magnitude; two are twice that apart. The optimality gap, and the step between two quantiles, add a few more.
  const numbers = scores.flat();
  const tolerance = 2 * (numbers.length + 8) * 2 ** -53 * Math.max(1, ...numbers.map(Math.abs));

  function expectEqual(estimates: readonly Estimate[], { value, low, high }: Expected): void {
    expect(estimates).toHaveLength(value.length);
    for (const [index, own] of estimates.entries()) {
      expect(Math.abs(own.value - (value[index] as number))).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(own.low - (low[index] as number))).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(own.high - (high[index] as number))).toBeLessThanOrEqual(tolerance);
    }
  }

  it.each(Object.keys(aggregates) as (keyof typeof aggregates)[])("%s is rliable's, with its interval", (name) => {
    expectEqual([estimate(scores, aggregates[name])], expected.aggregates[name]);
  });

  it("the performance profile is rliable's, with its band", () => {
    expectEqual(performanceProfile(scores, fixture.thresholds), expected.profile);
  });

  it("the probability of improvement is rliable's, with its interval", () => {
    expectEqual([probabilityOfImprovement(scores, others)], expected.improvement);
  });

  it("which of two is better is told from either side", () => {
    const [own, other] = [probabilityOfImprovement(scores, others), probabilityOfImprovement(others, scores)];
    expect(own.value + other.value).toBeCloseTo(1, 14);
    expect(probabilityOfImprovement(scores, scores).value).toBeCloseTo(0.5, 14);
  });
});
