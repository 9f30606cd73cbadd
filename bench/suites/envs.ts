// Every environment that the command line knows, through the vector environment with random actions, beside Gymnasium's
// and EnvPool's own where a Python has them; and whole trainings with CleanRL's hyper-parameters.

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Hyperparameters } from "proximal";
import { environments } from "proximal";
import { registerFamilies } from "#cli/families";
import { grouped } from "#cli/numbers";
import { median } from "../measure.ts";
import { at } from "../repository.ts";
import type { Table } from "../table.ts";

/** Environments side by side. */
export const NUM_ENVS = 16;
/** Those who are compared take turns. */
const ROUNDS = 3;
/** Seconds before the first of them: an engine compiles what has run for a while. */
const WARM_UP = 0.5;
const peers = ["Gymnasium", "EnvPool"] as const;

/** Of these whole trainings are measured, where they are registered, with what is not CleanRL's. */
export const trained: Readonly<Record<string, Partial<Hyperparameters>>> = {
  ...{ "CartPole-v1": {}, "Pendulum-v1": {}, "HalfCheetah-v4": {}, "LunarLander-v3": {} },
  // A board is too small for the Nature CNN.
  "MinAtar/Breakout-v1": { network: "small-cnn" },
};

/** What a process says of one environment. */
export interface Answer {
  readonly stepsPerSecond?: number;
  /** Why it was not measured. */
  readonly error?: string;
}

interface EnvResult {
  readonly id: string;
  readonly family: string;
  /** Steps a second of proximal and of its peers, by their names. */
  readonly speeds: Readonly<Record<string, number>>;
  /** What training reaches, in steps a second. */
  readonly training?: number;
}

export interface EnvResults {
  readonly results: readonly EnvResult[];
  /** What was not measured, and why. */
  readonly left: readonly string[];
}

/** Answers how many steps a second there are, measured for so many seconds. */
type Measure = (seconds: number) => Promise<Answer>;

/** @param only a part of the ids that are measured @param time milliseconds for each figure */
export async function envs(only: string, { time }: { readonly time: number }): Promise<EnvResults> {
  registerFamilies();
  const python = new Python();
  const results: EnvResult[] = [];
  const left = new Set<string>();
  try {
    for (const { id, family = "other" } of environments()) {
      if (!id.includes(only)) continue;
      const speeds = await stepped(id, python, time / 1000, left);
      if (speeds.proximal === undefined) continue;
      const training = Object.hasOwn(trained, id) ? await trainedAt(id, (10 * time) / 1000, left) : {};
      results.push({ id, family, speeds, ...training });
      process.stderr.write(`${id}: ${grouped(speeds.proximal)} steps/s\n`);
    }
  } finally {
    python.close();
  }
  for (const id of Object.keys(trained).filter(
    (id) => id.includes(only) && environments().every((known) => known.id !== id),
  ))
    left.add(`training ${id}: it is not registered`);
  return { results, left: [...left] };
}

/** Each peer's median; who fails is left out. */
async function stepped(id: string, python: Python, seconds: number, left: Set<string>) {
  const own = ownProcess(id, "step");
  const measures = new Map<string, Measure>([["proximal", own.measure]]);
  for (const peer of peers) measures.set(peer, (seconds) => python.ask({ peer, id, numEnvs: NUM_ENVS, seconds }));
  const rounds = new Map<string, number[]>();
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, measure] of measures) {
      const { stepsPerSecond, error } = await measure(round < 0 ? WARM_UP : seconds);
      if (stepsPerSecond === undefined) {
        measures.delete(name);
        rounds.delete(name);
        left.add(python.isMissing(error) ? `${name}: ${error}` : `${name}, ${id}: ${error}`);
      } else if (round >= 0) rounds.set(name, [...(rounds.get(name) ?? []), stepsPerSecond]);
    }
  }
  own.child.disconnect();
  return Object.fromEntries([...rounds].map(([name, speeds]) => [name, median(speeds)]));
}

async function trainedAt(id: string, seconds: number, left: Set<string>): Promise<{ readonly training?: number }> {
  const { child, measure } = ownProcess(id, "train");
  await measure(seconds / 4);
  const { stepsPerSecond, error } = await measure(seconds);
  child.disconnect();
  if (stepsPerSecond !== undefined) return { training: stepsPerSecond };
  left.add(`training ${id}: ${error}`);
  return {};
}

function ownProcess(id: string, what: "step" | "train"): { readonly child: ChildProcess; readonly measure: Measure } {
  const child = fork(new URL("env-process.js", import.meta.url), [id, what]);
  const ended = once(child, "exit").then(([code, signal]) => [{ error: `the process ended: ${signal ?? code}` }]);
  const measure: Measure = async (seconds) => {
    const answered = once(child, "message");
    // Who has ended meanwhile is told of by `ended`.
    if (child.connected) child.send(seconds, () => {});
    const [answer] = await Promise.race([answered, ended]);
    return answer as Answer;
  };
  return { child, measure };
}

/** Gymnasium and EnvPool: a Python that answers every line with one. PYTHON names the interpreter. */
class Python {
  readonly #child: ReturnType<typeof spawn>;
  readonly #lines: Interface;
  #missing: string | undefined;

  constructor() {
    const script = fileURLToPath(at("bench/peers/python/gymnasium_envs.py"));
    const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONWARNINGS: "ignore" };
    this.#child = spawn(process.env.PYTHON ?? "python3", [script], { env, stdio: ["pipe", "pipe", "ignore"] });
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    const fail = () => {
      this.#missing ??= "there is no Python that answers; PYTHON names another";
      this.#lines.close();
    };
    this.#child.on("error", fail).on("exit", fail);
    this.#child.stdin?.on("error", fail);
  }

  async ask(question: object): Promise<Answer> {
    if (this.#missing !== undefined) return { error: this.#missing };
    const answered = new Promise<string | undefined>((resolve) => {
      this.#lines.once("line", resolve).once("close", () => resolve(undefined));
    });
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    const line = await answered;
    this.#lines.removeAllListeners();
    return line === undefined ? { error: String(this.#missing) } : JSON.parse(line);
  }

  /** Whether this is why nothing at all is measured. */
  isMissing(error: string | undefined): boolean {
    return error !== undefined && (error === this.#missing || error.startsWith("No module named"));
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

export function envTables({ results, left }: EnvResults): Table[] {
  const names = ["proximal", ...peers.filter((peer) => results.some(({ speeds }) => speeds[peer] !== undefined))];
  const families = [...new Set(results.map(({ family }) => family))];
  const speed = (value: number | undefined) => (value === undefined ? "" : grouped(value));
  const tables = families.map(
    (family): Table => ({
      title: `Steps a second, ${family}: ${NUM_ENVS} environments on one thread, random actions`,
      columns: ["environment", ...names],
      rows: results
        .filter((result) => result.family === family)
        .map(({ id, speeds }) => [id, ...names.map((name) => speed(speeds[name]))]),
    }),
  );
  const trainings = results.filter(({ training }) => training !== undefined);
  const training: Table = {
    title: "Whole training with CleanRL's hyper-parameters",
    columns: ["environment", "steps/s"],
    rows: trainings.map(({ id, training }) => [id, speed(training)]),
  };
  const missing: Table = { title: "Not measured", columns: ["what, and why"], rows: left.map((line) => [line]) };
  return [...tables, ...(trainings.length > 0 ? [training] : []), ...(left.length > 0 ? [missing] : [])];
}
