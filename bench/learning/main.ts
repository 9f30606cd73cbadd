// How long it takes from the start of a process until a task is learned to a return: proximal beside CleanRL and
// Stable-Baselines3, each alone on one thread, one after the other.
//   pip install "stable-baselines3==2.9.2" "gymnasium[mujoco,box2d]==1.4.0"          (PYTHON names the interpreter)
//   npm run bench:learning -- [TASK ...] [--seeds N] [--minutes N] [--record]
// CLEANRL names a checkout of CleanRL, CLEANRL_PYTHON an interpreter that has what it needs (gymnasium 0.29.1).

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { machine } from "../machine.ts";
import { at } from "../repository.ts";
import { asText } from "../table.ts";
import { type Learned, type LearningResults, learningTable } from "./results.ts";
import { type System, systems } from "./systems.ts";

/** What each task is to be learned to: the mean return of the last 100 episodes of training. */
const goals: Readonly<Record<string, number>> = { "HalfCheetah-v4": 3000, "Hopper-v4": 2000, "LunarLander-v3": 200 };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "3" },
    minutes: { type: "string", default: "15" },
    record: { type: "boolean", default: false },
  },
});
const [seeds, minutes] = [Number(options.seeds), Number(options.minutes)];
const named = positionals.length > 0 ? positionals : Object.keys(goals);
const unknown = named.find((task) => !Object.hasOwn(goals, task));
if (unknown !== undefined || !(Number.isInteger(seeds) && seeds > 0 && minutes > 0)) {
  const why = unknown === undefined ? "--seeds and --minutes are numbers above 0" : `no goal for ${unknown}`;
  process.stderr.write(`bench: ${why}; there are goals for ${Object.keys(goals).join(", ")}\n`);
  process.exit(2);
}

const left: string[] = [];
const learned: Learned[] = [];
for (const task of named) {
  for (const system of systems) {
    try {
      learned.push(await learn(system, task));
    } catch (error) {
      left.push(`${system.name} on ${task}: ${(error as Error).message}`);
    }
  }
}
const results: LearningResults = { machine: machine(), minutes, learned, left };
process.stdout.write(`\n${asText(learningTable(results))}\n`);
for (const line of left) process.stdout.write(`left out: ${line}\n`);
const path = `bench/results/${options.record ? "learning" : "latest-learning"}.json`;
mkdirSync(at("bench/results/"), { recursive: true });
writeFileSync(at(path), `${JSON.stringify(results, null, 1)}\n`);
process.stdout.write(`wrote ${path}\n`);

async function learn(system: System, task: string): Promise<Learned> {
  const goal = goals[task] as number;
  const runs: Learned["runs"][number][] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = await learnOnce(system, task, seed);
    const outcome = run.seconds === undefined ? `not by ${run.steps} steps` : `${run.seconds.toFixed(1)} s`;
    process.stdout.write(
      `${task} to ${goal}, ${system.name}, seed ${seed}: ${outcome}, ${run.meanReturn.toFixed(1)}\n`,
    );
    runs.push(run);
  }
  return { task, goal, system: system.name, settings: system.settings, runs };
}

/** One training, which is ended once it has learned enough, or is out of time. */
async function learnOnce(system: System, task: string, seed: number): Promise<Learned["runs"][number]> {
  const folder = mkdtempSync(join(tmpdir(), "proximal-learning-"));
  try {
    return await learnIn(folder, system, task, seed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function learnIn(folder: string, system: System, task: string, seed: number): Promise<Learned["runs"][number]> {
  const [program, ...args] = system.command(task, seed, folder);
  const env = { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", PYTHONWARNINGS: "ignore" };
  const start = performance.now();
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<string | undefined>((resolve) => {
    let said = "";
    child.stderr.on("data", (text) => (said = `${said}${text}`.slice(-2000)));
    child.on("error", ({ message }) => resolve(message));
    child.on("close", (code) =>
      resolve(code === 0 || child.killed ? undefined : (said.trimEnd().split("\n").at(-1) ?? "")),
    );
  });
  const timer = setTimeout(() => kill(child), minutes * 60_000);
  const read = system.reader();
  let [steps, meanReturn] = [0, Number.NaN];
  let seconds: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const progress = read(line);
    if (progress === undefined || seconds !== undefined) continue;
    ({ steps, meanReturn } = progress);
    if (meanReturn < (goals[task] as number)) continue;
    seconds = (performance.now() - start) / 1000;
    kill(child);
  }
  const failed = await ended;
  clearTimeout(timer);
  if (failed !== undefined && steps === 0) throw new Error(failed);
  return { seed, steps, meanReturn, ...(seconds !== undefined && { seconds }) };
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}
