// The operators of a categorical distribution over the columns of a matrix.

import { ShapeError } from "../../engine/errors.ts";
import { call, callInt32, differentiable } from "../tape.ts";
import { type DataType, formatShape, type Tensor } from "../tensor.ts";
import { matrix } from "./reduce.ts";

/** x - log Σ exp(x) in each row: [batch, classes] -> [batch, classes] */
export function logSoftmax(x: Tensor): Tensor {
  const [rows, columns] = matrix("logSoftmax", x);
  const y = call("logSoftmax", x.shape, x, rows, columns);
  return differentiable(y, (gradient) => [[x, () => call("logSoftmaxAdjoint", x.shape, gradient, y, rows, columns)]]);
}

/** x[row, indices[row]]: [batch, classes] and int32 [batch] -> [batch]. The indices have to be in range; nothing checks them. */
export function gather(x: Tensor, indices: Tensor<"int32">): Tensor {
  const [rows, columns] = matrix("gather", x);
  oneForEachRow("gather", indices, rows);
  return differentiable(call("gather", [rows], x, indices, rows, columns), (gradient) => [
    [x, () => call("gatherAdjoint", x.shape, gradient, indices, rows, columns)],
  ]);
}

/** -Σ p log p in each row, from log-probabilities: [batch, classes] -> [batch] */
export function categoricalEntropy(logProbs: Tensor): Tensor {
  const [rows, columns] = matrix("categoricalEntropy", logProbs);
  return differentiable(call("entropy", [rows], logProbs, rows, columns), (gradient) => [
    [logProbs, () => call("entropyAdjoint", logProbs.shape, gradient, logProbs, rows, columns)],
  ]);
}

/** One class for each row, drawn by inverting its distribution at `uniforms` [batch] in [0, 1): -> int32 [batch] */
export function sampleCategorical(logProbs: Tensor, uniforms: Tensor): Tensor<"int32"> {
  const [rows, columns] = matrix("sampleCategorical", logProbs);
  oneForEachRow("sampleCategorical", uniforms, rows);
  return callInt32("sampleCategorical", [rows], logProbs, uniforms, rows, columns);
}

/** The column of the largest element of each row, the first of equals: [batch, classes] -> int32 [batch] */
export function argmax(x: Tensor): Tensor<"int32"> {
  const [rows, columns] = matrix("argmax", x);
  return callInt32("argmax", [rows], x, rows, columns);
}

function oneForEachRow(operator: string, x: Tensor<DataType>, rows: number): void {
  if (x.shape.length !== 1 || x.size !== rows) {
    throw new ShapeError(`${operator}: ${formatShape(x.shape)} for ${rows} rows; it has to be [${rows}]`);
  }
}
