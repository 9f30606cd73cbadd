// A choice among n.

import type { Stream } from "../../engine/random.ts";
import {
  argmax,
  categoricalEntropy,
  categoricalKl,
  gather,
  logSoftmax,
  sampleCategorical,
} from "../../tensor/operators/categorical.ts";
import { exp } from "../../tensor/operators/elementwise.ts";
import { uniform } from "../../tensor/operators/random.ts";
import { where } from "../../tensor/operators/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Distribution } from "./distribution.ts";

/**
 * Logits of which those that a mask forbids are -Infinity: their probability is then exactly 0, and so is every
 * derivative with respect to them. (A large negative number in its place is none: it has a share of the probability
 * where all that is allowed is unlikely.)
 * @param mask bytes of the same shape, 0 where a choice is forbidden
 */
export function masked(logits: Tensor, mask: Tensor<"uint8"> | undefined): Tensor {
  return mask === undefined ? logits : where(mask, logits, Number.NEGATIVE_INFINITY);
}

/** A choice among the columns of `logits` [batch, classes]; an action is an int32 [batch]. */
export class Categorical implements Distribution<"int32"> {
  /** [batch, classes], -Infinity where a mask forbids it */
  readonly logits: Tensor;
  /** log p of each class: [batch, classes] */
  readonly logProbs: Tensor;

  /**
   * From logits [batch, classes], of which only differences matter.
   * @param mask [batch, classes], 0 where a class is forbidden: it is never drawn, and its log-probability is
   * -Infinity. At least one of each row has to be allowed.
   */
  constructor(logits: Tensor, mask?: Tensor<"uint8">) {
    this.logits = masked(logits, mask);
    this.logProbs = logSoftmax(this.logits);
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

  parameters(): { readonly probabilities: Tensor } {
    return { probabilities: exp(this.logProbs) };
  }

  /** Its logits: [batch, classes] */
  statistics(): Tensor {
    return this.logits;
  }

  klFrom(other: Categorical): Tensor {
    return categoricalKl(this.logProbs, other.logProbs);
  }
}
