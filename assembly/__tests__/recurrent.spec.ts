import { sigmoid, tanh } from "../elementwise";
import { matmul, matmulScratch } from "../matmul";
import { gru, gruAdjoint, lstm, lstmAdjoint } from "../recurrent";
import { aligned, bytes, damage, differences, get, isNotANumber, numbers, put, putByte, reset, words } from "./support";

function floats(n: i32): usize {
  return (<usize>n) << 2;
}

function scratchOf(depth: i32, columns: i32, more: i32): usize {
  return aligned((matmulScratch(depth, columns) >> 2) + more);
}

/** Every third step of every other sequence begins an episode. */
function startsOf(steps: i32, sequences: i32): usize {
  const starts = bytes(steps * sequences);
  for (let i = 0; i < steps * sequences; i++) putByte(starts, i, (i / sequences) % 3 == 1 && i % 2 == 0 ? 1 : 0);
  return starts;
}

const place = heap.alloc(4);

/** f of one number. */
function numberOf(f: (out: usize, x: usize, n: i32) => void, value: f32): f32 {
  put(place, 0, value);
  f(place, place, 1);
  return get(place, 0);
}

/** The outputs of one step that differ from the formula, operation by operation, and what was written beside them. */
function lstmFailures(sequences: i32, size: i32): i32 {
  reset();
  const x = numbers(4 * sequences * size, 1);
  const weight = numbers(4 * size * size, 2);
  const before = numbers(2 * sequences * size, 3);
  const after = words(2 * sequences * size);
  const trace = words(7 * sequences * size);
  const hidden = words(sequences * size);
  const scratch = scratchOf(size, 4 * size, 0);
  lstm(after, trace, hidden, x, weight, before, startsOf(1, sequences), 1, sequences, size, scratch);
  let count = damage();
  const product = aligned(4 * size);
  for (let e = 0; e < sequences; e++) {
    const state = before + floats(2 * e * size);
    matmul(product, state, weight, 0, 1, size, 4 * size, 0, scratch);
    for (let j = 0; j < size; j++) {
      const i = numberOf(sigmoid, get(product, j) + get(x, 4 * e * size + j));
      const f = numberOf(sigmoid, get(product, size + j) + get(x, (4 * e + 1) * size + j));
      const g = numberOf(tanh, get(product, 2 * size + j) + get(x, (4 * e + 2) * size + j));
      const o = numberOf(sigmoid, get(product, 3 * size + j) + get(x, (4 * e + 3) * size + j));
      const c = get(state, size + j) * f + i * g;
      if (get(after, (2 * e + 1) * size + j) != c) count++;
      const h = o * numberOf(tanh, c);
      if (get(after, 2 * e * size + j) != h || get(hidden, e * size + j) != h) count++;
    }
  }
  return count;
}

function gruFailures(sequences: i32, size: i32): i32 {
  reset();
  const x = numbers(3 * sequences * size, 1);
  const weight = numbers(3 * size * size, 2);
  const bias = numbers(3 * size, 4);
  const before = numbers(sequences * size, 3);
  const after = words(sequences * size);
  const trace = words(5 * sequences * size);
  const hidden = words(sequences * size);
  const scratch = scratchOf(size, 3 * size, 0);
  gru(after, trace, hidden, x, weight, bias, before, startsOf(1, sequences), 1, sequences, size, scratch);
  let count = damage() + differences(after, hidden, sequences * size);
  const product = aligned(3 * size);
  for (let e = 0; e < sequences; e++) {
    const state = before + floats(e * size);
    matmul(product, state, weight, bias, 1, size, 3 * size, 0, scratch);
    for (let j = 0; j < size; j++) {
      const r = numberOf(sigmoid, get(product, j) + get(x, 3 * e * size + j));
      const z = numberOf(sigmoid, get(product, size + j) + get(x, (3 * e + 1) * size + j));
      const n = numberOf(tanh, r * get(product, 2 * size + j) + get(x, (3 * e + 2) * size + j));
      if (get(hidden, e * size + j) != (get(state, j) - n) * z + n) count++;
    }
  }
  return count;
}

/**
 * The numbers, outputs and gradients, that are others step by step or without the sequences beside one, and what was
 * written beside them. A sequence that begins with NaN in its memory forgets it where an episode starts.
 */
function splitFailures(steps: i32, sequences: i32, size: i32, gates: i32): i32 {
  reset();
  const isLstm = gates == 4;
  const parts = isLstm ? 2 : 1;
  const traced = isLstm ? 7 : 5;
  const each = sequences * size;
  const x = numbers(steps * gates * each, 1);
  const weight = numbers(gates * size * size, 2);
  const bias = numbers(gates * size, 4);
  const before = numbers(parts * each, 3);
  put(before, 0, NaN);
  if (isLstm) put(before, size, NaN);
  const starts = startsOf(steps, sequences);
  putByte(starts, 0, 1);
  const after = words(parts * each);
  const trace = words(steps * traced * each);
  const hidden = words(steps * each);
  const scratch = scratchOf(size, gates * size, 0);
  if (isLstm) lstm(after, trace, hidden, x, weight, before, starts, steps, sequences, size, scratch);
  else gru(after, trace, hidden, x, weight, bias, before, starts, steps, sequences, size, scratch);
  let count = damage();

  const one = words(parts * size);
  const oneTrace = words(traced * size);
  const oneHidden = words(size);
  for (let e = 0; e < sequences; e++) {
    memory.copy(one, before + floats(e * parts * size), floats(parts * size));
    for (let t = 0; t < steps; t++) {
      const row = t * sequences + e;
      const xRow = x + floats(row * gates * size);
      const start = starts + <usize>row;
      if (isLstm) lstm(one, oneTrace, oneHidden, xRow, weight, one, start, 1, 1, size, scratch);
      else gru(one, oneTrace, oneHidden, xRow, weight, bias, one, start, 1, 1, size, scratch);
      for (let j = 0; j < size; j++) if (isNotANumber(get(oneHidden, j))) count++;
      count += differences(oneHidden, hidden + floats(row * size), size);
    }
    count += differences(one, after + floats(e * parts * size), parts * size);
  }
  return count + damage();
}

/** What the adjoints write beside their results, and the gradients that are not 0 behind a step that has none. */
function adjointFailures(steps: i32, sequences: i32, size: i32, gates: i32): i32 {
  reset();
  const isLstm = gates == 4;
  const rows = steps * sequences;
  const trace = numbers((isLstm ? 7 : 5) * rows * size, 1);
  const transposed = numbers(gates * size * size, 2);
  const dy = numbers(rows * size, 3);
  const starts = bytes(rows);
  const middle = steps / 2;
  for (let i = 0; i < rows; i++) {
    putByte(starts, i, i / sequences == middle ? 1 : 0);
    // Of the first half nothing counts.
    if (i / sequences < middle) for (let j = 0; j < size; j++) put(dy, i * size + j, 0);
  }
  const out = words(gates * rows * size);
  const outProducts = words(gates * rows * size);
  const scratch = scratchOf(gates * size, size, 2 * sequences * size);
  if (isLstm) lstmAdjoint(out, dy, trace, transposed, starts, steps, sequences, size, scratch);
  else gruAdjoint(out, outProducts, dy, trace, transposed, starts, steps, sequences, size, scratch);
  let count = damage();
  const border = middle * sequences * gates * size;
  for (let i = 0; i < border; i++) if (get(out, i) != 0 || (!isLstm && get(outProducts, i) != 0)) count++;
  for (let i = border; i < gates * rows * size; i++) if (get(out, i) == 0 || isNotANumber(get(out, i))) count++;
  return count;
}

describe("lstm and gru", () => {
  it("are their formulas, step by step, and write nothing else", () => {
    for (let size = 1; size <= 19; size += 3) {
      expect(lstmFailures(3, size)).toBe(0, "lstm");
      expect(gruFailures(3, size)).toBe(0, "gru");
    }
  });

  it("have the same bits in one call as step by step and one by one", () => {
    for (let sequences = 1; sequences <= 13; sequences += 3) {
      for (let size = 3; size <= 40; size += 9) {
        expect(splitFailures(7, sequences, size, 4)).toBe(0, "lstm");
        expect(splitFailures(7, sequences, size, 3)).toBe(0, "gru");
      }
    }
    expect(splitFailures(3, 7, 128, 4)).toBe(0, "lstm of more than a block of columns");
    expect(splitFailures(3, 7, 264, 3)).toBe(0, "gru of more than a block of depth");
  });

  it("have a gradient that stops where an episode starts", () => {
    for (let size = 1; size <= 19; size += 3) {
      expect(adjointFailures(6, 3, size, 4)).toBe(0, "lstm");
      expect(adjointFailures(6, 3, size, 3)).toBe(0, "gru");
    }
  });

  it("pass the memory on where there is no step", () => {
    reset();
    const before = numbers(6, 1);
    const after = words(6);
    lstm(after, 0, 0, 0, 0, before, 0, 0, 1, 3, 0);
    expect(differences(after, before, 6)).toBe(0);
    gru(after, 0, 0, 0, 0, 0, before, 0, 0, 2, 3, 0);
    expect(differences(after, before, 6)).toBe(0);
  });
});
