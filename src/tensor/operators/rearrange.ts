// Operators that put elements in other places along any axes, and leave their bits alone.

import { ShapeError } from "../../base/errors.ts";
import { bytesOf, type DataType, formatShape, formatSpec, sameNumbers } from "../../base/spec.ts";
import { call, differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { axesOf } from "./shapes.ts";
import { copied, copiedInto, partOf, stridesOf } from "./strides.ts";

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

/** Of an axis the indices from `start` up to `stop`, which is left out; all of them where neither is said. */
export type Range = readonly [start?: number, stop?: number];

/**
 * A part of x, as NumPy's x[start:stop, ...]: a range for each of the first axes, and all of the others. Numbers below
 * 0 count from the end, and unlike NumPy's they have to be in range: `slice(x, [[], [1, -1]])` is x[:, 1:-1].
 */
export function slice<D extends DataType>(x: Tensor<D>, ranges: readonly Range[]): Tensor<D> {
  const { shape, dtype } = x;
  if (ranges.length > shape.length)
    throw new ShapeError(`slice: ${ranges.length} ranges of ${formatShape(shape)}, which has ${shape.length} axes`);
  const bounds = shape.map((size, axis) => boundsOf(x, axis, size, ranges[axis] ?? []));
  const sizes = bounds.map(([start, stop]) => stop - start);
  if (sameNumbers(sizes, shape)) return x;
  const strides = stridesOf(shape);
  const first = bounds.reduce((offset, [start], axis) => offset + start * (strides[axis] as number), 0);
  const part = copied({ shape: sizes, dtype }, x, partOf(sizes, sizes, shape), first);
  return differentiable(part as Tensor, (gradient) => [
    [
      x as Tensor,
      () => {
        const zeros = call("zero", x as Tensor, bytesOf(x));
        return copiedInto(zeros, gradient, partOf(sizes, shape, sizes), first);
      },
    ],
  ]) as Tensor<D>;
}

function boundsOf(x: Tensor<DataType>, axis: number, size: number, range: Range): readonly [number, number] {
  const [start, stop] = [range[0] ?? 0, range[1] ?? size].map((end) => (end < 0 ? end + size : end)) as [
    number,
    number,
  ];
  if (Number.isInteger(start) && Number.isInteger(stop) && start >= 0 && start <= stop && stop <= size)
    return [start, stop];
  const given = `${formatShape(range as readonly number[])} along axis ${axis} of ${formatShape(x.shape)}`;
  throw new ShapeError(`slice: ${given}; it has to be from ${-size} to ${size}, in ascending order`);
}

/**
 * Tensors that differ along one axis at most, one after the other along it, as NumPy's concatenate. An axis below 0
 * counts from the last.
 */
export function concatenate<D extends DataType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("concatenate: no tensors; there has to be one at least");
  const { shape, dtype } = first;
  const [along] = axesOf("concatenate", shape, [axis]) as [number];
  const sizeOf = (x: Tensor<D>) => x.shape[along] as number;
  for (const x of tensors) {
    const isAlike = shape.every((size, index) => index === along || x.shape[index] === size);
    if (x.dtype === dtype && x.shape.length === shape.length && isAlike) continue;
    throw new ShapeError(`concatenate: ${formatSpec(first)} and ${formatSpec(x)} along axis ${axis} do not fit`);
  }
  const total = tensors.reduce((sum, x) => sum + sizeOf(x), 0);
  const spec = { shape: shape.map((size, index) => (index === along ? total : size)), dtype };
  const stride = stridesOf(spec.shape)[along] as number;
  let whole: Tensor<D> | undefined;
  let start = 0;
  for (const x of tensors) {
    const earlier = whole as Tensor | undefined;
    const axes = partOf(x.shape, spec.shape, x.shape);
    const next = whole === undefined ? copied(spec, x, axes) : copiedInto(whole, x, axes, start * stride);
    const range: Range = [start, start + sizeOf(x)];
    const ranges = shape.map((_, index): Range => (index === along ? range : []));
    whole = differentiable(next as Tensor, (gradient) => [
      ...(earlier === undefined ? [] : [[earlier, () => gradient] as const]),
      [x as Tensor, () => slice(gradient, ranges)],
    ]) as Tensor<D>;
    start += sizeOf(x);
  }
  return whole as Tensor<D>;
}
