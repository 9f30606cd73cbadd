// What stands between the actor's output and one kind of action space.

import type { OptionRange, ValueOf } from "../../base/ranges.ts";
import type { DataType, Spec } from "../../base/spec.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Distribution } from "../distributions/distribution.ts";
import type { Parameters } from "../parameters.ts";

/** The actor's last step: its output becomes a distribution, and what is drawn from that an action of the space. */
export interface ActionHead<D extends DataType = DataType> {
  /** Columns that the actor's output has to have. */
  readonly outputs: number;
  /** One action as it is drawn, and as the rollout keeps it. */
  readonly action: Spec<D>;
  /** Entries of an action mask; 0 where the space takes none. */
  readonly maskSize: number;
  /** Columns of what `statistics` of its distributions gives. */
  readonly statistics: number;
  /** The log standard deviations, where they are not learnt and may be written: [size] */
  readonly logStd?: Tensor | undefined;
  /** Declares what the head itself learns or keeps, under names that begin with `name`. */
  declare(parameters: Parameters, name: string): void;
  /**
   * π(· | s) from the actor's output: [batch, outputs]
   * @param mask [batch, maskSize], 0 where something is forbidden
   */
  distribution(output: Tensor, mask?: Tensor<"uint8">): Distribution<D>;
  /** The distribution whose `statistics` these are: [batch, statistics] */
  fromStatistics(statistics: Tensor): Distribution<D>;
  /** What the environments get of drawn actions [batch, ...action]: [batch, ...space] in the data type of the space. */
  toEnvironment(actions: Tensor<D>): Tensor<DataType>;
}

/** What each of the options may be. */
export const headOptions = {
  actionDistribution: { kind: "choice", choices: ["gaussian", "squashed"] },
  logStd: { kind: "choice", choices: ["learned", "network", "fixed", "annealed"] },
  initialLogStd: { kind: "number", from: -20, to: 20 },
} as const satisfies Record<string, OptionRange>;

/** How actions that are numbers are drawn; those of other spaces have nothing to choose. */
export interface HeadOptions {
  /**
   * "gaussian": what is drawn from normal distributions, limited to the bounds of the space, goes to the environment.
   * "squashed": tanh of it, scaled to the bounds, does.
   */
  readonly actionDistribution: ValueOf<typeof headOptions.actionDistribution>;
  /**
   * Where the log standard deviations come from. "learned": a parameter for each number. "network": a further output of
   * the actor for each. "fixed": they stay as they begin. "annealed": whoever learns writes them to `logStd`.
   */
  readonly logStd: ValueOf<typeof headOptions.logStd>;
  /** What they begin with. */
  readonly initialLogStd: number;
}

/** What there was before there were options. */
export const defaultHeadOptions: HeadOptions = { actionDistribution: "gaussian", logStd: "learned", initialLogStd: 0 };
