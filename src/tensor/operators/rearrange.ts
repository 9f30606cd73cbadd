// Operators that put elements in other places along any axes, and leave their bits alone.

import { ShapeError } from "../../base/errors.ts";
import { type DataType, formatShape } from "../../base/spec.ts";
import { differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { axesOf } from "./shapes.ts";
import { copied, stridesOf } from "./strides.ts";

/**
 * The same elements with their axes in another order, as NumPy's transpose: axis i of the result is axis `axes[i]` of
 * x, and all are in reverse order unless said. Axes below 0 count from the last.
 */
export function transpose<D extends DataType>(x: Tensor<D>, axes?: readonly number[]): Tensor<D> {
  const { shape, dtype } = x;
  const order = axes === undefined ? [...shape.keys()].reverse() : axesOf("transpose", shape, axes);
  if (order.length !== shape.length)
    throw new ShapeError(
      `transpose: axes ${formatShape(order)} of ${formatShape(shape)}; they have to be all ${shape.length} of them`,
    );
  const strides = stridesOf(shape);
  const sizes = order.map((axis) => shape[axis] as number);
  const moved = order.filter((axis) => shape[axis] !== 1);
  // Axes of size 1 are nowhere in memory.
  if (moved.every((axis, index) => index === 0 || axis > (moved[index - 1] as number))) return reshaped(x, sizes);
  const to = stridesOf(sizes);
  const strided = order.map((axis, index) => ({
    size: sizes[index] as number,
    to: to[index] as number,
    from: strides[axis] as number,
  }));
  const back = order.map((_, axis) => order.indexOf(axis));
  return differentiable(copied({ shape: sizes, dtype }, x, strided) as Tensor, (gradient) => [
    [x as Tensor, () => transpose(gradient, back)],
  ]) as Tensor<D>;
}
