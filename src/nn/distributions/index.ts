// The distributions, one for each kind of action.

export { Categorical } from "./categorical.ts";
export { DiagonalGaussian } from "./diagonal-gaussian.ts";
export type { Distribution } from "./distribution.ts";
export { MultiCategorical } from "./multi-categorical.ts";
export { SquashedGaussian } from "./squashed-gaussian.ts";
