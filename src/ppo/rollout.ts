// What the agent saw and did between two updates, step by step, in memory that is allocated once.

import { batchOf, type DataOf, type DataType, float32, uint8 } from "../base/spec.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import type { Trajectories } from "../tensor/operators/gae.ts";
import { reshape } from "../tensor/operators/rows.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";
import type { ActorCritic } from "./actor-critic.ts";

/** Rows of a batch: what the loss is computed from. */
export interface Minibatch {
  /** s: [rows, ...observation] */
  readonly observations: Tensor<DataType>;
  /** a as drawn: [rows, ...action] */
  readonly actions: Tensor<DataType>;
  /** log π_old(a | s) */
  readonly logProbs: Tensor;
  /** V_old(s) */
  readonly values: Tensor;
  /** Â, normalised where that was asked for. */
  readonly advantages: Tensor;
  /** Â + V_old(s) */
  readonly returns: Tensor;
}

/** Everything is [numSteps, numEnvs, ...]. */
export class Rollout implements Trajectories {
  readonly numSteps: number;
  readonly numEnvs: number;
  /** s_t */
  readonly observations: Tensor<DataType>;
  /** a_t as drawn, before the head makes of it what the environment gets. */
  readonly actions: Tensor<DataType>;
  /** log π_old(a_t | s_t) */
  readonly logProbs: Tensor;
  /** V_old(s_t) */
  readonly values: Tensor;
  /** r_t */
  readonly rewards: Tensor;
  readonly terminated: Tensor<"uint8">;
  readonly truncated: Tensor<"uint8">;
  /** V of the last observation of an episode that was truncated after this step. */
  readonly finalValues: Tensor;

  constructor({ engine, observationSpace, head }: ActorCritic, numSteps: number, numEnvs: number) {
    const sizes = [numSteps, numEnvs];
    this.numSteps = numSteps;
    this.numEnvs = numEnvs;
    this.observations = zeros(engine, batchOf(sizes, observationSpace), "rollout.observations");
    this.actions = zeros(engine, batchOf(sizes, head.action), "rollout.actions");
    this.logProbs = zeros(engine, float32(sizes), "rollout.logProbs");
    this.values = zeros(engine, float32(sizes), "rollout.values");
    this.rewards = zeros(engine, float32(sizes), "rollout.rewards");
    this.terminated = zeros(engine, uint8(sizes), "rollout.terminated");
    this.truncated = zeros(engine, uint8(sizes), "rollout.truncated");
    this.finalValues = zeros(engine, float32(sizes), "rollout.finalValues");
  }

  /** The number of steps of all environments together. */
  get batchSize(): number {
    return this.numSteps * this.numEnvs;
  }

  /**
   * In a program: the rows of all steps and environments, [numSteps * numEnvs, ...], of a tensor [numSteps, numEnvs,
   * ...].
   */
  rows<D extends DataType>(x: Tensor<D>): Tensor<D> {
    return reshape(x, [this.batchSize, ...x.shape.slice(2)]);
  }

  /** Writes what the agent saw and decided in step t. */
  recordDecision(
    t: number,
    observations: DataOf<DataType>,
    decision: { readonly actions: Tensor<DataType>; readonly logProbs: Tensor; readonly values: Tensor },
  ): void {
    this.observations.setRow(t, observations);
    this.actions.setRow(t, decision.actions.data);
    this.logProbs.setRow(t, decision.logProbs.data);
    this.values.setRow(t, decision.values.data);
  }

  /** Writes what the environments answered in step t. */
  recordOutcome(t: number, env: VectorEnv<unknown>): void {
    this.rewards.setRow(t, env.rewards);
    this.terminated.setRow(t, env.terminated);
    this.truncated.setRow(t, env.truncated);
  }

  /** Writes the values of the last observations of step t, of which only those of truncated episodes are ever read. */
  recordFinalValues(t: number, values: Tensor): void {
    this.finalValues.setRow(t, values.data);
  }
}
