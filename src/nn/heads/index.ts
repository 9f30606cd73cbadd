// The heads, by the action spaces that they are for.

import { ConfigurationError } from "../../base/errors.ts";
import { checkValue } from "../../base/ranges.ts";
import type { Box, Discrete, MultiBinary, MultiDiscrete, Space } from "../../spaces/index.ts";
import { BoxHead } from "./box.ts";
import { DiscreteHead } from "./discrete.ts";
import { type ActionHead, defaultHeadOptions, type HeadOptions, headOptions } from "./head.ts";
import { MultiBinaryHead } from "./multi-binary.ts";
import { MultiDiscreteHead } from "./multi-discrete.ts";

const heads = new Map<string, (space: Space, options: HeadOptions) => ActionHead>([
  ["Box", (space, options) => new BoxHead(space as Box, options)],
  ["Discrete", (space) => new DiscreteHead(space as Discrete)],
  ["MultiBinary", (space) => new MultiBinaryHead(space as MultiBinary)],
  ["MultiDiscrete", (space) => new MultiDiscreteHead(space as MultiDiscrete)],
]);

/**
 * The head for an action space.
 * @param options how actions of a Box are drawn: unless said from normal distributions, whose log standard deviations
 * are parameters that begin with 0
 * @throws ConfigurationError for a space that has none, or that its head cannot serve, and for other options
 */
export function headFor(space: Space, options: Partial<HeadOptions> = {}): ActionHead {
  const complete = { ...defaultHeadOptions, ...options };
  for (const [name, range] of Object.entries(headOptions)) checkValue(name, range, complete[name as keyof HeadOptions]);
  const make = heads.get(space.type);
  if (make !== undefined) return make(space, complete);
  throw new ConfigurationError(`action space: ${space}; policies have heads for ${[...heads.keys()].join(", ")}`);
}
