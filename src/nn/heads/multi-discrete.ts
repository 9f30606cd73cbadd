// Several choices at once: the actor's outputs are the logits of all of them, side by side.

import { int32, type Spec } from "../../base/spec.ts";
import type { MultiDiscrete } from "../../spaces/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { MultiCategorical } from "../distributions/multi-categorical.ts";
import type { ActionHead } from "./head.ts";

/** For a MultiDiscrete space: one logit for each action of each choice, and one entry of a mask. */
export class MultiDiscreteHead implements ActionHead<"int32"> {
  readonly outputs: number;
  readonly action: Spec<"int32">;
  readonly maskSize: number;
  readonly statistics: number;
  readonly #sizes: readonly number[];

  /** One for every such space. */
  constructor({ nvec, shape }: MultiDiscrete) {
    const total = nvec.reduce((sum, n) => sum + n, 0);
    this.outputs = total;
    this.action = int32(shape);
    this.maskSize = total;
    this.statistics = total;
    this.#sizes = nvec;
  }

  /** It learns nothing of its own. */
  declare(): void {}

  distribution(output: Tensor, mask?: Tensor<"uint8">): MultiCategorical {
    return new MultiCategorical(output, this.#sizes, mask);
  }

  fromStatistics(statistics: Tensor): MultiCategorical {
    return new MultiCategorical(statistics, this.#sizes);
  }

  toEnvironment(actions: Tensor<"int32">): Tensor<"int32"> {
    return actions;
  }
}
