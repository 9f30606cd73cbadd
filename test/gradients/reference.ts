// The operators of cases.json in float64: each takes its inputs element by element and gives the elements of its output.

import { affine, entropy, gaussianLogProb, logSoftmax, type Matrix, matrixOf, Value } from "./value.ts";

export interface ReferenceInput {
  readonly shape: readonly number[];
  readonly values: readonly Value[];
}

type Reference = (...inputs: ReferenceInput[]) => readonly Value[];

const elementwise =
  (f: (x: Value) => Value): Reference =>
  (x) =>
    (x as ReferenceInput).values.map(f);

/** NumPy's broadcasting of two operands of at most two axes. */
const broadcasting =
  (f: (a: Value, b: Value) => Value): Reference =>
  (...operands) => {
    const [a, b] = operands.map(({ shape, values }) => {
      const [rows, columns] = [1, 1, ...shape].slice(-2) as [number, number];
      return { rows, columns, values };
    }) as [Grid, Grid];
    const [rows, columns] = [Math.max(a.rows, b.rows), Math.max(a.columns, b.columns)];
    return Array.from({ length: rows * columns }, (_, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      return f(elementAt(a, row, column), elementAt(b, row, column));
    });
  };

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly Value[];
}

function elementAt({ rows, columns, values }: Grid, row: number, column: number): Value {
  return values[(rows === 1 ? 0 : row) * columns + (columns === 1 ? 0 : column)] as Value;
}

function rowsOf({ shape, values }: ReferenceInput): Matrix {
  return matrixOf(values, shape[1] as number);
}

function columnsOf(x: ReferenceInput): Matrix {
  return Array.from({ length: x.shape[1] as number }, (_, column) => rowsOf(x).map((row) => row[column] as Value));
}

const linear =
  (activation: (x: Value) => Value): Reference =>
  (x, weight, bias) =>
    affine(rowsOf(x as ReferenceInput), rowsOf(weight as ReferenceInput), bias?.values)
      .flat()
      .map(activation);

export const references: Readonly<Record<string, Reference>> = {
  add: broadcasting((a, b) => a.add(b)),
  subtract: broadcasting((a, b) => a.subtract(b)),
  multiply: broadcasting((a, b) => a.multiply(b)),
  divide: broadcasting((a, b) => a.divide(b)),
  maximum: broadcasting((a, b) => a.maximum(b)),
  minimum: broadcasting((a, b) => a.minimum(b)),
  square: elementwise((x) => x.multiply(x)),
  negate: elementwise((x) => x.negate()),
  abs: elementwise((x) => x.abs()),
  sqrt: elementwise((x) => x.sqrt()),
  exp: elementwise((x) => x.exp()),
  log: elementwise((x) => x.log()),
  tanh: elementwise((x) => x.tanh()),
  sigmoid: elementwise((x) => x.sigmoid()),
  relu: elementwise((x) => x.relu()),
  clamp: elementwise((x) => x.clamp(-1, 0.5)),
  matmul: linear((x) => x),
  linear: linear((x) => x),
  linearTanh: linear((x) => x.tanh()),
  linearRelu: linear((x) => x.relu()),
  sum: (x) => [Value.sum((x as ReferenceInput).values)],
  sumRows: (x) => columnsOf(x as ReferenceInput).map((column) => Value.sum(column)),
  sumColumns: (x) => rowsOf(x as ReferenceInput).map((row) => Value.sum(row)),
  mean: (x) => {
    const { values } = x as ReferenceInput;
    return [Value.sum(values).multiply(Value.of(1 / values.length, 1 / values.length))];
  },
  logSoftmax: (x) => rowsOf(x as ReferenceInput).flatMap(logSoftmax),
  gather: (x, indices) =>
    rowsOf(x as ReferenceInput).map((row, index) => row[indices?.values[index]?.value as number] as Value),
  entropy: (logits) => rowsOf(logits as ReferenceInput).map((row) => entropy(logSoftmax(row))),
  gaussianLogProb: (mean, logStd, action) =>
    rowsOf(mean as ReferenceInput).map((row, index) =>
      gaussianLogProb(
        row,
        (logStd as ReferenceInput).values,
        rowsOf(action as ReferenceInput)[index] as Matrix[number],
      ),
    ),
  reshape: elementwise((x) => x.multiply(x)),
  reused: elementwise((x) => x.add(x).multiply(x.tanh().multiply(x))),
};
