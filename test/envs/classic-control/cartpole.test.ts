// CartPole-v1 against Gymnasium 1.3 (test/fixtures/cartpole.py).

import { describe, expect, it } from "vitest";
import {
  CartPole,
  ConfigurationError,
  Engine,
  EnvironmentError,
  FileFormatError,
  make,
  TimeLimit,
} from "../../../src/index.ts";
import fixture from "../../fixtures/cartpole.json" with { type: "json" };

const engine = await Engine.create();

interface State {
  readonly phase: string;
  readonly physics: Float64Array;
}
const stateOf = (env: CartPole) => env.state() as unknown as State;

/** The largest difference, relative to 1 or to the exact number. */
function difference(actual: ArrayLike<number>, exact: readonly number[]): number {
  return Math.max(...exact.map((x, index) => Math.abs((actual[index] as number) - x) / Math.max(1, Math.abs(x))));
}

describe("CartPole", () => {
  it("steps from any of Gymnasium's states to the next within 1e-14", () => {
    const env = new CartPole(engine);
    env.reset();
    const template = env.state() as object;
    let [worst, ends] = [0, 0];
    for (const [physics, action, next, reward, terminated] of fixture.steps as unknown as Step[]) {
      env.restore({ ...template, physics: Float64Array.from(physics) });
      const result = env.step(action);
      worst = Math.max(worst, difference(stateOf(env).physics, next));
      expect([result.reward, result.terminated, result.truncated]).toEqual([reward, terminated, false]);
      expect([...result.observation]).toEqual([...stateOf(env).physics].map(Math.fround));
      if (terminated) ends++;
    }
    expect(worst).toBeLessThanOrEqual(1e-14);
    // Both outcomes were met often.
    expect(ends).toBeGreaterThan(100);
    expect(ends).toBeLessThan(fixture.steps.length - 100);
  });

  it("stays with Gymnasium through whole episodes of random actions, and ends in the same step", () => {
    for (const { seed, actions, states } of fixture.episodes) {
      const env = new CartPole(engine);
      env.reset({ seed });
      for (const [t, exact] of states.entries()) {
        const { terminated } = env.step(Number(actions[t]));
        expect(difference(stateOf(env).physics, exact), `seed ${seed}, step ${t}`).toBeLessThanOrEqual(1e-9);
        expect(terminated, `seed ${seed}, step ${t}`).toBe(t === states.length - 1);
      }
    }
  });

  it("goes on from its state bit by bit, random numbers included", () => {
    const env = new CartPole(engine, { seed: 5 });
    env.reset();
    for (const action of [0, 1, 1]) env.step(action);
    const other = new CartPole(engine, { seed: 99 });
    other.restore(structuredClone(env.state()));
    expect(other.step(0)).toEqual(env.step(0));
    expect(other.reset()).toEqual(env.reset());
  });

  it("writes into what it is given", () => {
    const env = new CartPole(engine, { seed: 1 });
    const observation = new Float32Array(4);
    expect(env.reset({}, observation)).toBe(observation);
    const result = { observation, reward: 0, terminated: true, truncated: true };
    expect(env.step(1, result)).toBe(result);
    expect(result).toMatchObject({ reward: 1, terminated: false, truncated: false });
    expect(result.observation).toBe(observation);
  });

  it("says what is out of order", () => {
    const env = new CartPole(engine, { seed: 1 });
    expect(() => env.step(0)).toThrow(new EnvironmentError("CartPole-v1: step before the first reset"));
    env.reset();
    for (const action of [2, -1, 0.5, Number.NaN]) {
      expect(() => env.step(action)).toThrow(
        new EnvironmentError(`CartPole-v1: action is ${action}; it has to be an integer from 0 to 1`),
      );
    }
    while (!env.step(1).terminated);
    expect(() => env.step(0)).toThrow(
      new EnvironmentError("CartPole-v1: step after the episode terminated; reset has to come first"),
    );
    const state = env.state();
    expect(() => env.restore({ elapsed: 1 })).toThrow(new FileFormatError("phase is missing"));
    expect(() => env.restore({ ...state, phase: "asleep" })).toThrow(
      new FileFormatError('phase: "asleep" is not new or running or terminated'),
    );
    expect(() => env.reset({ seed: -1 })).toThrow(new ConfigurationError("seed: -1 is not an integer of at least 0"));
  });
});

describe("the state of CartPole", () => {
  const restored = (state: object) => {
    const env = new CartPole(engine, { seed: 9 });
    env.restore(state);
    return env;
  };

  it("knows whether an episode is under way: before the first and after the end there is no step", () => {
    const env = new CartPole(engine);
    const fresh = restored(env.state());
    expect(() => fresh.step(0)).toThrow(new EnvironmentError("CartPole-v1: step before the first reset"));
    env.reset({ seed: 1 });
    expect(() => restored(env.state()).step(0)).not.toThrow();
    while (!env.step(1).terminated);
    const over = restored(env.state());
    expect(() => over.step(0)).toThrow(
      new EnvironmentError("CartPole-v1: step after the episode terminated; reset has to come first"),
    );
    // And the next episode is the one that would have been.
    expect(over.reset()).toEqual(env.reset());
  });

  it("is a copy, and one that is refused changes nothing", () => {
    const env = new CartPole(engine);
    env.reset({ seed: 1 });
    const state = env.state();
    const before = structuredClone(state);
    env.step(1);
    expect(state).toEqual(before);
    const now = env.state();
    for (const wrong of [{ random: {} }, { physics: new Float64Array(3) }, { phase: "old" }]) {
      expect(() => env.restore({ ...state, ...wrong })).toThrow(FileFormatError);
      expect(env.state()).toEqual(now);
    }
  });
});

interface Step extends Array<unknown> {
  0: number[];
  1: number;
  2: number[];
  3: number;
  4: boolean;
}

describe("CartPole with its time limit", () => {
  /** Keeps the pole up: a push in the direction in which it falls. */
  const balance = (observation: Float32Array) => {
    const [x, v, angle, angular] = observation as unknown as [number, number, number, number];
    return angle + 0.5 * angular + 0.05 * v + 0.02 * x > 0 ? 1 : 0;
  };

  it("is truncated after 500 steps, and not terminated", async () => {
    const env = await make("CartPole-v1", { seed: 3 });
    let observation = env.reset();
    for (let step = 1; step <= 500; step++) {
      const result = env.step(balance(observation));
      observation = result.observation;
      expect([result.terminated, result.truncated]).toEqual([false, step === 500]);
    }
    expect(() => env.step(0)).toThrow(
      new EnvironmentError("step: the episode was truncated at its limit of 500; reset has to come first"),
    );
    env.reset();
    expect(env.step(0).truncated).toBe(false);
  });

  it("sets both flags where the pole falls in the last step allowed", () => {
    const { seed, actions } = fixture.episodes[0] as (typeof fixture.episodes)[number];
    const env = new TimeLimit(new CartPole(engine), actions.length);
    env.reset({ seed });
    const results = [...actions].map((action) => env.step(Number(action)));
    expect(results.map(({ terminated, truncated }) => [terminated, truncated])).toEqual([
      ...Array(actions.length - 1).fill([false, false]),
      [true, true],
    ]);
  });

  it("counts on from its state", () => {
    const env = new TimeLimit(new CartPole(engine, { seed: 1 }), 5);
    env.reset();
    env.step(0);
    env.step(1);
    const other = new TimeLimit(new CartPole(engine), 5);
    other.restore(structuredClone(env.state()));
    const flags = [0, 1, 0].map((action) => other.step(action).truncated);
    expect(flags).toEqual([false, false, true]);
    expect(() => other.restore({ phase: "new" })).toThrow(new FileFormatError("elapsed is missing"));
    expect(() => new TimeLimit(new CartPole(engine), 0)).toThrow(
      new ConfigurationError("TimeLimit: maxEpisodeSteps: 0 is not an integer of at least 1"),
    );
  });
});
