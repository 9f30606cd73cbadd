// Random numbers inside a program. A stream's position lies in linear memory, so each replay draws the next numbers.

import { float32, int32, type Shape, sizeOf } from "../../base/spec.ts";
import type { Stream } from "../../engine/random.ts";
import { call } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/** Uniform on [0, 1), multiples of 2⁻²⁴. */
export function uniform(stream: Stream, shape: Shape): Tensor {
  return call("philoxUniform", float32(shape), stream, sizeOf(shape));
}

/** Standard normal. */
export function normal(stream: Stream, shape: Shape): Tensor {
  return call("philoxNormal", float32(shape), stream, sizeOf(shape));
}

/** The integers from 0 to n - 1 in random order: int32 [n] */
export function permutation(stream: Stream, n: number): Tensor<"int32"> {
  return call("philoxPermutation", int32([n]), stream, n);
}
