// What a policy is worth, and what it says of one observation: numbers that follow from environments and networks known
// beforehand.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  type Env,
  EnvironmentError,
  evaluate,
  make,
  makeVec,
  NonFiniteError,
  PPO,
  ShapeError,
} from "../../src/index.ts";

/** Episodes of 1, 2, 3, 4, 1, ... steps; a step is worth 0.1 times its action. It writes into nothing it is given. */
class Longer implements Env<number> {
  readonly observationSpace = new Box(0, 10, [1]);
  readonly actionSpace = new Discrete(3);
  readonly seeds: (number | undefined)[] = [];
  #episode = 0;
  #step = 0;

  reset(options: { seed?: number } = {}): Float32Array {
    this.seeds.push(options.seed);
    this.#step = 0;
    this.#episode++;
    return Float32Array.of(0);
  }

  step(action: number) {
    this.#step++;
    const isOver = this.#step === ((this.#episode - 1) % 4) + 1;
    const [terminated, truncated] = [isOver && this.#episode % 2 === 0, isOver && this.#episode % 2 === 1];
    return { observation: Float32Array.of(this.#step), reward: 0.1 * action, terminated, truncated };
  }
}

const always = (action: number) => ({ act: () => action });

describe("evaluate", () => {
  it("says return and length of every episode, with mean, standard deviation, least and greatest", () => {
    const env = new Longer();
    const { returns, lengths } = evaluate(always(2), env, { episodes: 4, seed: 7 });
    expect(env.seeds).toEqual([7, undefined, undefined, undefined]);
    expect(lengths).toEqual({ values: [1, 2, 3, 4], mean: 2.5, std: Math.sqrt(1.25), min: 1, max: 4 });
    // In float64, as the environment gives them: 0.2, and sums of it from the left.
    expect(returns.values).toEqual([0.2, 0.2 + 0.2, 0.2 + 0.2 + 0.2, 0.2 + 0.2 + 0.2 + 0.2]);
    expect([returns.min, returns.max]).toEqual([0.2, 0.8]);
  });

  it("hands each observation to the policy, and whether to draw", () => {
    const seen: unknown[] = [];
    const policy = {
      act: (observation: ArrayLike<number>, options: object = {}) => {
        seen.push([...Array.from(observation), options]);
        return 0;
      },
    };
    evaluate(policy, new Longer(), { episodes: 2, deterministic: false });
    const drawn = { deterministic: false };
    expect(seen).toEqual([
      [0, drawn],
      [0, drawn],
      [1, drawn],
    ]);
  });

  it("is the same again for the same seed, and plays 100 episodes", async () => {
    const agent = await PPO.create(await makeVec("CartPole-v1"), { hiddenSizes: [4], numSteps: 8 });
    const first = evaluate(agent, await make("CartPole-v1"));
    expect(first.returns.values).toHaveLength(100);
    expect(evaluate(agent.policy, await make("CartPole-v1", { seed: 5 }))).toEqual(first);
    expect(evaluate(agent, await make("CartPole-v1"), { seed: 2 })).not.toEqual(first);
  });

  it("refuses what is none of its options, no policy, no environment", async () => {
    const wrong = (policy: unknown, env: unknown, options: object, message: string) =>
      expect(() => evaluate(policy as never, env as never, options as never)).toThrow(new ConfigurationError(message));
    const [policy, env] = [always(0), new Longer()];
    wrong(policy, env, { episode: 1 }, "evaluate: there is no option episode; did you mean episodes?");
    wrong(policy, env, { episodes: 0 }, "evaluate: episodes: 0 is not an integer of at least 1");
    wrong(policy, env, { seed: -1 }, "evaluate: seed: -1 is not an integer of at least 0");
    wrong(policy, env, { deterministic: 1 }, "evaluate: deterministic: 1 is not true or false");
    wrong({}, env, {}, "evaluate: policy: {} is no policy; it has to have act");
    wrong(undefined, env, {}, "evaluate: policy: undefined is no policy; it has to have act");
    wrong(policy, {}, {}, "evaluate: env: {} is no environment; it has to have reset and step");
  });

  it("refuses an action that is not one of the environment's, and a reward that is no number", () => {
    expect(() => evaluate(always(3), new Longer())).toThrow(
      new EnvironmentError("Longer: action 3 is not in Discrete(3)"),
    );
    expect(() => evaluate(always(Number.NaN), new Longer())).toThrow(EnvironmentError);
    for (const reward of [Number.NaN, undefined]) {
      const env = new Longer();
      env.step = () => ({
        observation: new Float32Array(1),
        reward: reward as number,
        terminated: true,
        truncated: false,
      });
      expect(() => evaluate(always(0), env)).toThrow(
        new NonFiniteError(`Longer: the reward is ${reward}; it has to be a finite number`),
      );
    }
  });

  it("refuses the observations of other environments", async () => {
    const agent = await PPO.create(await makeVec("CartPole-v1"), { hiddenSizes: [4], numSteps: 8 });
    expect(() => evaluate(agent, new Longer())).toThrow(ShapeError);
  });
});
