// Operators of two tensors, with NumPy's broadcasting as far as it comes down to rows and columns; broadcast.ts has all
// of it, on top of these. A number in place of a tensor is a constant.

import { float32, type Shape, sizeOf } from "../../base/spec.ts";
import type { KernelName } from "../../engine/code.ts";
import { call, constant, detached, differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { broadcast, repetition } from "./broadcasting.ts";
import { negate } from "./elementwise.ts";

/** A tensor, or a number that is the same in every replay. */
export type TensorOrNumber = Tensor | number;

function elementwise(kernel: KernelName, a: Tensor, b: Tensor): Tensor {
  const { shape, sizes } = broadcast(kernel, a.shape, b.shape);
  return call(kernel, float32(shape), a, b, ...sizes);
}

function tensor(operand: TensorOrNumber): Tensor {
  return typeof operand === "number" ? constant(operand) : operand;
}

/**
 * The adjoint of broadcasting: the sum of a gradient over everything that an operand of this shape was repeated along.
 */
function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  const { rows, columns, ownRows, ownColumns } = repetition(shape, gradient.shape);
  if (ownRows && ownColumns) return reshaped(gradient, shape);
  if (sizeOf(shape) === 1) return call("sum", float32(shape), gradient, gradient.size);
  return call(ownColumns ? "sumRows" : "sumColumns", float32(shape), gradient, rows, columns);
}

/** a + b */
export function add(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("add", x, y), (gradient) => [
    [x, () => unbroadcast(gradient, x.shape)],
    [y, () => unbroadcast(gradient, y.shape)],
  ]);
}

/** a - b */
export function subtract(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("subtract", x, y), (gradient) => [
    [x, () => unbroadcast(gradient, x.shape)],
    [y, () => unbroadcast(negate(gradient), y.shape)],
  ]);
}

/** a * b */
export function multiply(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("multiply", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, y), x.shape)],
    [y, () => unbroadcast(multiply(gradient, x), y.shape)],
  ]);
}

/** a / b; the derivative with respect to b is -(a / b) / b. */
export function divide(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  const quotient = elementwise("divide", x, y);
  return differentiable(quotient, (gradient) => [
    [x, () => unbroadcast(divide(gradient, y), x.shape)],
    [y, () => unbroadcast(negate(multiply(gradient, divide(quotient, y))), y.shape)],
  ]);
}

/** The larger of a and b; where they are equal, each gets half of the gradient. */
export function maximum(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("maximum", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, elementwise("maximumShare", x, y)), x.shape)],
    [y, () => unbroadcast(multiply(gradient, elementwise("maximumShare", y, x)), y.shape)],
  ]);
}

/** The smaller of a and b; where they are equal, each gets half of the gradient. */
export function minimum(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("minimum", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, elementwise("maximumShare", y, x)), x.shape)],
    [y, () => unbroadcast(multiply(gradient, elementwise("maximumShare", x, y)), y.shape)],
  ]);
}

/** x² */
export function square(x: Tensor): Tensor {
  return differentiable(elementwise("multiply", x, x), (gradient) => [[x, () => multiply(multiply(gradient, 2), x)]]);
}

/** 1 where a > b, else 0; a step, whose derivative is 0. */
export function greater(a: TensorOrNumber, b: TensorOrNumber): Tensor {
  return detached(elementwise("greater", tensor(a), tensor(b)));
}
