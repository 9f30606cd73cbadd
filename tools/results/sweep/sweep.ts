// Trains the trials of a plan, several at once, each in a process of its own, and keeps the log of them.

import { type ChildProcess, fork } from "node:child_process";
import { Interruption } from "#cli/interruption";
import { counted, grouped } from "#cli/numbers";
import { writeFile } from "../../../src/io/files.ts";
import { written } from "../markdown.ts";
import { encodeLog, type Log, missingIn, type Trial, withTrial } from "./log.ts";
import type { Plan } from "./plan.ts";
import { settingText } from "./table.ts";
import type { Order, Progress } from "./trial.ts";

/** The exit code of a sweep in which a process died without an answer. */
const DIED = 1;

export class Sweep {
  readonly #plan: Plan;
  readonly #path: string;
  readonly #running = new Set<ChildProcess>();
  #log: Log;
  /** Once the log is written as it was last. */
  #saved = Promise.resolve();

  /** @param path of the log */
  constructor(plan: Plan, log: Log, path: string) {
    this.#plan = plan;
    this.#log = log;
    this.#path = path;
  }

  get log(): Log {
    return this.#log;
  }

  /**
   * Trains what the log has not, and says a line of each. A signal ends those that are under way, which are lost.
   * @returns the exit code: 0, 1 where a process died, or that of the signal
   */
  async train(workers: number): Promise<number> {
    const waiting = missingIn(this.#log, this.#plan);
    const all = waiting.length;
    const atOnce = Math.min(workers, all);
    if (all > 0) {
      const steps = grouped(this.#plan.at.at(-1) as number);
      process.stdout.write(`${this.#plan.env}: ${counted(all, "trial")} of ${steps} steps, ${atOnce} at once\n`);
    }
    const interruption = new Interruption((text) => void process.stderr.write(`${text}\n`), {
      first: "ending the trials under way, which are lost; the log has the others",
      second: "ending them",
      stop: () => this.#endAll(),
    });
    const isStopped = (): boolean => interruption.exitCode !== undefined;
    let [done, died] = [0, 0];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !isStopped(); next = waiting.shift()) {
        const trial = await this.#trained({ head: this.#log.head, ...next });
        done++;
        const place = `${done}/${all} ${nameOf(next)}`;
        if (trial !== undefined) {
          await this.#keep(trial);
          process.stdout.write(`${place}: ${outcomeText(trial)}\n`);
        } else if (!isStopped()) {
          died++;
          process.stderr.write(`${place}: its process died\n`);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      interruption.stopListening();
      // There are some where the log could not be written.
      this.#endAll();
    }
    return interruption.exitCode ?? (died > 0 ? DIED : 0);
  }

  #endAll(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }

  /** What a process says of a trial; undefined where it ends without a word. */
  async #trained(order: Order): Promise<Trial | undefined> {
    const child = fork(new URL("trial.js", import.meta.url));
    this.#running.add(child);
    const trial = await new Promise<Trial | undefined>((resolve) => {
      child.on("message", (answer: Trial | Progress) => {
        if ("setting" in answer) resolve(answer);
        else
          process.stdout.write(`${nameOf(order)}: ${returnText(answer.meanReturn)} after ${grouped(answer.steps)}\n`);
      });
      child.once("exit", () => resolve(undefined));
      // Who has ended meanwhile is told of by its exit.
      child.send(order, () => {});
    });
    this.#running.delete(child);
    return trial;
  }

  /** One write after the other, so that the last is of the whole log. */
  #keep(trial: Trial): Promise<void> {
    this.#log = withTrial(this.#log, trial, this.#plan);
    const text = encodeLog(this.#log);
    this.#saved = this.#saved.then(() => writeFile(this.#path, text));
    return this.#saved;
  }
}

/** "numEnvs 64, seed 101" */
function nameOf({ setting, seed }: Pick<Trial, "setting" | "seed">): string {
  return `${settingText(setting)}, seed ${seed}`;
}

/** "1,975 2,609", by the steps at which returns are noted */
function outcomeText({ returns = [], error }: Trial): string {
  return error ?? returns.map(returnText).join(" ");
}

function returnText(value: number | null): string {
  return value === null ? "no episode" : written(value);
}
