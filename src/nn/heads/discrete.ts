// A choice among n actions: the actor's outputs are logits.

import { ConfigurationError } from "../../base/errors.ts";
import { int32 } from "../../base/spec.ts";
import type { Discrete } from "../../spaces/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Categorical } from "../distributions/categorical.ts";
import type { ActionHead } from "./head.ts";

/** For a Discrete space: one logit for each action, and one entry of a mask. */
export class DiscreteHead implements ActionHead<"int32"> {
  readonly outputs: number;
  readonly action = int32();
  readonly maskSize: number;
  readonly statistics: number;

  /** @throws ConfigurationError for a space that does not start at 0 */
  constructor(space: Discrete) {
    if (space.start !== 0) {
      throw new ConfigurationError(`action space: ${space}; actions have to be counted from 0`);
    }
    this.outputs = space.n;
    this.maskSize = space.n;
    this.statistics = space.n;
  }

  /** It learns nothing of its own. */
  declare(): void {}

  distribution(output: Tensor, mask?: Tensor<"uint8">): Categorical {
    return new Categorical(output, mask);
  }

  fromStatistics(statistics: Tensor): Categorical {
    return new Categorical(statistics);
  }

  toEnvironment(actions: Tensor<"int32">): Tensor<"int32"> {
    return actions;
  }
}
