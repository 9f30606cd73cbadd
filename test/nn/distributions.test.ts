// Every distribution and head against torch.distributions in float64 (test/fixtures/distributions.py), with its masks;
// and what has to hold of them exactly.

import { describe, expect, it } from "vitest";
import {
  type Box,
  Box as BoxSpace,
  ConfigurationError,
  Discrete,
  Engine,
  MultiBinary,
  MultiDiscrete,
  Stream,
} from "../../src/index.ts";
import { type ActionHead, type HeadOptions, headFor, Parameters } from "../../src/nn/index.ts";
import * as ops from "../../src/tensor/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import fixture from "../fixtures/distributions.json" with { type: "json" };

const engine = await Engine.create();
const BATCH = 5;

/** A tensor with these elements, and a place for its gradient. */
function variable(shape: readonly number[], values: readonly number[]) {
  const { storage } = ops.zeros(engine, ops.float32(shape));
  const tensor = new Tensor(engine, ops.float32(shape), { storage, requiresGradient: true }).set(values);
  return { tensor, gradient: ops.zeros(engine, ops.float32(shape)) };
}

interface Quantity {
  readonly value: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** Values of a quantity and the gradients of its weighted sum. */
function measure(
  variables: Readonly<Record<string, ReturnType<typeof variable>>>,
  weights: readonly number[],
  quantity: () => Tensor,
) {
  const list = Object.values(variables);
  const program = ops.program(
    engine,
    {},
    () => {
      const value = ops.add(quantity(), ops.zeros(engine, ops.float32([BATCH])));
      return { value, loss: ops.sum(ops.multiply(value, ops.zeros(engine, value).set(weights))) };
    },
    { differentiate: { tensors: list.map((x) => x.tensor), gradients: list.map((x) => x.gradient) } },
  );
  program.run();
  return {
    value: [...program.outputs.value.data],
    gradients: Object.fromEntries(Object.entries(variables).map(([name, x]) => [name, [...x.gradient.data]])),
  };
}

/**
 * Each number to within 2^-24 times this many roundings of the largest that it is computed from: logits and their
 * exponentials, squared distances in deviations, or the sums of the numbers themselves.
 */
function expectClose(actual: readonly number[], exact: readonly number[], magnitude: number): void {
  expect(actual).toHaveLength(exact.length);
  for (const [index, value] of exact.entries())
    expect(Math.abs((actual[index] as number) - value), `${index}: ${actual[index]}, not ${value}`).toBeLessThanOrEqual(
      2 ** -24 * magnitude * (1 + Math.abs(value)),
    );
}

/** Choices take a dozen operations on numbers up to 8, ten of which are added up; squares of distances reach 600. */
const [CHOICES, NORMALS] = [64, 256];

describe.each(fixture.choices)("$name", (entry) => {
  const { sizes, weights, results } = entry;
  const isBinary = entry.name.includes("on and off");
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const space = isBinary
    ? new MultiBinary(sizes.length)
    : sizes.length === 1
      ? new Discrete(total)
      : new MultiDiscrete(sizes);
  const head = headFor(space) as ActionHead<"int32">;
  const mask = entry.mask && ops.zeros(engine, ops.uint8([BATCH, total])).set(entry.mask);
  const action = ops.zeros(engine, ops.int32([BATCH, ...head.action.shape])).set(entry.action);
  const logits = variable([BATCH, head.outputs], entry.inputs.logits);
  const other = ops.zeros(engine, ops.float32([BATCH, head.outputs])).set(entry.other);
  const distributionOf = (x: Tensor) => head.distribution(x, mask ?? undefined);

  it.each(["logProb", "entropy", "kl"] as const)("has torch's %s and its gradient", (name) => {
    const quantities = {
      logProb: () => distributionOf(logits.tensor).logProb(action),
      entropy: () => distributionOf(logits.tensor).entropy(),
      kl: () => distributionOf(logits.tensor).klFrom(distributionOf(other)),
    };
    const actual = measure({ logits }, weights, quantities[name]);
    const exact = results[name] as Quantity;
    expectClose(actual.value, exact.value, CHOICES);
    expectClose(actual.gradients.logits as number[], exact.gradients.logits as number[], CHOICES);
    if (mask === null) return;
    for (const [index, allowed] of mask.data.entries()) {
      const own = isBinary ? index >> 1 : index;
      // What is forbidden, and what is alone with it in a choice of two.
      if (allowed === 0) expect(actual.gradients.logits?.[own]).toBe(0);
    }
  });

  it("has probabilities that sum to 1, exactly 0 where they are forbidden, and comes back from its statistics", () => {
    const rest = ops.program(engine, {}, () => {
      const distribution = distributionOf(logits.tensor);
      const back = head.fromStatistics(distribution.statistics());
      return {
        probabilities: distribution.parameters().probabilities as Tensor,
        again: back.parameters().probabilities as Tensor,
        statistics: distribution.statistics(),
        kl: distribution.klFrom(back),
        forbidden: distribution.logProb(ops.zeros(engine, action)),
      };
    });
    rest.run();
    const { probabilities, again, statistics, kl, forbidden } = rest.outputs;
    expect(statistics.shape).toEqual([BATCH, head.statistics]);
    expect(again.data).toEqual(probabilities.data);
    expect([...kl.data]).toEqual(Array(BATCH).fill(0));
    let at = 0;
    for (let row = 0; row < BATCH; row++) {
      const firsts: boolean[] = [];
      for (const size of sizes) {
        const part = probabilities.data.subarray(at, at + size);
        expect(Math.abs(part.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThanOrEqual(2 ** -22);
        if (mask !== null) {
          const allowed = mask.data.subarray(at, at + size);
          expect([...part].map((p) => p > 0)).toEqual([...allowed].map((bit) => bit === 1));
          firsts.push(allowed[0] === 1);
        }
        at += size;
      }
      // The first of each choice.
      if (mask !== null) expect(Number.isFinite(forbidden.data[row] as number)).toBe(firsts.every(Boolean));
    }
    expect(forbidden.data.some(Number.isNaN)).toBe(false);
  });

  it("draws each row as often as it says, and nothing that is forbidden", () => {
    const rows = 4000;
    const repeated = ops.zeros(engine, ops.float32([BATCH * rows, head.outputs]));
    const masks = mask && ops.zeros(engine, ops.uint8([BATCH * rows, total]));
    for (let row = 0; row < BATCH * rows; row++) {
      repeated.setRow(
        row,
        logits.tensor.data.subarray((row % BATCH) * head.outputs, ((row % BATCH) + 1) * head.outputs),
      );
      masks?.setRow(row, (mask as Tensor<"uint8">).data.subarray((row % BATCH) * total, ((row % BATCH) + 1) * total));
    }
    const stream = new Stream(engine, 5, "sampling");
    const draw = ops.program(engine, {}, () => {
      const distribution = head.distribution(repeated, masks ?? undefined);
      const probabilities = distribution.parameters().probabilities as Tensor;
      return { actions: distribution.sample(stream), mode: distribution.mode(), probabilities };
    });
    draw.run();
    const { actions, mode, probabilities } = draw.outputs;
    const counts = new Float64Array(BATCH * total);
    let otherModes = 0;
    for (let row = 0; row < BATCH * rows; row++) {
      let start = 0;
      for (const [choice, size] of sizes.entries()) {
        const place = (row % BATCH) * total + start;
        const index = place + (actions.data[row * sizes.length + choice] as number);
        counts[index] = (counts[index] as number) + 1;
        const part = [...probabilities.data.subarray(place, place + size)];
        if (mode.data[row * sizes.length + choice] !== part.indexOf(Math.max(...part))) otherModes++;
        start += size;
      }
    }
    expect(otherModes).toBe(0);
    for (const [index, count] of counts.entries()) {
      const p = probabilities.data[index] as number;
      // Five standard deviations of a binomial count: 0 where the probability is.
      expect(Math.abs(count - rows * p)).toBeLessThanOrEqual(5 * Math.sqrt(rows * p * (1 - p)) + (p > 0 ? 5 : 0));
    }
  });
});

describe.each(fixture.normals)("$name", (entry) => {
  const { weights, results } = entry;
  const isShared = entry.inputs.logStd.length === 3;
  const bounds = entry.bounds ?? [-1, 1];
  const space = new BoxSpace(bounds[0] as number, bounds[1] as number, [3]) as Box;
  const head = headFor(space, {
    actionDistribution: entry.bounds === null ? "gaussian" : "squashed",
  }) as ActionHead<"float32">;
  const parameters = new Parameters(engine);
  head.declare(parameters, "actor");
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const mean = variable([BATCH, 3], entry.inputs.mean);
  const logStd = variable(isShared ? [3] : [BATCH, 3], entry.inputs.logStd);
  const action = ops.zeros(engine, ops.float32([BATCH, 3])).set(entry.action);
  const other = ops.zeros(engine, ops.float32([BATCH, 6])).set(entry.other);
  /** As the head makes it of an output, but of this logStd. */
  const distribution = () => {
    const rows = isShared ? ops.broadcastTo(logStd.tensor, [BATCH, 3]) : logStd.tensor;
    return head.fromStatistics(ops.concatenate([mean.tensor, rows], 1));
  };

  it.each(["logProb", "entropy", "kl"] as const)("has torch's %s and its gradients", (name) => {
    const quantities = {
      logProb: () => distribution().logProb(action),
      entropy: () => distribution().entropy(),
      kl: () => distribution().klFrom(head.fromStatistics(other)),
    };
    const actual = measure({ mean, logStd }, weights, quantities[name]);
    const exact = results[name] as Quantity;
    expectClose(actual.value, exact.value, NORMALS);
    for (const key of ["mean", "logStd"])
      expectClose(actual.gradients[key] as number[], exact.gradients[key] as number[], NORMALS);
  });

  it("comes back from its statistics, with no divergence at all", () => {
    const same = ops.program(engine, {}, () => {
      const own = distribution();
      const back = head.fromStatistics(own.statistics());
      return { kl: own.klFrom(back), own: own.logProb(action), back: back.logProb(action), all: own.statistics() };
    });
    same.run();
    expect([...same.outputs.kl.data]).toEqual(Array(BATCH).fill(0));
    expect(same.outputs.back.data).toEqual(same.outputs.own.data);
    expect(same.outputs.all.shape).toEqual([BATCH, head.statistics]);
  });
});

describe("a squashed action", () => {
  it("is within its bounds to the last bit, wherever it was drawn", () => {
    // Middle and half length of these round, so that their sum is beyond a bound.
    const space = new BoxSpace([-0.1, 0.1, -3e38, 1], [0.7, 0.3, 3.4e38, 1.0000001], [2, 2]);
    const head = headFor(space, { actionDistribution: "squashed" }) as ActionHead<"float32">;
    const rows = [-1e30, -20, -9.01, -0.5, 0, 0.3, 8.9, 30, 1e38];
    const drawn = ops.zeros(engine, ops.float32([rows.length, 4])).set(rows.flatMap((u) => [u, u, u, u]));
    const acted = ops.program(engine, {}, () => ({ actions: head.toEnvironment(drawn) as Tensor }));
    acted.run();
    expect(acted.outputs.actions.shape).toEqual([rows.length, 2, 2]);
    for (const row of rows.keys()) expect(space.violation(acted.outputs.actions.data, row)).toBeUndefined();
    const last = [...acted.outputs.actions.data.subarray(-4)];
    for (const [index, high] of space.high.entries()) expect(last[index]).toBeCloseTo(high, 6);
  });

  it.each([
    [
      [0, Number.NEGATIVE_INFINITY],
      [1, 1],
    ],
    [
      [0, 0],
      [1, Number.POSITIVE_INFINITY],
    ],
    [
      [0, 1],
      [1, 1],
    ],
  ])("needs bounds: not from %j to %j", (low, high) => {
    expect(() => headFor(new BoxSpace(low, high), { actionDistribution: "squashed" })).toThrow(
      new ConfigurationError(
        `action space: element 1 of Box(2) goes from ${low[1]} to ${high[1]}; squashed actions need finite bounds`,
      ),
    );
  });

  it("keeps finite log-probabilities and gradients far where tanh is 1", () => {
    const [mean, logStd] = [variable([BATCH, 1], [40, -40, 0, 9, 1e4]), variable([1], [0])];
    const head = headFor(new BoxSpace(-2, 2), { actionDistribution: "squashed" }) as ActionHead<"float32">;
    const logProb = measure({ mean, logStd }, [1, 1, 1, 1, 1], () =>
      head
        .fromStatistics(ops.concatenate([mean.tensor, ops.broadcastTo(logStd.tensor, [BATCH, 1])], 1))
        .logProb(mean.tensor),
    );
    // log N(u; u, 1) - log 2 + 2 |u| - log 4, to within exp(-18).
    const exact = [40, 40, 0, 9, 1e4].map((u) => -0.9189385 - Math.log(2) + (u === 0 ? 0 : 2 * u - Math.log(4)));
    expectClose(logProb.value, exact, 16);
    expect(logProb.gradients.mean).toEqual([2, -2, 0, expect.closeTo(2, 6), 2]);
  });
});

/** A head with its parameters, and its distribution's standard deviations for outputs of the actor. */
function spreads(options: Partial<HeadOptions>, outputs: readonly number[]) {
  const head = headFor(new BoxSpace(-1, 1), options) as ActionHead<"float32">;
  const parameters = new Parameters(engine);
  head.declare(parameters, "actor");
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const rows = outputs.length / head.outputs;
  const output = variable([rows, head.outputs], outputs);
  const program = ops.program(
    engine,
    {},
    () => {
      const std = head.distribution(output.tensor).parameters().std as Tensor;
      return { std, loss: ops.sum(ops.log(std)) };
    },
    { differentiate: { tensors: [output.tensor], gradients: [output.gradient] } },
  );
  program.run();
  return { head, parameters, program, std: program.outputs.std, gradient: output.gradient };
}

describe("the log standard deviation", () => {
  it("is learnt, or kept and written, or comes from the network", () => {
    const learned = spreads({ initialLogStd: -1 }, [0, 0]);
    expect([learned.parameters.names, learned.head.logStd]).toEqual([["actor.logStd"], undefined]);
    expect(learned.std.item()).toBeCloseTo(Math.exp(-1), 6);
    for (const logStd of ["fixed", "annealed"] as const) {
      const { head, parameters, program, std } = spreads({ logStd, initialLogStd: -1 }, [0]);
      expect([parameters.count, parameters.named().map(({ name }) => name)]).toEqual([0, ["actor.logStd"]]);
      expect(std.item()).toBeCloseTo(Math.exp(-1), 6);
      head.logStd?.data.fill(-2);
      program.run();
      expect(std.item()).toBeCloseTo(Math.exp(-2), 6);
    }
    const network = spreads({ logStd: "network", initialLogStd: -1 }, [7, 0, 7, 1, 7, -1, 7, 30, 7, -30]);
    expect([network.head.outputs, network.head.statistics, network.parameters.names]).toEqual([2, 2, []]);
    const exact = [0, 1, -1, 30, -30].map((x) => -1 + 5 * Math.tanh(x / 5));
    for (const [row, value] of exact.entries()) expect(Math.log(network.std.data[row] as number)).toBeCloseTo(value, 5);
    const slopes = [...network.gradient.data].filter((_, index) => index % 2 === 1);
    expect(slopes[0]).toBe(1);
    expect(slopes.every((slope) => slope > 0)).toBe(true);
  });

  it("is what one of the options says", () => {
    const space = new BoxSpace(-1, 1);
    expect(() => headFor(space, { logStd: "learnt" as never })).toThrow(
      new ConfigurationError('logStd: "learnt" is not learned or network or fixed or annealed'),
    );
    expect(() => headFor(space, { actionDistribution: "beta" as never })).toThrow(ConfigurationError);
    expect(() => headFor(space, { initialLogStd: Number.NaN })).toThrow(ConfigurationError);
  });
});

it("a masked choice stays one where all that is allowed is out of float32's sight", () => {
  // exp of what is allowed, 300 below what is forbidden, would be 0.
  const logits = variable([BATCH, 3], Array(BATCH).fill([300, -300, -301]).flat());
  const mask = ops.zeros(engine, ops.uint8([BATCH, 3])).set(Array(BATCH).fill([0, 1, 1]).flat());
  const head = headFor(new Discrete(3)) as ActionHead<"int32">;
  const { value, gradients } = measure({ logits }, Array(BATCH).fill(1), () =>
    head.distribution(logits.tensor, mask).entropy(),
  );
  const p = 1 / (1 + Math.exp(-1));
  expectClose(value, Array(BATCH).fill(-p * Math.log(p) - (1 - p) * Math.log(1 - p)), 16);
  expect(gradients.logits?.every((x, index) => (index % 3 === 0 ? x === 0 : Number.isFinite(x)))).toBe(true);
  // The number next to 1 is the largest that is drawn.
  const uniforms = ops.zeros(engine, ops.float32([BATCH])).set([0, 0.5, p, 1 - 2 ** -24, 1 - 2 ** -24]);
  const drawn = ops.program(engine, {}, () => ({
    actions: ops.sampleCategorical(ops.logSoftmax(ops.where(mask, logits.tensor, Number.NEGATIVE_INFINITY)), uniforms),
  }));
  drawn.run();
  expect([...drawn.outputs.actions.data]).toEqual([1, 1, expect.any(Number), 2, 2]);
  expect(drawn.outputs.actions.data).not.toContain(0);
});
