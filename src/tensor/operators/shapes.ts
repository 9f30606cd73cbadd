// What operators ask of the shapes that they are given.

import { ShapeError } from "../../base/errors.ts";
import { type DataType, formatShape, formatSpec, type Shape } from "../../base/spec.ts";
import type { Tensor } from "../tensor.ts";

/** Rows and columns of a matrix. */
export function matrix(operator: string, x: Tensor<DataType>): [rows: number, columns: number] {
  const [rows, columns] = x.shape;
  if (x.shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(`${operator}: ${formatShape(x.shape)} is not a matrix`);
  }
  return [rows, columns];
}

/** That `x` has one element for each row. */
export function oneForEachRow(operator: string, x: Tensor<DataType>, rows: number): void {
  if (x.shape.length !== 1 || x.size !== rows) {
    throw new ShapeError(`${operator}: ${formatShape(x.shape)} for ${rows} rows; it has to be [${rows}]`);
  }
}

/** That `x` is of this data type: a kernel would take the bits of another for its own. */
export function ofType(operator: string, x: Tensor<DataType>, dtype: DataType): void {
  if (x.dtype !== dtype) throw new ShapeError(`${operator}: ${formatSpec(x)} is ${x.dtype}, not ${dtype}`);
}

/** Axes of this shape, each of which may be there once: those below 0 count from the last, as in NumPy. */
export function axesOf(operator: string, shape: Shape, axes: readonly number[]): number[] {
  const rank = shape.length;
  const found = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  for (const [index, axis] of found.entries()) {
    const fail = (why: string): never => {
      throw new ShapeError(`${operator}: axis ${axes[index]} of ${formatShape(shape)}${why}`);
    };
    if (shape[axis] === undefined)
      fail(rank === 0 ? "; a scalar has none" : `; it has to be from ${-rank} to ${rank - 1}`);
    if (found.indexOf(axis) !== index) fail(" is there twice");
  }
  return found;
}
