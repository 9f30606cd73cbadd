// The folder of a run: what it ran with, what it measured, and what came of it.

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { writeFile } from "../io/files.ts";
import { parse, stringify } from "../io/json.ts";
import type { Hyperparameters } from "../ppo/hyperparameters.ts";
import type { Iteration } from "../ppo/metrics.ts";

/** Everything that a run was started with. */
export interface RunConfig {
  readonly env: string;
  readonly seed: number;
  readonly numEnvs: number;
  readonly totalSteps: number;
  readonly hyperparameters: Hyperparameters;
  readonly versions: {
    readonly proximal: string;
    readonly node: string;
    readonly v8: string;
    readonly platform: string;
  };
}

export class RunFolder {
  readonly path: string;
  #metrics: number | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * A new folder for a run. Its checkpoint is there before its configuration, which is what makes a run of a folder:
   * one that is killed at any time can go on.
   * @throws ConfigurationError where there is a run already
   */
  static async create(path: string, config: RunConfig, checkpoint: Uint8Array): Promise<RunFolder> {
    if (isRun(path)) {
      throw new ConfigurationError(
        `--out: ${path} holds a run already; go on with --resume ${path}, or choose another folder`,
      );
    }
    if (existsSync(path) && !statSync(path).isDirectory())
      throw new ConfigurationError(`--out: ${path} is a file, not a folder`);
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw new ConfigurationError(`--out: ${path} cannot be made (${(error as { code?: string }).code})`);
    }
    const folder = new RunFolder(path);
    await writeFile(folder.checkpointPath, checkpoint);
    await folder.#writeConfig(config);
    return folder;
  }

  /** @throws FileFormatError where there is no run */
  static open(path: string): RunFolder {
    if (!isRun(path)) throw new FileFormatError(`${path}: not the folder of a run; it has no config.json`);
    return new RunFolder(path);
  }

  /**
   * The run whose folder, or a file in it, is named.
   * @param kind what the name is of where it is a folder
   * @returns the file: the one that is named, or the folder's of that kind
   * @throws FileFormatError where there is nothing of this name, or no run
   */
  static at(path: string, kind: "policy" | "checkpoint"): { readonly folder: RunFolder; readonly file: string } {
    if (!existsSync(path)) throw new FileFormatError(`${path}: no such run`);
    const isFolder = statSync(path).isDirectory();
    const folder = RunFolder.open(isFolder ? path : dirname(path));
    return { folder, file: isFolder ? folder[`${kind}Path`] : path };
  }

  get checkpointPath(): string {
    return join(this.path, "checkpoint.safetensors");
  }

  get policyPath(): string {
    return join(this.path, "policy.safetensors");
  }

  /** Of a training that failed: the policy as it was then. */
  get failedPolicyPath(): string {
    return join(this.path, "policy.failed.safetensors");
  }

  get curvePath(): string {
    return join(this.path, "curve.svg");
  }

  get #metricsPath(): string {
    return join(this.path, "metrics.jsonl");
  }

  get #configPath(): string {
    return join(this.path, "config.json");
  }

  /** @throws FileFormatError */
  readConfig(): RunConfig {
    try {
      return parse(readFileSync(this.#configPath, "utf8")) as RunConfig;
    } catch {
      throw new FileFormatError(`${this.#configPath}: not the configuration of a run`);
    }
  }

  /** All iterations so far. A line that a crash cut short is left out. */
  readMetrics(): Iteration[] {
    if (!existsSync(this.#metricsPath)) return [];
    return readFileSync(this.#metricsPath, "utf8")
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => parse(line) as Iteration);
  }

  /**
   * Drops the iterations after the one that a run goes on from, and writes down what it goes on with.
   * @returns how many iterations were dropped
   */
  async rewind(iteration: number, config: RunConfig): Promise<number> {
    const metrics = this.readMetrics();
    const kept = metrics.filter((line) => line.iteration <= iteration);
    await writeFile(this.#metricsPath, kept.map((line) => `${stringify(line)}\n`).join(""));
    await this.#writeConfig(config);
    return metrics.length - kept.length;
  }

  /** Writes a checkpoint in place of the last one, once the metrics up to it cannot be lost any more. */
  async saveCheckpoint(checkpoint: Uint8Array): Promise<void> {
    if (this.#metrics !== undefined) fsyncSync(this.#metrics);
    await writeFile(this.checkpointPath, checkpoint);
  }

  append(metrics: Iteration): void {
    this.#metrics ??= openSync(this.#metricsPath, "a");
    writeSync(this.#metrics, `${stringify(metrics)}\n`);
  }

  close(): void {
    if (this.#metrics !== undefined) closeSync(this.#metrics);
    this.#metrics = undefined;
  }

  async #writeConfig(config: RunConfig): Promise<void> {
    await writeFile(this.#configPath, `${stringify(config, 2)}\n`);
  }
}

/** Whether a folder holds a run. */
function isRun(path: string): boolean {
  return existsSync(join(path, "config.json"));
}

/** runs/<env>-seed<seed>, numbered where that is taken. */
export function unusedFolder(env: string, seed: number): string {
  const base = join("runs", `${env}-seed${seed}`);
  let path = base;
  for (let number = 2; existsSync(path); number++) path = `${base}-${number}`;
  return path;
}
