// Generalized advantage estimation against its definition: for every step, the discounted sum of all deltas until the
// episode ends.

import { describe, expect, it } from "vitest";
import { Engine, ShapeError } from "../../src/engine/index.ts";
import { float32, generalizedAdvantages, program, uint8 } from "../../src/tensor/index.ts";
import { fraction } from "../gradients/inputs.ts";

interface Rollout {
  readonly steps: number;
  readonly envs: number;
  readonly rewards: Float32Array;
  readonly values: Float32Array;
  readonly finalValues: Float32Array;
  readonly nextValues: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
}

/** Random rewards and values; each step ends an episode with the given chances, which may come true at once. */
function makeRollout(steps: number, envs: number, chances: { terminated: number; truncated: number }): Rollout {
  const size = steps * envs;
  const salt = 1000 * steps + 10 * envs;
  const numbers = (length: number, offset: number) =>
    Float32Array.from({ length }, (_, i) => 4 * fraction(i, salt + offset) - 2);
  const flags = (offset: number, chance: number) =>
    Uint8Array.from({ length: size }, (_, i) => (fraction(i, salt + offset) < chance ? 1 : 0));
  return {
    steps,
    envs,
    rewards: numbers(size, 0),
    values: numbers(size, 1),
    finalValues: numbers(size, 2),
    nextValues: numbers(envs, 3),
    terminated: flags(4, chances.terminated),
    truncated: flags(5, chances.truncated),
  };
}

/** Â_t = Σ (γλ)^l δ_{t+l}, equation 16, in two loops. */
function textbook(rollout: Rollout, gamma: number, gaeLambda: number): number[] {
  const { steps, envs, rewards, values, finalValues, nextValues, terminated, truncated } = rollout;
  const at = (array: ArrayLike<number>, t: number, env: number) => array[t * envs + env] as number;
  const delta = (t: number, env: number) => {
    let following = t === steps - 1 ? (nextValues[env] as number) : at(values, t + 1, env);
    if (at(truncated, t, env)) following = at(finalValues, t, env);
    if (at(terminated, t, env)) following = 0;
    return at(rewards, t, env) + gamma * following - at(values, t, env);
  };
  return Array.from({ length: steps * envs }, (_, index) => {
    const [start, env] = [Math.floor(index / envs), index % envs];
    let sum = 0;
    for (let t = start; t < steps; t++) {
      sum += (gamma * gaeLambda) ** (t - start) * delta(t, env);
      if (at(terminated, t, env) || at(truncated, t, env)) break;
    }
    return sum;
  });
}

async function estimate(rollout: Rollout, gamma: number, gaeLambda: number) {
  const shape = [rollout.steps, rollout.envs] as const;
  const inputs = {
    rewards: float32(shape),
    values: float32(shape),
    finalValues: float32(shape),
    terminated: uint8(shape),
    truncated: uint8(shape),
    nextValues: float32([rollout.envs]),
  };
  const gae = program(await Engine.create(), inputs, ({ nextValues, ...trajectories }) =>
    generalizedAdvantages(trajectories, nextValues, { gamma, gaeLambda }),
  );
  gae.inputs.rewards.set(rollout.rewards);
  gae.inputs.values.set(rollout.values);
  gae.inputs.finalValues.set(rollout.finalValues);
  gae.inputs.nextValues.set(rollout.nextValues);
  gae.inputs.terminated.set(rollout.terminated);
  gae.inputs.truncated.set(rollout.truncated);
  gae.run();
  return gae.outputs;
}

/** One rounding to float32 of a sum that was made in float64. */
const rounding = (value: number) => 2 ** -24 * Math.abs(value) + 1e-14;

const cases = [
  { title: "one step", steps: 1, envs: 1, chances: { terminated: 0, truncated: 0 } },
  { title: "an episode that goes on", steps: 50, envs: 3, chances: { terminated: 0, truncated: 0 } },
  { title: "terminations", steps: 60, envs: 4, chances: { terminated: 0.2, truncated: 0 } },
  { title: "truncations", steps: 60, envs: 4, chances: { terminated: 0, truncated: 0.2 } },
  { title: "both, also in one step", steps: 128, envs: 8, chances: { terminated: 0.2, truncated: 0.2 } },
  { title: "an end in every step", steps: 20, envs: 5, chances: { terminated: 0.5, truncated: 1 } },
];

describe.each([
  [0.99, 0.95],
  [1, 1],
  [0.9, 0],
  [0, 0.5],
])("generalized advantages, γ %f and λ %f", (gamma, gaeLambda) => {
  it.each(cases)("$title", async ({ steps, envs, chances }) => {
    const rollout = makeRollout(steps, envs, chances);
    const { advantages, returns } = await estimate(rollout, gamma, gaeLambda);
    for (const [index, exact] of textbook(rollout, gamma, gaeLambda).entries()) {
      const target = exact + (rollout.values[index] as number);
      expect(Math.abs((advantages.data[index] as number) - exact)).toBeLessThanOrEqual(rounding(exact));
      expect(Math.abs((returns.data[index] as number) - target)).toBeLessThanOrEqual(rounding(target));
    }
  });
});

it("takes the value of the last observation where an episode was truncated, nothing where it terminated", async () => {
  const one = {
    steps: 1,
    envs: 1,
    rewards: Float32Array.of(1),
    values: Float32Array.of(2),
    nextValues: Float32Array.of(64),
  };
  const ended = { ...one, finalValues: Float32Array.of(16) };
  const advantage = async (terminated: number, truncated: number) => {
    const flags = { terminated: Uint8Array.of(terminated), truncated: Uint8Array.of(truncated) };
    return (await estimate({ ...ended, ...flags }, 0.5, 0.5)).advantages.item();
  };
  expect(await advantage(0, 0)).toBe(1 + 32 - 2);
  expect(await advantage(0, 1)).toBe(1 + 8 - 2);
  expect(await advantage(1, 0)).toBe(1 - 2);
  expect(await advantage(1, 1)).toBe(1 - 2);
});

it("names what does not fit", async () => {
  const engine = await Engine.create();
  const capture = (values: readonly number[], nextValues: readonly number[]) => () =>
    program(
      engine,
      { a: float32([4, 2]), v: float32(values), next: float32(nextValues), i: uint8([4, 2]) } as const,
      ({ a, v, next, i }) =>
        generalizedAdvantages({ rewards: a, values: v, terminated: i, truncated: i, finalValues: a }, next, {
          gamma: 1,
          gaeLambda: 1,
        }),
    );
  expect(capture([2, 4], [2])).toThrow(
    new ShapeError("generalizedAdvantages: values [2, 4] and rewards [4, 2] differ in shape"),
  );
  for (const size of [1, 3])
    expect(capture([4, 2], [size])).toThrow(
      new ShapeError(`generalizedAdvantages: nextValues [${size}] for 2 environments`),
    );
  for (const name of ["terminated", "truncated"]) {
    const flags = () =>
      program(engine, { a: float32([4, 2]), next: float32([2]), i: uint8([4, 2]) }, ({ a, next, i }) => {
        const rollout = { rewards: a, values: a, terminated: i, truncated: i, finalValues: a, [name]: a };
        return generalizedAdvantages(rollout, next, { gamma: 1, gaeLambda: 1 });
      });
    expect(flags).toThrow(new ShapeError("generalizedAdvantages: [4, 2] is float32, not uint8"));
  }
});
