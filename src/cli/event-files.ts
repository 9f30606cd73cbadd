// The event files of a run, for TensorBoard: each time that it trains, one more. They have what metrics.jsonl and
// evaluations.jsonl have, as float32, and when it was: their names and times are the one thing in a folder that another
// run of the same seed does not have.

import { readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileError, readFile, writeFile } from "../io/files.ts";
import { fileVersion, recordsOf, scalars, sessionStart } from "../io/tensorboard.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { AppendFile } from "./append-file.ts";
import type { Evaluation } from "./evaluations.ts";

/** How their names begin: events.out.tfevents.<seconds since 1970>.<host> */
export const EVENTS = "events.out.tfevents.";

const secondsOf = (name: string): number => Number.parseInt(name.slice(EVENTS.length), 10);

/** The files of events in a folder, the first first. */
export function eventFilesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw fileError(folder, "cannot be read", error);
  }
  return names.filter((name) => name.startsWith(EVENTS) && !name.endsWith(".tmp")).sort();
}

/** Those of the figures that are no figures of a curve: the x axis, and what counts along with it. */
const unseen: ReadonlySet<string> = new Set(["iteration", "steps"]);
const ofEpisodes: ReadonlySet<string> = new Set(["episodes", "meanReturn", "meanLength", "solvedAtStep"]);

/** The file that grows, beside those that were there. */
export class EventFiles {
  readonly #file: AppendFile;
  /** What comes before the first scalars. */
  #isBegun = false;
  readonly #isFirst: boolean;

  private constructor(folder: string, last: string | undefined) {
    // After the last in the order of names, which is how TensorBoard reads them.
    const after = last === undefined ? 0 : secondsOf(last) + 1;
    const time = Math.max(Math.floor(Date.now() / 1000), after || 0);
    const host = hostname().replace(/[^\w-]/g, "-") || "host";
    this.#file = new AppendFile(join(folder, `${EVENTS}${time}.${host}`));
    this.#isFirst = last === undefined;
  }

  /** Of a run that starts. */
  static create(folder: string): EventFiles {
    return new EventFiles(folder, undefined);
  }

  /**
   * Of a run that goes on: takes what comes after those steps out of the files that are there, and writes what of these
   * lines they lack.
   * @throws FileFormatError
   */
  static async rewind(
    folder: string,
    steps: number,
    metrics: readonly Iteration[],
    evaluations: readonly Evaluation[],
  ): Promise<EventFiles> {
    const names = eventFilesIn(folder);
    let known = 0;
    for (const name of names) {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const kept = recordsOf(bytes).filter(({ step }) => step <= steps);
      const end = kept.at(-1)?.end ?? 0;
      known = kept.reduce((most, { step }) => Math.max(most, step), known);
      if (end === 0) removeFile(path);
      else if (end < bytes.length) await writeFile(path, bytes.subarray(0, end));
    }
    const events = new EventFiles(folder, names.at(-1));
    for (const line of metrics) {
      if (line.steps <= known) continue;
      events.metrics(line);
      const evaluation = evaluations.find(({ iteration }) => iteration === line.iteration);
      if (evaluation !== undefined) events.evaluation(evaluation);
    }
    return events;
  }

  metrics(iteration: Iteration): void {
    this.#append(iteration, (name) => (ofEpisodes.has(name) ? "episodes" : "update"));
  }

  evaluation({ episodes, ...evaluation }: Evaluation): void {
    this.#append(evaluation, () => "evaluation");
  }

  flush(): void {
    this.#file.flush();
  }

  close(): void {
    this.#file.close();
  }

  /** The figures by their own names, which TensorBoard groups by what stands before the slash. */
  #append(line: { readonly steps: number }, groupOf: (name: string) => string): void {
    const { steps } = line;
    const values = Object.entries(line)
      .filter(([name, value]) => !unseen.has(name) && Number.isFinite(value))
      .map(([name, value]) => [`${groupOf(name)}/${name}`, value] as const);
    const now = Date.now() / 1000;
    const begin = this.#isBegun ? [] : [fileVersion(now), ...(this.#isFirst ? [] : [sessionStart(now, steps)])];
    this.#file.append(Buffer.concat([...begin, scalars(now, steps, values)]));
    this.#isBegun = true;
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw fileError(path, "cannot be removed", error);
  }
}
