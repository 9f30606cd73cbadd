// A Python process that holds environments, and two pipes to it. Requests and replies are synchronous, as `step` is:
// writing and reading block this thread for as long as Python computes.

import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import {
  EnvironmentError,
  MissingPackageError,
  type ProximalError,
  UnknownEnvironmentError,
  UnsupportedError,
} from "../../base/errors.ts";
import { server } from "./server.ts";

/** What a Python process says of its environments once it has made the first. */
export interface Greeting {
  readonly observationSpace: unknown;
  readonly actionSpace: unknown;
  readonly rewardThreshold: number | null;
  readonly maxEpisodeSteps: number | null;
  /** The bytes of a record: what a step of one environment came to. */
  readonly stride: number;
  /** The arrays of an observation: by which names and indices they are found, and where they stand in a record. */
  readonly fields: readonly { readonly path: readonly (string | number)[]; readonly offset: number }[];
  readonly maskSize: number;
  readonly hasLives: boolean;
  /** Whether it shows the screens of a game, one after the other. */
  readonly isGame: boolean;
  readonly actionMeanings: readonly string[];
  /** Whether it can be drawn. */
  readonly isSeen: boolean;
  /** How many steps it shows in a second; null where it does not say. */
  readonly framesPerSecond: number | null;
  /** Why its state cannot be saved; empty where it can. */
  readonly unsaved: string;
  /** Of the packages that it needs, as pip takes them. */
  readonly versions: readonly string[];
}

/** How a Python process that cannot make the environment says so. */
interface Refusal {
  readonly error: string;
  readonly kind: "package" | "name" | "space" | "other";
  readonly package?: string;
}

/** What can be asked for, by its number in the protocol. */
export const operations = { grow: 0, reset: 1, step: 2, state: 3, restore: 4, render: 5 } as const;

const statuses = { done: 0, unsaved: 2 } as const;

/** The bytes in front of a request, and in front of a reply. */
const [REQUEST_HEAD, REPLY_HEAD] = [16, 8];

/** The process. */
export class PythonProcess {
  readonly greeting: Greeting;
  readonly #id: string;
  readonly #requests: number;
  readonly #replies: number;
  #request = newBuffer(1024);
  #reply = newBuffer(8192);
  /** Whether it has ended, or was closed. */
  isOver = false;
  #how: string | undefined;

  private constructor(id: string, greeting: Greeting, requests: number, replies: number) {
    this.#id = id;
    this.greeting = greeting;
    this.#requests = requests;
    this.#replies = replies;
  }

  /**
   * @param id what errors call the environments
   * @param name what Gymnasium calls them
   * @param python the program
   * @param asItIs whether a game of Atari stays as Gymnasium makes it
   * @throws MissingPackageError without Python, Gymnasium or what the environment needs; UnknownEnvironmentError;
   * UnsupportedError for spaces that there are not here, and on Windows; EnvironmentError where it cannot be made
   */
  static async start(id: string, name: string, python: string, asItIs: boolean): Promise<PythonProcess> {
    const pipes = new Pipes(id);
    try {
      const greeting = await greetingOf(id, name, python, asItIs, pipes);
      return new PythonProcess(id, greeting, pipes.requests.write, pipes.replies.read);
    } catch (error) {
      for (const end of [pipes.requests.write, pipes.replies.read]) closeSync(end);
      throw error;
    } finally {
      for (const end of [pipes.requests.read, pipes.replies.write]) closeSync(end);
    }
  }

  /** Where what a reply says begins in `reply`. */
  static readonly replyAt = REPLY_HEAD;

  /** The last reply: another buffer after one that was longer than all before. */
  get reply(): ArrayBuffer {
    return this.#reply.bytes.buffer as ArrayBuffer;
  }

  /**
   * Asks for an operation on `count` environments from `first` on, and waits.
   * @param step for errors: the number of steps so far
   * @throws EnvironmentError for what Python raised, and where the process has ended; UnsupportedError for a state that
   * cannot be saved
   */
  call(operation: number, first: number, count: number, payload: Uint8Array, step: number): void {
    const length = REQUEST_HEAD + payload.length;
    if (this.#request.bytes.length < length) this.#request = newBuffer(length);
    const { bytes, view } = this.#request;
    view.setUint32(0, operation, true);
    view.setUint32(4, first, true);
    view.setUint32(8, count, true);
    view.setUint32(12, payload.length, true);
    bytes.set(payload, REQUEST_HEAD);
    this.#write(length, step);
    const status = this.#receive(step);
    if (status === statuses.done) return;
    const text = oneLine(new TextDecoder().decode(this.said));
    if (status === statuses.unsaved) throw new UnsupportedError(`${this.#id}: it cannot be saved ${text}`);
    throw new EnvironmentError(`${this.#id}: ${text}, at step ${step}`);
  }

  /** Ends the process, once it has closed its environments. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    closeSync(this.#requests);
    closeSync(this.#replies);
  }

  /** What the last reply said, until the next. */
  get said(): Uint8Array {
    return this.#reply.bytes.subarray(REPLY_HEAD, REPLY_HEAD + this.#reply.view.getUint32(4, true));
  }

  /** Reads a reply. @returns its status */
  #receive(step: number): number {
    let got = 0;
    while (got < REPLY_HEAD) got += this.#read(got, step);
    const end = REPLY_HEAD + this.#reply.view.getUint32(4, true);
    this.#grow(end, got);
    while (got < end) got += this.#read(got, step);
    return this.#reply.view.getUint32(0, true);
  }

  #write(length: number, step: number): void {
    if (this.isOver) throw this.#over(step);
    try {
      for (let written = 0; written < length; )
        written += writeSync(this.#requests, this.#request.bytes, written, length - written);
    } catch {
      throw this.#over(step);
    }
  }

  #read(offset: number, step: number): number {
    const { bytes } = this.#reply;
    const count = readSync(this.#replies, bytes, offset, bytes.length - offset, null);
    if (count === 0) throw this.#over(step);
    return count;
  }

  #grow(length: number, kept: number): void {
    if (this.#reply.bytes.length >= length) return;
    const before = this.#reply.bytes;
    this.#reply = newBuffer(length);
    this.#reply.bytes.set(before.subarray(0, kept));
  }

  #over(step: number): EnvironmentError {
    // Why it is over does not change any more.
    this.#how ??= this.isOver ? "was closed" : "has ended";
    this.close();
    return new EnvironmentError(`${this.#id}: its Python process ${this.#how}, at step ${step}`);
  }
}

/** Two pipes, as their ends are numbered here: Node itself makes none that can be read synchronously. */
class Pipes {
  readonly requests: Pipe;
  readonly replies: Pipe;

  /** @throws UnsupportedError where there are no named pipes */
  constructor(id: string) {
    if (process.platform === "win32")
      throw new UnsupportedError(`${id}: Python is talked to by named pipes, which Windows has not; WSL has them`);
    const folder = mkdtempSync(join(tmpdir(), "proximal-"));
    try {
      const [requests, replies] = [join(folder, "requests"), join(folder, "replies")];
      execFileSync("mkfifo", [requests, replies], { stdio: "pipe" });
      this.requests = openedPipe(requests);
      this.replies = openedPipe(replies);
    } catch (error) {
      throw new UnsupportedError(
        `${id}: no named pipe can be made in ${folder} (${oneLine((error as Error).message)})`,
      );
    } finally {
      // What is open stays; the names have done their work.
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** Both ends of a named pipe. The first to open one would wait for the other, but for one that does both. */
function openedPipe(path: string): Pipe {
  const both = openSync(path, constants.O_RDWR);
  const pipe = { read: openSync(path, constants.O_RDONLY), write: openSync(path, constants.O_WRONLY) };
  closeSync(both);
  return pipe;
}

/** Starts Python and waits for what it says. It ends by itself when the pipe of requests is closed, in whatever way. */
async function greetingOf(
  id: string,
  name: string,
  python: string,
  asItIs: boolean,
  { requests, replies }: Pipes,
): Promise<Greeting> {
  const child = spawn(python, ["-", name, String(asItIs)], {
    // What environments print is for people.
    stdio: ["pipe", 2, 2, "pipe", requests.read, replies.write],
    // Sets of texts are then walked through in the same order every time.
    env: { PYTHONHASHSEED: "0", ...process.env },
  });
  // One that ends without having read it is told of below.
  child.stdin?.on("error", () => {}).end(server);
  let text = "";
  const greeting = child.stdio[3] as Readable;
  greeting.setEncoding("utf8").on("data", (more: string) => (text += more));
  const [error, code] = await new Promise<[Error | undefined, number | string | null]>((resolve) => {
    let ended: number | string | null = null;
    child.on("error", (error) => resolve([error, null]));
    child.on("exit", (code, signal) => (ended = signal ?? code));
    greeting.on("close", () =>
      text === "" ? child.on("close", () => resolve([undefined, ended])) : resolve([undefined, 0]),
    );
  });
  child.unref();
  if (error !== undefined) {
    throw new MissingPackageError(
      `${id} needs Python, and "${python}" cannot be started (${error.message}); PROXIMAL_PYTHON names another`,
    );
  }
  if (text === "") throw new EnvironmentError(`${id}: "${python}" ended with ${code} before it had made it`);
  const said = JSON.parse(text, (_, value) => infinities.get(value) ?? value) as Greeting | Refusal;
  if ("error" in said) throw refusalOf(id, python, said);
  return said;
}

/** Which JSON has no numbers for. */
const infinities = new Map<unknown, number>([
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

function refusalOf(id: string, python: string, { error, kind, package: missing }: Refusal): ProximalError {
  const text = oneLine(error);
  if (kind === "name") return new UnknownEnvironmentError(`${id}: ${text}`);
  if (kind === "space") return new UnsupportedError(`${id}: ${text}`);
  if (kind !== "package") return new EnvironmentError(`${id}: it cannot be made: ${text}`);
  const help = missing ? `pip install ${missing.split(".")[0]?.replaceAll("_", "-")}` : "install it";
  return new MissingPackageError(
    `${id} needs a Python package that "${python}" has not (${text}): ${help}, or name another Python by PROXIMAL_PYTHON`,
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function newBuffer(length: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}
