// Independent normals.

import type { Stream } from "../../engine/random.ts";
import { add, multiply, square, subtract } from "../../tensor/operators/arithmetic.ts";
import { exp, expExcess, negate } from "../../tensor/operators/elementwise.ts";
import { gaussianLogProb } from "../../tensor/operators/gaussian.ts";
import { normal } from "../../tensor/operators/random.ts";
import { concatenate, slice } from "../../tensor/operators/rearrange.ts";
import { sum } from "../../tensor/operators/reduce.ts";
import { detach, reshape } from "../../tensor/operators/rows.ts";
import { constant } from "../../tensor/tape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Distribution } from "./distribution.ts";

/** log √(2πe), the entropy of a standard normal. */
const STANDARD_NORMAL_ENTROPY = 1.4189385332046727;

/** A tensor [size] once for each row of `like` [batch, size]; one of that shape stays as it is. */
export function forEachRow(x: Tensor, like: Tensor): Tensor {
  if (x.shape.length === 2) return x;
  const [batch] = like.shape as [number];
  return add(reshape(constant(new Array(batch).fill(0)), [batch, 1]), x);
}

/**
 * Independent normals: `mean` [batch, size] and the logarithm of the standard deviation, [size] where it is the same in
 * all rows, or [batch, size]; an action is [batch, size].
 */
export class DiagonalGaussian implements Distribution<"float32"> {
  /** [batch, size] */
  readonly mean: Tensor;
  /** [size] or [batch, size] */
  readonly logStd: Tensor;

  /** From means [batch, size] and log standard deviations [size] or [batch, size]. */
  constructor(mean: Tensor, logStd: Tensor) {
    this.mean = mean;
    this.logStd = logStd;
  }

  /** That of which `statistics` gave the rows. */
  static fromStatistics(statistics: Tensor): DiagonalGaussian {
    const size = (statistics.shape[1] as number) / 2;
    return new DiagonalGaussian(slice(statistics, [[], [0, size]]), slice(statistics, [[], [size]]));
  }

  sample(stream: Stream): Tensor {
    return add(this.mean, multiply(exp(this.logStd), normal(stream, this.mean.shape)));
  }

  mode(): Tensor {
    return this.mean;
  }

  logProb(action: Tensor): Tensor {
    return gaussianLogProb(this.mean, this.logStd, action);
  }

  entropy(): Tensor {
    const terms = add(this.logStd, STANDARD_NORMAL_ENTROPY);
    return terms.shape.length === 2 ? sum(terms, 1) : sum(terms);
  }

  /** mean [batch, size], and std [size] or [batch, size] */
  parameters(): { readonly mean: Tensor; readonly std: Tensor } {
    return { mean: this.mean, std: exp(this.logStd) };
  }

  /** Means, then log standard deviations: [batch, 2 size] */
  statistics(): Tensor {
    return concatenate([this.mean, forEachRow(this.logStd, this.mean)], 1);
  }

  /**
   * ½ Σ z² + (eᵈ - 1 - d), z the distance of the means in standard deviations of this one, and d twice the difference
   * of the log standard deviations, other less this: no term is negative.
   */
  klFrom(other: DiagonalGaussian): Tensor {
    const z = multiply(subtract(this.mean, detach(other.mean)), exp(negate(this.logStd)));
    const spread = expExcess(multiply(subtract(detach(other.logStd), this.logStd), 2));
    return multiply(sum(add(square(z), spread), 1), 0.5);
  }
}
