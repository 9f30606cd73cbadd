// The numbers that a case of gradients is computed on: a hash of their place, so that every engine and PyTorch get the
// same ones.

import type { DataType } from "proximal/tensor";

/** What the letters in shapes stand for. */
export interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

type Size = number | keyof Sizes;

/** An input of a case. */
export interface Description {
  readonly shape: readonly Size[];
  /** Between which two numbers its elements lie, by default -2 and 2. */
  readonly range?: readonly [low: number, high: number];
  /** Elements that have to be certain numbers, where an operator has its corners. */
  readonly set?: Readonly<Record<number, number>>;
  /** For indices: the elements are integers below it. */
  readonly below?: Size;
  /** Without a gradient, as indices always are. */
  readonly constant?: boolean;
}

export interface Input {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly constant: boolean;
  readonly values: readonly number[];
}

/** Odd, so that every kernel meets its ragged edges. The fixture has these. */
export const fixtureSizes: Sizes = { m: 13, k: 9, n: 11 };

/** How many inputs a case may have, its weights included, before its numbers would be those of the next one. */
const SALTS = 16;

/** A fraction in [0, 1), a multiple of 2^-24, of two integers: the finaliser of MurmurHash3 (Appleby, 2011). */
export function fraction(index: number, salt: number): number {
  let h = (index + Math.imul(salt, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 8) / 2 ** 24;
}

/**
 * The inputs of a case at these sizes, all exact in float32.
 * @param position the place of the case in the table
 */
export function inputsOf(
  { position, inputs }: { readonly position: number; readonly inputs: Readonly<Record<string, Description>> },
  sizes: Sizes,
): Input[] {
  const resolve = (size: Size): number => (typeof size === "number" ? size : sizes[size]);
  return Object.entries(inputs).map(([name, description], index) => {
    const { range: [low, high] = [-2, 2], set = {}, below, constant = false } = description;
    const shape = description.shape.map(resolve);
    const shares = fractions(shape, SALTS * position + index);
    if (below !== undefined) {
      const values = shares.map((share) => Math.floor(share * resolve(below)));
      return { name, shape, dtype: "int32", constant: true, values };
    }
    const values = shares.map((share, element) => set[element] ?? Math.fround(low + (high - low) * share));
    return { name, shape, dtype: "float32", constant, values };
  });
}

/** A case's loss is the sum of its output's elements, each times one of these weights. */
export function weightsOf({ position }: { readonly position: number }, length: number): number[] {
  return fractions([length], SALTS * position + SALTS - 1).map((share) => Math.fround(2 * share - 1));
}

function fractions(shape: readonly number[], salt: number): number[] {
  const length = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length }, (_, index) => fraction(index, salt));
}
