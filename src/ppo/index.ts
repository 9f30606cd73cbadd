// proximal/ppo: the algorithm.

export { ActorCritic, type NetworkOptions } from "./actor-critic.ts";
export { type Hyperparameters, hyperparameters } from "./hyperparameters.ts";
export { type ActOptions, Policy } from "./policy.ts";
export { type Iteration, type LossCoefficients, type Minibatch, PPO, ppoLoss, type TrainOptions } from "./ppo.ts";
export { type Preset, presetFor } from "./presets.ts";
