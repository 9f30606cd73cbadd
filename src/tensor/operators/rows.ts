// Moving rows about.

import { ShapeError } from "../../engine/errors.ts";
import { call, callInt32, reshaped } from "../tape.ts";
import { type DataType, formatShape, type Shape, sizeOf, type Tensor } from "../tensor.ts";

/**
 * x[indices], along the first axis: [rows, ...] and int32 [n] -> [n, ...]. No derivative flows through it. The indices have to be in range;
 * nothing checks them.
 */
export function takeRows<D extends DataType>(x: Tensor<D>, indices: Tensor<"int32">): Tensor<D> {
  const [, ...rest] = x.shape;
  if (x.shape.length === 0) throw new ShapeError("takeRows: a scalar has no rows");
  const take = x.dtype === "int32" ? callInt32 : call;
  return take("takeRows", [indices.size, ...rest], x, indices, indices.size, sizeOf(rest)) as Tensor<D>;
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
