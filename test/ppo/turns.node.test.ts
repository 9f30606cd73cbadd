// Whose turn it is: what waits beside a training is let in also within an iteration, and finds an agent that says where
// it is.

import { expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  type Env,
  type Hyperparameters,
  PPO,
  type StepResult,
  SyncVectorEnv,
} from "../../src/index.ts";

/** An environment in whose steps something is done. */
class Busy implements Env<number> {
  readonly observationSpace = new Box(-1, 1, [1]);
  readonly actionSpace = new Discrete(2);
  during: (step: number) => void = () => {};
  #steps = 0;

  reset(): Float32Array {
    return new Float32Array(1);
  }

  step(): StepResult {
    this.during(++this.#steps);
    return { observation: new Float32Array(1), reward: 1, terminated: false, truncated: false };
  }
}

async function make(options: Partial<Hyperparameters>) {
  const env = new Busy();
  const vector = new SyncVectorEnv([env]);
  return { env, vector, agent: await PPO.create(vector, { hiddenSizes: [4], ...options }) };
}

const wait = (milliseconds: number): void => {
  const start = performance.now();
  while (performance.now() - start < milliseconds);
};

/** How often the event loop comes round while something is going on. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns++;
    next = setImmediate(count);
  });
  await work;
  clearImmediate(next);
  return turns;
}

it("a long rollout lets others in", async () => {
  const { env, agent } = await make({ numSteps: 16, numEpochs: 1, numMinibatches: 2 });
  env.during = () => wait(25);
  // Of 400 milliseconds, after every 50.
  expect(await turnsOf(agent.train({ totalSteps: 16 }).next())).toBeGreaterThanOrEqual(3);
});

it("a long update lets others in", async () => {
  const { env, agent } = await make({ numSteps: 16, numEpochs: 500, numMinibatches: 4, hiddenSizes: [128, 128] });
  let turns = Promise.resolve(0);
  let finish = (): void => {};
  env.during = (step) => {
    if (step === 16) turns = turnsOf(new Promise<void>((resolve) => (finish = resolve)));
  };
  const start = performance.now();
  await agent.train({ totalSteps: 16 }).next();
  const milliseconds = performance.now() - start;
  finish();
  expect(milliseconds).toBeGreaterThan(200);
  expect(await turns).toBeGreaterThanOrEqual(2);
});

it("a checkpoint and a loop are refused within an iteration, a checkpoint also after one that failed", async () => {
  const { env, agent } = await make({ numSteps: 8 });
  const said: string[] = [];
  env.during = (step) => {
    if (step !== 4) return;
    try {
      agent.checkpoint();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      said.push((error as Error).message);
    }
    void agent
      .train()
      .next()
      .catch((error: Error) => said.push(error.message));
  };
  await agent.train({ totalSteps: 80 }).next();
  const where = "this is in the middle of an iteration; it can be called between iterations only";
  expect(said).toEqual([`checkpoint: ${where}`, `train: ${where}`]);
  expect(() => agent.checkpoint()).toThrow("Busy: it has no state()");

  env.during = () => {
    throw new Error("broken");
  };
  await expect(agent.train().next()).rejects.toThrow("broken");
  expect(() => agent.checkpoint()).toThrow(
    new ConfigurationError(
      "checkpoint: this is after an iteration that failed; it can be called between iterations only",
    ),
  );
});

it("environments that are given away in the middle of an iteration are not stepped on", async () => {
  const { env, vector, agent } = await make({ numSteps: 16 });
  let steps = 0;
  let other: Promise<PPO> | undefined;
  env.during = (step) => {
    steps = step;
    wait(25);
    if (step === 4) other = PPO.create(vector, { hiddenSizes: [4] });
  };
  await expect(agent.train({ totalSteps: 16 }).next()).rejects.toThrow(
    new ConfigurationError("env: another agent was given these environments; each has to have its own"),
  );
  await other;
  expect(steps).toBeLessThan(16);
});
