// One run, one writer. Whoever writes to a folder announces itself by an empty file whose name says which process it
// is, and then looks whether another had done so: of two that come at once at least one sees the other. Nobody else's
// file is ever taken over, so that what a process that is gone has left can be removed by all without a race.

import { closeSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../base/errors.ts";
import { fileError } from "../io/files.ts";

/** lock-<process>-<when it started>-<host> */
const lockName = /^lock-(\d+)-(\d+)-(.*)$/;

/** The right to write to a folder, until it is released or the process ends. */
export class RunLock {
  readonly #path: string;
  readonly #releaseAtExit = () => this.release();

  /**
   * @throws ConfigurationError where another process holds it; FileFormatError where no file can be written there
   */
  constructor(folder: string) {
    const own = `lock-${process.pid}-${startOf(process.pid)}-${thisHost}`;
    this.#path = join(folder, own);
    try {
      closeSync(openSync(this.#path, "w"));
    } catch (error) {
      this.release();
      throw fileError(folder, "cannot be written to", error);
    }
    process.once("exit", this.#releaseAtExit);
    for (const name of this.#names(folder)) {
      if (name === own) continue;
      const [, pid, start, host] = lockName.exec(name) ?? [];
      if (pid === undefined) continue;
      if (host === thisHost && !isStillRunning(Number(pid), start as string)) {
        rmSync(join(folder, name), { force: true });
        continue;
      }
      this.release();
      const where = host === thisHost ? "" : ` on ${decodeURIComponent(host as string)}`;
      throw new ConfigurationError(
        `${folder}: process ${pid}${where} is writing to it; if that is gone, remove ${join(folder, name)}`,
      );
    }
  }

  #names(folder: string): string[] {
    try {
      return readdirSync(folder);
    } catch (error) {
      this.release();
      throw fileError(folder, "cannot be read", error);
    }
  }

  /** Lets others write. What cannot be removed is found to be of a process that is gone. */
  release(): void {
    process.off("exit", this.#releaseAtExit);
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // As above.
    }
  }
}

const thisHost = encodeURIComponent(hostname());

/** Whether there is a process of this number on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that is somebody else's may not be asked, and is there.
    return (error as { code?: string }).code !== "ESRCH";
  }
}

/** Whether it is the one that started then: a number may have been given to another since. */
function isStillRunning(pid: number, start: string): boolean {
  const now = startOf(pid);
  return isRunning(pid) && (now === start || now === UNKNOWN);
}

const UNKNOWN = "0";

/** When a process started, in ticks since the machine did, where the system says it, as Linux does. */
function startOf(pid: number): string {
  try {
    // The name of the program, in parentheses, may have spaces; the 20th field after it is the start (proc(5)).
    return (
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[19] ?? UNKNOWN
    );
  } catch {
    return UNKNOWN;
  }
}
