// Programs: captured once, replayed with nothing allocated, in an arena whose places are shared.

import { describe, expect, it } from "vitest";
import { replayer } from "../../src/engine/code.ts";
import { wasm as strict } from "../../src/engine/generated/strict.ts";
import { ConfigurationError, Engine, ShapeError, Stream } from "../../src/engine/index.ts";
import { bytesOf } from "../../src/engine/kernel-text.ts";
import { constantInitializer, Parameters } from "../../src/nn/index.ts";
import {
  add,
  argmax,
  clamp,
  detach,
  exp,
  explainedVariance,
  float32,
  float64,
  gather,
  gaussianLogProb,
  generalizedAdvantages,
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
  Tensor,
  takeRows,
  tanh,
  toFloat32,
  uint8,
  uniform,
  zeros,
} from "../../src/tensor/index.ts";
import { constant, constants64 } from "../../src/tensor/tape.ts";

const engine = await Engine.create();
const other = await Engine.create();
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
    const double = program(engine, { x: float32([3]) }, ({ x }) => ({ y: multiply(x, 2) }));
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
    const plus = program(own, { x: float32([2]) }, ({ x }) => ({ y: add(x, 1) }));
    plus.inputs.x.set([1, 2]);
    plus.run();
    const { buffer } = own.memory;
    const large = zeros(own, float32([4_000_000]));
    expect(own.memory.buffer).not.toBe(buffer);
    expect([...plus.outputs.y.data]).toEqual([2, 3]);
    plus.inputs.x.set([3, 4]);
    plus.run();
    expect([...plus.outputs.y.data]).toEqual([4, 5]);
    expect(large.data.every((element) => element === 0)).toBe(true);
  });

  it("shares places among tensors that do not live at the same time", () => {
    const chain = (length: number) =>
      program(engine, { x: float32([256]) }, ({ x }) => ({ y: range(length).reduce((y) => tanh(y), x) })).arenaBytes;
    expect(chain(20)).toBe(chain(4));
  });

  it("does not disturb another program of the same engine", () => {
    const make = (factor: number) =>
      program(engine, { x: float32([64]) }, ({ x }) => ({ y: multiply(add(x, 1), factor) }));
    const [a, b] = [make(2), make(3)];
    a.inputs.x.set(range(64));
    b.inputs.x.set(range(64, 100));
    a.run();
    b.run();
    expect([...a.outputs.y.data]).toEqual(range(64).map((x) => 2 * (x + 1)));
    expect([...b.outputs.y.data]).toEqual(range(64).map((x) => 3 * (x + 101)));
  });

  it("computes nothing of nothing", () => {
    const none = program(engine, { x: float32([0, 3]), y: float32([1, 3]) }, ({ x, y }) => ({ sum: add(x, y) }));
    none.run();
    expect([none.outputs.sum.shape, none.outputs.sum.data.length]).toEqual([[0, 3], 0]);
  });

  it("leaves its inputs as they were given", () => {
    const both = program(engine, { a: float32([4, 4]), b: float32([4, 4]) }, ({ a, b }) => ({
      y: matmul(exp(a), exp(b)),
    }));
    both.inputs.a.set(range(16));
    both.inputs.b.set(range(16, 16).map((x) => -x));
    both.run();
    expect([...both.inputs.a.data]).toEqual(range(16));
    expect([...both.inputs.b.data]).toEqual(range(16, 16).map((x) => -x));
  });

  it("can return an input, and one tensor under two names", () => {
    const same = program(engine, { x: float32([2]) }, ({ x }) => {
      const y = add(x, 1);
      return { x, y, again: y };
    });
    same.inputs.x.set([1, 2]);
    same.run();
    expect([...same.outputs.x.data]).toEqual([1, 2]);
    expect([...same.outputs.again.data]).toEqual([2, 3]);
  });

  it("names its kernel calls in their order", () => {
    const { calls } = program(engine, { x: float32([2, 3]) }, ({ x }) => ({ y: sum(tanh(multiply(x, 2))) }));
    expect(calls.map(({ kernel }) => kernel)).toEqual(["multiply", "tanh", "sum"]);
  });

  it("keeps one constant for a number that stands in it twice, and others apart: by sign, shape and data type", () => {
    const signs = program(engine, { x: float32([1]) }, ({ x }) => ({
      zero: multiply(x, 0),
      negative: multiply(x, -0),
      again: multiply(x, 0),
    }));
    signs.inputs.x.set([1]);
    signs.run();
    const { zero, negative, again } = signs.outputs;
    expect([zero, negative, again].map((y) => Object.is(y.item(), -0))).toEqual([false, true, false]);
    const places = new Set(signs.calls.map(({ operands }) => (operands[1] as Tensor).address));
    expect(places.size).toBe(2);
    program(engine, {}, () => {
      const [scalar, vector, pair, double] = [constant(0.5), constant([0.5]), constant([0.5, 1]), constants64(0.5, 1)];
      expect(scalar).toBe(constant(0.5));
      // One number in float32.
      expect(constant(0.1)).toBe(constant(Math.fround(0.1)));
      expect(pair).toBe(constant([0.5, 1]));
      expect(double).toBe(constants64(0.5, 1));
      expect([scalar, vector, pair, double].map(({ shape, dtype }) => [shape, dtype])).toEqual([
        [[], "float32"],
        [[1], "float32"],
        [[2], "float32"],
        [[2], "float64"],
      ]);
      return {};
    });
  });

  it("prints one line a call, with shapes", () => {
    const { parameters, tensors } = makeParameters({ weight: [3, 2] });
    const printed = program(
      engine,
      { x: float32([4, 3]), rows: int32([2]) },
      ({ x, rows }) => {
        const taken = takeRows(x, rows);
        return { loss: mean(multiply(tanh(matmul(taken, tensors[0] as Tensor)), 0.5)), best: argmax(taken) };
      },
      { differentiate: parameters },
    );
    expect(String(printed).split("\n")).toEqual([
      "t1 [2, 3] = takeRows(x [4, 3], rows int32 [2], 2, 12)",
      "t2 [2, 2] = matmul(t1 [2, 3], weight [3, 2], 0, 2, 3, 2, 0, scratch)",
      "t3 [2, 2] = tanh(t2 [2, 2], 4)",
      "t4 [2, 2] = multiply(t3 [2, 2], 0.5 [], 1, 4, 0, 4, 0, 0)",
      "loss [] = mean(t4 [2, 2], 4)",
      "best int32 [2] = argmax(t1 [2, 3], 2, 3)",
      "t5 [] = multiply(1 [], 0.25 [], 1, 1, 0, 0, 0, 0)",
      "t6 [2, 2] = multiply(t5 [], 1 [], 1, 4, 0, 0, 0, 0)",
      "t7 [2, 2] = multiply(t6 [2, 2], 0.5 [], 1, 4, 0, 4, 0, 0)",
      "t8 [2, 2] = tanhAdjoint(t7 [2, 2], t3 [2, 2], 4)",
      "gradient of weight [3, 2] = matmulTN(t1 [2, 3], t8 [2, 2], 3, 2, 2, scratch)",
    ]);
  });

  it("prints no two tensors under one name, whatever they are called", () => {
    const printed = program(engine, { t1: float32([4]), scratch: float32([4]), stream: float32([4]) }, (inputs) => {
      const noise = normal(new Stream(engine, 1, "sampling"), [4]);
      const product = matmul(reshape(inputs.scratch, [2, 2]), reshape(inputs.stream, [2, 2]));
      const first = add(tanh(reshape(product, [4])), noise);
      return { y: multiply(multiply(first, 0), multiply(inputs.t1, -0)) };
    });
    expect(String(printed).split("\n")).toEqual([
      "t1 [4] = philoxNormal(stream, 4)",
      "t2 [2, 2] = matmul(scratch' [2, 2], stream' [2, 2], 0, 2, 2, 2, 0, scratch)",
      "t3 [4] = tanh(t2 [4], 4)",
      "t4 [4] = add(t3 [4], t1 [4], 1, 4, 0, 4, 0, 4)",
      "t5 [4] = multiply(t4 [4], 0 [], 1, 4, 0, 4, 0, 0)",
      "t6 [4] = multiply(t1' [4], -0 [], 1, 4, 0, 4, 0, 0)",
      "y [4] = multiply(t5 [4], t6 [4], 1, 4, 0, 4, 0, 4)",
    ]);
  });

  it("is data: another instance of the kernels replays its code over the same memory to the same bits", async () => {
    const own = await Engine.create();
    const { parameters, tensors } = makeParameters({ weight: [8, 8] }, own);
    tensors[0]?.set(range(64).map((x) => Math.sin(x)));
    const stream = new Stream(own, 5, "sampling");
    const train = program(
      own,
      { x: float32([16, 8]) },
      ({ x }) => ({ loss: mean(multiply(tanh(matmul(x, tensors[0] as Tensor)), normal(stream, [16, 8]))) }),
      { differentiate: parameters },
    );
    const results = () => [...train.outputs.loss.data, ...parameters.flatGradients.data];
    train.inputs.x.set(range(128).map((x) => Math.cos(x)));
    const drawn = stream.state();
    train.run();
    const expected = results();

    stream.restore(drawn);
    parameters.flatGradients.data.fill(9);
    train.outputs.loss.data.fill(9);
    // What a worker gets: the module, the memory, and names and integers.
    const posted = structuredClone(train.code);
    const bytes = bytesOf(strict);
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: own.memory as WebAssembly.Memory } });
    replayer(instance.exports as unknown as Engine["kernels"], posted)();
    expect(results()).toEqual(expected);
  });

  it("can be captured while another is being captured", () => {
    const outer = program(engine, { x: float32([2]) }, ({ x }) => {
      const y = add(x, 1);
      const inner = program(engine, { z: float32([2]) }, ({ z }) => ({ w: multiply(z, 10) }));
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

describe("memory", () => {
  /** After a collection, new tensors take whatever place is free. */
  async function reuse(on = engine): Promise<readonly Float32Array[]> {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
    return range(40).map(() => zeros(on, float32([256])).data.fill(99));
  }

  it("lives as long as the function that replays it, whatever else is dropped", async () => {
    const { run, outputs } = (() => {
      const table = zeros(engine, float32([256]));
      table.data.fill(5);
      const { parameters, tensors } = makeParameters({ w: [256] });
      tensors[0]?.data.fill(2);
      const stream = new Stream(engine, 3, "sampling");
      return program(
        engine,
        {},
        () => {
          const loss = sum(multiply(add(tensors[0] as Tensor, table), multiply(uniform(stream, [256]), 0)));
          return { loss: add(loss, sum(add(tensors[0] as Tensor, table))) };
        },
        { differentiate: parameters },
      );
    })();
    for (let round = 0; round < 5; round++) {
      const others = await reuse();
      run();
      expect(outputs.loss.item()).toBe(256 * 7);
      expect(others.every((data) => data.every((element) => element === 99))).toBe(true);
    }
  });

  it("lives as long as that function also where nothing that it writes is returned", async () => {
    const own = await Engine.create();
    const { run } = (() => {
      const stream = new Stream(own, 3, "sampling");
      return program(own, {}, () => {
        for (let draw = 0; draw < 4; draw++) uniform(stream, [256]);
        return {};
      });
    })();
    for (let round = 0; round < 5; round++) {
      const others = await reuse(own);
      run();
      expect(others.every((data) => data.every((element) => element === 99))).toBe(true);
    }
  });

  it("of parameters and gradients lives as long as any one of them", async () => {
    const own = await Engine.create();
    const [value, gradient] = (() => {
      const { parameters, tensors } = makeParameters({ w: [256] }, own);
      return [...tensors, ...parameters.gradients] as [Tensor, Tensor];
    })();
    value.data.fill(5);
    gradient.data.fill(6);
    for (let round = 0; round < 3; round++) await reuse(own);
    expect([...value.data, ...gradient.data]).toEqual([...Array(256).fill(5), ...Array(256).fill(6)]);
  });

  it("is as long as the elements of each data type are", () => {
    for (const make of [float32, int32, uint8, float64]) {
      const [tensor, next] = [zeros(engine, make([1000])), zeros(engine, make([1000]))];
      tensor.data.fill(1);
      next.data.fill(2);
      expect(tensor.data.every((element) => element === 1)).toBe(true);
      expect(tensor.storage.bytes).toBe(tensor.data.byteLength);
    }
  });

  it("of a product is large enough for all that its kernels put there", async () => {
    // The widest panels of the greatest depth, which are packed from 32 rows on.
    const [m, k, n] = [32, 256, 512];
    const own = await Engine.create();
    const product = program(own, { a: float32([m, k]), b: float32([k, n]) }, ({ a, b }) => ({ y: matmul(a, b) }));
    const after = zeros(own, float32([2 ** 18]));
    after.data.fill(99);
    for (const { data } of Object.values(product.inputs)) data.fill(1);
    product.run();
    expect(product.outputs.y.data.every((element) => element === k)).toBe(true);
    expect(after.data.every((element) => element === 99)).toBe(true);
  });

  it("is taken for no size that cannot be, and stays whole", async () => {
    const own = await Engine.create();
    const before = zeros(own, float32([16]));
    before.data.fill(1);
    for (const size of [-100, -1000, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => zeros(own, float32([size]))).toThrow(ShapeError);
      expect(() => own.allocate(size, {})).toThrow("cannot be allocated; it has to be an integer of at least 0");
    }
    const after = zeros(own, float32([16]));
    expect(after.address).toBeGreaterThanOrEqual(before.address + 64);
    expect(before.data.every((element) => element === 1)).toBe(true);
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

  it("goes through other shapes of a tensor", () => {
    const { parameters, tensors } = makeParameters({ w: [2, 3] });
    const turned = program(
      engine,
      { x: float32([6]) },
      ({ x }) => ({ loss: sum(multiply(reshape(tensors[0] as Tensor, [6]), x)) }),
      { differentiate: parameters },
    );
    turned.inputs.x.set(range(6));
    turned.run();
    expect([...(parameters.gradients[0]?.data ?? [])]).toEqual(range(6));
  });

  it("takes axes of size 1 for none, whichever operand repeats along the others", () => {
    const { parameters, tensors } = makeParameters({ whole: [2, 1, 3], row: [3], column: [2, 1, 1] });
    const [whole, row, column] = tensors as [Tensor, Tensor, Tensor];
    const product = program(engine, {}, () => ({ loss: sum(add(multiply(whole, row), multiply(whole, column))) }), {
      differentiate: parameters,
    });
    whole.set([1, 2, 3, 4, 5, 6]);
    row.set([10, 20, 30]);
    column.set([7, 8]);
    product.run();
    expect(product.outputs.loss.item()).toBe(10 + 40 + 90 + 40 + 100 + 180 + 7 * 6 + 8 * 15);
    expect(parameters.gradients.map(({ data }) => [...data])).toEqual([
      [17, 27, 37, 18, 28, 38],
      [1 + 4, 2 + 5, 3 + 6],
      [1 + 2 + 3, 4 + 5 + 6],
    ]);
  });

  it("gives two parameters a gradient that they share, each in its own place", () => {
    const { parameters, tensors } = makeParameters({ a: [3], b: [3] });
    const [a, b] = tensors as [(typeof tensors)[number], (typeof tensors)[number]];
    const total = program(engine, { w: float32([3]) }, ({ w }) => ({ loss: sum(multiply(add(a, b), w)) }), {
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

  it("writes a gradient where another reads what was there before, once that has been read", () => {
    const { parameters, tensors } = makeParameters({ q: [1], p: [1] });
    const [q, p] = tensors as [Tensor, Tensor];
    const [place] = parameters.gradients as [Tensor];
    q.set([2]);
    p.set([3]);
    // The factor of p is what lies in the place of q's gradient.
    const factor = new Tensor(engine, float32([1]), { storage: place.storage });
    const odd = program(engine, {}, () => ({ loss: add(sum(multiply(p, factor)), sum(multiply(q, q))) }), {
      differentiate: parameters,
    });
    place.set([7]);
    odd.run();
    expect(parameters.gradients.map((gradient) => gradient.item())).toEqual([4, 7]);
  });

  describe("is refused where a gradient would have to pass an operator without a derivative:", () => {
    type Body = (x: Tensor, given: { flags: Tensor<"uint8">; rows: Tensor<"int32"> }) => Tensor;
    const gae = (values: Tensor, rewards: Tensor, flags: Tensor<"uint8">, nextValues: Tensor) =>
      generalizedAdvantages(
        { rewards, values, terminated: flags, truncated: flags, finalValues: rewards },
        nextValues,
        { gamma: 0.9, gaeLambda: 0.9 },
      );
    const next = () => zeros(engine, float32([2]));
    const plain = () => zeros(engine, float32([3, 2]));
    const bodies: readonly [string, Body, string][] = [
      ["standardize", (x) => sum(multiply(standardize(x, 1e-8), x)), "standardize: it has no derivative by [3, 2]"],
      ["takeRows", (x, { rows }) => sum(takeRows(x, rows)), "takeRows: it has no derivative by [3, 2]"],
      ["explainedVariance", (x) => explainedVariance(plain(), x), "explainedVariance: it has no derivative by [3, 2]"],
      [
        "advantages, by values",
        (x, { flags }) => sum(gae(x, plain(), flags, next()).advantages),
        "gae: it has no derivative by [3, 2]",
      ],
      [
        "returns, by next values",
        (x, { flags }) => sum(gae(plain(), plain(), flags, sum(x, 0)).returns),
        "gae: it has no derivative by [2]",
      ],
      ["a bound of a clamp", (x) => sum(clamp(plain(), 0, mean(x))), "clamp: it has no derivative by []"],
    ];
    const capture = (body: Body) => {
      const { parameters, tensors } = makeParameters({ x: [3, 2] });
      return program(
        engine,
        { flags: uint8([3, 2]), rows: int32([2]) },
        (given) => ({ loss: body(tensors[0] as Tensor, given) }),
        { differentiate: parameters },
      );
    };

    it.each(bodies)("%s", (_, body, message) => {
      expect(() => capture(body)).toThrow(new ShapeError(`${message}; detach that`));
      // Without a gradient nothing is asked of it.
      const { tensors } = makeParameters({ x: [3, 2] });
      const x = tensors[0] as Tensor;
      const given = { flags: uint8([3, 2]), rows: int32([2]) };
      expect(() => program(engine, given, (inputs) => ({ y: body(x, inputs) }))).not.toThrow();
      // Nor where it is detached, and the loss depends on it.
      expect(() => capture((x, inputs) => add(body(detach(x), inputs), sum(x)))).not.toThrow();
    });

    it("not a comparison, which is a step, nor a choice", () => {
      const { parameters, tensors } = makeParameters({ x: [3, 2] });
      const x = (tensors[0] as Tensor).set([1, -1, 2, -2, 0, 5]);
      const loss = program(
        engine,
        {},
        () => ({ loss: sum(add(gather(x, argmax(x)), sum(multiply(x, greater(x, 0)), 1))) }),
        {
          differentiate: parameters,
        },
      );
      loss.run();
      expect([...(parameters.gradients[0]?.data ?? [])]).toEqual([2, 0, 2, 0, 0, 2]);
    });

    it("not what is detached, which is a constant to the loss", () => {
      const { parameters, tensors } = makeParameters({ x: [3] });
      const x = (tensors[0] as Tensor).set([1, 2, 3]);
      const loss = program(engine, {}, () => ({ loss: sum(multiply(x, detach(tanh(x)))) }), {
        differentiate: parameters,
      });
      loss.run();
      const tanhs = program(engine, {}, () => ({ y: tanh(x) }));
      tanhs.run();
      expect([...(parameters.gradients[0]?.data ?? [])]).toEqual([...tanhs.outputs.y.data]);
      expect([detach(x).requiresGradient, detach(x).data]).toEqual([false, x.data]);
    });
  });

  it("needs a loss, and a scalar one", () => {
    const { parameters, tensors } = makeParameters({ x: [2] });
    const [x] = tensors as [(typeof tensors)[number]];
    const differentiate = parameters;
    expect(() => program(engine, {}, () => ({ y: sum(x) }), { differentiate })).toThrow(
      new ShapeError('program: to differentiate, return the loss as an output named "loss"'),
    );
    expect(() => program(engine, {}, () => ({ loss: add(x, 1) }), { differentiate })).toThrow(
      new ShapeError("program: the loss is [2]; it has to be a scalar"),
    );
    const { parameters: rows, tensors: columns } = makeParameters({ w: [1, 3] });
    expect(() => program(engine, {}, () => ({ loss: argmax(columns[0] as Tensor) }), { differentiate: rows })).toThrow(
      new ShapeError("program: the loss is int32 [1]; it has to be a scalar"),
    );
  });
});

describe("the gradients of inputs", () => {
  it("are there where they are asked for, with or without parameters", () => {
    const { parameters, w } = (() => {
      const parameters = new Parameters(engine);
      const w = parameters.declare("w", [3], constantInitializer(2));
      parameters.initialize(new Stream(engine, 1, "initialization"));
      return { parameters, w };
    })();
    const inputs = { x: float32([2, 3]), y: float32([3]), n: int32([2]) };
    const body = ({ x, y }: { x: Tensor; y: Tensor }) => ({ loss: sum(multiply(multiply(x, x), multiply(w, y))) });
    const both = program(engine, inputs, body, { differentiate: parameters, inputGradients: ["x", "y"] });
    const [x, y] = [range(6, 1), [1, 10, 100]];
    both.inputs.x.set(x);
    both.inputs.y.set(y);
    for (let replay = 0; replay < 2; replay++) {
      both.run();
      expect([...(both.gradients.x as Tensor).data]).toEqual(x.map((element, i) => 4 * element * (y[i % 3] as number)));
      expect([...(both.gradients.y as Tensor).data]).toEqual([34, 58, 90]);
      expect([...parameters.flatGradients.data.subarray(0, 3)]).toEqual([17, 290, 4500]);
    }
    const alone = program(engine, inputs, body, { inputGradients: ["y"] });
    alone.inputs.x.set(x);
    alone.inputs.y.set(y);
    alone.run();
    expect(Object.keys(alone.gradients)).toEqual(["y"]);
    expect([...(alone.gradients.y as Tensor).data]).toEqual([34, 58, 90]);
    expect(program(engine, inputs, body).gradients).toEqual({});
  });

  it("are zero where the loss does not depend on the input", () => {
    const { inputs, gradients, run } = program(
      engine,
      { x: float32([2]), unused: float32([2]) },
      ({ x }) => ({ loss: sum(x) }),
      { inputGradients: ["unused", "x"] },
    );
    inputs.x.set([1, 2]);
    run();
    expect([...(gradients.unused as Tensor).data]).toEqual([0, 0]);
    expect([...(gradients.x as Tensor).data]).toEqual([1, 1]);
  });

  it("are refused for what is no input, or not of float32", () => {
    const of = (name: string) => () =>
      program(engine, { n: int32([2]), x: float32([2]) }, ({ x }) => ({ loss: sum(x) }), {
        inputGradients: [name as "x"],
      });
    expect(of("z")).toThrow(new ShapeError("program: inputGradients: z is no input"));
    expect(of("n")).toThrow(new ShapeError("program: inputGradients: n is not float32"));
    expect(of("x")).not.toThrow();
  });
});

describe("what nobody reads", () => {
  const kernels = (made: { calls: readonly { readonly kernel: string }[] }) => made.calls.map(({ kernel }) => kernel);

  it("is left out, with what only it needs", () => {
    const one = program(engine, { x: float32([4, 4]) }, ({ x }) => {
      matmul(tanh(x), x);
      return { y: add(exp(x), 1) };
    });
    expect(kernels(one)).toEqual(["exp", "add"]);
    one.inputs.x.set(range(16).map(() => 0));
    one.run();
    expect([...one.outputs.y.data]).toEqual(Array(16).fill(2));
  });

  it("runs once where two outputs share it, and goes where only one is asked for", () => {
    const trunk = (x: Tensor) => {
      const hidden = tanh(x);
      return { actor: exp(hidden), critic: sum(hidden) };
    };
    const x = float32([4]);
    expect(kernels(program(engine, { x }, (inputs) => trunk(inputs.x)))).toEqual(["tanh", "exp", "sum"]);
    expect(kernels(program(engine, { x }, (inputs) => ({ critic: trunk(inputs.x).critic })))).toEqual(["tanh", "sum"]);
  });

  it("stays where it moves a stream on, so that the numbers after it are the same", () => {
    const draws = (used: boolean) => {
      const stream = new Stream(engine, 4, "sampling");
      const draw = program(engine, {}, () => {
        const first = uniform(stream, [3]);
        return { second: uniform(stream, [3]), ...(used && { first }) };
      });
      draw.run();
      return [...draw.outputs.second.data];
    };
    expect(draws(false)).toEqual(draws(true));
  });

  it("stays where it writes a gradient, though the loss is no longer needed for it", () => {
    const { parameters, tensors } = makeParameters({ x: [2] });
    const linear = program(engine, {}, () => ({ loss: sum(multiply(tensors[0] as Tensor, 3)) }), {
      differentiate: parameters,
    });
    linear.run();
    expect([...(parameters.gradients[0]?.data ?? [])]).toEqual([3, 3]);
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
      zeros(engine, float32([8])).data.fill(0);
      draw.run();
      seen.add(draw.outputs.u.data[0] as number);
    }
    expect(seen.size).toBe(20);
  });
});

describe("statistics of whole tensors", () => {
  it("standardize to mean 0 and standard deviation 1", () => {
    const scale = program(engine, { x: float32([101]) }, ({ x }) => ({ y: standardize(x, 0) }));
    scale.inputs.x.set(range(101, 1000));
    scale.run();
    const y = [...scale.outputs.y.data];
    const center = y.reduce((total, value) => total + value, 0) / y.length;
    const variance = y.reduce((total, value) => total + (value - center) ** 2, 0) / (y.length - 1);
    expect(Math.abs(center)).toBeLessThan(2 ** -24);
    expect(Math.abs(variance - 1)).toBeLessThan(2 ** -22);
  });

  it("explain all of the variance, or none, or less than none", () => {
    const explain = program(engine, { prediction: float32([4]), target: float32([4]) }, ({ prediction, target }) => ({
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
      () => program(engine, { a: float32([64, 4]), b: float32([5, 64]) }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [64, 4] x [5, 64]: inner sizes 4 and 5 differ",
    ],
    [
      "a bias",
      () =>
        program(engine, { a: float32(x), w: float32([3, 4]), b: float32([3]) }, ({ a, w, b }) => ({
          y: linear(a, w, b),
        })),
      "linear: bias [3] for 4 outputs; it has to be [4]",
    ],
    [
      "a vector as a matrix",
      () => program(engine, { a: float32([3]), b: float32(x) }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [3] is not a matrix",
    ],
    [
      "two shapes",
      () => program(engine, { a: float32(x), b: float32([2, 4]) }, ({ a, b }) => ({ y: add(a, b) })),
      "add: [2, 3] and [2, 4] do not broadcast: sizes 3 and 4 differ",
    ],
    [
      "an inner size, the other way round",
      () => program(engine, { a: float32([64, 5]), b: float32([4, 64]) }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [64, 5] x [4, 64]: inner sizes 5 and 4 differ",
    ],
    [
      "a row of matrices as a matrix",
      () => program(engine, { a: float32([2, 3, 4]), b: float32([3, 4]) }, ({ a, b }) => ({ y: matmul(a, b) })),
      "matmul: [2, 3, 4] is not a matrix",
    ],
    [
      "indices to gather that are floats",
      () => program(engine, { a: float32(x), i: float32([2]) }, ({ a, i }) => ({ y: gather(a, i as never) })),
      "gather: [2] is float32, not int32",
    ],
    [
      "fewer predictions than targets",
      () => program(engine, { a: float32([2]), b: float32([5]) }, ({ a, b }) => ({ y: explainedVariance(a, b) })),
      "explainedVariance: [2] and [5] differ in size",
    ],
    [
      "a new shape",
      () => program(engine, { a: float32(x) }, ({ a }) => ({ y: reshape(a, [4]) })),
      "reshape: [2, 3] of 6 elements does not fit [4] of 4",
    ],
    [
      "rows of a scalar",
      () => program(engine, { a: float32([]), i: int32([2]) }, ({ a, i }) => ({ y: takeRows(a, i) })),
      "takeRows: a scalar has no rows",
    ],
    [
      "an index for each row",
      () => program(engine, { a: float32(x), i: int32([3]) }, ({ a, i }) => ({ y: gather(a, i) })),
      "gather: [3] for 2 rows; it has to be [2]",
    ],
    [
      "a number for each row",
      () => program(engine, { a: float32(x), u: float32([2, 1]) }, ({ a, u }) => ({ y: sampleCategorical(a, u) })),
      "sampleCategorical: [2, 1] for 2 rows; it has to be [2]",
    ],
    [
      "a softmax of a vector",
      () => program(engine, { a: float32([3]) }, ({ a }) => ({ y: logSoftmax(a) })),
      "logSoftmax: [3] is not a matrix",
    ],
    [
      "the arguments of a Gaussian",
      () =>
        program(engine, { m: float32(x), s: float32([2]), a: float32(x) }, ({ m, s, a }) => ({
          y: gaussianLogProb(m, s, a),
        })),
      "gaussianLogProb: mean, logStd and action are [2, 3], [2], [2, 3]; they have to be [batch, size], but for a logStd [size]",
    ],
    [
      "predictions",
      () => program(engine, { a: float32(x), b: float32([5]) }, ({ a, b }) => ({ y: explainedVariance(a, b) })),
      "explainedVariance: [2, 3] and [5] differ in size",
    ],
    [
      "a negative size",
      () => program(engine, { a: float32([-1]) }, ({ a }) => ({ a })),
      "shape [-1]: sizes are integers of 0 or more",
    ],
    [
      "an activation",
      () =>
        program(engine, { a: float32(x), w: float32([3, 4]), b: float32([4]) }, ({ a, w, b }) => ({
          y: linear(a, w, b, "gelu" as "tanh"),
        })),
      "linear: activation gelu; it has to be none or tanh or relu or elu or silu",
    ],
    [
      "a bound of a clamp",
      () => program(engine, { a: float32(x), low: float32([3]) }, ({ a, low }) => ({ y: clamp(a, low, 1) })),
      "clamp: a bound [3]; it has to be a scalar",
    ],
    [
      "where a part to copy begins",
      () => zeros(engine, float32([2])).copyFrom(zeros(engine, float32([6])), -1),
      "copyFrom: elements -1 to 1 of a float32 tensor [6] into float32",
    ],
    [
      "the data type of what is copied",
      () => zeros(engine, float32([2])).copyFrom(zeros(engine, int32([6])) as never),
      "copyFrom: elements 0 to 2 of a int32 tensor [6] into float32",
    ],
    [
      "a shape where a spec belongs",
      () => program(engine, { a: [2, 3] as never }, ({ a }) => ({ a })),
      "program: input a: [2,3] is not a spec, as float32([64, 4]) gives",
    ],
    [
      "an unknown data type",
      () => program(engine, { a: { shape: [2], dtype: "toString" } as never }, ({ a }) => ({ a })),
      'program: input a: {"shape":[2],"dtype":"toString"} is not a spec, as float32([64, 4]) gives',
    ],
    [
      "a tensor of another engine",
      () => program(engine, { a: float32(x) }, ({ a }) => ({ y: add(a, zeros(other, float32(x))) })),
      "add: a tensor [2, 3] of another engine; a program and all that it uses have to share one",
    ],
    [
      "a stream of another engine",
      () => program(engine, {}, () => ({ u: uniform(new Stream(other, 1, "sampling"), [2]) })),
      "philoxUniform: a stream of another engine; a program and all that it uses have to share one",
    ],
    [
      "a place for a gradient",
      () => {
        const { tensors } = makeParameters({ w: [2, 3] });
        const differentiate = { tensors, gradients: [zeros(engine, float32([2]))] };
        return program(engine, {}, () => ({ loss: sum(tensors[0] as Tensor) }), { differentiate });
      },
      "program: gradient 0 is [2], and its tensor [2, 3]",
    ],
    [
      "a place for a gradient that is not there",
      () => {
        const { tensors } = makeParameters({ w: [2, 3] });
        return program(engine, {}, () => ({ loss: sum(tensors[0] as Tensor) }), {
          differentiate: { tensors, gradients: [] },
        });
      },
      "program: gradient 0 is missing, and its tensor [2, 3]",
    ],
    [
      "the data type of a place for a gradient",
      () => {
        const { tensors } = makeParameters({ w: [2, 3] });
        const differentiate = { tensors, gradients: [zeros(engine, int32([2, 3])) as never] };
        return program(engine, {}, () => ({ loss: sum(tensors[0] as Tensor) }), { differentiate });
      },
      "program: gradient 0 is int32 [2, 3], and its tensor [2, 3]",
    ],
    [
      "a tensor of another engine, whose gradient is of this",
      () => {
        const { tensors } = makeParameters({ w: [2] }, other);
        const differentiate = { tensors, gradients: [zeros(engine, float32([2]))] };
        return program(engine, { a: float32(x) }, ({ a }) => ({ loss: sum(a) }), { differentiate });
      },
      "program: tensor 0 to differentiate, or its gradient, is of another engine",
    ],
    [
      "a place for a gradient in another engine",
      () => {
        const { tensors } = makeParameters({ w: [2] });
        const differentiate = { tensors, gradients: [zeros(other, float32([2]))] };
        return program(engine, {}, () => ({ loss: sum(tensors[0] as Tensor) }), { differentiate });
      },
      "program: tensor 0 to differentiate, or its gradient, is of another engine",
    ],
    [
      "one place for two gradients",
      () => {
        const { tensors, parameters } = makeParameters({ a: [2], b: [2] });
        const [gradient] = parameters.gradients as [Tensor];
        const differentiate = { tensors, gradients: [gradient, gradient] };
        return program(engine, {}, () => ({ loss: sum(tensors[0] as Tensor) }), { differentiate });
      },
      "program: two gradients have one place; each has to have its own",
    ],
    [
      "a tensor that asks for no gradient",
      () => {
        const [w, gradient] = [zeros(engine, float32([2])), zeros(engine, float32([2]))];
        const differentiate = { tensors: [w], gradients: [gradient] };
        return program(engine, {}, () => ({ loss: sum(w) }), { differentiate });
      },
      "program: tensor 0 to differentiate was not made with requiresGradient",
    ],
    [
      "parameters of another engine",
      () => {
        const { parameters } = makeParameters({ w: [2] }, other);
        return program(engine, { a: float32(x) }, ({ a }) => ({ loss: sum(a) }), { differentiate: parameters });
      },
      "program: tensor 0 to differentiate, or its gradient, is of another engine",
    ],
    [
      "parameters that are not there yet",
      () => {
        const w = new Parameters(engine).declare("w", [2], constantInitializer(1));
        return program(engine, {}, () => ({ y: exp(w) }));
      },
      "exp: the tensor w [2] has no elements; initialise parameters first, and return what another program is to use as an output",
    ],
    [
      "what another program computed on its way",
      () => {
        let inside = zeros(engine, float32([2]));
        program(engine, { a: float32([2]) }, ({ a }) => {
          inside = exp(a);
          return { y: sum(inside) };
        });
        return program(engine, {}, () => ({ inside }));
      },
      "program: the tensor [2] has no elements; initialise parameters first, and return what another program is to use as an output",
    ],
    [
      "a copy from another engine",
      () => zeros(engine, float32([2])).copyFrom(zeros(other, float32([2]))),
      "copyFrom: the source is a tensor of another engine",
    ],
    [
      "a mean of bytes",
      () => program(engine, { a: uint8(x) }, ({ a }) => ({ y: mean(a as never) })),
      "mean: uint8 [2, 3] is uint8, not float32",
    ],
    [
      "a sum of int32 and a number",
      () => program(engine, { a: int32(x) }, ({ a }) => ({ y: add(a as never, 1) })),
      "add: int32 [2, 3] is int32, not float32",
    ],
    [
      "indices that are floats",
      () => program(engine, { a: float32(x), i: float32([2]) }, ({ a, i }) => ({ y: takeRows(a, i as never) })),
      "takeRows: [2] is float32, not int32",
    ],
    [
      "bytes that are floats",
      () => program(engine, { a: float32(x) }, ({ a }) => ({ y: toFloat32(a as never) })),
      "toFloat32: [2, 3] is float32, not uint8",
    ],
    [
      "the data type of an input that is called as workspaces are printed",
      () => program(engine, { scratch: uint8(x) }, ({ scratch }) => ({ y: tanh(scratch as never) })),
      "tanh: uint8 [2, 3] is uint8, not float32",
    ],
    ...[undefined, null, 5, Promise.resolve({}), { y: 5 }, zeros(engine, float32([1]))].map(
      (nothing): [string, () => unknown, string] => [
        "what a body returns",
        () => program(engine, { a: float32(x) }, () => nothing as never),
        "program: its function has to return an object of tensors",
      ],
    ),
    [
      "a row",
      () => zeros(engine, float32([2, 3])).setRow(2, [1, 2, 3]),
      "setRow: 3 values as row 2 of a tensor [2, 3]",
    ],
    [
      "the length of a row",
      () => zeros(engine, float32([2, 3])).setRow(0, [1, 2]),
      "setRow: 2 values as row 0 of a tensor [2, 3]",
    ],
    ["the number of values", () => zeros(engine, float32(x)).set([1, 2]), "set: 2 values for a tensor [2, 3] of 6"],
    ["the one element", () => zeros(engine, float32(x)).item(), "item: a tensor [2, 3] has 6 elements, not 1"],
    [
      "a part to copy",
      () => zeros(engine, float32([4])).copyFrom(zeros(engine, float32([6])), 3),
      "copyFrom: elements 3 to 7 of a float32 tensor [6] into float32",
    ],
  ];

  it.each(wrong)("%s", (_, capture, message) => {
    expect(capture).toThrow(new ShapeError(message));
  });

  it("is said of operators called outside of a program", () => {
    expect(() => add(zeros(engine, float32([1])), 1)).toThrow(
      new ConfigurationError("an operator was called outside of a program: call it in the function given to program()"),
    );
  });

  it("is said of elements that nobody asked to keep", () => {
    let inside = zeros(engine, float32([1]));
    program(engine, { x: float32([2]) }, (inputs) => {
      inside = exp(inputs.x);
      expect(() => inside.data).toThrow(
        new ShapeError("tensor [2]: it has no elements before its program is captured; return it as an output"),
      );
      return { y: mean(inside) };
    });
    expect(() => inside.data).toThrow("return it as an output");
  });
});

describe("comparisons and choices", () => {
  it("greater is 1 or 0, and never for NaN", () => {
    const compare = program(engine, { a: float32([5]), b: float32([5]) }, ({ a, b }) => ({ y: greater(a, b) }));
    compare.inputs.a.set([1, 2, 3, Number.NaN, 0]);
    compare.inputs.b.set([2, 2, 2, 0, Number.NaN]);
    compare.run();
    expect([...compare.outputs.y.data]).toEqual([0, 0, 1, 0, 0]);
  });

  it("argmax is the first of the largest", () => {
    const choose = program(engine, { x: float32([3, 4]) }, ({ x }) => ({ y: argmax(x) }));
    choose.inputs.x.set([1, 5, 5, 2, -1, -2, -3, -4, 0, 0, 0, 0]);
    choose.run();
    expect([...choose.outputs.y.data]).toEqual([1, 0, 0]);
  });

  it("argmax is the first NaN of a row that has one, as NumPy's", () => {
    const choose = program(engine, { x: float32([6, 3]) }, ({ x }) => ({ y: argmax(x) }));
    const [N, I] = [Number.NaN, Number.POSITIVE_INFINITY];
    choose.inputs.x.set([N, 1, 2, 1, N, 2, 1, 2, N, N, N, N, I, N, I, -I, -I, -I]);
    choose.run();
    expect([...choose.outputs.y.data]).toEqual([0, 1, 2, 0, 1, 0]);
  });

  it("toFloat32 makes numbers of bytes", () => {
    const convert = program(engine, { x: uint8([5]) }, ({ x }) => ({ y: toFloat32(x) }));
    convert.inputs.x.set([0, 1, 127, 128, 255]);
    convert.run();
    expect([...convert.outputs.y.data]).toEqual([0, 1, 127, 128, 255]);
  });

  it("setRow and copyFrom know the width of their elements", () => {
    for (const make of [float32, int32, uint8, float64]) {
      const grid = zeros(engine, make([3, 2]))
        .setRow(1, [7, 8])
        .setRow(2, [9, 10]);
      expect([...grid.data]).toEqual([0, 0, 7, 8, 9, 10]);
      expect([...zeros(engine, make([3])).copyFrom(grid as never, 3).data]).toEqual([8, 9, 10]);
    }
  });

  it("takeRows takes rows of any data type, in any order, more than once", () => {
    const inputs = { x: float32([3, 2]), n: int32([3]), b: uint8([3, 3]), d: float64([3]), rows: int32([4]) };
    const take = program(engine, inputs, ({ x, n, b, d, rows }) => ({
      ...{ x: takeRows(x, rows), n: takeRows(n, rows), b: takeRows(b, rows), d: takeRows(d, rows) },
    }));
    take.inputs.b.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    take.inputs.d.set([0.1, 0.2, 0.3]);
    take.inputs.x.set([0, 1, 10, 11, 20, 21]);
    take.inputs.n.set([7, 8, 9]);
    take.inputs.rows.set([2, 0, 2, 1]);
    take.run();
    expect([...take.outputs.x.data]).toEqual([20, 21, 0, 1, 20, 21, 10, 11]);
    expect([...take.outputs.n.data]).toEqual([9, 7, 9, 8]);
    expect([...take.outputs.b.data]).toEqual([7, 8, 9, 1, 2, 3, 7, 8, 9, 4, 5, 6]);
    expect([...take.outputs.d.data]).toEqual([0.3, 0.1, 0.3, 0.2]);
  });
});
