// What the monitor finds, when, and what it says; and that a sound training is left in peace.

import { describe, expect, it } from "vitest";
import {
  ActorCritic,
  Box,
  Discrete,
  Engine,
  type Iteration,
  makeVec,
  PPO,
  presetFor,
  type StepResult,
  TrainingError,
} from "../../src/index.ts";
import { EnvContext } from "../../src/ppo/context.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { Monitor } from "../../src/ppo/monitor.ts";
import { type Minibatch, Rollout } from "../../src/ppo/rollout.ts";
import { float32, zeros } from "../../src/tensor/index.ts";

const engine = await Engine.create();
const [NUM_STEPS, NUM_ENVS] = [4, 2];

/** A monitor of a training in which everything is as it should be, and what it looks at. */
function watch(actionSpace: Discrete | Box = new Discrete(2)) {
  const config = completeHyperparameters({ hiddenSizes: [4], normalizeObservations: true });
  const actorCritic = new ActorCritic(engine, new Box(-1, 1, [3]), actionSpace, config);
  const rollout = new Rollout(actorCritic, new EnvContext(actorCritic, NUM_ENVS, false), {
    ...{ numSteps: NUM_STEPS, sequenceLength: 1, keepsDistributions: false, keepsFinalObservations: false },
  });
  const returns = zeros(engine, float32([NUM_STEPS, NUM_ENVS]));
  returns.data.fill(1);
  rollout.rewards.data[0] = 1;
  const observations = zeros(engine, float32([8, 3]));
  observations.data.set(observations.data.map((_, index) => (index % 5) / 5 - 0.4));
  const monitor = new Monitor(actorCritic, rollout, { observations } as unknown as Minibatch, returns, config);
  let iteration = 0;
  const observe = (change: Partial<Iteration> = {}, firstKl = 0) => {
    iteration++;
    monitor.observe({ ...sound, iteration, ...change }, firstKl);
  };
  return { monitor, actorCritic, rollout, returns, observe };
}

const sound: Iteration = {
  ...{ iteration: 0, steps: 0, episodes: 3, meanReturn: 10, meanLength: 10, solvedAtStep: null },
  ...{ loss: 0.1, policyLoss: 0, valueLoss: 0.1, entropy: 0.6, approxKl: 0.01, clipFraction: 0.1, gradNorm: 0.5 },
  ...{ explainedVariance: 0.5, learningRate: 1e-3, clipRange: 0.2, entropyCoefficient: 0, klPenalty: 1 },
};

const box = new Box(-1, 1, [2]);

/** For each check what makes it hold, after how many iterations it is found, and how it begins. */
const cases: readonly {
  readonly check: string;
  readonly patience: number;
  readonly begins: string;
  readonly actionSpace?: Box;
  readonly change?: Partial<Iteration>;
  readonly firstKl?: number;
  readonly spoil?: (watched: ReturnType<typeof watch>) => void;
}[] = [
  { check: "ratio", patience: 1, begins: "the ratio is not 1 in the first minibatch", firstKl: 1e-9 },
  { check: "approxKl", patience: 3, begins: "approxKl is 0.21: ", change: { approxKl: 0.21 } },
  { check: "clipFraction", patience: 3, begins: "61% of the ratios are clipped", change: { clipFraction: 0.61 } },
  { check: "entropy", patience: 10, begins: "entropy is 0.000090: ", change: { entropy: 9e-5 } },
  { check: "entropy", patience: 10, begins: "entropy is -13: ", actionSpace: box, change: { entropy: -13 } },
  { check: "spread", patience: 3, begins: "the standard deviation", actionSpace: box, change: { entropy: 17 } },
  {
    ...{ check: "dead units", patience: 3, begins: "100% of the last hidden units are 0 whatever is observed" },
    spoil: ({ actorCritic }) => {
      for (const { name, data } of actorCritic.parameters.named()) if (/\.0\./.test(name)) data.fill(0);
    },
  },
  {
    ...{ check: "saturated units", patience: 3, begins: "100% of the last hidden units are at the end of their range" },
    spoil: ({ actorCritic }) => {
      for (const { name, data } of actorCritic.parameters.named()) if (/\.0\.bias/.test(name)) data.fill(9);
    },
  },
  {
    ...{ check: "critic", patience: 10, begins: "explainedVariance is -0.60: the critic is worse" },
    change: { explainedVariance: -0.6, valueLoss: 0.51 },
  },
  {
    ...{ check: "values", patience: 3, begins: "the critic runs away: a value of size 1.0e+3, where no rewards" },
    spoil: ({ rollout }) => {
      rollout.values.data[3] = -1001;
    },
  },
  {
    ...{ check: "observations", patience: 3, begins: "an observation has the variance 2.0e+12" },
    spoil: ({ actorCritic }) => {
      (actorCritic.observationMoments as NonNullable<typeof actorCritic.observationMoments>).variance.data[1] = 2e12;
    },
  },
  {
    ...{ check: "rewards", patience: 10, begins: "rewards never vary" },
    spoil: ({ rollout }) => {
      rollout.rewards.data.fill(1);
    },
  },
];

describe("the monitor", () => {
  it("finds nothing in a training that is sound", () => {
    for (const actionSpace of [new Discrete(2), box]) {
      const { monitor, observe } = watch(actionSpace);
      for (let iteration = 0; iteration < 30; iteration++) observe();
      expect(monitor.findings).toEqual([]);
      expect(() => monitor.expectNone()).not.toThrow();
    }
  });

  it.each(cases)("finds $check after $patience iterations, once until it has gone", (entry) => {
    const watched = watch(entry.actionSpace);
    const { monitor, observe } = watched;
    entry.spoil?.(watched);
    const repeat = (times: number) => {
      for (let time = 0; time < times; time++) observe(entry.change, entry.firstKl);
    };
    repeat(entry.patience - 1);
    expect(monitor.findings).toEqual([]);
    repeat(3);
    expect(monitor.findings.map(({ check }) => check)).toEqual([entry.check]);
    const [finding] = monitor.findings;
    expect(finding?.since).toBe(1);
    expect(finding?.message.slice(0, entry.begins.length)).toBe(entry.begins);
    expect(finding?.message).not.toContain("\n");
    if (entry.spoil !== undefined) return;
    observe();
    repeat(entry.patience);
    expect(monitor.findings.map(({ check }) => check)).toEqual([entry.check, entry.check]);
    expect(monitor.findings[1]?.since).toBe(entry.patience + 4);
  });

  it("finds nothing where the returns of episodes differ although rewards do not, as in CartPole", () => {
    const { monitor, rollout, observe } = watch();
    rollout.rewards.data.fill(1);
    for (let iteration = 0; iteration < 20; iteration++) observe({ meanReturn: iteration });
    expect(monitor.findings).toEqual([]);
  });
});

/** Always the same reward, at whatever is done. */
class Idle {
  readonly observationSpace = new Box(0, 1, [1]);
  readonly actionSpace = new Discrete(2);
  #steps = 0;

  reset(_options = {}, into = new Float32Array(1)) {
    this.#steps = 0;
    return into.fill(1);
  }

  step(_action: number, into: StepResult) {
    this.#steps++;
    into.observation[0] = 1;
    into.reward = 1;
    into.terminated = this.#steps === 4;
    into.truncated = false;
    return into;
  }

  state() {
    return { steps: this.#steps };
  }

  restore(state: unknown) {
    this.#steps = (state as { steps: number }).steps;
  }
}

describe("a training", () => {
  it("of CartPole's preset has no findings, and neither has one on the way there", async () => {
    const { numEnvs, hyperparameters } = presetFor("CartPole-v1");
    const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), hyperparameters);
    for await (const _ of agent.train({ totalSteps: 30_000, strictMonitor: true }));
    expect(agent.findings).toEqual([]);
  });

  it("in which there is nothing to learn is told so, and ended where that was asked for", async () => {
    const agent = await PPO.create(await makeVec(() => new Idle(), { numEnvs: 2 }), { numSteps: 8, hiddenSizes: [4] });
    const training = agent.train({ totalSteps: 16 * 50, strictMonitor: true });
    const iterate = async () => {
      for await (const _ of training);
    };
    await expect(iterate()).rejects.toThrow(TrainingError);
    expect(agent.iteration).toBe(10);
    expect(agent.findings.map(({ check, since }) => [check, since])).toEqual([["rewards", 1]]);
    expect(agent.policy.toBytes().length).toBeGreaterThan(0);
    for await (const { iteration } of agent.train()) if (iteration === 20) break;
    expect(agent.findings).toHaveLength(1);
  });

  it("that is resumed is ended in the iteration in which it would have been", async () => {
    const hyperparameters = { numSteps: 8, hiddenSizes: [4] };
    const idle = () => makeVec(() => new Idle(), { numEnvs: 2 });
    const agent = await PPO.create(await idle(), hyperparameters);
    for await (const { iteration } of agent.train({ totalSteps: 16 * 50 })) if (iteration === 6) break;
    const resumed = await PPO.resume(await idle(), agent.checkpoint());
    for await (const { iteration } of resumed.train()) if (iteration === 12) break;
    expect(resumed.findings.map(({ check, since }) => [check, since])).toEqual([["rewards", 1]]);

    const again = await PPO.resume(await idle(), resumed.checkpoint());
    expect(again.findings).toEqual(resumed.findings);
    for await (const { iteration } of again.train()) if (iteration === 20) break;
    expect(again.findings).toHaveLength(1);
  });

  it("whose parameters are written to during an iteration has a first ratio that is not 1", async () => {
    const env = await makeVec("CartPole-v1", { numEnvs: 2 });
    const agent = await PPO.create(env, { numSteps: 8, hiddenSizes: [4] });
    const step = env.step.bind(env);
    let steps = 0;
    env.step = (actions) => {
      step(actions);
      if (++steps === 12) for (const { data } of agent.policy.tensors) data[0] = (data[0] as number) + 0.5;
    };
    for await (const { iteration } of agent.train({ totalSteps: 16 * 4 })) if (iteration === 3) break;
    expect(agent.findings.map(({ check, since }) => [check, since])).toEqual([["ratio", 2]]);
  });
});
