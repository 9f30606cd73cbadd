// A run in a process of its own, which the program is started in again: `proximal train --resume DIR --json`. Whatever
// becomes of it, the others are not touched; and it lets go of the run once this process lets go of it, or is gone.

import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { asOperand } from "../text.ts";

/** What is done with what it says. */
export interface Listener {
  /** A line of `--json`. */
  line(line: Readonly<Record<string, unknown>>): void;
  /** What it has to say beside. */
  note(text: string): void;
}

/** How it ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The error of one line that ended it, where that was it. */
  readonly error: string | undefined;
}

/** How an error begins that a person can mend (main.ts). */
const ERROR = "proximal: ";

export class RunProcess {
  readonly #child: ChildProcess;
  readonly #killAtExit = (): void => void this.#child.kill("SIGKILL");
  /** Settles once it has ended and all that it said was heard. */
  readonly ended: Promise<Ending>;

  /**
   * @param path the folder of the run
   * @param options more options of `train`
   */
  constructor(path: string, options: readonly string[], { line, note }: Listener) {
    const args = ["train", "--resume", asOperand(path), "--json", ...options];
    const child = fork(process.argv[1] as string, args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#child = child;
    let error: string | undefined;
    const isHeard = [
      heard(child.stdout, (text) => {
        const parsed = parsedLine(text);
        if (parsed !== undefined) line(parsed);
      }),
      heard(child.stderr, (text) => {
        if (text.startsWith(ERROR)) error = text.slice(ERROR.length);
        else note(text);
      }),
    ];
    // The third signal ends this process as it stands, and what it trains with it.
    process.once("exit", this.#killAtExit);
    this.ended = new Promise((resolve) => {
      child.on("error", ({ message }) => {
        // Where it could not be started; else it still ends.
        if (child.pid === undefined) resolve({ exitCode: null, signal: null, error: message });
      });
      // The event "close" does not come once the channel was closed from here.
      child.on("exit", async (exitCode, signal) => {
        await Promise.all(isHeard);
        resolve({ exitCode, signal, error });
      });
    });
    void this.ended.then(() => process.off("exit", this.#killAtExit));
  }

  /** Asks it to save and to end. */
  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

/** Gives each line to a listener, and settles once there are no more. */
export function heard(input: Readable | null, listener: (text: string) => void): Promise<void> {
  const lines = createInterface({ input: input as Readable }).on("line", listener);
  return new Promise((resolve) => lines.on("close", resolve));
}

/** Undefined for a line that was cut off with the process. */
function parsedLine(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
