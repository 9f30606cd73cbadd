// Operators of two tensors, with NumPy's broadcasting. A number in place of a tensor is a constant.

import { ShapeError } from "../../engine/errors.ts";
import { call, constant, differentiable, type KernelName, reshaped } from "../tape.ts";
import { formatShape, type Shape, sizeOf, type Tensor } from "../tensor.ts";
import { broadcast, repetition } from "./broadcasting.ts";
import { negate } from "./elementwise.ts";

export type Operand = Tensor | number;

function elementwise(kernel: KernelName, a: Tensor, b: Tensor): Tensor {
  for (const operand of [a, b]) {
    if (operand.dtype !== "float32")
      throw new ShapeError(`${kernel}: ${formatShape(operand.shape)} is ${operand.dtype}, not float32`);
  }
  const { shape, sizes } = broadcast(kernel, a, b);
  return call(kernel, shape, a, b, ...sizes);
}

function tensor(operand: Operand): Tensor {
  return typeof operand === "number" ? constant(operand) : operand;
}

/** The adjoint of broadcasting: the sum of a gradient over everything that an operand of this shape was repeated along. */
function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  const { rows, columns, ownRows, ownColumns } = repetition(shape, gradient.shape);
  if (ownRows && ownColumns) return reshaped(gradient, shape);
  if (sizeOf(shape) === 1) return call("sum", shape, gradient, gradient.size);
  if (ownColumns) return call("sumRows", shape, gradient, rows, columns);
  return call("sumColumns", shape, gradient, rows, columns);
}

/** a + b */
export function add(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("add", x, y), (gradient) => [
    [x, () => unbroadcast(gradient, x.shape)],
    [y, () => unbroadcast(gradient, y.shape)],
  ]);
}

/** a - b */
export function subtract(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("subtract", x, y), (gradient) => [
    [x, () => unbroadcast(gradient, x.shape)],
    [y, () => unbroadcast(negate(gradient), y.shape)],
  ]);
}

/** a * b */
export function multiply(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("multiply", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, y), x.shape)],
    [y, () => unbroadcast(multiply(gradient, x), y.shape)],
  ]);
}

/** a / b; the derivative with respect to b is -(a / b) / b. */
export function divide(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  const quotient = elementwise("divide", x, y);
  return differentiable(quotient, (gradient) => [
    [x, () => unbroadcast(divide(gradient, y), x.shape)],
    [y, () => unbroadcast(negate(multiply(gradient, divide(quotient, y))), y.shape)],
  ]);
}

/** The larger of a and b; where they are equal, each gets half of the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("maximum", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, elementwise("preference", x, y)), x.shape)],
    [y, () => unbroadcast(multiply(gradient, elementwise("preference", y, x)), y.shape)],
  ]);
}

/** The smaller of a and b; where they are equal, each gets half of the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [x, y] = [tensor(a), tensor(b)];
  return differentiable(elementwise("minimum", x, y), (gradient) => [
    [x, () => unbroadcast(multiply(gradient, elementwise("preference", y, x)), x.shape)],
    [y, () => unbroadcast(multiply(gradient, elementwise("preference", x, y)), y.shape)],
  ]);
}

/** x² */
export function square(x: Tensor): Tensor {
  return differentiable(elementwise("multiply", x, x), (gradient) => [[x, () => multiply(multiply(gradient, 2), x)]]);
}

/** 1 where a > b, else 0. No derivative flows through it. */
export function greater(a: Operand, b: Operand): Tensor {
  return elementwise("greater", tensor(a), tensor(b));
}
