// `npm run results`: trains what results/ has, publishes it there, and makes the page of it.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ProximalError } from "proximal";
import { SeedFolder } from "#cli/seed-folder";
import { at } from "../../bench/repository.ts";
import { suggestion } from "../../src/base/nearest.ts";
import { publish } from "./publish.ts";
import { report } from "./report.ts";
import { type Task, tasks } from "./tasks.ts";

const help = `Usage: npm run results -- TASK... [--seeds LIST] [--workers N]
       npm run results -- --report | --list | --help

Trains tasks of results/ by several seeds, each as long as its row in tools/results/tasks.ts says, publishes what they
come to in results/TASK/seed<seed>, and makes the page. The runs themselves are in runs/results/TASK: what was
interrupted goes on there, and seeds that are there already are not trained again.

Options:
  --seeds LIST   the seeds, as in 1-10 or 1,3; a number alone, as in 5, stands for 1-5 [5]
  --workers N    runs at once [as many as cores]
  --publish      train nothing: publish the runs that have come to their end
  --report       make results/README.md and its pictures of what is published
  --list         the tasks, and the seeds that are published of each
  --help         show this
`;

const root = fileURLToPath(at("."));
/** The exit code of what was not begun, here and of `proximal`. */
const REFUSED = 2;
/** How often a run is evaluated by its most likely actions, and by how many episodes. */
const EVALUATIONS = { times: 6, episodes: 20 };

const known = {
  seeds: { type: "string", default: "5" },
  workers: { type: "string" },
  publish: { type: "boolean", default: false },
  report: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
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

async function run(): Promise<number> {
  const isAsked = options.help || options.list || options.report;
  if (isAsked && positionals.length > 0)
    return refused(`"${positionals[0]}": a task is named where it is trained or published; --help shows the options`);
  if (options.help) process.stdout.write(help);
  else if (options.list) for (const task of tasks) process.stdout.write(`${listed(task)}\n`);
  else if (options.report) await report(root);
  else return await renew();
  return 0;
}

/** Trains the tasks that are named, one after the other, and publishes what has come to its end. */
async function renew(): Promise<number> {
  if (positionals.length === 0) return refused("no task is named; --list shows them, --help the options");
  const named: Task[] = [];
  for (const name of positionals) {
    const task = tasks.find((each) => each.name === name);
    const names = tasks.map((each) => each.name);
    if (task === undefined) return refused(`no task "${name}"; ${suggestion(name, names)}`);
    named.push(task);
  }
  for (const task of named) {
    const runs = new SeedFolder(join(root, "runs/results", task.name));
    const code = options.publish ? 0 : await train(task, runs);
    if (code === REFUSED) return code;
    await publishRuns(task, runs);
    if (code !== 0) return code;
  }
  await report(root);
  return 0;
}

function refused(why: string): number {
  process.stderr.write(`results: ${why}\n`);
  return REFUSED;
}

/** What is published of a task: "Hopper-v4  3,000,000 steps  seeds 1, 2" */
function listed({ name, totalSteps }: Task): string {
  const { seeds } = new SeedFolder(join(root, "results", name));
  const published = seeds.length === 0 ? "not run" : `seeds ${seeds.join(", ")}`;
  return `${name.padEnd(28)}${totalSteps.toLocaleString("en").padStart(11)} steps  ${published}`;
}

/** `proximal train --seeds`, which shows how it goes; its exit code, 0 where all seeds have come to their end. */
async function train({ env, totalSteps }: Task, runs: SeedFolder): Promise<number> {
  const seeds = /^\d+$/.test(options.seeds) ? `1-${options.seeds}` : options.seeds;
  const every = Math.ceil(totalSteps / EVALUATIONS.times);
  const begun = runs.seeds.length > 0;
  const what = begun
    ? ["--resume", runs.path]
    : [...[env, "--out", runs.path, "--total-steps", `${totalSteps}`], "--eval-every", `${every}`];
  const evaluation = begun ? [] : ["--eval-episodes", `${EVALUATIONS.episodes}`];
  const workers = options.workers === undefined ? [] : ["--workers", options.workers];
  const args = ["train", ...what, ...evaluation, "--seeds", seeds, ...workers];
  const child = spawn(process.execPath, [join(root, "bin/proximal.js"), ...args], { stdio: "inherit" });
  // Who presses Ctrl-C presses it for that process as well, which saves and ends.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  return await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

async function publishRuns({ name, totalSteps }: Task, runs: SeedFolder): Promise<void> {
  for (const seed of runs.seeds) {
    const run = runs.run(seed);
    if ((run.readResult()?.steps ?? 0) < totalSteps) continue;
    const to = join("results", name, `seed${seed}`);
    await publish(run, join(root, to));
    process.stdout.write(`published ${to}\n`);
  }
}
