// The cases on which gradients are checked and measured: cases.json has their shapes, this module their inputs and the operators. The
// fixture's script makes the same inputs from the same numbers. A case's loss is the sum of its output times fixed weights.

import type * as Operators from "proximal/tensor";
import type { DataType, Tensor } from "proximal/tensor";
import fixture from "../fixtures/gradients.json" with { type: "json" };
import table from "./cases.json" with { type: "json" };

interface Description {
  readonly shape: readonly (number | string)[];
  readonly range?: readonly number[];
  readonly set?: Readonly<Record<string, number>>;
  readonly below?: string;
  readonly constant?: boolean;
}

export interface Case {
  readonly name: string;
  /** The name of its operator. */
  readonly named: string;
  readonly inputs: Readonly<Record<string, Description>>;
  readonly operator: (ops: typeof Operators, ...inputs: Tensor[]) => Tensor;
}

export interface Input {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Without a gradient. */
  readonly constant: boolean;
  readonly values: readonly number[];
}

export interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** What PyTorch makes of a case. */
export interface Expected {
  readonly name: string;
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly float32Error: { readonly output: number; readonly gradient: number };
}

export const expected = fixture as readonly unknown[] as readonly Expected[];

export const cases: readonly Case[] = table.map(({ name, operator, inputs }) => ({
  name,
  named: operator,
  inputs: inputs as unknown as Case["inputs"],
  operator: (ops, ...tensors) => operatorsOf(ops)[operator]?.(...(tensors as [Tensor, Tensor, Tensor])) as Tensor,
}));

/** Odd, so that every kernel meets its ragged edges. The fixture has these. */
export const fixtureSizes: Sizes = { m: 13, k: 9, n: 11 };

/** A fraction in [0, 1), a multiple of 2^-24, of two integers: the finaliser of MurmurHash3 (Appleby, 2011). */
export function fraction(index: number, salt: number): number {
  let h = (index + Math.imul(salt, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 8) / 2 ** 24;
}

/** The inputs of a case at these sizes, all exact in float32. */
export function inputsOf(entry: Case, sizes: Sizes): Record<string, Input> {
  const salt = 16 * cases.indexOf(entry);
  return Object.fromEntries(
    Object.entries(entry.inputs).map(([name, description], position): [string, Input] => {
      const { range = [-2, 2], set = {}, below, constant = false } = description;
      const shape = description.shape.map((entry) => size(entry, sizes));
      const [low, high] = range as [number, number];
      const length = shape.reduce((product, size) => product * size, 1);
      const values = Array.from({ length }, (_, index) => {
        const share = fraction(index, salt + position);
        if (below !== undefined) return Math.floor(share * size(below, sizes));
        return set[index] ?? Math.fround(low + (high - low) * share);
      });
      const dtype = below === undefined ? "float32" : "int32";
      return [name, { shape, dtype, constant: constant || dtype === "int32", values }];
    }),
  );
}

/** The weights of the loss. */
export function weightsOf(entry: Case, length: number): number[] {
  const salt = 16 * cases.indexOf(entry) + 15;
  return Array.from({ length }, (_, index) => Math.fround(2 * fraction(index, salt) - 1));
}

const size = (entry: number | string, sizes: Sizes): number =>
  typeof entry === "number" ? entry : sizes[entry as keyof Sizes];

/** The operators by the names that cases.json gives them. */
function operatorsOf(ops: typeof Operators): Readonly<Record<string, (...inputs: [Tensor, Tensor, Tensor]) => Tensor>> {
  const { add, subtract, multiply, divide, maximum, minimum, square, negate, abs, sqrt, exp, log, tanh, sigmoid } = ops;
  const { relu, clamp, matmul, linear, sum, mean, logSoftmax, gather, categoricalEntropy, gaussianLogProb } = ops;
  return {
    ...{ add, subtract, multiply, divide, maximum, minimum, square, negate, abs, sqrt, exp, log, tanh, sigmoid },
    ...{ relu, matmul, mean, logSoftmax, gaussianLogProb },
    gather: (x, indices) => gather(x, indices as Tensor<DataType> as Tensor<"int32">),
    clamp: (x) => clamp(x, -1, 0.5),
    linear: (x, weight, bias) => linear(x, weight, bias),
    linearTanh: (x, weight, bias) => linear(x, weight, bias, "tanh"),
    linearRelu: (x, weight, bias) => linear(x, weight, bias, "relu"),
    sum: (x) => sum(x),
    sumRows: (x) => sum(x, 0),
    sumColumns: (x) => sum(x, 1),
    entropy: (logits) => categoricalEntropy(logSoftmax(logits)),
    reshape: (x) => square(ops.reshape(x, [x.size])),
    reused: (x) => multiply(add(x, x), multiply(tanh(x), x)),
  };
}
