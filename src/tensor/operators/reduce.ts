// Reductions.

import { ShapeError } from "../../engine/errors.ts";
import { call, constant, differentiable } from "../tape.ts";
import { formatShape, type Shape, type Tensor } from "../tensor.ts";
import { multiply } from "./arithmetic.ts";

/** A gradient repeated over a shape: rows by columns, advancing along those for which a stride is given. */
function repeat(gradient: Tensor, shape: Shape, rows: number, columns: number, row: number, column: number): Tensor {
  return call("multiply", shape, gradient, constant(1), rows, columns, row, column, 0, 0);
}

/** Σ x, a scalar; along an axis of a matrix, 0 for the rows and 1 for the columns, a vector. */
export function sum(x: Tensor, axis?: 0 | 1): Tensor {
  if (axis === undefined) {
    return differentiable(call("sum", [], x, x.size), (gradient) => [
      [x, () => repeat(gradient, x.shape, 1, x.size, 0, 0)],
    ]);
  }
  const [rows, columns] = matrix("sum", x);
  if (axis === 0) {
    return differentiable(call("sumRows", [columns], x, rows, columns), (gradient) => [
      [x, () => repeat(gradient, x.shape, rows, columns, 0, 4)],
    ]);
  }
  return differentiable(call("sumColumns", [rows], x, rows, columns), (gradient) => [
    [x, () => repeat(gradient, x.shape, rows, columns, 4, 0)],
  ]);
}

/** The mean of all elements, a scalar. */
export function mean(x: Tensor): Tensor {
  return differentiable(call("mean", [], x, x.size), (gradient) => [
    [x, () => repeat(multiply(gradient, 1 / x.size), x.shape, 1, x.size, 0, 0)],
  ]);
}

/** (x - mean) / (std + epsilon) over all elements, with the unbiased standard deviation. No derivative flows through it. */
export function standardize(x: Tensor, epsilon: number): Tensor {
  return call("standardize", x.shape, x, constant(epsilon), x.size);
}

/** 1 - Var(target - prediction) / Var(target), a scalar; NaN where the targets do not vary. No derivative flows through it. */
export function explainedVariance(prediction: Tensor, target: Tensor): Tensor {
  if (prediction.size !== target.size) {
    throw new ShapeError(
      `explainedVariance: ${formatShape(prediction.shape)} and ${formatShape(target.shape)} differ in size`,
    );
  }
  return call("explainedVariance", [], prediction, target, prediction.size);
}

/** Rows and columns of a matrix. */
export function matrix(operator: string, x: Tensor): [rows: number, columns: number] {
  const [rows, columns] = x.shape;
  if (x.shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(`${operator}: ${formatShape(x.shape)} is not a matrix`);
  }
  return [rows, columns];
}
