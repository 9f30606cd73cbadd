// Whole PPO iterations against PyTorch in float64: the same first parameters, observations, actions and permutations
// lead to the same statistics and parameters (test/fixtures/ppo-update.py).

import { describe, expect, it } from "vitest";
import * as library from "../../src/index.ts";
import * as layers from "../../src/nn/index.ts";
import * as ops from "../../src/tensor/index.ts";
import fixture from "../fixtures/ppo-update.json" with { type: "json" };
import { ScriptedVectorEnv } from "./scripted-env.ts";
import { ITERATIONS, kinds, updateRun } from "./update-run.ts";

/** What a parameter may be off after an update; the largest difference is 2.6e-7. */
const PARAMETER_TOLERANCE = 1e-6;
/** What a mean over the minibatches may be off, relative to 1 or to itself. */
const STATISTIC_TOLERANCE = 1e-5;

describe.each(kinds)("two iterations, %s,", async (kind) => {
  const { inputs, iterations } = await updateRun(library, ops, layers, kind);
  const { inputs: recorded, expected } = (fixture.runs as unknown as Readonly<Record<string, Run>>)[kind] as Run;

  it("start from what the fixture was made of", () => {
    const text = JSON.stringify(inputs, (_, value) => (value === Number.POSITIVE_INFINITY ? "Infinity" : value));
    // The actions of the second iteration, too, are the same: its policy agrees with the recorded one. What is not
    // recorded of the configuration is newer, and has the default that changes nothing.
    const { history, finalObservations, rewards, ...others } = JSON.parse(text);
    const { history: _, finalObservations: __, ...same } = recorded;
    expect(others).toMatchObject(same);
    const said = { ...fixture.said, ...recorded } as Readonly<Record<string, readonly number[]>>;
    for (const [name, numbers] of Object.entries({ history, finalObservations, rewards }))
      expect(numbers, name).toEqual(said[name]?.slice(0, numbers.length));
  });

  it("have a ratio of exactly 1 in the first minibatch of each", () => {
    for (const { iteration } of iterations)
      expect(iteration.minibatches?.[0]).toMatchObject({ approxKl: 0, clipFraction: 0 });
  });

  it(`end with PyTorch's parameters, each within ${PARAMETER_TOLERANCE}`, () => {
    expect(iterations).toHaveLength(ITERATIONS);
    for (const [index, { parameters }] of iterations.entries()) {
      for (const [name, exact] of Object.entries((expected[index] as Run["expected"][number]).parameters)) {
        const actual = parameters[name]?.values as number[];
        const worst = Math.max(...exact.map((value, element) => Math.abs(value - (actual[element] as number))));
        expect(worst, `iteration ${index + 1}, ${name}`).toBeLessThanOrEqual(PARAMETER_TOLERANCE);
      }
    }
  });

  it("report PyTorch's statistics", () => {
    for (const [index, { iteration }] of iterations.entries()) {
      for (const [name, exact] of Object.entries((expected[index] as Run["expected"][number]).statistics)) {
        const difference = Math.abs((iteration[name as keyof typeof iteration] as number) - exact);
        const limit = STATISTIC_TOLERANCE * Math.max(1, Math.abs(exact));
        expect(difference, `iteration ${index + 1}, ${name}`).toBeLessThanOrEqual(limit);
      }
    }
  });
});

it("an update takes the agent's own rollout of masked actions, with a KL penalty", async () => {
  const env = new ScriptedVectorEnv({
    ...{ numEnvs: 2, terminated: [], truncated: [], choices: [3] },
    ...{ observationSpace: new library.Box(-2, 2, [3]), actionSpace: new library.Discrete(3) },
  });
  const agent = await library.PPO.create(env, { numSteps: 8, objective: "fixed-kl", hiddenSizes: [4] });
  for await (const _ of agent.train({ totalSteps: 16 }));
  const { observations, actions, logProbs, values, advantages, returns, masks, statistics } = agent.rollout;
  const data = { observations, actions, logProbs, values, advantages, returns, masks, statistics };
  const batch = Object.fromEntries(
    Object.entries(data).map(([name, tensor]) => [name, tensor?.data.slice()]),
  ) as unknown as library.Batch;
  expect(Number.isFinite((await agent.update(batch)).loss)).toBe(true);
});

interface Run {
  /** Observations only where they are none of those that all kinds see. */
  readonly inputs: { readonly history?: readonly number[]; readonly finalObservations?: readonly number[] };
  readonly expected: readonly {
    readonly parameters: Readonly<Record<string, readonly number[]>>;
    readonly statistics: Readonly<Record<string, number>>;
  }[];
}
