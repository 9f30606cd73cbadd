// Classic control against Gymnasium 1.3 (test/fixtures/classic-control.py): from seeds and at what decides to the bit,
// single steps to the rounding of sine and cosine, and to the bit where those are the same; episodes end in the same
// step. CartPole-v1 has tests of its own.

import { describe, expect, it } from "vitest";
import { Acrobot, MountainCar, MountainCarContinuous, Pendulum } from "../../../src/envs/classic-control/index.ts";
import type { Simulation } from "../../../src/envs/simulation.ts";
import { type AnyEnv, type Box, CartPole, Engine, environments, make } from "../../../src/index.ts";
import fixture from "../../fixtures/classic-control.json" with { type: "json" };

type Step = [state: number[], action: number, next: number[], observation: number[], reward: number, terminated: 0 | 1];
type Episode = [
  seed: number,
  actions: number[],
  terminated: 0 | 1,
  truncated: 0 | 1,
  observation: number[],
  total: number,
];

const engine = await Engine.create();
/** Its sine and cosine are multiples of 2^-20, as those of the fixture's coarse steps. */
const coarse = await Engine.create();
const { sin, cos } = coarse.kernels;
Object.defineProperty(coarse, "kernels", {
  value: {
    ...coarse.kernels,
    sin: (x: number) => Math.round(sin(x) * 2 ** 20) / 2 ** 20,
    cos: (x: number) => Math.round(cos(x) * 2 ** 20) / 2 ** 20,
  },
});

interface Task {
  readonly create: (engine: Engine) => AnyEnv;
  /** The parts of its state, from Gymnasium's. */
  readonly parts: (state: readonly number[]) => object;
}

const physics = (state: readonly number[]) => ({ physics: Float64Array.from(state) });
const tasks = {
  "MountainCar-v0": { create: (engine) => new MountainCar(engine), parts: physics },
  "MountainCarContinuous-v0": {
    create: (engine) => new MountainCarContinuous(engine),
    parts: (state) => ({ ...physics(state), isRounded: Uint8Array.of(1) }),
  },
  "Pendulum-v1": { create: (engine) => new Pendulum(engine), parts: physics },
  "Acrobot-v1": {
    create: (engine) => new Acrobot(engine),
    parts: (state) => ({
      angles: Float64Array.from(state.slice(0, 2)),
      velocities: Float64Array.from(state.slice(2)),
    }),
  },
} as const satisfies Record<string, Task>;

const ids = Object.keys(tasks) as (keyof typeof tasks)[];

/** What Gymnasium holds of a state. */
function numbersOf(env: AnyEnv): number[] {
  const {
    phase: _,
    random: __,
    isRounded: ___,
    ...parts
  } = (env as Simulation).state() as Record<string, Float64Array>;
  return Object.values(parts).flatMap((part) => [...part]);
}

const taken = (env: AnyEnv, action: number) => (env.actionSpace.shape.length === 0 ? action : Float32Array.of(action));

/** Steps an environment from any state. */
function stepper(id: keyof typeof tasks, engine: Engine) {
  const { create, parts } = tasks[id];
  const env: AnyEnv = create(engine);
  env.reset();
  const template = env.state?.() as object;
  return ([state, action]: Step) => {
    env.restore?.({ ...template, ...parts(state) });
    const { observation, reward, terminated } = env.step(taken(env, action));
    return { next: numbersOf(env), observation: [...observation], reward, terminated: +terminated };
  };
}

describe.each(ids)("%s", (id) => {
  const { create } = tasks[id];
  const { resets, steps, coarse: coarseSteps, episodes, coarseEpisodes, ...facts } = fixture[id];

  it("begins with Gymnasium's observations to the bit, from 40 seeds and on without one", () => {
    const env = create(engine);
    expect(resets).toHaveLength(40);
    for (const [seed, ...expected] of resets as [number, number[], number[]][]) {
      const actual = [env.reset({ seed }), env.reset()].map((observation) => [...observation]);
      expect(actual, `seed ${seed}`).toEqual(expected);
    }
  });

  it("takes Gymnasium's step to the bit where sine and cosine are the same", () => {
    const step = stepper(id, coarse);
    for (const given of coarseSteps as Step[]) {
      const [state, action, next, observation, reward, terminated] = given;
      expect(step(given), `from ${state} by ${action}`).toEqual({ next, observation, reward, terminated });
    }
  });

  it("steps within 1e-12 of Gymnasium from any state, and to the same end", () => {
    const step = stepper(id, engine);
    const close = (actual: number[], exact: number[], tolerance: number) => {
      for (const [index, x] of exact.entries())
        expect(Math.abs((actual[index] as number) - x)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(x)));
    };
    for (const given of steps as Step[]) {
      const [, , next, observation, reward, terminated] = given;
      const actual = step(given);
      // Of MountainCarContinuous the state is float32, whose rounding may go either way.
      close(actual.next, next, id === "MountainCarContinuous-v0" ? 2 ** -24 : 1e-12);
      close(actual.observation, observation, 2 ** -23);
      close([actual.reward], [reward], 1e-9);
      expect(actual.terminated).toBe(terminated);
    }
  });

  it("begins and goes on to the bit where sine and cosine are the same", () => {
    const env: AnyEnv = create(coarse);
    for (const [seed, actions, , , observation, total] of coarseEpisodes as Episode[]) {
      env.reset({ seed });
      const results = actions.map((action) => ({ ...env.step(taken(env, action)) }));
      expect(results.map((result) => [...result.observation]).at(-1), `seed ${seed}`).toEqual(observation);
      const sum = results.reduce((sum, { reward }) => sum + reward, 0);
      expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-12);
    }
  });

  it("ends whole episodes in Gymnasium's step, with its return", async () => {
    const env = await make<AnyEnv>(id, { engine });
    for (const [seed, actions, terminated, truncated, observation, total] of episodes as Episode[]) {
      env.reset({ seed });
      const results = actions.map((action) => ({ ...env.step(taken(env, action)) }));
      const ends = results.findIndex((result) => result.terminated || result.truncated);
      expect(ends, `seed ${seed}`).toBe(actions.length - 1);
      const last = results[ends] as (typeof results)[number];
      expect([+last.terminated, +last.truncated]).toEqual([terminated, truncated]);
      const sum = results.reduce((sum, { reward }) => sum + reward, 0);
      expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-6 * Math.abs(total));
      for (const [index, x] of observation.entries()) expect(last.observation[index]).toBeCloseTo(x, 4);
    }
  });

  it("has Gymnasium's spaces, time limit and threshold", () => {
    const { low, high, action, rewardThreshold, maxEpisodeSteps } = facts;
    const { observationSpace, actionSpace } = create(engine);
    expect([[...observationSpace.low], [...observationSpace.high]]).toEqual([low, high]);
    if (typeof action === "number") expect(actionSpace.toJSON()).toEqual({ type: "Discrete", n: action, start: 0 });
    else expect([...(actionSpace as Box).low, ...(actionSpace as Box).high]).toEqual(action);
    const threshold = rewardThreshold === null ? {} : { rewardThreshold };
    expect(environments().find((spec) => spec.id === id)).toEqual({
      ...{ id, family: "classic control", maxEpisodeSteps, ...threshold },
      framesPerSecond: id === "Acrobot-v1" ? 15 : 30,
    });
  });
});

describe("CartPole-v0", () => {
  it("is CartPole-v1 with another limit and threshold, and errors call it by its name", async () => {
    const { rewardThreshold, maxEpisodeSteps } = fixture["CartPole-v0"];
    expect(environments()).toContainEqual({
      id: "CartPole-v0",
      family: "classic control",
      rewardThreshold,
      maxEpisodeSteps,
      framesPerSecond: 50,
    });
    const env = await make("CartPole-v0", { engine, seed: 3 });
    expect(() => env.step(0)).toThrow("CartPole-v0: step before the first reset");
    expect(env.reset()).toEqual(new CartPole(engine, { seed: 3 }).reset());
  });
});
