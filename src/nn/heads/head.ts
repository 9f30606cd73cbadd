// What stands between the actor's output and one kind of action space.

import type { DataType, Spec } from "../../base/spec.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Distribution } from "../distributions.ts";
import type { Parameters } from "../parameters.ts";

/** The actor's last step: its output becomes a distribution, and what is drawn from that an action of the space. */
export interface ActionHead<D extends DataType = DataType> {
  /** Columns that the actor's output has to have. */
  readonly outputs: number;
  /** One action as it is drawn, and as the rollout keeps it. */
  readonly action: Spec<D>;
  /** Declares what the head itself learns, under names that begin with `name`. */
  declare(parameters: Parameters, name: string): void;
  /** π(· | s) from the actor's output: [batch, outputs] */
  distribution(output: Tensor): Distribution<D>;
  /** What the environments get of drawn actions [batch, ...action]. */
  toEnvironment(actions: Tensor<D>): Tensor<D>;
}
