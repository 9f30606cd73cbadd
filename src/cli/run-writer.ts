// The folder of a run, as the one sees it who writes. Whatever ends the process at whatever time, what is there is
// whole, and the run can go on.

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { fileError, flushFolderOf, readFile, writeFile } from "../io/files.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { encodeIteration } from "./metrics-file.ts";
import { counted } from "./numbers.ts";
import { encodeConfig, type RunConfig } from "./run-config.ts";
import { kindOf, RunFolder, runFiles } from "./run-folder.ts";
import { isRunning, RunLock } from "./run-lock.ts";
import { quoted } from "./text.ts";

/** The one that writes to a run. */
export class RunWriter {
  readonly folder: RunFolder;
  readonly #lock: RunLock;
  #metrics: number | undefined;

  private constructor(folder: RunFolder) {
    this.folder = folder;
    this.#lock = new RunLock(folder.path);
    removeLeftOvers(folder.path);
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
    const folder = new RunFolder(path ?? makeUnusedFolder(config));
    makeFolder(folder.path);
    await flushFolderOf(folder.path);
    const writer = new RunWriter(folder);
    try {
      await checkUnused(folder, checkpoint);
      await writeFile(folder.file("checkpoint"), checkpoint);
      await writer.#writeConfig(config);
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
   * Brings the metrics to the iteration that a run goes on from, and writes down what it goes on with.
   * @returns the metrics up to there, and what has to be said of the others
   * @throws FileFormatError where metrics before that iteration are damaged
   */
  async rewind(iteration: number, config: RunConfig): Promise<{ kept: readonly Iteration[]; notes: string[] }> {
    const path = this.folder.file("metrics");
    const { iterations, damage } = this.folder.readMetrics();
    const kept = iterations.filter((line) => line.iteration <= iteration);
    const last = kept.at(-1)?.iteration ?? 0;
    if (damage !== undefined && last < iteration)
      throw new FileFormatError(`${path}: ${damage}; to go on without what follows, remove it from there on`);
    const dropped = iterations.length - kept.length;
    await writeFile(path, kept.map(encodeIteration).join(""));
    await this.#writeConfig(config);
    const notes = [
      ...(dropped > 0 ? [`dropped the metrics of ${counted(dropped, "iteration")} after the checkpoint`] : []),
      ...(damage === undefined ? [] : [`dropped what was damaged in ${path}, ${damage}`]),
      ...(last < iteration ? [`${path}: the iterations ${last + 1} to ${iteration} are missing`] : []),
    ];
    return { kept, notes };
  }

  /** Writes down an iteration. */
  append(iteration: Iteration): void {
    const path = this.folder.file("metrics");
    try {
      this.#metrics ??= openSync(path, "a");
      // Unlike writeSync it goes on until all of it is written.
      writeFileSync(this.#metrics, encodeIteration(iteration));
    } catch (error) {
      throw fileError(path, "cannot be written", error);
    }
  }

  /** Writes a checkpoint in place of the last one, once the metrics up to it cannot be lost any more. */
  async saveCheckpoint(checkpoint: Uint8Array): Promise<void> {
    try {
      if (this.#metrics !== undefined) fsyncSync(this.#metrics);
    } catch (error) {
      throw fileError(this.folder.file("metrics"), "cannot be written", error);
    }
    await writeFile(this.folder.file("checkpoint"), checkpoint);
  }

  /** Lets others write. */
  close(): void {
    const metrics = this.#metrics;
    this.#metrics = undefined;
    try {
      if (metrics !== undefined) closeSync(metrics);
    } catch (error) {
      throw fileError(this.folder.file("metrics"), "cannot be written", error);
    } finally {
      this.#lock.release();
    }
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
  const found = Object.values(runFiles).filter((name) => kindOf(join(path, name)) !== undefined);
  if (found.length === 0) return;
  // What a start that was cut off left is what this one is about to write.
  const isOurs = found.length === 1 && folder.has("checkpoint");
  if (isOurs && Buffer.compare(await readFile(folder.file("checkpoint")), checkpoint) === 0) return;
  throw new ConfigurationError(
    `--out: ${path} holds ${found.join(", ")} of a run without its config.json; choose another folder`,
  );
}

function makeFolder(path: string): void {
  if (kindOf(path) === "file") throw new ConfigurationError(`--out: ${path} is a file, not a folder`);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError(path, "cannot be made", error);
  }
}

/** Makes runs/<env>-seed<seed>, numbered where that is taken. */
function makeUnusedFolder({ env, seed }: RunConfig): string {
  makeFolder("runs");
  const base = join("runs", `${env}-seed${seed}`);
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
    const isOfRun = Object.values<string | undefined>(runFiles).includes(file);
    if (isOfRun && (Number(pid) === process.pid || !isRunning(Number(pid)))) removeQuietly(join(folder, name));
  }
}

/** A file, or a folder that is empty. What cannot be removed stays, and does no harm. */
function removeQuietly(path: string): void {
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
