// The folder of a run, as the one sees it who writes. Whatever ends the process at whatever time, what is there is
// whole, and the run can go on.

import { mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { fileError, flushFolderOf, readFile, writeFile } from "../io/files.ts";
import type { PPO } from "../ppo/agent.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { AppendFile } from "./append-file.ts";
import { dueUntil, type Evaluation } from "./evaluations.ts";
import { EVENTS, EventFiles, eventFilesIn } from "./event-files.ts";
import { isPath } from "./families.ts";
import { encodeLine, type Lines } from "./metrics-file.ts";
import { counted } from "./numbers.ts";
import { encodeResult, type Outcome, type SavedResult } from "./result.ts";
import { encodeConfig, type RunConfig } from "./run-config.ts";
import { kindOf, makeFolder, RunFolder, runFiles } from "./run-folder.ts";
import { isRunning, RunLock } from "./run-lock.ts";
import { quoted } from "./text.ts";

/** What there was of a run up to the iteration from which it goes on. */
interface Rewound {
  readonly iterations: readonly Iteration[];
  readonly evaluations: readonly Evaluation[];
  readonly notes: string[];
}

/** The one that writes to a run. */
export class RunWriter {
  readonly folder: RunFolder;
  readonly #lock: RunLock;
  readonly #metrics: AppendFile;
  readonly #evaluations: AppendFile;
  #events: EventFiles | undefined;

  private constructor(folder: RunFolder) {
    this.folder = folder;
    this.#lock = new RunLock(folder.path);
    removeLeftOvers(folder.path);
    this.#metrics = new AppendFile(folder.file("metrics"));
    this.#evaluations = new AppendFile(folder.file("evaluations"));
  }

  /**
   * A new run. Its checkpoint is there before its configuration, which is what makes a run of a folder: one that is
   * killed at any time can go on.
   * @param path of its folder; without it one is made below runs/
   * @throws ConfigurationError where there is a run already, or what is left of one; FileFormatError where it cannot be
   * written
   */
  static async create(path: string | undefined, config: RunConfig, checkpoint: Uint8Array): Promise<RunWriter> {
    const isNew = path === undefined || kindOf(path) === undefined;
    const folder = new RunFolder(path ?? makeUnusedFolder(config.env, `-seed${config.seed}`));
    makeFolder(folder.path);
    await flushFolderOf(folder.path);
    const writer = new RunWriter(folder);
    try {
      await checkUnused(folder, checkpoint);
      await writeFile(folder.file("checkpoint"), checkpoint);
      await writer.#writeConfig(config);
      if (config.tensorboard) writer.#events = EventFiles.create(folder.path);
      return writer;
    } catch (error) {
      if (isNew) removeQuietly(folder.file("checkpoint"));
      writer.close();
      // Only where it is empty.
      if (isNew) removeQuietly(folder.path);
      throw error;
    }
  }

  /** To go on with a run. @throws ConfigurationError where another process writes to it */
  static resume(folder: RunFolder): RunWriter {
    return new RunWriter(folder);
  }

  /**
   * Brings metrics and evaluations to the iteration that a run goes on from, and writes down what it goes on with.
   * @returns the lines up to there, and what has to be said of the others
   * @throws FileFormatError where lines before that iteration are damaged
   */
  async rewind(iteration: number, config: RunConfig): Promise<Rewound> {
    const { evaluation, numEnvs, hyperparameters } = config;
    const stepsOfEach = numEnvs * hyperparameters.numSteps;
    const metrics = await this.#keep("metrics", iteration, iteration);
    const evaluations =
      evaluation === undefined
        ? { kept: [], notes: [] }
        : await this.#keep("evaluations", iteration, dueUntil(evaluation, iteration, stepsOfEach).at(-1) ?? 0);
    const steps = iteration * stepsOfEach;
    // Of a training that begins again.
    if (iteration === 0) removeQuietly(this.folder.file("result"));
    if (config.tensorboard)
      this.#events = await EventFiles.rewind(this.folder.path, steps, metrics.kept, evaluations.kept);
    await this.#writeConfig(config);
    const notes = [...metrics.notes, ...evaluations.notes];
    return { iterations: metrics.kept, evaluations: evaluations.kept, notes };
  }

  /** @param needed the last iteration that has to have a line */
  async #keep<Kind extends keyof Lines>(
    kind: Kind,
    iteration: number,
    needed: number,
  ): Promise<{ readonly kept: readonly Lines[Kind][]; readonly notes: string[] }> {
    const path = this.folder.file(kind);
    const { lines, damage } = this.folder.readLines(kind);
    const kept = lines.filter((line) => line.iteration <= iteration);
    const last = kept.at(-1)?.iteration ?? 0;
    if (damage !== undefined && last < needed)
      throw new FileFormatError(`${path}: ${damage}; to go on without what follows, remove it from there on`);
    const dropped = lines.length - kept.length;
    if (this.folder.has(kind)) await writeFile(path, kept.map(encodeLine).join(""));
    const notes = [
      ...(dropped > 0 ? [`dropped the ${kind} of ${counted(dropped, "iteration")} after the checkpoint`] : []),
      ...(damage === undefined ? [] : [`dropped what was damaged in ${path}, ${damage}`]),
      ...(last < needed ? [`${path}: the iterations ${last + 1} to ${needed} are missing`] : []),
    ];
    return { kept, notes };
  }

  /** Writes down an iteration. */
  append(iteration: Iteration): void {
    this.#metrics.append(encodeLine(iteration));
    this.#events?.metrics(iteration);
  }

  /** Writes down an evaluation. */
  appendEvaluation(evaluation: Evaluation): void {
    this.#evaluations.append(encodeLine(evaluation));
    this.#events?.evaluation(evaluation);
  }

  /** Writes a checkpoint in place of the last one, once all that was written up to it cannot be lost any more. */
  async saveCheckpoint(checkpoint: Uint8Array): Promise<void> {
    for (const file of this.#grown) file?.flush();
    await writeFile(this.folder.file("checkpoint"), checkpoint);
  }

  /**
   * Writes the best policy so far, once a run could not be gone on with from before it: so that this is never one that
   * is still to come.
   */
  async saveBest(agent: PPO): Promise<void> {
    await this.saveCheckpoint(agent.checkpoint());
    await agent.savePolicy(this.folder.file("best"));
  }

  /** Brings the best policy to the agent that a run goes on with. @param best of the evaluations so far */
  async rewindBest(best: Evaluation | undefined, agent: PPO): Promise<void> {
    // Between the checkpoint and this file it may have ended.
    if (best?.iteration === agent.iteration) await agent.savePolicy(this.folder.file("best"));
    // Of a training that begins again.
    if (best === undefined) removeQuietly(this.folder.file("best"));
  }

  /**
   * Writes what the run has come to.
   * @param seconds that this process has trained, to which those before it are added
   */
  async saveResult(outcome: Outcome, seconds: number): Promise<void> {
    const spent = seconds + (this.#resultBefore()?.seconds ?? 0);
    const result = { ...outcome, seconds: spent, stepsPerSecond: outcome.steps / spent };
    await writeFile(this.folder.file("result"), encodeResult(result));
  }

  /** One that cannot be read has nothing that a training depends on. */
  #resultBefore(): SavedResult | undefined {
    try {
      return this.folder.readResult();
    } catch (error) {
      if (error instanceof FileFormatError) return undefined;
      throw error;
    }
  }

  /** Lets others write. */
  close(): void {
    try {
      for (const file of this.#grown) file?.close();
    } finally {
      this.#lock.release();
    }
  }

  get #grown(): readonly (AppendFile | EventFiles | undefined)[] {
    return [this.#metrics, this.#evaluations, this.#events];
  }

  async #writeConfig(config: RunConfig): Promise<void> {
    await writeFile(this.folder.file("config"), encodeConfig(config));
  }
}

/** @throws ConfigurationError where there is a run, or files of one */
async function checkUnused(folder: RunFolder, checkpoint: Uint8Array): Promise<void> {
  const { path } = folder;
  if (folder.isRun)
    throw new ConfigurationError(
      `--out: ${path} holds a run already; go on with --resume ${quoted(path)}, or choose another folder`,
    );
  const found = [
    ...Object.values(runFiles).filter((name) => kindOf(join(path, name)) !== undefined),
    ...eventFilesIn(path),
  ];
  if (found.length === 0) return;
  // What a start that was cut off left is what this one is about to write.
  const isOurs = found.length === 1 && folder.has("checkpoint");
  if (isOurs && Buffer.compare(await readFile(folder.file("checkpoint")), checkpoint) === 0) return;
  throw new ConfigurationError(
    `--out: ${path} holds ${found.join(", ")} of a run without its config.json; choose another folder`,
  );
}

/** Makes runs/<env><suffix>, numbered where that is taken; of a module, its name alone stands there. */
export function makeUnusedFolder(env: string, suffix = ""): string {
  makeFolder("runs");
  // A name may have separators of folders in it, as "gymnasium:ALE/Pong-v5" has.
  const name = isPath(env) ? basename(env).replace(/\.[cm]?[jt]s$/, "") : env;
  const base = join("runs", `${name.replace(/[^\w.-]+/g, "-")}${suffix}`);
  for (let number = 1; ; number++) {
    const path = number === 1 ? base : `${base}-${number}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw fileError(path, "cannot be made", error);
    }
  }
}

/** Removes what processes that are gone left of writes to the files of a run (io/files.ts). */
function removeLeftOvers(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, file, pid] = /^(.*)\.(\d+)-\d+\.tmp$/.exec(name) ?? [];
    const isOfRun = Object.values<string | undefined>(runFiles).includes(file) || file?.startsWith(EVENTS) === true;
    if (isOfRun && (Number(pid) === process.pid || !isRunning(Number(pid)))) removeQuietly(join(folder, name));
  }
}

/** A file, or a folder that is empty. What cannot be removed stays, and does no harm. */
export function removeQuietly(path: string): void {
  try {
    if (kindOf(path) === "folder") rmdirSync(path);
    else rmSync(path, { force: true });
  } catch {
    // As above.
  }
}

/** None where the folder cannot be read: they are looked for to tidy up. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
