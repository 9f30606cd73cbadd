// The sets that observations and actions come from, with Gymnasium's names.

import { ConfigurationError, UnsupportedError } from "../engine/errors.ts";
import type { PCG64 } from "../engine/random.ts";

/** A space as it is written into files. Bounds may be infinite. */
export type SpaceDescription =
  | {
      readonly type: "Box";
      readonly low: readonly number[];
      readonly high: readonly number[];
      readonly shape: readonly number[];
    }
  | { readonly type: "Discrete"; readonly n: number; readonly start: number };

export type Space = Box | Discrete;

/** Arrays of float32, each element within its own bounds. */
export class Box {
  /** The least value of each element; may be -Infinity. */
  readonly low: Float32Array;
  /** The greatest value of each element; may be Infinity. */
  readonly high: Float32Array;
  readonly shape: readonly number[];

  /**
   * @param low one bound for all elements, or one for each
   * @param high likewise
   * @param shape by default that of a vector as long as the bounds
   * @throws ConfigurationError for bounds that do not fit the shape or each other
   */
  constructor(low: number | ArrayLike<number>, high: number | ArrayLike<number>, shape?: readonly number[]) {
    this.shape = Object.freeze([...(shape ?? [lengthOf(low) ?? lengthOf(high) ?? 1])]);
    for (const size of this.shape) {
      if (!Number.isSafeInteger(size) || size < 0) {
        throw new ConfigurationError(`Box: shape [${this.shape.join(", ")}]; sizes have to be integers of at least 0`);
      }
    }
    const length = this.shape.reduce((product, size) => product * size, 1);
    this.low = bounds("low", low, length);
    this.high = bounds("high", high, length);
    for (let index = 0; index < length; index++) {
      const from = this.low[index] as number;
      const to = this.high[index] as number;
      if (!(from <= to) || from === Number.POSITIVE_INFINITY || to === Number.NEGATIVE_INFINITY) {
        throw new ConfigurationError(`Box: element ${index} goes from ${from} to ${to}; no number lies between them`);
      }
    }
  }

  /** Whether `x` is an array of this many numbers, each within its bounds; NaN never is. */
  contains(x: unknown): boolean {
    if (!isArrayOfNumbers(x) || x.length !== this.low.length) return false;
    for (let index = 0; index < x.length; index++) {
      const value = x[index] as number;
      if (!(value >= (this.low[index] as number) && value <= (this.high[index] as number))) return false;
    }
    return true;
  }

  /**
   * An array drawn uniformly.
   * @throws UnsupportedError where an element is unbounded: there is no uniform distribution on it
   */
  sample(rng: PCG64): Float32Array {
    return Float32Array.from(this.low, (low, index) => {
      const high = this.high[index] as number;
      if (!Number.isFinite(low) || !Number.isFinite(high)) {
        throw new UnsupportedError(
          `Box: sample of element ${index}, from ${low} to ${high}; both bounds have to be finite`,
        );
      }
      return rng.uniform(low, high);
    });
  }

  equals(other: Space): boolean {
    return (
      other instanceof Box && same(this.shape, other.shape) && same(this.low, other.low) && same(this.high, other.high)
    );
  }

  describe(): SpaceDescription {
    return { type: "Box", low: [...this.low], high: [...this.high], shape: this.shape };
  }
}

/** The `n` integers from `start` on. */
export class Discrete {
  readonly n: number;
  readonly start: number;

  /** @throws ConfigurationError unless n is an integer of at least 1 and start is an integer */
  constructor(n: number, start = 0) {
    if (!Number.isSafeInteger(n) || n < 1)
      throw new ConfigurationError(`Discrete: n is ${n}; it has to be an integer of at least 1`);
    if (!Number.isSafeInteger(start))
      throw new ConfigurationError(`Discrete: start is ${start}; it has to be an integer`);
    this.n = n;
    this.start = start;
  }

  contains(x: unknown): boolean {
    return Number.isInteger(x) && (x as number) >= this.start && (x as number) < this.start + this.n;
  }

  /** One of the integers, each as likely as the others. */
  sample(rng: PCG64): number {
    return this.start + rng.integer(this.n);
  }

  equals(other: Space): boolean {
    return other instanceof Discrete && other.n === this.n && other.start === this.start;
  }

  describe(): SpaceDescription {
    return { type: "Discrete", n: this.n, start: this.start };
  }
}

/**
 * The space that `describe` described.
 * @throws ConfigurationError for what is not such a description
 */
export function spaceFrom(description: SpaceDescription): Space {
  const given: { readonly [key: string]: unknown } = description ?? {};
  const { type, low, high, shape, n, start } = given;
  if (type === "Box" && isArrayOfNumbers(low) && isArrayOfNumbers(high) && isArrayOfNumbers(shape)) {
    return new Box(low, high, Array.from(shape));
  }
  if (type === "Discrete") return new Discrete(n as number, start as number);
  throw new ConfigurationError(`space: ${JSON.stringify(description)} is neither a Box nor a Discrete`);
}

function lengthOf(bound: number | ArrayLike<number>): number | undefined {
  return typeof bound === "number" ? undefined : bound.length;
}

function bounds(name: string, given: number | ArrayLike<number>, length: number): Float32Array {
  if (typeof given === "number") return new Float32Array(length).fill(given);
  if (given.length !== length) {
    throw new ConfigurationError(`Box: ${name} has ${given.length} elements; its shape has ${length}`);
  }
  return Float32Array.from(given);
}

function isArrayOfNumbers(x: unknown): x is ArrayLike<number> {
  if (x instanceof Float32Array || x instanceof Float64Array) return true;
  return Array.isArray(x) && x.every((element) => typeof element === "number");
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
