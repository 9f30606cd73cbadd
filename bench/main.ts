// `npm run bench`: measures everything, prints tables, and writes the numbers to a file.

import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { KernelVariant } from "proximal/engine";
import { machine, majorOf, variants } from "./machine.ts";
import { at } from "./repository.ts";
import { type Settings, type Suite, type SuiteResults, tablesOf } from "./results.ts";
import { type EnvResults, envs, envTables } from "./suites/envs.ts";
import { profile, profileTables } from "./suites/profile.ts";
import { type SolvedResults, solvedTables, timeToSolved } from "./suites/training.ts";
import { asText, type Table } from "./table.ts";

const help = `Usage: npm run bench -- [options] [suite ...]

Suites: kernels, gradients, sums, training, solved; all of them unless named; and envs where it is named.

Options:
  --quick      a quarter of the time, for a first look
  --profile    instead: where an iteration of PPO spends its time
  --only TEXT  of envs: the environments whose ids contain this
  --json       print the results as JSON instead of tables
  --record     write bench/results/node-<version>.json, which bench/README.md is made of,
               instead of bench/results/latest.json
  --help       show this

fma kernels are measured where the engine has relaxed SIMD (Node 22 and later).
`;

const perVariant = Object.keys(tablesOf) as Suite[];
const ALL = [...perVariant, "solved"];
const SUITES = [...ALL, "envs"];
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}
const unknown = positionals.find((name) => !SUITES.includes(name));
const problem =
  unknown !== undefined
    ? `no suite "${unknown}"; there are: ${SUITES.join(", ")}`
    : options.record && (options.quick || options.profile || positionals.length > 0)
      ? "--record takes all suites at their full length"
      : undefined;
if (problem !== undefined) {
  process.stderr.write(`bench: ${problem}\n`);
  process.exit(2);
}

const chosen = positionals.length > 0 ? positionals : ALL;
const settings: Settings = options.quick
  ? { time: 60, iterations: 60, seeds: 3 }
  : { time: 600, iterations: 900, seeds: 10 };

/**
 * The results of a suite, from a process of its own: an engine compiles a function for what it has run so far, other
 * suites included.
 */
function inProcess<S extends Suite>(suite: S, variant: KernelVariant): Promise<SuiteResults[S]> {
  const child = fork(new URL("suites/run.js", import.meta.url), [suite, variant, JSON.stringify(settings)]);
  return new Promise((resolve, reject) => {
    let results: SuiteResults[S] | undefined;
    child.on("message", (message) => {
      results = message as SuiteResults[S];
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0 && results !== undefined) resolve(results);
      else reject(new Error(`suite ${suite}, ${variant}: ${signal ?? `exit code ${code}`}`));
    });
  });
}

function show(tables: readonly Table[]): void {
  if (!options.json) process.stdout.write(`${tables.map(asText).join("\n")}\n`);
}

/** Measures a suite, shows its tables, and puts its results among the others. */
async function runSuite<S extends Suite>(suite: S, variant: KernelVariant, into: Partial<SuiteResults>): Promise<void> {
  const results = await inProcess(suite, variant);
  show(tablesOf[suite](variant, results));
  Object.assign(into, { [suite]: results });
}

const on = machine();
if (!options.json) process.stdout.write(`${on.processor}, Node ${on.node} (V8 ${on.v8}), one thread, ${on.date}\n\n`);

if (options.profile) {
  for (const variant of variants) show(profileTables(variant, await profile(variant)));
} else {
  const byVariant: Partial<Record<KernelVariant, Partial<SuiteResults>>> = {};
  for (const variant of variants) {
    const own = {};
    byVariant[variant] = own;
    for (const suite of perVariant) if (chosen.includes(suite)) await runSuite(suite, variant, own);
  }
  let solved: SolvedResults | undefined;
  if (chosen.includes("solved")) {
    solved = await timeToSolved(settings);
    show(solvedTables(solved));
  }
  let stepped: EnvResults | undefined;
  if (chosen.includes("envs")) {
    stepped = await envs(options.only, settings);
    show(envTables(stepped));
  }
  const path = `bench/results/${options.record ? `node-${majorOf(on.node)}` : "latest"}.json`;
  mkdirSync(at("bench/results/"), { recursive: true });
  const text = `${JSON.stringify({ machine: on, ...byVariant, solved, envs: stepped }, null, 1)}\n`;
  writeFileSync(at(path), text);
  process.stdout.write(options.json ? text : `wrote ${path}\n`);
}
