// A folder of the same training done with several seeds: a run in each of seed1, seed2, and so on.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FileFormatError } from "../base/errors.ts";
import { fileError } from "../io/files.ts";
import { kindOf, RunFolder } from "./run-folder.ts";

export class SeedFolder {
  readonly path: string;

  /** Of runs that may be there. */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws FileFormatError where there is none */
  static open(path: string): SeedFolder {
    const folder = new SeedFolder(path);
    if (kindOf(path) === undefined) throw new FileFormatError(`${path}: no such folder`);
    if (folder.seeds.length === 0)
      throw new FileFormatError(`${path}: it has no runs by seed, as ${join(path, "seed1")}`);
    return folder;
  }

  /** The seeds of which there are runs, in order. */
  get seeds(): readonly number[] {
    return namesIn(this.path)
      .map((name) => Number(/^seed(\d+)$/.exec(name)?.[1] ?? Number.NaN))
      .filter((seed) => Number.isSafeInteger(seed) && this.run(seed).isRun)
      .sort((a, b) => a - b);
  }

  /** Whether there are runs by seed, in the folder of no run. */
  static isAt(path: string): boolean {
    return !new RunFolder(path).isRun && new SeedFolder(path).seeds.length > 0;
  }

  /** What all of them have come to. */
  get summaryFile(): string {
    return join(this.path, "summary.json");
  }

  /** Their curves in one picture. */
  get curveFile(): string {
    return join(this.path, "curve.svg");
  }

  /** The folder of a seed's run, which may be there. */
  run(seed: number): RunFolder {
    return new RunFolder(join(this.path, `seed${seed}`));
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw fileError(path, "cannot be read", error);
  }
}
