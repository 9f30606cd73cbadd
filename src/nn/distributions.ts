// The distributions a policy draws its actions from.

import type { DataType } from "../base/spec.ts";
import type { Stream } from "../engine/random.ts";
import { add, multiply, square, subtract } from "../tensor/operators/arithmetic.ts";
import { argmax, categoricalEntropy, gather, logSoftmax, sampleCategorical } from "../tensor/operators/categorical.ts";
import { exp, negate } from "../tensor/operators/elementwise.ts";
import { gaussianLogProb } from "../tensor/operators/gaussian.ts";
import { normal, uniform } from "../tensor/operators/random.ts";
import { concatenate } from "../tensor/operators/rearrange.ts";
import { sum } from "../tensor/operators/reduce.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What an action is drawn from, one for each row of a batch. */
export interface Distribution<Action extends DataType = DataType> {
  /** One action for each row of the batch. */
  sample(stream: Stream): Tensor<Action>;
  /** The most likely action of each row. */
  mode(): Tensor<Action>;
  /** log π(action) for each row: [batch] */
  logProb(action: Tensor<Action>): Tensor;
  /** The entropy of each row [batch], or of all rows alike []. */
  entropy(): Tensor;
  /** All that it is, a row each: [batch, statistics] */
  statistics(): Tensor;
  /** KL(other, this) in closed form, for each row: [batch] */
  klFrom(other: Distribution<Action>): Tensor;
  /** What it is made of, by name: probabilities [batch, classes]; or mean [batch, size] and std [size]. */
  parameters(): Readonly<Record<string, Tensor>>;
}

/** A choice among the columns of `logits` [batch, classes]; an action is an int32 [batch]. */
export class Categorical implements Distribution<"int32"> {
  /** log p of each class: [batch, classes] */
  readonly logProbs: Tensor;

  /** From logits [batch, classes], of which only differences matter. */
  constructor(logits: Tensor) {
    this.logProbs = logSoftmax(logits);
  }

  sample(stream: Stream): Tensor<"int32"> {
    const [batch] = this.logProbs.shape;
    return sampleCategorical(this.logProbs, uniform(stream, [batch as number]));
  }

  mode(): Tensor<"int32"> {
    return argmax(this.logProbs);
  }

  logProb(action: Tensor<"int32">): Tensor {
    return gather(this.logProbs, action);
  }

  entropy(): Tensor {
    return categoricalEntropy(this.logProbs);
  }

  statistics(): Tensor {
    return this.logProbs;
  }

  klFrom(other: Categorical): Tensor {
    return sum(multiply(exp(other.logProbs), subtract(other.logProbs, this.logProbs)), 1);
  }

  parameters(): { readonly probabilities: Tensor } {
    return { probabilities: exp(this.logProbs) };
  }
}

/** log √(2πe), the entropy of a standard normal. */
const STANDARD_NORMAL_ENTROPY = 1.4189385332046727;

/**
 * Independent normals: `mean` [batch, size] and the logarithm of the standard deviation [size]; an action is [batch,
 * size].
 */
export class DiagonalGaussian implements Distribution<"float32"> {
  /** [batch, size] */
  readonly mean: Tensor;
  /** [size] */
  readonly logStd: Tensor;

  /** From means [batch, size] and log standard deviations [size]. */
  constructor(mean: Tensor, logStd: Tensor) {
    this.mean = mean;
    this.logStd = logStd;
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
    return sum(add(this.logStd, STANDARD_NORMAL_ENTROPY));
  }

  statistics(): Tensor {
    return concatenate([this.mean, add(multiply(this.mean, 0), this.logStd)], 1);
  }

  klFrom(other: DiagonalGaussian): Tensor {
    const ratio = exp(subtract(other.logStd, this.logStd));
    const distance = multiply(subtract(other.mean, this.mean), exp(negate(this.logStd)));
    const terms = subtract(multiply(add(square(ratio), square(distance)), 0.5), 0.5);
    return sum(add(terms, subtract(this.logStd, other.logStd)), 1);
  }

  parameters(): { readonly mean: Tensor; readonly std: Tensor } {
    return { mean: this.mean, std: exp(this.logStd) };
  }
}
