// Actions that are numbers: the actor's outputs are the means of normal distributions, and where the network says so
// their standard deviations as well.

import { ConfigurationError } from "../../base/errors.ts";
import { float32, type Spec, sizeOf } from "../../base/spec.ts";
import type { Box } from "../../spaces/index.ts";
import { add, maximum, minimum, multiply } from "../../tensor/operators/arithmetic.ts";
import { tanh } from "../../tensor/operators/elementwise.ts";
import { slice } from "../../tensor/operators/rearrange.ts";
import { reshape } from "../../tensor/operators/rows.ts";
import { constant } from "../../tensor/tape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.ts";
import { SquashedGaussian } from "../distributions/squashed-gaussian.ts";
import { constantInitializer } from "../initializers.ts";
import type { Parameters } from "../parameters.ts";
import { type ActionHead, defaultHeadOptions, type HeadOptions } from "./head.ts";

/** How far a network moves log standard deviations from where they begin, at most. */
const REACH = 5;

/** For a Box of float32: a mean for each of its numbers, and a log standard deviation. */
export class BoxHead implements ActionHead<"float32"> {
  readonly outputs: number;
  readonly action: Spec<"float32">;
  readonly maskSize = 0;
  readonly statistics: number;
  readonly #space: Box;
  readonly #options: HeadOptions;
  /** Of squashed actions the middle of each interval, and half its length. */
  readonly #center: readonly number[];
  readonly #scale: readonly number[];
  #logStd: Tensor | undefined;

  /**
   * @throws ConfigurationError for a Box of another data type, and for one without bounds where it is to be squashed
   */
  constructor(space: Box, options: HeadOptions = defaultHeadOptions) {
    if (space.dtype !== "float32") {
      throw new ConfigurationError(`action space: ${space}; actions have to be float32`);
    }
    const size = sizeOf(space.shape);
    this.#space = space;
    this.#options = options;
    this.outputs = options.logStd === "network" ? 2 * size : size;
    this.action = float32([size]);
    this.statistics = 2 * size;
    // Halves first: the length of an interval may be beyond the largest float32.
    const halves = [...space.low].map((low, index) => [low / 2, (space.high[index] as number) / 2] as const);
    this.#center = halves.map(([low, high]) => low + high);
    this.#scale = halves.map(([low, high]) => high - low);
    if (options.actionDistribution === "squashed") checkBounds(space);
  }

  /** The log standard deviations, where they are not learnt and may be written: [size] */
  get logStd(): Tensor | undefined {
    return this.#logStd?.requiresGradient ? undefined : this.#logStd;
  }

  declare(parameters: Parameters, name: string): void {
    const { logStd, initialLogStd } = this.#options;
    if (logStd === "network") return;
    const { shape } = this.action;
    this.#logStd =
      logStd === "learned"
        ? parameters.declare(`${name}.logStd`, shape, constantInitializer(initialLogStd))
        : parameters.buffer(`${name}.logStd`, float32(shape), initialLogStd);
  }

  distribution(output: Tensor): DiagonalGaussian | SquashedGaussian {
    const [size] = this.action.shape as [number];
    const logStd = this.#logStd;
    if (logStd !== undefined) return this.#of(new DiagonalGaussian(output, logStd));
    const [mean, raw] = [slice(output, [[], [0, size]]), slice(output, [[], [size]])];
    return this.#of(new DiagonalGaussian(mean, this.#bounded(raw)));
  }

  fromStatistics(statistics: Tensor): DiagonalGaussian | SquashedGaussian {
    return this.#of(DiagonalGaussian.fromStatistics(statistics));
  }

  /** Within the bounds of the space; the learner keeps what was drawn. */
  toEnvironment(actions: Tensor): Tensor {
    const { low, high, shape } = this.#space;
    const isSquashed = this.#options.actionDistribution === "squashed";
    const scaled = isSquashed ? add(multiply(tanh(actions), constant(this.#scale)), constant(this.#center)) : actions;
    // Squashed ones may be beyond them by a rounding.
    const limited = minimum(maximum(scaled, constant([...low])), constant([...high]));
    return reshape(limited, [actions.shape[0] as number, ...shape]);
  }

  #of(gaussian: DiagonalGaussian): DiagonalGaussian | SquashedGaussian {
    return this.#options.actionDistribution === "squashed" ? new SquashedGaussian(gaussian, this.#scale) : gaussian;
  }

  /**
   * Log standard deviations from outputs x of the actor: initialLogStd + 5 tanh(x / 5). The slope is 1 where they begin
   * and positive as long as |x| < 40, so that they neither run away under an entropy bonus nor get stuck at a limit.
   */
  #bounded(output: Tensor): Tensor {
    return add(multiply(tanh(multiply(output, 1 / REACH)), REACH), this.#options.initialLogStd);
  }
}

function checkBounds(space: Box): void {
  for (const [index, low] of space.low.entries()) {
    const high = space.high[index] as number;
    if (Number.isFinite(low) && Number.isFinite(high) && low < high) continue;
    throw new ConfigurationError(
      `action space: element ${index} of ${space} goes from ${low} to ${high}; squashed actions need finite bounds`,
    );
  }
}
