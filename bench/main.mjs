// @ts-check
// `npm run bench`: measures everything, prints tables, and writes the numbers to a file.

import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine, variants } from "./machine.mjs";
import { gradientTables } from "./suites/gradients.mjs";
import { kernelTables } from "./suites/kernels.mjs";
import { profile, profileTables } from "./suites/profile.mjs";
import { solvedTables, timeToSolved, trainingTables } from "./suites/training.mjs";
import { asText } from "./table.mjs";

const help = `Usage: npm run bench -- [options] [suite ...]

Suites: kernels, gradients, training, solved; all of them unless named.

Options:
  --quick      a quarter of the time, for a first look
  --profile    instead: where an iteration of PPO spends its time
  --record     write bench/results/node-<version>.json, which bench/README.md is made of, instead of bench/results/latest.json
  --help       show this

fma kernels are measured where the engine has relaxed SIMD (Node 22 and later).
`;

const SUITES = ["kernels", "gradients", "training", "solved"];
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
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

const chosen = positionals.length > 0 ? positionals : SUITES;
const settings = options.quick ? { time: 60, iterations: 60, seeds: 3 } : { time: 600, iterations: 900, seeds: 10 };

/**
 * The results of a suite, from a process of its own: an engine compiles a function for what it has run so far, other suites included.
 * @param {string} suite
 * @param {"strict" | "fma"} variant
 * @returns {Promise<any>}
 */
function inProcess(suite, variant) {
  const child = fork(new URL("suites/run.mjs", import.meta.url), [suite, variant, JSON.stringify(settings)]);
  return new Promise((resolve, reject) => {
    /** @type {any} */
    let results;
    child.on("message", (message) => {
      results = message;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve(results);
      else reject(new Error(`suite ${suite}, ${variant}: ${signal ?? `exit code ${code}`}`));
    });
  });
}

const tablesOf = { kernels: kernelTables, gradients: gradientTables, training: trainingTables };

/** @param {readonly import("./table.mjs").Table[]} tables */
const show = (tables) => process.stdout.write(`${tables.map(asText).join("\n")}\n`);

const on = machine();
process.stdout.write(`${on.processor}, Node ${on.node} (V8 ${on.v8}), one thread, ${on.date}\n\n`);

if (options.profile) {
  for (const variant of variants) show(profileTables(variant, await profile(variant)));
} else {
  /** @type {Record<string, any>} */
  const results = { machine: on };
  for (const variant of variants) {
    /** @type {Record<string, any>} */
    const own = {};
    results[variant] = own;
    for (const [suite, tables] of Object.entries(tablesOf)) {
      if (!chosen.includes(suite)) continue;
      own[suite] = await inProcess(suite, variant);
      show(tables(variant, own[suite]));
    }
  }
  if (chosen.includes("solved")) {
    results.solved = await timeToSolved(settings);
    show(solvedTables(results.solved));
  }
  const name = options.record ? `node-${process.versions.node.split(".")[0]}` : "latest";
  const path = fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
  process.stdout.write(`wrote bench/results/${name}.json\n`);
}
