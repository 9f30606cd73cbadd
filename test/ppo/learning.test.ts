// Does it learn? The preset on ten seeds, all of which have to solve the task.

import { describe, expect, it } from "vitest";
import { makeVec, PPO, presetFor } from "../../src/index.ts";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe("the preset of CartPole-v1", () => {
  const { numEnvs, totalSteps, hyperparameters } = presetFor("CartPole-v1");

  it.each(seeds)("solves it within 100,000 steps, seed %i", async (seed) => {
    const env = await makeVec("CartPole-v1", { numEnvs, seed });
    const agent = await PPO.create(env, { ...hyperparameters, seed });
    expect(totalSteps).toBeLessThanOrEqual(100_000);
    for await (const { solvedAtStep, episodes, meanReturn } of agent.train({ totalSteps })) {
      if (solvedAtStep === null) continue;
      expect(solvedAtStep).toBeLessThanOrEqual(100_000);
      expect(episodes).toBeGreaterThanOrEqual(100);
      expect(meanReturn).toBeGreaterThan(400);
      return;
    }
    expect.fail(`seed ${seed}: not solved after ${agent.steps} steps`);
  });
});
