// The log-probability of a diagonal Gaussian.

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape, sameNumbers } from "../../base/spec.ts";
import { call, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { matrix } from "./shapes.ts";

/**
 * Σ -z²/2 - logStd - log √2π over the columns, z = (action - mean) / exp(logStd): mean [batch, size], logStd [size],
 * action [batch, size] -> [batch]. No derivative flows to the action.
 */
export function gaussianLogProb(mean: Tensor, logStd: Tensor, action: Tensor): Tensor {
  const [rows, columns] = matrix("gaussianLogProb", mean);
  if (!sameNumbers(action.shape, mean.shape) || !sameNumbers(logStd.shape, [columns])) {
    const shapes = [mean, logStd, action].map((x) => formatShape(x.shape)).join(", ");
    throw new ShapeError(
      `gaussianLogProb: mean, logStd and action are ${shapes}; they have to be [batch, size], [size], [batch, size]`,
    );
  }
  return differentiable(call("gaussianLogProb", float32([rows]), mean, logStd, action, rows, columns), (gradient) => [
    [mean, () => call("gaussianLogProbMeanAdjoint", mean, gradient, mean, logStd, action, rows, columns)],
    [logStd, () => call("gaussianLogProbLogStdAdjoint", logStd, gradient, mean, logStd, action, rows, columns)],
  ]);
}
