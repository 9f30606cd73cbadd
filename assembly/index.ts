// Every kernel, under the name that JavaScript calls it by. Addresses of outputs come first, then those of inputs, then sizes; every
// argument is an integer, and a float scalar is passed by its address.

export { adam } from "./adam";
export { add, divide, greater, maximum, minimum, multiply, preference, subtract } from "./broadcast";
export {
  argmax,
  entropy,
  entropyAdjoint,
  gather,
  gatherAdjoint,
  logSoftmax,
  logSoftmaxAdjoint,
  sampleCategorical,
} from "./categorical";
export { initialize } from "./constants";
export {
  abs,
  absAdjoint,
  clamp,
  clampAdjoint,
  exp,
  log,
  negate,
  relu,
  reluAdjoint,
  sigmoid,
  sigmoidAdjoint,
  sqrt,
  sqrtAdjoint,
  tanh,
  tanhAdjoint,
} from "./elementwise";
export { gae } from "./gae";
export { gaussianLogProb, gaussianLogProbLogStdAdjoint, gaussianLogProbMeanAdjoint } from "./gaussian";
export { matmul, matmulNT, matmulScratch, matmulTN } from "./matmul";
export { pcg64Double, pcg64Integer, pcg64Seed, seedSequence } from "./pcg64";
export { philoxNormal, philoxPermutation, philoxUniform } from "./philox";
export { explainedVariance, mean, norm, standardize, sum, sumColumns, sumRows } from "./reduce";
export { copy, fill, takeRows, zero } from "./rows";
export { cos, sin } from "./trigonometry";
