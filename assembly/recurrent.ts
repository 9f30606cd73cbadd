// Recurrent layers over whole sequences, one call for all of their steps. Rows are time-major: row t * sequences + e is
// step t of sequence e. What the inputs add to the gates is given, since one product takes it for all steps at once;
// what is left is what has to wait for the step before. Where starts[t, e] is not 0 an episode begins: the state before
// step t is zero, and no gradient flows back beyond it.
//
// A row is computed by itself, in an order that the sizes of the layer fix. So a sequence has the same bits in one call
// as step by step, whatever lies beside it.

import { add, multiply, subtract } from "./broadcast";
import { sigmoid, tanh } from "./elementwise";
import { matmul } from "./matmul";

/** out[n] = a + b */
function plus(out: usize, a: usize, b: usize, n: i32): void {
  add(out, a, b, 1, n, 0, 4, 0, 4);
}

/** out[n] = a b */
function times(out: usize, a: usize, b: usize, n: i32): void {
  multiply(out, a, b, 1, n, 0, 4, 0, 4);
}

/** Four numbers, or one where no four are left. */
function read(address: usize, four: bool): v128 {
  return four ? v128.load(address) : v128.load32_splat(address);
}

function write(address: usize, x: v128, four: bool): void {
  if (four) v128.store(address, x);
  else v128.store_lane<f32>(address, x, 0);
}

/** dy y (1 - y): through a sigmoid. */
function throughSigmoid(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
}

/** dy (1 - y²): through a tanh. */
function throughTanh(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997) with forget gates, H cells:
 *   i, f, o = sigmoid and g = tanh of xGates + h · weight, c = f c + i g, h = o tanh c
 * xGates [steps sequences, 4H] in the order i, f, g, o; weight [H, 4H]; hidden [steps sequences, H]; after and before
 * [sequences, 2H], h then c; starts [steps, sequences] bytes. The trace is h and c as each step finds them and tanh c,
 * three arrays [steps sequences, H], and the gates [steps sequences, 4H].
 */
export function lstm(
  after: usize,
  trace: usize,
  hidden: usize,
  xGates: usize,
  weight: usize,
  before: usize,
  starts: usize,
  steps: i32,
  sequences: i32,
  size: i32,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  const all = <usize>sequences * bytes;
  const rows = <usize>steps * all;
  let hiddenBefore = trace;
  let cellsBefore = trace + rows;
  let tanhCells = trace + 2 * rows;
  let gates = trace + 3 * rows;
  memory.copy(after, before, 2 * all);
  for (let t = 0; t < steps; t++) {
    let state = after;
    for (let row: usize = 0; row < all; row += bytes, state += 2 * bytes, starts++) {
      if (load<u8>(starts)) memory.fill(state, 0, 2 * bytes);
      memory.copy(hiddenBefore + row, state, bytes);
      memory.copy(cellsBefore + row, state + bytes, bytes);
    }
    matmul(gates, hiddenBefore, weight, 0, sequences, size, 4 * size, 0, scratch);
    plus(gates, gates, xGates, 4 * size * sequences);
    state = after;
    for (let e = 0; e < sequences; e++, state += 2 * bytes, gates += 4 * bytes) {
      const cells = state + bytes;
      const candidate = gates + 2 * bytes;
      const output = gates + 3 * bytes;
      sigmoid(gates, gates, 2 * size);
      tanh(candidate, candidate, size);
      sigmoid(output, output, size);
      times(hidden, gates, candidate, size);
      times(cells, cells, gates + bytes, size);
      plus(cells, cells, hidden, size);
      tanh(tanhCells, cells, size);
      times(hidden, output, tanhCells, size);
      memory.copy(state, hidden, bytes);
      hidden += bytes;
      tanhCells += bytes;
    }
    xGates += 4 * all;
    hiddenBefore += all;
    cellsBefore += all;
  }
}

/**
 * The gradient of xGates from dy, that of hidden. `transposed` is the weight [4H, H]; scratch has room for 2 H floats a
 * sequence in front of what the product needs.
 */
export function lstmAdjoint(
  out: usize,
  dy: usize,
  trace: usize,
  transposed: usize,
  starts: usize,
  steps: i32,
  sequences: i32,
  size: i32,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  const all = <usize>sequences * bytes;
  const rows = <usize>steps * all;
  const toCells = scratch + all;
  for (let t = steps - 1; t >= 0; t--) {
    const next = starts + <usize>(t + 1) * <usize>sequences;
    for (let e: usize = 0; e < <usize>sequences; e++) {
      const row = e * bytes;
      const at = <usize>t * all + row;
      if (t == steps - 1 || load<u8>(next + e)) {
        memory.fill(scratch + row, 0, bytes);
        memory.fill(toCells + row, 0, bytes);
      }
      lstmRowAdjoint(
        out + 4 * at,
        toCells + row,
        dy + at,
        scratch + row,
        trace + 3 * rows + 4 * at,
        trace + rows + at,
        trace + 2 * rows + at,
        bytes,
      );
    }
    if (t > 0) matmul(scratch, out + 4 * <usize>t * all, transposed, 0, sequences, 4 * size, size, 0, toCells + all);
  }
}

/** One row of one step; toCells is what flows to c from the step after, and then to the step before. */
function lstmRowAdjoint(
  out: usize,
  toCells: usize,
  dy: usize,
  toHidden: usize,
  gates: usize,
  cellsBefore: usize,
  tanhCells: usize,
  bytes: usize,
): void {
  for (let j: usize = 0, four = true; j < bytes; j += four ? 16 : 4) {
    four = j + 16 <= bytes;
    const i = read(gates + j, four);
    const f = read(gates + bytes + j, four);
    const g = read(gates + 2 * bytes + j, four);
    const o = read(gates + 3 * bytes + j, four);
    const tanhCell = read(tanhCells + j, four);
    const dh = f32x4.add(read(dy + j, four), read(toHidden + j, four));
    const dc = f32x4.add(throughTanh(f32x4.mul(dh, o), tanhCell), read(toCells + j, four));
    write(out + j, throughSigmoid(f32x4.mul(dc, g), i), four);
    write(out + bytes + j, throughSigmoid(f32x4.mul(dc, read(cellsBefore + j, four)), f), four);
    write(out + 2 * bytes + j, throughTanh(f32x4.mul(dc, i), g), four);
    write(out + 3 * bytes + j, throughSigmoid(f32x4.mul(dh, tanhCell), o), four);
    write(toCells + j, f32x4.mul(dc, f), four);
  }
}

/**
 * Gated recurrent units (Cho et al., 2014), H of them, in PyTorch's form, which resets after the product:
 *   r, z = sigmoid of xGates + q and n = tanh of xGates + r q, q = h · weight + bias, h = (1 - z) n + z h
 * xGates [steps sequences, 3H] in the order r, z, n; weight [H, 3H]; bias [3H]; hidden [steps sequences, H]; after and
 * before [sequences, H]; starts [steps, sequences] bytes. The trace is h as each step finds it and the q of n, two
 * arrays [steps sequences, H], and the gates [steps sequences, 3H].
 */
export function gru(
  after: usize,
  trace: usize,
  hidden: usize,
  xGates: usize,
  weight: usize,
  bias: usize,
  before: usize,
  starts: usize,
  steps: i32,
  sequences: i32,
  size: i32,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  const all = <usize>sequences * bytes;
  const rows = <usize>steps * all;
  let hiddenBefore = trace;
  let products = trace + rows;
  let gates = trace + 2 * rows;
  memory.copy(after, before, all);
  for (let t = 0; t < steps; t++) {
    for (let row: usize = 0; row < all; row += bytes, starts++)
      if (load<u8>(starts)) memory.fill(after + row, 0, bytes);
    memory.copy(hiddenBefore, after, all);
    matmul(gates, hiddenBefore, weight, bias, sequences, size, 3 * size, 0, scratch);
    for (let row: usize = 0; row < all; row += bytes, gates += 3 * bytes, xGates += 3 * bytes) {
      const candidate = gates + 2 * bytes;
      const y = hidden + row;
      memory.copy(products, candidate, bytes);
      plus(gates, gates, xGates, 2 * size);
      sigmoid(gates, gates, 2 * size);
      times(candidate, gates, products, size);
      plus(candidate, candidate, xGates + 2 * bytes, size);
      tanh(candidate, candidate, size);
      // n + z (h - n)
      subtract(y, hiddenBefore + row, candidate, 1, size, 0, 4, 0, 4);
      times(y, y, gates + bytes, size);
      plus(y, y, candidate, size);
      products += bytes;
    }
    memory.copy(after, hidden, all);
    hiddenBefore += all;
    hidden += all;
  }
}

/**
 * The gradients of xGates, out, and of h · weight + bias, outProducts, from dy, that of hidden. `transposed` is the
 * weight [3H, H]; scratch has room for 2 H floats a sequence in front of what the product needs.
 */
export function gruAdjoint(
  out: usize,
  outProducts: usize,
  dy: usize,
  trace: usize,
  transposed: usize,
  starts: usize,
  steps: i32,
  sequences: i32,
  size: i32,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  const all = <usize>sequences * bytes;
  const rows = <usize>steps * all;
  const kept = scratch + all;
  for (let t = steps - 1; t >= 0; t--) {
    const next = starts + <usize>(t + 1) * <usize>sequences;
    for (let e: usize = 0; e < <usize>sequences; e++) {
      const row = e * bytes;
      const at = <usize>t * all + row;
      if (t == steps - 1 || load<u8>(next + e)) {
        memory.fill(scratch + row, 0, bytes);
        memory.fill(kept + row, 0, bytes);
      }
      gruRowAdjoint(
        out + 3 * at,
        outProducts + 3 * at,
        kept + row,
        dy + at,
        scratch + row,
        trace + 2 * rows + 3 * at,
        trace + rows + at,
        trace + at,
        bytes,
      );
    }
    const step = outProducts + 3 * <usize>t * all;
    if (t > 0) matmul(scratch, step, transposed, 0, sequences, 3 * size, size, 0, kept + all);
  }
}

/** One row of one step; kept is what flows to h past the product, from the step after and then to the step before. */
function gruRowAdjoint(
  out: usize,
  outProducts: usize,
  kept: usize,
  dy: usize,
  toHidden: usize,
  gates: usize,
  products: usize,
  hiddenBefore: usize,
  bytes: usize,
): void {
  const one = f32x4.splat(1);
  for (let j: usize = 0, four = true; j < bytes; j += four ? 16 : 4) {
    four = j + 16 <= bytes;
    const r = read(gates + j, four);
    const z = read(gates + bytes + j, four);
    const n = read(gates + 2 * bytes + j, four);
    const dh = f32x4.add(read(dy + j, four), f32x4.add(read(toHidden + j, four), read(kept + j, four)));
    const toNew = throughTanh(f32x4.mul(dh, f32x4.sub(one, z)), n);
    write(out + 2 * bytes + j, toNew, four);
    write(outProducts + 2 * bytes + j, f32x4.mul(toNew, r), four);
    const toReset = throughSigmoid(f32x4.mul(toNew, read(products + j, four)), r);
    write(out + j, toReset, four);
    write(outProducts + j, toReset, four);
    const toUpdate = throughSigmoid(f32x4.mul(dh, f32x4.sub(read(hiddenBefore + j, four), n)), z);
    write(out + bytes + j, toUpdate, four);
    write(outProducts + bytes + j, toUpdate, four);
    write(kept + j, f32x4.mul(dh, z), four);
  }
}
