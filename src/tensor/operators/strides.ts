// Copies in which both sides advance along every axis by strides of their own: transposed, repeated, or a part of
// something larger. One kernel makes them all, of elements of any data type.

import { type DataType, dataTypes, type Shape, type Spec, sizeOf } from "../../base/spec.ts";
import { call, callWithin, integers, type Operand } from "../tape.ts";
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

/** The operands of copyStrided behind x, for a copy along these axes that begins at so many elements of either side. */
function layoutOf(dtype: DataType, axes: readonly StridedAxis[], to: number, from: number): Operand[] {
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
  return [to * bytes, from * bytes, layout, merged.length, run * bytes];
}

/** A tensor of this spec, written along these axes from x, of which it begins at element `from`. */
export function copied<D extends DataType>(
  spec: Spec<D>,
  x: Tensor<D>,
  axes: readonly StridedAxis[],
  from = 0,
): Tensor<D> {
  return call("copyStrided", spec, x, ...layoutOf(x.dtype, axes, 0, from));
}

/** The tensor `whole` with x written over a part of it along these axes, from element `to` on. */
export function copiedInto<D extends DataType>(
  whole: Tensor<D>,
  x: Tensor<D>,
  axes: readonly StridedAxis[],
  to: number,
): Tensor<D> {
  return callWithin(whole, "copyStrided", x, ...layoutOf(x.dtype, axes, to, 0));
}

/** The axes of a copy between tensors of which one holds a part of this shape of the other, or is one. */
export function partOf(shape: Shape, to: Shape, from: Shape): StridedAxis[] {
  const [toStrides, fromStrides] = [stridesOf(to), stridesOf(from)];
  return shape.map((size, axis) => ({ size, to: toStrides[axis] as number, from: fromStrides[axis] as number }));
}
