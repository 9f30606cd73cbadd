// The spaces. Nothing but names stands here: bundlers split by files, and one with code of its own takes all that it
// names along.

export { Box } from "./box.ts";
export { checkActionSpace, checkSpace } from "./check.ts";
export { Dict, Tuple } from "./composite.ts";
export { Discrete } from "./discrete.ts";
export { spaceFrom } from "./from-json.ts";
export { maskSizeOf, maskViolation } from "./mask.ts";
export { MultiBinary } from "./multi-binary.ts";
export { MultiDiscrete } from "./multi-discrete.ts";
export {
  isFlat,
  type Observation,
  type ObservationSpace,
  refusal,
  type Space,
  type SpaceJSON,
  type Violation,
} from "./space.ts";
