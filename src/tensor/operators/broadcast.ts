// Operators of two tensors with all of NumPy's broadcasting. Kernels repeat an operand along rows and columns, as those
// of arithmetic.ts do, which are all that PPO needs; one that would have to be along more is written out first.

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape, type Shape, sameNumbers } from "../../base/spec.ts";
import { differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import * as matrices from "./arithmetic.ts";
import { sum } from "./axes.ts";
import { groupsOf } from "./broadcasting.ts";
import { copied, partOf } from "./strides.ts";

/** What has a value in a program. */
type Operand = matrices.TensorOrNumber;

/**
 * x repeated along axes of size 1, or in front of its own, as NumPy's broadcast_to.
 * @throws ShapeError for a shape that takes more or less than that
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const result = groupsOf("broadcastTo", x.shape, shape).shape;
  if (!sameNumbers(result, shape))
    throw new ShapeError(
      `broadcastTo: ${formatShape(x.shape)} becomes ${formatShape(result)}, not ${formatShape(shape)}`,
    );
  if (sameNumbers(x.shape, shape)) return x;
  const missing = shape.length - x.shape.length;
  const own = shape.map((_, axis) => x.shape[axis - missing] ?? 1);
  const repeats = [...shape.keys()].filter((axis) => own[axis] !== shape[axis]);
  const axes = partOf(shape, shape, own).map((axis, index) => (repeats.includes(index) ? { ...axis, from: 0 } : axis));
  return differentiable(copied(float32(shape), x, axes), (gradient) => [
    [x, () => reshaped(sum(gradient, repeats), x.shape)],
  ]);
}

/** Both operands, repeated to the shape of the result where a kernel would not. */
function repeated(operator: string, a: Operand, b: Operand): [Operand, Operand] {
  if (typeof a === "number" || typeof b === "number") return [a, b];
  const { shape, groups } = groupsOf(operator, a.shape, b.shape);
  return groups.length > 2 ? [broadcastTo(a, shape), broadcastTo(b, shape)] : [a, b];
}

/** a + b */
export function add(a: Operand, b: Operand): Tensor {
  return matrices.add(...repeated("add", a, b));
}

/** a - b */
export function subtract(a: Operand, b: Operand): Tensor {
  return matrices.subtract(...repeated("subtract", a, b));
}

/** a * b */
export function multiply(a: Operand, b: Operand): Tensor {
  return matrices.multiply(...repeated("multiply", a, b));
}

/** a / b; the derivative with respect to b is -(a / b) / b. */
export function divide(a: Operand, b: Operand): Tensor {
  return matrices.divide(...repeated("divide", a, b));
}

/** The larger of a and b; where they are equal, each gets half of the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  return matrices.maximum(...repeated("maximum", a, b));
}

/** The smaller of a and b; where they are equal, each gets half of the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  return matrices.minimum(...repeated("minimum", a, b));
}

/** 1 where a > b, else 0; a step, whose derivative is 0. */
export function greater(a: Operand, b: Operand): Tensor {
  return matrices.greater(...repeated("greater", a, b));
}
