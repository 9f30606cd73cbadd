// The spaces, and how they come back from files.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import type { Space, SpaceJSON } from "./space.ts";

export { Box } from "./box.ts";
export { Discrete } from "./discrete.ts";
export type { Space, SpaceJSON, Violation } from "./space.ts";

/** Every kind of space, by its name in files. */
const kinds = new Map<unknown, { fromJSON(json: SpaceJSON): Space }>([
  ["Box", Box],
  ["Discrete", Discrete],
]);

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
