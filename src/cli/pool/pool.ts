// Trains runs side by side, each in a process of its own.

import { interruptedBy } from "../interruption.ts";
import { grouped } from "../numbers.ts";
import type { SeedFolder } from "../seed-folder.ts";
import type { PoolReporter } from "./reporters.ts";
import { type Ending, RunProcess } from "./run-process.ts";
import type { SeedRun, Step } from "./runs.ts";

export class Pool {
  readonly #folder: SeedFolder;
  readonly #options: readonly string[];
  readonly #reporter: PoolReporter;
  readonly #waiting: SeedRun[];
  readonly #processes = new Map<SeedRun, RunProcess>();
  #isStopped = false;

  /**
   * @param folder that the runs have folders in, with their configurations
   * @param runs to be trained
   * @param options of `train` for each of them
   */
  constructor(folder: SeedFolder, runs: readonly SeedRun[], options: readonly string[], reporter: PoolReporter) {
    this.#folder = folder;
    this.#waiting = [...runs];
    this.#options = options;
    this.#reporter = reporter;
  }

  /** Trains all of them, so many at once. */
  async train(workers: number): Promise<void> {
    const work = async (): Promise<void> => {
      while (!this.#isStopped) {
        const run = this.#waiting.shift();
        if (run === undefined) return;
        await this.#trainRun(run);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Lets those that are running save and end, and begins no more. */
  stop(): void {
    this.#isStopped = true;
    for (const process of this.#processes.values()) process.stop();
  }

  async #trainRun(run: SeedRun): Promise<void> {
    run.stage = "running";
    this.#reporter.moved(run);
    const process = new RunProcess(this.#folder.run(run.seed).path, this.#options, {
      line: (line) => {
        if (line.type === "iteration") run.advance(line as unknown as Step);
        this.#reporter.line(run.seed, line);
        this.#reporter.moved(run);
      },
      note: (text) => this.#reporter.note(`seed ${run.seed}: ${text}`),
    });
    this.#processes.set(run, process);
    const ending = await process.ended;
    this.#processes.delete(run);
    const wasInterrupted = this.#isStopped && interruptedBy(ending.exitCode, ending.signal) !== undefined;
    run.stage = ending.exitCode === 0 ? "done" : wasInterrupted ? "saved" : "failed";
    if (run.stage === "failed") this.#sayWhy(run, ending);
    this.#reporter.moved(run);
  }

  #sayWhy({ seed, steps }: SeedRun, { exitCode, signal, error }: Ending): void {
    const by = interruptedBy(exitCode, signal) ?? signal ?? `an error of exit code ${exitCode}`;
    const others = this.#processes.size > 0 || this.#waiting.length > 0 ? "; the others go on" : "";
    this.#reporter.note(`seed ${seed}: ${error ?? `ended by ${by} after ${grouped(steps)} steps`}${others}`);
  }
}
