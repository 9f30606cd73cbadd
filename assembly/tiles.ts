// Tiles of a matrix product, the loops that do all of its arithmetic:
//   C[rows, columns] = start[columns] + A[rows, depth] · B[depth, columns]
//
// A tile's name says its rows and columns; those of 8 columns do one tile after another along the panels of B, because
// calling one costs as much as six steps of it. Every element is the sum over the depth in ascending order, from
// `start` on, whatever tile computes it; what is deeper than a block is for the caller to add up. `depth` is at least
// 1. Strides are in bytes: cRow and aRow from row to row, aStep and bStep from step to step, startPanel and bPanel from
// panel to panel.
//
// x86-64 has 16 registers of four floats. Where multiplying and adding are two instructions, the 8 accumulators of 4x8
// keep both units busy, and V8 keeps the temporaries of a larger tile in memory. A fused instruction needs no temporary
// and takes longer than an addition, so that more of them have to be under way: with the 12 accumulators of 6x8 the fma
// module reaches 94% of the peak, with 8 it reaches 87%.
//
// How a loop is written decides what V8 keeps in registers.
//   - It moves the loads of a basic block to the block's start. 4x8 has room for all loads of a step, but not of two,
//     hence the way out between its steps. 6x8 has room for one element of A, hence a way out after every row; 1x8 has
//     room for two of its four panels, hence one in the middle. These are never taken: no address and no stride is 0.
//   - A turn costs a check of the stack, and new addresses of rows: 4x8 takes four steps a turn, which is worth a fifth
//     on Node 20. Transposed it has one address for all rows, and two steps are enough.
//   - Comparing B with its end instead of counting saves a register that would not be there.

import { madd, storePart } from "./simd";

/** Of rows of A that are contiguous. */
export function tile4x8(
  c: usize,
  cRow: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  const bytes = <usize>depth * bStep;
  for (; panels > 0; panels--) {
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = c00;
    let c11 = c01;
    let c20 = c00;
    let c21 = c01;
    let c30 = c00;
    let c31 = c01;
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let q = b;
    const end = b + bytes;
    let b0: v128;
    let b1: v128;
    let x: v128;
    while (true) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(a0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      q += bStep;
      if (q == end) break;
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(a0, 4);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2, 4);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3, 4);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      q += bStep;
      if (q == end) break;
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(a0, 8);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2, 8);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3, 8);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      q += bStep;
      if (q == end) break;
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(a0, 12);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2, 12);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3, 12);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      q += bStep;
      if (q == end) break;
    }
    let to = c;
    v128.store(to, c00);
    v128.store(to, c01, 16);
    to += cRow;
    v128.store(to, c10);
    v128.store(to, c11, 16);
    to += cRow;
    v128.store(to, c20);
    v128.store(to, c21, 16);
    to += cRow;
    v128.store(to, c30);
    v128.store(to, c31, 16);
    c += 32;
    start += startPanel;
    b += bPanel;
  }
}

/** Of rows of A that lie side by side, because A is transposed: the elements of one step are contiguous. */
export function tile4x8Transposed(
  c: usize,
  cRow: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  const bytes = <usize>depth * bStep;
  for (; panels > 0; panels--) {
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = c00;
    let c11 = c01;
    let c20 = c00;
    let c21 = c01;
    let c30 = c00;
    let c31 = c01;
    let p = a;
    let q = b;
    const end = b + bytes;
    let b0: v128;
    let b1: v128;
    let x: v128;
    while (true) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(p);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(p, 8);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      p += aStep;
      q += bStep;
      if (q == end) break;
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(p);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(p, 8);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      p += aStep;
      q += bStep;
      if (q == end) break;
    }
    let to = c;
    v128.store(to, c00);
    v128.store(to, c01, 16);
    to += cRow;
    v128.store(to, c10);
    v128.store(to, c11, 16);
    to += cRow;
    v128.store(to, c20);
    v128.store(to, c21, 16);
    to += cRow;
    v128.store(to, c30);
    v128.store(to, c31, 16);
    c += 32;
    start += startPanel;
    b += bPanel;
  }
}

/** As tile4x8, in the fma module. */
export function tile6x8(
  c: usize,
  cRow: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  const bytes = <usize>depth * bStep;
  for (; panels > 0; panels--) {
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = c00;
    let c11 = c01;
    let c20 = c00;
    let c21 = c01;
    let c30 = c00;
    let c31 = c01;
    let c40 = c00;
    let c41 = c01;
    let c50 = c00;
    let c51 = c01;
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let a4 = a3 + aRow;
    let a5 = a4 + aRow;
    let q = b;
    const end = b + bytes;
    let b0: v128;
    let b1: v128;
    let x: v128;
    while (true) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(a0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      // Never taken: a way out, which keeps the loads of the next row below it (see the top).
      if (a1 == 0) break;
      x = v128.load32_splat(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      if (a2 == 0) break;
      x = v128.load32_splat(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      if (a3 == 0) break;
      x = v128.load32_splat(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      if (a4 == 0) break;
      x = v128.load32_splat(a4);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      if (a5 == 0) break;
      x = v128.load32_splat(a5);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
      a5 += 4;
      q += bStep;
      if (q == end) break;
    }
    let to = c;
    v128.store(to, c00);
    v128.store(to, c01, 16);
    to += cRow;
    v128.store(to, c10);
    v128.store(to, c11, 16);
    to += cRow;
    v128.store(to, c20);
    v128.store(to, c21, 16);
    to += cRow;
    v128.store(to, c30);
    v128.store(to, c31, 16);
    to += cRow;
    v128.store(to, c40);
    v128.store(to, c41, 16);
    to += cRow;
    v128.store(to, c50);
    v128.store(to, c51, 16);
    c += 32;
    start += startPanel;
    b += bPanel;
  }
}

/** As tile4x8Transposed, in the fma module. */
export function tile6x8Transposed(
  c: usize,
  cRow: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  const bytes = <usize>depth * bStep;
  for (; panels > 0; panels--) {
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = c00;
    let c11 = c01;
    let c20 = c00;
    let c21 = c01;
    let c30 = c00;
    let c31 = c01;
    let c40 = c00;
    let c41 = c01;
    let c50 = c00;
    let c51 = c01;
    let p = a;
    let q = b;
    const end = b + bytes;
    let b0: v128;
    let b1: v128;
    let x: v128;
    while (true) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      x = v128.load32_splat(p);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      // Never taken: a way out, which keeps the loads of the next row below it (see the top).
      if (p == 0) break;
      x = v128.load32_splat(p, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      if (q == 0) break;
      x = v128.load32_splat(p, 8);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      if (c == 0) break;
      x = v128.load32_splat(p, 12);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      if (aStep == 0) break;
      x = v128.load32_splat(p, 16);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      if (end == 0) break;
      x = v128.load32_splat(p, 20);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      p += aStep;
      q += bStep;
      if (q == end) break;
    }
    let to = c;
    v128.store(to, c00);
    v128.store(to, c01, 16);
    to += cRow;
    v128.store(to, c10);
    v128.store(to, c11, 16);
    to += cRow;
    v128.store(to, c20);
    v128.store(to, c21, 16);
    to += cRow;
    v128.store(to, c30);
    v128.store(to, c31, 16);
    to += cRow;
    v128.store(to, c40);
    v128.store(to, c41, 16);
    to += cRow;
    v128.store(to, c50);
    v128.store(to, c51, 16);
    c += 32;
    start += startPanel;
    b += bPanel;
  }
}

/** Of one row of A; four panels at a time as far as there are four, because the accumulators of one are too few. */
export function tile1x8(
  c: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  const bytes = <usize>depth * bStep;
  for (; panels >= 4; panels -= 4) {
    let from = start;
    let c0 = v128.load(from);
    let c1 = v128.load(from, 16);
    from += startPanel;
    let c2 = v128.load(from);
    let c3 = v128.load(from, 16);
    from += startPanel;
    let c4 = v128.load(from);
    let c5 = v128.load(from, 16);
    from += startPanel;
    let c6 = v128.load(from);
    let c7 = v128.load(from, 16);
    from += startPanel;
    let p = a;
    let q0 = b;
    let q1 = q0 + bPanel;
    let q2 = q1 + bPanel;
    let q3 = q2 + bPanel;
    const end = b + bytes;
    while (true) {
      const x = v128.load32_splat(p);
      c0 = madd(x, v128.load(q0), c0);
      c1 = madd(x, v128.load(q0, 16), c1);
      c2 = madd(x, v128.load(q1), c2);
      c3 = madd(x, v128.load(q1, 16), c3);
      if (p == 0) break;
      c4 = madd(x, v128.load(q2), c4);
      c5 = madd(x, v128.load(q2, 16), c5);
      c6 = madd(x, v128.load(q3), c6);
      c7 = madd(x, v128.load(q3, 16), c7);
      p += aStep;
      q0 += bStep;
      q1 += bStep;
      q2 += bStep;
      q3 += bStep;
      if (q0 == end) break;
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    v128.store(c, c2, 32);
    v128.store(c, c3, 48);
    v128.store(c, c4, 64);
    v128.store(c, c5, 80);
    v128.store(c, c6, 96);
    v128.store(c, c7, 112);
    c += 128;
    start = from;
    b += 4 * bPanel;
  }
  for (; panels > 0; panels--) {
    let c0 = v128.load(start);
    let c1 = v128.load(start, 16);
    let p = a;
    let q = b;
    for (let d = depth; d > 0; d--) {
      const x = v128.load32_splat(p);
      c0 = madd(x, v128.load(q), c0);
      c1 = madd(x, v128.load(q, 16), c1);
      p += aStep;
      q += bStep;
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    c += 32;
    start += startPanel;
    b += bPanel;
  }
}

// Four columns, for the few outputs of a policy or a value function: C and B are packed, 16 bytes from row to row and
// from step to step.

export function tile4x4(c: usize, start: usize, a: usize, aRow: usize, aStep: usize, b: usize, depth: i32): void {
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c0 = v128.load(start);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  const end = b + ((<usize>depth) << 4);
  while (true) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a0), b0, c0);
    c1 = madd(v128.load32_splat(a1), b0, c1);
    c2 = madd(v128.load32_splat(a2), b0, c2);
    c3 = madd(v128.load32_splat(a3), b0, c3);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += 16;
    if (b == end) break;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
}

export function tile1x4(c: usize, start: usize, a: usize, aStep: usize, b: usize, depth: i32): void {
  let c0 = v128.load(start);
  for (; depth > 0; depth--) {
    c0 = madd(v128.load32_splat(a), v128.load(b), c0);
    a += aStep;
    b += 16;
  }
  v128.store(c, c0);
}

/**
 * One column, as of a value function: C[rows, 1], whose elements lie side by side. The lanes are four rows, of which a
 * square of four steps is turned over at a time; where fewer rows are left, the last of them stands in for the others.
 */
export function tile4x1(
  c: usize,
  start: usize,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  depth: i32,
  rows: i32,
): void {
  const first = v128.load32_splat(start);
  const end = c + ((<usize>rows) << 2);
  for (; c < end; c += 16, a += aRow << 2) {
    const left = end - c;
    let a0 = a;
    let a1 = left > 4 ? a0 + aRow : a0;
    let a2 = left > 8 ? a1 + aRow : a1;
    let a3 = left > 12 ? a2 + aRow : a2;
    let q = b;
    let sums = first;
    let d = depth;
    for (; d >= 4; d -= 4, a0 += 16, a1 += 16, a2 += 16, a3 += 16) {
      const x0 = v128.load(a0);
      const x1 = v128.load(a1);
      const x2 = v128.load(a2);
      const x3 = v128.load(a3);
      const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      sums = madd(v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), v128.load32_splat(q), sums);
      q += bStep;
      sums = madd(v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), v128.load32_splat(q), sums);
      q += bStep;
      sums = madd(v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), v128.load32_splat(q), sums);
      q += bStep;
      sums = madd(v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), v128.load32_splat(q), sums);
      q += bStep;
    }
    for (; d > 0; d--, a0 += 4, a1 += 4, a2 += 4, a3 += 4, q += bStep) {
      let x = v128.load32_zero(a0);
      x = v128.load_lane<f32>(a1, x, 1);
      x = v128.load_lane<f32>(a2, x, 2);
      x = v128.load_lane<f32>(a3, x, 3);
      sums = madd(x, v128.load32_splat(q), sums);
    }
    if (left >= 16) v128.store(c, sums);
    else storePart(c, sums, left);
  }
}
