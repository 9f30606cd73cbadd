// Several things that are each on or off.

import { checkValue } from "../base/ranges.ts";
import { type DataOf, float32, newArray, type Spec } from "../base/spec.ts";
import { fields } from "../base/state.ts";
import type { PCG64 } from "../engine/random.ts";
import { Box } from "./box.ts";
import {
  KnownSpace,
  lengthViolation,
  type ObservationSpace,
  type Space,
  type SpaceJSON,
  type Violation,
} from "./space.ts";

/** More do not fit a WebAssembly memory. */
const anyNumber = { kind: "integer", from: 1, to: 2 ** 30 } as const;

/**
 * Arrays of 0 and 1, `n` of them. They are int32 as all choices here are, where Gymnasium's are int8: what a policy
 * draws is what an environment gets.
 */
export class MultiBinary extends KnownSpace implements Space<"int32"> {
  readonly type = "MultiBinary";
  readonly shape: readonly [number];
  readonly dtype = "int32";
  /** How many there are. */
  readonly n: number;
  readonly flat: Spec<"float32">;
  readonly #box: Box<"int32">;
  #choices: readonly number[] | undefined;

  /** @throws ConfigurationError unless n is an integer from 1 to 2^30 */
  constructor(n: number) {
    super();
    checkValue("MultiBinary: n", anyNumber, n);
    this.n = n;
    this.shape = Object.freeze([n] as const);
    this.flat = float32(this.shape);
    this.#box = new Box(0, 1, this.shape, this.dtype);
  }

  /** n times off or on, in this order: made where a mask first asks for it. */
  get choices(): readonly number[] {
    this.#choices ??= Object.freeze(Array(this.n).fill(2));
    return this.#choices;
  }

  /** Whether `x` is a list or an Int32Array of n numbers that are 0 or 1. */
  contains(x: unknown): boolean {
    return this.#box.contains(x);
  }

  violation(batch: ArrayLike<number>, index: number): Violation | undefined {
    return this.#box.violation(batch, index);
  }

  flatten(observation: unknown, into: DataOf, offset = 0): Violation | undefined {
    const bits = observation as ArrayLike<number>;
    const violation = lengthViolation(bits, this.n) ?? this.violation(bits, 0);
    if (violation === undefined) into.set(bits, offset);
    return violation;
  }

  empty(): Int32Array {
    return newArray(this);
  }

  /** An element drawn uniformly, by the bits with which Gymnasium draws it: the highest of each byte of a word. */
  sample(rng: PCG64): Int32Array {
    let word = 0;
    return Int32Array.from({ length: this.n }, (_, index) => {
      // The upper 31 bits of the next one.
      if (index % 4 === 0) word = rng.integer(2 ** 31);
      return (word >>> (8 * (index % 4) + 6)) & 1;
    });
  }

  equals(other: ObservationSpace): boolean {
    return other instanceof MultiBinary && other.n === this.n;
  }

  toJSON(): SpaceJSON {
    return { type: this.type, n: this.n };
  }

  override toString(): string {
    return `MultiBinary(${this.n})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON): MultiBinary {
    return new MultiBinary(fields(json, { type: { kind: "text" }, n: anyNumber }).n);
  }
}
