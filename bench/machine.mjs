// @ts-check
// What a result was measured on, and which kernels run there.

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { hasRelaxedSimd } from "../dist/engine/index.js";

/** fma needs relaxed SIMD. */
export const variants = /** @type {("strict" | "fma")[]} */ (hasRelaxedSimd() ? ["strict", "fma"] : ["strict"]);

/** @typedef {{ processor: string, node: string, v8: string, proximal: string, date: string }} Machine */

/** @returns {Machine} */
export function machine() {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    node: process.versions.node,
    v8: process.versions.v8,
    proximal: version,
    date: new Date().toISOString().slice(0, 10),
  };
}
