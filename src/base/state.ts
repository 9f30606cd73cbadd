// The one protocol of everything that lasts: whatever has state gives it and takes it back, and a checkpoint is a list
// of such parts.

import { ConfigurationError, FileFormatError } from "./errors.ts";
import { suggestion } from "./nearest.ts";
import { allows, expectation, type FieldRange, shown, type ValueOf } from "./ranges.ts";

/**
 * What has a state. A state is a plain object: numbers, texts, booleans, null, lists and objects of these, and typed
 * arrays (float32, int32, uint8, float64) as they are, or with a shape as `{ shape, data }`. It is a copy: what happens
 * later does not change it.
 */
export interface Stateful {
  /** Everything that its future depends on. */
  state(): object;
  /**
   * Takes back what `state` gave, so that everything that follows is the same, bit by bit. What is refused changes
   * nothing.
   * @throws FileFormatError naming what is missing or wrong
   */
  restore(state: unknown): void;
}

/**
 * The fields of a state, checked against what each may be: none is missing, none is there that is not known.
 * @throws FileFormatError naming the field, its value and what would be right
 */
export function fields<const R extends Readonly<Record<string, FieldRange>>>(
  state: unknown,
  ranges: R,
): { readonly [name in keyof R]: ValueOf<R[name]> } {
  if (typeof state !== "object" || state === null) throw new FileFormatError(`${shown(state)} is not a state`);
  for (const [name, range] of Object.entries(ranges)) {
    if (!Object.hasOwn(state, name)) throw new FileFormatError(`${name} is missing`);
    const value = (state as Readonly<Record<string, unknown>>)[name];
    if (!allows(range, value))
      throw new FileFormatError(`${name}: ${shown(value)} is not ${expectation(range, value)}`);
  }
  for (const name of Object.keys(state)) {
    if (Object.hasOwn(ranges, name)) continue;
    throw new FileFormatError(`there is no field ${name}; ${suggestion(name, Object.keys(ranges))}`);
  }
  return state as { readonly [name in keyof R]: ValueOf<R[name]> };
}

/**
 * Runs `body`, whose errors about what it reads then begin with the place where that stands.
 * @throws FileFormatError
 */
export function within<T>(place: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const isAboutInput = error instanceof FileFormatError || error instanceof ConfigurationError;
    throw isAboutInput ? new FileFormatError(`${place}: ${error.message}`) : error;
  }
}
