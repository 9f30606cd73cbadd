// proximal/nn: parameters, layers, initialisers, distributions, and the heads that make actions of them.

export {
  Convolution,
  ConvolutionalNetwork,
  type ConvolutionLayer,
  natureCnn,
  smallCnn,
} from "./convolution.ts";
export * from "./distributions/index.ts";
export type { ActionHead, HeadOptions } from "./heads/head.ts";
export { headFor } from "./heads/index.ts";
export { constantInitializer, type Initializer, orthogonal } from "./initializers.ts";
export { LayerNorm } from "./layer-norm.ts";
export { Linear, MLP } from "./layers.ts";
export type { Body, Features, Network, Recurrence } from "./networks/network.ts";
export { Parameters } from "./parameters.ts";
export { GRU, LSTM, type RecurrentOutput } from "./recurrent.ts";
export { RunningMoments } from "./running-moments.ts";
