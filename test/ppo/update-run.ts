// The training runs that test/fixtures/ppo-update.json holds: two iterations on scripted environments, with episodes
// that end in both ways.

import type * as Library from "proximal";
import type * as Operators from "proximal/tensor";
import { ScriptedVectorEnv } from "./scripted-env.ts";

export const ITERATIONS = 2;
const NUM_ENVS = 3;

/** A run: what is acted by, and what it is trained with. */
interface Kind {
  readonly actions: "Discrete" | "Box";
  readonly options: Partial<Library.Hyperparameters>;
}

const common = {
  ...{ numSteps: 16, numMinibatches: 4, numEpochs: 3 },
  ...{ hiddenSizes: [16, 16], learningRate: 1e-3, seed: 5 },
} as const;

/** Of a further part of the algorithm each, and small. */
const small = { ...common, numSteps: 8, numMinibatches: 3, numEpochs: 2, hiddenSizes: [6] } as const;
const discrete = (options: Kind["options"]): Kind => ({ actions: "Discrete", options: { ...small, ...options } });
const box = (options: Kind["options"]): Kind => ({ actions: "Box", options: { ...small, ...options } });

const runs = {
  categorical: { actions: "Discrete", options: common },
  gaussian: {
    actions: "Box",
    options: { ...common, clipValueLoss: false, normalizeAdvantages: "none", annealClipRange: true },
  },
  "no clipping or penalty": discrete({ objective: "none", clipRange: 0.01, learningRate: 3e-3 }),
  "a fixed KL penalty": discrete({ objective: "fixed-kl", klPenalty: 3 }),
  "a fixed KL penalty of Gaussians": box({ objective: "fixed-kl", klPenalty: 3 }),
  "a KL penalty that rises": discrete({ objective: "adaptive-kl", klPenalty: 10, klPenaltyTarget: 1e-7 }),
  "a KL penalty that falls": box({ objective: "adaptive-kl", klPenalty: 10, klPenaltyTarget: 1 }),
  "a dual clip": discrete({ dualClip: 1.001, clipRange: 0.01, learningRate: 3e-3, normalizeAdvantages: "batch" }),
  "normalised observations": box({ normalizeObservations: true, clipObservations: 1.2 }),
  "scaled rewards": discrete({ scaleRewards: true, clipRewards: 1.5, gamma: 0.9 }),
  "normalised values": discrete({ normalizeValues: true }),
  "advantages anew": discrete({ recomputeAdvantages: true, normalizeAdvantages: "none" }),
  "all that is normalised, anew": box({
    ...{ normalizeObservations: true, scaleRewards: true, normalizeValues: true },
    ...{ recomputeAdvantages: true, normalizeAdvantages: "batch" },
  }),
  "everything annealed": discrete({
    ...{ annealClipRange: true, clipRange: 0.01, learningRate: 3e-3 },
    ...{ annealEntropyCoefficient: true, entropyCoefficient: 0.5 },
  }),
  "weight decay": box({ weightDecay: 0.1, adamBeta1: 0.8, adamBeta2: 0.95 }),
  "a shared network": discrete({ sharedNetwork: true, hiddenSizes: [6, 6] }),
  A2C: box({ numEpochs: 1, numMinibatches: 1, objective: "none", normalizeAdvantages: "none" }),
} as const satisfies Readonly<Record<string, Kind>>;

export const kinds = Object.keys(runs) as (keyof typeof runs)[];

/** Runs one of them with the library that is handed in. */
export async function updateRun(library: typeof Library, ops: typeof Operators, kind: (typeof kinds)[number]) {
  const { Box, Discrete, Engine, PPO, Stream } = library;
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const { actions: space, options } = runs[kind];
  const env = new ScriptedVectorEnv({
    numEnvs: NUM_ENVS,
    observationSpace: new Box(low, high, [5]),
    actionSpace: space === "Discrete" ? new Discrete(3) : new Box(low, high, [2]),
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
  const agent = await PPO.create(env, options);
  const named = () =>
    Object.fromEntries(agent.policy.tensors.map(({ name, shape, data }) => [name, { shape, values: [...data] }]));

  const batch = NUM_ENVS * agent.config.numSteps;
  const parameters = named();
  const iterations: { iteration: Library.Iteration; parameters: ReturnType<typeof named> }[] = [];
  for await (const iteration of agent.train({ totalSteps: ITERATIONS * batch, minibatches: true })) {
    iterations.push({ iteration, parameters: named() });
  }

  // The permutations that the agent drew: those of another stream of the same name and seed.
  const engine = await Engine.create();
  const stream = new Stream(engine, agent.config.seed, "shuffling");
  const shuffle = ops.program(engine, {}, () => ({ indices: ops.permutation(stream, batch) }));
  const permutations = Array.from({ length: ITERATIONS * agent.config.numEpochs }, () => {
    shuffle.run();
    return [...shuffle.outputs.indices.data];
  });

  const { numEnvs, history, outcomes, actions, script } = env;
  const inputs = { config: agent.config, numEnvs, parameters, history, ...outcomes, ...script, actions, permutations };
  return { inputs, iterations };
}
