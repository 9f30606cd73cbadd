// Several things to turn on or off: the actor's outputs are the log-odds of on.

import { int32, type Spec } from "../../base/spec.ts";
import type { MultiBinary } from "../../spaces/index.ts";
import { multiply } from "../../tensor/operators/arithmetic.ts";
import { reshape } from "../../tensor/operators/rows.ts";
import { constant } from "../../tensor/tape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { MultiCategorical } from "../distributions/multi-categorical.ts";
import type { ActionHead } from "./head.ts";

/**
 * For a MultiBinary space of n: one output for each, the difference of the logits of on and off, so that its choices
 * are Bernoulli's. A mask has two entries for each, off and on, as that of a MultiDiscrete of n choices between two.
 */
export class MultiBinaryHead implements ActionHead<"int32"> {
  readonly outputs: number;
  readonly action: Spec<"int32">;
  readonly maskSize: number;
  readonly statistics: number;
  readonly #sizes: readonly number[];

  /** One for every such space. */
  constructor({ n, shape }: MultiBinary) {
    this.outputs = n;
    this.action = int32(shape);
    this.maskSize = 2 * n;
    this.statistics = 2 * n;
    this.#sizes = new Array(n).fill(2);
  }

  /** It learns nothing of its own. */
  declare(): void {}

  distribution(output: Tensor, mask?: Tensor<"uint8">): MultiCategorical {
    const pairs = multiply(reshape(output, [output.size, 1]), constant([0, 1]));
    return new MultiCategorical(reshape(pairs, [output.shape[0] as number, this.statistics]), this.#sizes, mask);
  }

  fromStatistics(statistics: Tensor): MultiCategorical {
    return new MultiCategorical(statistics, this.#sizes);
  }

  toEnvironment(actions: Tensor<"int32">): Tensor<"int32"> {
    return actions;
  }
}
