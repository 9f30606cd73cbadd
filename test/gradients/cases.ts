// The table of operators on which gradients are checked and measured: each one as the library computes it, in float64
// by the reference, and in PyTorch. From it test/fixtures/gradients.py makes gradients.json. An operator's numbers
// depend on its position, so a new one goes to the end.

import type * as Operators from "proximal/tensor";
import type { DataType, Tensor } from "proximal/tensor";
import type { Description } from "./inputs.ts";
import {
  affineWith,
  broadcasting,
  columnsOf,
  convolved,
  elementwise,
  gru,
  layerNorm,
  lstm,
  type Operand,
  rowsOf,
  type Starts,
  sliced,
  sumsAlong,
  transposed,
} from "./reference.ts";
import { entropy, expectedTanhLogSlope, gaussianLogProb, logSoftmax, tanhLogSlope, Value } from "./value.ts";

interface Computation {
  /** What the library does with the inputs, in their order. Indices are int32, as who takes them knows. */
  readonly operator: (ops: typeof Operators, ...inputs: Tensor[]) => Tensor;
  /** The elements of the same output in float64. */
  readonly reference: (...inputs: Operand[]) => readonly Value[];
  /** The same in Python, of the inputs by their names. */
  readonly torch: string;
}

export interface Case extends Computation {
  readonly name: string;
  /** In the table: what its numbers are made of. */
  readonly position: number;
  readonly inputs: Readonly<Record<string, Description>>;
}

/** A computation, and by the names of its cases the inputs that it is done with. */
interface Entry extends Computation {
  readonly cases: Readonly<Record<string, Case["inputs"]>>;
}

const matrix: Description = { shape: ["m", "n"] };
const row: Description = { shape: ["n"] };
const column: Description = { shape: ["m", 1] };
const scalar: Description = { shape: [] };
const solid: Description = { shape: ["m", 5, "n"] };
/** Two of them have a few elements in common. */
const withTies: Description = { shape: ["m", "n"], set: { 0: 0.5, 7: -1 } };
const layer: Case["inputs"] = {
  x: { shape: ["m", "k"] },
  weight: { shape: ["k", "n"], range: [-0.5, 0.5] },
  bias: row,
};
/** Of three sequences in four steps: one begins at the first step, another at the third. */
const starts: Starts = [
  [0, 1, 0],
  [0, 0, 0],
  [0, 0, 1],
  [0, 0, 0],
];
const startsOf = (ops: typeof Operators, { engine }: Tensor): Tensor<"uint8"> =>
  ops.zeros(engine, ops.uint8([4, 3])).set(starts.flat());

const images: Case["inputs"] = {
  x: { shape: [2, 6, 7, 3] },
  weight: { shape: [3, 2, 3, 5], range: [-0.5, 0.5] },
  bias: { shape: [5] },
};

const table: readonly Entry[] = [
  {
    operator: (ops, a, b) => ops.add(a, b),
    reference: broadcasting((a, b) => a.add(b)),
    torch: "a + b",
    cases: {
      add: { a: matrix, b: matrix },
      "add a row": { a: matrix, b: row },
      "add a column": { a: matrix, b: column },
      "add a column and a row": { a: column, b: row },
    },
  },
  {
    operator: (ops, a, b) => ops.subtract(a, b),
    reference: broadcasting((a, b) => a.subtract(b)),
    torch: "a - b",
    cases: { subtract: { a: matrix, b: matrix }, "subtract a scalar": { a: matrix, b: scalar } },
  },
  {
    operator: (ops, a, b) => ops.multiply(a, b),
    reference: broadcasting((a, b) => a.multiply(b)),
    torch: "a * b",
    cases: {
      multiply: { a: matrix, b: matrix },
      "multiply by a row": { a: matrix, b: row },
      "multiply by a column": { a: matrix, b: column },
    },
  },
  {
    operator: (ops, a, b) => ops.divide(a, b),
    reference: broadcasting((a, b) => a.divide(b)),
    torch: "a / b",
    cases: {
      divide: { a: matrix, b: { ...matrix, range: [0.25, 3] } },
      "divide by a scalar": { a: matrix, b: { ...scalar, range: [0.25, 3] } },
    },
  },
  {
    operator: (ops, a, b) => ops.maximum(a, b),
    reference: broadcasting((a, b) => a.maximum(b)),
    torch: "torch.maximum(a, b)",
    cases: { maximum: { a: withTies, b: withTies }, "maximum with a row": { a: matrix, b: row } },
  },
  {
    operator: (ops, a, b) => ops.minimum(a, b),
    reference: broadcasting((a, b) => a.minimum(b)),
    torch: "torch.minimum(a, b)",
    cases: { minimum: { a: withTies, b: withTies }, "minimum with a column": { a: matrix, b: column } },
  },
  {
    operator: (ops, x) => ops.square(x),
    reference: elementwise((x) => x.multiply(x)),
    torch: "torch.square(x)",
    cases: { square: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.negate(x),
    reference: elementwise((x) => x.negate()),
    torch: "-x",
    cases: { negate: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.abs(x),
    reference: elementwise((x) => x.abs()),
    torch: "torch.abs(x)",
    cases: { abs: { x: { ...matrix, set: { 3: 0 } } } },
  },
  {
    operator: (ops, x) => ops.sqrt(x),
    reference: elementwise((x) => x.sqrt()),
    torch: "torch.sqrt(x)",
    cases: { sqrt: { x: { ...matrix, range: [0.01, 4] } } },
  },
  {
    operator: (ops, x) => ops.exp(x),
    reference: elementwise((x) => x.exp()),
    torch: "torch.exp(x)",
    cases: { exp: { x: { ...matrix, range: [-5, 5] } } },
  },
  {
    operator: (ops, x) => ops.log(x),
    reference: elementwise((x) => x.log()),
    torch: "torch.log(x)",
    cases: { log: { x: { ...matrix, range: [0.01, 4] } } },
  },
  {
    operator: (ops, x) => ops.tanh(x),
    reference: elementwise((x) => x.tanh()),
    torch: "torch.tanh(x)",
    cases: { tanh: { x: { ...matrix, range: [-4, 4] } } },
  },
  {
    operator: (ops, x) => ops.sigmoid(x),
    reference: elementwise((x) => x.sigmoid()),
    torch: "torch.sigmoid(x)",
    cases: { sigmoid: { x: { ...matrix, range: [-6, 6] } } },
  },
  {
    operator: (ops, x) => ops.relu(x),
    reference: elementwise((x) => x.relu()),
    torch: "torch.relu(x)",
    cases: { relu: { x: { ...matrix, set: { 3: 0 } } } },
  },
  {
    operator: (ops, x) => ops.clamp(x, -1, 0.5),
    reference: elementwise((x) => x.clamp(-1, 0.5)),
    torch: "torch.clamp(x, -1, 0.5)",
    cases: { clamp: { x: { ...matrix, set: { 3: -1, 4: 0.5 } } } },
  },
  {
    operator: (ops, a, b) => ops.matmul(a, b),
    reference: affineWith((x) => x),
    torch: "a @ b",
    cases: { matmul: { a: { shape: ["m", "k"] }, b: { shape: ["k", "n"] } } },
  },
  {
    operator: (ops, x, weight, bias) => ops.linear(x, weight, bias),
    reference: affineWith((x) => x),
    torch: "x @ weight + bias",
    cases: { linear: layer },
  },
  {
    operator: (ops, x, weight, bias) => ops.linear(x, weight, bias, "tanh"),
    reference: affineWith((x) => x.tanh()),
    torch: "torch.tanh(x @ weight + bias)",
    cases: { "linear with tanh": layer },
  },
  {
    operator: (ops, x, weight, bias) => ops.linear(x, weight, bias, "relu"),
    reference: affineWith((x) => x.relu()),
    torch: "torch.relu(x @ weight + bias)",
    cases: { "linear with relu": layer },
  },
  {
    operator: (ops, x) => ops.sum(x),
    reference: (x) => [Value.sum(x.values)],
    torch: "torch.sum(x)",
    cases: { sum: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.sum(x, 0),
    reference: (x) => columnsOf(x).map((column) => Value.sum(column)),
    torch: "torch.sum(x, 0)",
    cases: { "sum over the rows": { x: matrix } },
  },
  {
    operator: (ops, x) => ops.sum(x, 1),
    reference: (x) => rowsOf(x).map((row) => Value.sum(row)),
    torch: "torch.sum(x, 1)",
    cases: { "sum over the columns": { x: matrix } },
  },
  {
    operator: (ops, x) => ops.mean(x),
    reference: ({ values }) => [Value.sum(values).multiply(Value.of(1 / values.length, 1 / values.length))],
    torch: "torch.mean(x)",
    cases: { mean: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.logSoftmax(x),
    reference: (x) => rowsOf(x).flatMap(logSoftmax),
    torch: "torch.log_softmax(x, 1)",
    cases: {
      logSoftmax: { x: { ...matrix, range: [-6, 6] } },
      "logSoftmax of two classes": { x: { shape: ["m", 2], range: [-6, 6] } },
    },
  },
  {
    operator: (ops, x, indices) => ops.gather(x, indices as Tensor<DataType> as Tensor<"int32">),
    reference: (x, { values: indices }) => rowsOf(x).map((row, index) => row[(indices[index] as Value).value] as Value),
    torch: "x.gather(1, indices[:, None])[:, 0]",
    cases: { gather: { x: matrix, indices: { shape: ["m"], below: "n" } } },
  },
  {
    operator: (ops, logits) => ops.categoricalEntropy(ops.logSoftmax(logits)),
    reference: (logits) => rowsOf(logits).map((row) => entropy(logSoftmax(row))),
    torch: "torch.distributions.Categorical(logits=logits).entropy()",
    cases: { categoricalEntropy: { logits: { ...matrix, range: [-4, 4] } } },
  },
  {
    operator: (ops, mean, logStd, action) => ops.gaussianLogProb(mean, logStd, action),
    reference: (mean, logStd, action) => {
      const actions = rowsOf(action);
      return rowsOf(mean).map((row, index) => gaussianLogProb(row, logStd.values, actions[index] ?? []));
    },
    torch: "torch.distributions.Normal(mean, logStd.exp()).log_prob(action).sum(1)",
    cases: {
      gaussianLogProb: { mean: matrix, logStd: { ...row, range: [-1, 0.5] }, action: { ...matrix, constant: true } },
    },
  },
  {
    operator: (ops, x) => ops.square(ops.reshape(x, [x.size])),
    reference: elementwise((x) => x.multiply(x)),
    torch: "x.reshape(-1) ** 2",
    cases: { reshape: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.multiply(ops.add(x, x), ops.multiply(ops.tanh(x), x)),
    reference: elementwise((x) => x.add(x).multiply(x.tanh().multiply(x))),
    torch: "(x + x) * (torch.tanh(x) * x)",
    cases: { "a tensor used four times": { x: matrix } },
  },
  {
    operator: (ops, mean, logStd, action) => ops.gaussianLogProb(mean, logStd, action),
    reference: (mean, logStd, action) => {
      const actions = rowsOf(action);
      return rowsOf(mean).map((row, index) => gaussianLogProb(row, logStd.values, actions[index] ?? []));
    },
    torch: "torch.distributions.Normal(mean, logStd.exp()).log_prob(action).sum(1)",
    cases: {
      "gaussianLogProb of an action that moves": { mean: matrix, logStd: { ...row, range: [-1, 0.5] }, action: matrix },
    },
  },
  {
    operator: (ops, x) => ops.transpose(x),
    reference: transposed([1, 0]),
    torch: "x.T",
    cases: { "transpose of a matrix": { x: matrix } },
  },
  {
    operator: (ops, x) => ops.transpose(x, [2, 0, -2]),
    reference: transposed([2, 0, 1]),
    torch: "x.permute(2, 0, 1)",
    cases: { "transpose of three axes": { x: solid } },
  },
  {
    operator: (ops, x) => ops.sum(x, 1),
    reference: sumsAlong([1]),
    torch: "torch.sum(x, 1)",
    cases: { "sum over a middle axis": { x: solid } },
  },
  {
    operator: (ops, x) => ops.sum(x, [-1, 0]),
    reference: sumsAlong([0, 2]),
    torch: "torch.sum(x, (0, 2))",
    cases: { "sum over two axes": { x: solid } },
  },
  {
    operator: (ops, x) => ops.mean(x, [1, 2]),
    reference: (x) => sumsAlong([1, 2])(x).map((total) => total.divide(Value.of(5 * (x.shape[2] as number)))),
    torch: "torch.mean(x, (1, 2))",
    cases: { "mean over two axes": { x: solid } },
  },
  {
    operator: (ops, x) => ops.mean(x, 1),
    reference: (x) => sumsAlong([1])(x).map((total) => total.divide(Value.of(5))),
    torch: "torch.mean(x, 1)",
    cases: { "mean over a middle axis": { x: solid } },
  },
  {
    operator: (ops, x) => ops.slice(x, [[1, -2], [], [3, 7]]),
    reference: sliced([
      [1, -2],
      [0, 5],
      [3, 7],
    ]),
    torch: "x[1:-2, :, 3:7]",
    cases: { slice: { x: solid } },
  },
  {
    operator: (ops, a, b) => ops.concatenate([a, b, a], 1),
    reference: (a, b) => rowsOf(a).flatMap((row, index) => [...row, ...(rowsOf(b)[index] ?? []), ...row]),
    torch: "torch.cat([a, b, a], 1)",
    cases: { concatenate: { a: matrix, b: { shape: ["m", "k"] } } },
  },
  {
    operator: (ops, a, b) => ops.concatenate([a, b, a]),
    reference: (a, b) => [...a.values, ...b.values, ...a.values],
    torch: "torch.cat([a, b, a])",
    cases: { "concatenate between constants": { a: { ...solid, constant: true }, b: { shape: [2, 5, "n"] } } },
  },
  {
    operator: (ops, a, b) => ops.divide(a, b),
    reference: broadcasting((a, b) => a.divide(b)),
    torch: "a / b",
    cases: { "divide along four axes": { a: { shape: [3, 1, "n", 1] }, b: { shape: [4, 1, 2], range: [0.25, 3] } } },
  },
  {
    operator: (ops, a, b) => ops.maximum(a, b),
    reference: broadcasting((a, b) => a.maximum(b)),
    torch: "torch.maximum(a, b)",
    cases: { "maximum along three axes": { a: { shape: ["m", 1, "n"] }, b: { shape: ["m", 5, 1] } } },
  },
  {
    operator: (ops, x) => ops.broadcastTo(x, [3, 13, 2, 11]),
    reference: (x) => broadcasting((a) => a)(x, { shape: [3, 1, 2, 1], values: [] }),
    torch: "x.broadcast_to(3, 13, 2, 11)",
    cases: { broadcastTo: { x: { shape: ["m", 1, "n"] } } },
  },
  {
    operator: (ops, x, weight, bias) => ops.convolution(x, weight, bias),
    reference: convolved({}),
    torch: "torch.conv2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias).permute(0, 2, 3, 1)",
    cases: { convolution: images },
  },
  {
    operator: (ops, x, weight, bias) => ops.convolution(x, weight, bias, { stride: 2, padding: 1, activation: "tanh" }),
    reference: convolved({ stride: 2, padding: 1 }, (z) => z.tanh()),
    torch:
      "torch.tanh(torch.conv2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias, 2, 1)).permute(0, 2, 3, 1)",
    cases: { "convolution with stride, padding and tanh": images },
  },
  {
    operator: (ops, x, weight, bias) => ops.convolution(x, weight, bias, { stride: 3, activation: "relu" }),
    reference: convolved({ stride: 3 }, (z) => z.relu()),
    torch: "torch.relu(torch.conv2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias, 3)).permute(0, 2, 3, 1)",
    cases: { "convolution with stride and relu": { ...images, x: { shape: [3, 8, 7, 3] } } },
  },
  {
    operator: (ops, x) => ops.elu(x),
    reference: elementwise((x) => x.elu()),
    torch: "torch.nn.functional.elu(x)",
    cases: { elu: { x: { ...matrix, range: [-6, 3], set: { 3: 0, 4: -(2 ** -13), 5: 2 ** -70, 6: -(2 ** -70) } } } },
  },
  {
    operator: (ops, x) => ops.silu(x),
    reference: elementwise((x) => x.silu()),
    torch: "torch.nn.functional.silu(x)",
    cases: { silu: { x: { ...matrix, range: [-10, 10], set: { 3: 0, 4: -30, 5: 30, 6: -(2 ** -70) } } } },
  },
  {
    operator: (ops, x, weight, bias) => ops.linear(x, weight, bias, "elu"),
    reference: affineWith((x) => x.elu()),
    torch: "torch.nn.functional.elu(x @ weight + bias)",
    cases: { "linear with elu": layer },
  },
  {
    operator: (ops, x, weight, bias) => ops.linear(x, weight, bias, "silu"),
    reference: affineWith((x) => x.silu()),
    torch: "torch.nn.functional.silu(x @ weight + bias)",
    cases: { "linear with silu": layer },
  },
  {
    operator: (ops, x, weight, bias) => ops.layerNorm(x, weight, bias),
    reference: layerNorm(1e-5),
    torch: "torch.nn.functional.layer_norm(x, weight.shape, weight, bias)",
    cases: { layerNorm: { x: matrix, weight: row, bias: row } },
  },
  {
    operator: (ops, x, weight, memory) => ops.lstm(x, weight, memory, startsOf(ops, x)).hidden,
    reference: (x, weight, memory) => lstm(starts)(x, weight, memory).hidden,
    torch: `lstm(x, weight, memory, ${JSON.stringify(starts)})`,
    cases: {
      lstm: {
        x: { shape: [12, 24] },
        weight: { shape: [6, 24], range: [-0.5, 0.5] },
        memory: { shape: [3, 12], constant: true },
      },
    },
  },
  {
    operator: (ops, x, weight, bias, memory) => ops.gru(x, weight, bias, memory, startsOf(ops, x)).hidden,
    reference: (x, weight, bias, memory) => gru(starts)(x, weight, bias, memory).hidden,
    torch: `gru(x, weight, bias, memory, ${JSON.stringify(starts)})`,
    cases: {
      gru: {
        x: { shape: [12, 18] },
        weight: { shape: [6, 18], range: [-0.5, 0.5] },
        bias: { shape: [18] },
        memory: { shape: [3, 6], constant: true },
      },
    },
  },
  {
    operator: (ops, x) => {
      const mask = ops.zeros(x.engine, ops.uint8(x.shape)).set(Array.from({ length: x.size }, (_, index) => index % 3));
      return ops.where(mask, x, 0.5);
    },
    reference: ({ values }) => values.map((x, index) => (index % 3 === 0 ? Value.of(0.5) : x)),
    torch: "torch.where((torch.arange(x.numel()) % 3 != 0).reshape(x.shape), x, 0.5)",
    cases: { where: { x: matrix } },
  },
  {
    operator: (ops, x) => ops.expExcess(x),
    reference: elementwise((x) => x.exp().subtract(Value.of(1)).subtract(x)),
    torch: "torch.expm1(x) - x",
    cases: { expExcess: { x: { ...matrix, range: [-3, 3] } } },
  },
  {
    operator: (ops, x) => ops.tanhLogSlope(x),
    reference: elementwise(tanhLogSlope),
    torch: "2 * (0.6931471805599453 - x.abs() - torch.log1p(torch.exp(-2 * x.abs())))",
    cases: { tanhLogSlope: { x: { ...matrix, range: [-6, 6] } } },
  },
  {
    operator: (ops, mean, std) => ops.expectedTanhLogSlope(mean, std),
    reference: (mean, std) => mean.values.map((x, index) => expectedTanhLogSlope(x, std.values[index] as Value)),
    torch: [
      "(lambda k, u: (torch.exp(-k * k / 2) / torch.exp(-k * k / 2).sum()",
      "* 2 * (0.6931471805599453 - u.abs() - torch.log1p(torch.exp(-2 * u.abs())))).sum(-1))",
      "(*(lambda k, mean, std: (k, mean[..., None] + std[..., None] * k))",
      "(0.36 * (torch.arange(32, dtype=mean.dtype) - 15.5), mean, std))",
    ].join(" "),
    cases: { expectedTanhLogSlope: { mean: matrix, std: { ...matrix, range: [0.05, 1.5] } } },
  },
  {
    operator: (ops, mean, logStd, action) => ops.gaussianLogProb(mean, logStd, action),
    reference: (mean, logStd, action) => {
      const [spreads, actions] = [rowsOf(logStd), rowsOf(action)];
      return rowsOf(mean).map((row, index) => gaussianLogProb(row, spreads[index] ?? [], actions[index] ?? []));
    },
    torch: "torch.distributions.Normal(mean, logStd.exp()).log_prob(action).sum(1)",
    cases: {
      "gaussianLogProb of deviations of each row": {
        mean: matrix,
        logStd: { ...matrix, range: [-1, 0.5] },
        action: matrix,
      },
    },
  },
  {
    operator: (ops, logits, others) => ops.categoricalKl(ops.logSoftmax(logits), ops.logSoftmax(others)),
    reference: (logits, others) => {
      const rows = rowsOf(others).map(logSoftmax);
      return rowsOf(logits).map((row, index) => {
        const q = rows[index] as readonly Value[];
        return Value.sum(logSoftmax(row).map((p, c) => (q[c] as Value).exp().multiply((q[c] as Value).subtract(p))));
      });
    },
    torch:
      "torch.nn.functional.kl_div(logits.log_softmax(1), others.log_softmax(1), log_target=True, reduction='none').sum(1)",
    cases: {
      categoricalKl: {
        logits: { ...matrix, range: [-3, 3] },
        others: { ...matrix, range: [-3, 3], constant: true },
      },
    },
  },
  {
    operator: (ops, x) => ops.segmentedLogSoftmax(x, [3, 1, 7]),
    reference: (x) =>
      rowsOf(x).flatMap((row) => [[0, 3], [3, 4], [4]].flatMap(([a, b]) => logSoftmax(row.slice(a, b)))),
    torch: "torch.cat([torch.log_softmax(part, 1) for part in x.split([3, 1, 7], 1)], 1)",
    cases: { segmentedLogSoftmax: { x: { ...matrix, range: [-6, 6] } } },
  },
  {
    operator: (ops, x, indices) => ops.segmentedGather(x, indices as Tensor<DataType> as Tensor<"int32">, [3, 5, 3]),
    reference: (x, indices) => {
      const places = indices.values.map(({ value }) => value);
      return rowsOf(x).map((row, index) =>
        Value.sum([0, 3, 8].map((start, part) => row[start + (places[3 * index + part] as number)] as Value)),
      );
    },
    torch: "x.gather(1, indices + torch.tensor([0, 3, 8])).sum(1)",
    cases: { segmentedGather: { x: matrix, indices: { shape: ["m", 3], below: 3 } } },
  },
];

export const cases: readonly Case[] = table
  .flatMap(({ cases, ...computation }) =>
    Object.entries(cases).map(([name, inputs]) => ({ name, inputs, ...computation })),
  )
  .map((entry, position) => ({ ...entry, position }));
