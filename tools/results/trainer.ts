// Trains what results/ has runs of: one by as many workers as there are, which shows itself as `proximal train` does,
// or several side by side, which share them and say a line where they begin and end.

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { heard } from "#cli/pool/run-process";
import { listOf } from "#cli/pool/seeds";
import { fixed } from "#cli/reporters";
import type { SeedSummary } from "#cli/seed-summary";
import { at } from "../../bench/repository.ts";
import { runsOf, type Training } from "./training.ts";

/** Of an evaluation on the way. */
const EPISODES = 20;

/** How the last line of `proximal train --seeds --json` begins. */
const SUMMARY = '{"type":"summary"';
const program = fileURLToPath(at("bin/proximal.js"));
/** The exit code of a training that went on to its end without one of its runs. */
const RUN_FAILED = 1;
/** Of a signal that ends a process the exit code is so many more than its number. */
const SIGNALLED = 128;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface TrainerOptions {
  /** As `proximal train` takes them. */
  readonly seeds: string;
  /** Runs at once, of all trainings together. */
  readonly workers: number;
  /** Is given the lines of several trainings. */
  readonly say: (line: string) => void;
}

export class Trainer {
  readonly #root: string;
  readonly #options: TrainerOptions;
  readonly #running = new Set<ChildProcess>();

  /** @param root has the runs below it, in runs/results */
  constructor(root: string, options: TrainerOptions) {
    this.#root = root;
    this.#options = options;
  }

  /**
   * Trains all of them, also after one in which a run has failed, but none after one that was refused or interrupted; a
   * signal is passed on to those that are under way, which save and end.
   * @param ended is called after each that was begun, whatever became of it
   * @returns the exit code of the first that did not come to its end, or 0
   */
  async train(trainings: readonly Training[], ended: (training: Training) => Promise<void>): Promise<number> {
    const { workers } = this.#options;
    const atOnce = Math.min(workers, trainings.length);
    const waiting = [...trainings];
    let [exitCode, isStopped] = [0, false];
    // The one that begins first has what is left over.
    const work = async (_: unknown, index: number): Promise<void> => {
      const own = Math.floor(workers / atOnce) + (index < workers % atOnce ? 1 : 0);
      for (let next = waiting.shift(); next !== undefined; next = isStopped ? undefined : waiting.shift()) {
        const code = await (trainings.length === 1 ? this.#show(next, own) : this.#tell(next, own));
        exitCode ||= code;
        isStopped ||= code !== 0 && code !== RUN_FAILED;
        await ended(next);
      }
    };
    // A terminal sends a signal to all processes, who else to this one alone; `proximal` takes the two for one.
    const passOn = (signal: NodeJS.Signals): void => {
      exitCode ||= SIGNALLED + constants.signals[signal];
      isStopped = true;
      for (const child of this.#running) child.kill(signal);
    };
    for (const signal of signals) process.on(signal, passOn);
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      for (const signal of signals) process.off(signal, passOn);
    }
    return exitCode;
  }

  /** One that has the terminal to itself. */
  #show(training: Training, workers: number): Promise<number> {
    return this.#ended(spawn(process.execPath, this.#arguments(training, workers), { stdio: "inherit" }));
  }

  /** One of several. */
  async #tell(training: Training, workers: number): Promise<number> {
    const { say } = this.#options;
    const { name } = training;
    say(`${name}: ${training.totalSteps.toLocaleString("en")} steps of each seed`);
    const args = [...this.#arguments(training, workers), "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const isHeard = [
      heard(child.stdout, (line) => {
        if (line.startsWith(SUMMARY)) say(`${name}: ${figuresOf(JSON.parse(line))}`);
      }),
      heard(child.stderr, (line) => say(`${name}: ${line}`)),
    ];
    const exitCode = await this.#ended(child);
    await Promise.all(isHeard);
    return exitCode;
  }

  async #ended(child: ChildProcess): Promise<number> {
    this.#running.add(child);
    const exitCode = await new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
    this.#running.delete(child);
    return exitCode;
  }

  #arguments(training: Training, workers: number): string[] {
    const runs = runsOf(this.#root, training);
    const what = runs.seeds.length > 0 ? ["--resume", runs.path] : ["--out", runs.path, ...beginning(training)];
    return [program, "train", ...what, "--seeds", this.#options.seeds, "--workers", `${workers}`];
  }
}

/** What a run is begun with, and remembers. */
function beginning({ env, totalSteps, options = [], evaluations = 0 }: Training): string[] {
  const plan = [env, ...options, "--total-steps", `${totalSteps}`];
  if (evaluations === 0) return plan;
  return [...plan, "--eval-every", `${Math.ceil(totalSteps / evaluations)}`, "--eval-episodes", `${EPISODES}`];
}

/** "seeds 1-3: mean return 487.3 ± 12.1", of those that have come to their end. */
function figuresOf({ runs, unfinished, meanReturn, stdReturn }: SeedSummary): string {
  const [mean, deviation] = [meanReturn, stdReturn].map((value) => fixed(value ?? Number.NaN));
  const without = unfinished.length === 0 ? "" : `, without ${listOf(unfinished)}, which did not come to an end`;
  return `seeds ${listOf(runs.map(({ seed }) => seed))}: mean return ${mean} ± ${deviation}${without}`;
}
