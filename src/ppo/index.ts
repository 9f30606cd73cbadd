// proximal/ppo: the algorithm.

export { ActorCritic, type Evaluation, type NetworkOptions } from "./actor-critic.ts";
export { type HyperparameterSpec, type Hyperparameters, hyperparameters } from "./hyperparameters.ts";
export type { Iteration, LossOutputs, UpdateMeans } from "./metrics.ts";
export { type ActOptions, Policy } from "./policy.ts";
export { type LossCoefficients, PPO, ppoLoss, type TrainOptions } from "./ppo.ts";
export { type Preset, presetFor } from "./presets.ts";
export type { Minibatch } from "./rollout.ts";
