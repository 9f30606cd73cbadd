// Hyper-parameters that are known to work, by environment.

import type { Hyperparameters } from "./hyperparameters.ts";

/** What a training is begun with. */
export interface Preset {
  /** Environments side by side. */
  readonly numEnvs: number;
  /** Steps of all environments together. */
  readonly totalSteps: number;
  /** What differs from the defaults. */
  readonly hyperparameters: Partial<Hyperparameters>;
}

/**
 * What keeps walkers upright longest, near to what Tianshou trains MuJoCo with: values and advantages that are
 * estimated anew in each epoch, and advantages as they are. Of seeds 101 and 102 Hopper-v4 had 3,091 and 2,465 after
 * 1,000,000 steps.
 */
const hopper: Preset = {
  numEnvs: 32,
  totalSteps: 1_000_000,
  hyperparameters: {
    learningRate: 3e-4,
    numSteps: 64,
    numMinibatches: 32,
    numEpochs: 10,
    recomputeAdvantages: true,
    normalizeAdvantages: "none",
    initialLogStd: -0.5,
    valueCoefficient: 0.25,
    clipValueLoss: false,
    entropyCoefficient: 0,
    normalizeObservations: true,
    scaleRewards: true,
  },
};

/** Two legs take wider networks: of seed 101 Walker2d-v4 had 4,865 after 1,000,000 steps, and 3,580 with 2x64. */
const walker: Preset = { ...hopper, hyperparameters: { ...hopper.hyperparameters, hiddenSizes: [128, 128] } };

/** Four legs need less of a push: of seed 101 Ant-v4 had 3,629 after 1,000,000 steps. */
const ant: Preset = { ...hopper, hyperparameters: { ...hopper.hyperparameters, initialLogStd: -1 } };

/**
 * Runners that cannot fall look less far ahead, and wider networks carry them further. ReLU and twice as many
 * environments rise more evenly than tanh, by which some seeds keep a slow gait: of seeds 101, 102 and 103
 * HalfCheetah-v4 had 5,888, 5,602 and 5,646 after 1,000,000 steps.
 */
const runner: Preset = {
  ...walker,
  numEnvs: 64,
  hyperparameters: {
    ...walker.hyperparameters,
    learningRate: 5e-4,
    numMinibatches: 64,
    gamma: 0.98,
    gaeLambda: 0.9,
    initialLogStd: -1,
    activation: "relu",
  },
};

/** Batches of eight architectures, each gone over twenty times. Nothing is annealed: a search may end at any time. */
const search: Preset = {
  numEnvs: 8,
  totalSteps: 3_000,
  hyperparameters: {
    learningRate: 1e-3,
    annealLearningRate: false,
    numSteps: 6,
    numMinibatches: 2,
    numEpochs: 20,
    gamma: 1,
    clipRange: 0.5,
    clipValueLoss: false,
    normalizeAdvantages: "batch",
    entropyCoefficient: 0.03,
    activation: "relu",
    sharedNetwork: true,
    scaleRewards: true,
  },
};

const presets: Readonly<Record<string, Preset>> = {
  // Solved all of the seeds 1 to 60, the last after 65,216 steps. Small minibatches and a high learning rate are what
  // makes it quick.
  "CartPole-v1": {
    numEnvs: 8,
    totalSteps: 100_000,
    hyperparameters: {
      learningRate: 2e-3,
      numMinibatches: 16,
      numEpochs: 5,
      clipValueLoss: false,
      entropyCoefficient: 0,
    },
  },
  // Seeds 101 to 104 end at -77 to -81, and at -75 to -82 by their most likely actions.
  "Acrobot-v1": {
    numEnvs: 16,
    totalSteps: 300_000,
    hyperparameters: {
      learningRate: 2e-3,
      numSteps: 64,
      numMinibatches: 16,
      gamma: 0.97,
      gaeLambda: 0.9,
      clipValueLoss: false,
      entropyCoefficient: 0,
      normalizeObservations: true,
    },
  },
  // Seeds 101 to 104 end at -99 to -100 after 1,000,000 steps, and at -98 by their most likely actions.
  "MountainCar-v0": {
    numEnvs: 16,
    totalSteps: 500_000,
    hyperparameters: {
      learningRate: 2e-3,
      numMinibatches: 8,
      gamma: 0.995,
      clipValueLoss: false,
      entropyCoefficient: 0,
      normalizeObservations: true,
      scaleRewards: true,
    },
  },
  // Seeds 201 to 260 end at 91 on average, and all of them find the flag: with twice the learning rate two did not. Who
  // does not begin with wide actions never finds it; who has found it learns most from going over it again and again.
  "MountainCarContinuous-v0": {
    numEnvs: 1,
    totalSteps: 20_000,
    hyperparameters: {
      learningRate: 1e-3,
      numSteps: 256,
      numMinibatches: 8,
      numEpochs: 20,
      clipRange: 0.1,
      normalizeAdvantages: "batch",
      initialLogStd: 1.5,
      clipValueLoss: false,
      entropyCoefficient: 0,
      normalizeObservations: true,
    },
  },
  // Seeds 111 to 120 have -166 on average after 100,000 steps and end at -149: a mean of 100 episodes moves by 9 with
  // where they begin.
  "Pendulum-v1": {
    numEnvs: 8,
    totalSteps: 300_000,
    hyperparameters: {
      learningRate: 2e-3,
      numSteps: 256,
      numMinibatches: 16,
      numEpochs: 10,
      gamma: 0.97,
      gaeLambda: 0.8,
      clipRange: 0.1,
      hiddenSizes: [64],
      logStd: "annealed",
      finalLogStd: -1.5,
      valueCoefficient: 1,
      clipValueLoss: false,
      entropyCoefficient: 0,
      scaleRewards: true,
    },
  },
  // Seeds 101 to 104 end at 264 to 276 after 1,000,000 steps, and at 264 to 281 by their most likely actions.
  "LunarLander-v3": {
    numEnvs: 16,
    totalSteps: 1_000_000,
    hyperparameters: {
      learningRate: 1e-3,
      numSteps: 256,
      numMinibatches: 16,
      numEpochs: 10,
      gamma: 0.995,
      gaeLambda: 0.98,
      clipValueLoss: false,
      entropyCoefficient: 0.005,
    },
  },
  // Seeds 101 to 104 end at 260 to 277, and at 246 to 276 by their most likely actions.
  "LunarLanderContinuous-v3": {
    numEnvs: 16,
    totalSteps: 1_000_000,
    hyperparameters: {
      learningRate: 5e-4,
      numSteps: 256,
      numMinibatches: 32,
      numEpochs: 8,
      gamma: 0.995,
      gaeLambda: 0.98,
      initialLogStd: -0.5,
      clipValueLoss: false,
      entropyCoefficient: 0,
    },
  },
  "Hopper-v4": hopper,
  "Hopper-v5": hopper,
  "Walker2d-v4": walker,
  "Walker2d-v5": walker,
  "Ant-v4": ant,
  "Ant-v5": ant,
  "HalfCheetah-v4": runner,
  "HalfCheetah-v5": runner,
  "NATS-Bench/cifar10": search,
  "NATS-Bench/cifar100": search,
  "NATS-Bench/ImageNet16-120": search,
};

/**
 * What an environment without a preset is trained with: the defaults, on four environments for half a million steps, as
 * CleanRL does.
 */
const fallback: Preset = { numEnvs: 4, totalSteps: 500_000, hyperparameters: {} };

/**
 * The preset of an environment, or CleanRL's defaults where it has none.
 *
 * ```ts
 * const { numEnvs, totalSteps, hyperparameters } = presetFor("CartPole-v1");
 * const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs }), hyperparameters);
 * for await (const { meanReturn } of agent.train({ totalSteps })) console.log(meanReturn);
 * ```
 */
export function presetFor(id: string): Preset {
  return Object.hasOwn(presets, id) ? (presets[id] as Preset) : fallback;
}

/** A preset with what is given in place of what it says. */
export function changed(preset: Preset, given: Partial<Preset>): Preset {
  return {
    numEnvs: given.numEnvs ?? preset.numEnvs,
    totalSteps: given.totalSteps ?? preset.totalSteps,
    hyperparameters: { ...preset.hyperparameters, ...given.hyperparameters },
  };
}
