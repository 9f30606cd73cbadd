// Reductions. Their order is fixed by the sizes alone. Sums of whole arrays run in float64, so that a mean over a batch
// of 4096 is as good as one over 4; sums along rows and columns run in float32 lanes, in blocks where they are long
// (blocks.ts).

import { BLOCK, SHORT } from "./blocks";
import { demote, horizontalSum, promoteHigh } from "./simd";

/** The sum of x[n] in float64. */
export function sum64(x: usize, n: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const vectors = x + (((<usize>n) << 2) & ~15);
  const end = x + ((<usize>n) << 2);
  for (; x < vectors; x += 16) {
    const four = v128.load(x);
    even = f64x2.add(even, f64x2.promote_low_f32x4(four));
    odd = f64x2.add(odd, promoteHigh(four));
  }
  const both = f64x2.add(even, odd);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; x < end; x += 4) total += <f64>load<f32>(x);
  return total;
}

/** out[0] = sum of x[n] */
export function sum(out: usize, x: usize, n: i32): void {
  store<f32>(out, <f32>sum64(x, n));
}

/** out[0] = mean of x[n] */
export function mean(out: usize, x: usize, n: i32): void {
  store<f32>(out, <f32>(sum64(x, n) / <f64>n));
}

/** out[columns] = sum over the rows of x[rows, columns], in ascending order, by blocks where there are many */
export function sumRows(out: usize, x: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  if (rows <= SHORT) sumBlock(out, x, rows, columns, stride);
  else sumBlocks(out, x, rows, columns, stride);
}

function sumBlock(out: usize, x: usize, rows: i32, columns: i32, stride: usize): void {
  let c = columns;
  for (; c >= 8; c -= 8, x += 32, out += 32) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let row = x;
    for (let r = 0; r < rows; r++, row += stride) {
      s0 = f32x4.add(s0, v128.load(row));
      s1 = f32x4.add(s1, v128.load(row, 16));
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
  }
  for (; c > 0; c--, x += 4, out += 4) {
    let total: f32 = 0;
    let row = x;
    for (let r = 0; r < rows; r++, row += stride) total += load<f32>(row);
    store<f32>(out, total);
  }
}

/** The sums of many rows: those of their blocks, added up in float64. */
function sumBlocks(out: usize, x: usize, rows: i32, columns: i32, stride: usize): void {
  let c = columns;
  for (; c >= 8; c -= 8, x += 32, out += 32) {
    let t0 = f64x2.splat(0);
    let t1 = f64x2.splat(0);
    let t2 = f64x2.splat(0);
    let t3 = f64x2.splat(0);
    let row = x;
    for (let left = rows; left > 0; left -= BLOCK) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      for (let r = min(left, BLOCK); r > 0; r--, row += stride) {
        s0 = f32x4.add(s0, v128.load(row));
        s1 = f32x4.add(s1, v128.load(row, 16));
      }
      t0 = f64x2.add(t0, f64x2.promote_low_f32x4(s0));
      t1 = f64x2.add(t1, promoteHigh(s0));
      t2 = f64x2.add(t2, f64x2.promote_low_f32x4(s1));
      t3 = f64x2.add(t3, promoteHigh(s1));
    }
    v128.store(out, demote(t0, t1));
    v128.store(out, demote(t2, t3), 16);
  }
  for (; c > 0; c--, x += 4, out += 4) {
    let total: f64 = 0;
    let row = x;
    for (let left = rows; left > 0; left -= BLOCK) {
      let part: f32 = 0;
      for (let r = min(left, BLOCK); r > 0; r--, row += stride) part += load<f32>(row);
      total += <f64>part;
    }
    store<f32>(out, <f32>total);
  }
}

/** out[rows] = sum over the columns of x[rows, columns], in four lanes; in float64 where those would be long */
export function sumColumns(out: usize, x: usize, rows: i32, columns: i32): void {
  if (columns > 4 * SHORT) {
    const stride = (<usize>columns) << 2;
    for (let r = 0; r < rows; r++, out += 4, x += stride) sum(out, x, columns);
    return;
  }
  for (let r = 0; r < rows; r++, out += 4) {
    let four = f32x4.splat(0);
    let c = columns;
    for (; c >= 4; c -= 4, x += 16) four = f32x4.add(four, v128.load(x));
    let total = horizontalSum(four);
    for (; c > 0; c--, x += 4) total += load<f32>(x);
    store<f32>(out, total);
  }
}

/** The sum of (x[n] - mean)² in float64. */
export function squaredDeviations(x: usize, n: i32, mean: f64): f64 {
  let total: f64 = 0;
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += 4) {
    const deviation = <f64>load<f32>(x) - mean;
    total += deviation * deviation;
  }
  return total;
}

/**
 * out[n] = (x - mean) / (std + *epsilon) with the unbiased standard deviation (n - 1); NaN for n = 1, where there is
 * none
 */
export function standardize(out: usize, x: usize, epsilon: usize, n: i32): void {
  const center = sum64(x, n) / <f64>n;
  const deviation = sqrt<f64>(squaredDeviations(x, n, center) / <f64>(n - 1));
  const scale = 1.0 / (deviation + <f64>load<f32>(epsilon));
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += 4, out += 4) store<f32>(out, <f32>((<f64>load<f32>(x) - center) * scale));
}

/** out[0] = 1 - Var(target - prediction) / Var(target); NaN where the targets do not vary */
export function explainedVariance(out: usize, prediction: usize, target: usize, n: i32): void {
  let meanTarget: f64 = 0;
  let meanResidual: f64 = 0;
  for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
    const value = <f64>load<f32>(target + i);
    meanTarget += value;
    meanResidual += value - <f64>load<f32>(prediction + i);
  }
  meanTarget /= <f64>n;
  meanResidual /= <f64>n;
  let varianceTarget: f64 = 0;
  let varianceResidual: f64 = 0;
  for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
    const value = <f64>load<f32>(target + i);
    const deviation = value - meanTarget;
    const residual = value - <f64>load<f32>(prediction + i) - meanResidual;
    varianceTarget += deviation * deviation;
    varianceResidual += residual * residual;
  }
  store<f32>(out, <f32>(varianceTarget == 0 ? NaN : 1.0 - varianceResidual / varianceTarget));
}

/** out[0] = the Euclidean norm of x[n] */
export function norm(out: usize, x: usize, n: i32): void {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const vectors = x + (((<usize>n) << 2) & ~15);
  const end = x + ((<usize>n) << 2);
  for (; x < vectors; x += 16) {
    const four = v128.load(x);
    const low = f64x2.promote_low_f32x4(four);
    const high = promoteHigh(four);
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const both = f64x2.add(even, odd);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    total += value * value;
  }
  store<f32>(out, <f32>sqrt<f64>(total));
}
