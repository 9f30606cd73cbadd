// What stands between the actor's output and one kind of action space.

import type { DataType, Spec } from "../../base/spec.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Distribution } from "../distributions.ts";
import type { Parameters } from "../parameters.ts";

/** How actions of a Box are drawn. */
export interface HeadOptions {
  /**
   * "gaussian": what is drawn goes to the environment limited to the bounds; "squashed": its tanh does, scaled to them.
   */
  readonly actionDistribution: "gaussian" | "squashed";
  /**
   * Where log standard deviations come from: "learned", a parameter for each number of an action; "network", a further
   * output of the actor for each; "fixed", initialLogStd; "annealed", in a line from there to finalLogStd.
   */
  readonly logStd: "learned" | "network" | "fixed" | "annealed";
  /** The log standard deviation that each number of an action begins with. */
  readonly initialLogStd: number;
}

/** The actor's last step: its output becomes a distribution, and what is drawn from that an action of the space. */
export interface ActionHead<D extends DataType = DataType> {
  /** Columns that the actor's output has to have. */
  readonly outputs: number;
  /** One action as it is drawn, and as the rollout keeps it. */
  readonly action: Spec<D>;
  /** Entries of a mask of what may be chosen; 0 where everything may. */
  readonly maskSize: number;
  /** Columns of what a distribution is kept as, `Distribution.statistics`. */
  readonly statistics: number;
  /** The log standard deviations, where they are not learnt and may be written: [size] */
  readonly logStd?: Tensor;
  /** Declares what the head itself learns, under names that begin with `name`. */
  declare(parameters: Parameters, name: string): void;
  /** π(· | s) from the actor's output: [batch, outputs] */
  distribution(output: Tensor, masks?: Tensor<"uint8">): Distribution<D>;
  /** The distribution whose statistics were kept. */
  fromStatistics(statistics: Tensor): Distribution<D>;
  /** What the environments get of drawn actions [batch, ...action]. */
  toEnvironment(actions: Tensor<D>): Tensor<D>;
}
