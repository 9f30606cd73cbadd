// The diagonal Gaussian with a standard deviation for each column: mean [rows, columns], logStd [columns], action
// [rows, columns].

import { blockOf } from "./blocks";
import { Lanes } from "./elementary";

/** log sqrt(2π) */
const LOG_SQRT_2PI: f32 = 0.9189385332046728;

function exp1(x: f32): f32 {
  return f32x4.extract_lane(Lanes.exp(f32x4.splat(x)), 0);
}

/** out[rows] = Σ -z²/2 - logStd - log sqrt(2π), in ascending order of the columns, with z = (action - mean) / std */
export function gaussianLogProb(out: usize, mean: usize, logStd: usize, action: usize, rows: i32, columns: i32): void {
  const end = (<usize>columns) << 2;
  memory.fill(out, 0, (<usize>rows) << 2);
  for (let c: usize = 0; c < end; c += 4) {
    const logStdOfColumn = load<f32>(logStd + c);
    const inverseStd = exp1(-logStdOfColumn);
    const constant = logStdOfColumn + LOG_SQRT_2PI;
    for (let r: usize = 0; r < <usize>rows; r++) {
      const i = r * end + c;
      const z = (load<f32>(action + i) - load<f32>(mean + i)) * inverseStd;
      const total = out + (r << 2);
      store<f32>(total, load<f32>(total) - (<f32>0.5 * z * z + constant));
    }
  }
}

/** out[rows, columns] = dy[row] z / std: the adjoint of gaussianLogProb with respect to the mean */
export function gaussianLogProbMeanAdjoint(
  out: usize,
  dy: usize,
  mean: usize,
  logStd: usize,
  action: usize,
  rows: i32,
  columns: i32,
): void {
  const end = (<usize>columns) << 2;
  for (let c: usize = 0; c < end; c += 4) {
    const inverseStd = exp1(-load<f32>(logStd + c));
    for (let r: usize = 0; r < <usize>rows; r++) {
      const i = r * end + c;
      const z = (load<f32>(action + i) - load<f32>(mean + i)) * inverseStd;
      store<f32>(out + i, load<f32>(dy + (r << 2)) * z * inverseStd);
    }
  }
}

/**
 * out[columns] = Σ over the rows of dy[row] (z² - 1), in ascending order, by blocks where there are many: the adjoint
 * of gaussianLogProb with respect to logStd
 */
export function gaussianLogProbLogStdAdjoint(
  out: usize,
  dy: usize,
  mean: usize,
  logStd: usize,
  action: usize,
  rows: i32,
  columns: i32,
): void {
  const end = (<usize>columns) << 2;
  const block = blockOf(rows);
  for (let c: usize = 0; c < end; c += 4) {
    const inverseStd = exp1(-load<f32>(logStd + c));
    let total: f64 = 0;
    for (let r = 0; r < rows; ) {
      const stop = min(r + block, rows);
      let part: f32 = 0;
      for (; r < stop; r++) {
        const i = <usize>r * end + c;
        const z = (load<f32>(action + i) - load<f32>(mean + i)) * inverseStd;
        part += load<f32>(dy + ((<usize>r) << 2)) * (z * z - <f32>1);
      }
      total += <f64>part;
    }
    store<f32>(out + c, <f32>total);
  }
}
