// Gymnasium's heuristic policies, from the same seeds as in Gymnasium (test/fixtures/box2d.py): 200 episodes of
// LunarLander, and of BipedalWalker, whose steps take longer, the first 50. A landing is the same to the end; a walk is
// so until it hangs on a rounding which foot is first on the ground.

import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/index.ts";
import fixture from "../../fixtures/box2d.json" with { type: "json" };
import { landingAction, Walking } from "./policies.ts";

const engine = await Engine.create();
const { LunarLander } = await import("../../../src/envs/box2d/lunar-lander.ts");
const { BipedalWalker } = await import("../../../src/envs/box2d/bipedal-walker.ts");

type Policy = (observation: Float32Array) => number | Float32Array;

const landing = (isContinuous: boolean) => (): Policy => (observation) => landingAction(observation, isContinuous);
const walking = (): Policy => {
  const walker = new Walking();
  return (observation) => walker.action(observation);
};
const lander = { limit: 1000, episodes: 200 };
/** `same`: how many episodes at least are Gymnasium's, worth the same to a point. */
const tasks = {
  "LunarLander-v3": { env: new LunarLander(engine), policy: landing(false), same: 150, ...lander },
  "LunarLanderContinuous-v3": {
    ...{ env: new LunarLander(engine, { continuous: true }), policy: landing(true), same: 190, ...lander },
  },
  "BipedalWalker-v3": { env: new BipedalWalker(engine), policy: walking, same: 7, limit: 1600, episodes: 50 },
  "BipedalWalkerHardcore-v3": {
    ...{ env: new BipedalWalker(engine, {}, true), policy: walking, same: 20, limit: 2000, episodes: 50 },
  },
};

function play(
  { env, policy, limit }: (typeof tasks)[keyof typeof tasks],
  seed: number,
): [total: number, steps: number] {
  const act = policy();
  let observation = env.reset({ seed });
  for (let total = 0, steps = 1; ; steps++) {
    const result = env.step(act(observation) as never);
    total += result.reward;
    observation = result.observation;
    if (result.terminated || steps === limit) return [total, steps];
  }
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

describe.each(Object.entries(tasks))("%s", (id, task) => {
  it("gives a heuristic policy the returns that it has in Gymnasium", () => {
    const recorded = fixture.heuristic[id as keyof typeof tasks] as [number, number][];
    expect(recorded).toHaveLength(200);
    const theirs = recorded.slice(0, task.episodes).map(([total]) => total);
    const ours = theirs.map((_, seed) => play(task, seed)[0]);
    // Two means differ by less than three standard errors of their difference.
    const [ourVariance, theirVariance] = [ours, theirs].map((totals) => {
      const middle = mean(totals);
      return mean(totals.map((total) => (total - middle) ** 2));
    }) as [number, number];
    const error = Math.sqrt((ourVariance + theirVariance) / task.episodes);
    expect(Math.abs(mean(ours) - mean(theirs))).toBeLessThan(3 * error);
    const same = ours.filter((total, seed) => Math.abs(total - (theirs[seed] as number)) < 1);
    expect(same.length).toBeGreaterThanOrEqual(task.same);
  }, 300_000);
});
