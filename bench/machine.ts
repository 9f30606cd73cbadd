// What a result was measured on, and which kernels run there.

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { hasRelaxedSimd, type KernelVariant } from "proximal/engine";
import { at } from "./repository.ts";

/** fma needs relaxed SIMD. */
export const variants: readonly KernelVariant[] = hasRelaxedSimd() ? ["strict", "fma"] : ["strict"];

export interface Machine {
  readonly processor: string;
  readonly node: string;
  readonly v8: string;
  readonly proximal: string;
  readonly date: string;
}

export function machine(): Machine {
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    node: process.versions.node,
    v8: process.versions.v8,
    proximal: version,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** "20.20.2" -> "20" */
export function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}
