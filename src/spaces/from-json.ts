// Spaces as files describe them.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { Box } from "./box.ts";
import { DEEPEST, Dict, Tuple } from "./composite.ts";
import { Discrete } from "./discrete.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { ObservationSpace, SpaceJSON } from "./space.ts";

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
