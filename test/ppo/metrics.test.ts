// The means over the minibatches of an update, and the figure that is named where one is not finite.

import { describe, expect, it } from "vitest";
import { NonFiniteError } from "../../src/base/errors.ts";
import { type LossOutputs, UpdateStatistics } from "../../src/ppo/metrics.ts";
import { Progress } from "../../src/ppo/progress.ts";

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

  it("are there for each minibatch where that is asked for", () => {
    const { statistics, set } = watch();
    statistics.reset(true);
    set({ loss: 1 });
    statistics.add(2);
    set({ entropy: 3 });
    statistics.add(4);
    expect(statistics.each).toEqual([
      { ...zero, loss: 1, gradNorm: 2 },
      { ...zero, entropy: 3, gradNorm: 4 },
    ]);
    statistics.reset();
    statistics.add(1);
    expect(statistics.each).toBeUndefined();
  });

  it("name the first figure that is not finite, the parts before the sum that they spoil", () => {
    const { statistics, set } = watch();
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    const progress = new Progress(1024);
    progress.iteration = 2;
    const check = () => statistics.checkFinite(progress, 0, 1);
    const refused = (broken: string) =>
      expect(check).toThrow(new NonFiniteError(`${broken} in iteration 3, epoch 1, minibatch 2, after 3072 steps`));
    set({ loss: 3e38, approxKl: -3e38 });
    expect(check).not.toThrow();
    set({ loss: nan, policyLoss: nan });
    refused("policyLoss is NaN");
    set({ loss: nan, valueLoss: infinity, approxKl: nan });
    refused("valueLoss is Infinity");
    set({ clipFraction: nan });
    refused("clipFraction is NaN");
    set({ loss: infinity });
    refused("loss is Infinity");
  });
});
