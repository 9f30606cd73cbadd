// Several choices at once, each independent of the others.

import type { Stream } from "../../engine/random.ts";
import { categoricalEntropy, categoricalKl } from "../../tensor/operators/categorical.ts";
import { exp } from "../../tensor/operators/elementwise.ts";
import { uniform } from "../../tensor/operators/random.ts";
import {
  segmentedArgmax,
  segmentedGather,
  segmentedLogSoftmax,
  segmentedSample,
} from "../../tensor/operators/segments.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { masked } from "./categorical.ts";
import type { Distribution } from "./distribution.ts";

/**
 * Independent choices among `sizes` classes each, whose logits stand side by side [batch, Σ sizes]; an action is an
 * int32 [batch, choices]. Log-probability, entropy and divergence are sums over the choices.
 */
export class MultiCategorical implements Distribution<"int32"> {
  /** The number of classes of each choice. */
  readonly sizes: readonly number[];
  /** [batch, Σ sizes], -Infinity where a mask forbids it */
  readonly logits: Tensor;
  /** log p of each class of each choice: [batch, Σ sizes] */
  readonly logProbs: Tensor;

  /**
   * From logits [batch, Σ sizes], of which only differences within a choice matter.
   * @param mask [batch, Σ sizes], as that of `Categorical`: at least one class of each choice has to be allowed
   */
  constructor(logits: Tensor, sizes: readonly number[], mask?: Tensor<"uint8">) {
    this.sizes = sizes;
    this.logits = masked(logits, mask);
    this.logProbs = segmentedLogSoftmax(this.logits, sizes);
  }

  sample(stream: Stream): Tensor<"int32"> {
    const [batch] = this.logProbs.shape;
    return segmentedSample(this.logProbs, uniform(stream, [batch as number, this.sizes.length]), this.sizes);
  }

  mode(): Tensor<"int32"> {
    return segmentedArgmax(this.logProbs, this.sizes);
  }

  logProb(action: Tensor<"int32">): Tensor {
    return segmentedGather(this.logProbs, action, this.sizes);
  }

  entropy(): Tensor {
    return categoricalEntropy(this.logProbs);
  }

  /** The probabilities of the classes of each choice, one after the other: [batch, Σ sizes] */
  parameters(): { readonly probabilities: Tensor } {
    return { probabilities: exp(this.logProbs) };
  }

  /** Its logits: [batch, Σ sizes] */
  statistics(): Tensor {
    return this.logits;
  }

  klFrom(other: MultiCategorical): Tensor {
    return categoricalKl(this.logProbs, other.logProbs);
  }
}
