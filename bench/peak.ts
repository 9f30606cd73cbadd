// The peak of this machine and engine in multiply-adds, by the probes in assembly/__bench__/peak.ts, and what follows
// from it.

import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import type { KernelVariant } from "proximal/engine";
import type { Task } from "./measure.ts";
import { at } from "./repository.ts";

type ProbeName = "chains" | "sums";

export interface Probe extends Task<ProbeName> {
  /** Floating-point, of one run. */
  readonly operations: number;
}

/** The probes of a module, for `peakOf`. */
export async function probesOf(variant: KernelVariant): Promise<Probe[]> {
  let binary: string | Uint8Array | undefined;
  const features = variant === "fma" ? "simd,relaxed-simd" : "simd";
  const { error, stderr } = await asc.main(
    [
      ...["assembly/__bench__/peak.ts", "--baseDir", fileURLToPath(at(".")), "--config", "none", "--enable", features],
      ...["--runtime", "stub", "--optimizeLevel", "3", "--noAssert", "--disableWarning", "112"],
      ...["--initialMemory", "1", "--bindings", "raw", "--outFile", "peak.wasm"],
    ],
    {
      writeFile: (name, contents) => {
        if (name === "peak.wasm") binary = contents;
      },
    },
  );
  if (error || !(binary instanceof Uint8Array)) throw new Error(`assembly/__bench__/peak.ts: ${stderr.toString()}`);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary), { env: { abort: () => {} } });
  const { chains, sums } = instance.exports as Record<ProbeName, (turns: number, factor: number) => number>;
  return [
    { name: "chains", operations: 416 * 4000, run: () => void chains(4000, 1e-12) },
    { name: "sums", operations: 192 * 8000, run: () => void sums(8000, 1e-12) },
  ];
}

/**
 * The better probe's floating-point operations a second.
 * @param seconds what `measure` gave of them
 */
export function peakOf(probes: readonly Probe[], seconds: Readonly<Record<string, number>>): number {
  return Math.max(...probes.map(({ name, operations }) => operations / (seconds[name] ?? Number.NaN)));
}

export interface WorkShape {
  readonly observation: number;
  readonly hiddenSizes: readonly number[];
  readonly outputs: number;
  readonly numEpochs: number;
}

/**
 * The floating-point operations of a step of PPO in one environment: acting once and learning from it `numEpochs`
 * times. A layer's backward pass is two products as large as its forward one; the first layer's input needs no
 * gradient. The critic's last evaluation of a rollout and everything but products and tanh are left out, which are what
 * the rest of the time goes to.
 */
export function workOfStep({ observation, hiddenSizes, outputs, numEpochs }: WorkShape): {
  readonly operations: number;
  readonly tanh: number;
} {
  const forward = (last: number): number => {
    const inputs = [observation, ...hiddenSizes];
    return inputs.reduce((sum, size, layer) => sum + 2 * size * (hiddenSizes[layer] ?? last), 0);
  };
  const both = forward(outputs) + forward(1);
  const withoutInput = 2 * 2 * observation * (hiddenSizes[0] ?? 0);
  const hidden = 2 * hiddenSizes.reduce((sum, size) => sum + size, 0);
  return { operations: both + numEpochs * (3 * both - withoutInput), tanh: hidden * (1 + numEpochs) };
}
