// The hyper-parameters: their names, defaults, ranges and meanings, once, for the library and the command line alike.

import { ConfigurationError } from "../base/errors.ts";
import { anyState, boolean, checkNames, checkValue, type OptionRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { KernelVariant } from "../engine/engine.ts";
import type { Activation } from "../tensor/operators/matmul.ts";

/** Everything that a training depends on beside its environments and its length. */
export interface Hyperparameters {
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
  /** ε of the clipped objective, equation 7. */
  clipRange: number;
  /** Whether the clip range falls in a line to 0 over the training. */
  annealClipRange: boolean;
  /** Whether the value may move by no more than the clip range from what it was in the rollout. */
  clipValueLoss: boolean;
  /** Whether the advantages of each minibatch are brought to mean 0 and standard deviation 1. */
  normalizeAdvantages: boolean;
  /** c2 of equation 9. */
  entropyCoefficient: number;
  /** c1 of equation 9, on half of the squared error. */
  valueCoefficient: number;
  /** The largest norm of the whole gradient; Infinity for no limit. */
  maxGradNorm: number;
  /** ε of Adam. */
  adamEpsilon: number;
  /** Ends the epochs of an update once the mean approxKl of an epoch exceeds it; null for never. */
  targetKl: number | null;
  /**
   * The KL divergence near which the learning rate keeps the updates (`klAdaptiveSchedule`); null for no such rate. Not
   * with annealLearningRate.
   */
  desiredKl: number | null;
  /** Sizes of the hidden layers of the actor, and of the critic. */
  hiddenSizes: readonly number[];
  /** Activation of the hidden layers. */
  activation: Exclude<Activation, "none">;
  /**
   * Seed of everything random in the learner: initial weights, actions, shuffling. The command line seeds the
   * environments with it as well.
   */
  seed: number;
  /** Which kernels compute: "strict" gives the same bits everywhere, "fma" is faster. */
  kernels: KernelVariant;
}

/** What is known of a hyper-parameter beside its name. */
export interface HyperparameterSpec<T> {
  /** What holds unless it is given. */
  readonly default: T;
  /** What it may be. */
  readonly range: OptionRange;
  /** What the command line's help says of it. */
  readonly meaning: string;
}

const positive = { kind: "number", from: 0, to: Number.MAX_VALUE, exclusive: true } as const;
const atLeastOne = { kind: "integer", from: 1, to: 2 ** 31 - 1 } as const;
const fraction = { kind: "number", from: 0, to: 1 } as const;
const atLeastZero = { kind: "number", from: 0, to: Number.MAX_VALUE } as const;

/** Each hyper-parameter with its default, its range and its meaning. The defaults are those of CleanRL's ppo.py. */
export const hyperparameters: { readonly [K in keyof Hyperparameters]: HyperparameterSpec<Hyperparameters[K]> } = {
  learningRate: { default: 2.5e-4, range: positive, meaning: "Adam's step size" },
  annealLearningRate: { default: true, range: boolean, meaning: "lower the learning rate in a line to 0" },
  numSteps: { default: 128, range: atLeastOne, meaning: "steps of each environment between updates" },
  numMinibatches: { default: 4, range: atLeastOne, meaning: "minibatches in an epoch" },
  numEpochs: { default: 4, range: atLeastOne, meaning: "epochs in an update" },
  gamma: { default: 0.99, range: fraction, meaning: "discount" },
  gaeLambda: { default: 0.95, range: fraction, meaning: "lambda of generalized advantage estimation" },
  clipRange: { default: 0.2, range: { ...fraction, exclusive: true }, meaning: "epsilon of the clipped objective" },
  annealClipRange: { default: false, range: boolean, meaning: "lower the clip range in a line to 0" },
  clipValueLoss: { default: true, range: boolean, meaning: "clip the value loss by the clip range" },
  normalizeAdvantages: { default: true, range: boolean, meaning: "normalise advantages in each minibatch" },
  entropyCoefficient: { default: 0.01, range: atLeastZero, meaning: "weight of the entropy bonus" },
  valueCoefficient: { default: 0.5, range: atLeastZero, meaning: "weight of the value loss" },
  maxGradNorm: {
    default: 0.5,
    range: { ...positive, to: Number.POSITIVE_INFINITY },
    meaning: "largest gradient norm, or Infinity",
  },
  adamEpsilon: { default: 1e-5, range: positive, meaning: "epsilon of Adam" },
  targetKl: { default: null, range: { ...positive, none: true }, meaning: "KL that ends an update early, or none" },
  desiredKl: {
    default: null,
    range: { ...positive, none: true },
    meaning: "KL that the learning rate adapts to, or none",
  },
  hiddenSizes: { default: [64, 64], range: { kind: "sizes" }, meaning: "hidden layers of actor and critic" },
  activation: {
    default: "tanh",
    range: { kind: "choice", choices: ["tanh", "relu"] },
    meaning: "activation of hidden layers",
  },
  seed: {
    default: 1,
    range: { kind: "integer", from: 0, to: Number.MAX_SAFE_INTEGER },
    meaning: "seed of everything random",
  },
  kernels: {
    default: "strict",
    range: { kind: "choice", choices: ["strict", "fma"] },
    meaning: "strict: same bits everywhere; fma: faster",
  },
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

/**
 * Checks that a batch of numEnvs x numSteps falls into equal minibatches.
 * @throws ConfigurationError naming numbers of minibatches that would do
 */
export function checkMinibatches(config: Hyperparameters, numEnvs: number): void {
  const { numSteps, numMinibatches, normalizeAdvantages } = config;
  const batchSize = numEnvs * numSteps;
  if (batchSize % numMinibatches !== 0) {
    const would = [nearestDivisor(batchSize, numMinibatches, -1), nearestDivisor(batchSize, numMinibatches, 1)]
      .filter((divisor) => divisor > 0)
      .join(" or ");
    throw new ConfigurationError(
      `numMinibatches: ${numMinibatches} does not divide the batch of ${numEnvs} environments x ${numSteps} steps = ${batchSize}; ${would} would`,
    );
  }
  if (normalizeAdvantages && batchSize === numMinibatches) {
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
