// Parameters in one buffer, initialisers, layers, and distributions.

import { describe, expect, it, vi } from "vitest";
import {
  ConfigurationError,
  Engine,
  FileFormatError,
  NonFiniteError,
  ShapeError,
  Stream,
} from "../../src/engine/index.ts";
import {
  Categorical,
  constantInitializer,
  DiagonalGaussian,
  Linear,
  MLP,
  orthogonal,
  Parameters,
} from "../../src/nn/index.ts";
import { float32, float64, int32, program, type Tensor, zeros } from "../../src/tensor/index.ts";

const engine = await Engine.create();
const stream = () => new Stream(engine, 11, "initialization");

describe("orthogonal", () => {
  const make = (shape: readonly number[], gain = 1) => {
    const parameters = new Parameters(engine);
    const tensor = parameters.declare("w", shape, orthogonal(gain));
    parameters.initialize(stream());
    return tensor.data.slice();
  };
  /** The product of every two of the `count` vectors: rows where they are the shorter side, else columns. */
  function worstProduct(matrix: Float32Array, rows: number, columns: number, gain: number): number {
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const at = (vector: number, element: number) =>
      matrix[rows >= columns ? element * columns + vector : vector * columns + element] as number;
    let worst = 0;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let element = 0; element < length; element++) product += at(a, element) * at(b, element);
        worst = Math.max(worst, Math.abs(product - (a === b ? gain * gain : 0)));
      }
    }
    return worst;
  }

  it.each([
    [4, 64, Math.SQRT2],
    [64, 64, Math.SQRT2],
    [64, 2, 0.01],
    [64, 1, 1],
    [1, 1, 1],
    [3, 5, 1],
  ])("makes [%i, %i] with gain %f", (rows, columns, gain) => {
    // Rounding to float32 moves a vector's elements by 2^-24 of themselves at most, and so a product by twice that.
    expect(worstProduct(make([rows, columns], gain), rows, columns, gain)).toBeLessThanOrEqual(gain * gain * 2 ** -23);
  });

  it("is the same from the same seed, and spread over both signs", () => {
    const matrix = make([64, 64]);
    expect(make([64, 64])).toEqual(matrix);
    const positive = matrix.filter((x) => x > 0).length;
    // Five standard deviations of 4,096 coins.
    expect(Math.abs(positive - 2048)).toBeLessThan(5 * 32);
  });

  it("is orthogonal to the last bit also where the vectors that were drawn hardly differ", () => {
    const drawn = Float32Array.of(0.3, -0.7, 0.2, 0, 0.3, -0.7, 0.2, 2 ** -60);
    // Where the normals come from.
    const philoxNormal = (address: number) => engine.view("float32", address, 8).set(drawn);
    const loaded = {
      memory: engine.memory,
      kernels: { philoxNormal },
      allocate: engine.allocate.bind(engine),
      view: engine.view.bind(engine),
    } as unknown as Engine;
    const parameter = zeros(loaded, float32([4, 2]));
    orthogonal(1)(parameter, stream());
    expect(worstProduct(parameter.data, 4, 2, 1)).toBeLessThanOrEqual(2 ** -23);
  });

  it("is for matrices", () => {
    const parameters = new Parameters(engine);
    parameters.declare("b", [4], orthogonal(1));
    expect(() => parameters.initialize(stream())).toThrow(new ShapeError("orthogonal: [4] is not a matrix"));
  });
});

describe("parameters", () => {
  function declare() {
    const parameters = new Parameters(engine);
    const a = parameters.declare("a", [3, 5], constantInitializer(2));
    const b = parameters.declare("b", [7], constantInitializer(-1));
    parameters.initialize(stream());
    return { parameters, a, b };
  }

  it("lie in one buffer, each at a cache line, with zeros between them", () => {
    const { parameters, a, b } = declare();
    expect(parameters.flatValues.shape).toEqual([32]);
    expect([...parameters.flatValues.data]).toEqual([
      ...Array(15).fill(2),
      0,
      ...Array(7).fill(-1),
      ...Array(9).fill(0),
    ]);
    expect([a.address, b.address].map((address) => address % 64)).toEqual([0, 0]);
    expect(b.address - a.address).toBe(64);
    expect(parameters.count).toBe(22);
    expect(parameters.names).toEqual(["a", "b"]);
  });

  it("come back by name into a buffer of the same layout", () => {
    const { parameters, b } = declare();
    const saved = parameters.state();
    const { a } = saved;
    parameters.flatValues.data.fill(9);
    parameters.restore({ b: saved.b, a });
    expect([...b.data]).toEqual(Array(7).fill(-1));
    const refused = (state: unknown, message: string) => {
      expect(() => parameters.restore(state)).toThrow(new FileFormatError(message));
      expect(parameters.state()).toEqual(saved);
    };
    refused({ b: saved.b }, "a is missing");
    refused({ ...saved, c: a }, "there is no field c; there are: a, b");
    refused({ a, b: { ...saved.b, shape: [8] } }, "b: a tensor [8] is not a tensor [7] of finite numbers");
    refused(
      { a, b: { shape: [7], data: new Int32Array(7) } },
      "b: a tensor int32 [7] is not a tensor [7] of finite numbers",
    );
    const short = { shape: [7], data: Float32Array.of(1) };
    refused({ a, b: short }, "b: a tensor [7] is not a tensor [7] of finite numbers");
    const infinite = { shape: [7], data: new Float32Array(7).fill(Number.POSITIVE_INFINITY) };
    refused({ a, b: infinite }, "b: a tensor [7] is not a tensor [7] of finite numbers");
    refused(undefined, "undefined is not a state");
  });

  it("begin with a state, and take no memory for one that is refused", async () => {
    const own = await Engine.create();
    const allocate = vi.spyOn(own, "allocate");
    const parameters = new Parameters(own);
    const w = parameters.declare("w", [2], constantInitializer(1));
    expect(() => parameters.initializeFrom({})).toThrow(new FileFormatError("w is missing"));
    expect(allocate).not.toHaveBeenCalled();
    parameters.initializeFrom({ w: { shape: [2], data: Float32Array.of(3, 4) } });
    expect([...w.data]).toEqual([3, 4]);
  });

  it("have names of their own, and are laid out once", () => {
    const { parameters } = declare();
    expect(() => parameters.initialize(stream())).toThrow(
      new ConfigurationError("parameters: they were initialised before"),
    );
    const twice = new Parameters(engine);
    twice.declare("a", [1], constantInitializer(0));
    expect(() => twice.declare("a", [2], constantInitializer(0))).toThrow(
      new ConfigurationError("parameter a: there is another of this name"),
    );
  });

  it("are saved with buffers, which are not learnt and have no moments", () => {
    const parameters = new Parameters(engine);
    const moments = parameters.buffer("moments", float64([2]), 0.1);
    parameters.declare("w", [2], constantInitializer(1));
    expect(() => parameters.declare("moments", [1], constantInitializer(0))).toThrow(
      new ConfigurationError("parameter moments: there is another of this name"),
    );
    parameters.initialize(stream());
    expect([...moments.data]).toEqual([0.1, 0.1]);
    expect(parameters.named().map(({ name }) => name)).toEqual(["w", "moments"]);
    expect(parameters.named(parameters.flatGradients).map(({ name }) => name)).toEqual(["w"]);
    expect([parameters.names, parameters.count, parameters.tensors.length]).toEqual([["w"], 2, 1]);
    const saved = parameters.state();
    moments.data.fill(3);
    parameters.restore(saved);
    expect([...moments.data]).toEqual([0.1, 0.1]);
    expect(() => parameters.restore({ ...saved, moments: { shape: [2], data: new Float32Array(2) } })).toThrow(
      new FileFormatError("moments: a tensor [2] is not a tensor float64 [2] of finite numbers"),
    );
    moments.data[1] = Number.NaN;
    expect(() => parameters.state()).toThrow(new NonFiniteError("value of moments[1] is NaN"));
    // Those of the optimiser's moments are the parameters alone.
    expect(Object.keys(parameters.state(parameters.flatGradients))).toEqual(["w"]);
    expect(Object.keys(parameters.check({ w: saved.w }, parameters.flatGradients))).toEqual(["w"]);
  });

  it("are declared before they are laid out", () => {
    const { parameters } = declare();
    expect(() => parameters.declare("c", [1], constantInitializer(0))).toThrow(
      new ConfigurationError("parameter c: declared after the parameters were initialised"),
    );
    expect(() => new Parameters(engine).flatValues).toThrow(
      new ConfigurationError("parameters: initialize() has not run"),
    );
  });
});

describe("layers", () => {
  it("compute activation(x · weight + bias), one after the other", () => {
    const parameters = new Parameters(engine);
    const mlp = new MLP(parameters, "net", [2, 2, 1], { activation: "relu" });
    parameters.initialize(stream());
    const values: Record<string, number[]> = {
      "net.0.weight": [1, -1, 2, 1],
      "net.0.bias": [0.5, 0],
      "net.1.weight": [3, 5],
      "net.1.bias": [-1],
    };
    for (const [index, name] of parameters.names.entries()) parameters.tensors[index]?.set(values[name] as number[]);
    const net = program(engine, { x: float32([2, 2]) }, ({ x }) => ({ y: mlp.forward(x) }));
    net.inputs.x.set([1, 2, -1, 0]);
    net.run();
    // [1 + 4 + 0.5, -1 + 2] = [5.5, 1]; [-1 + 0.5, 1] = [0, 1] after relu
    expect([...net.outputs.y.data]).toEqual([3 * 5.5 + 5 - 1, 5 - 1]);
  });

  it("start with gain √2 in the hidden layers and the gain asked for in the last, biases at 0", () => {
    const parameters = new Parameters(engine);
    const mlp = new MLP(parameters, "net", [4, 16, 3], { outputGain: 0.01 });
    parameters.initialize(stream());
    const norm = ({ weight }: Linear) => Math.sqrt(weight.data.reduce((sum, x) => sum + x * x, 0));
    const [hidden, last] = mlp.layers as [Linear, Linear];
    expect(norm(hidden)).toBeCloseTo(Math.SQRT2 * Math.sqrt(4), 5);
    expect(norm(last)).toBeCloseTo(0.01 * Math.sqrt(3), 7);
    expect([hidden, last].flatMap(({ bias }) => [...bias.data])).toEqual(Array(19).fill(0));
    expect([hidden.activation, last.activation]).toEqual(["tanh", "none"]);
  });

  it("start with gain 1 in the last layer and √2 in one of its own, unless another is asked for", () => {
    const parameters = new Parameters(engine);
    const { layers } = new MLP(parameters, "net", [4, 3]);
    const single = new Linear(parameters, "single", 4, 3);
    parameters.initialize(stream());
    const squares = ({ weight }: Linear) => weight.data.reduce((sum, x) => sum + x * x, 0);
    expect(squares(layers[0] as Linear)).toBeCloseTo(3, 5);
    expect(squares(single)).toBeCloseTo(2 * 3, 5);
  });

  it("need inputs and outputs", () => {
    expect(() => new MLP(new Parameters(engine), "net", [4])).toThrow(
      new ConfigurationError("MLP net: sizes [4]; it needs inputs and outputs"),
    );
  });
});

describe("a categorical distribution", () => {
  const probabilities = [0.1, 0, 0.6, 0.3];

  it("draws what it says, and never what cannot be", () => {
    const draws = new Stream(engine, 1, "sampling");
    const rows = 20_000;
    const draw = program(engine, { logits: float32([rows, 4]) }, ({ logits }) => {
      const distribution = new Categorical(logits);
      const actions = distribution.sample(draws);
      return { actions, logProbs: distribution.logProb(actions), mode: distribution.mode() };
    });
    draw.inputs.logits.set(Array.from({ length: rows }, () => probabilities.map(Math.log)).flat());
    draw.run();
    const counts = [0, 0, 0, 0];
    for (const action of draw.outputs.actions.data) counts[action] = (counts[action] as number) + 1;
    for (const [action, p] of probabilities.entries()) {
      // Five standard deviations of a binomial count: 0 where the probability is.
      expect(Math.abs((counts[action] as number) - rows * p)).toBeLessThanOrEqual(5 * Math.sqrt(rows * p * (1 - p)));
    }
    const [action, logProb] = [draw.outputs.actions.data[0] as number, draw.outputs.logProbs.data[0] as number];
    expect(logProb).toBeCloseTo(Math.log(probabilities[action] as number), 6);
    expect(draw.outputs.mode.data.every((mode) => mode === 2)).toBe(true);
  });

  it("has the entropy of its probabilities, a choice that cannot be adding nothing", () => {
    const measure = program(engine, { logits: float32([2, 4]) }, ({ logits }) => ({
      entropy: new Categorical(logits).entropy(),
    }));
    measure.inputs.logits.set([...probabilities.map(Math.log), 0, 0, 0, 0]);
    measure.run();
    const exact = -probabilities.filter((p) => p > 0).reduce((sum, p) => sum + p * Math.log(p), 0);
    const [first, second] = [...measure.outputs.entropy.data] as [number, number];
    expect(first).toBeCloseTo(exact, 6);
    expect(second).toBeCloseTo(Math.log(4), 6);
  });
});

describe("a diagonal Gaussian", () => {
  it("draws with its mean and standard deviation, and knows the density of what it drew", () => {
    const draws = new Stream(engine, 1, "sampling");
    const rows = 20_000;
    const draw = program(engine, { mean: float32([rows, 2]), logStd: float32([2]) }, ({ mean, logStd }) => {
      const distribution = new DiagonalGaussian(mean, logStd);
      const actions = distribution.sample(draws);
      return {
        actions,
        logProbs: distribution.logProb(actions),
        entropy: distribution.entropy(),
        mode: distribution.mode(),
      };
    });
    draw.inputs.mean.set(Array.from({ length: 2 * rows }, (_, index) => (index % 2 === 0 ? 3 : -1)));
    draw.inputs.logStd.set([Math.log(2), Math.log(0.5)]);
    draw.run();
    const column = (data: Float32Array, offset: number) => [...data].filter((_, index) => index % 2 === offset);
    for (const [offset, { center, std }] of [
      { center: 3, std: 2 },
      { center: -1, std: 0.5 },
    ].entries()) {
      const sample = column(draw.outputs.actions.data, offset);
      const mean = sample.reduce((sum, x) => sum + x, 0) / rows;
      const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows;
      // Five standard errors each.
      expect(Math.abs(mean - center)).toBeLessThan((5 * std) / Math.sqrt(rows));
      expect(Math.abs(variance - std * std)).toBeLessThan(5 * std * std * Math.sqrt(2 / rows));
    }
    const [a, b] = [...draw.outputs.actions.data] as [number, number];
    const density = -((a - 3) ** 2) / 8 - Math.log(2) - (b + 1) ** 2 / 0.5 - Math.log(0.5) - Math.log(2 * Math.PI);
    expect(draw.outputs.logProbs.data[0]).toBeCloseTo(density, 5);
    expect(draw.outputs.entropy.item()).toBeCloseTo(Math.log(2) + Math.log(0.5) + Math.log(2 * Math.PI * Math.E), 5);
    expect(draw.outputs.mode.data.slice(0, 2)).toEqual(Float32Array.of(3, -1));
  });
});

it("a layer of one program serves another of another batch size", () => {
  const parameters = new Parameters(engine);
  const layer = new Linear(parameters, "l", 3, 2, { activation: "tanh" });
  parameters.initialize(stream());
  const of = (batch: number) => program(engine, { x: float32([batch, 3]) }, ({ x }) => ({ y: layer.forward(x) }));
  const [one, five] = [of(1), of(5)];
  const rows = Array.from({ length: 15 }, (_, index) => index / 7 - 1);
  five.inputs.x.set(rows);
  five.run();
  for (let row = 0; row < 5; row++) {
    one.inputs.x.set(rows.slice(3 * row, 3 * row + 3));
    one.run();
    // A row's bits do not depend on the rows beside it.
    expect([...one.outputs.y.data]).toEqual([...five.outputs.y.data.subarray(2 * row, 2 * row + 2)]);
  }
  const indices: Tensor<"int32"> = zeros(engine, int32([2]));
  expect(indices.dtype).toBe(int32([2]).dtype);
});
