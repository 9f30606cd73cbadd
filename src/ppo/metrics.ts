// What a training says of itself. A figure of the loss has its name and its meaning here, in `LossOutputs`, and its
// formula in ppo.ts; everything else, the means over an update, the checks, the lines in files, follows from the names
// of what the loss returns.

import { NonFiniteError } from "../base/errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Progress } from "./progress.ts";

/** The loss of a minibatch and its parts, all scalars. */
export type LossOutputs<T = Tensor> = {
  /** policyLoss + c1 valueLoss - c2 entropy: what is minimised. */
  readonly loss: T;
  /** The negative of the objective: of L^CLIP, equation 7, unless another was chosen. */
  readonly policyLoss: T;
  /** Half of L^VF, equation 9. */
  readonly valueLoss: T;
  /** S, the mean entropy of the policy in nats, equation 9. */
  readonly entropy: T;
  /** The mean of (r - 1) - log r, an estimate of KL(π_old, π). */
  readonly approxKl: T;
  /** The share of the rows in which the ratio r is outside of 1 - ε to 1 + ε. */
  readonly clipFraction: T;
};

/** The means of the loss and its parts over the minibatches of an update. */
export interface UpdateMeans extends LossOutputs<number> {
  /** The mean norm of the whole gradient before clipping. */
  readonly gradNorm: number;
}

/** What one iteration, a rollout and an update, came to. */
export interface Iteration extends UpdateMeans {
  /** The loss and its parts minibatch by minibatch, where `train` was asked for them. */
  readonly minibatches?: readonly UpdateMeans[];
  /** Iterations so far, this one included. */
  readonly iteration: number;
  /** Steps of all environments together so far. */
  readonly steps: number;
  /** Episodes that have ended so far. */
  readonly episodes: number;
  /** Mean return of the last 100 episodes; NaN before the first has ended. */
  readonly meanReturn: number;
  /** Mean length of the last 100 episodes, in steps; NaN before the first has ended. */
  readonly meanLength: number;
  /** The step at which the mean return of 100 episodes first reached the environment's threshold, or null. */
  readonly solvedAtStep: number | null;
  /**
   * 1 - Var(returns - values) / Var(returns): 1 where the critic foresaw everything, 0 where it was no better than a
   * constant.
   */
  readonly explainedVariance: number;
  /** The step size of the update. */
  readonly learningRate: number;
  /** ε of the update. */
  readonly clipRange: number;
  /** c2 of the update. */
  readonly entropyCoefficient: number;
  /** β of the update, equation 8. */
  readonly klPenalty: number;
}

/** The means of an update, summed in an array so that adding to them allocates nothing. */
export class UpdateStatistics {
  readonly #outputs: readonly (readonly [name: string, output: Tensor])[];
  readonly #approxKl: Tensor;
  readonly #sums: Float64Array;
  #gradNorm = 0;
  #count = 0;
  /** approxKl of the first minibatch of an update. */
  firstKl = Number.NaN;
  /** Of every minibatch, where that was asked for. */
  #each: UpdateMeans[] | undefined;

  /** @param outputs of the program that computes the loss, which each replay writes */
  constructor(outputs: LossOutputs) {
    this.#outputs = Object.entries(outputs);
    this.#approxKl = outputs.approxKl;
    this.#sums = new Float64Array(this.#outputs.length);
  }

  /** Begins an update. @param keepsEach whether the figures of every minibatch are asked for */
  reset(keepsEach = false): void {
    this.#each = keepsEach ? [] : undefined;
    this.#sums.fill(0);
    this.#gradNorm = 0;
    this.#count = 0;
  }

  /** Takes in one minibatch. */
  add(gradNorm: number): void {
    for (let index = 0; index < this.#outputs.length; index++) {
      this.#sums[index] = (this.#sums[index] as number) + this.#valueAt(index);
    }
    if (this.#count === 0) this.firstKl = this.#approxKl.item();
    this.#gradNorm += gradNorm;
    this.#count++;
    if (this.#each === undefined) return;
    const figures = this.#outputs.map(([name, output]) => [name, output.item()]);
    this.#each.push({ ...(Object.fromEntries(figures) as LossOutputs<number>), gradNorm });
  }

  /** The figures of every minibatch so far, where they were asked for. */
  get each(): readonly UpdateMeans[] | undefined {
    return this.#each;
  }

  /** The means over the minibatches so far. */
  means(): UpdateMeans {
    const means = this.#outputs.map(([name], index) => [name, (this.#sums[index] as number) / this.#count]);
    return { ...(Object.fromEntries(means) as LossOutputs<number>), gradNorm: this.#gradNorm / this.#count };
  }

  /**
   * Checks the figures of a minibatch, the parts before their sum.
   * @throws NonFiniteError naming the first that is not a finite number, and when that was, as in "policyLoss is NaN in
   * iteration 3, epoch 1, minibatch 2, after 3072 steps"
   */
  checkFinite({ iteration, steps, batchSize }: Progress, epoch: number, minibatch: number): void {
    const { length } = this.#outputs;
    // The sum is the first of them.
    for (let place = 1; place <= length; place++) {
      const index = place % length;
      const value = this.#valueAt(index);
      if (Number.isFinite(value)) continue;
      const [name] = this.#outputs[index] as readonly [string, Tensor];
      const when = `iteration ${iteration + 1}, epoch ${epoch + 1}, minibatch ${minibatch + 1}`;
      throw new NonFiniteError(`${name} is ${value} in ${when}, after ${steps + batchSize} steps`);
    }
  }

  #valueAt(index: number): number {
    return (this.#outputs[index] as readonly [string, Tensor])[1].item();
  }
}
