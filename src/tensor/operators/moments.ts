// Normalisation by running moments, float64 tensors that the programs read where they are.

import { ShapeError } from "../../base/errors.ts";
import { formatShape } from "../../base/spec.ts";
import { call, constants64, scratch } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { ofType } from "./shapes.ts";

/** A mean and a variance for each column: [columns], in float64. */
export interface Moments {
  /** [columns] */
  readonly mean: Tensor<"float64">;
  /** [columns] */
  readonly variance: Tensor<"float64">;
}

/** What is added to a variance, so that none is 0: that of CleanRL and Stable-Baselines3. */
const EPSILON = 1e-8;

/**
 * (x - mean) / √(variance + 1e-8), limited to -limit and limit: [rows, columns] of float32. It is computed in float64
 * and rounded once. No derivative flows through it.
 */
export function normalize(x: Tensor, moments: Moments, limit = Number.POSITIVE_INFINITY): Tensor {
  const columns = columnsOf("normalize", moments);
  if (x.size % columns !== 0 || (x.shape.at(-1) !== columns && columns !== 1))
    throw new ShapeError(`normalize: ${formatShape(x.shape)} by the moments of ${columns} columns`);
  const { mean, variance } = moments;
  const settings = constants64(EPSILON, limit);
  const room = scratch(8 * (columns + 1));
  return call("normalize", x, x, mean, variance, settings, room, x.size / columns, columns);
}

/** x √(variance + 1e-8) + mean, by the moments of one column. No derivative flows through it. */
export function denormalize(x: Tensor, moments: Moments): Tensor {
  if (columnsOf("denormalize", moments) !== 1)
    throw new ShapeError(`denormalize: ${formatShape(moments.mean.shape)} moments; it takes those of one column`);
  return call("denormalize", x, x, moments.mean, moments.variance, constants64(EPSILON), x.size);
}

function columnsOf(operator: string, { mean, variance }: Moments): number {
  for (const tensor of [mean, variance]) ofType(operator, tensor, "float64");
  if (mean.size !== variance.size)
    throw new ShapeError(
      `${operator}: mean ${formatShape(mean.shape)} and variance ${formatShape(variance.shape)} differ in shape`,
    );
  return mean.size;
}
