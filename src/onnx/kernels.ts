// The kernels in operators of ONNX (github.com/onnx/onnx/blob/main/docs/Operators.md). A row says which nodes compute
// what a kernel writes. Nothing in it is the size of a batch, so that it is right for any.

import { UnsupportedError } from "../base/errors.ts";
import { formatShape, sameNumbers } from "../base/spec.ts";
import type { KernelName } from "../engine/code.ts";
import { elementTypes } from "../io/onnx.ts";
import { groupsOf } from "../tensor/operators/broadcasting.ts";
import { type Activation, activationCode } from "../tensor/operators/matmul.ts";
import { GROWS } from "./batch.ts";
import { copyStrided } from "./copy-strided.ts";
import type { CallSite, Value } from "./graph.ts";
import { gru, lstm } from "./recurrent.ts";

/**
 * Writes the nodes of a call, and returns the value of its result, in the shape of that; of several results a value
 * each, and undefined for what only adjoints read.
 */
type Row = (call: CallSite) => Value | readonly (Value | undefined)[];

/** Of a convolution: height, width, channels, kernel height, kernel width, filters, stride and padding. */
type Geometry = [number, number, number, number, number, number, number, number];

/** log √(2π) */
const LOG_SQRT_2PI = 0.9189385332046728;

/** What a matrix product ends with, by the names of its epilogues. */
const activations: Readonly<Record<Activation, (call: CallSite, x: Value) => Value>> = {
  none: (_, x) => x,
  tanh: (call, x) => call.node("Tanh", [x]),
  relu: (call, x) => call.node("Relu", [x]),
  elu: (call, x) => call.node("Elu", [x]),
  silu: (call, x) => call.node("Mul", [x, call.node("Sigmoid", [x])]),
};

/** Every kernel that a graph can have. */
export const rows: Readonly<Partial<Record<KernelName, Row>>> = {
  abs: unary("Abs"),
  elu: unary("Elu"),
  exp: unary("Exp"),
  log: unary("Log"),
  negate: unary("Neg"),
  relu: unary("Relu"),
  sigmoid: unary("Sigmoid"),
  silu: (call) => activations.silu(call, call.tensor(0)),
  sqrt: unary("Sqrt"),
  tanh: unary("Tanh"),
  tanhLogSlope(call) {
    const twice = call.node("Mul", [call.node("Abs", [call.tensor(0)]), 2]);
    const logarithm = call.node("Softplus", [call.node("Neg", [twice])]);
    return call.node("Sub", [call.node("Mul", [call.node("Sub", [Math.LN2, logarithm]), 2]), twice]);
  },
  toFloat32: (call) => cast(call, call.tensor(0), "float32"),
  clamp: (call) => call.node("Clip", [call.tensor(0), call.tensor(1, []), call.tensor(2, [])]),

  add: binary("Add"),
  subtract: binary("Sub"),
  multiply: binary("Mul"),
  divide: binary("Div"),
  maximum: binary("Max"),
  minimum: binary("Min"),
  greater: (call) => cast(call, binary("Greater")(call), "float32"),

  matmul(call) {
    const [m, k, n, code] = [call.size(3), call.size(4), call.size(5), call.size(6)];
    const bias = typeof call.operand(2) === "number" ? [] : [call.tensor(2)];
    const product = call.node("Gemm", [call.tensor(0, [m, k]), call.tensor(1, [k, n]), ...bias]);
    return activated(call, product, code);
  },
  convolution(call) {
    const [height, width, channels, , , , stride, padding] = integersOf(call, 3) as Geometry;
    const x = call.tensor(0, [GROWS, height, width, channels]);
    const isBytes = call.operand(0).dtype === "uint8";
    const images = isBytes ? call.node("Div", [cast(call, x, "float32"), 255]) : x;
    // Channels are first there, and so are filters.
    const channelsFirst = call.node("Transpose", [images], { perm: [0, 3, 1, 2] });
    const weight = call.node("Transpose", [call.tensor(1)], { perm: [3, 2, 0, 1] });
    const convolved = call.node("Conv", [channelsFirst, weight, call.tensor(2)], {
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
    return call.node("Transpose", [activated(call, convolved, call.size(5))], { perm: [0, 2, 3, 1] });
  },
  lstm,
  gru,
  normalizeRows(call) {
    const x = cast(call, call.tensor(0), "float64");
    const meanOf = (y: Value) => call.node("ReduceMean", [y], { axes: [1], keepdims: 1 });
    const centred = call.node("Sub", [x, meanOf(x)]);
    const variance = meanOf(call.node("Mul", [centred, centred]));
    const deviation = call.node("Sqrt", [call.node("Add", [variance, cast(call, call.tensor(1), "float64")])]);
    return [undefined, cast(call, call.node("Div", [centred, deviation]), "float32")];
  },

  sum: (call) => call.node("ReduceSum", [call.tensor(0)], { keepdims: 0 }),
  mean: (call) => call.node("ReduceMean", [call.tensor(0)], { keepdims: 0 }),
  sumRows: (call) => sumAlong(0, call, matrix(call)),
  sumColumns: (call) => sumAlong(1, call, matrix(call)),

  logSoftmax: (call) => call.node("LogSoftmax", [matrix(call)], { axis: 1 }),
  argmax(call) {
    const index = call.node("ArgMax", [matrix(call)], { axis: 1, keepdims: 0 });
    return cast(call, index, "int32");
  },
  gather(call) {
    const [rows, columns] = [call.size(2), call.size(3)];
    const picked = call.node("GatherElements", [call.tensor(0, [rows, columns]), call.tensor(1, [rows, 1])], {
      axis: 1,
    });
    return call.node("Squeeze", [picked, [1]]);
  },
  segmentedLogSoftmax(call) {
    const parts = segmentsOf(call).map((part) => call.node("LogSoftmax", [part], { axis: 1 }));
    return call.node("Concat", parts, { axis: 1 });
  },
  segmentedArgmax(call) {
    const parts = segmentsOf(call).map((part) => call.node("ArgMax", [part], { axis: 1, keepdims: 1 }));
    return cast(call, call.node("Concat", parts, { axis: 1 }), "int32");
  },
  segmentedGather(call) {
    const starts = startsOf(integersOf(call, 2));
    const columns = call.node("Add", [cast(call, call.tensor(1), "int64"), starts]);
    return sumAlong(1, call, call.node("GatherElements", [call.tensor(0), columns], { axis: 1 }));
  },
  gaussianLogProb(call) {
    const [mean, logStd, action] = [call.tensor(0), call.tensor(1), call.tensor(2)];
    const inverseStd = call.node("Exp", [call.node("Neg", [logStd])]);
    const z = call.node("Mul", [call.node("Sub", [action, mean]), inverseStd]);
    const halfSquare = call.node("Mul", [call.node("Mul", [z, 0.5]), z]);
    const terms = call.node("Add", [halfSquare, call.node("Add", [logStd, LOG_SQRT_2PI])]);
    return call.node("Neg", [sumAlong(1, call, terms)]);
  },

  normalize(call) {
    const [epsilon, limit] = settingsOf(call, 3);
    const deviation = call.node("Sqrt", [call.node("Add", [call.tensor(2), Float64Array.of(epsilon)])]);
    const centred = call.node("Sub", [cast(call, call.tensor(0), "float64"), call.tensor(1)]);
    const scaled = call.node("Mul", [centred, call.node("Div", [Float64Array.of(1), deviation])]);
    const below = call.node("Min", [scaled, Float64Array.of(limit)]);
    return cast(call, call.node("Max", [below, Float64Array.of(-limit)]), "float32");
  },
  denormalize(call) {
    const [epsilon] = settingsOf(call, 3);
    const deviation = call.node("Sqrt", [call.node("Add", [call.tensor(2), Float64Array.of(epsilon)])]);
    const scaled = call.node("Mul", [cast(call, call.tensor(0), "float64"), deviation]);
    return cast(call, call.node("Add", [scaled, call.tensor(1)]), "float32");
  },

  where: (call) => call.node("Where", [cast(call, call.tensor(0), "bool"), call.tensor(1), call.tensor(2)]),
  takeRows: (call) => call.node("Gather", [call.tensor(0), call.tensor(1, [call.size(2)])], { axis: 0 }),
  copyStrided,
};

/** An operator that takes the one tensor that the kernel takes. */
function unary(operator: string): Row {
  return (call) => call.node(operator, [call.tensor(0)]);
}

/** An operator that repeats its two operands as the kernel does. */
function binary(operator: string): (call: CallSite) => Value {
  return (call) => {
    const [a, b] = [call.operand(0).shape, call.operand(1).shape];
    const { shape } = groupsOf(`onnx: ${operator}`, a, b);
    if (sameNumbers(shape, call.result.shape)) return call.node(operator, [call.tensor(0), call.tensor(1)]);
    throw new UnsupportedError(
      `onnx: ${operator} makes ${formatShape(shape)} of ${formatShape(a)} and ${formatShape(b)}`,
    );
  };
}

/** The first operand as the rows and columns that the kernel is told. */
function matrix(call: CallSite): Value {
  return call.tensor(0, [call.size(1), call.size(2)]);
}

function sumAlong(axis: number, call: CallSite, x: Value): Value {
  return call.node("ReduceSum", [x, [axis]], { keepdims: 0 });
}

function cast(call: CallSite, x: Value, type: keyof typeof elementTypes): Value {
  return call.node("Cast", [x], { to: elementTypes[type] });
}

/** What a kernel ends with, by its code. */
function activated(call: CallSite, x: Value, code: number): Value {
  const activation = Object.entries(activationCode).find(([, other]) => other === code)?.[0] as Activation;
  return activations[activation](call, x);
}

/** The columns of each segment, of a matrix with the sizes of its segments. */
function segmentsOf(call: CallSite): Value[] {
  const sizes = integersOf(call, 1);
  return startsOf(sizes).map((start, index) => call.columns(call.tensor(0), start, sizes[index] as number));
}

/** Where each of the segments begins. */
function startsOf(sizes: readonly number[]): number[] {
  return sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
}

/** The integers of an operand that is the same in every run. */
function integersOf(call: CallSite, place: number): number[] {
  return [...(call.operand(place).tensor.data as Int32Array)];
}

/** The numbers of an operand that is the same in every run. */
function settingsOf(call: CallSite, place: number): [number, number] {
  return [...(call.operand(place).tensor.data as Float64Array)] as [number, number];
}
