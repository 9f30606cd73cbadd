// What a policy is worth, and what it says of one observation: numbers that follow from environments and networks known
// beforehand.

import { describe, expect, it } from "vitest";
import {
  ActorCritic,
  Box,
  ConfigurationError,
  Discrete,
  Engine,
  type Env,
  EnvironmentError,
  evaluate,
  type Hyperparameters,
  make,
  makeVec,
  NonFiniteError,
  Policy,
  PPO,
  ShapeError,
} from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";

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
    expect(env.seeds).toEqual([7 + 2 ** 32, undefined, undefined, undefined]);
    expect(lengths).toEqual({
      ...{ values: [1, 2, 3, 4], mean: 2.5, std: Math.sqrt(1.25), min: 1, max: 4 },
      ...{ median: 2.5, interquartileMean: 2.5, interval: [expect.any(Number), expect.any(Number)] },
    });
    const [low, high] = lengths.interval;
    expect(low).toBeGreaterThanOrEqual(1);
    expect(low).toBeLessThan(2.5);
    expect(high).toBeGreaterThan(2.5);
    expect(high).toBeLessThanOrEqual(4);
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

  it("plays no episode of a training of the same seed", async () => {
    const [env, training] = [await make("CartPole-v1"), await makeVec("CartPole-v1", { numEnvs: 8, seed: 1 })];
    const seen: number[][] = [];
    const policy = { act: (observation: ArrayLike<number>) => Number(seen.push(Array.from(observation)) < 0) };
    evaluate(policy, env, { episodes: 1, seed: 1 });
    training.reset({ seed: 1 });
    const begun = Array.from({ length: 8 }, (_, index) => [...training.observations.slice(4 * index, 4 * index + 4)]);
    expect(begun).not.toContainEqual(seen[0]);
    // In Gymnasium: env.reset(seed=2**32 + 1).
    expect(seen[0]).toEqual([...env.reset({ seed: 2 ** 32 + 1 })]);
  });

  it("refuses what is none of its options, no policy, no environment", async () => {
    const wrong = (policy: unknown, env: unknown, options: object, message: string) =>
      expect(() => evaluate(policy as never, env as never, options as never)).toThrow(new ConfigurationError(message));
    const [policy, env] = [always(0), new Longer()];
    wrong(policy, env, { episode: 1 }, "evaluate: there is no option episode; did you mean episodes?");
    wrong(policy, env, { episodes: 0 }, "evaluate: episodes: 0 is not an integer of at least 1");
    wrong(policy, env, { seed: -1 }, "evaluate: seed: -1 is not an integer of at least 0");
    const beyond = "evaluate: seed: 9007199254740991 is not an integer from 0 to 9007194959773695";
    wrong(policy, env, { seed: 2 ** 53 - 1 }, beyond);
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

/** A policy of 2 x 2 observations; `output` and `value` are the biases of the last layers, whose weights are 0. */
async function policyOf(space: Discrete | Box, output?: readonly number[], options: Partial<Hyperparameters> = {}) {
  const config = completeHyperparameters({ hiddenSizes: [32], seed: 3, ...options });
  const engine = await Engine.create({ kernels: config.kernels });
  const policy = new Policy(new ActorCritic(engine, new Box(-1, 1, [2, 2]), space, config), config);
  const set = (name: string, values: readonly number[]) =>
    policy.tensors.find((tensor) => tensor.name === name)?.data.set(values);
  if (output !== undefined) {
    for (const { name, data } of policy.tensors) if (name.endsWith(".1.weight")) data.fill(0);
    set("actor.1.bias", output);
    set("critic.1.bias", [2.5]);
    set("actor.logStd", [Math.log(0.5), Math.log(2)]);
  }
  return policy;
}

const observation = [0.1, -0.2, 0.3, 0.4];

describe("policy.evaluate", () => {
  it("gives the probabilities of discrete actions, log-probability of the most likely, and value", async () => {
    const policy = await policyOf(new Discrete(3), [Math.log(0.2), Math.log(0.5), Math.log(0.3)]);
    const { probabilities, logProb, value, ...others } = policy.evaluate(observation);
    expect(others).toEqual({});
    expect(value).toBe(2.5);
    // Two roundings of float32 in the logits, and an exp within an ulp.
    for (const [index, probability] of [0.2, 0.5, 0.3].entries())
      expect(Math.abs((probabilities?.[index] as number) - probability)).toBeLessThan(4 * 2 ** -24);
    expect(Math.abs(logProb - Math.log(0.5))).toBeLessThan(4 * 2 ** -24);
  });

  it("gives mean and standard deviation of a Gaussian before it is limited to the bounds", async () => {
    const policy = await policyOf(new Box([-1, -0.1], [1, 0.1]), [0.25, 7]);
    const { mean, std, logProb, value } = policy.evaluate(observation);
    expect(mean).toEqual(Float32Array.of(0.25, 7));
    expect(Math.abs((std?.[0] as number) - 0.5)).toBeLessThan(2 ** -23);
    expect(Math.abs((std?.[1] as number) - 2)).toBeLessThan(2 ** -21);
    // At the mean: -log σ1 - log σ2 - log 2π, of which the first two cancel.
    expect(Math.abs(logProb + Math.log(2 * Math.PI))).toBeLessThan(8 * 2 ** -24);
    expect(value).toBe(2.5);
    // Arrays of its own.
    const kept = mean?.slice();
    policy.tensors.find(({ name }) => name === "actor.1.bias")?.data.fill(0);
    policy.evaluate(observation);
    expect(mean).toEqual(kept);
  });

  it("refuses what act refuses", async () => {
    const policy = await policyOf(new Discrete(3));
    expect(() => policy.evaluate([1, 2])).toThrow(
      new ShapeError("evaluate: an observation of 2 numbers; it has to be [2, 2]"),
    );
    expect(() => policy.evaluate([0, 1, Number.NaN, 2])).toThrow(
      new NonFiniteError("evaluate: observation[2] is NaN; it has to be a finite float32"),
    );
    policy.tensors[0]?.data.fill(Number.NaN);
    expect(() => policy.evaluate(observation)).toThrow(NonFiniteError);
  });
});

describe("actBatch", () => {
  const spaces = [new Discrete(5), new Box([-0.01, -1, -2], [0.01, 1, 2])];

  it.each(spaces.flatMap((space) => [1, 2, 3, 4, 5, 7, 8, 16, 33, 64, 100].map((batch) => [space, batch] as const)))(
    "gives for %s the numbers of act, row by row, to the bit: %i rows",
    async (space, batch) => {
      const policy = await policyOf(space);
      // Outputs that are not all alike, and some beyond the bounds.
      for (const { name, data } of policy.tensors)
        if (name === "actor.1.weight") for (let index = 0; index < data.length; index++) data[index] = Math.sin(index);
      const observations = Float32Array.from({ length: batch * 4 }, (_, index) => ((index * 37) % 101) / 50 - 1);
      const rows = Array.from({ length: batch }, (_, row) => policy.act(observations.subarray(row * 4, row * 4 + 4)));
      const actions = policy.actBatch(observations);
      expect([...actions]).toEqual(rows.flatMap((row) => (typeof row === "number" ? [row] : [...row])));
      expect(actions).toBeInstanceOf(space instanceof Discrete ? Int32Array : Float32Array);
      if (batch > 16) expect(new Set(actions).size).toBeGreaterThan(2);

      const into = actions.slice().fill(9);
      expect(policy.actBatch(observations, into)).toBe(into);
      expect(into).toEqual(actions);
      expect(policy.actBatch(observations)).not.toBe(policy.actBatch(observations));
    },
  );

  it("keeps one program for each size", async () => {
    const policy = await policyOf(new Discrete(3));
    const { engine } = (policy as unknown as { actorCritic: ActorCritic }).actorCritic;
    for (const batch of [1, 300, 2]) policy.actBatch(new Float32Array(4 * batch));
    const bytes = engine.memory.buffer.byteLength;
    for (let call = 0; call < 3000; call++) policy.actBatch(new Float32Array(4 * ((call % 2) * 299 + 1)));
    expect(engine.memory.buffer.byteLength).toBe(bytes);
  });

  it("says what observations and into have to be", async () => {
    const policy = await policyOf(new Discrete(3));
    for (const length of [0, 3, 7])
      expect(() => policy.actBatch(new Float32Array(length))).toThrow(
        new ShapeError(`actBatch: an observation of ${length} numbers; it has to be [2, 2]`),
      );
    expect(() => policy.actBatch([0, 0, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0])).toThrow(
      new NonFiniteError("actBatch: observation[5] is Infinity; it has to be a finite float32"),
    );
    expect(() => policy.actBatch(new Float32Array(8), new Int32Array(3))).toThrow(
      new ShapeError("actBatch: into is an array of 3 int32; it has to be an array of 2 int32"),
    );
    expect(() => policy.actBatch(new Float32Array(8), new Float32Array(2))).toThrow(
      new ShapeError("actBatch: into is an array of 2 float32; it has to be an array of 2 int32"),
    );
  });
});
