// proximal/tensor: tensors, programs, and the operators that programs are made of.

export {
  type DataOf,
  type DataType,
  float32,
  float64,
  int32,
  type Shape,
  type Spec,
  uint8,
} from "../base/spec.ts";
export type { Code, KernelName } from "../engine/code.ts";
export type { Differentiable } from "./backward.ts";
export { square, type TensorOrNumber } from "./operators/arithmetic.ts";
export * from "./operators/axes.ts";
export * from "./operators/broadcast.ts";
export * from "./operators/categorical.ts";
export { type ConvolutionOptions, convolution } from "./operators/convolution.ts";
export * from "./operators/elementwise.ts";
export * from "./operators/gae.ts";
export * from "./operators/gaussian.ts";
export { type Activation, linear, matmul } from "./operators/matmul.ts";
export * from "./operators/moments.ts";
export * from "./operators/normalization.ts";
export * from "./operators/random.ts";
export * from "./operators/rearrange.ts";
export * from "./operators/recurrent.ts";
export { explainedVariance, standardize } from "./operators/reduce.ts";
export * from "./operators/rows.ts";
export * from "./operators/segments.ts";
export { type Inputs, type Outputs, type Program, program } from "./program.ts";
export type { Call, Operand } from "./tape.ts";
export { Tensor, zeros } from "./tensor.ts";
