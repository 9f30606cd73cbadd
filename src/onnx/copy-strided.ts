// The kernel that transposes, slices, concatenates and repeats, as the operator that takes elements by their places.
// These are places within one row of the batch, which no copy may leave.

import { UnsupportedError } from "../base/errors.ts";
import { dataTypes, formatShape } from "../base/spec.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BATCHES, GROWS, type Sized } from "./batch.ts";
import type { CallSite, Value } from "./graph.ts";

/** In the place of a source: the element stays what it was. */
const KEPT = -1;

export function copyStrided(call: CallSite): Value {
  const { result } = call;
  const [x, to] = [rowsOf(call.operand(0)), rowsOf(result)];
  const isRepeated = x.rows !== to.rows;
  const within = placesInRow(sourcesOf(call), to.columns, isRepeated ? 0 : x.columns);
  if (within === undefined || (isRepeated && to.rows !== GROWS)) {
    const shapes = [call.operand(0), result].map(({ tensor }) => formatShape(tensor.shape));
    throw new UnsupportedError(`onnx: copyStrided of ${shapes[0]} to ${shapes[1]} leaves the rows of a batch`);
  }
  const before = within.includes(KEPT) ? call.before([to.rows, to.columns]) : undefined;
  const own = call.tensor(0, [x.rows, x.columns]);
  const from = isRepeated ? call.repeated(own) : own;
  const all = before === undefined ? from : call.node("Concat", [from, before], { axis: 1 });
  // What is not written yet will be, or is never read.
  const kept = (column: number) => (before === undefined ? 0 : x.columns + column);
  const places = within.map((place, column) => (place === KEPT ? kept(column) : place));
  return call.node("Reshape", [call.node("Gather", [all, places], { axis: 1 }), result.shape]);
}

/** A tensor as a matrix, of which each row is an element of the batch, or of one row where it does not grow. */
function rowsOf({ tensor, shape }: Sized): { readonly rows: number; readonly columns: number } {
  const grows = shape.indexOf(GROWS) === 0;
  return { rows: grows ? GROWS : 1, columns: tensor.size / (grows ? BATCHES[0] : 1) };
}

/** Of each element of the result of the captured call the one of x that is copied there. */
function sourcesOf({ captured, result }: CallSite): number[] {
  const [, toBytes, fromBytes, layout, axes, runBytes] = captured.operands as [
    ...[Tensor, number, number, Tensor<"int32">, number, number],
  ];
  const { bytes } = dataTypes[result.dtype];
  const sources: number[] = new Array(result.tensor.size).fill(KEPT);
  const copy = (axis: number, to: number, from: number): void => {
    if (axis === axes) {
      for (let byte = 0; byte < runBytes; byte += bytes) sources[(to + byte) / bytes] = (from + byte) / bytes;
      return;
    }
    const [size, toStep, fromStep] = layout.data.subarray(3 * axis) as unknown as [number, number, number];
    for (let index = 0; index < size; index++) copy(axis + 1, to + index * toStep, from + index * fromStep);
  };
  copy(0, toBytes, fromBytes);
  return sources;
}

/**
 * The sources of the first row; undefined where another row has others.
 * @param step by how much they advance from row to row
 */
function placesInRow(sources: readonly number[], columns: number, step: number): number[] | undefined {
  const first = sources.slice(0, columns);
  const inRow = (source: number, row: number) => (source === KEPT ? KEPT : source + row * step);
  const isSame = sources.every((source, index) => {
    return source === inRow(first[index % columns] as number, Math.floor(index / columns));
  });
  return isSame ? first : undefined;
}
