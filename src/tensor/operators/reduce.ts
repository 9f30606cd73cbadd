// Operators that make one number of many: of a whole tensor, or of each row or column of a matrix. Those of any axes
// are in axes.ts, and are made of these.

import { ShapeError } from "../../base/errors.ts";
import { dataTypes, float32, formatShape } from "../../base/spec.ts";
import { call, constant, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { multiply } from "./arithmetic.ts";
import { matrix } from "./shapes.ts";

/** The stride of neighbours, in bytes. */
const ELEMENT = dataTypes.float32.bytes;

/** A gradient repeated over x: rows by columns, advancing along those for which a stride is given. */
function repeat(gradient: Tensor, x: Tensor, rows: number, columns: number, row: number, column: number): Tensor {
  return call("multiply", x, gradient, constant(1), rows, columns, row, column, 0, 0);
}

/** Σ x, a scalar; along an axis of a matrix, 0 for the rows and 1 for the columns, a vector. */
export function sum(x: Tensor, axis?: 0 | 1): Tensor {
  if (axis === undefined) {
    return differentiable(call("sum", float32(), x, x.size), (gradient) => [
      [x, () => repeat(gradient, x, 1, x.size, 0, 0)],
    ]);
  }
  const [rows, columns] = matrix("sum", x);
  if (axis === 0) {
    return differentiable(call("sumRows", float32([columns]), x, rows, columns), (gradient) => [
      [x, () => repeat(gradient, x, rows, columns, 0, ELEMENT)],
    ]);
  }
  return differentiable(call("sumColumns", float32([rows]), x, rows, columns), (gradient) => [
    [x, () => repeat(gradient, x, rows, columns, ELEMENT, 0)],
  ]);
}

/** The mean of all elements, a scalar. */
export function mean(x: Tensor): Tensor {
  return differentiable(call("mean", float32(), x, x.size), (gradient) => [
    [x, () => repeat(multiply(gradient, 1 / x.size), x, 1, x.size, 0, 0)],
  ]);
}

/**
 * (x - mean) / (std + epsilon) over all elements, with the unbiased standard deviation. No derivative flows through it.
 */
export function standardize(x: Tensor, epsilon: number): Tensor {
  return call("standardize", x, x, constant(epsilon), x.size);
}

/**
 * 1 - Var(target - prediction) / Var(target), a scalar; NaN where the targets do not vary. No derivative flows through
 * it.
 */
export function explainedVariance(prediction: Tensor, target: Tensor): Tensor {
  if (prediction.size !== target.size) {
    throw new ShapeError(
      `explainedVariance: ${formatShape(prediction.shape)} and ${formatShape(target.shape)} differ in size`,
    );
  }
  return call("explainedVariance", float32(), prediction, target, prediction.size);
}
