// Independent normals between bounds: tanh of each, scaled to its interval.

import type { Stream } from "../../engine/random.ts";
import { add, multiply } from "../../tensor/operators/arithmetic.ts";
import { exp, log, tanhLogSlope } from "../../tensor/operators/elementwise.ts";
import { expectedTanhLogSlope } from "../../tensor/operators/gaussian.ts";
import { sum } from "../../tensor/operators/reduce.ts";
import { constant } from "../../tensor/tape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type DiagonalGaussian, forEachRow } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";

/**
 * The distribution of a = center + scale · tanh(u), with u of a diagonal Gaussian; `scale` is half the length of each
 * interval. What is drawn and kept is u, from which the probability of a is known to the last digit, also where tanh(u)
 * is 1 to float32 and an inverse would be infinite.
 */
export class SquashedGaussian implements Distribution<"float32"> {
  /** That of u. */
  readonly gaussian: DiagonalGaussian;
  readonly #scale: readonly number[];

  /** @param scale half the length of each interval: [size] */
  constructor(gaussian: DiagonalGaussian, scale: readonly number[]) {
    this.gaussian = gaussian;
    this.#scale = scale;
  }

  /** u */
  sample(stream: Stream): Tensor {
    return this.gaussian.sample(stream);
  }

  /**
   * The u of the largest density of the Gaussian; half of all actions lie on either side of the action that it makes.
   */
  mode(): Tensor {
    return this.gaussian.mode();
  }

  /** log π(a) of the actions that u [batch, size] makes: log N(u) - Σ log scale + log(1 - tanh² u) */
  logProb(action: Tensor): Tensor {
    return add(this.gaussian.logProb(action), multiply(sum(this.#logSlopes(tanhLogSlope(action)), 1), -1));
  }

  /**
   * The entropy of a: [batch], that of the Gaussian and the expectation of log |da/du|, by a quadrature without noise
   * whose errors `expectedTanhLogSlope` says.
   */
  entropy(): Tensor {
    const { mean, logStd } = this.gaussian;
    const expected = expectedTanhLogSlope(mean, exp(forEachRow(logStd, mean)));
    return add(sum(this.#logSlopes(expected), 1), this.gaussian.entropy());
  }

  /** Those of u: mean [batch, size], and std [size] or [batch, size] */
  parameters(): { readonly mean: Tensor; readonly std: Tensor } {
    return this.gaussian.parameters();
  }

  /** Those of u: means, then log standard deviations, [batch, 2 size] */
  statistics(): Tensor {
    return this.gaussian.statistics();
  }

  /** That of the Gaussians: what is done to both alike, and can be undone, leaves it as it is. */
  klFrom(other: SquashedGaussian): Tensor {
    return this.gaussian.klFrom(other.gaussian);
  }

  /** Logarithms of slopes of tanh [batch, size] as those of slopes from u to a. */
  #logSlopes(slopes: Tensor): Tensor {
    return add(slopes, log(constant(this.#scale)));
  }
}
