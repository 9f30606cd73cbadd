// Searches in NATS-Bench as they are published: what each had found after some evaluations, one line a search.

import { readFileSync } from "node:fs";
import { FileFormatError } from "proximal";
import type { NatsDataset } from "proximal/envs/nats-bench";
import { type Figures, figuresFrom } from "../figures.ts";

/** Where they are, in results/. */
export const SEARCHES = "NATS-Bench/searches.jsonl";

/** In the order of the table's columns. */
export const datasets = ["cifar10", "cifar100", "ImageNet16-120"] as const satisfies readonly NatsDataset[];

/** After how many evaluations it is asked what has been found. */
export const budgets = [100, 200, 500] as const;

/** In the order of `datasets`, in percent. */
export type Accuracies = readonly [number, number, number];

/** What all searches have in common: the first line of the file. */
export interface SearchPlan {
  readonly format: "searches";
  readonly version: 1;
  /** Of the table: "sha256:" and 64 digits. */
  readonly data: string;
  readonly numEnvs: number;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly versions: { readonly proximal: string; readonly node: string; readonly platform: string };
  /** The best test accuracies of the table. */
  readonly best: Accuracies;
  /** The expected test accuracies of random search, by dataset that is searched on and by budget. */
  readonly random: Readonly<Record<NatsDataset, Readonly<Record<string, Accuracies>>>>;
}

/** What one search had found by a budget. */
export interface Found {
  /** The last batch by then ended with this one. */
  readonly evaluations: number;
  /** The architecture of the best validation: its operations as the table has them, six digits. */
  readonly ops: string;
  /** Of the dataset that is searched on, after 12 epochs. */
  readonly validation: number;
  /** Test accuracies after 200 epochs. */
  readonly tests: Accuracies;
}

export interface Search {
  /** On which it searches. */
  readonly dataset: NatsDataset;
  readonly seed: number;
  /** By budget. */
  readonly found: Readonly<Record<string, Found>>;
  /** SHA-256 of the weights at the end. */
  readonly checksum: string;
}

export interface Searches {
  readonly plan: SearchPlan;
  readonly searches: readonly Search[];
}

export function encodeSearches({ plan, searches }: Searches): string {
  return [plan, ...searches].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * What is published of them, or undefined where there is nothing.
 * @throws FileFormatError for a file that is something else
 */
export function readSearches(path: string): Searches | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  const lines = text.trimEnd().split("\n").map(parsed(path));
  const [plan, ...searches] = lines as [SearchPlan, ...Search[]];
  if (plan.format !== "searches" || plan.version !== 1)
    throw new FileFormatError(`${path}: line 1: not searches of version 1`);
  const wrong = searches.findIndex(
    ({ dataset, seed, found }) =>
      !datasets.includes(dataset) ||
      !Number.isSafeInteger(seed) ||
      !budgets.every((budget) => found?.[budget]?.tests?.every(Number.isFinite)),
  );
  if (wrong >= 0) throw new FileFormatError(`${path}: line ${wrong + 2}: not a search`);
  const missing = datasets.find((dataset) => searches.every((search) => search.dataset !== dataset));
  if (missing !== undefined) throw new FileFormatError(`${path}: no search on ${missing}`);
  return { plan, searches };
}

function parsed(path: string) {
  return (line: string, index: number): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new FileFormatError(`${path}: line ${index + 1}: not JSON`);
    }
  };
}

/** The test accuracies, over the seeds of searches on one dataset, of what they had found by a budget. */
export function testsAt(
  { searches }: Searches,
  { on, budget, of }: { readonly on: NatsDataset; readonly budget: number; readonly of: NatsDataset },
): Figures | undefined {
  const found = searches.flatMap(({ dataset, found }) => (dataset === on ? [found[budget] as Found] : []));
  const steps = Math.min(...found.map(({ evaluations }) => evaluations));
  return figuresFrom(
    steps,
    found.map(({ tests }) => tests[datasets.indexOf(of)] as number),
  );
}
