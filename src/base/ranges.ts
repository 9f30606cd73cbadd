// What a value may be, as data: for options that a person writes, for the command line that reads them from text, and
// for saved states that are read back.

import { ConfigurationError } from "./errors.ts";
import { suggestion } from "./nearest.ts";
import {
  type DataOf,
  type DataType,
  dataTypeOf,
  formatSpec,
  nonFiniteIn,
  type Shape,
  type Spec,
  sameNumbers,
  sizeOf,
} from "./spec.ts";

/** Numbers between two ends, which belong to it unless `exclusive`; NaN never does. With `none`, null as well. */
interface NumberRange {
  /** What kind of numbers. */
  readonly kind: "number" | "integer";
  /** The lower end. */
  readonly from: number;
  /** The upper end. */
  readonly to: number;
  /** Whether the ends do not belong to it. */
  readonly exclusive?: boolean;
  /** Where null belongs to it. */
  readonly none?: true;
}

/** What a person may write for an option. */
export type OptionRange =
  | NumberRange
  | { readonly kind: "boolean" }
  | {
      /** One of some words. */
      readonly kind: "choice";
      /** The words. */
      readonly choices: readonly string[];
    }
  /** A list of integers of 1 or more. */
  | { readonly kind: "sizes" };

/** What every element of an array may be: anything unless given. */
export interface ElementRange {
  /** Whether it has to be finite. */
  readonly finite?: boolean;
  /** The lower end. */
  readonly from?: number;
  /** The upper end, of which there is none without a lower one. */
  readonly to?: number;
}

/** A typed array of so many elements. */
interface ArrayRange extends ElementRange {
  /** That it is one. */
  readonly kind: "array";
  /** Of its elements. */
  readonly dtype: DataType;
  /** How many there are. */
  readonly length: number;
}

/** A tensor: `{ shape, data }`. */
interface TensorRange extends ElementRange {
  /** That it is one. */
  readonly kind: "tensor";
  /** Its shape and the data type of its elements. */
  readonly spec: Spec;
}

/** What a field of a saved state may be. */
export type FieldRange =
  | OptionRange
  | ArrayRange
  | TensorRange
  | {
      /** A list of states, each of which its owner checks. */
      readonly kind: "list";
      /** How many there are. */
      readonly length: number;
    }
  | {
      /** A text. */
      readonly kind: "text";
      /** Where null belongs to it. */
      readonly none?: true;
    }
  /** A state that its owner checks. */
  | { readonly kind: "state" };

/** A value that a range allows. */
export type ValueOf<R extends FieldRange> = R extends { kind: "number" | "integer" }
  ? R extends { none: true }
    ? number | null
    : number
  : R extends { kind: "boolean" }
    ? boolean
    : R extends { kind: "choice"; choices: readonly (infer C)[] }
      ? C
      : R extends { kind: "sizes" }
        ? readonly number[]
        : R extends { kind: "array"; dtype: infer D extends DataType }
          ? DataOf<D>
          : R extends { kind: "tensor"; spec: Spec<infer D> }
            ? { readonly shape: Shape; readonly data: DataOf<D> }
            : R extends { kind: "list" }
              ? readonly unknown[]
              : R extends { kind: "text" }
                ? R extends { none: true }
                  ? string | null
                  : string
                : unknown;

/** How many there are of something. */
export const count = { kind: "integer", from: 0, to: Number.MAX_SAFE_INTEGER } as const;
/** How many there are of something of which there has to be one. */
export const atLeastOne = { ...count, from: 1 } as const;
/** How many pictures are shown in a second. */
export const frameRate = { kind: "number", from: 0, to: 1000, exclusive: true } as const;
/** A state that its owner checks. */
export const anyState = { kind: "state" } as const;
/** True or false. */
export const boolean = { kind: "boolean" } as const;

/** Whether a range allows a value. */
export function allows(range: FieldRange, value: unknown): boolean {
  switch (range.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return range.choices.includes(value as string);
    case "sizes":
      return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 1);
    case "array":
      return allowsArray(range, value);
    case "tensor": {
      const { shape, data } = Object(value) as { readonly shape?: Shape; readonly data?: unknown };
      const { shape: right, dtype } = range.spec;
      if (!Array.isArray(shape) || !sameNumbers(shape, right)) return false;
      return allowsArray({ ...range, kind: "array", dtype, length: sizeOf(right) }, data);
    }
    case "list":
      return Array.isArray(value) && value.length === range.length;
    case "text":
      return typeof value === "string" || (value === null && range.none === true);
    case "state":
      return true;
    default:
      return allowsNumber(range, value);
  }
}

function allowsArray(range: ArrayRange, value: unknown): boolean {
  if (dataTypeOf(value) !== range.dtype) return false;
  const data = value as DataOf<DataType>;
  if (data.length !== range.length || (range.finite === true && nonFiniteIn(data) >= 0)) return false;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
  if (from === Number.NEGATIVE_INFINITY) return true;
  for (let index = 0; index < data.length; index++)
    if (!((data[index] as number) >= from && (data[index] as number) <= to)) return false;
  return true;
}

function allowsNumber(range: NumberRange, value: unknown): boolean {
  if (value === null) return range.none === true;
  if (typeof value !== "number" || Number.isNaN(value)) return false;
  if (range.kind === "integer" && !Number.isSafeInteger(value)) return false;
  return range.exclusive
    ? value > range.from && (value < range.to || range.to === Number.POSITIVE_INFINITY)
    : value >= range.from && value <= range.to;
}

/** What a range allows, in words that follow "is not"; its upper end where that is small or `value` is beyond it. */
export function expectation(range: FieldRange, value: unknown): string {
  switch (range.kind) {
    case "boolean":
      return "true or false";
    case "choice":
      return range.choices.join(" or ");
    case "sizes":
      return "a list of integers of 1 or more";
    case "array":
      return `an array of ${range.length} ${range.finite ? "finite " : ""}${range.dtype}${ends(range)}`;
    case "tensor":
      return `a tensor ${formatSpec(range.spec)}${range.finite ? " of finite numbers" : ""}${ends(range)}`;
    case "list":
      return `a list of ${range.length}`;
    case "text":
      return range.none ? "a text, or null" : "a text";
    case "state":
      return "a state";
    default: {
      const noun = range.kind === "integer" ? "an integer" : "a number";
      const none = range.none ? ", or null" : "";
      const isBeyond = Number.isSafeInteger(value) && (value as number) > range.to;
      if (range.to >= 2 ** 31 - 1 && !isBeyond)
        return `${noun} ${range.exclusive ? "above" : "of at least"} ${range.from}${none}`;
      const between = range.exclusive
        ? `between ${range.from} and ${range.to}, exclusive`
        : `from ${range.from} to ${range.to}`;
      return `${noun} ${between}${none}`;
    }
  }
}

function ends({ from, to }: ElementRange): string {
  if (from === undefined) return "";
  return to === undefined ? ` of at least ${from}` : ` from ${from} to ${to}`;
}

/** A value as an error shows it. */
export function shown(value: unknown): string {
  const dtype = dataTypeOf(value);
  if (dtype !== undefined) return `an array of ${(value as DataOf<DataType>).length} ${dtype}`;
  const { shape, data } = Object(value) as { readonly shape?: Shape; readonly data?: unknown };
  const inner = dataTypeOf(data);
  if (inner !== undefined && Array.isArray(shape)) return `a tensor ${formatSpec({ shape, dtype: inner })}`;
  const text = typeof value === "number" ? String(value) : typeof value === "bigint" ? `${value}n` : asJSON(value);
  // A function has lines.
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

function asJSON(value: unknown): string {
  try {
    // A promise says nothing as JSON.
    return (value instanceof Promise ? undefined : JSON.stringify(value)) ?? String(value);
  } catch {
    // A circle, or a large integer somewhere inside.
    return Object.prototype.toString.call(value);
  }
}

/** @throws ConfigurationError for a value that the range does not allow, under the name given */
export function checkValue(name: string, range: OptionRange, value: unknown): void {
  if (!allows(range, value))
    throw new ConfigurationError(`${name}: ${shown(value)} is not ${expectation(range, value)}`);
}

/**
 * Refuses options of names that their function does not know, and what is no object of options.
 * @param owner what takes them, for the error
 * @throws ConfigurationError with the name that was probably meant
 */
export function checkNames(owner: string, options: object, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new ConfigurationError(`${owner}: ${shown(options)} is not an object`);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new ConfigurationError(`${owner}: there is no option ${name}; ${suggestion(name, names)}`);
  }
}
