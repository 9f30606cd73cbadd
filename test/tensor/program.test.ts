// Programs: captured once, replayed with nothing allocated, in an arena whose places are shared.

import { describe, expect, it } from "vitest";
import { Engine, ShapeError, Stream } from "../../src/engine/index.ts";
import { constantInitializer, Parameters } from "../../src/nn/index.ts";
import {
  add,
  argmax,
  divide,
  exp,
  explainedVariance,
  gather,
  gaussianLogProb,
  greater,
  int32,
  linear,
  logSoftmax,
  matmul,
  mean,
  multiply,
  normal,
  permutation,
  program,
  reshape,
  sampleCategorical,
  standardize,
  sum,
  takeRows,
  tanh,
  uniform,
  zeros,
} from "../../src/tensor/index.ts";

const engine = await Engine.create();
const range = (length: number, start = 0) => Array.from({ length }, (_, index) => start + index);

/** Parameters of these sizes, all zero. */
function makeParameters(sizes: Record<string, readonly number[]>, on = engine) {
  const parameters = new Parameters(on);
  const tensors = Object.entries(sizes).map(([name, shape]) => parameters.declare(name, shape, constantInitializer(0)));
  parameters.initialize(new Stream(on, 1, "initialization"));
  return { parameters, tensors };
}

describe("a program", () => {
  it("computes its outputs anew from its inputs at every replay", () => {
    const double = program(engine, { x: [3] }, ({ x }) => ({ y: multiply(x, 2) }));
    double.inputs.x.set([1, 2, 3]);
    double.run();
    expect([...double.outputs.y.data]).toEqual([2, 4, 6]);
    double.inputs.x.set([5, 6, 7]);
    double.run();
    double.run();
    expect([...double.outputs.y.data]).toEqual([10, 12, 14]);
  });

  it("keeps its results when the memory grows", async () => {
    const own = await Engine.create();
    const plus = program(own, { x: [2] }, ({ x }) => ({ y: add(x, 1) }));
    plus.inputs.x.set([1, 2]);
    plus.run();
    const { buffer } = own.memory;
    const large = zeros(own, [4_000_000]);
    expect(own.memory.buffer).not.toBe(buffer);
    expect([...plus.outputs.y.data]).toEqual([2, 3]);
    plus.inputs.x.set([3, 4]);
    plus.run();
    expect([...plus.outputs.y.data]).toEqual([4, 5]);
    expect(large.data.every((element) => element === 0)).toBe(true);
  });

  it("shares places among tensors that do not live at the same time", () => {
    const chain = (length: number) =>
      program(engine, { x: [256] }, ({ x }) => ({ y: range(length).reduce((y) => tanh(y), x) })).bytes;
    expect(chain(20)).toBe(chain(4));
  });

  it("does not disturb another program of the same engine", () => {
    const make = (factor: number) => program(engine, { x: [64] }, ({ x }) => ({ y: multiply(add(x, 1), factor) }));
    const [a, b] = [make(2), make(3)];
    a.inputs.x.set(range(64));
    b.inputs.x.set(range(64, 100));
    a.run();
    b.run();
    expect([...a.outputs.y.data]).toEqual(range(64).map((x) => 2 * (x + 1)));
    expect([...b.outputs.y.data]).toEqual(range(64).map((x) => 3 * (x + 101)));
  });

  it("leaves its inputs as they were given", () => {
    const both = program(engine, { a: [4, 4], b: [4, 4] }, ({ a, b }) => ({ y: matmul(exp(a), exp(b)) }));
    both.inputs.a.set(range(16));
    both.inputs.b.set(range(16, 16).map((x) => -x));
    both.run();
    expect([...both.inputs.a.data]).toEqual(range(16));
    expect([...both.inputs.b.data]).toEqual(range(16, 16).map((x) => -x));
  });

  it("can return an input, and one tensor under two names", () => {
    const same = program(engine, { x: [2] }, ({ x }) => {
      const y = add(x, 1);
      return { x, y, again: y };
    });
    same.inputs.x.set([1, 2]);
    same.run();
    expect([...same.outputs.x.data]).toEqual([1, 2]);
    expect([...same.outputs.again.data]).toEqual([2, 3]);
  });

  it("names its kernel calls in their order", () => {
    const { kernels } = program(engine, { x: [2, 3] }, ({ x }) => ({ y: sum(tanh(multiply(x, 2))) }));
    expect(kernels).toEqual(["multiply", "tanh", "sum"]);
  });

  it("can be captured while another is being captured", () => {
    const outer = program(engine, { x: [2] }, ({ x }) => {
      const y = add(x, 1);
      const inner = program(engine, { z: [2] }, ({ z }) => ({ w: multiply(z, 10) }));
      inner.inputs.z.set([1, 2]);
      inner.run();
      expect([...inner.outputs.w.data]).toEqual([10, 20]);
      return { y: add(y, 1) };
    });
    outer.inputs.x.set([0, 1]);
    outer.run();
    expect([...outer.outputs.y.data]).toEqual([2, 3]);
  });
});

describe("differentiating", () => {
  it("adds the gradients of a tensor that was used several times", () => {
    const { parameters, tensors } = makeParameters({ x: [3] });
    const [x] = tensors as [(typeof tensors)[number]];
    x.set([1, 2, 3]);
    const cube = program(engine, {}, () => ({ loss: sum(multiply(multiply(x, x), x)) }), { differentiate: parameters });
    cube.run();
    cube.run();
    expect([...(parameters.gradients[0]?.data ?? [])]).toEqual([3, 12, 27]);
  });

  it("gives two parameters a gradient that they share, each in its own place", () => {
    const { parameters, tensors } = makeParameters({ a: [3], b: [3] });
    const [a, b] = tensors as [(typeof tensors)[number], (typeof tensors)[number]];
    const total = program(engine, { w: [3] }, ({ w }) => ({ loss: sum(multiply(add(a, b), w)) }), {
      differentiate: parameters,
    });
    total.inputs.w.set([1, 2, 3]);
    total.run();
    expect(parameters.gradients.map(({ data }) => [...data])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("writes zeros for a parameter that the loss does not depend on", () => {
    const { parameters, tensors } = makeParameters({ used: [2], unused: [2] });
    parameters.gradients[1]?.data.fill(7);
    const loss = program(engine, {}, () => ({ loss: sum(tensors[0] as (typeof tensors)[number]) }), {
      differentiate: parameters,
    });
    loss.run();
    expect(parameters.gradients.map(({ data }) => [...data])).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it("gives the loss itself a gradient of 1 where it is a parameter", () => {
    const { parameters, tensors } = makeParameters({ x: [] });
    const loss = program(engine, {}, () => ({ loss: tensors[0] as (typeof tensors)[number] }), {
      differentiate: parameters,
    });
    loss.run();
    expect(parameters.gradients[0]?.item()).toBe(1);
  });

  it("needs a loss, and a scalar one", () => {
    const { parameters, tensors } = makeParameters({ x: [2] });
    const [x] = tensors as [(typeof tensors)[number]];
    const differentiate = parameters;
    expect(() => program(engine, {}, () => ({ y: sum(x) }), { differentiate })).toThrow(
      new ShapeError('program: to differentiate, return the loss as an output named "loss"'),
    );
    expect(() => program(engine, {}, () => ({ loss: add(x, 1) }), { differentiate })).toThrow(
      new ShapeError("program: the loss has shape [2]; it has to be a scalar"),
    );
  });
});

describe("random operators", () => {
  it("draw the next numbers at each replay, the same from the same seed", () => {
    const draws = () => {
      const stream = new Stream(engine, 3, "sampling");
      const draw = program(engine, {}, () => ({ u: uniform(stream, [5]), n: normal(stream, [3]) }));
      return [0, 1].map(() => {
        draw.run();
        return [...draw.outputs.u.data, ...draw.outputs.n.data];
      });
    };
    const [first, second] = draws();
    expect(first).not.toEqual(second);
    expect(draws()).toEqual([first, second]);
  });

  it("permute all numbers", () => {
    const stream = new Stream(engine, 3, "shuffling");
    const shuffle = program(engine, {}, () => ({ order: permutation(stream, 100) }));
    shuffle.run();
    const first = [...shuffle.outputs.order.data];
    shuffle.run();
    expect([...shuffle.outputs.order.data]).not.toEqual(first);
    expect(first.toSorted((a, b) => a - b)).toEqual(range(100));
  });

  it("keep their stream alive with the program", async () => {
    const draw = (() => {
      const stream = new Stream(engine, 9, "sampling");
      return program(engine, {}, () => ({ u: uniform(stream, [4]) }));
    })();
    const seen = new Set<number>();
    for (let replay = 0; replay < 20; replay++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 1));
      zeros(engine, [8]).data.fill(0);
      draw.run();
      seen.add(draw.outputs.u.data[0] as number);
    }
    expect(seen.size).toBe(20);
  });
});

describe("statistics of whole tensors", () => {
  it("standardize to mean 0 and standard deviation 1", () => {
    const scale = program(engine, { x: [101] }, ({ x }) => ({ y: standardize(x, 0) }));
    scale.inputs.x.set(range(101, 1000));
    scale.run();
    const y = [...scale.outputs.y.data];
    const center = y.reduce((total, value) => total + value, 0) / y.length;
    const variance = y.reduce((total, value) => total + (value - center) ** 2, 0) / (y.length - 1);
    expect(Math.abs(center)).toBeLessThan(2 ** -24);
    expect(Math.abs(variance - 1)).toBeLessThan(2 ** -22);
  });

  it("explain all of the variance, or none, or less than none", () => {
    const explain = program(engine, { prediction: [4], target: [4] }, ({ prediction, target }) => ({
      share: explainedVariance(prediction, target),
    }));
    const share = (prediction: readonly number[], target: readonly number[]) => {
      explain.inputs.prediction.set(prediction);
      explain.inputs.target.set(target);
      explain.run();
      return explain.outputs.share.item();
    };
    expect(share([1, 2, 3, 4], [2, 3, 4, 5])).toBe(1);
    expect(share([0, 0, 0, 0], [1, 2, 3, 4])).toBe(0);
    expect(share([4, 3, 2, 1], [1, 2, 3, 4])).toBe(-3);
    expect(share([1, 2, 3, 4], [5, 5, 5, 5])).toBeNaN();
  });
});

describe("what does not fit", () => {
  const x = [2, 3] as const;
  const wrong: readonly [string, () => unknown, string][] = [
    [
      "an inner size",
      () => program(engine, { a: [64, 4], b: [5, 64] }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [64, 4] x [5, 64]: inner sizes 4 and 5 differ",
    ],
    [
      "a bias",
      () => program(engine, { a: x, w: [3, 4], b: [3] }, ({ a, w, b }) => ({ y: linear(a, w, b) })),
      "linear: bias [3] for 4 outputs; it has to be [4]",
    ],
    [
      "a vector as a matrix",
      () => program(engine, { a: [3], b: x }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [3] is not a matrix",
    ],
    [
      "two shapes",
      () => program(engine, { a: x, b: [2, 4] }, ({ a, b }) => ({ y: add(a, b) })),
      "add: [2, 3] and [2, 4] do not broadcast: sizes 3 and 4 differ",
    ],
    [
      "three ways to repeat",
      () => program(engine, { a: [2, 1, 3, 1], b: [1, 4, 1, 5] }, ({ a, b }) => ({ y: divide(a, b) })),
      "divide: [2, 1, 3, 1] and [1, 4, 1, 5] broadcast along more than two groups of axes; reshape them first",
    ],
    [
      "a new shape",
      () => program(engine, { a: x }, ({ a }) => ({ y: reshape(a, [4]) })),
      "reshape: [2, 3] of 6 elements does not fit [4] of 4",
    ],
    [
      "rows of a scalar",
      () => program(engine, { a: [], i: int32([2]) }, ({ a, i }) => ({ y: takeRows(a, i) })),
      "takeRows: a scalar has no rows",
    ],
    [
      "an index for each row",
      () => program(engine, { a: x, i: int32([3]) }, ({ a, i }) => ({ y: gather(a, i) })),
      "gather: [3] for 2 rows; it has to be [2]",
    ],
    [
      "a number for each row",
      () => program(engine, { a: x, u: [2, 1] }, ({ a, u }) => ({ y: sampleCategorical(a, u) })),
      "sampleCategorical: [2, 1] for 2 rows; it has to be [2]",
    ],
    [
      "a softmax of a vector",
      () => program(engine, { a: [3] }, ({ a }) => ({ y: logSoftmax(a) })),
      "logSoftmax: [3] is not a matrix",
    ],
    [
      "an axis of a vector",
      () => program(engine, { a: [3] }, ({ a }) => ({ y: sum(a, 0) })),
      "sum: [3] is not a matrix",
    ],
    [
      "the arguments of a Gaussian",
      () => program(engine, { m: x, s: [2], a: x }, ({ m, s, a }) => ({ y: gaussianLogProb(m, s, a) })),
      "gaussianLogProb: mean, logStd and action are [2, 3], [2], [2, 3]; they have to be [batch, size], [size], [batch, size]",
    ],
    [
      "predictions",
      () => program(engine, { a: x, b: [5] }, ({ a, b }) => ({ y: explainedVariance(a, b) })),
      "explainedVariance: [2, 3] and [5] differ in size",
    ],
    [
      "a negative size",
      () => program(engine, { a: [-1] }, ({ a }) => ({ a })),
      "shape [-1]: sizes are integers of 0 or more",
    ],
    ["the number of values", () => zeros(engine, x).set([1, 2]), "set: 2 values for a tensor [2, 3] of 6"],
    ["the one element", () => zeros(engine, x).item(), "item: a tensor [2, 3] has 6 elements, not 1"],
    [
      "a part to copy",
      () => zeros(engine, [4]).copyFrom(zeros(engine, [6]), 3),
      "copyFrom: elements 3 to 7 of a float32 tensor [6] into float32",
    ],
  ];

  it.each(wrong)("%s", (_, capture, message) => {
    expect(capture).toThrow(new ShapeError(message));
  });

  it("is said of operators called outside of a program", () => {
    expect(() => add(zeros(engine, [1]), 1)).toThrow(
      "an operator was called outside of a program: call it in the function given to program()",
    );
  });

  it("is said of elements that nobody asked to keep", () => {
    let inside = zeros(engine, [1]);
    program(engine, { x: [2] }, (inputs) => {
      inside = exp(inputs.x);
      expect(() => inside.data).toThrow(
        new ShapeError("tensor [2]: it has no elements before its program is captured; return it as an output"),
      );
      return { y: mean(inside) };
    });
  });
});

describe("comparisons and choices", () => {
  it("greater is 1 or 0, and never for NaN", () => {
    const compare = program(engine, { a: [5], b: [5] }, ({ a, b }) => ({ y: greater(a, b) }));
    compare.inputs.a.set([1, 2, 3, Number.NaN, 0]);
    compare.inputs.b.set([2, 2, 2, 0, Number.NaN]);
    compare.run();
    expect([...compare.outputs.y.data]).toEqual([0, 0, 1, 0, 0]);
  });

  it("argmax is the first of the largest", () => {
    const choose = program(engine, { x: [3, 4] }, ({ x }) => ({ y: argmax(x) }));
    choose.inputs.x.set([1, 5, 5, 2, -1, -2, -3, -4, 0, 0, 0, 0]);
    choose.run();
    expect([...choose.outputs.y.data]).toEqual([1, 0, 0]);
  });

  it("takeRows takes rows of either data type, in any order, more than once", () => {
    const take = program(engine, { x: [3, 2], n: int32([3]), rows: int32([4]) }, ({ x, n, rows }) => ({
      x: takeRows(x, rows),
      n: takeRows(n, rows),
    }));
    take.inputs.x.set([0, 1, 10, 11, 20, 21]);
    take.inputs.n.set([7, 8, 9]);
    take.inputs.rows.set([2, 0, 2, 1]);
    take.run();
    expect([...take.outputs.x.data]).toEqual([20, 21, 0, 1, 20, 21, 10, 11]);
    expect([...take.outputs.n.data]).toEqual([9, 7, 9, 8]);
  });
});
