// `proximal eval`, number by number: which episodes are played, with which actions, and what is made of their returns.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { evaluateRun } from "../../src/cli/evaluate.ts";
import { encodeConfig, versions } from "../../src/cli/run-config.ts";
import { ActorCritic, Box, Discrete, Engine, type Env, Policy, register, type StepResult } from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";

/** The length of each episode, of which every second is truncated, and what its steps are worth. */
const LENGTHS = [3, 1, 2, 6];
const REWARDS = [1, -2, 10, 0.5];

interface Made {
  readonly seed: number;
  readonly resets: ({ seed?: number } | undefined)[];
  readonly seen: number[];
  readonly actions: number[];
  closed: boolean;
}
const made: Made[] = [];

/** Observations are 1 and -1 in turns, beginning with -1 in every second episode. */
class Course implements Env<number> {
  readonly observationSpace = new Box(-1, 1, [1]);
  readonly actionSpace = new Discrete(2);
  readonly #log: Made;
  #episode = -1;
  #step = 0;

  constructor(seed: number) {
    this.#log = { seed, resets: [], seen: [], actions: [], closed: false };
    made.push(this.#log);
  }

  reset(options?: { seed?: number }, into = new Float32Array(1)): Float32Array {
    this.#log.resets.push(options);
    this.#episode++;
    this.#step = 0;
    return this.#observe(into);
  }

  step(action: number, into?: StepResult): StepResult {
    const result = into ?? { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
    this.#log.actions.push(action);
    this.#step++;
    this.#observe(result.observation);
    const episode = this.#episode % LENGTHS.length;
    const ends = this.#step === LENGTHS[episode];
    result.reward = REWARDS[episode] as number;
    result.terminated = ends && episode % 2 === 0;
    result.truncated = ends && episode % 2 === 1;
    if (ends) this.#log.seen.pop();
    return result;
  }

  close(): void {
    this.#log.closed = true;
  }

  #observe(into: Float32Array): Float32Array {
    into[0] = (this.#episode + this.#step) % 2 === 0 ? 1 : -1;
    this.#log.seen.push(into[0]);
    return into;
  }
}

register({ id: "Course-v0", create: ({ seed }) => new Course(seed) });

const folder = mkdtempSync(join(tmpdir(), "proximal-eval-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** A run of a policy whose logit of action 1 beyond that of action 0 is so many times its observation. */
async function makeRun(name: string, weight: number): Promise<string> {
  const path = join(folder, name);
  const config = completeHyperparameters({ hiddenSizes: [] });
  const actorCritic = new ActorCritic(await Engine.create(), new Box(-1, 1, [1]), new Discrete(2), config);
  const policy = new Policy(actorCritic, config);
  for (const { name, data } of policy.tensors) if (name === "actor.0.weight") data.set([0, weight]);
  mkdirSync(path);
  const run = { env: "Course-v0", seed: config.seed, numEnvs: 1, totalSteps: 1, hyperparameters: config };
  writeFileSync(join(path, "config.json"), encodeConfig({ ...run, versions: versions() }));
  await policy.save(join(path, "policy.safetensors"));
  return path;
}

/** What `eval` prints of a run, and how it played. */
async function played(path: string, options: Record<string, string | true>) {
  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  const given = new Map(Object.entries({ ...options, json: true as const }));
  expect(await evaluateRun({ operands: [path], options: given, hyperparameters: {} })).toBe(0);
  vi.restoreAllMocks();
  return { report: JSON.parse(texts.join("")), log: made.at(-1) as Made };
}

it("plays as many episodes as asked for, one after the other, and counts what each is worth", async () => {
  const path = await makeRun("signs", 50);
  const { report, log } = await played(path, { episodes: "3", seed: "8" });
  // Returns of 3 · 1, 1 · -2 and 2 · 10.
  const [returns, meanReturn] = [[3, -2, 20], 7];
  const variance = returns.reduce((sum, value) => sum + (value - meanReturn) ** 2, 0) / 3;
  expect(report).toEqual({
    ...{ env: "Course-v0", episodes: 3, seed: 8, deterministic: true, meanReturn },
    ...{ stdReturn: Math.sqrt(variance), minReturn: -2, maxReturn: 20, meanLength: 2 },
    // Three values lose no quarter. Of the 27 resamples of three, each as likely, one is all -2 and one all 20: a share
    // of 0.037, which both quantiles are within.
    ...{ medianReturn: 3, interquartileMeanReturn: 7, intervalLow: -2, intervalHigh: 20 },
  });
  expect(log.closed).toBe(true);
  // The first episode begins from the seed, apart from those of trainings, and no later one begins from it again.
  expect([log.seed, log.resets.map((options) => options?.seed)]).toEqual([8, [8 + 2 ** 32, undefined, undefined]]);
  // Each action is of the observation before it, the first of each episode too.
  expect(log.actions).toEqual(log.seen.map((value) => (value > 0 ? 1 : 0)));
  expect(log.actions).toHaveLength(6);
});

it("plays a hundred episodes from seed 1 unless told otherwise", async () => {
  const { report, log } = await played(await makeRun("plain", 50), {});
  expect(report).toMatchObject({ episodes: 100, seed: 1 });
  expect([log.seed, log.resets.length]).toEqual([1, 100]);
});

it("takes the most likely actions, or draws them", async () => {
  // An odds of e to 1 for the action that the observation names.
  const path = await makeRun("undecided", 1);
  const likely = await played(path, { episodes: "40" });
  expect(likely.log.actions).toEqual(likely.log.seen.map((value) => (value > 0 ? 1 : 0)));
  const drawn = await played(path, { episodes: "40", stochastic: true });
  expect(drawn.report).toMatchObject({ deterministic: false });
  const other = drawn.log.actions.filter((action, index) => action !== ((drawn.log.seen[index] as number) > 0 ? 1 : 0));
  const share = 1 / (1 + Math.E);
  const { length } = drawn.log.actions;
  // Five standard deviations of a binomial count.
  expect(Math.abs(other.length - length * share)).toBeLessThan(5 * Math.sqrt(length * share * (1 - share)));
});
