// The operators of a categorical distribution over the columns of a matrix.

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape, int32, sameNumbers } from "../../base/spec.ts";
import { call, detached, differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { multiply, subtract } from "./arithmetic.ts";
import { exp } from "./elementwise.ts";
import { matrix, ofType, oneForEachRow } from "./shapes.ts";

/** x - log Σ exp(x) in each row: [batch, classes] -> [batch, classes] */
export function logSoftmax(x: Tensor): Tensor {
  const [rows, columns] = matrix("logSoftmax", x);
  const y = call("logSoftmax", x, x, rows, columns);
  return differentiable(y, (gradient) => [[x, () => call("logSoftmaxAdjoint", x, gradient, y, rows, columns)]]);
}

/**
 * x[row, indices[row]], as PyTorch's gather and NumPy's take_along_axis along the columns: [batch, classes] and int32
 * [batch] -> [batch]. The indices have to be in range; nothing checks them.
 */
export function gather(x: Tensor, indices: Tensor<"int32">): Tensor {
  const [rows, columns] = matrix("gather", x);
  ofType("gather", indices, "int32");
  oneForEachRow("gather", indices, rows);
  return differentiable(call("gather", float32([rows]), x, indices, rows, columns), (gradient) => [
    [x, () => call("gatherAdjoint", x, gradient, indices, rows, columns)],
  ]);
}

/** -Σ p log p in each row, from log-probabilities: [batch, classes] -> [batch] */
export function categoricalEntropy(logProbs: Tensor): Tensor {
  const [rows, columns] = matrix("categoricalEntropy", logProbs);
  return differentiable(call("entropy", float32([rows]), logProbs, rows, columns), (gradient) => [
    [logProbs, () => call("entropyAdjoint", logProbs, gradient, logProbs, rows, columns)],
  ]);
}

/**
 * Σ q log(q / p) in each row, the Kullback-Leibler divergence of p from q, of log-probabilities `logProbs` of p and
 * `others` of q, both [batch, classes], that sum to 1 in each row: -> [batch]. It is never negative. The derivative is
 * that with respect to p, p - q where log p comes from logits; q is a constant.
 */
export function categoricalKl(logProbs: Tensor, others: Tensor): Tensor {
  const [rows, columns] = matrix("categoricalKl", logProbs);
  if (!sameNumbers(logProbs.shape, others.shape))
    throw new ShapeError(`categoricalKl: ${formatShape(logProbs.shape)} and ${formatShape(others.shape)} differ`);
  const q = detached(others);
  return differentiable(call("categoricalKl", float32([rows]), logProbs, q, rows, columns), (gradient) => [
    [logProbs, () => multiply(reshaped(gradient, [rows, 1]), subtract(exp(detached(logProbs)), exp(q)))],
  ]);
}

/**
 * One class for each row, drawn by inverting its distribution at `uniforms` [batch] in [0, 1): -> int32 [batch], a
 * choice, through which no derivative flows. Which one it is of a row with NaN is not defined.
 */
export function sampleCategorical(logProbs: Tensor, uniforms: Tensor): Tensor<"int32"> {
  const [rows, columns] = matrix("sampleCategorical", logProbs);
  oneForEachRow("sampleCategorical", uniforms, rows);
  return call("sampleCategorical", int32([rows]), logProbs, uniforms, rows, columns);
}

/**
 * The column of the largest element of each row, the first of equals, or of its first NaN, as NumPy's: [batch, classes]
 * -> int32 [batch], a choice, through which no derivative flows.
 */
export function argmax(x: Tensor): Tensor<"int32"> {
  const [rows, columns] = matrix("argmax", x);
  return call("argmax", int32([rows]), x, rows, columns);
}
