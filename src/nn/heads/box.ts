// Actions that are numbers: the actor's outputs are the means of normal distributions, whose standard deviations are
// the same in every state.

import { ConfigurationError } from "../../base/errors.ts";
import { float32, type Spec, sizeOf } from "../../base/spec.ts";
import type { Box } from "../../spaces/index.ts";
import { maximum, minimum } from "../../tensor/operators/arithmetic.ts";
import { slice } from "../../tensor/operators/rearrange.ts";
import { constant } from "../../tensor/tape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { DiagonalGaussian } from "../distributions.ts";
import { constantInitializer } from "../initializers.ts";
import type { Parameters } from "../parameters.ts";
import type { ActionHead } from "./head.ts";

/** For a Box of float32: a mean for each of its numbers, and a log standard deviation for each as a parameter. */
export class BoxHead implements ActionHead<"float32"> {
  readonly outputs: number;
  readonly action: Spec<"float32">;
  readonly maskSize = 0;
  readonly statistics: number;
  readonly #space: Box;
  #logStd: Tensor | undefined;

  /** @throws ConfigurationError for a Box of another data type */
  constructor(space: Box) {
    if (space.dtype !== "float32") {
      throw new ConfigurationError(`action space: ${space}; actions have to be float32`);
    }
    this.#space = space;
    this.outputs = sizeOf(space.shape);
    this.statistics = 2 * this.outputs;
    this.action = float32([this.outputs]);
  }

  declare(parameters: Parameters, name: string): void {
    this.#logStd = parameters.declare(`${name}.logStd`, [this.outputs], constantInitializer(0));
  }

  distribution(output: Tensor): DiagonalGaussian {
    return new DiagonalGaussian(output, this.#logStd as Tensor);
  }

  fromStatistics(statistics: Tensor): DiagonalGaussian {
    const { outputs } = this;
    return new DiagonalGaussian(slice(statistics, [[], [0, outputs]]), slice(statistics, [[], [outputs, 2 * outputs]]));
  }

  /** Limited to the bounds of the space; the learner keeps what was drawn. */
  toEnvironment(actions: Tensor): Tensor {
    const { low, high } = this.#space;
    return minimum(maximum(actions, constant([...low])), constant([...high]));
  }
}
