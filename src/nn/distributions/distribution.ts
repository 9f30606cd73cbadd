// What a policy draws its actions from.

import type { DataType } from "../../base/spec.ts";
import type { Stream } from "../../engine/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What an action is drawn from, one for each row of a batch. */
export interface Distribution<Action extends DataType = DataType> {
  /** One action for each row of the batch. */
  sample(stream: Stream): Tensor<Action>;
  /** The most likely action of each row. */
  mode(): Tensor<Action>;
  /** log π(action) for each row: [batch] */
  logProb(action: Tensor<Action>): Tensor;
  /** The entropy of each row [batch], or of all rows alike []. */
  entropy(): Tensor;
  /** What it is made of, by name and for people: probabilities; or mean and std. */
  parameters(): Readonly<Record<string, Tensor>>;
  /** All that it is, a row each: [batch, statistics]. `fromStatistics` of its head makes the same of them. */
  statistics(): Tensor;
  /**
   * The Kullback-Leibler divergence KL(other || this) for each row, in closed form: [batch]. `other` is of the same
   * kind and a constant: derivatives flow to this one only.
   */
  klFrom(other: this): Tensor;
}
