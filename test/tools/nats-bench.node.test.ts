// Searches in NATS-Bench as results/ has them, over a table that is made up.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Engine, PCG64, register } from "proximal";
import { natsBench } from "proximal/envs/nats-bench";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTable } from "../../src/envs/nats-bench/table.ts";
import { filesOf } from "../../tools/results/files.ts";
import { bestOf, randomSearch, search, type Tables } from "../../tools/results/nats-bench/search.ts";
import {
  budgets,
  datasets,
  encodeSearches,
  readSearches,
  SEARCHES,
  type Search,
  type SearchPlan,
} from "../../tools/results/nats-bench/searches.ts";
import { emptyFolder } from "../cli/run.ts";
import { tableLines } from "../envs/nats-bench/table.ts";

const csv = `${tableLines().join("\n")}\n`;
register(...datasets.map((dataset) => natsBench(csv, { dataset })));
const tables: Tables = [readTable(csv, "cifar10"), readTable(csv, "cifar100"), readTable(csv, "ImageNet16-120")];
const engine = await Engine.create();

const folder = emptyFolder();
afterAll(folder.remove);
const path = join(folder.path, SEARCHES);
mkdirSync(dirname(path), { recursive: true });

let searches: Search[];
let plan: SearchPlan;
beforeAll(async () => {
  searches = [];
  for (const dataset of datasets) for (const seed of [1, 2]) searches.push(await search(engine, dataset, seed, tables));
  plan = {
    ...({ format: "searches", version: 1, data: "sha256:of this" } as const),
    ...{ numEnvs: 8, hyperparameters: { gamma: 1 }, versions: { proximal: "0.1.0", node: "20.0.0", platform: "x" } },
    best: bestOf(tables),
    random: {
      cifar10: randomSearch(tables[0], tables),
      cifar100: randomSearch(tables[1], tables),
      "ImageNet16-120": randomSearch(tables[2], tables),
    },
  };
});

describe("a search", () => {
  it("says what it had found by each budget: the best validation, and what the table says of it", async () => {
    for (const { dataset, found, checksum } of searches) {
      expect(checksum).toMatch(/^[0-9a-f]{64}$/);
      expect(budgets.map((budget) => found[budget]?.evaluations)).toEqual([96, 200, 496]);
      const values = budgets.map((budget) => found[budget]?.validation as number);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      for (const budget of budgets) {
        const { ops, validation, tests } = found[budget] as NonNullable<(typeof found)[string]>;
        const code = Number.parseInt(ops, 5);
        expect(validation).toBe(tables[datasets.indexOf(dataset)]?.validation[code]);
        expect(tests).toEqual(tables.map(({ test }) => test[code]));
      }
    }
    expect(searches[0]?.checksum).not.toBe(searches[1]?.checksum);
    expect(await search(engine, "cifar10", 2, tables)).toEqual(searches[1]);
  });

  it("that draws at random finds what many such searches find in the mean", () => {
    // Two hundred architectures, each of whose validations forty share.
    const count = 200;
    const validation = Float64Array.from({ length: count }, (_, code) => code % 5);
    const test = Float64Array.from({ length: count }, (_, code) => (code * 37) % 91);
    const small = { validation, test };
    const expected = randomSearch(small, [small, small, small])[100]?.[0] as number;
    const rng = new PCG64(engine, 1);
    const found = Array.from({ length: 20_000 }, () => {
      let best = rng.integer(count);
      for (let draw = 1; draw < 100; draw++) {
        const code = rng.integer(count);
        if ((validation[code] as number) > (validation[best] as number)) best = code;
      }
      return test[best] as number;
    });
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    const deviation = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length);
    expect(Math.abs(mean - expected)).toBeLessThan((4 * deviation) / Math.sqrt(found.length));
  });

  it("of few draws finds less: the formula, by hand", () => {
    // Of two that differ, n draws miss the better with probability 2^-n: with three quarters worse, (3/4)^n.
    const validation = Float64Array.of(...Array.from({ length: 999 }, () => 1), 2);
    const test = Float64Array.of(...Array.from({ length: 999 }, () => 10), 20);
    const small = { validation, test };
    const found = randomSearch(small, [small, small, small]);
    for (const budget of budgets) expect(found[budget]?.[0]).toBeCloseTo(20 - 10 * 0.999 ** budget, 10);
  });
});

describe("published searches", () => {
  const write = (text: string) => writeFileSync(path, text);

  it("come back as they were, and are nothing where there is no file", () => {
    write(encodeSearches({ plan, searches }));
    expect(readSearches(path)).toEqual({ plan, searches });
    expect(readSearches(join(folder.path, "nowhere"))).toBeUndefined();
  });

  it("are rows among the goals and a section of the page", () => {
    write(encodeSearches({ plan, searches }));
    const page = filesOf(folder.path, []).get(join(folder.path, "README.md")) as string;
    const goals = page.split("\n").filter((line) => line.startsWith("| [NATS-Bench](#nats-bench), "));
    const means = [0, 1, 2].map(
      (column) => searches.slice(0, 2).reduce((sum, { found }) => sum + (found[100]?.tests[column] as number), 0) / 2,
    );
    expect(goals).toHaveLength(3);
    for (const [index, goal] of ["94.02", "71.68", "44.95"].entries())
      expect(goals[index]).toMatch(
        new RegExp(
          `\\| 100 evaluations \\| ${goal} \\(set for this page\\) \\| ${means[index]?.toFixed(2)} ± [\\d.]+ \\| 2 \\| (missed|\\*\\*beaten\\*\\*) by `,
        ),
      );
    const section = page.split("\n## NATS-Bench\n")[1]?.split("\n## ")[0] as string;
    expect(section.match(/^\| PPO on /gm)).toHaveLength(9);
    expect(section).toMatch(/^\| PPO on CIFAR-10 \| 100 \|.*\| 96 \|$/m);
    expect(section).toContain(`| random search on CIFAR-100 | 500 | ${plan.random.cifar100[500]?.[0].toFixed(2)} |`);
    expect(section).not.toMatch(/NaN|undefined/);
  });

  it.each([
    ["a line that is cut short", (text: string) => text.slice(0, -20), /searches\.jsonl: line 7: not JSON$/],
    [
      "searches on fewer datasets",
      (text: string) => text.replace(/\{"dataset":"cifar100".*\n/g, ""),
      /no search on cifar100$/,
    ],
    ["another format", (text: string) => text.replace('"searches"', '"runs"'), /line 1: not searches of version 1$/],
    [
      "a dataset that there is not",
      (text: string) => text.replace('"dataset":"cifar10"', '"dataset":"mnist"'),
      /line 2: not a search$/,
    ],
    [
      "a search without a budget",
      (text: string) => text.replace('"500":{"evaluations"', '"5":{"evaluations"'),
      /line 2: not a search$/,
    ],
  ])("%s is refused", (_, change, message) => {
    const text = encodeSearches({ plan, searches });
    expect(change(text)).not.toBe(text);
    write(change(text));
    expect(() => readSearches(path)).toThrow(message);
  });
});
