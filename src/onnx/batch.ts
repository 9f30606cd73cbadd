// A program has fixed sizes, and a graph has one for all batches. Which sizes grow with the batch, and which do not, is
// seen where one computation has been captured for two batches: what differs grows.

import { ShapeError } from "../base/errors.ts";
import { type DataType, formatShape, type Spec } from "../base/spec.ts";
import type { Outputs, Program } from "../tensor/program.ts";
import type { Call, Operand } from "../tensor/tape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** The batches that a computation is captured for. Neither is 1: an axis of that size would repeat. */
export const BATCHES = [2, 3] as const;

/** In the place of a size: what grows with the batch. */
export const GROWS = -1;

/** A program, whatever its inputs are called. */
type Captured = Program<Readonly<Record<string, Tensor<DataType>>>, Outputs>;

/** A computation captured for both batches. */
export type Captures = readonly [Captured, Captured];

/** A tensor of the first capture, and its sizes for any batch. */
export interface Sized<D extends DataType = DataType> extends Spec<D> {
  readonly tensor: Tensor<D>;
}

/** A call of the first capture, with its sizes for any batch. */
export interface SizedCall {
  readonly captured: Call;
  readonly results: readonly Sized[];
  /** Streams stay what they are. */
  readonly operands: readonly (Sized | Exclude<Operand, Tensor<DataType>>)[];
}

/**
 * What two tensors in the same place of both captures are for any batch.
 * @throws ShapeError for a size that grows by other than a whole number for each element of the batch
 */
export function sized(tensor: Tensor<DataType>, other: Tensor<DataType>): Sized {
  const shape = tensor.shape.map((size, axis) => {
    const twin = other.shape[axis] as number;
    if (size === twin || (size / BATCHES[0] === twin / BATCHES[1] && size % BATCHES[0] === 0))
      return sizeOf(size, twin);
    const shapes = `${formatShape(tensor.shape)} for a batch of ${BATCHES[0]}, ${formatShape(other.shape)} of ${BATCHES[1]}`;
    throw new ShapeError(`onnx: a tensor is ${shapes}; it has to have a row, or several, for each element`);
  });
  return { tensor, shape, dtype: tensor.dtype };
}

/** The calls of both captures, which have to be the same but for sizes. */
export function sizedCalls([{ calls }, { calls: others }]: Captures): SizedCall[] {
  return calls.map((call, index) => {
    const other = others[index];
    if (other?.kernel !== call.kernel || calls.length !== others.length)
      throw new ShapeError(`onnx: a batch of ${BATCHES[0]} and one of ${BATCHES[1]} run different kernels`);
    return {
      captured: call,
      results: call.results.map((result, place) => sized(result, other.results[place] as Tensor<DataType>)),
      operands: call.operands.map((operand, place) => {
        const twin = other.operands[place] as Operand;
        if (typeof operand === "number") return sizeOf(operand, twin as number);
        return operand instanceof Tensor ? sized(operand, twin as Tensor<DataType>) : operand;
      }),
    };
  });
}

function sizeOf(size: number, other: number): number {
  return size === other ? size : GROWS;
}
