// The folder of a run, as those see it who read: what it ran with, what it measured, and what came of it.

import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { within } from "../base/state.ts";
import { fileError } from "../io/files.ts";
import { registerEnvironment } from "./families.ts";
import { decodeLines, type Lines, type ReadLines } from "./metrics-file.ts";
import { decodeResult, type SavedResult } from "./result.ts";
import { decodeConfig, type RunConfig } from "./run-config.ts";

/** What a run leaves in its folder. */
export const runFiles = {
  policy: "policy.safetensors",
  curve: "curve.svg",
  metrics: "metrics.jsonl",
  /** Of `train --eval-every`. */
  evaluations: "evaluations.jsonl",
  best: "best.safetensors",
  config: "config.json",
  result: "result.json",
  checkpoint: "checkpoint.safetensors",
  /** Of a training that failed: the policy as it was then. */
  failedPolicy: "policy.failed.safetensors",
} as const;

/** What there is of this name. */
export function kindOf(path: string): "file" | "folder" | undefined {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw fileError(path, "cannot be read", error);
  }
}

/** @throws ConfigurationError where it is a file; FileFormatError where it cannot be made */
export function makeFolder(path: string): void {
  if (kindOf(path) === "file") throw new ConfigurationError(`--out: ${path} is a file, not a folder`);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError(path, "cannot be made", error);
  }
}

/** The text of a file. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError(path, "cannot be read", error);
  }
}

export class RunFolder {
  readonly path: string;

  /** Of a run that may be there. */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws FileFormatError where there is no run */
  static open(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (!folder.isRun) throw new FileFormatError(`${path}: not the folder of a run; it has no ${runFiles.config}`);
    return folder;
  }

  /**
   * The run whose folder, or a file in it, is named.
   * @param kind what the name is of where it is a folder
   * @returns the file: the one that is named, or the folder's of that kind
   * @throws FileFormatError where there is nothing of this name, or no run
   */
  static at(path: string, kind: keyof typeof runFiles): { readonly folder: RunFolder; readonly file: string } {
    const found = kindOf(path);
    if (found === undefined) throw new FileFormatError(`${path}: no such run`);
    const folder = RunFolder.open(found === "folder" ? path : dirname(path));
    return { folder, file: found === "folder" ? folder.file(kind) : path };
  }

  /** Whether it holds a run: whatever has a configuration is one. */
  get isRun(): boolean {
    return this.has("config");
  }

  /** The path of a file in it. */
  file(kind: keyof typeof runFiles): string {
    return join(this.path, runFiles[kind]);
  }

  has(kind: keyof typeof runFiles): boolean {
    return kindOf(this.file(kind)) === "file";
  }

  /**
   * What the run was started with, whose environment can then be made.
   * @throws FileFormatError, also where its data has changed; UnknownEnvironmentError
   */
  async readConfig(): Promise<RunConfig> {
    const config = this.decodeConfig();
    const { env, versions } = config;
    const { data } = await registerEnvironment(env);
    if (data === versions.data) return config;
    throw new FileFormatError(
      `${this.file("config")}: ${env} is ${data} now; it has to be what the run was made with, ${versions.data}`,
    );
  }

  /** What the run was started with, of whatever environment. @throws FileFormatError */
  decodeConfig(): RunConfig {
    const path = this.file("config");
    const text = readText(path);
    return within(path, () => decodeConfig(text));
  }

  /** What it has come to; undefined where no training of it has ended in order. @throws FileFormatError */
  readResult(): SavedResult | undefined {
    const path = this.file("result");
    if (!this.has("result")) return undefined;
    const text = readText(path);
    return within(path, () => decodeResult(text));
  }

  /**
   * All iterations, or evaluations, so far, as far as they can be read.
   * @throws FileFormatError where the file cannot be
   */
  readLines<Kind extends keyof Lines>(kind: Kind): ReadLines<Lines[Kind]> {
    return decodeLines(kind, this.readText(kind));
  }

  /**
   * The text of a file; nothing where there is none.
   * @throws FileFormatError where it cannot be read
   */
  readText(kind: keyof Lines): string {
    return this.has(kind) ? readText(this.file(kind)) : "";
  }
}
