// proximal/ppo: the algorithm.

export type { Context, Evaluation, NetworkChoice, NetworkOptions } from "./actor-critic.ts";
export { PPO } from "./agent.ts";
export type { Batch, ReadableRollout } from "./batch.ts";
export { CompleteActorCritic as ActorCritic } from "./complete-actor-critic.ts";
export type { EngineChoice } from "./engine-choice.ts";
export { type Actor, type EpisodeOutcomes, type EpisodeValues, type EvaluateOptions, evaluate } from "./evaluate.ts";
export { type HyperparameterSpec, type Hyperparameters, hyperparameters } from "./hyperparameters.ts";
export type { Iteration, LossOutputs, UpdateMeans } from "./metrics.ts";
export type { Finding } from "./monitor.ts";
export type { ActingPolicy, ActionBatch, ActOptions } from "./policy.ts";
export { type LossCoefficients, ppoLoss } from "./ppo.ts";
export { type Preset, presetFor } from "./presets.ts";
export type { TrainOptions } from "./progress.ts";
export type { Minibatch } from "./rollout.ts";
export { Policy, type PolicyEvaluation } from "./saved-policy.ts";
export { fromStateDict, type StateDictConvention, toStateDict } from "./state-dict.ts";
export { presetOf, type System, type Task, type TaskSpaces } from "./system-presets.ts";
export { type PolicySpaces, policyFrom, type Weights, weightsOf } from "./weights.ts";
