// Several choices at once: how a controller's stick points, and which of its buttons are down.

import { ConfigurationError } from "../base/errors.ts";
import { checkValue, shown } from "../base/ranges.ts";
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

const counts = { kind: "sizes" } as const;
/** How many integers from 0 on there are in int32. */
const anyCount = { kind: "integer", from: 1, to: 2 ** 31 } as const;

/** Arrays of int32 [choices], each element one of the integers from 0 to its own count, which is left out. */
export class MultiDiscrete extends KnownSpace implements Space<"int32"> {
  readonly type = "MultiDiscrete";
  readonly shape: readonly [number];
  readonly dtype = "int32";
  /** How many there are to choose from, of each element. */
  readonly nvec: readonly number[];
  readonly flat: Spec<"float32">;
  readonly #box: Box<"int32">;

  /** @throws ConfigurationError for what is no list of integers of at least 1, one or more of them, within int32 */
  constructor(nvec: readonly number[]) {
    super();
    if (!Array.isArray(nvec) || nvec.length === 0)
      throw new ConfigurationError(`MultiDiscrete: nvec ${shown(nvec)} is not a list of one or more counts`);
    for (const [index, n] of nvec.entries()) checkValue(`MultiDiscrete: nvec[${index}]`, anyCount, n);
    this.nvec = Object.freeze([...nvec]);
    this.shape = Object.freeze([nvec.length] as const);
    this.flat = float32([nvec.reduce((sum, n) => sum + n, 0)]);
    const last = nvec.map((n) => n - 1);
    this.#box = new Box(0, last, this.shape, this.dtype);
  }

  get choices(): readonly number[] {
    return this.nvec;
  }

  /** Whether `x` is a list or an Int32Array of one integer for each choice, each below its count. */
  contains(x: unknown): boolean {
    return this.#box.contains(x);
  }

  violation(batch: ArrayLike<number>, index: number): Violation | undefined {
    return this.#box.violation(batch, index);
  }

  flatten(observation: unknown, into: DataOf, offset = 0): Violation | undefined {
    const chosen = observation as ArrayLike<number>;
    const violation = lengthViolation(chosen, this.nvec.length) ?? this.violation(chosen, 0);
    if (violation !== undefined) return violation;
    let at = offset;
    for (let choice = 0; choice < this.nvec.length; choice++) {
      const next = at + (this.nvec[choice] as number);
      into.fill(0, at, next);
      into[at + (chosen[choice] as number)] = 1;
      at = next;
    }
    return undefined;
  }

  empty(): Int32Array {
    return newArray(this);
  }

  /** An element drawn uniformly, by the numbers with which Gymnasium draws it. */
  sample(rng: PCG64): Int32Array {
    return Int32Array.from(this.nvec, (n) => Math.floor(n * rng.double()));
  }

  equals(other: ObservationSpace): boolean {
    return other instanceof MultiDiscrete && other.#box.equals(this.#box);
  }

  toJSON(): SpaceJSON {
    return { type: this.type, nvec: this.nvec };
  }

  override toString(): string {
    return `MultiDiscrete(${this.nvec.join(", ")})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON): MultiDiscrete {
    return new MultiDiscrete(fields(json, { type: { kind: "text" }, nvec: counts }).nvec);
  }
}
