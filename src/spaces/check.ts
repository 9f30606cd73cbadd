// What is a space.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { KnownSpace } from "./space.ts";

/**
 * @param name what the space is called in errors
 * @throws ConfigurationError for what is none of these, such as a space of another copy of this library
 */
export function checkSpace(name: string, space: unknown): void {
  if (space instanceof KnownSpace && Object.hasOwn(space, "type")) return;
  throw new ConfigurationError(`${name}: ${shown(space)} is no space of this copy of proximal`);
}

/** @throws ConfigurationError as `checkSpace`, and for a space that is for observations only */
export function checkActionSpace(name: string, space: unknown): void {
  checkSpace(name, space);
  if (Object.hasOwn(space as object, "shape")) return;
  throw new ConfigurationError(`${name}: ${space}; actions are arrays, and come from another space`);
}
