// What a space is: the set that observations or actions come from, under Gymnasium's names.

import type { DataOf, DataType, Spec } from "../base/spec.ts";
import type { PCG64 } from "../engine/random.ts";

/** One element of a batch that does not belong to a space. */
export interface Violation {
  /** Which number of the element it is, as in `[2]`; empty where the element is one number. */
  readonly at: string;
  /** The number. */
  readonly value: number;
  /** What it has to be, as in "an integer from 0 to 1". */
  readonly expected: string;
}

/** A space as it is written into files. */
export interface SpaceJSON {
  /** What kind of space it is. */
  readonly type: string;
  /** What its kind needs. */
  readonly [field: string]: unknown;
}

/**
 * A set of arrays of one shape and data type. An environment gets an action of shape [] as a number, any other as an
 * array.
 */
export interface Space<D extends DataType = DataType> extends Spec<D> {
  /** What kind of space it is, as in "Box": its name in files. */
  readonly type: string;
  /** Whether `x` is one of its elements. */
  contains(x: unknown): boolean;
  /** What is wrong with element `index` of a batch [batch, ...shape]; undefined, at no allocation, where nothing is. */
  violation(batch: ArrayLike<number>, index: number): Violation | undefined;
  /** An element drawn uniformly. */
  sample(rng: PCG64): number | DataOf<D>;
  /** Whether another space has the same elements. */
  equals(other: Space): boolean;
  /** What `spaceFrom` makes the same space of. */
  toJSON(): SpaceJSON;
  /** As in `Discrete(2)`. */
  toString(): string;
}
