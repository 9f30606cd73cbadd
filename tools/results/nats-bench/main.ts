// `npm run results:nats-bench`: searches in NATS-Bench by many seeds, and publishes what they have found.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Engine, ProximalError, presetFor, register } from "proximal";
import { type NatsDataset, natsBench } from "proximal/envs/nats-bench";
import { versions } from "#cli/run-config";
import { at } from "../../../bench/repository.ts";
import { readTable } from "../../../src/envs/nats-bench/table.ts";
import { completeHyperparameters } from "../../../src/ppo/hyperparameters.ts";
import { report } from "../report.ts";
import { bestOf, randomSearch, search } from "./search.ts";
import { budgets, datasets, encodeSearches, SEARCHES, type Search, type SearchPlan } from "./searches.ts";

const help = `Usage: npm run results:nats-bench -- FILE [SEEDS]

Searches in NATS-Bench by the seeds 1 to SEEDS [100] on each of its datasets, with the preset, publishes in
results/${SEARCHES} what each had found after ${budgets.join(", ")} evaluations, and makes the page. FILE is the table
that proximal/envs/nats-bench reads.
`;

const [file, seeds = "100"] = process.argv.slice(2);
if (file === "--help") {
  process.stdout.write(help);
  process.exit();
}
if (file === undefined || !/^[1-9]\d*$/.test(seeds)) {
  process.stderr.write(help);
  process.exit(2);
}
try {
  await publishSearches(readFileSync(file), Number(seeds));
} catch (error) {
  const isOfFile = (error as { code?: string }).code !== undefined;
  if (!(isOfFile || error instanceof ProximalError)) throw error;
  process.stderr.write(`results: ${file}: ${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function publishSearches(bytes: Uint8Array, seeds: number): Promise<void> {
  const csv = new TextDecoder().decode(bytes);
  register(...datasets.map((dataset) => natsBench(csv, { dataset })));
  const table = (dataset: NatsDataset) => readTable(csv, dataset);
  const tables = [table("cifar10"), table("cifar100"), table("ImageNet16-120")] as const;
  const engine = await Engine.create();
  const searches: Search[] = [];
  for (const dataset of datasets) {
    for (let seed = 1; seed <= seeds; seed++) searches.push(await search(engine, dataset, seed, tables));
    process.stdout.write(`searched on ${dataset} by ${seeds} seeds\n`);
  }
  const { numEnvs, hyperparameters: given } = presetFor("NATS-Bench/cifar10");
  const { seed: _, ...hyperparameters } = completeHyperparameters(given);
  const { proximal, node, platform } = versions();
  const random = (index: 0 | 1 | 2) => randomSearch(tables[index], tables);
  const plan: SearchPlan = {
    ...({ format: "searches", version: 1 } as const),
    data: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    ...{ numEnvs, hyperparameters, versions: { proximal, node, platform } },
    best: bestOf(tables),
    random: { cifar10: random(0), cifar100: random(1), "ImageNet16-120": random(2) },
  };
  const path = fileURLToPath(at(`results/${SEARCHES}`));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeSearches({ plan, searches }));
  await report(fileURLToPath(at(".")));
}
