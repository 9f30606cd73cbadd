// Operators that put elements in other places and leave their bits alone.

import { ShapeError } from "../../base/errors.ts";
import { bytesOf, type DataType, formatShape, int32, type Shape, sameNumbers, sizeOf } from "../../base/spec.ts";
import { call, constant, detached, differentiable, reshaped } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { ofType } from "./shapes.ts";

/**
 * x[indices], along the first axis, as NumPy's take and PyTorch's index_select: [rows, ...] and int32 [n] -> [n, ...].
 * No derivative flows through it. The indices have to be in range; nothing checks them.
 */
export function takeRows<D extends DataType>(x: Tensor<D>, indices: Tensor<"int32">): Tensor<D> {
  const [, ...rest] = x.shape;
  if (x.shape.length === 0) throw new ShapeError("takeRows: a scalar has no rows");
  ofType("takeRows", indices, "int32");
  const row = { shape: rest, dtype: x.dtype };
  return call("takeRows", { ...row, shape: [indices.size, ...rest] }, x, indices, indices.size, bytesOf(row));
}

/**
 * The rows of sequences in a rollout [steps, environments, ...] that is cut into sequences of `length` steps: int32 [n]
 * -> [length * n], ordered by step, then by sequence. Sequence q is that of environment q % environments from step
 * length * floor(q / environments) on.
 */
export function sequenceRows(sequences: Tensor<"int32">, length: number, environments: number): Tensor<"int32"> {
  ofType("sequenceRows", sequences, "int32");
  const { size } = sequences;
  return call("sequenceRows", int32([length * size]), sequences, size, length, environments);
}

/**
 * x where the byte of a mask is not 0, else a number, as NumPy's where: of one shape. The derivative is 1 where x is
 * taken, and exactly 0 elsewhere.
 */
export function where(mask: Tensor<"uint8">, x: Tensor, otherwise: number): Tensor {
  ofType("where", mask, "uint8");
  if (!sameNumbers(mask.shape, x.shape))
    throw new ShapeError(`where: a mask ${formatShape(mask.shape)} for ${formatShape(x.shape)}; they have to be equal`);
  return differentiable(call("where", x, mask, x, constant(otherwise), x.size), (gradient) => [
    [x, () => where(mask, gradient, 0)],
  ]);
}

/** The same elements as a constant: no derivative flows through it, as PyTorch's detach. */
export function detach(x: Tensor): Tensor {
  return detached(x);
}

/** The same elements, in the same order, under another shape. */
export function reshape<D extends DataType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  if (sizeOf(shape) !== x.size) {
    throw new ShapeError(
      `reshape: ${formatShape(x.shape)} of ${x.size} elements does not fit ${formatShape(shape)} of ${sizeOf(shape)}`,
    );
  }
  return reshaped(x, shape);
}
