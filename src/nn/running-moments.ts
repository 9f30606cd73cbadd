// Mean and variance of all that was seen so far, in float64.

import type { ElementRange } from "../base/ranges.ts";
import { float64, type Spec } from "../base/spec.ts";
import type { Moments } from "../tensor/operators/moments.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How many rows it has seen before the first, of mean 0 and variance 1: as in Gymnasium and Stable-Baselines3. */
const FIRST_COUNT = 1e-4;

/** What makes a tensor, all `value`, of which a file may hold what is in the range. */
type MakeTensor = (name: string, spec: Spec<"float64">, value: number, range?: ElementRange) => Tensor<"float64">;

/** The running mean and variance of each column of what it is given, as Gymnasium's RunningMeanStd has them. */
export class RunningMoments implements Moments {
  /** [columns] */
  readonly mean: Tensor<"float64">;
  /** [columns] */
  readonly variance: Tensor<"float64">;
  /** The rows so far: [] */
  readonly count: Tensor<"float64">;

  /** @param tensor makes each of its tensors, as `Parameters.buffer` does */
  constructor(columns: number, tensor: MakeTensor) {
    this.mean = tensor("mean", float64([columns]), 0);
    this.variance = tensor("variance", float64([columns]), 1, { from: 0 });
    this.count = tensor("count", float64(), FIRST_COUNT, { from: 0 });
  }

  /**
   * Takes in rows of so many columns. The moments of the rows are taken first, then merged with those so far (Chan,
   * Golub and LeVeque, 1983).
   */
  update(rows: ArrayLike<number>): void {
    const mean = this.mean.data;
    const variance = this.variance.data;
    const columns = mean.length;
    const added = rows.length / columns;
    const [count = 0] = this.count.data;
    const total = count + added;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let at = column; at < rows.length; at += columns) sum += rows[at] as number;
      const rowsMean = sum / added;
      let squares = 0;
      for (let at = column; at < rows.length; at += columns) {
        const difference = (rows[at] as number) - rowsMean;
        squares += difference * difference;
      }
      const delta = rowsMean - (mean[column] as number);
      const before = (variance[column] as number) * count;
      mean[column] = (mean[column] as number) + (delta * added) / total;
      variance[column] = (before + squares + (delta * delta * count * added) / total) / total;
    }
    this.count.data[0] = total;
  }
}
