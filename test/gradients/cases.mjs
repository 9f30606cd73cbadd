// @ts-check
// The cases on which gradients are checked and measured: cases.json has their shapes, this module their inputs and the operators. The
// fixture's script makes the same inputs from the same numbers. A case's loss is the sum of its output times fixed weights.

import cases from "./cases.json" with { type: "json" };

/** @typedef {import("../../src/tensor/index.ts").Tensor<any>} Tensor */
/** @typedef {typeof import("../../src/tensor/index.ts")} Operators */
/** @typedef {{ shape: number[], dtype: "float32" | "int32", constant: boolean, values: number[] }} Input */
/** @typedef {{ m: number, k: number, n: number }} Sizes */
/** @typedef {{ shape: (number | string)[], range?: number[], set?: Record<string, number>, below?: string, constant?: boolean }} Description */

export { cases };

/** Odd, so that every kernel meets its ragged edges. The fixture has these. */
export const fixtureSizes = { m: 13, k: 9, n: 11 };

/** A fraction in [0, 1), a multiple of 2^-24, of two integers: the finaliser of MurmurHash3 (Appleby, 2011). @param {number} index @param {number} salt */
export function fraction(index, salt) {
  let h = (index + Math.imul(salt, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 8) / 2 ** 24;
}

/** The inputs of a case at these sizes, all exact in float32. @param {(typeof cases)[number]} entry @param {Sizes} sizes @returns {Record<string, Input>} */
export function inputsOf(entry, sizes) {
  const salt = 16 * cases.indexOf(entry);
  return Object.fromEntries(
    Object.entries(/** @type {Record<string, Description>} */ (entry.inputs)).map(([name, description], position) => {
      const { range = [-2, 2], set = {}, below, constant = false } = description;
      const shape = resolve(description.shape, sizes);
      const [low, high] = /** @type {[number, number]} */ (range);
      const length = shape.reduce((product, size) => product * size, 1);
      const values = Array.from({ length }, (_, index) => {
        const share = fraction(index, salt + position);
        if (below !== undefined) return Math.floor(share * size(below, sizes));
        return set[index] ?? Math.fround(low + (high - low) * share);
      });
      const dtype = below === undefined ? /** @type {const} */ ("float32") : /** @type {const} */ ("int32");
      return [name, { shape, dtype, constant: constant || dtype === "int32", values }];
    }),
  );
}

/** The weights of the loss. @param {(typeof cases)[number]} entry @param {number} length */
export function weightsOf(entry, length) {
  const salt = 16 * cases.indexOf(entry) + 15;
  return Array.from({ length }, (_, index) => Math.fround(2 * fraction(index, salt) - 1));
}

/** @param {readonly (number | string)[]} shape @param {Sizes} sizes */
const resolve = (shape, sizes) => shape.map((entry) => size(entry, sizes));

/** @param {number | string} entry @param {Sizes} sizes */
const size = (entry, sizes) => (typeof entry === "number" ? entry : sizes[/** @type {keyof Sizes} */ (entry)]);

/**
 * The operators by the names that cases.json gives them.
 * @param {Operators} ops
 * @returns {Record<string, (...inputs: any[]) => Tensor>}
 */
export function operatorsOf(ops) {
  const { add, subtract, multiply, divide, maximum, minimum, square, negate, abs, sqrt, exp, log, tanh, sigmoid } = ops;
  const { relu, clamp, matmul, linear, sum, mean, logSoftmax, gather, categoricalEntropy, gaussianLogProb } = ops;
  return {
    ...{ add, subtract, multiply, divide, maximum, minimum, square, negate, abs, sqrt, exp, log, tanh, sigmoid },
    ...{ relu, matmul, mean, logSoftmax, gather, gaussianLogProb },
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
