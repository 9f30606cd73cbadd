// The hyper-parameters: their names, defaults, ranges and meanings, once, for the library and the command line alike.

import type { KernelVariant } from "../engine/engine.ts";
import { ConfigurationError } from "../engine/errors.ts";
import { suggestion } from "../engine/nearest.ts";
import type { Activation } from "../tensor/operators/matmul.ts";

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
  /** Sizes of the hidden layers of the actor, and of the critic. */
  hiddenSizes: readonly number[];
  /** Activation of the hidden layers. */
  activation: Exclude<Activation, "none">;
  /** Seed of everything random in the learner: initial weights, actions, shuffling. */
  seed: number;
  /** Which kernels compute: "strict" gives the same bits everywhere, "fma" is faster. */
  kernels: KernelVariant;
}

/** What a hyper-parameter may be, beside its default. */
export type Setting =
  | {
      readonly kind: "number" | "integer";
      readonly from: number;
      readonly to: number;
      readonly exclusive?: boolean;
      readonly none?: true;
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "sizes" }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export interface Description<T> {
  readonly default: T;
  readonly setting: Setting;
  readonly meaning: string;
}

const positive = { kind: "number", from: 0, to: Number.POSITIVE_INFINITY, exclusive: true } as const;
const count = { kind: "integer", from: 1, to: 2 ** 31 - 1 } as const;
const fraction = { kind: "number", from: 0, to: 1 } as const;
const atLeastZero = { kind: "number", from: 0, to: Number.POSITIVE_INFINITY } as const;
const boolean = { kind: "boolean" } as const;

/** The defaults are those of CleanRL's ppo.py. */
export const hyperparameters: { readonly [K in keyof Hyperparameters]: Description<Hyperparameters[K]> } = {
  learningRate: { default: 2.5e-4, setting: positive, meaning: "Adam's step size" },
  annealLearningRate: { default: true, setting: boolean, meaning: "lower the learning rate in a line to 0" },
  numSteps: { default: 128, setting: count, meaning: "steps of each environment between updates" },
  numMinibatches: { default: 4, setting: count, meaning: "minibatches in an epoch" },
  numEpochs: { default: 4, setting: count, meaning: "epochs in an update" },
  gamma: { default: 0.99, setting: fraction, meaning: "discount" },
  gaeLambda: { default: 0.95, setting: fraction, meaning: "lambda of generalized advantage estimation" },
  clipRange: { default: 0.2, setting: { ...fraction, exclusive: true }, meaning: "epsilon of the clipped objective" },
  annealClipRange: { default: false, setting: boolean, meaning: "lower the clip range in a line to 0" },
  clipValueLoss: { default: true, setting: boolean, meaning: "clip the value loss by the clip range" },
  normalizeAdvantages: { default: true, setting: boolean, meaning: "normalise advantages in each minibatch" },
  entropyCoefficient: { default: 0.01, setting: atLeastZero, meaning: "weight of the entropy bonus" },
  valueCoefficient: { default: 0.5, setting: atLeastZero, meaning: "weight of the value loss" },
  maxGradNorm: { default: 0.5, setting: positive, meaning: "largest gradient norm, or Infinity" },
  adamEpsilon: { default: 1e-5, setting: positive, meaning: "epsilon of Adam" },
  targetKl: { default: null, setting: { ...positive, none: true }, meaning: "KL that ends an update early, or none" },
  hiddenSizes: { default: [64, 64], setting: { kind: "sizes" }, meaning: "hidden layers of actor and critic" },
  activation: {
    default: "tanh",
    setting: { kind: "choice", choices: ["tanh", "relu"] },
    meaning: "activation of hidden layers",
  },
  seed: {
    default: 1,
    setting: { kind: "integer", from: 0, to: Number.MAX_SAFE_INTEGER },
    meaning: "seed of the learner",
  },
  kernels: {
    default: "strict",
    setting: { kind: "choice", choices: ["strict", "fma"] },
    meaning: "strict: same bits everywhere; fma: faster",
  },
};

/**
 * The hyper-parameters that `given` leaves open filled with their defaults.
 * @throws ConfigurationError for a name that does not exist or a value out of range
 */
export function completeHyperparameters(given: Partial<Hyperparameters>): Hyperparameters {
  for (const name of Object.keys(given)) {
    if (!(name in hyperparameters)) {
      throw new ConfigurationError(
        `${name}: no such hyper-parameter; ${suggestion(name, Object.keys(hyperparameters))}`,
      );
    }
  }
  const entries = Object.entries(hyperparameters).map(([name, { default: fallback, setting }]) => {
    const value = given[name as keyof Hyperparameters] ?? fallback;
    checkSetting(name, setting, value);
    return [name, value];
  });
  return Object.fromEntries(entries) as Hyperparameters;
}

/** @throws ConfigurationError for a value that the setting does not allow, under the name given */
export function checkSetting(name: string, setting: Setting, value: unknown): void {
  if (allows(setting, value)) return;
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new ConfigurationError(`${name}: ${shown} is not ${expectation(setting)}`);
}

function allows(setting: Setting, value: unknown): boolean {
  switch (setting.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return setting.choices.includes(value as string);
    case "sizes":
      return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 1);
    default: {
      if (value === null) return setting.none === true;
      if (typeof value !== "number" || Number.isNaN(value)) return false;
      if (setting.kind === "integer" && !Number.isSafeInteger(value)) return false;
      return setting.exclusive
        ? value > setting.from && (value < setting.to || setting.to === Number.POSITIVE_INFINITY)
        : value >= setting.from && value <= setting.to;
    }
  }
}

/** What a setting may be, in words that follow "is not". */
function expectation(setting: Setting): string {
  switch (setting.kind) {
    case "boolean":
      return "true or false";
    case "choice":
      return setting.choices.join(" or ");
    case "sizes":
      return "a list of integers of 1 or more";
    default: {
      const noun = setting.kind === "integer" ? "an integer" : "a number";
      const none = setting.none ? ", or null" : "";
      if (setting.to >= 2 ** 31 - 1)
        return `${noun} ${setting.exclusive ? "above" : "of at least"} ${setting.from}${none}`;
      const range = setting.exclusive
        ? `between ${setting.from} and ${setting.to}, exclusive`
        : `from ${setting.from} to ${setting.to}`;
      return `${noun} ${range}${none}`;
    }
  }
}

/**
 * Checks that a batch of numEnvs x numSteps falls into equal minibatches.
 * @throws ConfigurationError naming numbers of minibatches that would do
 */
export function checkMinibatches(config: Hyperparameters, numEnvs: number): void {
  const { numSteps, numMinibatches, normalizeAdvantages } = config;
  const batchSize = numEnvs * numSteps;
  if (batchSize % numMinibatches !== 0) {
    const divisors = Array.from({ length: batchSize }, (_, index) => index + 1).filter(
      (divisor) => batchSize % divisor === 0,
    );
    const below = divisors.findLast((divisor) => divisor < numMinibatches);
    const above = divisors.find((divisor) => divisor > numMinibatches);
    const would = [below, above].filter((divisor) => divisor !== undefined).join(" or ");
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
