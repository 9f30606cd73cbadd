// The spaces, and how they come back from files.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { Space, SpaceJSON } from "./space.ts";

export { Box } from "./box.ts";
export { Discrete } from "./discrete.ts";
export { MultiBinary } from "./multi-binary.ts";
export { MultiDiscrete } from "./multi-discrete.ts";
export type { Space, SpaceJSON, Violation } from "./space.ts";

/** Every kind of space, by its name in files. */
const kinds = new Map<unknown, (new (...bounds: never[]) => Space) & { fromJSON(json: SpaceJSON): Space }>([
  ["Box", Box],
  ["Discrete", Discrete],
  ["MultiBinary", MultiBinary],
  ["MultiDiscrete", MultiDiscrete],
]);

/**
 * @param name what the space is called in errors
 * @throws ConfigurationError for what is none of these, such as a space of another copy of this library
 */
export function checkSpace(name: string, space: unknown): void {
  if ([...kinds.values()].some((kind) => space instanceof kind && Object.hasOwn(space, "shape"))) return;
  throw new ConfigurationError(`${name}: ${shown(space)} is no space of this copy of proximal`);
}

/**
 * The space that `toJSON` described.
 * @throws ConfigurationError for what is not such a description
 */
export function spaceFrom(json: unknown): Space {
  const kind = kinds.get(Object(json).type);
  if (kind === undefined) {
    throw new ConfigurationError(`space: ${shown(json)} is of none of the types ${[...kinds.keys()].join(", ")}`);
  }
  return kind.fromJSON(json as SpaceJSON);
}
