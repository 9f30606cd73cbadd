// The training runs that test/fixtures/ppo-update.json holds: two iterations on scripted environments, with episodes
// that end in both ways.

import type * as Library from "proximal";
import type * as Operators from "proximal/tensor";
import { ScriptedVectorEnv } from "./scripted-env.ts";

export const ITERATIONS = 2;
const NUM_ENVS = 3;
const NUM_STEPS = 16;

const common = {
  numSteps: NUM_STEPS,
  numMinibatches: 4,
  numEpochs: 3,
  hiddenSizes: [16, 16],
  learningRate: 1e-3,
  seed: 5,
} as const;

export const kinds = ["categorical", "gaussian"] as const;

/** Runs one of them with the library that is handed in. */
export async function updateRun(library: typeof Library, ops: typeof Operators, kind: (typeof kinds)[number]) {
  const { Box, Discrete, Engine, PPO, Stream } = library;
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const env = new ScriptedVectorEnv({
    numEnvs: NUM_ENVS,
    observationSpace: new Box(low, high, [5]),
    actionSpace: kind === "categorical" ? new Discrete(3) : new Box(low, high, [2]),
    terminated: [
      [3, 0],
      [9, 1],
      [15, 2],
      [20, 1],
    ],
    truncated: [
      [5, 1],
      [9, 1],
      [12, 0],
      [15, 0],
      [25, 2],
    ],
  });
  const options =
    kind === "categorical"
      ? common
      : { ...common, clipValueLoss: false, normalizeAdvantages: "none" as const, annealClipRange: true };
  const agent = await PPO.create(env, options);
  const named = () =>
    Object.fromEntries(agent.policy.tensors.map(({ name, shape, data }) => [name, { shape, values: [...data] }]));

  const parameters = named();
  const iterations: { iteration: Library.Iteration; parameters: ReturnType<typeof named> }[] = [];
  for await (const iteration of agent.train({ totalSteps: ITERATIONS * NUM_ENVS * NUM_STEPS })) {
    iterations.push({ iteration, parameters: named() });
  }

  // The permutations that the agent drew: those of another stream of the same name and seed.
  const engine = await Engine.create();
  const stream = new Stream(engine, agent.config.seed, "shuffling");
  const shuffle = ops.program(engine, {}, () => ({ indices: ops.permutation(stream, NUM_ENVS * NUM_STEPS) }));
  const permutations = Array.from({ length: ITERATIONS * common.numEpochs }, () => {
    shuffle.run();
    return [...shuffle.outputs.indices.data];
  });

  const { numEnvs, history, outcomes, actions, script } = env;
  const inputs = { config: agent.config, numEnvs, parameters, history, ...outcomes, ...script, actions, permutations };
  return { inputs, iterations };
}
