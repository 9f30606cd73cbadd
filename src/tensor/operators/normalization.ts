// Layer normalisation (Ba et al., 2016, arXiv 1607.06450).

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape, sameNumbers } from "../../base/spec.ts";
import { call, callMany, constant, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { add, multiply } from "./arithmetic.ts";
import { matrix } from "./shapes.ts";

/**
 * (x - mean) / √(variance + epsilon) · weight + bias, with mean and biased variance of each row, as PyTorch's
 * layer_norm: [batch, features], [features] and [features] -> [batch, features]. The statistics are in float64.
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  const [rows, columns] = matrix("layerNorm", x);
  for (const [name, { shape }] of Object.entries({ weight, bias })) {
    if (sameNumbers(shape, [columns])) continue;
    throw new ShapeError(`layerNorm: ${name} ${formatShape(shape)} for ${columns} features; it has to be [${columns}]`);
  }
  const [scales, normalized] = callMany(
    "normalizeRows",
    [float32([rows]), x],
    ...[x, constant(epsilon), rows, columns],
  ) as [Tensor, Tensor];
  const result = differentiable(normalized, (gradient) => [
    [x, () => call("normalizeRowsAdjoint", x, gradient, normalized, scales, rows, columns)],
  ]);
  return add(multiply(result, weight), bias);
}
