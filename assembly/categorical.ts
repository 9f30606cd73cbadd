// The categorical distribution over rows of logits [rows, columns]. Four rows are handled at a time, one a lane: a
// policy has few actions and many rows. Where fewer than four are left the last one is repeated, and its lanes write
// the same result to the same place. A row's sum runs over its columns in ascending order, by blocks where there are
// many (blocks.ts).
//
// A row may also hold the logits of several distributions, one segment after the other: `sizes` are their int32
// columns. Those kernels go from segment to segment with the loops of one distribution, whose rows then are further
// apart.

import { blockOf } from "./blocks";
import { EXCESS_LIMIT, Lanes } from "./elementary";

/** The byte offset of row `lane` of a group of four that starts at row r, where rows are `stride` bytes apart. */
function rowOffset(r: i32, lane: i32, rows: i32, stride: usize): usize {
  return <usize>min(r + lane, rows - 1) * stride;
}

function loadRows(x0: usize, x1: usize, x2: usize, x3: usize): v128 {
  let lanes = v128.load32_zero(x0);
  lanes = v128.load_lane<f32>(x1, lanes, 1);
  lanes = v128.load_lane<f32>(x2, lanes, 2);
  return v128.load_lane<f32>(x3, lanes, 3);
}

function storeRows(x0: usize, x1: usize, x2: usize, x3: usize, lanes: v128): void {
  v128.store_lane<f32>(x0, lanes, 0);
  v128.store_lane<f32>(x1, lanes, 1);
  v128.store_lane<f32>(x2, lanes, 2);
  v128.store_lane<f32>(x3, lanes, 3);
}

function logSoftmaxOf(out: usize, x: usize, rows: i32, columns: i32, stride: usize): void {
  const end = (<usize>columns) << 2;
  const block = (<usize>blockOf(columns)) << 2;
  for (let r = 0; r < rows; r += 4) {
    const o0 = rowOffset(r, 0, rows, stride);
    const o1 = rowOffset(r, 1, rows, stride);
    const o2 = rowOffset(r, 2, rows, stride);
    const o3 = rowOffset(r, 3, rows, stride);
    let largest = f32x4.splat(-Infinity);
    for (let c: usize = 0; c < end; c += 4) {
      largest = f32x4.max(largest, loadRows(x + o0 + c, x + o1 + c, x + o2 + c, x + o3 + c));
    }
    let total = f32x4.splat(0);
    let c: usize = 0;
    do {
      const stop = min(c + block, end);
      let part = f32x4.splat(0);
      for (; c < stop; c += 4) {
        const shifted = f32x4.sub(loadRows(x + o0 + c, x + o1 + c, x + o2 + c, x + o3 + c), largest);
        part = f32x4.add(part, Lanes.exp(shifted));
        storeRows(out + o0 + c, out + o1 + c, out + o2 + c, out + o3 + c, shifted);
      }
      total = f32x4.add(total, part);
    } while (c < end);
    const logTotal = Lanes.log(total);
    for (let c: usize = 0; c < end; c += 4) {
      const shifted = loadRows(out + o0 + c, out + o1 + c, out + o2 + c, out + o3 + c);
      storeRows(out + o0 + c, out + o1 + c, out + o2 + c, out + o3 + c, f32x4.sub(shifted, logTotal));
    }
  }
}

/** out[rows, columns] = x - log Σ exp(x), in each row */
export function logSoftmax(out: usize, x: usize, rows: i32, columns: i32): void {
  logSoftmaxOf(out, x, rows, columns, (<usize>columns) << 2);
}

/** The same in each segment of each row. */
export function segmentedLogSoftmax(out: usize, x: usize, sizes: usize, segments: i32, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (; segments > 0; segments--, sizes += 4) {
    const size = load<i32>(sizes);
    logSoftmaxOf(out, x, rows, size, stride);
    const bytes = (<usize>size) << 2;
    out += bytes;
    x += bytes;
  }
}

function logSoftmaxAdjointOf(out: usize, dy: usize, y: usize, rows: i32, columns: i32, stride: usize): void {
  const end = (<usize>columns) << 2;
  const block = (<usize>blockOf(columns)) << 2;
  for (let r = 0; r < rows; r += 4) {
    const o0 = rowOffset(r, 0, rows, stride);
    const o1 = rowOffset(r, 1, rows, stride);
    const o2 = rowOffset(r, 2, rows, stride);
    const o3 = rowOffset(r, 3, rows, stride);
    let total = f32x4.splat(0);
    let c: usize = 0;
    do {
      const stop = min(c + block, end);
      let part = f32x4.splat(0);
      for (; c < stop; c += 4) {
        part = f32x4.add(part, loadRows(dy + o0 + c, dy + o1 + c, dy + o2 + c, dy + o3 + c));
      }
      total = f32x4.add(total, part);
    } while (c < end);
    for (let c: usize = 0; c < end; c += 4) {
      const softmax = Lanes.exp(loadRows(y + o0 + c, y + o1 + c, y + o2 + c, y + o3 + c));
      const gradient = loadRows(dy + o0 + c, dy + o1 + c, dy + o2 + c, dy + o3 + c);
      const result = f32x4.sub(gradient, f32x4.mul(softmax, total));
      storeRows(out + o0 + c, out + o1 + c, out + o2 + c, out + o3 + c, result);
    }
  }
}

/** out[rows, columns] = dy - softmax Σ dy, in each row, from the output y of logSoftmax */
export function logSoftmaxAdjoint(out: usize, dy: usize, y: usize, rows: i32, columns: i32): void {
  logSoftmaxAdjointOf(out, dy, y, rows, columns, (<usize>columns) << 2);
}

/** The same in each segment of each row. */
export function segmentedLogSoftmaxAdjoint(
  out: usize,
  dy: usize,
  y: usize,
  sizes: usize,
  segments: i32,
  rows: i32,
  columns: i32,
): void {
  const stride = (<usize>columns) << 2;
  for (; segments > 0; segments--, sizes += 4) {
    const size = load<i32>(sizes);
    logSoftmaxAdjointOf(out, dy, y, rows, size, stride);
    const bytes = (<usize>size) << 2;
    out += bytes;
    dy += bytes;
    y += bytes;
  }
}

/** out[rows] = x[row, indices[row]] */
export function gather(out: usize, x: usize, indices: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, out += 4, indices += 4, x += stride) {
    store<u32>(out, load<u32>(x + ((<usize>load<u32>(indices)) << 2)));
  }
}

/** out[rows, columns] = dy[row] in column indices[row], 0 elsewhere: the adjoint of gather */
export function gatherAdjoint(out: usize, dy: usize, indices: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  memory.fill(out, 0, <usize>rows * stride);
  for (let r = 0; r < rows; r++, dy += 4, indices += 4, out += stride) {
    store<f32>(out + ((<usize>load<u32>(indices)) << 2), load<f32>(dy));
  }
}

/** out[rows] = Σ over the segments of x[row, start of the segment + indices[row, segment]] */
export function segmentedGather(out: usize, x: usize, indices: usize, sizes: usize, segments: i32, rows: i32): void {
  for (let r = 0; r < rows; r++, out += 4) {
    let total: f32 = 0;
    for (let s: usize = 0; s < (<usize>segments) << 2; s += 4, indices += 4) {
      total += load<f32>(x + ((<usize>load<u32>(indices)) << 2));
      x += (<usize>load<i32>(sizes + s)) << 2;
    }
    store<f32>(out, total);
  }
}

/** out[rows, columns] = dy[row] in the columns that segmentedGather takes, 0 elsewhere: its adjoint */
export function segmentedGatherAdjoint(
  out: usize,
  dy: usize,
  indices: usize,
  sizes: usize,
  segments: i32,
  rows: i32,
  columns: i32,
): void {
  memory.fill(out, 0, (<usize>rows * <usize>columns) << 2);
  for (let r = 0; r < rows; r++, dy += 4) {
    for (let s: usize = 0; s < (<usize>segments) << 2; s += 4, indices += 4) {
      store<f32>(out + ((<usize>load<u32>(indices)) << 2), load<f32>(dy));
      out += (<usize>load<i32>(sizes + s)) << 2;
    }
  }
}

/** out[rows] = -Σ p log p, from log-probabilities; an action of probability 0 adds nothing */
export function entropy(out: usize, logProbs: usize, rows: i32, columns: i32): void {
  const end = (<usize>columns) << 2;
  const block = (<usize>blockOf(columns)) << 2;
  for (let r = 0; r < rows; r += 4) {
    const o0 = rowOffset(r, 0, rows, end);
    const o1 = rowOffset(r, 1, rows, end);
    const o2 = rowOffset(r, 2, rows, end);
    const o3 = rowOffset(r, 3, rows, end);
    let total = f32x4.splat(0);
    let c: usize = 0;
    do {
      const stop = min(c + block, end);
      let part = f32x4.splat(0);
      for (; c < stop; c += 4) {
        const logProb = loadRows(logProbs + o0 + c, logProbs + o1 + c, logProbs + o2 + c, logProbs + o3 + c);
        const prob = Lanes.exp(logProb);
        // Not equal to zero rather than greater: a NaN has to come through.
        part = f32x4.sub(part, v128.and(f32x4.mul(prob, logProb), f32x4.ne(prob, f32x4.splat(0))));
      }
      total = f32x4.add(total, part);
    } while (c < end);
    storeRows(
      out + rowOffset(r, 0, rows, 4),
      out + rowOffset(r, 1, rows, 4),
      out + rowOffset(r, 2, rows, 4),
      out + rowOffset(r, 3, rows, 4),
      total,
    );
  }
}

/** out[rows, columns] = -dy[row] p (log p + 1), the adjoint of entropy */
export function entropyAdjoint(out: usize, dy: usize, logProbs: usize, rows: i32, columns: i32): void {
  const end = (<usize>columns) << 2;
  for (let r = 0; r < rows; r += 4) {
    const o0 = rowOffset(r, 0, rows, end);
    const o1 = rowOffset(r, 1, rows, end);
    const o2 = rowOffset(r, 2, rows, end);
    const o3 = rowOffset(r, 3, rows, end);
    const gradient = f32x4.neg(
      loadRows(
        dy + rowOffset(r, 0, rows, 4),
        dy + rowOffset(r, 1, rows, 4),
        dy + rowOffset(r, 2, rows, 4),
        dy + rowOffset(r, 3, rows, 4),
      ),
    );
    for (let c: usize = 0; c < end; c += 4) {
      const logProb = loadRows(logProbs + o0 + c, logProbs + o1 + c, logProbs + o2 + c, logProbs + o3 + c);
      const prob = Lanes.exp(logProb);
      const slope = f32x4.mul(prob, f32x4.add(logProb, f32x4.splat(1)));
      const result = f32x4.mul(gradient, v128.and(slope, f32x4.ne(prob, f32x4.splat(0))));
      storeRows(out + o0 + c, out + o1 + c, out + o2 + c, out + o3 + c, result);
    }
  }
}

/**
 * out[rows] = Σ q log(q / p) = Σ q (exp(d) - 1 - d), d = log p - log q, from log-probabilities p and q that sum to 1.
 * No term of the second is negative, and errors of d enter by their product with d: what is left of two distributions
 * that hardly differ is no rounding error. An action of which q is 0 adds p, and nothing where p is 0 as well.
 */
export function categoricalKl(out: usize, logProbs: usize, others: usize, rows: i32, columns: i32): void {
  const end = (<usize>columns) << 2;
  const block = (<usize>blockOf(columns)) << 2;
  for (let r = 0; r < rows; r += 4) {
    const o0 = rowOffset(r, 0, rows, end);
    const o1 = rowOffset(r, 1, rows, end);
    const o2 = rowOffset(r, 2, rows, end);
    const o3 = rowOffset(r, 3, rows, end);
    let total = f32x4.splat(0);
    let c: usize = 0;
    do {
      const stop = min(c + block, end);
      let part = f32x4.splat(0);
      for (; c < stop; c += 4) {
        const logProb = loadRows(logProbs + o0 + c, logProbs + o1 + c, logProbs + o2 + c, logProbs + o3 + c);
        const other = loadRows(others + o0 + c, others + o1 + c, others + o2 + c, others + o3 + c);
        const q = Lanes.exp(other);
        const d = f32x4.sub(logProb, other);
        const near = f32x4.mul(q, Lanes.expExcess(d));
        // Not equal to zero rather than greater: a NaN has to come through.
        const rest = v128.and(f32x4.add(q, f32x4.mul(q, d)), f32x4.ne(q, f32x4.splat(0)));
        const far = f32x4.sub(Lanes.exp(logProb), rest);
        part = f32x4.add(part, v128.bitselect(near, far, f32x4.le(f32x4.abs(d), f32x4.splat(EXCESS_LIMIT))));
      }
      total = f32x4.add(total, part);
    } while (c < end);
    storeRows(
      out + rowOffset(r, 0, rows, 4),
      out + rowOffset(r, 1, rows, 4),
      out + rowOffset(r, 2, rows, 4),
      out + rowOffset(r, 3, rows, 4),
      total,
    );
  }
}

function sampleRow(logProbs: usize, uniform: f32, columns: i32): i32 {
  const block = blockOf(columns);
  let action = 0;
  let c = 0;
  do {
    const stop = min(c + block, columns);
    let cumulative: f32 = 0;
    for (; c < stop; c++, logProbs += 4) {
      const before = cumulative;
      cumulative += f32x4.extract_lane(Lanes.exp(v128.load32_splat(logProbs)), 0);
      // The sum may end just below 1: then the last action that has any probability is taken.
      if (before <= uniform && cumulative > before) action = c;
    }
    // What is left of it for the actions of the next block.
    uniform -= cumulative;
  } while (c < columns);
  return action;
}

/** out[rows] (int32) = the first action whose cumulative probability exceeds the uniform number of its row */
export function sampleCategorical(out: usize, logProbs: usize, uniforms: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, out += 4, uniforms += 4, logProbs += stride) {
    store<i32>(out, sampleRow(logProbs, load<f32>(uniforms), columns));
  }
}

/** out[rows, segments] (int32) = the same in each segment of each row, each with a uniform number of its own */
export function segmentedSample(
  out: usize,
  logProbs: usize,
  uniforms: usize,
  sizes: usize,
  segments: i32,
  rows: i32,
): void {
  for (let r = 0; r < rows; r++) {
    for (let s: usize = 0; s < (<usize>segments) << 2; s += 4, out += 4, uniforms += 4) {
      const size = load<i32>(sizes + s);
      store<i32>(out, sampleRow(logProbs, load<f32>(uniforms), size));
      logProbs += (<usize>size) << 2;
    }
  }
}

function argmaxOfRow(x: usize, columns: i32): i32 {
  let best = load<f32>(x);
  let index = 0;
  for (let c = 0; c < columns; c++, x += 4) {
    const value = load<f32>(x);
    // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript's own
    if (!isNaN(best) && !(value <= best)) {
      best = value;
      index = c;
    }
  }
  return index;
}

/** out[rows] (int32) = the column of the largest element, the first of equals; of the first NaN where there is one */
export function argmax(out: usize, x: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, out += 4, x += stride) store<i32>(out, argmaxOfRow(x, columns));
}

/** out[rows, segments] (int32) = the same in each segment of each row */
export function segmentedArgmax(out: usize, x: usize, sizes: usize, segments: i32, rows: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let s: usize = 0; s < (<usize>segments) << 2; s += 4, out += 4) {
      const size = load<i32>(sizes + s);
      store<i32>(out, argmaxOfRow(x, size));
      x += (<usize>size) << 2;
    }
  }
}
