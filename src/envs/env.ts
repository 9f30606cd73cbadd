// What an environment is: Gymnasium's interface, in a form that can write into arrays it is given.

import type { Box, Space } from "./spaces.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What a step came to. */
export interface StepResult {
  observation: Float32Array;
  reward: number;
  /** The episode came to an end of its own: nothing follows. */
  terminated: boolean;
  /** The episode was cut off from outside, as by a time limit: it would have gone on. */
  truncated: boolean;
}

export interface Env<Action = number | Float32Array> {
  readonly observationSpace: Box;
  readonly actionSpace: Space;

  /**
   * Begins an episode and gives its first observation.
   * @param options.seed starts the environment's random numbers anew; without it they go on
   * @param into where to write the observation; without it the answer is a new array
   */
  reset(options?: { seed?: number }, into?: Float32Array): Float32Array;

  /**
   * Takes one step. After one that terminates or truncates the episode, `reset` has to come first.
   * @param into where to write the result, its observation included; without it the answer is a new one
   */
  step(action: Action, into?: StepResult): StepResult;

  /** Everything that the future depends on, random numbers included, so that a restored environment goes on bit by bit. */
  state?(): JsonValue;
  restore?(state: JsonValue): void;
}

/** What is known of a registered environment. */
export interface EnvSpec {
  readonly id: string;
  /** The mean return at which the task counts as solved. */
  readonly rewardThreshold?: number;
  /** The steps after which an episode is truncated. */
  readonly maxEpisodeSteps?: number;
}
