// A computation in which every kernel of the table of ONNX is called, and those that move elements in several ways.

import type { Engine } from "../../src/index.ts";
import type { Captures } from "../../src/onnx/batch.ts";
import {
  abs,
  add,
  argmax,
  broadcastTo,
  clamp,
  concatenate,
  convolution,
  denormalize,
  divide,
  elu,
  exp,
  float32,
  float64,
  gather,
  gaussianLogProb,
  greater,
  gru,
  int32,
  layerNorm,
  linear,
  log,
  logSoftmax,
  lstm,
  matmul,
  maximum,
  mean,
  minimum,
  multiply,
  negate,
  normalize,
  program,
  relu,
  reshape,
  segmentedArgmax,
  segmentedGather,
  segmentedLogSoftmax,
  sigmoid,
  silu,
  slice,
  sqrt,
  subtract,
  sum,
  takeRows,
  tanh,
  tanhLogSlope,
  toFloat32,
  transpose,
  uint8,
  where,
  zeros,
} from "../../src/tensor/index.ts";

/** Numbers from -2 to 2 that look like nothing, the same everywhere. */
const numbers = (size: number, seed: number): number[] =>
  Array.from({ length: size }, (_, index) => Math.fround((((index + 1) * (seed + 7919)) % 401) / 100 - 2));

/** What the computation takes, for any batch. */
export const operands = (batch: number) => ({
  x: numbers(6 * batch, 1),
  bytes: Array.from({ length: 4 * batch }, (_, index) => (index * 67) % 256),
  index: Array.from({ length: batch }, (_, row) => (row * 5) % 6),
  mask: Array.from({ length: 6 * batch }, (_, place) => place % 3),
  starts: Array.from({ length: batch }, (_, row) => row % 2),
});

/** The computation for a batch; its captures differ in nothing else. */
export function operators(engine: Engine) {
  const held = (name: string, shape: readonly number[], seed: number) => {
    const tensor = zeros(engine, float32(shape), name);
    return tensor.set(numbers(tensor.size, seed));
  };
  const weight = held("weight", [6, 3], 2);
  const bias = held("bias", [3], 3);
  const row = held("row", [6], 4);
  const [gates4, gates3] = [held("gates4", [3, 12], 7), held("gates3", [2, 6], 8)];
  const halves = held("halves", [2], 10);
  const kernel = held("kernel", [2, 2, 1, 3], 9);
  const moments = (columns: number) => ({
    mean: zeros(engine, float64([columns]), "mean").set(numbers(columns, 5)),
    variance: zeros(engine, float64([columns]), "variance").set(numbers(columns, 6).map((x) => x * x)),
  });
  return (batch: number) =>
    program(
      engine,
      {
        ...{ x: float32([batch, 6]), bytes: uint8([batch, 2, 2]), index: int32([batch]) },
        ...{ mask: uint8([batch, 6]), starts: uint8([1, batch]) },
      },
      ({ x, bytes, index, mask, starts }) => {
        const pairs = reshape(x, [batch, 3, 2]);
        const floats = reshape(toFloat32(bytes), [batch, 4]);
        const middle = slice(x, [[], [1, 4]]);
        const images = reshape(x, [batch, 3, 2, 1]);
        const sizes = [1, 3, 2];
        const long = lstm(reshape(multiply(reshape(x, [batch, 6, 1]), halves), [batch, 12]), gates4, x, starts);
        const gated = gru(x, gates3, row, slice(x, [[], [0, 2]]), starts);
        return {
          ...{ abs: abs(x), negate: negate(x), relu: relu(x), sqrt: sqrt(abs(x)), clamp: clamp(x, -0.5, 1) },
          ...{ exp: exp(x), log: log(abs(x)), tanh: tanh(x), sigmoid: sigmoid(x), toFloat32: toFloat32(bytes) },
          ...{ add: add(x, row), subtract: subtract(1, x), divide: divide(x, reshape(sum(abs(x), 1), [batch, 1])) },
          ...{ multiply: multiply(pairs, reshape(bias, [3, 1])), greater: greater(x, row) },
          ...{ maximum: maximum(x, row), minimum: minimum(middle, bias) },
          ...{ matmul: matmul(x, weight), linear: linear(x, weight, bias) },
          ...{ tanhLayer: linear(x, weight, bias, "tanh"), reluLayer: linear(x, weight, bias, "relu") },
          ...{ sum: sum(weight), mean: mean(weight), sumRows: sum(weight, 0), sumColumns: sum(x, 1) },
          ...{ logSoftmax: logSoftmax(x), argmax: argmax(x), gather: gather(x, index) },
          ...{ elu: elu(x), silu: silu(x), tanhLogSlope: tanhLogSlope(x), where: where(mask, x, -3) },
          ...{ eluLayer: linear(x, weight, bias, "elu"), layerNorm: layerNorm(x, row, row) },
          convolution: convolution(images, kernel, bias, { activation: "relu" }),
          convolutionOfBytes: convolution(reshape(bytes, [batch, 2, 2, 1]), kernel, bias, { stride: 2, padding: 1 }),
          ...{ lstm: long.hidden, lstmMemory: long.memory, gru: gated.hidden, gruMemory: gated.memory },
          segmentedLogSoftmax: segmentedLogSoftmax(x, sizes),
          segmentedArgmax: segmentedArgmax(x, sizes),
          segmentedGather: segmentedGather(x, segmentedArgmax(negate(x), sizes), sizes),
          gaussianLogProb: gaussianLogProb(middle, bias, multiply(middle, 3)),
          ...{ takeRows: takeRows(weight, index), transpose: transpose(pairs, [0, 2, 1]), slice: middle },
          ...{ normalize: normalize(x, moments(6), 1.5), normalizeAll: normalize(pairs, moments(1)) },
          denormalize: denormalize(x, moments(1)),
          transposedWeight: transpose(weight),
          sliceOfBytes: slice(bytes, [[], [], [1]]),
          concatenate: concatenate([middle, floats, x], 1),
          concatenatePairs: concatenate([pairs, reshape(floats, [batch, 2, 2])], 1),
          broadcastTo: broadcastTo(reshape(x, [batch, 3, 1, 2]), [batch, 3, 4, 2]),
          unchanged: index,
        };
      },
    );
}

/** The computation for the two batches of which a model is made. */
export function capturesOf(engine: Engine): Captures {
  const capture = operators(engine);
  return [capture(2), capture(3)] as unknown as Captures;
}
