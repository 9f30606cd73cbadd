// 30,000 broken files: of each mutated file of a run, either it is refused in one typed line and at once, or it says
// what the whole one said. Only the figures of metrics and the length of a run can be other numbers, which nothing is
// built on.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProximalError } from "../../src/base/errors.ts";
import { decodeLines, encodeLine } from "../../src/cli/metrics-file.ts";
import { checkSameRun, decodeConfig, encodeConfig, type RunConfig, versions } from "../../src/cli/run-config.ts";
import { Engine, PCG64 } from "../../src/engine/index.ts";
import {
  Box,
  Dict,
  Discrete,
  type Iteration,
  MultiBinary,
  MultiDiscrete,
  makeVec,
  Policy,
  PPO,
  policyFrom,
  spaceFrom,
  Tuple,
  type VectorEnv,
  weightsOf,
} from "../../src/index.ts";
import { parse, stringify } from "../../src/io/json.ts";
import { type Configuration, configurations, environmentsOf, stepsOf } from "../ppo/configurations.ts";

const random = new PCG64(await Engine.create(), 2026);
const below = (limit: number): number => (limit === 0 ? 0 : random.integer(limit));

/** What files suffer: bits, bytes and stretches that change, go, come, or come twice. */
const mutations: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
  (bytes) => changed(bytes, (at) => (bytes[at] as number) ^ (1 << below(8))),
  (bytes) => changed(bytes, () => below(256)),
  (bytes) => changed(bytes, () => (below(2) === 0 ? 0 : 255)),
  (bytes) => changed(bytes, () => '0123456789"{}[]:,-.enul'.charCodeAt(below(23))),
  (bytes) => bytes.subarray(0, below(bytes.length)),
  (bytes) => spliced(bytes, below(bytes.length), below(40), new Uint8Array()),
  (bytes) =>
    spliced(
      bytes,
      below(bytes.length),
      0,
      Uint8Array.from({ length: 1 + below(40) }, () => below(256)),
    ),
  (bytes) => {
    const from = below(bytes.length);
    return spliced(bytes, from, 0, bytes.subarray(from, from + 1 + below(200)));
  },
  (bytes) => spliced(bytes, below(bytes.length), below(200), new Uint8Array(below(200))),
  (bytes) => {
    const [from, to] = [below(bytes.length), below(bytes.length)];
    return spliced(bytes, to, 16, bytes.subarray(from, from + 16));
  },
];

function changed(bytes: Uint8Array, byte: (at: number) => number): Uint8Array {
  const copy = bytes.slice();
  const at = below(bytes.length);
  copy[at] = byte(at);
  return copy;
}

function spliced(bytes: Uint8Array, at: number, gone: number, come: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), come, bytes.subarray(at + gone)]);
}

let env: VectorEnv;
let agent: PPO;
let iterations: Iteration[];
let config: RunConfig;

beforeAll(async () => {
  env = await makeVec("CartPole-v1", { numEnvs: 2, seed: 1 });
  agent = await PPO.create(env, { numSteps: 8, hiddenSizes: [4], maxGradNorm: Number.POSITIVE_INFINITY });
  iterations = [];
  for await (const iteration of agent.train({ totalSteps: 480 })) iterations.push(iteration);
  const { seed } = agent.config;
  config = {
    env: "CartPole-v1",
    seed,
    numEnvs: 2,
    totalSteps: 480,
    hyperparameters: agent.config,
    versions: versions(),
  };
});
afterAll(() => env.close?.());

/** Reads `count` mutated files; `read` says what of one that is accepted has to be equal to that of the whole one. */
async function readMutated(count: number, whole: Uint8Array, read: (bytes: Uint8Array) => unknown): Promise<void> {
  const expected = await read(whole);
  let [refused, slow] = [0, 0];
  for (let index = 0; index < count; index++) {
    const mutate = mutations[index % mutations.length] as (typeof mutations)[number];
    const bytes = mutate(whole);
    const start = performance.now();
    let outcome: unknown;
    try {
      outcome = await read(bytes);
    } catch (error) {
      outcome = error;
    }
    const took = performance.now() - start;
    if (took > 50) slow++;
    expect(took, `mutation ${index}`).toBeLessThan(5000);
    if (outcome instanceof Error) {
      refused++;
      expect(outcome, `mutation ${index}`).toBeInstanceOf(ProximalError);
      expect(outcome.message, `mutation ${index}`).toMatch(/^.+$/);
    } else expect(outcome, `mutation ${index}`).toEqual(expected);
  }
  expect(refused).toBeGreaterThan(count / 2);
  // Other programs, and the collector, have their turns too.
  expect(slow).toBeLessThan(count / 100);
}

describe("of broken files", () => {
  it("each policy of 13,000 is refused, or the whole one", async () => {
    await readMutated(13_000, agent.policy.toBytes(), async (bytes) => (await Policy.load(bytes)).toBytes());
  });

  const nested = new Dict({
    position: new Box([-1, Number.NEGATIVE_INFINITY], [1, 2]),
    "a list": new Tuple([new Discrete(1), new MultiDiscrete([1]), new Dict({ bits: new MultiBinary(1) })]),
    10: new Box(0, 255, [], "uint8"),
  });

  it("each policy of 1,000 that looks at a Dict is refused, or the whole one", async () => {
    // As many inputs as there are to the networks at hand, with one to spare for each of two.
    const { "actor.0.weight": actor, "critic.0.weight": critic, ...others } = weightsOf(agent.policy);
    const wide = { shape: [6, 4], data: new Float32Array(24).fill(0.5) };
    const weights = { "actor.0.weight": wide, "critic.0.weight": wide, ...others };
    expect([actor, critic].map((weight) => weight?.shape)).toEqual([
      [4, 4],
      [4, 4],
    ]);
    const policy = await policyFrom(weights, { observationSpace: nested, actionSpace: new Discrete(2) });
    await readMutated(1000, policy.toBytes(), async (bytes) => (await Policy.load(bytes)).toBytes());
  });

  it("each description of a space of 3,000 is refused, or one of a space", () => {
    const whole = new TextEncoder().encode(stringify(nested));
    let [refused, read] = [0, 0];
    for (let index = 0; index < 3000; index++) {
      const bytes = (mutations[index % mutations.length] as (typeof mutations)[number])(whole);
      let json: unknown;
      try {
        json = parse(new TextDecoder().decode(bytes));
      } catch {
        continue;
      }
      try {
        const space = spaceFrom(json);
        expect(spaceFrom(parse(stringify(space))).equals(space)).toBe(true);
        read++;
      } catch (error) {
        expect(error, `mutation ${index}`).toBeInstanceOf(ProximalError);
        expect((error as Error).message, `mutation ${index}`).toMatch(/^.+$/);
        refused++;
      }
    }
    expect(Math.min(refused, read)).toBeGreaterThan(40);
  });

  it("each checkpoint of 5,000 is refused, or the whole one", async () => {
    const others = await makeVec("CartPole-v1", { numEnvs: 2, seed: 1 });
    await readMutated(5000, agent.checkpoint(), async (bytes) => (await PPO.resume(others, bytes)).checkpoint());
  });

  it.each(["LSTM, masks, normalisers", "GRU, scaled rewards, adaptive penalty", "squashed, annealed deviations"])(
    "each policy and checkpoint of 600 is refused, or the whole one: %s",
    async (name) => {
      const configuration = configurations[name] as Configuration;
      const [learning, others] = [await environmentsOf(configuration), await environmentsOf(configuration)];
      const agent = await PPO.create(learning, configuration.options);
      for await (const { iteration } of agent.train({ totalSteps: stepsOf(configuration, 3) }))
        if (iteration === 2) break;
      await readMutated(600, agent.policy.toBytes(), async (bytes) => (await Policy.load(bytes)).toBytes());
      await readMutated(600, agent.checkpoint(), async (bytes) => (await PPO.resume(others, bytes)).checkpoint());
    },
  );

  it("each config.json of 4,000 is refused, alone or beside its checkpoint, or only of another length", async () => {
    await readMutated(4000, Buffer.from(encodeConfig(config)), (bytes) => {
      const read = decodeConfig(Buffer.from(bytes).toString("utf8"));
      checkSameRun("checkpoint", agent.config, read);
      // A number of environments that is not the checkpoint's is refused where that is read.
      return { ...read, numEnvs: 0, totalSteps: 0, versions: 0 };
    });
  });

  it("each metrics.jsonl of 4,000 is read up to its damage, as a run that goes forward", async () => {
    const text = iterations.map(encodeLine).join("");
    let damaged = 0;
    await expect(
      readMutated(4000, Buffer.from(text), (bytes) => {
        const { lines, damage } = decodeLines("metrics", Buffer.from(bytes).toString("utf8"));
        for (const [index, line] of lines.entries()) {
          const before = lines[index - 1] ?? { iteration: 0, steps: 0 };
          expect(line.iteration).toBeGreaterThan(before.iteration);
          expect(line.steps).toBeGreaterThan(before.steps);
        }
        if (damage === undefined) return "whole";
        damaged++;
        expect(damage).toMatch(/^line \d+: .+$/);
        throw new ProximalError(damage);
      }),
    ).resolves.toBeUndefined();
    expect(damaged).toBeGreaterThan(2000);
  });
});
