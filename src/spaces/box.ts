// Arrays of numbers between bounds: what a robot senses and does, or the pixels of a picture.

import { ConfigurationError, FileFormatError, UnsupportedError } from "../base/errors.ts";
import { anyState, shown } from "../base/ranges.ts";
import {
  changedIn,
  type DataOf,
  type DataType,
  dataTypeOf,
  dataTypes,
  formatShape,
  newArray,
  type Shape,
  type Spec,
  sameNumbers,
  sizeOf,
} from "../base/spec.ts";
import { fields } from "../base/state.ts";
import type { PCG64 } from "../engine/random.ts";
import {
  KnownSpace,
  lengthViolation,
  type ObservationSpace,
  type Space,
  type SpaceJSON,
  type Violation,
} from "./space.ts";

/** As many numbers as fit a WebAssembly memory. */
const LARGEST = 2 ** 30;

const dataTypeNames = Object.keys(dataTypes) as DataType[];

/**
 * Arrays of one shape, each element within its own bounds.
 *
 * ```ts
 * const angles = new Box(-Math.PI, Math.PI, [3]);
 * const place = new Box([0, 0], [10, 5]); // bounds for each element
 * const pixels = new Box(0, 255, [3, 84, 84], "uint8");
 * ```
 */
export class Box<D extends DataType = "float32"> extends KnownSpace implements Space<D> {
  readonly type = "Box";
  readonly shape: Shape;
  readonly dtype: D;
  readonly choices: readonly number[] = [];
  /** The least value of each element; may be -Infinity. */
  readonly low: DataOf<D>;
  /** The greatest value of each element; may be Infinity. */
  readonly high: DataOf<D>;
  /** Whether its data type has whole numbers only. */
  readonly #isWhole: boolean;
  /** A number as its data type holds it. */
  readonly #held: DataOf<D>;

  /**
   * @param low one bound for all elements, or one for each
   * @param high likewise
   * @param shape by default that of a vector as long as the bounds
   * @param dtype float32 unless given; "uint8" for pixels
   * @throws ConfigurationError for bounds that do not fit the shape, the data type or each other
   */
  constructor(
    low: number | ArrayLike<number>,
    high: number | ArrayLike<number>,
    shape: Shape = [lengthOf(low) ?? lengthOf(high) ?? 1],
    dtype: D = "float32" as D,
  ) {
    super();
    if (!dataTypeNames.includes(dtype)) {
      throw new ConfigurationError(`Box: dtype ${dtype} is not ${dataTypeNames.join(" or ")}`);
    }
    if (!Array.isArray(shape)) throw new ConfigurationError(`Box: shape ${shown(shape)} is not a list of sizes`);
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    for (const size of this.shape) {
      if (!Number.isSafeInteger(size) || size < 0) {
        throw new ConfigurationError(`Box: shape ${formatShape(shape)}; sizes have to be integers of at least 0`);
      }
    }
    if (sizeOf(this.shape) > LARGEST)
      throw new ConfigurationError(`Box: shape ${formatShape(shape)} has more than ${LARGEST} elements`);
    this.#isWhole = dataTypes[dtype].isWhole;
    this.#held = newArray({ shape: [1], dtype });
    this.low = this.#bounds("low", low);
    this.high = this.#bounds("high", high);
    for (let index = 0; index < this.low.length; index++) {
      const from = this.low[index] as number;
      const to = this.high[index] as number;
      if (!(from <= to) || from === Number.POSITIVE_INFINITY || to === Number.NEGATIVE_INFINITY) {
        throw new ConfigurationError(`Box: element ${index} goes from ${from} to ${to}; no number lies between them`);
      }
    }
  }

  /** Itself. */
  get flat(): Spec<D> {
    return this;
  }

  /**
   * Whether `x` is a list or an array of its data type, of this many numbers, each within its bounds; NaN never is. For
   * the shape [] that is an array of one, as an observation is, or the number itself, as an action is.
   */
  contains(x: unknown): boolean {
    const numbers = typeof x === "number" && this.shape.length === 0 ? [x] : x;
    return (
      isArrayOfNumbers(numbers) &&
      (Array.isArray(numbers) || dataTypeOf(numbers) === this.dtype) &&
      numbers.length === this.low.length &&
      this.violation(numbers, 0) === undefined
    );
  }

  violation(batch: ArrayLike<number>, index: number): Violation | undefined {
    const { low, high } = this;
    for (let element = 0; element < low.length; element++) {
      const value = batch[index * low.length + element] as number;
      const from = low[element] as number;
      const to = high[element] as number;
      if (value >= from && value <= to && (!this.#isWhole || Number.isInteger(value))) continue;
      return {
        at: this.shape.length === 0 ? "" : `[${element}]`,
        value,
        expected: `${this.#isWhole ? "an integer " : ""}from ${from} to ${to}`,
      };
    }
    return undefined;
  }

  flatten(observation: unknown, into: DataOf, offset = 0): Violation | undefined {
    const { length } = this.low;
    const isNumber = typeof observation === "number" && this.shape.length === 0;
    const violation = isNumber ? undefined : lengthViolation(observation, length);
    if (violation !== undefined) return violation;
    const isWhole = this.#isWhole;
    if (isWhole && observation instanceof dataTypes[this.dtype].array) {
      into.set(observation, offset);
      return undefined;
    }
    for (let element = 0; element < length; element++) {
      const number = isNumber ? observation : (observation as ArrayLike<number>)[element];
      if (isWhole ? this.#holds(number) : Number.isFinite(number)) {
        into[offset + element] = number as number;
        if (Number.isFinite(into[offset + element])) continue;
      }
      const expected = isWhole ? this.dtype : `a finite ${dataTypeOf(into)}`;
      return { at: isNumber ? "" : `[${element}]`, value: number, expected };
    }
    return undefined;
  }

  empty(): DataOf<D> {
    return newArray(this);
  }

  /**
   * An array drawn uniformly, of one number for the shape []; of whole numbers, where the data type is one of those.
   * @throws UnsupportedError where an element is unbounded: there is no uniform distribution on it
   */
  sample(rng: PCG64): DataOf<D> {
    const drawn = newArray(this);
    for (const [index, low] of this.low.entries()) {
      const high = this.high[index] as number;
      if (!Number.isFinite(low) || !Number.isFinite(high)) {
        throw new UnsupportedError(
          `Box: sample of element ${index}, from ${low} to ${high}; both bounds have to be finite`,
        );
      }
      drawn[index] = this.#isWhole ? Math.floor(rng.uniform(low, high + 1)) : rng.uniform(low, high);
    }
    return drawn;
  }

  equals(other: ObservationSpace): boolean {
    return (
      other instanceof Box &&
      other.dtype === this.dtype &&
      sameNumbers(this.shape, other.shape) &&
      sameNumbers(this.low, other.low) &&
      sameNumbers(this.high, other.high)
    );
  }

  toJSON(): SpaceJSON {
    const { type, shape, dtype } = this;
    return { type, low: compact(this.low), high: compact(this.high), shape, dtype };
  }

  override toString(): string {
    return `Box(${[...this.shape, ...(this.dtype === "float32" ? [] : [this.dtype])].join(", ")})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON): Box<DataType> {
    const { low, high, shape, dtype } = fields(json, {
      ...{ type: anyState, low: anyState, high: anyState, shape: anyState },
      dtype: { kind: "choice", choices: dataTypeNames },
    });
    for (const [name, bound] of Object.entries({ low, high })) {
      if (typeof bound === "number" || isArrayOfNumbers(bound)) continue;
      throw new FileFormatError(`${name}: ${shown(bound)} is neither a number nor a list of numbers`);
    }
    if (!isArrayOfNumbers(shape)) throw new FileFormatError(`shape: ${shown(shape)} is not a list of numbers`);
    type Bound = number | ArrayLike<number>;
    return new Box(low as Bound, high as Bound, Array.from(shape), dtype);
  }

  #holds(number: unknown): boolean {
    if (typeof number !== "number") return false;
    this.#held[0] = number;
    return this.#held[0] === number;
  }

  #bounds(name: string, given: number | ArrayLike<number>): DataOf<D> {
    const array = newArray(this);
    const bounds = typeof given === "number" ? new Float64Array(array.length).fill(given) : given;
    if (bounds.length !== array.length)
      throw new ConfigurationError(`Box: ${name} has ${bounds.length} elements; its shape has ${array.length}`);
    array.set(bounds);
    const other = this.#isWhole ? changedIn(array, bounds) : -1;
    if (other < 0) return array;
    throw new ConfigurationError(`Box: ${name}[${other}] is ${bounds[other]}, which is no ${this.dtype}`);
  }
}

function lengthOf(bound: number | ArrayLike<number>): number | undefined {
  return typeof bound === "number" ? undefined : bound.length;
}

/** One number where all are the same. */
function compact(bounds: DataOf<DataType>): number | number[] {
  const [first] = bounds;
  return first !== undefined && bounds.every((bound) => bound === first) ? first : [...bounds];
}

function isArrayOfNumbers(x: unknown): x is ArrayLike<number> {
  return dataTypeOf(x) !== undefined || (Array.isArray(x) && x.every((element) => typeof element === "number"));
}
