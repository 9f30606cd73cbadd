// The spaces, and how they come back from files.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { Box } from "./box.ts";
import { DEEPEST, Dict, Tuple } from "./composite.ts";
import { Discrete } from "./discrete.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { ObservationSpace, SpaceJSON } from "./space.ts";

export { Box } from "./box.ts";
export { Dict, Tuple } from "./composite.ts";
export { Discrete } from "./discrete.ts";
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

/** A kind of space; `partOf` reads the spaces that one is made of. */
type Kind = (new (
  ...bounds: never[]
) => ObservationSpace) & {
  fromJSON(json: SpaceJSON, partOf: (json: unknown) => ObservationSpace): ObservationSpace;
};

/** Every kind of space, by its name in files. */
const kinds = new Map<unknown, Kind>([
  ["Box", Box],
  ["Discrete", Discrete],
  ["MultiBinary", MultiBinary],
  ["MultiDiscrete", MultiDiscrete],
  ["Dict", Dict],
  ["Tuple", Tuple],
]);

/**
 * @param name what the space is called in errors
 * @throws ConfigurationError for what is none of these, such as a space of another copy of this library
 */
export function checkSpace(name: string, space: unknown): void {
  if ([...kinds.values()].some((kind) => space instanceof kind && Object.hasOwn(space, "type"))) return;
  throw new ConfigurationError(`${name}: ${shown(space)} is no space of this copy of proximal`);
}

/** @throws ConfigurationError as `checkSpace`, and for a space that is for observations only */
export function checkActionSpace(name: string, space: unknown): void {
  checkSpace(name, space);
  if (Object.hasOwn(space as object, "shape")) return;
  throw new ConfigurationError(`${name}: ${space}; actions are arrays, and come from another space`);
}

/**
 * The space that `toJSON` described.
 * @throws ConfigurationError for what is not such a description
 */
export function spaceFrom(json: unknown): ObservationSpace {
  return spaceAt(0, json);
}

/** The space in `depth` others. */
function spaceAt(depth: number, json: unknown): ObservationSpace {
  if (depth > DEEPEST) throw new ConfigurationError(`space: there are more than ${DEEPEST} within one another`);
  const kind = kinds.get(Object(json).type);
  if (kind === undefined) {
    throw new ConfigurationError(`space: ${shown(json)} is of none of the types ${[...kinds.keys()].join(", ")}`);
  }
  return kind.fromJSON(json as SpaceJSON, (part) => spaceAt(depth + 1, part));
}
