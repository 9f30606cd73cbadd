// Every kernel, under the name that JavaScript calls it by. Addresses of outputs come first, then those of inputs, then
// sizes; every argument is an integer, and a float scalar is passed by its address. A kernel that is added to one of
// these files is exported with it; where a file shares functions with other kernels as well, those that JavaScript may
// call are named.

export * from "./adam";
export * from "./broadcast";
export * from "./categorical";
export { initialize } from "./constants";
export * from "./convolution";
export * from "./elementwise";
export * from "./gae";
export * from "./gaussian";
export { matmul, matmulNT, matmulScratch, matmulTN } from "./matmul";
export * from "./moments";
export * from "./normalization";
export * from "./pcg64";
export { philoxNormal, philoxPermutation, philoxUniform } from "./philox";
export * from "./recurrent";
export { explainedVariance, mean, norm, standardize, sum, sumColumns, sumRows } from "./reduce";
export * from "./rows";
export { cos, sin } from "./trigonometry";
