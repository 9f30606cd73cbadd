// Searches in NATS-Bench: what PPO has found after some evaluations, and what random search finds in the mean.

import { type Engine, makeVec, PPO, presetFor } from "proximal";
import type { NatsBenchSearch, NatsDataset } from "proximal/envs/nats-bench";
import { checksumOf } from "#cli/checksum";
import { meanOf } from "../../../src/base/statistics.ts";
import type { NatsTable } from "../../../src/envs/nats-bench/table.ts";
import { type Accuracies, budgets, type Found, type Search } from "./searches.ts";

/** Tables of the same architectures, one for each dataset. */
export type Tables = readonly [NatsTable, NatsTable, NatsTable];

const CHOICES = 6;
const OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"];

/** One search with the preset, on a dataset whose environment is registered. */
export async function search(engine: Engine, dataset: NatsDataset, seed: number, tables: Tables): Promise<Search> {
  const { numEnvs, hyperparameters } = presetFor(`NATS-Bench/${dataset}`);
  const env = (await makeVec(`NATS-Bench/${dataset}`, { numEnvs, seed, engine })) as unknown as NatsBenchSearch;
  const agent = await PPO.create(env, { ...hyperparameters, seed });
  const found: Record<string, Found> = {};
  for await (const _ of agent.train({ totalSteps: CHOICES * Math.max(...budgets) })) {
    const { evaluations, bestArchitecture, bestValidation } = env.outcome();
    const ops = digitsOf(bestArchitecture as string);
    const tests = ofEach(tables, ({ test }) => test[Number.parseInt(ops, OPERATIONS.length)] as number);
    for (const budget of budgets)
      if (evaluations <= budget) found[budget] = { evaluations, ops, validation: bestValidation as number, tests };
  }
  return { dataset, seed, found, checksum: checksumOf(agent.policy) };
}

/** Of an architecture as NATS-Bench writes it. */
function digitsOf(architecture: string): string {
  const operations = architecture.match(/\w+(?=~)/g) as string[];
  return operations.map((operation) => OPERATIONS.indexOf(operation)).join("");
}

/**
 * What random search on a table finds in the mean, by budget: of n architectures that are drawn uniformly and with
 * replacement the best is among the worse share F of all with probability Fⁿ, and of those that are alike it is any.
 */
export function randomSearch({ validation }: NatsTable, tables: Tables): Record<string, Accuracies> {
  const codes = [...validation.keys()].sort((a, b) => (validation[a] as number) - (validation[b] as number));
  const found = budgets.map((budget) => ({ budget, sums: [0, 0, 0] as [number, number, number] }));
  for (let start = 0, end = 0; start < codes.length; start = end) {
    while (validation[codes[end] as number] === validation[codes[start] as number]) end++;
    const alike = codes.slice(start, end);
    const tests = ofEach(tables, ({ test }) => meanOf(alike.map((code) => test[code] as number)));
    for (const { budget, sums } of found) {
      const probability = (end / codes.length) ** budget - (start / codes.length) ** budget;
      for (const [column, accuracy] of tests.entries()) (sums[column] as number) += probability * accuracy;
    }
  }
  return Object.fromEntries(found.map(({ budget, sums }) => [budget, sums]));
}

/** The best test accuracies that there are. */
export function bestOf(tables: Tables): Accuracies {
  return ofEach(tables, ({ test }) => Math.max(...test));
}

function ofEach([first, second, third]: Tables, of: (table: NatsTable) => number): Accuracies {
  return [of(first), of(second), of(third)];
}
