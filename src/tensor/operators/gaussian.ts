// The log-probability of a diagonal Gaussian.

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape, sameNumbers } from "../../base/spec.ts";
import { call, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { negate } from "./elementwise.ts";
import { matrix } from "./shapes.ts";

/**
 * Σ -z²/2 - logStd - log √2π over the columns, z = (action - mean) / exp(logStd): mean [batch, size], logStd [size],
 * action [batch, size] -> [batch].
 */
export function gaussianLogProb(mean: Tensor, logStd: Tensor, action: Tensor): Tensor {
  const [rows, columns] = matrix("gaussianLogProb", mean);
  if (!sameNumbers(action.shape, mean.shape) || !sameNumbers(logStd.shape, [columns])) {
    const shapes = [mean, logStd, action].map((x) => formatShape(x.shape)).join(", ");
    throw new ShapeError(
      `gaussianLogProb: mean, logStd and action are ${shapes}; they have to be [batch, size], [size], [batch, size]`,
    );
  }
  const operands = [mean, logStd, action, rows, columns] as const;
  return differentiable(call("gaussianLogProb", float32([rows]), ...operands), (gradient) => {
    const toMean = () => call("gaussianLogProbMeanAdjoint", mean, gradient, ...operands);
    return [
      [mean, toMean],
      [logStd, () => call("gaussianLogProbLogStdAdjoint", logStd, gradient, ...operands)],
      // Only their difference counts.
      [action, () => negate(toMean())],
    ];
  });
}
