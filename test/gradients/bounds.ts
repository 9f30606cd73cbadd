// Comparing results with the reference, each element within its own derived bound.

import { UNIT } from "./value.ts";

/**
 * The first element that is further from the exact one than its bound, in words; undefined where none is. Bounds are in
 * units of 2^-24.
 */
export function firstBeyond(
  actual: ArrayLike<number>,
  exact: readonly number[],
  bounds: readonly number[],
): string | undefined {
  if (actual.length !== exact.length) return `${actual.length} elements, not ${exact.length}`;
  for (const [index, value] of exact.entries()) {
    const bound = UNIT * (bounds[index] as number) + SMALLEST;
    const found = actual[index] as number;
    if (!(Math.abs(found - value) <= bound)) return `element ${index} is ${found}, not ${value} ± ${bound}`;
  }
  return undefined;
}

/** The smallest float32 above 0: what a result may lose by being subnormal. */
const SMALLEST = 2 ** -149;
