// The statistics of an update: means over its minibatches, kept in an array so that adding to them allocates nothing.

import type { Tensor } from "../tensor/tensor.ts";

const names = ["loss", "policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction"] as const;

export type LossOutputs = { readonly [K in (typeof names)[number]]: Tensor };

export interface UpdateMeans {
  readonly loss: number;
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly approxKl: number;
  readonly clipFraction: number;
  /** The norm of the whole gradient before clipping. */
  readonly gradNorm: number;
}

export class UpdateStatistics {
  readonly #sums = new Float64Array(names.length + 1);
  #count = 0;

  reset(): void {
    this.#sums.fill(0);
    this.#count = 0;
  }

  /** Takes in one minibatch. */
  add(outputs: LossOutputs, gradNorm: number): void {
    for (let index = 0; index < names.length; index++)
      this.#add(index, outputs[names[index] as (typeof names)[number]].item());
    this.#add(names.length, gradNorm);
    this.#count++;
  }

  means(): UpdateMeans {
    const [loss, policyLoss, valueLoss, entropy, approxKl, clipFraction, gradNorm] = Array.from(
      this.#sums,
      (sum) => sum / this.#count,
    ) as [number, number, number, number, number, number, number];
    return { loss, policyLoss, valueLoss, entropy, approxKl, clipFraction, gradNorm };
  }

  #add(index: number, value: number): void {
    this.#sums[index] = (this.#sums[index] as number) + value;
  }
}

/** The first statistic that is not a finite number, the parts before their sum, as in "policyLoss is NaN"; undefined where all are. */
export function nonFinite(outputs: LossOutputs): string | undefined {
  for (let index = 1; index <= names.length; index++) {
    const name = names[index % names.length] as (typeof names)[number];
    const value = outputs[name].item();
    if (!Number.isFinite(value)) return `${name} is ${value}`;
  }
  return undefined;
}
