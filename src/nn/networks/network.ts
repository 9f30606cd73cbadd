// What stands between an observation and the last layers of actor and critic.

import type { DataType, Spec } from "../../base/spec.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters } from "../parameters.ts";

/** What a network that remembers needs beside its input, whose rows are ordered by step, then by sequence. */
export interface Recurrence {
  /** What it remembers before the first step: [sequences, memorySize] */
  readonly memory: Tensor;
  /** 1 where an episode begins, before which there is nothing to remember: [steps, sequences] */
  readonly starts: Tensor<"uint8">;
}

/** What a network makes of a batch of observations. */
export interface Features {
  /** [rows, features] */
  readonly features: Tensor;
  /** What it remembers after the last step, of a network that does: [sequences, memorySize] */
  readonly memory?: Tensor;
}

/** Layers that make features of observations, for a last layer that follows. */
export interface Body {
  /** Columns of its features. */
  readonly features: number;
  /** How many layers it has declared as `${name}.0`, `${name}.1` and so on: the last layer gets the next number. */
  readonly layers: number;
  /** How many numbers it remembers of each sequence; none unless given. */
  readonly memorySize?: number;
  /** [rows, ...observation], float32 or uint8, -> [rows, features] */
  forward(observations: Tensor<DataType>, recurrence?: Recurrence): Features;
}

/**
 * Declares the parameters of a body for observations of this spec, under names that begin with `name`. A function of
 * one's own is given to `PPO.create` as `{ network }`:
 *
 * ```ts
 * const network: Network = (parameters, name, { shape: [inputs = 1] }) => {
 *   const wide = new Linear(parameters, `${name}.0`, inputs, 128, { activation: "tanh" });
 *   const narrow = new Linear(parameters, `${name}.1`, 128, 32, { activation: "tanh" });
 *   return { features: 32, layers: 2, forward: (x) => ({ features: narrow.forward(wide.forward(x as Tensor)) }) };
 * };
 * ```
 */
export type Network = (parameters: Parameters, name: string, observation: Spec) => Body;
