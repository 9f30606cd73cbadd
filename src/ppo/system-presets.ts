// What other systems train with unless something else is asked for, in the hyper-parameters of this one. Where the
// numbers are from, and what no hyper-parameter can say, stands in cli/systems.ts.

import { ConfigurationError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { atLeastOne, checkNames, checkValue, shown } from "../base/ranges.ts";
import type { AnyEnv } from "../envs/env.ts";
import { type Hyperparameters, hyperparameters } from "./hyperparameters.ts";
import { changed, type Preset } from "./presets.ts";

/** What tasks there are, as systems tell them apart. */
export const tasks = ["discrete", "continuous", "atari"] as const;

/**
 * A kind of task: "atari", of images, whose observations have the shape [height, width, channels]; of others
 * "continuous" where actions are a `Box`, and "discrete" where they are not.
 */
export type Task = (typeof tasks)[number];

/** What tells of which kind a task is, such as an environment. */
export type TaskSpaces = Pick<AnyEnv, "observationSpace" | "actionSpace">;

/** Another system: CleanRL, Stable-Baselines3, OpenAI's baselines (ppo2), or the paper of PPO (arXiv 1707.06347). */
export type System = "cleanrl" | "sb3" | "baselines" | "paper";

interface SystemPreset extends Preset {
  /** Rows of a minibatch, of a system that says this and not into how many minibatches a batch falls. */
  readonly minibatchSize?: number;
}

/** What all of them have. */
const common = {
  ...{ gamma: 0.99, gaeLambda: 0.95, objective: "clip" },
  ...{ adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-5, weightDecay: 0, targetKl: null, desiredKl: null },
  ...{ hiddenSizes: [64, 64], activation: "tanh", sharedNetwork: false, network: "mlp" },
  ...{ actionDistribution: "gaussian", logStd: "learned", initialLogStd: 0 },
  ...{ normalizeObservations: false, scaleRewards: false, normalizeValues: false },
} as const satisfies Partial<Hyperparameters>;

/** Those of OpenAI's baselines, and of CleanRL, which follows them. */
const ppo2 = {
  ...common,
  ...{ annealClipRange: false, clipValueLoss: true, normalizeAdvantages: "minibatch" },
  ...{ valueCoefficient: 0.5, maxGradNorm: 0.5 },
} as const satisfies Partial<Hyperparameters>;

const ppo2Continuous = {
  ...ppo2,
  ...{ learningRate: 3e-4, annealLearningRate: true, clipRange: 0.2, entropyCoefficient: 0 },
  ...{ numSteps: 2048, numMinibatches: 32, numEpochs: 10 },
  ...{ normalizeObservations: true, clipObservations: 10, scaleRewards: true, clipRewards: 10 },
} as const satisfies Partial<Hyperparameters>;

const ppo2Atari = {
  ...ppo2,
  ...{ learningRate: 2.5e-4, annealLearningRate: true, clipRange: 0.1, entropyCoefficient: 0.01 },
  ...{ numSteps: 128, numMinibatches: 4, numEpochs: 4 },
  ...{ sharedNetwork: true, network: "nature-cnn" },
} as const satisfies Partial<Hyperparameters>;

/** The mean squared error, with 0.5 before it, is half the squared error with 1 before it. */
const sb3 = {
  ...common,
  ...{ learningRate: 3e-4, annealLearningRate: false, numSteps: 2048, numEpochs: 10 },
  ...{ clipRange: 0.2, annealClipRange: false, clipValueLoss: false, normalizeAdvantages: "minibatch" },
  ...{ entropyCoefficient: 0, valueCoefficient: 1, maxGradNorm: 0.5 },
} as const satisfies Partial<Hyperparameters>;

/** c1 = 1 before the squared error is 2 before half of it. What the paper leaves open is as in its authors' ppo1. */
const paper = {
  ...common,
  ...{ clipValueLoss: false, valueCoefficient: 2 },
  ...{ normalizeAdvantages: "batch", maxGradNorm: Number.POSITIVE_INFINITY },
} as const satisfies Partial<Hyperparameters>;

const systems: Readonly<Record<System, Partial<Record<Task, SystemPreset>>>> = {
  cleanrl: {
    discrete: {
      ...{ numEnvs: 4, totalSteps: 500_000 },
      hyperparameters: {
        ...ppo2,
        ...{ learningRate: 2.5e-4, annealLearningRate: true, clipRange: 0.2, entropyCoefficient: 0.01 },
        ...{ numSteps: 128, numMinibatches: 4, numEpochs: 4 },
      },
    },
    continuous: { numEnvs: 1, totalSteps: 1_000_000, hyperparameters: ppo2Continuous },
    atari: { numEnvs: 8, totalSteps: 10_000_000, hyperparameters: ppo2Atari },
  },
  sb3: {
    discrete: { numEnvs: 1, totalSteps: 500_000, minibatchSize: 64, hyperparameters: sb3 },
    continuous: { numEnvs: 1, totalSteps: 1_000_000, minibatchSize: 64, hyperparameters: sb3 },
    atari: {
      ...{ numEnvs: 1, totalSteps: 10_000_000, minibatchSize: 64 },
      hyperparameters: { ...sb3, sharedNetwork: true, network: "nature-cnn" },
    },
  },
  baselines: {
    discrete: {
      ...{ numEnvs: 1, totalSteps: 1_000_000 },
      hyperparameters: {
        ...ppo2,
        ...{ learningRate: 3e-4, annealLearningRate: false, clipRange: 0.2, entropyCoefficient: 0 },
        ...{ numSteps: 2048, numMinibatches: 4, numEpochs: 4, sharedNetwork: true },
      },
    },
    continuous: { numEnvs: 1, totalSteps: 1_000_000, hyperparameters: ppo2Continuous },
    atari: { numEnvs: 8, totalSteps: 1_000_000, hyperparameters: ppo2Atari },
  },
  paper: {
    continuous: {
      ...{ numEnvs: 1, totalSteps: 1_000_000, minibatchSize: 64 },
      hyperparameters: {
        ...paper,
        ...{ learningRate: 3e-4, annealLearningRate: false, numSteps: 2048, numEpochs: 10 },
        ...{ clipRange: 0.2, annealClipRange: false, entropyCoefficient: 0 },
        ...{ normalizeObservations: true, clipObservations: 5 },
      },
    },
    atari: {
      ...{ numEnvs: 8, totalSteps: 10_000_000, minibatchSize: 256 },
      hyperparameters: {
        ...paper,
        ...{ learningRate: 2.5e-4, annealLearningRate: true, numSteps: 128, numEpochs: 3 },
        ...{ clipRange: 0.1, annealClipRange: true, entropyCoefficient: 0.01 },
        ...{ sharedNetwork: true, network: "nature-cnn" },
      },
    },
  },
};

/** The names of the systems. */
export const systemNames = Object.keys(systems) as System[];

/** Of which kind a task is. */
export function taskOf({ observationSpace, actionSpace }: TaskSpaces): Task {
  if (observationSpace.flat.shape.length === 3) return "atari";
  return actionSpace.type === "Box" ? "continuous" : "discrete";
}

/** Whether a system has a preset for a kind of task. */
export function hasPreset(system: System, task: Task): boolean {
  return systems[system][task] !== undefined;
}

/**
 * What another system trains a kind of task with unless something else is asked for.
 *
 * ```ts
 * const { numEnvs, totalSteps, hyperparameters } = presetOf("cleanrl", await make("CartPole-v1"));
 * const atari = presetOf("sb3", "atari", { numEnvs: 8, hyperparameters: { numSteps: 256 } });
 * ```
 *
 * Its numbers are what hyper-parameters can say of a system; the rest is as it is here. An episode that was cut off is
 * worth what its last observation promises, where CleanRL, baselines and ppo1 count it as over. `targetKl` ends an
 * update by the mean of an epoch, where CleanRL takes the last minibatch and Stable-Baselines3 each, against 1.5 times
 * the target. Moments of observations stay as they are within an iteration. `proximal presets` lists all of it, with
 * the sources.
 *
 * @param task its kind, or an environment, whose spaces tell it
 * @param given what goes before the system's own. The number of minibatches follows from it, where the system has
 * minibatches of a size: one of 64 rows for each 64 of the batch, for Stable-Baselines3.
 * @throws ConfigurationError for a system or a task that there is not, for one that the system says nothing of, such as
 * "discrete" of the paper, and for a batch that minibatches of that size do not divide
 */
export function presetOf(system: System, task: Task | TaskSpaces, given: Partial<Preset> = {}): Preset {
  if (!systemNames.includes(system))
    throw new ConfigurationError(`unknown preset ${shown(system)}; ${suggestion(String(system), systemNames)}`);
  checkNames("presetOf", given, ["numEnvs", "totalSteps", "hyperparameters"]);
  const kind = kindOf(task);
  const own = systems[system][kind];
  if (own === undefined) {
    const others = tasks.filter((other) => hasPreset(system, other)).join(" and ");
    throw new ConfigurationError(`preset ${system}: there is none for a ${kind} task, only for ${others}`);
  }
  const preset = changed(own, given);
  if (own.minibatchSize === undefined || preset.hyperparameters.numMinibatches !== undefined) return preset;
  const numMinibatches = minibatchesOf(system, preset, own.minibatchSize);
  return { ...preset, hyperparameters: { ...preset.hyperparameters, numMinibatches } };
}

function kindOf(task: Task | TaskSpaces): Task {
  if (tasks.includes(task as Task)) return task as Task;
  const { observationSpace, actionSpace } = Object(task) as Partial<TaskSpaces>;
  if (observationSpace !== undefined && actionSpace !== undefined) return taskOf({ observationSpace, actionSpace });
  throw new ConfigurationError(
    `presetOf: ${shown(task)} is no kind of task; it has to be ${tasks.join(", ")}, or an environment`,
  );
}

/** How many minibatches of a size a batch falls into; a batch that is smaller is one. */
function minibatchesOf(system: System, { numEnvs, hyperparameters: own }: Preset, size: number): number {
  const { numSteps } = own;
  checkValue("numEnvs", atLeastOne, numEnvs);
  checkValue("numSteps", hyperparameters.numSteps.range, numSteps);
  const batchSize = numEnvs * (numSteps as number);
  if (batchSize <= size) return 1;
  if (batchSize % size === 0) return batchSize / size;
  throw new ConfigurationError(
    `numMinibatches: ${system} has minibatches of ${size}, which do not divide the batch of ${numEnvs} environments x ${numSteps} steps = ${batchSize}; give numMinibatches`,
  );
}
