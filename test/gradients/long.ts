// Operators over more rows, inputs or outputs than one accumulator of a kernel adds up, each differentiated with
// respect to what has few elements, so that every element of the gradient is a long sum, or comes from one. From them
// test/fixtures/gradients.py makes gradients-long.json.

import fixture from "../fixtures/gradients-long.json" with { type: "json" };
import { type Case, cases } from "./cases.ts";
import type { Expected } from "./expected.ts";
import type { Description, Sizes } from "./inputs.ts";
import { affineWith } from "./reference.ts";
import { logSoftmax, matrixOf } from "./value.ts";

export interface LongCase extends Case {
  readonly sizes: Sizes;
  /** The elements of its output. */
  readonly outputs: number;
}

/** Without the outputs. */
export const expectedLong = fixture as readonly unknown[] as readonly Omit<Expected, "output">[];

type Unnamed = Omit<Case, "name" | "position">;

const constant = { constant: true } as const;

/** A case of the table, but for what is said of these inputs. */
function like(name: string, changes: Readonly<Record<string, Partial<Description>>>): Unnamed {
  const { operator, reference, torch, inputs } = cases.find((entry) => entry.name === name) as Case;
  const changed = Object.entries(inputs).map(([key, description]) => [key, { ...description, ...changes[key] }]);
  return { operator, reference, torch, inputs: Object.fromEntries(changed) };
}

const classes: Unnamed = {
  operator: (ops, x, weight) => ops.logSoftmax(ops.matmul(x, weight)),
  reference: (x, weight) => matrixOf(affineWith((z) => z)(x, weight), weight.shape[1] as number).flatMap(logSoftmax),
  torch: "torch.log_softmax(x @ weight, 1)",
  inputs: { x: { shape: ["m", "k"] }, weight: { shape: ["k", "n"], ...constant } },
};

const rows = (m: number): LongCase[] =>
  Object.entries({
    "add a row": { ...like("add a row", { a: constant }), sizes: { m, k: 1, n: 9 }, outputs: m * 9 },
    linear: { ...like("linear", { x: constant }), sizes: { m, k: 5, n: 9 }, outputs: m * 9 },
    gaussianLogProb: { ...like("gaussianLogProb", { mean: constant }), sizes: { m, k: 1, n: 3 }, outputs: m },
  }).map(([name, entry], index) => ({ ...entry, name: `${name}, ${m} rows`, position: 10 * m + index }));

/** Positions behind those of the table, whatever is added to it. */
export const longCases: readonly LongCase[] = [
  ...[2048, 8192, 100_000].flatMap(rows),
  {
    ...like("add a column", { a: constant }),
    ...{ name: "add a column, 4096 columns", position: 1000, sizes: { m: 5, k: 1, n: 4096 }, outputs: 5 * 4096 },
  },
  {
    ...like("linear with tanh", { x: constant, weight: { ...constant, range: [-0.02, 0.02] } }),
    ...{ name: "linear with tanh, 4096 inputs", position: 1001, sizes: { m: 5, k: 4096, n: 3 }, outputs: 5 * 3 },
  },
  {
    ...like("linear", { weight: constant, bias: constant }),
    ...{ name: "linear, 4096 outputs", position: 1002, sizes: { m: 5, k: 3, n: 4096 }, outputs: 5 * 4096 },
  },
  {
    ...classes,
    ...{ name: "logSoftmax of 4096 classes", position: 1003, sizes: { m: 5, k: 3, n: 4096 }, outputs: 5 * 4096 },
  },
  {
    ...like("convolution", { x: { shape: [3, 21, 18, 3], ...constant } }),
    ...{ name: "convolution, 969 positions", position: 1004, sizes: { m: 1, k: 1, n: 1 }, outputs: 969 * 5 },
  },
];
