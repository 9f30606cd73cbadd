// The environments on MuJoCo against Gymnasium 1.3 (test/fixtures/mujoco-episodes.py): the same seeds, the same
// actions. Theirs ran on MuJoCo's native build, ours run on that for WebAssembly; they part by roundings, which grow.

import { afterAll, describe, expect, it } from "vitest";
import { mujocoWith } from "../../../src/envs/mujoco/index.ts";
import { type AnyEnv, type Box, Engine, PCG64, TimeLimit } from "../../../src/index.ts";
import fixture from "../../fixtures/mujoco-episodes.json" with { type: "json" };

type Episode = [observations: number[][], rewards: number[], length: number, terminated: 0 | 1];
type Runs = Readonly<Record<string, [seed: number, episodes: Episode[]][]>>;
type Float64Env = {
  reset(options: { seed?: number }, into: Float64Array): Float64Array;
  step(action: Float32Array, into: object): { observation: Float64Array; reward: number; terminated: boolean };
};

const engine = await Engine.create();
const halved = fixture.halved as unknown as Runs;
const full = fixture.full as unknown as Runs;
const open: AnyEnv[] = [];
afterAll(() => {
  for (const env of open) env.close?.();
});

async function made(id: string, options = {}): Promise<AnyEnv> {
  const registration = mujocoWith(options).find((known) => known.id === id);
  const env = (await registration?.create({ engine, seed: 1 })) as AnyEnv;
  open.push(env);
  return env;
}

/** An action as the fixture has it: uniform within the bounds, as float32. */
function drawn(random: PCG64, size: number, limit: number): Float32Array {
  return Float32Array.from({ length: size }, () => random.uniform(-limit, limit));
}

/** The greatest difference of observations and of rewards in the first 20 steps of each episode. */
async function follow(id: string, runs: [number, Episode[]][], options = {}) {
  const env = (await made(id, options)) as unknown as Float64Env & AnyEnv;
  const [observations, actions] = [env.observationSpace, env.actionSpace] as [Box, Box];
  const motors = actions.high.length;
  // Pendulums fall at once unless they are pushed gently.
  const limit = (id.startsWith("Inverted") ? 0.1 : 1) * (actions.high[0] as number);
  // Environments write into what they are given: a wider array shows all digits that they have.
  const into = {
    observation: new Float64Array(observations.high.length),
    reward: 0,
    terminated: false,
    truncated: false,
  };
  const worst = { observation: 0, reward: 0, compared: 0 };
  const compare = (kind: "observation" | "reward", actual: number, expected: number) => {
    worst[kind] = Math.max(worst[kind], Math.abs(actual - expected));
    worst.compared++;
  };
  for (const [seed, episodes] of runs) {
    const random = new PCG64(engine, seed + 1000);
    for (const [index, [seen, rewards, length, terminated]] of episodes.entries()) {
      env.reset(index === 0 ? { seed } : {}, into.observation);
      into.terminated = false;
      for (let step = 0; ; step++) {
        const expected = seen.find(([at]) => at === step)?.slice(1) ?? [];
        for (const [element, value] of expected.entries())
          compare("observation", into.observation[element] as number, value);
        if (into.terminated || step === length) {
          expect([step, into.terminated], `${id}, seed ${seed}, episode ${index}`).toEqual([length, terminated === 1]);
          break;
        }
        env.step(drawn(random, motors, limit), into);
        if (step < rewards.length) compare("reward", into.reward, rewards[step] as number);
      }
    }
  }
  return worst;
}

describe("an environment on MuJoCo", () => {
  it.each(Object.keys(halved))("%s does what Gymnasium's does, and ends in the same step", async (id) => {
    const { observation, reward, compared } = await follow(id, halved[id] ?? []);
    expect(compared).toBeGreaterThan(80);
    expect(observation).toBeLessThan(1e-8);
    expect(reward).toBeLessThan(1e-9);
  });

  it.each(Object.keys(full))("%s does so with the margins of contacts as Gymnasium has them", async (id) => {
    const { observation, reward } = await follow(id, full[id] ?? [], { contactMargins: "full" });
    expect(observation).toBeLessThan(1e-8);
    expect(reward).toBeLessThan(1e-9);
  });

  it.each(Object.entries(fixture.specs))("%s has Gymnasium's spaces, limit and threshold", async (id, spec) => {
    const [steps, threshold, observations, motors, limit] = spec;
    const known = mujocoWith().find((registration) => registration.id === id);
    expect([known?.maxEpisodeSteps, known?.rewardThreshold ?? null]).toEqual([steps, threshold]);
    const env = await made(id);
    expect(String(env.observationSpace)).toBe(`Box(${observations})`);
    expect(env.actionSpace.toJSON()).toMatchObject({ low: -(limit as number), high: limit, shape: [motors] });
    expect(new TimeLimit(env, 5).observationSpace.equals(env.observationSpace)).toBe(true);
  });
});
