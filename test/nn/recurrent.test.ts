// Layers with a memory: the same as PyTorch's, the same bits step by step, and what they refuse.

import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { hasRelaxedSimd } from "../../src/engine/features.ts";
import { Stream } from "../../src/engine/random.ts";
import { GRU, LayerNorm, LSTM, Parameters } from "../../src/nn/index.ts";
import * as ops from "../../src/tensor/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import fixture from "../fixtures/recurrent.json" with { type: "json" };
import { firstBeyond } from "../gradients/bounds.ts";
import { gru, lstm, type Operand } from "../gradients/reference.ts";
import { affine, matrixOf, Value } from "../gradients/value.ts";

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
const [STEPS, SEQUENCES, INPUTS, SIZE] = [7, 2, 3, 6];
const layers = { LSTM, GRU };
const expected = fixture as readonly unknown[] as readonly {
  readonly name: keyof typeof layers;
  readonly x: Listed;
  readonly memory: Listed;
  readonly weights: Listed;
  readonly parameters: Readonly<Record<string, Listed>>;
  readonly outputs: Listed;
  readonly after: Listed;
  readonly gradients: Readonly<Record<string, Listed>>;
}[];

/** The bounds of the errors of outputs and gradients, by running error analysis of the same formulas. */
function boundsOf({ name, x, memory, weights, parameters }: (typeof expected)[number]) {
  const exact = ({ shape, values }: Listed): Operand => ({ shape, values: values.map((value) => Value.of(value)) });
  const inputs = { x: exact(x), ...Object.fromEntries(Object.entries(parameters).map(([key, p]) => [key, exact(p)])) };
  const { inputWeight, hiddenWeight, bias, hiddenBias } = inputs as unknown as Record<string, Operand>;
  const columns = bias?.shape[0] as number;
  const gates = affine(matrixOf(inputs.x.values, INPUTS), matrixOf(inputWeight?.values ?? [], columns), bias?.values);
  const xGates = { shape: [STEPS * SEQUENCES, columns], values: gates.flat() };
  const starts = Array.from({ length: STEPS }, () => [0, 0]);
  const { hidden: outputs, memory: after } =
    name === "LSTM"
      ? lstm(starts)(xGates, hiddenWeight as Operand, exact(memory))
      : gru(starts)(xGates, hiddenWeight as Operand, hiddenBias as Operand, exact(memory));
  Value.sum(outputs.map((output, index) => output.multiply(Value.of(weights.values[index] as number)))).backward();
  const gradients = Object.entries(inputs).map(([key, { values }]) => [
    key,
    values.map((value) => value.gradientError),
  ]);
  return {
    outputs: outputs.map(({ error }) => error),
    after: after.map(({ error }) => error),
    gradients: Object.fromEntries(gradients) as Record<string, readonly number[]>,
  };
}

const specs = (steps: number, sequences: number, inputs: number, memorySize: number) =>
  ({
    x: ops.float32([steps * sequences, inputs]),
    memory: ops.float32([sequences, memorySize]),
    starts: ops.uint8([steps, sequences]),
  }) as const;

for (const variant of ["strict", "fma"] as const) {
  describe.skipIf(variant === "fma" && !hasRelaxedSimd())(`${variant} kernels`, () => {
    it.each(expected)("$name is PyTorch's, with all its gradients", async (entry) => {
      const engine = await Engine.create({ kernels: variant });
      const parameters = new Parameters(engine);
      const layer = new layers[entry.name](parameters, "layer", INPUTS, SIZE);
      parameters.initialize(new Stream(engine, 1, "initialization"));
      for (const { name, data } of parameters.named())
        data.set((entry.parameters[name.replace("layer.", "")] as Listed).values);
      const { storage, shape, dtype } = ops.zeros(engine, ops.float32([STEPS * SEQUENCES, INPUTS]));
      const x = new Tensor(engine, { shape, dtype }, { storage, requiresGradient: true }).set(entry.x.values);
      const toX = ops.zeros(engine, x);
      const { memory, starts } = specs(STEPS, SEQUENCES, INPUTS, layer.memorySize);
      const program = ops.program(
        engine,
        { memory, starts, weights: ops.float32([STEPS * SEQUENCES, SIZE]) },
        ({ memory, starts, weights }) => {
          const { features, memory: after } = layer.forward(x, memory, starts);
          return { features, after, loss: ops.sum(ops.multiply(features, weights)) };
        },
        { differentiate: { tensors: [x, ...parameters.tensors], gradients: [toX, ...parameters.gradients] } },
      );
      program.inputs.memory.set(entry.memory.values);
      program.inputs.weights.set(entry.weights.values);
      program.run();

      const bounds = boundsOf(entry);
      const { features, after } = program.outputs;
      expect(firstBeyond(features.data, entry.outputs.values, bounds.outputs)).toBeUndefined();
      expect(firstBeyond(after.data, entry.after.values, bounds.after)).toBeUndefined();
      const gradients = {
        x: toX.data,
        ...Object.fromEntries(
          parameters.named(parameters.flatGradients).map(({ name, data }) => [name.replace("layer.", ""), data]),
        ),
      };
      expect(Object.keys(gradients)).toEqual(Object.keys(entry.gradients));
      for (const [name, gradient] of Object.entries(gradients)) {
        const { values } = entry.gradients[name] as Listed;
        expect(firstBeyond(gradient, values, bounds.gradients[name] as readonly number[]), name).toBeUndefined();
      }
    });

    it.each(["LSTM", "GRU"] as const)("%s: a sequence alone, step by step, has the bits of one call", async (name) => {
      const engine = await Engine.create({ kernels: variant });
      const parameters = new Parameters(engine);
      const layer = new layers[name](parameters, "layer", 5, 37);
      parameters.initialize(new Stream(engine, 1, "initialization"));
      const x = ops.zeros(engine, ops.float32([9 * 7, 5]));
      const memory = ops.zeros(engine, ops.float32([7, layer.memorySize]));
      const program = (steps: number, sequences: number) =>
        ops.program(engine, specs(steps, sequences, 5, layer.memorySize), (inputs) =>
          layer.forward(inputs.x, inputs.memory, inputs.starts),
        );
      x.data.set(x.data.map((_, index) => Math.fround(((index * 7919) % 1009) / 500 - 1)));
      memory.data.set(memory.data.map((_, index) => Math.fround(((index * 104729) % 1013) / 500 - 1)));
      const starts = Array.from({ length: 9 * 7 }, (_, index) => (index % 5 === 3 ? 1 : 0));
      const whole = program(9, 7);
      whole.inputs.x.set(x.data);
      whole.inputs.memory.set(memory.data);
      whole.inputs.starts.set(starts);
      whole.run();
      const bits = (tensor: Tensor) => new Uint32Array(tensor.data.slice().buffer);
      const alone = program(1, 1);
      for (let sequence = 0; sequence < 7; sequence++) {
        alone.inputs.memory.copyFrom(memory, sequence * layer.memorySize);
        for (let step = 0; step < 9; step++) {
          const row = step * 7 + sequence;
          alone.inputs.x.copyFrom(x, row * 5);
          alone.inputs.starts.set([starts[row] as number]);
          alone.run();
          expect(bits(alone.outputs.features)).toEqual(bits(whole.outputs.features).subarray(row * 37, (row + 1) * 37));
          alone.inputs.memory.copyFrom(alone.outputs.memory);
        }
        expect(bits(alone.outputs.memory)).toEqual(
          bits(whole.outputs.memory).subarray(sequence * layer.memorySize, (sequence + 1) * layer.memorySize),
        );
      }
    });
  });
}

/** A layer of 3 inputs and size 2, and programs of it that are differentiated. */
async function withLayer(name: keyof typeof layers) {
  const engine = await Engine.create();
  const parameters = new Parameters(engine);
  const layer = new layers[name](parameters, "layer", 3, 2);
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const inputs = specs(4, 2, 3, layer.memorySize);
  type Given = { readonly x: Tensor; readonly memory: Tensor; readonly starts: Tensor<"uint8"> };
  const differentiate = (loss: (given: Given) => Tensor) => () =>
    ops.program(engine, inputs, (given) => ({ loss: ops.sum(loss(given)) }), { differentiate: parameters });
  return { engine, parameters, layer, inputs, differentiate };
}

describe.each(["LSTM", "GRU"] as const)("%s", (name) => {
  it("says what it declares", async () => {
    const { parameters, layer } = await withLayer(name);
    const gates = name === "LSTM" ? 4 : 3;
    expect(layer.memorySize).toBe(name === "LSTM" ? 4 : 2);
    expect(parameters.named().map(({ name, shape }) => [name, shape])).toEqual([
      ["layer.inputWeight", [3, 2 * gates]],
      ["layer.hiddenWeight", [2, 2 * gates]],
      ["layer.bias", [2 * gates]],
      ...(name === "GRU" ? [["layer.hiddenBias", [2 * gates]]] : []),
    ]);
    // Orthonormal rows, and biases of zero.
    const [, weight, bias] = parameters.named() as [unknown, { data: Float32Array }, { data: Float32Array }];
    const [first, second] = [weight.data.subarray(0, 2 * gates), weight.data.subarray(2 * gates)];
    const product = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, x, index) => sum + x * (b[index] as number), 0);
    expect(product(first, first)).toBeCloseTo(1, 6);
    expect(product(first, second)).toBeCloseTo(0, 6);
    expect([...bias.data]).toEqual(new Array(2 * gates).fill(0));
  });

  it("has no derivative by its memory, neither the one that it is given nor the one that it leaves", async () => {
    const { layer, differentiate } = await withLayer(name);
    const again = (detach: (memory: Tensor) => Tensor) =>
      differentiate(({ x, memory, starts }) => {
        const first = layer.forward(x, memory, starts);
        return layer.forward(x, detach(first.memory), starts).features;
      });
    expect(again((memory) => memory)).toThrow(`${name.toLowerCase()}: it has no derivative by`);
    expect(again(ops.detach)).not.toThrow();
    const left = differentiate(({ x, memory, starts }) => layer.forward(x, memory, starts).memory);
    expect(left).toThrow(`${name.toLowerCase()}: it has no derivative by`);
  });

  it("refuses what does not fit, by its name", async () => {
    const { engine, layer, inputs } = await withLayer(name);
    const refusal = (wrong: object) => () =>
      ops.program(engine, { ...inputs, ...wrong }, ({ x, memory, starts }) => layer.forward(x, memory, starts));
    const operator = name.toLowerCase();
    const where = "for 4 steps of 2 sequences and size 2 it has to be";
    const { memorySize } = layer;
    expect(refusal({ memory: ops.float32([2, 5]) })).toThrow(
      `${operator}: memory is [2, 5]; ${where} [2, ${memorySize}]`,
    );
    expect(refusal({ x: ops.float32([7, 3]) })).toThrow(`${operator}: xGates is`);
    expect(refusal({ starts: ops.float32([4, 2]) })).toThrow(`${operator}: starts is`);
    expect(refusal({ starts: ops.uint8([8]) })).toThrow(`${operator}: [8] is not a matrix`);
  });

  it("leaves the memory as it is where there is no step", async () => {
    const { engine, layer } = await withLayer(name);
    const program = ops.program(engine, specs(0, 2, 3, layer.memorySize), ({ x, memory, starts }) =>
      layer.forward(x, memory, starts),
    );
    program.inputs.memory.data.forEach((_, index, data) => {
      data[index] = index + 0.5;
    });
    program.run();
    expect([...program.outputs.memory.data]).toEqual([...program.inputs.memory.data]);
    expect(program.outputs.features.size).toBe(0);
  });
});

describe("LayerNorm", () => {
  it("begins as normalisation alone", async () => {
    const engine = await Engine.create();
    const parameters = new Parameters(engine);
    const layer = new LayerNorm(parameters, "norm", 4, { epsilon: 0 });
    parameters.initialize(new Stream(engine, 1, "initialization"));
    expect(parameters.names).toEqual(["norm.weight", "norm.bias"]);
    const program = ops.program(engine, { x: ops.float32([2, 4]) }, ({ x }) => ({ y: layer.forward(x) }));
    program.inputs.x.set([1, 2, 3, 4, -7, -7, 1, 1]);
    program.run();
    const row = [-1.5, -0.5, 0.5, 1.5].map((deviation) => Math.fround(deviation / Math.sqrt(1.25)));
    expect([...program.outputs.y.data]).toEqual([...row, -1, -1, 1, 1]);
  });

  it("refuses what does not fit, and options that there are not", async () => {
    const engine = await Engine.create();
    const parameters = new Parameters(engine);
    const layer = new LayerNorm(parameters, "norm", 4);
    parameters.initialize(new Stream(engine, 1, "initialization"));
    expect(layer.epsilon).toBe(1e-5);
    expect(() => ops.program(engine, { x: ops.float32([2, 3]) }, ({ x }) => ({ y: layer.forward(x) }))).toThrow(
      "layerNorm: weight [4] for 3 features; it has to be [3]",
    );
    const wrong = { eps: 1 } as { epsilon?: number };
    expect(() => new LayerNorm(new Parameters(engine), "norm", 4, wrong)).toThrow("eps");
  });
});
