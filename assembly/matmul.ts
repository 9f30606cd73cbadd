// Matrix products. Three forms, one loop nest:
//   matmul     C[m, n] = A[m, k] · B[k, n] + bias, with an activation   (a layer's forward pass)
//   matmulNT   C[m, n] = A[m, k] · B[n, k]^T                            (the gradient of a layer's input)
//   matmulTN   C[m, n] = A[k, m]^T · B[k, n]                            (the gradient of a layer's weights)
//
// The structure is that of BLIS (Van Zee and van de Geijn, 2015) cut down to the sizes that reinforcement learning has. The 4x8 tile keeps
// 8 accumulators, two vectors of B and one of A in the 16 registers of x86-64; it is the largest tile that no version of V8 spills. Every
// element of C is the sum over k in ascending order, starting from the bias, whatever tile computes it: a row's result depends neither on
// the rows beside it nor on how many there are.
//
// Address 0 holds 64 zero bytes (constants.ts), so a bias at address 0 is a bias of zero.

import { relu, tanh } from "./elementwise";
import { madd } from "./simd";

/** Depth of a block: a panel of B (256 x 8 floats, 8 KiB) and a sliver of A (4 x 256, 4 KiB) share the first-level cache. */
const BLOCK_DEPTH: i32 = 256;
/** Columns of a block: packed B takes at most 256 x 512 floats (512 KiB) of the second-level cache. */
const BLOCK_COLUMNS: i32 = 512;
/** B is packed when a block of it outgrows the first-level cache and enough rows of A share the cost. */
const PACK_ELEMENTS: i32 = 6144;
const PACK_ROWS: i32 = 32;

/** Scratch begins with a 4x8 tile for the ragged right edge, then a sliver of A, then the panels of B. */
const TILE_BYTES: usize = 128;
const SLIVER_BYTES: usize = 4096;

const TANH: i32 = 1;
const RELU: i32 = 2;

/** Bytes of scratch that a product of depth k with n columns needs. */
export function matmulScratch(k: i32, n: i32): i32 {
  const depth = min(k, BLOCK_DEPTH);
  const columns = (min(n, BLOCK_COLUMNS) + 7) & ~7;
  return <i32>(TILE_BYTES + SLIVER_BYTES) + depth * columns * 4;
}

/** out[m, n] = activation(a[m, k] · b[k, n] + bias[n]); activation 0 none, 1 tanh, 2 relu; bias 0 for none. */
export function matmul(
  out: usize,
  a: usize,
  b: usize,
  bias: usize,
  m: i32,
  k: i32,
  n: i32,
  activation: i32,
  scratch: usize,
): void {
  product(out, a, k << 2, 4, b, n << 2, 4, bias, m, k, n, scratch);
  if (activation == TANH) tanh(out, out, m * n);
  else if (activation == RELU) relu(out, out, m * n);
}

/** out[m, n] = a[m, k] · b[n, k]^T */
export function matmulNT(out: usize, a: usize, b: usize, m: i32, k: i32, n: i32, scratch: usize): void {
  product(out, a, k << 2, 4, b, 4, k << 2, 0, m, k, n, scratch);
}

/** out[m, n] = a[k, m]^T · b[k, n] */
export function matmulTN(out: usize, a: usize, b: usize, m: i32, k: i32, n: i32, scratch: usize): void {
  product(out, a, 4, m << 2, b, n << 2, 4, 0, m, k, n, scratch);
}

/** Element (i, p) of A lies at a + i * aRow + p * aStep and element (p, j) of B at b + p * bStep + j * bColumn, in bytes. */
function product(
  out: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bColumn: usize,
  bias: usize,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): void {
  const outRow = (<usize>n) << 2;
  const sliver = scratch + TILE_BYTES;
  const panels = sliver + SLIVER_BYTES;
  let p = 0;
  do {
    const depth = min(k - p, BLOCK_DEPTH);
    for (let j = 0; j < n; j += BLOCK_COLUMNS) {
      const columns = min(n - j, BLOCK_COLUMNS);
      const full = columns & ~7;
      const ragged = columns & 7;
      const corner = b + <usize>p * bStep + <usize>j * bColumn;
      const large = depth * columns > PACK_ELEMENTS && m >= PACK_ROWS;
      let firstPanel = corner;
      let panelStride: usize = 32;
      let panelStep = bStep;
      let edge = panels;
      if (large || bColumn != 4) {
        packPanels(panels, corner, bStep, bColumn, depth, full);
        firstPanel = panels;
        panelStride = (<usize>depth) << 5;
        panelStep = 32;
        edge = panels + <usize>full * ((<usize>depth) << 2);
      }
      if (ragged) packEdge(edge, corner + <usize>full * bColumn, bStep, bColumn, depth, ragged);

      for (let i = 0; i < m; i += 4) {
        const rows = min(m - i, 4);
        const target = out + <usize>i * outRow + ((<usize>j) << 2);
        // The first block starts from the bias (or from the zeros at address 0), every later one from what lies in C.
        let start = target;
        let startRow = outRow;
        let startColumn: usize = 4;
        if (p == 0) {
          start = bias ? bias + ((<usize>j) << 2) : 0;
          startRow = 0;
          startColumn = bias ? 4 : 0;
        }
        let rowBlock = a + <usize>i * aRow + <usize>p * aStep;
        let row = aRow;
        let step = aStep;
        if (large && rows == 4) {
          packSliver(sliver, rowBlock, aRow, aStep, depth);
          rowBlock = sliver;
          row = 4;
          step = 16;
        }
        let panel = firstPanel;
        for (let q: usize = 0; q < <usize>full; q += 8, panel += panelStride) {
          const from = start + q * startColumn;
          const to = target + (q << 2);
          if (rows == 4) {
            if (row == 4) tile4x8Packed(to, outRow, from, startRow, rowBlock, step, panel, panelStep, depth);
            else tile4x8(to, outRow, from, startRow, rowBlock, row, panel, panelStep, depth);
          } else {
            for (let r: usize = 0; r < <usize>rows; r++)
              tile1x8(to + r * outRow, from + r * startRow, rowBlock + r * row, step, panel, panelStep, depth);
          }
        }
        if (ragged) {
          const from = start + <usize>full * startColumn;
          const to = target + ((<usize>full) << 2);
          if (rows == 4) {
            if (ragged <= 4) tile4x4(scratch, 32, from, startRow, rowBlock, row, step, edge, 16, depth);
            else if (row == 4) tile4x8Packed(scratch, 32, from, startRow, rowBlock, step, edge, 32, depth);
            else tile4x8(scratch, 32, from, startRow, rowBlock, row, edge, 32, depth);
          } else {
            for (let r: usize = 0; r < <usize>rows; r++) {
              if (ragged <= 4)
                tile1x4(scratch + (r << 5), from + r * startRow, rowBlock + r * row, step, edge, 16, depth);
              else tile1x8(scratch + (r << 5), from + r * startRow, rowBlock + r * row, step, edge, 32, depth);
            }
          }
          for (let r: usize = 0; r < <usize>rows; r++) {
            for (let q: usize = 0; q < (<usize>ragged) << 2; q += 4)
              store<f32>(to + r * outRow + q, load<f32>(scratch + (r << 5) + q));
          }
        }
      }
    }
    p += BLOCK_DEPTH;
  } while (p < k);
}

/** Copies `columns` (a multiple of 8) columns of B into panels of [depth, 8]. */
function packPanels(panels: usize, b: usize, bStep: usize, bColumn: usize, depth: i32, columns: i32): void {
  for (let j: usize = 0; j < <usize>columns; j += 8) {
    let source = b + j * bColumn;
    if (bColumn == 4) {
      for (let p = 0; p < depth; p++, source += bStep, panels += 32) {
        v128.store(panels, v128.load(source));
        v128.store(panels, v128.load(source, 16), 16);
      }
    } else {
      transpose4(panels, 32, source, bColumn, depth);
      transpose4(panels + 16, 32, source + (bColumn << 2), bColumn, depth);
      panels += (<usize>depth) << 5;
    }
  }
}

/** Copies the last `columns` (1 to 7) columns of B, widened with zeros to 4 or 8. */
function packEdge(panel: usize, b: usize, bStep: usize, bColumn: usize, depth: i32, columns: i32): void {
  const width: usize = columns <= 4 ? 16 : 32;
  memory.fill(panel, 0, <usize>depth * width);
  for (let p = 0; p < depth; p++, b += bStep, panel += width) {
    let source = b;
    for (let q: usize = 0; q < (<usize>columns) << 2; q += 4, source += bColumn)
      store<f32>(panel + q, load<f32>(source));
  }
}

/** Copies four rows of A into [depth, 4]. */
function packSliver(sliver: usize, a: usize, aRow: usize, aStep: usize, depth: i32): void {
  if (aRow == 4) {
    for (let p = 0; p < depth; p++, a += aStep, sliver += 16) v128.store(sliver, v128.load(a));
  } else transpose4(sliver, 16, a, aRow, depth);
}

/** Turns four lines of `length` contiguous floats into `length` lines of four. */
function transpose4(out: usize, outStride: usize, source: usize, sourceStride: usize, length: i32): void {
  let s0 = source;
  let s1 = s0 + sourceStride;
  let s2 = s1 + sourceStride;
  let s3 = s2 + sourceStride;
  let p = 0;
  for (; p + 4 <= length; p += 4, s0 += 16, s1 += 16, s2 += 16, s3 += 16) {
    const x0 = v128.load(s0);
    const x1 = v128.load(s1);
    const x2 = v128.load(s2);
    const x3 = v128.load(s3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(out + outStride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store(out + 2 * outStride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
    v128.store(out + 3 * outStride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    out += 4 * outStride;
  }
  for (; p < length; p++, out += outStride, s0 += 4, s1 += 4, s2 += 4, s3 += 4) {
    store<f32>(out, load<f32>(s0));
    store<f32>(out, load<f32>(s1), 4);
    store<f32>(out, load<f32>(s2), 8);
    store<f32>(out, load<f32>(s3), 12);
  }
}

// The two tiles that do most of the work take two steps a turn, with a way out between them. A turn costs Node 20 a check of the stack, so this
// is worth a fifth there; and the way out keeps the compiler from nesting one step's sums into the next's, which would need more registers
// than there are. Knowing how A lies saves them half of their additions to addresses, worth another twentieth.

/** Four rows of A, each of them contiguous. */
function tile4x8(
  c: usize,
  cRow: usize,
  start: usize,
  startRow: usize,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  depth: i32,
): void {
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c00 = v128.load(start);
  let c01 = v128.load(start, 16);
  start += startRow;
  let c10 = v128.load(start);
  let c11 = v128.load(start, 16);
  start += startRow;
  let c20 = v128.load(start);
  let c21 = v128.load(start, 16);
  start += startRow;
  let c30 = v128.load(start);
  let c31 = v128.load(start, 16);
  let b0: v128;
  let b1: v128;
  let x: v128;
  while (depth > 0) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
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
    b += bStep;
    if (--depth == 0) break;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
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
    a0 += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    b += bStep;
    if (--depth == 0) break;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** Four rows of A that lie side by side, as in a sliver or where A is transposed: the elements of one step are contiguous. */
function tile4x8Packed(
  c: usize,
  cRow: usize,
  start: usize,
  startRow: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  depth: i32,
): void {
  let c00 = v128.load(start);
  let c01 = v128.load(start, 16);
  start += startRow;
  let c10 = v128.load(start);
  let c11 = v128.load(start, 16);
  start += startRow;
  let c20 = v128.load(start);
  let c21 = v128.load(start, 16);
  start += startRow;
  let c30 = v128.load(start);
  let c31 = v128.load(start, 16);
  let b0: v128;
  let b1: v128;
  let x: v128;
  while (depth > 0) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += aStep;
    b += bStep;
    if (--depth == 0) break;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += aStep;
    b += bStep;
    if (--depth == 0) break;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

function tile4x4(
  c: usize,
  cRow: usize,
  start: usize,
  startRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  depth: i32,
): void {
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c0 = v128.load(start);
  let c1 = v128.load(start + startRow);
  let c2 = v128.load(start + 2 * startRow);
  let c3 = v128.load(start + 3 * startRow);
  for (; depth > 0; depth--) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a0), b0, c0);
    c1 = madd(v128.load32_splat(a1), b0, c1);
    c2 = madd(v128.load32_splat(a2), b0, c2);
    c3 = madd(v128.load32_splat(a3), b0, c3);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += bStep;
  }
  v128.store(c, c0);
  v128.store(c + cRow, c1);
  v128.store(c + 2 * cRow, c2);
  v128.store(c + 3 * cRow, c3);
}

function tile1x8(c: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, depth: i32): void {
  let c0 = v128.load(start);
  let c1 = v128.load(start, 16);
  for (; depth > 0; depth--) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    a += aStep;
    b += bStep;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}

function tile1x4(c: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, depth: i32): void {
  let c0 = v128.load(start);
  for (; depth > 0; depth--) {
    c0 = madd(v128.load32_splat(a), v128.load(b), c0);
    a += aStep;
    b += bStep;
  }
  v128.store(c, c0);
}
