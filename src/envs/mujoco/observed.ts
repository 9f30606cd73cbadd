// What observations are made of: parts, each of which writes its numbers and says where the next begins.

import type { Kernels } from "../../engine/index.ts";
import type { Arrays } from "./library.ts";

/** Writes numbers from `at` on, and says where the next one goes. */
export type Observed = (arrays: Arrays, into: Float32Array, at: number, kernels: Kernels) => number;

/** Elements of an array. @param limit beyond which they are cut off, in both directions */
export function part(name: keyof Arrays, from = 0, to?: number, limit = Number.POSITIVE_INFINITY): Observed {
  return (arrays, into, at) => {
    const array = arrays[name];
    const end = to ?? array.length;
    for (let index = from; index < end; index++)
      into[at + index - from] = Math.min(Math.max(array[index] as number, -limit), limit);
    return at + end - from;
  };
}

/** Sines of elements of the positions. A kernel that is called by its own name takes and gives numbers as they are. */
export function sines(from: number, to: number): Observed {
  return ({ qpos }, into, at, kernels) => {
    for (let index = from; index < to; index++) into[at + index - from] = kernels.sin(qpos[index] as number);
    return at + to - from;
  };
}

/** Cosines of elements of the positions. */
export function cosines(from: number, to: number): Observed {
  return ({ qpos }, into, at, kernels) => {
    for (let index = from; index < to; index++) into[at + index - from] = kernels.cos(qpos[index] as number);
    return at + to - from;
  };
}

/** The first coordinates of where one body is, as seen from another. */
export function between(body: number, other: number, coordinates: number): Observed {
  return ({ xpos }, into, at) => {
    for (let index = 0; index < coordinates; index++)
      into[at + index] = (xpos[3 * body + index] as number) - (xpos[3 * other + index] as number);
    return at + coordinates;
  };
}
