// The kernels of a policy that only acts: a module of its own, for pages that do not learn.

export { add, maximum, minimum, multiply } from "./broadcast";
export {
  argmax,
  gather,
  logSoftmax,
  sampleCategorical,
  segmentedArgmax,
  segmentedGather,
  segmentedLogSoftmax,
  segmentedSample,
} from "./categorical";
export { initialize } from "./constants";
export { clamp, elu, exp, log, relu, silu, tanh, tanhLogSlope, toFloat32 } from "./elementwise";
export { gaussianLogProb } from "./gaussian";
export { matmul, matmulScratch } from "./matmul";
export { normalize } from "./moments";
export { seedSequence } from "./pcg64";
export { philoxNormal, philoxUniform } from "./philox";
export { sumColumns } from "./reduce";
export { copy, copyStrided, where } from "./rows";
