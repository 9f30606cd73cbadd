// The operators of several categorical distributions side by side: each row of a matrix holds one after the other, its
// segments, of which `sizes` are the columns.

import { ShapeError } from "../../base/errors.ts";
import { type DataType, float32, formatShape, int32 } from "../../base/spec.ts";
import { call, differentiable, integers } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { matrix, ofType } from "./shapes.ts";

/** Rows, columns and segments of a matrix. */
function segmented(operator: string, x: Tensor, sizes: readonly number[]): [number, number, number] {
  const [rows, columns] = matrix(operator, x);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== columns || !sizes.every((size) => Number.isInteger(size) && size >= 1))
    throw new ShapeError(`${operator}: segments of ${formatShape(sizes)} columns in ${formatShape(x.shape)}`);
  return [rows, columns, sizes.length];
}

/** That `x` has one element for each segment of each row. */
function oneForEachSegment(operator: string, x: Tensor<DataType>, rows: number, segments: number): void {
  if (x.shape.length !== 2 || x.shape[0] !== rows || x.shape[1] !== segments)
    throw new ShapeError(`${operator}: ${formatShape(x.shape)}; it has to be ${formatShape([rows, segments])}`);
}

/** x - log Σ exp(x) in each segment of each row: [batch, Σ sizes] -> [batch, Σ sizes] */
export function segmentedLogSoftmax(x: Tensor, sizes: readonly number[]): Tensor {
  const [rows, columns, segments] = segmented("segmentedLogSoftmax", x, sizes);
  const operands = [integers(sizes), segments, rows, columns] as const;
  const y = call("segmentedLogSoftmax", x, x, ...operands);
  return differentiable(y, (gradient) => [[x, () => call("segmentedLogSoftmaxAdjoint", x, gradient, y, ...operands)]]);
}

/**
 * The sum over the segments of what each has at its index: [batch, Σ sizes] and int32 [batch, segments] -> [batch]. The
 * indices count from the beginning of their segment and have to be in range; nothing checks them.
 */
export function segmentedGather(x: Tensor, indices: Tensor<"int32">, sizes: readonly number[]): Tensor {
  const [rows, columns, segments] = segmented("segmentedGather", x, sizes);
  ofType("segmentedGather", indices, "int32");
  oneForEachSegment("segmentedGather", indices, rows, segments);
  const operands = [indices, integers(sizes), segments, rows] as const;
  return differentiable(call("segmentedGather", float32([rows]), x, ...operands), (gradient) => [
    [x, () => call("segmentedGatherAdjoint", x, gradient, ...operands, columns)],
  ]);
}

/**
 * One class for each segment of each row, drawn by inverting its distribution at `uniforms` [batch, segments] in [0,
 * 1): log-probabilities [batch, Σ sizes] -> int32 [batch, segments], a choice, through which no derivative flows.
 */
export function segmentedSample(logProbs: Tensor, uniforms: Tensor, sizes: readonly number[]): Tensor<"int32"> {
  const [rows, , segments] = segmented("segmentedSample", logProbs, sizes);
  oneForEachSegment("segmentedSample", uniforms, rows, segments);
  return call("segmentedSample", int32([rows, segments]), logProbs, uniforms, integers(sizes), segments, rows);
}

/**
 * The place of the largest element in each segment of each row, counted from where the segment begins; the first of
 * equals, or of its first NaN: [batch, Σ sizes] -> int32 [batch, segments], a choice, through which no derivative
 * flows.
 */
export function segmentedArgmax(x: Tensor, sizes: readonly number[]): Tensor<"int32"> {
  const [rows, , segments] = segmented("segmentedArgmax", x, sizes);
  return call("segmentedArgmax", int32([rows, segments]), x, integers(sizes), segments, rows);
}
