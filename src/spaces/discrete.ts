// The integers that count something: which of n actions to take.

import { ConfigurationError } from "../base/errors.ts";
import { atLeastOne, checkValue } from "../base/ranges.ts";
import { type DataOf, float32, type Spec } from "../base/spec.ts";
import { fields } from "../base/state.ts";
import type { PCG64 } from "../engine/random.ts";
import { KnownSpace, type ObservationSpace, type Space, type SpaceJSON, type Violation } from "./space.ts";

const FEW = 12;
const anyInt32 = { kind: "integer", from: -(2 ** 31), to: 2 ** 31 - 1 } as const;

/**
 * The `n` integers from `start` on.
 *
 * ```ts
 * const actions = new Discrete(2); // 0 or 1
 * const dice = new Discrete(6, 1); // 1 to 6
 * ```
 */
export class Discrete extends KnownSpace implements Space<"int32"> {
  readonly type = "Discrete";
  readonly shape = [] as const;
  readonly dtype = "int32";
  /** How many there are. */
  readonly n: number;
  /** The least of them. */
  readonly start: number;
  readonly flat: Spec<"float32">;
  readonly choices: readonly number[];

  /** @throws ConfigurationError unless n is an integer of at least 1 and start is an integer, within int32 */
  constructor(n: number, start = 0) {
    super();
    checkValue("Discrete: n", atLeastOne, n);
    checkValue("Discrete: start", anyInt32, start);
    if (start + n > 2 ** 31)
      throw new ConfigurationError(`Discrete: ${n} integers from ${start} on; all of them have to be within int32`);
    this.n = n;
    this.start = start;
    this.flat = float32([n]);
    this.choices = [n];
  }

  contains(x: unknown): boolean {
    return Number.isInteger(x) && (x as number) >= this.start && (x as number) < this.start + this.n;
  }

  violation(batch: ArrayLike<number>, index: number): Violation | undefined {
    return this.#violation(batch[index]);
  }

  flatten(observation: unknown, into: DataOf, offset = 0): Violation | undefined {
    const violation = this.#violation(observation);
    if (violation !== undefined) return violation;
    const end = offset + this.n;
    // A call takes longer than a few numbers.
    if (this.n > FEW) into.fill(0, offset, end);
    else for (let index = offset; index < end; index++) into[index] = 0;
    into[offset + (observation as number) - this.start] = 1;
    return undefined;
  }

  empty(): number {
    return this.start;
  }

  sample(rng: PCG64): number {
    return this.start + rng.integer(this.n);
  }

  equals(other: ObservationSpace): boolean {
    return other instanceof Discrete && other.n === this.n && other.start === this.start;
  }

  toJSON(): SpaceJSON {
    return { type: this.type, n: this.n, start: this.start };
  }

  override toString(): string {
    return this.start === 0 ? `Discrete(${this.n})` : `Discrete(${this.n}, start ${this.start})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON): Discrete {
    const { n, start } = fields(json, { type: { kind: "text" }, n: atLeastOne, start: anyInt32 });
    return new Discrete(n, start);
  }

  #violation(value: unknown): Violation | undefined {
    if (this.contains(value)) return undefined;
    return { at: "", value, expected: `an integer from ${this.start} to ${this.start + this.n - 1}` };
  }
}
