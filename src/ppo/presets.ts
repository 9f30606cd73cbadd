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
