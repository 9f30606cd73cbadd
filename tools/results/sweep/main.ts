// `npm run results:sweep`: tries settings of an environment, several at once, and says what came of them.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ProximalError } from "../../../src/base/errors.ts";
import { within } from "../../../src/base/state.ts";
import { checkLog, type Log, readLog } from "./log.ts";
import { baseOf, type Plan, readPlan } from "./plan.ts";
import { Sweep } from "./sweep.ts";
import { tableOf } from "./table.ts";

const help = `Usage: npm run results:sweep -- PLAN.json [--workers N] [--table]

Trains each setting of a plan by each of its seeds, writes what came of them to PLAN.jsonl, and prints a table, the best
setting first. What PLAN.jsonl has already is not trained again: a plan may grow, and goes on after an interruption. A
plan in results/sweeps looks like this:

  {
    "env": "Hopper-v4",
    "totalSteps": 3000000,              over which learning rates and deviations are annealed
    "at": [250000, 500000],             steps at which returns are noted; a trial ends with the last
    "seeds": "101-104",                 results are reported of those below
    "common": { "clipRange": 0.1 },     what all settings have beside the environment's preset
    "settings": [                       each in what it differs in from that
      {},
      { "numEnvs": 64, "numMinibatches": 64, "activation": "relu" }
    ],
    "draw": {                           settings that are drawn, beside those
      "count": 20,
      "seed": 1,
      "among": { "learningRate": [0.0003, 0.001], "hiddenSizes": [[64, 64], [128, 128]] }
    }
  }

Of common, settings and draw a plan needs one of the last two.

Options:
  --workers N   trials at once [as many as cores]
  --table       train nothing: print the table of what there is
  --help        show this
`;

/** The exit code of what was not begun, as of `proximal`. */
const REFUSED = 2;

const known = {
  workers: { type: "string", default: `${availableParallelism()}` },
  table: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;
const { values: options, positionals } = given();

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof ProximalError)) throw error;
  process.exitCode = refused(error.message);
}

function given() {
  try {
    return parseArgs({ allowPositionals: true, options: known });
  } catch (error) {
    process.exit(refused((error as Error).message.split(". ")[0] as string));
  }
}

function refused(why: string): number {
  process.stderr.write(`sweep: ${why}\n`);
  return REFUSED;
}

async function run(): Promise<number> {
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    return refused("one plan is to be named; --help shows what it looks like");
  if (!path.endsWith(".json")) return refused(`"${path}": a plan is a file as sweep.json`);
  if (!/^[1-9]\d*$/.test(options.workers))
    return refused(`--workers: "${options.workers}" has to be an integer of at least 1`);
  const text = textOf(path);
  if (text === undefined) return refused(`${path}: no such file`);
  const plan = await named(path, readPlan(text));
  const logPath = `${path}l`;
  const sweep = new Sweep(plan, logAt(logPath, plan), logPath);
  const exitCode = options.table ? 0 : await sweep.train(Number(options.workers));
  if (sweep.log.trials.length > 0) process.stdout.write(`${tableOf(sweep.log)}\n`);
  return exitCode;
}

/** What there is of a plan already, or the beginning of it. */
function logAt(path: string, plan: Plan): Log {
  const text = textOf(path);
  const { env, totalSteps, at, common } = plan;
  if (text === undefined)
    return { head: { format: "sweep", version: 1, env, totalSteps, at, common, base: baseOf(plan) }, trials: [] };
  return within(path, () => {
    const log = readLog(text);
    checkLog(log, plan);
    return log;
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What `promise` comes to; its errors name the file. */
async function named<T>(path: string, promise: Promise<T>): Promise<T> {
  const [settled] = await Promise.allSettled([promise]);
  return within(path, () => {
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  });
}
