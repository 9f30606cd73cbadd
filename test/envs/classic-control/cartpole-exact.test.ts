// CartPole-v1 against Gymnasium 1.3 where exactness is possible (test/fixtures/cartpole-exact.py): from the seed, at
// the limits, and in the order of operations. NumPy's sine and cosine are those of its platform and may differ from
// ours in the last bit; where they agree, all has to.

import { describe, expect, it } from "vitest";
import { CartPole, Engine, environments, FileFormatError, make } from "../../../src/index.ts";
import fixture from "../../fixtures/cartpole-exact.json" with { type: "json" };

type Step = [
  state: number[],
  action: number,
  sine: number,
  cosine: number,
  next: number[],
  reward: number,
  terminated: 0 | 1,
];

const engine = await Engine.create();
const env = new CartPole(engine);
env.reset();
const template = env.state() as object;

const physicsOf = (state: object) => [...(state as { readonly physics: Float64Array }).physics];

function stepFrom([physics, action]: Step) {
  env.restore({ ...template, physics: Float64Array.from(physics) });
  const result = env.step(action);
  return { ...result, next: physicsOf(env.state()) };
}

describe("CartPole-v1", () => {
  it("begins with Gymnasium's observations to the bit, from 200 seeds and on without one", () => {
    expect(fixture.resets).toHaveLength(200);
    for (const [seed, ...expected] of fixture.resets as [number, number[], number[], number[]][]) {
      const actual = [env.reset({ seed }), env.reset(), env.reset()].map((observation) => [...observation]);
      expect(actual, `seed ${seed}`).toEqual(expected);
    }
  });

  it("ends at Gymnasium's limits: not on them, but one float64 beyond", () => {
    const outcomes = [0, 0];
    for (const edge of fixture.edges as Step[]) {
      const { terminated, reward } = stepFrom(edge);
      expect([+terminated, reward], `from ${edge[0]}`).toEqual([edge[6], edge[5]]);
      outcomes[edge[6]]!++;
    }
    expect(Math.min(...outcomes)).toBeGreaterThan(40);
  });

  it("takes Gymnasium's step to the bit wherever sine and cosine have the same bits", () => {
    let compared = 0;
    for (const step of fixture.steps as Step[]) {
      const [[, , angle], , sine, cosine, exact, reward, terminated] = step;
      const result = stepFrom(step);
      expect([result.reward, +result.terminated, result.truncated]).toEqual([reward, terminated, false]);
      if (engine.kernels.sin(angle as number) !== sine || engine.kernels.cos(angle as number) !== cosine) continue;
      compared++;
      expect(result.next, `from ${step[0]}`).toEqual(exact);
      expect([...result.observation]).toEqual(exact.map(Math.fround));
    }
    // An error below 0.85 ULP (test/engine/trigonometry.test.ts) leaves most results correctly rounded.
    expect(compared).toBeGreaterThan(0.9 * fixture.steps.length);
  });

  it("steps within 1e-14 of Gymnasium where they have not", () => {
    for (const step of fixture.steps as Step[]) {
      for (const [index, value] of stepFrom(step).next.entries()) {
        const exact = step[4][index] as number;
        const difference = Math.abs(value - exact) / Math.max(1, Math.abs(exact));
        expect(difference, `from ${step[0]}`).toBeLessThanOrEqual(1e-14);
      }
    }
  });

  it("ends 100 episodes of random actions in Gymnasium's step, within 1e-9 of its last observation", () => {
    expect(fixture.episodes).toHaveLength(100);
    for (const [seed, actions, last] of fixture.episodes as [number, string, number[]][]) {
      env.reset({ seed });
      const ends = [...actions].map((action) => env.step(Number(action)).terminated);
      expect(ends.indexOf(true), `seed ${seed}`).toBe(actions.length - 1);
      // Gymnasium's observation is float32: half an ULP of it comes on top.
      for (const [index, value] of physicsOf(env.state()).entries()) {
        const exact = last[index] as number;
        expect(Math.abs(value - exact), `seed ${seed}`).toBeLessThanOrEqual(1e-9 + 2 ** -24 * Math.abs(exact));
      }
    }
  });

  it("has Gymnasium's spaces, time limit and threshold", () => {
    const high = fixture.high.map((bound) => bound ?? Number.POSITIVE_INFINITY);
    expect([...env.observationSpace.high]).toEqual(high);
    expect([...env.observationSpace.low]).toEqual(high.map((bound) => -bound));
    expect(env.observationSpace.shape).toEqual([4]);
    expect(env.actionSpace.toJSON()).toEqual({ type: "Discrete", n: 2, start: 0 });
    const { rewardThreshold, maxEpisodeSteps } = fixture;
    expect(environments()).toContainEqual({
      id: "CartPole-v1",
      family: "classic control",
      rewardThreshold,
      maxEpisodeSteps,
      framesPerSecond: 50,
    });
  });

  it("starts from seed 1 where none is given, made by its name or not", async () => {
    const expected = [...env.reset({ seed: 1 })];
    expect([...new CartPole(engine).reset()]).toEqual(expected);
    expect([...(await make("CartPole-v1")).reset()]).toEqual(expected);
    expect([...(await make("CartPole-v1", { seed: 9 })).reset()]).toEqual([...env.reset({ seed: 9 })]);
  });

  it.each([
    [{ physics: Float64Array.of(0, 0, 0) }, "physics: an array of 3 float64 is not an array of 4 finite float64"],
    [{ physics: [0, 0, 0, 0] }, "physics: [0,0,0,0] is not an array of 4 finite float64"],
    [
      { physics: Float64Array.of(0, Number.NaN, 0, 0) },
      "physics: an array of 4 float64 is not an array of 4 finite float64",
    ],
    [{ phase: undefined }, "phase: undefined is not new or running or terminated"],
    [{ random: undefined }, "undefined is not a state"],
    [{ wind: 1 }, "there is no field wind; there are: phase, random, physics"],
  ])("refuses a state with %o", (part, message) => {
    expect(() => env.restore({ ...template, ...part })).toThrow(new FileFormatError(message));
  });
});
