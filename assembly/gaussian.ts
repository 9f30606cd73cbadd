// The diagonal Gaussian: mean [rows, columns], action [rows, columns], and a logStd for each column, [columns], or for
// each element, [rows, columns]. The last argument, `rowStride`, says which: by how many bytes logStd advances from row
// to row, 0 or those of a row.

import { blockOf } from "./blocks";
import { Lanes } from "./elementary";
import { loadPart, storePart } from "./simd";

/** log sqrt(2π) */
const LOG_SQRT_2PI: f32 = 0.9189385332046728;

function exp1(x: f32): f32 {
  return f32x4.extract_lane(Lanes.exp(f32x4.splat(x)), 0);
}

/** out[rows] = Σ -z²/2 - logStd - log sqrt(2π), in ascending order of the columns, with z = (action - mean) / std */
export function gaussianLogProb(
  out: usize,
  mean: usize,
  logStd: usize,
  action: usize,
  rows: i32,
  columns: i32,
  rowStride: usize,
): void {
  const end = (<usize>columns) << 2;
  memory.fill(out, 0, (<usize>rows) << 2);
  for (let c: usize = 0; c < end; c += 4) {
    let inverseStd: f32 = 0;
    let constant: f32 = 0;
    for (let r: usize = 0; r < <usize>rows; r++) {
      if (!r || rowStride) {
        const logStdHere = load<f32>(logStd + r * rowStride + c);
        inverseStd = exp1(-logStdHere);
        constant = logStdHere + LOG_SQRT_2PI;
      }
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
  rowStride: usize,
): void {
  const end = (<usize>columns) << 2;
  for (let c: usize = 0; c < end; c += 4) {
    let inverseStd: f32 = 0;
    for (let r: usize = 0; r < <usize>rows; r++) {
      if (!r || rowStride) inverseStd = exp1(-load<f32>(logStd + r * rowStride + c));
      const i = r * end + c;
      const z = (load<f32>(action + i) - load<f32>(mean + i)) * inverseStd;
      store<f32>(out + i, load<f32>(dy + (r << 2)) * z * inverseStd);
    }
  }
}

/**
 * out[columns] = Σ over the rows of dy[row] (z² - 1), in ascending order, by blocks where there are many: the adjoint
 * of gaussianLogProb with respect to a logStd [columns]
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

/**
 * out[rows, columns] = dy[row] (z² - 1): the adjoint of gaussianLogProb with respect to a logStd [rows, columns]
 */
export function gaussianLogProbLogStdsAdjoint(
  out: usize,
  dy: usize,
  mean: usize,
  logStd: usize,
  action: usize,
  rows: i32,
  columns: i32,
): void {
  for (let r = 0; r < rows; r++, dy += 4) {
    const gradient = load<f32>(dy);
    for (let c = 0; c < columns; c++, out += 4, mean += 4, logStd += 4, action += 4) {
      const z = (load<f32>(action) - load<f32>(mean)) * exp1(-load<f32>(logStd));
      store<f32>(out, gradient * (z * z - <f32>1));
    }
  }
}

/**
 * out[n] = Σ weights[k] log(1 - tanh²(mean[n] + std[n] nodes[k])) over `count` nodes, in ascending order: the
 * expectation under normal distributions, by quadrature
 */
export function expectedTanhLogSlope(
  out: usize,
  mean: usize,
  std: usize,
  nodes: usize,
  weights: usize,
  count: i32,
  n: i32,
): void {
  const last = (<usize>count) << 2;
  const end = mean + ((<usize>n) << 2);
  for (; mean < end; out += 16, mean += 16, std += 16) {
    const left = end - mean;
    const whole = left >= 16;
    const center = whole ? v128.load(mean) : loadPart(mean, left);
    const spread = whole ? v128.load(std) : loadPart(std, left);
    let total = f32x4.splat(0);
    for (let k: usize = 0; k < last; k += 4) {
      const x = f32x4.add(center, f32x4.mul(spread, v128.load32_splat(nodes + k)));
      total = f32x4.add(total, f32x4.mul(v128.load32_splat(weights + k), Lanes.tanhLogSlope(x)));
    }
    if (whole) v128.store(out, total);
    else storePart(out, total, left);
  }
}

/**
 * out[n] = -2 dy[n] Σ weights[k] tanh(mean[n] + std[n] nodes[k]): the adjoint of expectedTanhLogSlope with respect to
 * the mean; with weights[k] nodes[k] for weights that with respect to the standard deviation
 */
export function expectedTanhLogSlopeAdjoint(
  out: usize,
  dy: usize,
  mean: usize,
  std: usize,
  nodes: usize,
  weights: usize,
  count: i32,
  n: i32,
): void {
  const last = (<usize>count) << 2;
  const end = mean + ((<usize>n) << 2);
  for (; mean < end; out += 16, dy += 16, mean += 16, std += 16) {
    const left = end - mean;
    const whole = left >= 16;
    const center = whole ? v128.load(mean) : loadPart(mean, left);
    const spread = whole ? v128.load(std) : loadPart(std, left);
    let total = f32x4.splat(0);
    for (let k: usize = 0; k < last; k += 4) {
      const x = f32x4.add(center, f32x4.mul(spread, v128.load32_splat(nodes + k)));
      total = f32x4.add(total, f32x4.mul(v128.load32_splat(weights + k), Lanes.tanh(x)));
    }
    const gradient = f32x4.mul(f32x4.mul(f32x4.splat(-2), whole ? v128.load(dy) : loadPart(dy, left)), total);
    if (whole) v128.store(out, gradient);
    else storePart(out, gradient, left);
  }
}
