// What results/ has runs of: an environment that is trained for so many steps, by several seeds.

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

const LINES = 64;

/** The runs themselves, of which results/ has figures alone. */
export function runsOf(root: string, { name }: Training): SeedFolder {
  return new SeedFolder(join(root, "runs/results", name));
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
