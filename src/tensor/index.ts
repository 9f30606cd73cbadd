// proximal/tensor: tensors, programs, and the operators that programs are made of.

export {
  add,
  divide,
  greater,
  maximum,
  minimum,
  multiply,
  type Operand,
  square,
  subtract,
} from "./operators/arithmetic.ts";
export { argmax, categoricalEntropy, gather, logSoftmax, sampleCategorical } from "./operators/categorical.ts";
export { abs, clamp, exp, log, negate, relu, sigmoid, sqrt, tanh } from "./operators/elementwise.ts";
export { generalizedAdvantages, type Trajectories } from "./operators/gae.ts";
export { gaussianLogProb } from "./operators/gaussian.ts";
export { type Activation, linear, matmul } from "./operators/matmul.ts";
export { normal, permutation, uniform } from "./operators/random.ts";
export { explainedVariance, mean, standardize, sum } from "./operators/reduce.ts";
export { reshape, takeRows } from "./operators/rows.ts";
export {
  type Differentiable,
  type InputSpec,
  type Inputs,
  int32,
  type Outputs,
  type Program,
  program,
} from "./program.ts";
export { type DataOf, type DataType, type Shape, Tensor, zeros } from "./tensor.ts";
