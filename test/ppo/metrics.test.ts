// The means over the minibatches of an update, and the figure that is named where one is not finite.

import { describe, expect, it } from "vitest";
import { type LossOutputs, UpdateStatistics } from "../../src/ppo/metrics.ts";

const zero = { loss: 0, policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0 };

/** Statistics of outputs whose values are set from outside. */
function watch() {
  const now: Record<string, number> = { ...zero };
  const outputs = Object.fromEntries(Object.keys(zero).map((name) => [name, { item: () => now[name] }]));
  const statistics = new UpdateStatistics(outputs as unknown as LossOutputs);
  return { statistics, set: (values: Partial<typeof zero>) => Object.assign(now, zero, values) };
}

describe("the statistics of an update", () => {
  it("are means over its minibatches, and begin anew with the next", () => {
    const { statistics, set } = watch();
    for (const [index, loss] of [1, 2, 6].entries()) {
      set({ loss, entropy: -loss });
      statistics.add(10 * index);
    }
    expect(statistics.means()).toEqual({ ...zero, loss: 3, entropy: -3, gradNorm: 10 });
    statistics.reset();
    set({ approxKl: 0.5 });
    statistics.add(4);
    expect(statistics.means()).toEqual({ ...zero, approxKl: 0.5, gradNorm: 4 });
  });

  it("name the first figure that is not finite, the parts before the sum that they spoil", () => {
    const { statistics, set } = watch();
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    set({ loss: 3e38, approxKl: -3e38 });
    expect(statistics.nonFinite()).toBeUndefined();
    set({ loss: nan, policyLoss: nan });
    expect(statistics.nonFinite()).toBe("policyLoss is NaN");
    set({ loss: nan, valueLoss: infinity, approxKl: nan });
    expect(statistics.nonFinite()).toBe("valueLoss is Infinity");
    set({ clipFraction: nan });
    expect(statistics.nonFinite()).toBe("clipFraction is NaN");
    set({ loss: -infinity });
    expect(statistics.nonFinite()).toBe("loss is -Infinity");
  });
});
