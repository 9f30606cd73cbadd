// What `npm run bench` measures, and writes to bench/results: the suites with their results, their tables, and the
// file.

import type { KernelVariant } from "proximal/engine";
import type { Machine } from "./machine.ts";
import { type GradientResult, gradientTables } from "./suites/gradients.ts";
import { type KernelResults, kernelTables } from "./suites/kernels.ts";
import { type SumResult, sumTables } from "./suites/sums.ts";
import { type SolvedResults, type TrainingResults, trainingTables } from "./suites/training.ts";
import type { Table } from "./table.ts";

/** How much is measured: milliseconds for each figure, iterations of PPO, seeds of whole trainings. */
export interface Settings {
  readonly time: number;
  readonly iterations: number;
  readonly seeds: number;
}

/** Of one kernel module. */
export interface SuiteResults {
  readonly kernels: KernelResults;
  readonly gradients: readonly GradientResult[];
  readonly sums: readonly SumResult[];
  readonly training: TrainingResults;
}

export type Suite = keyof SuiteResults;

export const tablesOf: { readonly [S in Suite]: (variant: KernelVariant, results: SuiteResults[S]) => Table[] } = {
  kernels: kernelTables,
  gradients: gradientTables,
  sums: sumTables,
  training: trainingTables,
};

/** A whole file, as bench/README.md is made of. */
export interface Results extends Readonly<Partial<Record<KernelVariant, SuiteResults>>> {
  readonly machine: Machine;
  readonly solved: SolvedResults;
}
