// The real table of NATS-Bench, where NATS_BENCH_CSV names it: its optima, its names, and random search in it.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NatsBench } from "../../../src/envs/nats-bench/index.ts";
import { readTable } from "../../../src/envs/nats-bench/table.ts";
import { Engine, PCG64 } from "../../../src/index.ts";

const path = process.env.NATS_BENCH_CSV;
const engine = await Engine.create();

describe.skipIf(path === undefined)("the table of NATS-Bench", () => {
  const csv = path === undefined ? "" : readFileSync(path, "utf8");

  it.each([
    ["cifar10", 94.37],
    ["cifar100", 73.51],
    ["ImageNet16-120", 47.31],
  ] as const)("has the published optimum on %s", (dataset, optimum) => {
    expect(Math.max(...readTable(csv, dataset).test)).toBeCloseTo(optimum, 2);
  });

  it("gives random search of 100 evaluations what is published for it, within three standard errors and 0.1", () => {
    const table = readTable(csv, "cifar10");
    const others = [table, readTable(csv, "cifar100"), readTable(csv, "ImageNet16-120")];
    const rng = new PCG64(engine, 1);
    const RUNS = 500;
    const found = Array.from({ length: RUNS }, () => {
      const env = new NatsBench("NATS-Bench/cifar10", engine, table);
      for (let episode = 0; episode < 100; episode++) {
        env.reset();
        while (!env.step(rng.integer(5)).terminated);
      }
      const best = table.validation.indexOf(env.outcome().bestValidation as number);
      return others.map(({ test }) => test[best] as number);
    });
    // Of NAS-Bench-201.
    for (const [column, published] of [93.7, 71.04, 44.57].entries()) {
      const values = found.map((accuracies) => accuracies[column] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / RUNS;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / RUNS);
      expect(Math.abs(mean - published)).toBeLessThanOrEqual(0.1 + (3 * deviation) / Math.sqrt(RUNS));
    }
  });
});
