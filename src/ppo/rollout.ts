// What the agent saw and did between two updates, step by step, in memory that is allocated once.

import { batchOf, type DataOf, type DataType, float32, uint8 } from "../base/spec.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import type { Trajectories } from "../tensor/operators/gae.ts";
import { reshape } from "../tensor/operators/rows.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";
import type { ActorCritic, Context } from "./actor-critic.ts";
import type { EnvContext } from "./context.ts";

/** Rows of a batch: what the loss is computed from. */
export interface Minibatch extends Context {
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
  /** π_old(· | s) as its `statistics`, where the objective asks for them: [rows, statistics] */
  readonly statistics?: Tensor | undefined;
}

/** What was decided in a step, in every environment. */
interface Decision {
  /** a_t as drawn: [numEnvs, ...action] */
  readonly actions: Tensor<DataType>;
  /** log π_old(a_t | s_t): [numEnvs] */
  readonly logProbs: Tensor;
  /** V_old(s_t): [numEnvs] */
  readonly values: Tensor;
  /** π_old(· | s_t) as its `statistics`, where the objective asks for them: [numEnvs, statistics] */
  readonly statistics?: Tensor;
}

/** What says of the observations of a step what they are worth. */
interface ValueProgram {
  /** The observations: [numEnvs, ...observation] */
  readonly inputs: { readonly observations: Tensor<DataType> };
  /** V(s) of each: [numEnvs] */
  readonly outputs: { readonly values: Tensor };
  /** Computes the outputs of the inputs. */
  run(): void;
}

/** How large a rollout is, and what it keeps beside what every objective needs. */
export interface RolloutOptions {
  /** Steps of each environment. */
  readonly numSteps: number;
  /** Steps of the sequences into which it is cut for minibatches: 1 for networks without memory. */
  readonly sequenceLength: number;
  /** Whether it keeps π_old(· | s). */
  readonly keepsDistributions: boolean;
  /** Whether it keeps the last observations of truncated episodes. */
  readonly keepsFinalObservations: boolean;
}

/** Everything is [numSteps, numEnvs, ...]. */
export class Rollout implements Trajectories {
  /** Steps of each environment. */
  readonly numSteps: number;
  /** Environments side by side. */
  readonly numEnvs: number;
  /** Steps of the sequences into which it is cut for minibatches: 1 for networks without memory. */
  readonly sequenceLength: number;
  /** s_t */
  readonly observations: Tensor<DataType>;
  /** Which actions could be chosen; undefined where all could, always: [..., maskSize] */
  readonly masks: Tensor<"uint8"> | undefined;
  /** 1 where an episode began with s_t. */
  readonly starts: Tensor<"uint8">;
  /** What was remembered before the first step of each sequence: [numSteps / sequenceLength, numEnvs, memorySize] */
  readonly memory: Tensor;
  /** a_t as drawn, before the head makes of it what the environment gets. */
  readonly actions: Tensor<DataType>;
  /** log π_old(a_t | s_t) */
  readonly logProbs: Tensor;
  /** π_old(· | s_t) as its `statistics`, where that is kept: [..., statistics] */
  readonly statistics: Tensor | undefined;
  /** V_old(s_t) */
  readonly values: Tensor;
  /** r_t, scaled where that was asked for. */
  readonly rewards: Tensor;
  /** 1 where the environment ended the episode after this step. */
  readonly terminated: Tensor<"uint8">;
  /** 1 where a time limit cut the episode off after this step. */
  readonly truncated: Tensor<"uint8">;
  /** V of the last observation of an episode that was truncated after this step. */
  readonly finalValues: Tensor;
  /** That observation, where it is kept. */
  readonly finalObservations: Tensor<DataType> | undefined;

  /** One of zeros, for the environments of a context; it has masks where that has some. */
  constructor(actorCritic: ActorCritic, { masks, starts }: EnvContext, options: RolloutOptions) {
    const { engine, observationSpace, head } = actorCritic;
    const { numSteps, sequenceLength } = options;
    const numEnvs = starts.size;
    const sizes = [numSteps, numEnvs];
    this.numSteps = numSteps;
    this.numEnvs = numEnvs;
    this.sequenceLength = sequenceLength;
    this.observations = zeros(engine, batchOf(sizes, observationSpace.flat), "rollout.observations");
    this.masks = masks && zeros(engine, uint8([...sizes, head.maskSize]), "rollout.masks");
    this.starts = zeros(engine, uint8(sizes), "rollout.starts");
    const sequences = [numSteps / sequenceLength, numEnvs, actorCritic.memorySize];
    this.memory = zeros(engine, float32(sequences), "rollout.memory");
    this.actions = zeros(engine, batchOf(sizes, head.action), "rollout.actions");
    this.logProbs = zeros(engine, float32(sizes), "rollout.logProbs");
    const statistics = float32([...sizes, head.statistics]);
    this.statistics = options.keepsDistributions ? zeros(engine, statistics, "rollout.statistics") : undefined;
    this.values = zeros(engine, float32(sizes), "rollout.values");
    this.rewards = zeros(engine, float32(sizes), "rollout.rewards");
    this.terminated = zeros(engine, uint8(sizes), "rollout.terminated");
    this.truncated = zeros(engine, uint8(sizes), "rollout.truncated");
    this.finalValues = zeros(engine, float32(sizes), "rollout.finalValues");
    this.finalObservations = options.keepsFinalObservations
      ? zeros(engine, this.observations, "rollout.finalObservations")
      : undefined;
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
  recordDecision(t: number, observations: DataOf<DataType>, context: EnvContext, decision: Decision): void {
    this.observations.setRow(t, observations);
    if (context.masks !== undefined) this.masks?.setRow(t, context.masks.data);
    this.starts.setRow(t, context.starts.data);
    if (t % this.sequenceLength === 0) this.memory.setRow(t / this.sequenceLength, context.memory.data);
    this.actions.setRow(t, decision.actions.data);
    this.logProbs.setRow(t, decision.logProbs.data);
    this.values.setRow(t, decision.values.data);
    if (decision.statistics !== undefined) this.statistics?.setRow(t, decision.statistics.data);
  }

  /** Writes what the environments answered in step t. */
  recordOutcome(t: number, { terminated, truncated }: VectorEnv<unknown>, rewards: Float32Array): void {
    this.rewards.setRow(t, rewards);
    this.terminated.setRow(t, terminated);
    this.truncated.setRow(t, truncated);
  }

  /** Writes the values that the critic, as it is by now, gives to what was seen. */
  evaluateAgain({ inputs: { observations }, outputs: { values }, run }: ValueProgram): void {
    const { numSteps, numEnvs, truncated, finalObservations } = this;
    for (let t = 0; t < numSteps; t++) {
      observations.copyFrom(this.observations, t * observations.size);
      run();
      this.values.setRow(t, values.data);
      const next = truncated.data.indexOf(1, t * numEnvs);
      if (finalObservations === undefined || next < 0 || next >= (t + 1) * numEnvs) continue;
      observations.copyFrom(finalObservations, t * observations.size);
      run();
      this.finalValues.setRow(t, values.data);
    }
  }

  /** Writes the last observations of step t and their values, of which only truncated episodes' are ever read. */
  recordFinal(t: number, observations: DataOf<DataType>, values: Tensor): void {
    this.finalObservations?.setRow(t, observations);
    this.finalValues.setRow(t, values.data);
  }
}
