// What results/ has runs of: an environment that is trained for so many steps, by several seeds.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { SeedFolder } from "#cli/seed-folder";
import { publish } from "./publish.ts";

export interface Training {
  /** Of its folder in results/, with a slash where it is of a group. */
  readonly name: string;
  readonly env: string;
  /** Of each run. */
  readonly totalSteps: number;
  /** What `proximal train` is given beside; nothing where the environment's preset is all there is to it. */
  readonly options?: readonly string[];
  /** How often a run is evaluated by its most likely actions [never]. */
  readonly evaluations?: number;
  /** About so many lines a published run has of its metrics; unless given, more than a curve needs. */
  readonly lines?: number;
  /** Steps by which figures are stated, of which it has the last lines beside. */
  readonly at?: readonly number[];
}

const EPISODES = 20;
const LINES = 64;

export interface TrainOptions {
  /** As `proximal train` takes them. */
  readonly seeds: string;
  /** Runs at once; as many as there are cores unless given. */
  readonly workers?: string | undefined;
}

/** The runs themselves, of which results/ has figures alone. */
function runsOf(root: string, { name }: Training): SeedFolder {
  return new SeedFolder(join(root, "runs/results", name));
}

/** `proximal train --seeds`, which shows how it goes; its exit code, 0 where all seeds have come to their end. */
export async function train(root: string, training: Training, { seeds, workers }: TrainOptions): Promise<number> {
  const runs = runsOf(root, training);
  const what = runs.seeds.length > 0 ? ["--resume", runs.path] : ["--out", runs.path, ...beginning(training)];
  const args = ["train", ...what, "--seeds", seeds, ...(workers === undefined ? [] : ["--workers", workers])];
  const child = spawn(process.execPath, [join(root, "bin/proximal.js"), ...args], { stdio: "inherit" });
  return await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

/** What a run is begun with, and remembers. */
function beginning({ env, totalSteps, options = [], evaluations = 0 }: Training): string[] {
  const plan = [env, ...options, "--total-steps", `${totalSteps}`];
  if (evaluations === 0) return plan;
  return [...plan, "--eval-every", `${Math.ceil(totalSteps / evaluations)}`, "--eval-episodes", `${EPISODES}`];
}

/** Publishes the runs that have come to their end, and says so. */
export async function publishRuns(root: string, training: Training): Promise<void> {
  const { name, totalSteps, lines = LINES, at = [] } = training;
  const runs = runsOf(root, training);
  for (const seed of runs.seeds) {
    const run = runs.run(seed);
    if ((run.readResult()?.steps ?? 0) < totalSteps) continue;
    const to = join("results", name, `seed${seed}`);
    await publish(run, join(root, to), { lines, at });
    process.stdout.write(`published ${to}\n`);
  }
}
