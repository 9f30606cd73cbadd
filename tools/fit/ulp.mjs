// @ts-check
// Measures the largest error of the functions of assembly/elementary.ts over all 2^32 float32, in both modules, and
// writes tools/fit/ulp.json, all of it or what it says of these functions:
//   node tools/setup.mjs && node tools/fit/ulp.mjs [NAME ...]     about ten minutes on two cores
// The error is rounded up in its fourth decimal; `at` is the input, the bits that give it first. The fma column is of a
// processor that fuses.

import { readFileSync, writeFileSync } from "node:fs";
import v8 from "node:v8";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { references, ulpError } from "./reference.mjs";

const CHUNK = 65536;
const X = 8192;
const OUT = X + 4 * CHUNK;

// Node 20 has relaxed SIMD behind a flag; from Node 22 on it is always there and the flag is unknown.
if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");

/** @param {string} variant */
async function load(variant) {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const bytes = readFileSync(new URL(`../../build/${variant}.wasm`, import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = /** @type {any} */ (instance.exports);
  kernels.initialize();
  return {
    variant,
    kernels,
    bits: new Uint32Array(memory.buffer, X, CHUNK),
    x: new Float32Array(memory.buffer, X, CHUNK),
    out: new Float32Array(memory.buffer, OUT, CHUNK),
    worst: -1,
    at: 0,
  };
}

/** @param {string} name */
async function measure(name) {
  const reference = /** @type {(x: number) => number} */ (references[name]);
  const modules = await Promise.all(["strict", "fma"].map(load));
  const exact = new Float64Array(CHUNK);
  for (let base = 0; base < 2 ** 32; base += CHUNK) {
    for (const module of modules) {
      for (let i = 0; i < CHUNK; i++) module.bits[i] = base + i;
      module.kernels[name](OUT, X, CHUNK);
    }
    const { x } = /** @type {(typeof modules)[0]} */ (modules[0]);
    for (let i = 0; i < CHUNK; i++) exact[i] = reference(/** @type {number} */ (x[i]));
    for (const module of modules) {
      const { out } = module;
      for (let i = 0; i < CHUNK; i++) {
        const error = ulpError(/** @type {number} */ (out[i]), /** @type {number} */ (exact[i]));
        if (error > module.worst) {
          module.worst = error;
          module.at = base + i;
        }
      }
    }
  }
  return modules.map(({ variant, worst, at }) => {
    const input = new Float32Array(Uint32Array.of(at).buffer)[0];
    return { variant, ulp: Math.ceil(worst * 1e4) / 1e4, at: `0x${at.toString(16).padStart(8, "0")}`, input };
  });
}

if (isMainThread) {
  const file = new URL("ulp.json", import.meta.url);
  const [, , ...named] = process.argv;
  /** @type {Record<string, Record<string, { ulp: number, at: string, input: number | undefined }>>} */
  const table = JSON.parse(readFileSync(file, "utf8"));
  const queue = named.length > 0 ? named : Object.keys(references);
  /** @returns {Promise<void>} */
  const next = async () => {
    const name = queue.shift();
    if (name === undefined) return;
    const results = await new Promise((resolve, reject) => {
      new Worker(new URL(import.meta.url), { workerData: name }).on("message", resolve).on("error", reject);
    });
    table[name] = {};
    for (const { variant, ...result } of results) {
      /** @type {any} */ (table[name])[variant] = result;
      process.stdout.write(`${name}, ${variant}: ${result.ulp} ULP at ${result.input} (${result.at})\n`);
    }
    await next();
  };
  await Promise.all([next(), next()]);
  writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
} else parentPort?.postMessage(await measure(workerData));
