// `npm run results`: trains what results/ has, publishes it there, and makes the page of it.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ProximalError } from "proximal";
import { seedsOf } from "#cli/pool/seeds";
import { SeedFolder } from "#cli/seed-folder";
import { at } from "../../bench/repository.ts";
import { suggestion } from "../../src/base/nearest.ts";
import { experiments } from "./paper/experiments.ts";
import { report } from "./report.ts";
import { tasks } from "./tasks.ts";
import { Trainer } from "./trainer.ts";
import { publishRuns, type Training } from "./training.ts";

const help = `Usage: npm run results -- TASK... [--seeds LIST] [--workers N]
       npm run results -- --report | --list | --help

Trains tasks of results/ by several seeds, each as long as its row in tools/results/tasks.ts says, publishes what they
come to in results/TASK/seed<seed>, and makes the pages. The runs themselves are in runs/results/TASK: what was
interrupted goes on there, and seeds that are there already are not trained again. The experiments of the paper of PPO
are tasks as paper/clip-0.2/Hopper-v4; paper/clip-0.2 stands for all of that setting, paper for all that there are.

Options:
  --seeds LIST   the seeds, as in 1-10 or 1,3; a number alone, as in 5, stands for 1-5 [5]
  --workers N    runs at once, of all tasks together [as many as cores]
  --publish      train nothing: publish the runs that have come to their end
  --report       make the pages and their pictures of what is published
  --list         the tasks, and the seeds that are published of each
  --help         show this
`;

const root = fileURLToPath(at("."));
/** The exit code of what was not begun, as of `proximal`. */
const REFUSED = 2;
const trainings: readonly Training[] = [...tasks, ...experiments];
/** Of tasks, and of the groups that they are in: "paper" and "paper/none" of "paper/none/Hopper-v4". */
const names = [
  ...new Set(trainings.flatMap(({ name }) => [...name.matchAll(/\/|$/g)].map(({ index }) => name.slice(0, index)))),
];

const known = {
  seeds: { type: "string", default: "5" },
  workers: { type: "string", default: `${availableParallelism()}` },
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
  else if (options.list) process.stdout.write(`${trainings.map(listed).join("\n")}\n`);
  else if (options.report) await report(root);
  else return await renew();
  return 0;
}

/** Trains what is named, and publishes what has come to its end. */
async function renew(): Promise<number> {
  if (positionals.length === 0) return refused("no task is named; --list shows them, --help the options");
  const named = new Set<Training>();
  for (const name of positionals) {
    const own = trainings.filter((each) => each.name === name || each.name.startsWith(`${name}/`));
    if (own.length === 0) return refused(`no task "${name}"; ${suggestion(name, names)}`);
    for (const training of own) named.add(training);
  }
  const seeds = /^\d+$/.test(options.seeds) ? `1-${options.seeds}` : options.seeds;
  seedsOf(seeds);
  const { workers } = options;
  if (!/^[1-9]\d*$/.test(workers)) return refused(`--workers: "${workers}" has to be an integer of at least 1`);
  const ended = (training: Training) => publishRuns(root, training);
  let exitCode = 0;
  if (options.publish) for (const training of named) await ended(training);
  else {
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    exitCode = await new Trainer(root, { seeds, workers: Number(workers), say }).train([...named], ended);
  }
  await report(root);
  return exitCode;
}

function refused(why: string): number {
  process.stderr.write(`results: ${why}\n`);
  return REFUSED;
}

/** What is published of it: "Hopper-v4  3,000,000 steps  seeds 1, 2" */
function listed({ name, totalSteps }: Training): string {
  const { seeds } = new SeedFolder(join(root, "results", name));
  const published = seeds.length === 0 ? "not run" : `seeds ${seeds.join(", ")}`;
  return `${name.padEnd(44)}${totalSteps.toLocaleString("en").padStart(11)} steps  ${published}`;
}
