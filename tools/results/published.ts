// What lies in results/: published runs, by task and seed, held against one another before anything is said of them.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FileFormatError, type Iteration } from "proximal";
import type { Evaluation } from "#cli/evaluations";
import type { SavedResult } from "#cli/result";
import type { RunConfig } from "#cli/run-config";
import { RunFolder } from "#cli/run-folder";
import type { Training } from "./training.ts";

export interface PublishedRun {
  readonly seed: number;
  readonly config: RunConfig;
  readonly result: SavedResult;
  /** Thinned; the last is the end. */
  readonly lines: readonly Iteration[];
  /** By most likely actions; of a run without any there are none. */
  readonly evaluations: readonly Evaluation[];
}

/** What is published of a task, or of something else that is trained. */
export interface Results<T extends Training> {
  readonly task: T;
  /** By seed; of a task that was not run there are none. */
  readonly runs: readonly PublishedRun[];
}

/**
 * All tasks with what is published of them.
 * @param folder that of the results, which may not be there yet
 * @throws FileFormatError in one line, of what is damaged, or not what the others are
 */
export function readResults<T extends Training>(folder: string, tasks: readonly T[]): Results<T>[] {
  return tasks.map((task) => ({ task, runs: readRuns(join(folder, task.name), task) }));
}

/**
 * Checks that a folder of results has none of anything but what is named.
 * @param names with slashes where they are in groups
 * @throws FileFormatError for a folder of another name
 */
export function checkFolders(folder: string, names: readonly string[]): void {
  for (const name of foldersIn(folder)) {
    if (names.includes(name)) continue;
    const inGroup = names.filter((each) => each.startsWith(`${name}/`)).map((each) => each.slice(name.length + 1));
    if (inGroup.length === 0)
      throw new FileFormatError(`${join(folder, name)}: nothing that tools/results has trained is of this name`);
    checkFolders(join(folder, name), inGroup);
  }
}

function readRuns(folder: string, task: Training): PublishedRun[] {
  const runs = foldersIn(folder).map((name) => {
    const seed = /^seed(0|[1-9]\d*)$/.exec(name)?.[1];
    if (seed === undefined) throw new FileFormatError(`${join(folder, name)}: not the folder of a seed, as seed1`);
    return readRun(RunFolder.open(join(folder, name)), task, Number(seed));
  });
  runs.sort((a, b) => a.seed - b.seed);
  const [first, ...others] = runs;
  for (const other of others) {
    const [own, all] = [settingsOf(other), settingsOf(first as PublishedRun)];
    const name = Object.keys({ ...own, ...all }).find((name) => String(own[name]) !== String(all[name]));
    if (name !== undefined)
      throw new FileFormatError(
        `${join(folder, `seed${other.seed}`)}: its ${name} is ${own[name]}, that of seed ${first?.seed} ${all[name]}; a task has one configuration`,
      );
  }
  return runs;
}

function readRun(folder: RunFolder, task: Training, seed: number): PublishedRun {
  const wrong = (why: string) => new FileFormatError(`${folder.path}: ${why}`);
  const config = folder.decodeConfig();
  const result = folder.readResult();
  if (config.env !== task.env) throw wrong(`of ${config.env}, where ${task.name} is ${task.env}`);
  if (config.seed !== seed) throw wrong(`of seed ${config.seed}`);
  if (result?.thinned !== true) throw wrong("not published; npm run results -- --publish does that");
  if (result.kernels !== "strict") throw wrong(`of ${result.kernels} kernels; what is published is of strict ones`);
  const { lines, damage } = folder.readLines("metrics");
  if (damage !== undefined) throw new FileFormatError(`${folder.file("metrics")}: ${damage}`);
  const last = lines.at(-1);
  for (const name of ["steps", "meanReturn"] as const)
    if (String(last?.[name] ?? Number.NaN) !== String(result[name] ?? Number.NaN))
      throw wrong(`its result has a ${name} of ${result[name]}, its last line ${last?.[name] ?? "none"}`);
  for (const name of ["env", "seed"] as const)
    if (result[name] !== config[name]) throw wrong(`its result is of ${name} ${result[name]}`);
  const evaluations = folder.readLines("evaluations");
  if (evaluations.damage !== undefined)
    throw new FileFormatError(`${folder.file("evaluations")}: ${evaluations.damage}`);
  return { seed, config, result, lines, evaluations: evaluations.lines };
}

/** All that the seeds of a task have in common. */
function settingsOf({ config }: PublishedRun): Readonly<Record<string, unknown>> {
  const { hyperparameters, numEnvs, totalSteps } = config;
  return { ...hyperparameters, seed: undefined, numEnvs, totalSteps };
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "ENOENT") return [];
    throw new FileFormatError(`${path}: cannot be read (${message})`);
  }
}
