// The hyper-parameters: their names, defaults and ranges, once, for the library and the command line alike.

import { ConfigurationError } from "../base/errors.ts";
import { anyState, boolean, checkNames, checkValue, type OptionRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
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

/** Each hyper-parameter with its default and its range. The defaults are those of CleanRL's ppo.py. */
export const hyperparameters: { readonly [K in keyof Hyperparameters]: HyperparameterSpec<Hyperparameters[K]> } = {
  learningRate: { default: 2.5e-4, range: positive },
  annealLearningRate: { default: true, range: boolean },
  numSteps: { default: 128, range: atLeastOne },
  numMinibatches: { default: 4, range: atLeastOne },
  numEpochs: { default: 4, range: atLeastOne },
  gamma: { default: 0.99, range: fraction },
  gaeLambda: { default: 0.95, range: fraction },
  clipRange: { default: 0.2, range: { ...fraction, exclusive: true } },
  annealClipRange: { default: false, range: boolean },
  clipValueLoss: { default: true, range: boolean },
  normalizeAdvantages: { default: true, range: boolean },
  entropyCoefficient: { default: 0.01, range: atLeastZero },
  valueCoefficient: { default: 0.5, range: atLeastZero },
  maxGradNorm: {
    default: 0.5,
    range: { ...positive, to: Number.POSITIVE_INFINITY },
  },
  adamEpsilon: { default: 1e-5, range: positive },
  targetKl: { default: null, range: { ...positive, none: true } },
  desiredKl: {
    default: null,
    range: { ...positive, none: true },
  },
  hiddenSizes: { default: [64, 64], range: { kind: "sizes" } },
  activation: {
    default: "tanh",
    range: { kind: "choice", choices: ["tanh", "relu"] },
  },
  seed: {
    default: 1,
    range: { kind: "integer", from: 0, to: Number.MAX_SAFE_INTEGER },
  },
  kernels: {
    default: "strict",
    range: { kind: "choice", choices: ["strict", "fma"] },
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
