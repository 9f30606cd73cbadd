// Updates beside Stable-Baselines3's and CleanRL's own (test/fixtures/peers.py): the same weights, batch and
// permutations lead to the same weights, or to others for a reason that is named.

import { describe, expect, it } from "vitest";
import {
  type Batch,
  Box,
  Discrete,
  Engine,
  fromStateDict,
  type Hyperparameters,
  PPO,
  type StateDictConvention,
  type Weights,
} from "../../src/index.ts";
import { float32, generalizedAdvantages, program, uint8 } from "../../src/tensor/index.ts";
import fixture from "../fixtures/peers.json" with { type: "json" };
import { ScriptedVectorEnv } from "./scripted-env.ts";

/** What a weight may be off after an update of theirs, which is in float32 as ours: the largest is 4.6e-7. */
const TOLERANCE = 1e-6;
const { numEnvs, numSteps, minibatches, epochs, hiddenSize, ...common } = fixture.settings;
const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Our hyper-parameters for a case of theirs. */
interface Case {
  readonly options: Partial<Hyperparameters>;
  /** Why the weights differ, where they do. */
  readonly differs?: string;
}

// Stable-Baselines3 takes the whole squared error by a half, and no entropy bonus unless asked for; CleanRL half of it.
const sb3 = { clipValueLoss: false, valueCoefficient: 1 } as const;
const cases: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  "stable-baselines3": {
    "as it is": { options: sb3 },
    "advantages as they are": { options: { ...sb3, normalizeAdvantages: "none" } },
    "values clipped": {
      options: { ...sb3, clipValueLoss: true },
      differs: "it takes the error of the clipped value alone, where the larger of the two counts",
    },
    "values clipped, the larger error": { options: { ...sb3, clipValueLoss: true } },
    "a target, at the end of an epoch": { options: sb3 },
    "a target": { options: sb3, differs: "it stops within an epoch, before a minibatch beyond 1.5 targets" },
  },
  cleanrl: {
    "as it is": { options: {} },
    "advantages and values as they are": { options: { clipValueLoss: false, normalizeAdvantages: "none" } },
    "a target of the KL divergence": { options: {} },
  },
};

/** A state dict, and an update by one of them: what it began with, and what each case came to. */
type Dict = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>;
interface Run {
  readonly peer: string;
  readonly space: string;
  readonly weights: Dict;
  readonly batch: Batch;
  readonly finalValues: readonly number[];
  readonly nextValues: readonly number[];
  readonly permutations: readonly (readonly number[])[];
  readonly cases: readonly { readonly title: string; readonly optimizerSteps: number; readonly expected: Dict }[];
}

const weightsOf = (peer: string, dict: Dict) =>
  fromStateDict(
    Object.entries(dict).map(([name, { shape, values }]) => ({ name, shape, data: new Float32Array(values) })),
    peer as StateDictConvention,
  );

/** The largest difference of a weight. */
const distance = (actual: Weights, expected: Weights) =>
  Math.max(
    ...Object.entries(expected).flatMap(([name, { data }]) =>
      Array.from(data, (value, index) => Math.abs(value - (actual[name]?.data[index] as number))),
    ),
  );

describe.each(fixture.runs as readonly Run[])("an update of $peer, $space", (run) => {
  it.each(run.cases)("$title", async ({ title, optimizerSteps, expected }) => {
    const { options, differs } = (cases[run.peer] as (typeof cases)[string])[title] as Case;
    const env = new ScriptedVectorEnv({
      ...{ numEnvs, terminated: [], truncated: [] },
      observationSpace: new Box(low, high, [run.batch.observations.length / (numEnvs * numSteps)]),
      actionSpace: run.space === "Discrete" ? new Discrete(3) : new Box(-1, 1, [2]),
    });
    // Where they stop by a target, as many whole epochs.
    const numEpochs = Math.floor(optimizerSteps / minibatches);
    const config = {
      ...{ numSteps, numEpochs, numMinibatches: minibatches, annealLearningRate: false },
      ...{
        hiddenSizes: run.peer === "stable-baselines3" ? [hiddenSize] : [hiddenSize, hiddenSize],
        ...common,
        ...options,
      },
    };
    const agent = await PPO.create(env, config, { weights: weightsOf(run.peer, run.weights) });
    await agent.update(run.batch, run.permutations.slice(0, numEpochs));
    const actual = Object.fromEntries(agent.policy.tensors.map(({ name, ...tensor }) => [name, tensor]));
    const off = distance(actual, weightsOf(run.peer, expected));
    if (differs === undefined) expect(off).toBeLessThanOrEqual(TOLERANCE);
    else expect(off, differs).toBeGreaterThan(100 * TOLERANCE);
  });

  it("advantages", async () => {
    const size = numEnvs * numSteps;
    const flags = (...places: (readonly number[])[]) => {
      const array = new Uint8Array(size);
      for (const [t = 0, e = 0] of places) array[t * numEnvs + e] = 1;
      return array;
    };
    const { terminated, truncated } = fixture;
    // CleanRL knows one kind of end, after which nothing follows.
    const isSb3 = run.peer === "stable-baselines3";
    const { gamma, gaeLambda } = common;
    const engine = await Engine.create();
    const [rows, ends] = [float32([numSteps, numEnvs]), uint8([numSteps, numEnvs])];
    const inputs = { rewards: rows, values: rows, finalValues: rows, terminated: ends, truncated: ends };
    const {
      inputs: into,
      outputs,
      run: estimate,
    } = program(engine, { ...inputs, nextValues: float32([numEnvs]) }, ({ nextValues, ...trajectories }) =>
      generalizedAdvantages(trajectories, nextValues, { gamma, gaeLambda }),
    );
    into.rewards.set(fixture.rewards);
    into.values.set(run.batch.values);
    into.finalValues.set(run.finalValues);
    into.nextValues.set(run.nextValues);
    into.terminated.set(isSb3 ? flags(...terminated) : flags(...terminated, ...truncated));
    into.truncated.set(isSb3 ? flags(...truncated) : flags());
    estimate();
    for (const name of ["advantages", "returns"] as const)
      for (const [index, value] of Array.from(run.batch[name]).entries())
        expect(Math.abs((outputs[name].data[index] as number) - value), `${name}[${index}]`).toBeLessThanOrEqual(1e-6);
  });
});
