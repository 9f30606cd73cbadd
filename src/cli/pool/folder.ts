// The folder of several seeds, as the one sees it who trains them: each run's configuration is in it before any of them
// is trained, so that all of them, begun or not, can go on.

import { ConfigurationError } from "../../base/errors.ts";
import { flushFolderOf, writeFile } from "../../io/files.ts";
import { stringify } from "../../io/json.ts";
import { type Arguments, integerOption, textOption } from "../options.ts";
import { encodeConfig, type RunConfig } from "../run-config.ts";
import { kindOf, makeFolder, RunFolder } from "../run-folder.ts";
import { RunLock } from "../run-lock.ts";
import { makeUnusedFolder, removeQuietly } from "../run-writer.ts";
import { SeedFolder } from "../seed-folder.ts";
import { outcomeOfSeed, type SeedOutcome } from "../seed-summary.ts";
import { quoted } from "../text.ts";
import { checkFixed, checkTotalSteps, checkUnpublished } from "../training/resume.ts";
import { planned } from "../training/start.ts";
import { seedsOf } from "./seeds.ts";

/** A folder of runs that nobody else trains. */
export interface HeldFolder {
  readonly folder: SeedFolder;
  readonly lock: RunLock;
  /** Of the first run, and but for the seed and the steps of all others. */
  readonly config: RunConfig;
  /** What each run has come to before, and the steps that it is to have. */
  readonly runs: readonly (SeedOutcome & { readonly totalSteps: number })[];
}

/**
 * A new one. All that can be wrong with what was asked for is found before there is a folder.
 * @throws ProximalError
 */
export async function startSeeds(args: Arguments): Promise<HeldFolder> {
  const seeds = seedsOf(textOption(args, "seeds") as string);
  if (args.hyperparameters.seed !== undefined)
    throw new ConfigurationError("--seed: the seeds are those of --seeds; give one of the two");
  const hyperparameters = { ...args.hyperparameters, seed: seeds[0] as number };
  const { agent, config } = await planned({ ...args, hyperparameters });
  agent.env.close?.();

  const path = textOption(args, "out");
  const isNew = path === undefined || kindOf(path) === undefined;
  const folder = new SeedFolder(path ?? makeUnusedFolder(config.env));
  makeFolder(folder.path);
  const lock = new RunLock(folder.path);
  const begun: number[] = [];
  try {
    checkUnused(folder);
    for (const seed of seeds) {
      begun.push(seed);
      await begin(folder, config, seed);
    }
  } catch (error) {
    for (const seed of begun) {
      removeQuietly(folder.run(seed).file("config"));
      removeQuietly(folder.run(seed).path);
    }
    lock.release();
    if (isNew) removeQuietly(folder.path);
    throw error;
  }
  const { totalSteps } = config;
  const outcome = { finished: false, steps: 0, meanReturn: null, solvedAtStep: null, checksum: null };
  return { folder, lock, config, runs: seeds.map((seed) => ({ seed, totalSteps, ...outcome })) };
}

/**
 * One that is there, with the seeds of `--seeds` that are not there yet.
 * @param stopWhenSolved whether a run that is solved has come to its end
 * @throws ProximalError, also where the runs are not of the same training
 */
export async function resumeSeeds(args: Arguments, stopWhenSolved: boolean): Promise<HeldFolder> {
  checkFixed(args);
  const path = textOption(args, "resume") as string;
  const list = textOption(args, "seeds");
  const wanted = list === undefined ? [] : seedsOf(list);
  if (new RunFolder(path).isRun) throw new ConfigurationError(`--seeds: ${path} is the folder of one run`);
  const folder = SeedFolder.open(path);
  const lock = new RunLock(path);
  try {
    const { seeds } = folder;
    const configs: RunConfig[] = [];
    for (const seed of seeds) configs.push(await readConfig(folder, seed, configs[0]));
    const config = configs[0] as RunConfig;
    const asked = integerOption(args, "total-steps", 1);
    const runs = configs.map((own) => {
      const run = folder.run(own.seed);
      checkUnpublished(run);
      const totalSteps = asked ?? own.totalSteps;
      const { iteration = 0, steps = 0 } = run.readLines("metrics").lines.at(-1) ?? {};
      checkTotalSteps(totalSteps, { iteration, steps }, own, `seed ${own.seed}`);
      return { ...outcomeOfSeed(run, { seed: own.seed, totalSteps }, stopWhenSolved), totalSteps };
    });
    for (const seed of wanted.filter((seed) => !seeds.includes(seed))) {
      const begun = await begin(folder, { ...config, totalSteps: asked ?? config.totalSteps }, seed);
      runs.push({ ...outcomeOfSeed(folder.run(seed), begun, stopWhenSolved), totalSteps: begun.totalSteps });
    }
    return { folder, lock, config, runs: runs.sort((a, b) => a.seed - b.seed) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws ConfigurationError where there is a run, or runs of seeds */
function checkUnused({ path, seeds }: SeedFolder): void {
  const isRun = new RunFolder(path).isRun;
  if (!isRun && seeds.length === 0) return;
  const what = isRun ? "a run" : "runs of seeds";
  throw new ConfigurationError(
    `--out: ${path} holds ${what} already; go on with --resume ${quoted(path)}, or choose another folder`,
  );
}

/** Makes a run that has a configuration, and nothing else yet. */
async function begin(folder: SeedFolder, { hyperparameters, ...config }: RunConfig, seed: number): Promise<RunConfig> {
  const run = folder.run(seed);
  makeFolder(run.path);
  await flushFolderOf(run.path);
  const own = { ...config, seed, hyperparameters: { ...hyperparameters, seed } };
  await writeFile(run.file("config"), encodeConfig(own));
  return own;
}

/**
 * The configuration of a run.
 * @param first that of the first
 * @throws ConfigurationError where it is of another training, or another seed; as `RunFolder.readConfig`
 */
async function readConfig(folder: SeedFolder, seed: number, first: RunConfig | undefined): Promise<RunConfig> {
  const run = folder.run(seed);
  const config = await run.readConfig();
  if (config.seed !== seed) throw new ConfigurationError(`${run.path}: its seed is ${config.seed}`);
  if (first !== undefined && trainingOf(config) !== trainingOf(first))
    throw new ConfigurationError(
      `${run.path}: of another training than ${folder.run(first.seed).path}; go on with each by itself`,
    );
  return config;
}

/** What runs of a folder share. */
function trainingOf({ env, numEnvs, evaluation, hyperparameters }: RunConfig): string {
  return stringify({ env, numEnvs, evaluation, hyperparameters: { ...hyperparameters, seed: 0 } });
}
