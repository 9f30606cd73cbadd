// The hyper-parameters: their names, defaults and ranges, once, for the library and the command line alike.

import { ConfigurationError } from "../base/errors.ts";
import { anyState, boolean, checkNames, checkValue, type OptionRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
import { type HeadOptions, headOptions } from "../nn/heads/head.ts";
import type { BodyOptions } from "../nn/networks/index.ts";
import type { AdamOptions } from "../optim/adam.ts";
import { type Objective, objectives } from "./objective.ts";

/** Everything that a training depends on beside its environments and its length. */
export interface Hyperparameters extends HeadOptions, BodyOptions {
  /** Adam's step size α. */
  learningRate: number;
  /** Whether the learning rate falls in a line to 0 over the training. */
  annealLearningRate: boolean;
  /** Steps that each environment takes between updates, the paper's horizon T. */
  numSteps: number;
  /** Equal parts into which a batch of numEnvs x numSteps is shuffled in each epoch. */
  numMinibatches: number;
  /** Passes over each batch, the paper's K. */
  numEpochs: number;
  /** The discount γ. */
  gamma: number;
  /** λ of generalized advantage estimation. */
  gaeLambda: number;
  /** Whether the advantages are estimated anew, with the values as they then are, before each epoch but the first. */
  recomputeAdvantages: boolean;
  /**
   * What the policy maximises, as in the paper's table 1: "clip", equation 7; "fixed-kl" and "adaptive-kl", equation 8
   * with a β that stays or adapts; "none", equation 6, neither clipped nor penalised.
   */
  objective: Objective;
  /** ε of the clipped objective, equation 7, and of the clipped value loss. */
  clipRange: number;
  /** Whether the clip range falls in a line to 0 over the training. */
  annealClipRange: boolean;
  /**
   * The multiple c > 1 of a negative advantage below which the clipped objective does not fall (Ye et al., 2020, arXiv
   * 1912.09729, equation 5); null for none.
   */
  dualClip: number | null;
  /** β of equation 8; with "adaptive-kl" the first. */
  klPenalty: number;
  /** d_targ of section 4: the KL divergence to which "adaptive-kl" adapts β. */
  klPenaltyTarget: number;
  /** Whether the value may move by no more than the clip range from what it was in the rollout. */
  clipValueLoss: boolean;
  /**
   * Whether, and over what, advantages are brought to mean 0 and standard deviation 1: each minibatch, or the whole
   * batch of an update.
   */
  normalizeAdvantages: "minibatch" | "batch" | "none";
  /** c2 of equation 9. */
  entropyCoefficient: number;
  /** Whether the entropy coefficient falls in a line to 0 over the training. */
  annealEntropyCoefficient: boolean;
  /** c1 of equation 9, on half of the squared error. */
  valueCoefficient: number;
  /** The largest norm of the whole gradient; Infinity for no limit. */
  maxGradNorm: number;
  /** β1 of Adam. */
  adamBeta1: number;
  /** β2 of Adam. */
  adamBeta2: number;
  /** ε of Adam. */
  adamEpsilon: number;
  /** λ of AdamW: the share αλ of every parameter is taken away in each step. */
  weightDecay: number;
  /** Ends the epochs of an update once the mean approxKl of an epoch exceeds it; null for never. */
  targetKl: number | null;
  /**
   * The KL divergence near which the learning rate keeps the updates (`klAdaptiveSchedule`); null for no such rate. Not
   * with annealLearningRate.
   */
  desiredKl: number | null;
  /** Whether actor and critic share all layers but their last. */
  sharedNetwork: boolean;
  /**
   * Whether observations are brought to mean 0 and variance 1 by their running moments, which all environments share,
   * which stay as they are within an iteration, and which are saved with the policy.
   */
  normalizeObservations: boolean;
  /** The largest size of a number of a normalised observation; Infinity for no limit. */
  clipObservations: number;
  /** Whether rewards are divided by the running standard deviation of the discounted return. */
  scaleRewards: boolean;
  /** The largest size of a scaled reward; Infinity for no limit. */
  clipRewards: number;
  /** Whether the critic learns returns that are brought to mean 0 and variance 1 by their running moments. */
  normalizeValues: boolean;
  /** What "annealed" log standard deviations come to at the end of the training, in a line from initialLogStd. */
  finalLogStd: number;
  /**
   * Seed of everything random in the learner: initial weights, actions, shuffling. The command line seeds the
   * environments with it as well.
   */
  seed: number;
  /**
   * Which kernels compute: "strict" gives the same bits everywhere; "fma" is faster, and its bits depend on processor
   * and engine.
   */
  kernels: KernelVariant;
}

/** What is known of a hyper-parameter beside its name. */
export interface HyperparameterSpec<T> {
  /** What holds unless it is given. */
  readonly default: T;
  /** What it may be. */
  readonly range: OptionRange;
}

const positive = { kind: "number", from: 0, to: Number.MAX_VALUE, exclusive: true } as const;
const atLeastOne = { kind: "integer", from: 1, to: 2 ** 31 - 1 } as const;
const fraction = { kind: "number", from: 0, to: 1 } as const;
const atLeastZero = { kind: "number", from: 0, to: Number.MAX_VALUE } as const;
const limit = { ...positive, to: Number.POSITIVE_INFINITY } as const;
/** Below 1, so that 1 - β is not 0. */
const decay = { kind: "number", from: 0, to: 1 - Number.EPSILON } as const;
const choice = <const C extends readonly string[]>(...choices: C) => ({ kind: "choice", choices }) as const;

/** Each hyper-parameter with its default and its range. The defaults are those of CleanRL's ppo.py. */
export const hyperparameters: { readonly [K in keyof Hyperparameters]: HyperparameterSpec<Hyperparameters[K]> } = {
  learningRate: { default: 2.5e-4, range: positive },
  annealLearningRate: { default: true, range: boolean },
  numSteps: { default: 128, range: atLeastOne },
  numMinibatches: { default: 4, range: atLeastOne },
  numEpochs: { default: 4, range: atLeastOne },
  gamma: { default: 0.99, range: fraction },
  gaeLambda: { default: 0.95, range: fraction },
  recomputeAdvantages: { default: false, range: boolean },
  objective: { default: "clip", range: choice(...objectives) },
  clipRange: { default: 0.2, range: { ...fraction, exclusive: true } },
  annealClipRange: { default: false, range: boolean },
  dualClip: { default: null, range: { ...limit, from: 1, none: true } },
  klPenalty: { default: 1, range: positive },
  klPenaltyTarget: { default: 0.01, range: positive },
  clipValueLoss: { default: true, range: boolean },
  normalizeAdvantages: { default: "minibatch", range: choice("minibatch", "batch", "none") },
  entropyCoefficient: { default: 0.01, range: atLeastZero },
  annealEntropyCoefficient: { default: false, range: boolean },
  valueCoefficient: { default: 0.5, range: atLeastZero },
  maxGradNorm: { default: 0.5, range: limit },
  adamBeta1: { default: 0.9, range: decay },
  adamBeta2: { default: 0.999, range: decay },
  adamEpsilon: { default: 1e-5, range: positive },
  weightDecay: { default: 0, range: atLeastZero },
  targetKl: { default: null, range: { ...positive, none: true } },
  desiredKl: { default: null, range: { ...positive, none: true } },
  hiddenSizes: { default: [64, 64], range: { kind: "sizes" } },
  activation: { default: "tanh", range: choice("tanh", "relu", "elu", "silu") },
  layerNorm: { default: false, range: boolean },
  network: { default: "mlp", range: choice("mlp", "nature-cnn", "small-cnn") },
  memory: { default: "none", range: choice("none", "lstm", "gru") },
  memorySize: { default: 128, range: atLeastOne },
  sharedNetwork: { default: false, range: boolean },
  normalizeObservations: { default: false, range: boolean },
  clipObservations: { default: 10, range: limit },
  scaleRewards: { default: false, range: boolean },
  clipRewards: { default: 10, range: limit },
  normalizeValues: { default: false, range: boolean },
  actionDistribution: { default: "gaussian", range: headOptions.actionDistribution },
  logStd: { default: "learned", range: headOptions.logStd },
  initialLogStd: { default: 0, range: headOptions.initialLogStd },
  finalLogStd: { default: 0, range: headOptions.initialLogStd },
  seed: {
    default: 1,
    range: { kind: "integer", from: 0, to: Number.MAX_SAFE_INTEGER },
  },
  kernels: { default: "strict", range: choice("strict", "fma") },
};

/**
 * The hyper-parameters that `given` leaves open filled with their defaults; frozen.
 * @throws ConfigurationError for a name that does not exist, a value out of range, or two that exclude each other
 */
export function completeHyperparameters(given: Partial<Hyperparameters>): Hyperparameters {
  checkNames("hyper-parameters", given, Object.keys(hyperparameters));
  const entries = Object.entries(hyperparameters).map(([name, { default: fallback, range }]) => {
    const value = given[name as keyof Hyperparameters] === undefined ? fallback : given[name as keyof Hyperparameters];
    checkValue(name, range, value);
    return [name, Array.isArray(value) ? Object.freeze([...value]) : value];
  });
  const complete = Object.freeze(Object.fromEntries(entries) as Hyperparameters);
  if (complete.desiredKl !== null && complete.annealLearningRate) {
    throw new ConfigurationError(
      `desiredKl: ${complete.desiredKl} adapts the learning rate, and annealLearningRate lowers it; set annealLearningRate to false`,
    );
  }
  return complete;
}

/**
 * Hyper-parameters as a file holds them: complete, and each in its range.
 * @throws FileFormatError for one that is missing or unknown; ConfigurationError for one out of range
 */
export function savedHyperparameters(saved: unknown): Hyperparameters {
  const ranges = Object.fromEntries(Object.keys(hyperparameters).map((name) => [name, anyState]));
  return completeHyperparameters(fields(saved, ranges) as Partial<Hyperparameters>);
}

/** What Adam takes of the hyper-parameters. */
export function adamOptions(config: Hyperparameters): AdamOptions {
  const { learningRate, adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon, maxGradNorm, weightDecay } = config;
  return { learningRate, beta1, beta2, epsilon, maxGradNorm, weightDecay };
}

/**
 * Steps of the sequences that minibatches are made of: one each for networks that remember nothing.
 * @throws ConfigurationError for recomputeAdvantages with memory: what was remembered belongs to values as they were
 */
export function sequenceLengthOf({ numSteps, recomputeAdvantages }: Hyperparameters, memorySize: number): number {
  if (memorySize === 0) return 1;
  if (recomputeAdvantages)
    throw new ConfigurationError("recomputeAdvantages: not with networks that remember; set it to false");
  return numSteps;
}

/**
 * Checks that a batch of numEnvs x numSteps falls into equal minibatches of whole sequences.
 * @throws ConfigurationError naming numbers of minibatches that would do
 */
export function checkBatch(config: Hyperparameters, numEnvs: number, sequenceLength: number): void {
  const { numSteps, numMinibatches, normalizeAdvantages } = config;
  const batchSize = numEnvs * numSteps;
  const sequences = batchSize / sequenceLength;
  if (sequences % numMinibatches !== 0) {
    const would = [nearestDivisor(sequences, numMinibatches, -1), nearestDivisor(sequences, numMinibatches, 1)]
      .filter((divisor) => divisor > 0)
      .join(" or ");
    const batch =
      sequenceLength === 1
        ? `the batch of ${numEnvs} environments x ${numSteps} steps = ${batchSize}`
        : `the ${sequences} sequences of ${sequenceLength} steps of ${numEnvs} environments`;
    throw new ConfigurationError(`numMinibatches: ${numMinibatches} does not divide ${batch}; ${would} would`);
  }
  if (normalizeAdvantages !== "none" && batchSize === (normalizeAdvantages === "batch" ? 1 : numMinibatches)) {
    throw new ConfigurationError(
      `numMinibatches: ${numMinibatches} leaves minibatches of 1, which have no standard deviation to normalise advantages by; use fewer`,
    );
  }
}

/** The next divisor of a batch in the direction of `step`; 0 where none is near. */
function nearestDivisor(batchSize: number, from: number, step: 1 | -1): number {
  let divisor = Math.min(from, batchSize + 1) + step;
  for (let tried = 0; tried < 10_000 && divisor >= 1 && divisor <= batchSize; tried++, divisor += step)
    if (batchSize % divisor === 0) return divisor;
  return 0;
}
