// proximal/nn: parameters, layers, initialisers and distributions.

export { Categorical, DiagonalGaussian, type Distribution } from "./distributions.ts";
export { constantInitializer, type Initializer, orthogonal } from "./initializers.ts";
export { Linear, MLP } from "./layers.ts";
export { Parameters } from "./parameters.ts";
