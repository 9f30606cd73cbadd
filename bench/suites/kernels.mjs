// @ts-check
// Kernels: floating-point operations a second beside the peak of the same run, and elements a second.

import { Engine } from "../../dist/engine/index.js";
import { measure, median } from "../measure.mjs";
import { peakOf, probesOf } from "../peak.mjs";
import { duration, percent, significant } from "../table.mjs";

/** m, k, n. */
const PRODUCTS = /** @type {const} */ ([
  [4, 64, 64],
  [8, 64, 64],
  [16, 64, 64],
  [32, 64, 64],
  [128, 4, 64],
  [128, 64, 64],
  [128, 64, 2],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
]);

const ELEMENTWISE = /** @type {const} */ (["tanh", "exp", "log", "sigmoid", "relu"]);
const ELEMENTS = 4096;

/**
 * @typedef {{ shape: string, forward: number, inputGradient: number, weightGradient: number }} Product in GFLOP/s
 * @typedef {{ name: string, elementsPerSecond: number }} Elementwise
 * @typedef {{ peak: number, products: Product[], elementwise: Elementwise[], adam: number }} KernelResults peak in GFLOP/s, adam in s
 */

/**
 * @param {"strict" | "fma"} variant
 * @param {{ time: number }} options milliseconds for each measurement
 * @returns {Promise<KernelResults>}
 */
export async function kernels(variant, options) {
  const engine = await Engine.create({ kernels: variant });
  const probes = await probesOf(variant);
  const peaks = [];
  const products = [];
  for (const [m, k, n] of PRODUCTS) {
    const owner = {};
    const [x, weight, y] = [m * k, k * n, m * n].map((length) => place(engine, length, owner));
    const bias = place(engine, n, owner);
    const scratch = (/** @type {number} */ depth, /** @type {number} */ columns) =>
      engine.allocate(engine.kernels.matmulScratch(depth, columns), owner);
    const [forwardScratch, inputScratch, weightScratch] = [scratch(k, n), scratch(n, k), scratch(m, n)];
    const [dx, dw] = [place(engine, m * k, owner), place(engine, k * n, owner)];
    const seconds = await measure(
      [
        ...probes,
        { name: "forward", run: () => engine.kernels.matmul(y, x, weight, bias, m, k, n, 0, forwardScratch) },
        { name: "input", run: () => engine.kernels.matmulNT(dx, y, weight, m, n, k, inputScratch) },
        { name: "weight", run: () => engine.kernels.matmulTN(dw, x, y, k, m, n, weightScratch) },
      ],
      options,
    );
    const rate = (/** @type {string} */ name) => (2 * m * k * n) / /** @type {number} */ (seconds[name]) / 1e9;
    peaks.push(peakOf(probes, seconds) / 1e9);
    products.push({
      shape: `${m} x ${k} x ${n}`,
      forward: rate("forward"),
      inputGradient: rate("input"),
      weightGradient: rate("weight"),
    });
  }

  const owner = {};
  const [input, output, m, v] = [0, 1, 2, 3].map(() => place(engine, 2 * ELEMENTS, owner));
  const settings = engine.allocate(32, owner);
  engine.float32(settings, 8).set([1e-3, 0.9, 0.1, 0.999, 0.001, 1, 1e-5, 1]);
  // The networks of CleanRL's ppo.py have 9,155 parameters.
  const size = 2 * ELEMENTS;
  const seconds = await measure(
    [
      ...ELEMENTWISE.map((name) => ({ name, run: () => engine.kernels[name](output, input, ELEMENTS) })),
      { name: "adam", run: () => engine.kernels.adam(output, m, v, input, settings, size) },
    ],
    options,
  );
  return {
    peak: median(peaks),
    products,
    elementwise: ELEMENTWISE.map((name) => ({
      name,
      elementsPerSecond: ELEMENTS / /** @type {number} */ (seconds[name]),
    })),
    adam: /** @type {number} */ (seconds.adam),
  };
}

/** Memory for so many numbers between 0.5 and 1.5. @param {Engine} engine @param {number} length @param {object} owner */
function place(engine, length, owner) {
  const address = engine.allocate(4 * length, owner);
  for (const [index] of engine.float32(address, length).entries()) {
    engine.float32(address, length)[index] = 0.5 + (index % 97) / 97;
  }
  return /** @type {any} */ (address);
}

/** @param {string} variant @param {KernelResults} results @returns {import("../table.mjs").Table[]} */
export function kernelTables(variant, { peak, products, elementwise, adam }) {
  const cell = (/** @type {number} */ rate) => `${rate.toFixed(1)} (${percent(rate / peak)})`;
  return [
    {
      title: `Matrix products, ${variant}: GFLOP/s and share of the peak of ${peak.toFixed(1)} GFLOP/s`,
      columns: ["rows x in x out", "x W + b", "dY Wᵀ", "Xᵀ dY"],
      rows: products.map(({ shape, forward, inputGradient, weightGradient }) => [
        shape,
        cell(forward),
        cell(inputGradient),
        cell(weightGradient),
      ]),
      note: "The peak is the better of two probes, bench/peak.mjs. A share above 100% says that this engine compiles the probes worse than the product.",
    },
    {
      title: `Elementwise, ${variant}: ${ELEMENTS} elements at a time`,
      columns: ["kernel", "million elements/s"],
      rows: elementwise.map(({ name, elementsPerSecond }) => [name, significant(elementsPerSecond / 1e6)]),
      note: `Adam over ${2 * ELEMENTS} parameters: ${duration(adam)}.`,
    },
  ];
}
