// What a space is: the set that observations or actions come from, under Gymnasium's names.

import { NonFiniteError, type ProximalError, ShapeError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import type { DataOf, DataType, Spec } from "../base/spec.ts";
import type { PCG64 } from "../engine/random.ts";

/** What is wrong with something that does not belong to a space. */
export interface Violation {
  /** Which part of it that is, as in `[2]` or `.position[2]`; empty where it is all of it. */
  readonly at: string;
  /** The part. */
  readonly value: unknown;
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
 * What an environment shows: of a Box an array of numbers, in row order; of a Discrete a number; of a MultiDiscrete and
 * a MultiBinary an array; of a Dict an object; of a Tuple a list.
 */
export type Observation = number | object;

/** Any space: what observations come from. Each has a form in which its elements are flat arrays. */
export interface ObservationSpace {
  /** What kind of space it is, as in "Box": its name in files. */
  readonly type: string;
  /**
   * What an element is to rollouts and networks. A Box is its own, shape and data type kept. Of any other space it is
   * float32 [size], in the order of Gymnasium's `flatten`: Discrete and MultiDiscrete one-hot, one choice after the
   * other, MultiBinary as it is, Dict and Tuple one part after the other. Nothing is scaled: a byte of a picture within
   * a Dict stays a number from 0 to 255.
   */
  readonly flat: Spec;
  /** Whether `x` is one of its elements. */
  contains(x: unknown): boolean;
  /**
   * Writes an observation as `flat`, from `into[offset]` on. Numbers of a Box have to be finite in both data types; its
   * bounds are not looked at, which environments overstep by a rounding.
   * @returns what is wrong with it; undefined, at no allocation, where nothing is
   */
  flatten(observation: unknown, into: DataOf, offset?: number): Violation | undefined;
  /** An element to write into, where that is possible: new arrays of zeros, 0, or the least number there is. */
  empty(): unknown;
  /** An element drawn uniformly, the parts of a Dict or a Tuple one after the other. */
  sample(rng: PCG64): unknown;
  /** Whether another space has the same elements. */
  equals(other: ObservationSpace): boolean;
  /** What `spaceFrom` makes the same space of. */
  toJSON(): SpaceJSON;
  /** As in `Discrete(2)`. */
  toString(): string;
}

/**
 * A set of arrays of one shape and data type, from which actions come as well. An environment gets an action of shape
 * [] as a number, any other as an array.
 */
export interface Space<D extends DataType = DataType> extends ObservationSpace, Spec<D> {
  /** How many there are to choose from, of each choice that an action is made of; empty where it is made of none. */
  readonly choices: readonly number[];
  /** What is wrong with element `index` of a batch [batch, ...shape]; undefined, at no allocation, where nothing is. */
  violation(batch: ArrayLike<number>, index: number): Violation | undefined;
  sample(rng: PCG64): number | DataOf<D>;
}

/** What every kind of space extends, by which a space of this copy of the library is known. */
export abstract class KnownSpace {}

/** Whether observations of a space are flat as they are, as those of a Box. */
export function isFlat(space: ObservationSpace): boolean {
  return (space.flat as object) === space;
}

/** The error of what is not in its space. @param subject what it is, as in "observation[2] is" */
export function refusal(subject: string, { value, expected }: Violation, place = ""): ProximalError {
  const message = `${subject} ${shown(value)}${place}; it has to be ${expected}`;
  const isBroken = typeof value === "number" && !Number.isFinite(Math.fround(value));
  return isBroken ? new NonFiniteError(message) : new ShapeError(message);
}

/** What is wrong with what has to be a list or an array of so many numbers, but for the numbers themselves. */
export function lengthViolation(value: unknown, length: number): Violation | undefined {
  const numbers = value as ArrayLike<unknown> | null | undefined;
  // Gymnasium's [observation, info] is as long as some observations.
  const isRight = typeof value === "object" && numbers?.length === length && typeof (numbers[0] ?? 0) === "number";
  return isRight ? undefined : { at: "", value, expected: `an array of ${length} numbers` };
}
