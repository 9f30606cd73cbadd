// The heads, by the action spaces that they are for.

import { ConfigurationError } from "../../base/errors.ts";
import type { Box, Discrete, Space } from "../../spaces/index.ts";
import { BoxHead } from "./box.ts";
import { DiscreteHead } from "./discrete.ts";
import type { ActionHead, HeadOptions } from "./head.ts";

const heads = new Map<string, (space: Space) => ActionHead>([
  ["Box", (space) => new BoxHead(space as Box)],
  ["Discrete", (space) => new DiscreteHead(space as Discrete)],
]);

/**
 * The head for an action space.
 * @throws ConfigurationError for a space that has none, or that its head cannot serve
 */
export function headFor(space: Space, _options?: HeadOptions): ActionHead {
  const make = heads.get(space.type);
  if (make !== undefined) return make(space);
  throw new ConfigurationError(`action space: ${space}; policies have heads for ${[...heads.keys()].join(" and ")}`);
}
