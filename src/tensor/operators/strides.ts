// Copies in which both sides advance along every axis by strides of their own: transposed, repeated, or a part of
// something larger. One kernel makes them all, of elements of any data type.

import { type DataType, dataTypes, type Shape, type Spec, sizeOf } from "../../base/spec.ts";
import { call, integers, type Operand } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/** An axis of a copy, and by how many elements the result and the operand advance along it. */
export interface StridedAxis {
  readonly size: number;
  readonly to: number;
  readonly from: number;
}

/** By how many elements a tensor of this shape advances along each axis. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** The operands of copyStrided behind x, for a copy along these axes. */
function layoutOf(dtype: DataType, axes: readonly StridedAxis[]): Operand[] {
  const { bytes } = dataTypes[dtype];
  // A run of neighbours is copied at once, and neighbouring axes that both sides go through evenly are one.
  const merged: StridedAxis[] = [{ size: 1, to: 1, from: 1 }];
  for (const axis of [...axes].reverse()) {
    const { size, ...inner } = merged[0] as StridedAxis;
    if (axis.size === 1) continue;
    if (axis.to === size * inner.to && axis.from === size * inner.from)
      merged[0] = { ...inner, size: size * axis.size };
    else merged.unshift(axis);
  }
  const run = (merged.pop() as StridedAxis).size;
  const layout = integers(merged.flatMap((axis) => [axis.size, axis.to * bytes, axis.from * bytes]));
  return [0, 0, layout, merged.length, run * bytes];
}

/** A tensor of this spec, written along these axes from x. */
export function copied<D extends DataType>(spec: Spec<D>, x: Tensor<D>, axes: readonly StridedAxis[]): Tensor<D> {
  return call("copyStrided", spec, x, ...layoutOf(x.dtype, axes));
}
