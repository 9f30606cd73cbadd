// @ts-check
// The peak of this machine and engine in multiply-adds, by the probes in assembly/__bench__/peak.ts, and what follows from it.

import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {import("./measure.mjs").Task & { operations: number }} Probe operations: floating-point, of one run */

/**
 * The probes of a module, for `peakOf`.
 * @param {"strict" | "fma"} variant
 * @returns {Promise<Probe[]>}
 */
export async function probesOf(variant) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const features = variant === "fma" ? "simd,relaxed-simd" : "simd";
  const { error, stderr } = await asc.main(
    [
      ...["assembly/__bench__/peak.ts", "--baseDir", root, "--config", "none", "--enable", features],
      ...["--runtime", "stub", "--optimizeLevel", "3", "--noAssert", "--disableWarning", "112"],
      ...["--initialMemory", "1", "--bindings", "raw", "--outFile", "peak.wasm"],
    ],
    {
      writeFile: (name, contents) => {
        if (name === "peak.wasm") binary = /** @type {Uint8Array} */ (contents);
      },
    },
  );
  if (error || binary === undefined) throw new Error(`assembly/__bench__/peak.ts: ${stderr.toString()}`);
  const module = await WebAssembly.compile(/** @type {BufferSource} */ (binary));
  const { exports } = await WebAssembly.instantiate(module, { env: { abort: () => {} } });
  const { chains, sums } = /** @type {Record<"chains" | "sums", (turns: number, factor: number) => number>} */ (
    /** @type {unknown} */ (exports)
  );
  return [
    { name: "chains", operations: 416 * 4000, run: () => void chains(4000, 1e-12) },
    { name: "sums", operations: 192 * 8000, run: () => void sums(8000, 1e-12) },
  ];
}

/**
 * The better probe's floating-point operations a second.
 * @param {readonly Probe[]} probes
 * @param {Record<string, number>} seconds what `measure` gave of them
 */
export function peakOf(probes, seconds) {
  return Math.max(...probes.map(({ name, operations }) => operations / (seconds[name] ?? Number.NaN)));
}

/**
 * The floating-point operations of a step of PPO in one environment: acting once and learning from it `numEpochs` times. A layer's backward
 * pass is two products as large as its forward one; the first layer's input needs no gradient. The critic's last evaluation of a rollout
 * and everything but products and tanh are left out, which are what the rest of the time goes to.
 * @param {{ observation: number, hiddenSizes: readonly number[], outputs: number, numEpochs: number }} shape
 */
export function workOfStep({ observation, hiddenSizes, outputs, numEpochs }) {
  const forward = (/** @type {number} */ last) => {
    const sizes = [observation, ...hiddenSizes, last];
    return sizes.slice(1).reduce((sum, size, layer) => sum + 2 * /** @type {number} */ (sizes[layer]) * size, 0);
  };
  const both = forward(outputs) + forward(1);
  const withoutInput = 2 * 2 * observation * /** @type {number} */ (hiddenSizes[0]);
  const hidden = 2 * hiddenSizes.reduce((sum, size) => sum + size, 0);
  return { operations: both + numEpochs * (3 * both - withoutInput), tanh: hidden * (1 + numEpochs) };
}
