// The training runs that test/fixtures/ppo-update.json holds: two iterations on scripted environments, with episodes
// that end in both ways.

import type * as Library from "proximal";
import type * as Layers from "proximal/nn";
import type * as Operators from "proximal/tensor";
import { recurrentNetwork } from "./recurrent-network.ts";
import { ScriptedVectorEnv } from "./scripted-env.ts";

export const ITERATIONS = 2;
const NUM_ENVS = 3;

/** A run: what is acted by, and what it is trained with. */
interface Kind {
  readonly actions: keyof typeof spaces;
  readonly options: Partial<Library.Hyperparameters>;
  /** Whether actions are masked. */
  readonly isMasked?: boolean;
  /** The shape of an image, which a convolution and a linear layer look at; without it observations are [5]. */
  readonly image?: readonly [number, number, number];
  /** The recurrent layer that looks at observations, if there is one. */
  readonly cell?: "LSTM" | "GRU";
}

const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Spaces, and how many actions each of their choices is among. */
const spaces = {
  Discrete: { sizes: [3], make: ({ Discrete }: typeof Library) => new Discrete(3) },
  MultiDiscrete: { sizes: [3, 2], make: ({ MultiDiscrete }: typeof Library) => new MultiDiscrete([3, 2]) },
  Box: { sizes: [], make: ({ Box }: typeof Library) => new Box(low, high, [2]) },
  "Box of bounds": { sizes: [], make: ({ Box }: typeof Library) => new Box(-1, 3, [2]) },
} as const;

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
  "layers normalised": discrete({ layerNorm: true, activation: "elu", hiddenSizes: [6, 6] }),
  "squashed actions": { ...box({ actionDistribution: "squashed", entropyCoefficient: 0.1 }), actions: "Box of bounds" },
  "squashed actions of the network's deviations": {
    actions: "Box of bounds",
    options: {
      ...small,
      actionDistribution: "squashed",
      logStd: "network",
      objective: "fixed-kl",
      initialLogStd: -0.5,
    },
  },
  "deviations that are fixed": box({ logStd: "fixed", initialLogStd: -0.5 }),
  "deviations that are annealed": box({ logStd: "annealed", initialLogStd: -0.7, finalLogStd: -1.6 }),
  "deviations of the network": box({ logStd: "network", entropyCoefficient: 0.1 }),
  "several choices, masked": { actions: "MultiDiscrete", isMasked: true, options: small },
  "masked, with a KL penalty": { ...discrete({ objective: "fixed-kl", klPenalty: 3 }), isMasked: true },
  images: { ...discrete({ activation: "relu", sharedNetwork: true }), image: [3, 3, 2] },
  "an LSTM": { ...discrete({}), cell: "LSTM" },
  "a GRU": { ...box({}), cell: "GRU" },
  "a GRU that is shared, masked": {
    actions: "MultiDiscrete",
    isMasked: true,
    cell: "GRU",
    options: { ...small, sharedNetwork: true, normalizeAdvantages: "batch" },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export const kinds = Object.keys(runs) as (keyof typeof runs)[];

/** Runs one of them with the library that is handed in. */
export async function updateRun(
  library: typeof Library,
  ops: typeof Operators,
  layers: typeof Layers,
  kind: (typeof kinds)[number],
) {
  const { Box, Engine, PPO, Stream } = library;
  const { actions: space, options, isMasked, image, cell }: Kind = runs[kind];
  const { sizes, make } = spaces[space];
  const env = new ScriptedVectorEnv({
    ...{ numEnvs: NUM_ENVS, actionSpace: make(library), observationSpace: new Box(low, high, image ?? [5]) },
    ...(isMasked && { choices: sizes }),
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
  const network = cell ? recurrentNetwork(layers, cell, 3) : image && convolution(layers);
  const agent = await PPO.create(env, options, { network });
  const named = () =>
    Object.fromEntries(agent.policy.tensors.map(({ name, shape, data }) => [name, { shape, values: [...data] }]));

  const batch = NUM_ENVS * agent.config.numSteps;
  const parameters = named();
  const iterations: { iteration: Library.Iteration; parameters: ReturnType<typeof named> }[] = [];
  const actions: number[] = [];
  for await (const iteration of agent.train({ totalSteps: ITERATIONS * batch, minibatches: true })) {
    actions.push(...agent.rollout.actions.data);
    iterations.push({ iteration, parameters: named() });
  }

  // The permutations that the agent drew: those of another stream of the same name and seed.
  const engine = await Engine.create();
  const stream = new Stream(engine, agent.config.seed, "shuffling");
  const sequences = cell === undefined ? batch : NUM_ENVS;
  const shuffle = ops.program(engine, {}, () => ({ indices: ops.permutation(stream, sequences) }));
  const permutations = Array.from({ length: ITERATIONS * agent.config.numEpochs }, () => {
    shuffle.run();
    return [...shuffle.outputs.indices.data];
  });

  const { numEnvs, history, outcomes, masks, script } = env;
  const about = {
    config: agent.config,
    numEnvs,
    parameters,
    sizes,
    bounds: [-1, 3],
    ...(isMasked && { masks }),
  };
  return { inputs: { ...about, history, ...outcomes, ...script, actions, permutations }, iterations };
}

/** A convolution of few filters, and a linear layer behind it. */
function convolution({ ConvolutionalNetwork }: typeof Layers): Layers.Network {
  return (parameters, name, { shape }) => {
    const network = new ConvolutionalNetwork(parameters, name, shape, [{ filters: 3, size: 2 }], 5);
    const forward = (x: Operators.Tensor<Operators.DataType>) => ({ features: network.forward(x as Operators.Tensor) });
    return { features: 5, layers: 2, forward };
  };
}
