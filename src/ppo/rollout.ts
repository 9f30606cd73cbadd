// What the agent saw and did between two updates, step by step, in memory that is allocated once.

import type { VectorEnv } from "../envs/vector.ts";
import { type DataType, type Tensor, zeros } from "../tensor/tensor.ts";
import type { ActorCritic } from "./actor-critic.ts";

interface Decision {
  readonly actions: Tensor<DataType>;
  readonly logProbs: Tensor;
  readonly values: Tensor;
}

export class Rollout {
  readonly numSteps: number;
  readonly numEnvs: number;
  /** s_t: [numSteps * numEnvs, observation]; rows in the order of the steps, as in all that follows. */
  readonly observations: Tensor;
  /** a_t as drawn, before any clipping to the action space: [numSteps * numEnvs] or [numSteps * numEnvs, action] */
  readonly actions: Tensor<DataType>;
  /** log π_old(a_t | s_t): [numSteps * numEnvs] */
  readonly logProbs: Tensor;
  /** V_old(s_t): [numSteps, numEnvs] */
  readonly values: Tensor;
  readonly rewards: Tensor;
  readonly terminated: Tensor<"int32">;
  readonly truncated: Tensor<"int32">;
  /** V of the last observation of an episode that was truncated after this step: [numSteps, numEnvs] */
  readonly finalValues: Tensor;

  constructor(actorCritic: ActorCritic, numSteps: number, numEnvs: number) {
    const { engine, observationSize } = actorCritic;
    const batchSize = numSteps * numEnvs;
    const actions = actorCritic.actions(batchSize);
    this.numSteps = numSteps;
    this.numEnvs = numEnvs;
    this.observations = zeros(engine, [batchSize, observationSize]);
    this.actions = "dtype" in actions ? zeros(engine, actions.shape, actions.dtype) : zeros(engine, actions);
    this.logProbs = zeros(engine, [batchSize]);
    this.values = zeros(engine, [numSteps, numEnvs]);
    this.rewards = zeros(engine, [numSteps, numEnvs]);
    this.terminated = zeros(engine, [numSteps, numEnvs], "int32");
    this.truncated = zeros(engine, [numSteps, numEnvs], "int32");
    this.finalValues = zeros(engine, [numSteps, numEnvs]);
  }

  /** The number of steps of all environments together. */
  get batchSize(): number {
    return this.numSteps * this.numEnvs;
  }

  /** Writes what the agent decided in step t: one row for each environment. */
  recordDecision(t: number, observations: Tensor, decision: Decision): void {
    const { actions, logProbs, values } = decision;
    this.observations.data.set(observations.data, t * observations.size);
    this.actions.data.set(actions.data, t * actions.size);
    this.logProbs.data.set(logProbs.data, t * logProbs.size);
    this.values.data.set(values.data, t * values.size);
  }

  /** Writes what the environments answered in step t. */
  recordOutcome(t: number, env: VectorEnv): void {
    const start = t * this.numEnvs;
    this.rewards.data.set(env.rewards, start);
    this.terminated.data.set(env.terminated, start);
    this.truncated.data.set(env.truncated, start);
  }

  /** Writes the values of the last observations of step t, of which only those of truncated episodes are ever read. */
  recordFinalValues(t: number, values: Tensor): void {
    this.finalValues.data.set(values.data, t * this.numEnvs);
  }
}
