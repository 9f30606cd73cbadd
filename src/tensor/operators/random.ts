// Random numbers inside a program. A stream's position lies in linear memory, so each replay draws the next numbers.

import type { Stream } from "../../engine/random.ts";
import { call, callInt32, keep } from "../tape.ts";
import { type Shape, sizeOf, type Tensor } from "../tensor.ts";

/** Uniform on [0, 1), multiples of 2⁻²⁴. */
export function uniform(stream: Stream, shape: Shape): Tensor {
  keep(stream);
  return call("philoxUniform", shape, stream.address, sizeOf(shape));
}

/** Standard normal. */
export function normal(stream: Stream, shape: Shape): Tensor {
  keep(stream);
  return call("philoxNormal", shape, stream.address, sizeOf(shape));
}

/** The integers from 0 to n - 1 in random order: int32 [n] */
export function permutation(stream: Stream, n: number): Tensor<"int32"> {
  keep(stream);
  return callInt32("philoxPermutation", [n], stream.address, n);
}
