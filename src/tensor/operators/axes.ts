// Sums and means along any axes. They stand on those of reduce.ts, which know matrices and are all that PPO needs.

import { sizeOf } from "../../base/spec.ts";
import type { Tensor } from "../tensor.ts";
import { divide } from "./arithmetic.ts";
import { transpose } from "./rearrange.ts";
import * as matrices from "./reduce.ts";
import { reshape } from "./rows.ts";
import { axesOf } from "./shapes.ts";

/** One axis, or several; those below 0 count from the last. */
export type Axes = number | readonly number[];

/** Σ x, a scalar; along these axes a tensor of the others, as NumPy's sum. Several axes are summed like one. */
export function sum(x: Tensor, axes?: Axes): Tensor {
  return axes === undefined ? matrices.sum(x) : sumOver("sum", x, axes);
}

/** The mean of all elements, a scalar; along these axes a tensor of the others, as NumPy's mean: NaN where none are. */
export function mean(x: Tensor, axes?: Axes): Tensor {
  if (axes === undefined) return matrices.mean(x);
  const total = sumOver("mean", x, axes);
  return total.size === 0 ? total : divide(total, x.size / total.size);
}

function sumOver(operator: string, x: Tensor, axes: Axes): Tensor {
  const { shape } = x;
  const over = axesOf(operator, shape, [axes].flat()).sort((a, b) => a - b);
  const rest = [...shape.keys()].filter((axis) => !over.includes(axis));
  const sizes = rest.map((axis) => shape[axis] as number);
  if (rest.length === 0) return matrices.sum(x);
  const [outer, inner] = [sizeOf(sizes), sizeOf(over.map((axis) => shape[axis] as number))];
  const areLast = rest.every((axis, index) => axis === index);
  const total = areLast
    ? matrices.sum(reshape(x, [outer, inner]), 1)
    : matrices.sum(reshape(transpose(x, [...over, ...rest]), [inner, outer]), 0);
  return reshape(total, sizes);
}
