// Matrix products. Three forms, one loop nest:
//   matmul     C[m, n] = A[m, k] · B[k, n] + bias, with an activation   (a layer's forward pass)
//   matmulNT   C[m, n] = A[m, k] · B[n, k]^T                            (the gradient of a layer's input)
//   matmulTN   C[m, n] = A[k, m]^T · B[k, n]                            (the gradient of a layer's weights)
// All that they compute, to the bit, is
//   for (i = 0; i < m; i++)
//     for (j = 0; j < n; j++) {
//       sum = bias[j];
//       for (p = 0; p < min(k, 256); p++) sum = madd(A[i, p], B[p, j], sum);
//       for (q = 256; q < k; q += 256) {
//         block = 0;
//         for (p = q; p < min(k, q + 256); p++) block = madd(A[i, p], B[p, j], block);
//         sum = sum + block;
//       }
//       C[i, j] = activation(sum);
//     }
// and the rest of this file is about the order in which memory is touched.
//
// The structure is that of BLIS (Van Zee and van de Geijn, 2015) cut down to the sizes that reinforcement learning has:
// tiles (tiles.ts) over blocks of B that fit the second-level cache. What the first-level cache would not serve well is
// copied first (packing.ts): blocks of B that outgrow it, and a transposed A that is wide. Every element of C is that
// sum, whatever tile computes it: a row's result depends neither on the rows beside it nor on how many there are. One
// accumulator over all of a long depth would be off by up to k roundings of Σ|A B|; blocks are off by 256, and one for
// each block.
//
// Address 0 holds 64 zero bytes (constants.ts), so a bias at address 0 is a bias of zero.

import { elu, relu, tanh } from "./elementwise";
import { packEdge, packPanels, packStrip } from "./packing";
import { tile1x4, tile1x8, tile4x1, tile4x4, tile4x8, tile4x8Transposed, tile6x8, tile6x8Transposed } from "./tiles";

/**
 * Depth of a block, by which the order of the sums is defined: a panel of B (256 x 8 floats, 8 KiB) and the rows of A
 * (6 x 256, 6 KiB) share the first-level cache.
 */
export const BLOCK_DEPTH: i32 = 256;
/** Columns of a block: packed B takes at most 256 x 512 floats (512 KiB) of the second-level cache. */
const BLOCK_COLUMNS: i32 = 512;
/**
 * B is packed when a block of it takes most of the first-level cache (24 of 32 KiB), and enough rows share the cost.
 */
const PACK_ELEMENTS: i32 = 6144;
const PACK_ROWS: i32 = 32;
/**
 * A strip of a transposed A is packed where its steps lie so many bytes apart that they meet in few sets of the cache,
 * and enough columns share the cost. Without it a product of 1024 x 1024 x 1024 takes twice the time.
 */
const PACK_STEP: usize = 1024;
const PACK_COLUMNS: i32 = 128;

/** The rows of the largest tile. */
const TILE_ROWS: i32 = 6;
/**
 * Scratch begins with a 4x8 tile for the ragged right edge; a tile's rows of A and the panels of B follow, and where
 * the depth is more than one block, a tile's rows of what the later ones add to C.
 */
const TILE_BYTES: usize = 128;
const STRIP_BYTES: usize = 6144;

const TANH: i32 = 1;
const RELU: i32 = 2;
const ELU: i32 = 3;

/** Bytes of scratch that a product of depth k with n columns needs. */
export function matmulScratch(k: i32, n: i32): i32 {
  const depth = min(k, BLOCK_DEPTH);
  const columns = (min(n, BLOCK_COLUMNS) + 7) & ~7;
  const sums = k > BLOCK_DEPTH ? TILE_ROWS : 0;
  return <i32>(TILE_BYTES + STRIP_BYTES) + (depth + sums) * columns * 4;
}

/** out[m, n] = activation(a[m, k] · b[k, n] + bias[n]); activation 0 none, 1 tanh, 2 relu, 3 elu; bias 0 for none. */
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
  product(out, a, k << 2, 4, b, n << 2, 4, bias, m, k, n, false, scratch);
  if (activation == TANH) tanh(out, out, m * n);
  else if (activation == RELU) relu(out, out, m * n);
  else if (activation == ELU) elu(out, out, m * n);
}

/** out[m, n] = a[m, k] · b[n, k]^T */
export function matmulNT(out: usize, a: usize, b: usize, m: i32, k: i32, n: i32, scratch: usize): void {
  product(out, a, k << 2, 4, b, 4, k << 2, 0, m, k, n, false, scratch);
}

/** out[m, n] = a[k, m]^T · b[k, n] */
export function matmulTN(out: usize, a: usize, b: usize, m: i32, k: i32, n: i32, scratch: usize): void {
  product(out, a, 4, m << 2, b, n << 2, 4, 0, m, k, n, false, scratch);
}

/**
 * Element (i, p) of A lies at a + i * aRow + p * aStep and element (p, j) of B at b + p * bStep + j * bColumn, in
 * bytes; of each pair one is 4. Where it `adds`, C is that of the blocks before these, and the scratch is one for more
 * than one block.
 */
export function product(
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
  adds: bool,
  scratch: usize,
): void {
  if (k == 0) {
    onlyBias(out, bias, m, n);
    return;
  }
  const outRow = (<usize>n) << 2;
  const packedStrip = scratch + TILE_BYTES;
  const packed = packedStrip + STRIP_BYTES;
  const sums = packed + ((<usize>BLOCK_DEPTH * <usize>((min(n, BLOCK_COLUMNS) + 7) & ~7)) << 2);
  // Over the depth, BLOCK_DEPTH at a time.
  for (let p = 0; p < k; p += BLOCK_DEPTH, adds = true) {
    const depth = min(k - p, BLOCK_DEPTH);
    const block = a + <usize>p * aStep;
    if (n == 1 && aStep == 4 && !adds) {
      tile4x1(out, bias, block, aRow, b, bStep, depth, m);
      continue;
    }
    // Over the columns of B and C, BLOCK_COLUMNS at a time.
    for (let j = 0; j < n; j += BLOCK_COLUMNS) {
      const columns = min(n - j, BLOCK_COLUMNS);
      const full = columns & ~7;
      const ragged = columns & 7;
      const panels = full >> 3;
      const corner = b + <usize>p * bStep + <usize>j * bColumn;
      const target = out + ((<usize>j) << 2);
      // The first block starts from the bias; every later one from the zeros at address 0, and is added to C.
      const start = bias && !adds ? bias + ((<usize>j) << 2) : 0;
      const startPanel: usize = start ? 32 : 0;

      let panel = corner;
      let bPanel: usize = 32;
      let panelStep = bStep;
      if (bColumn != 4 || (depth * columns > PACK_ELEMENTS && m >= PACK_ROWS)) {
        packPanels(packed, corner, bStep, bColumn, depth, full);
        panel = packed;
        bPanel = (<usize>depth) << 5;
        panelStep = 32;
      }
      const scattered = aRow == 4 && aStep >= PACK_STEP && columns >= PACK_COLUMNS;
      // Over the rows of A and C, a tile's at a time; the tile itself goes along the panels of 8 columns.
      for (let i = 0, rows = 0; i < m && panels > 0; i += rows) {
        rows = rowsOfTile(m - i);
        const to = target + <usize>i * outRow;
        let strip = block + <usize>i * aRow;
        let step = aStep;
        if (scattered && rows > 1) {
          packStrip(packedStrip, strip, aStep, rows, depth);
          strip = packedStrip;
          step = (<usize>rows) << 2;
        }
        const c = adds ? sums : to;
        const cRow = adds ? (<usize>full) << 2 : outRow;
        tiles(rows, c, cRow, start, startPanel, strip, aRow, step, panel, panelStep, bPanel, depth, panels);
        if (adds) addRows(to, outRow, sums, cRow, rows, full);
      }
      if (ragged == 0) continue;

      packEdge(packed, corner + <usize>full * bColumn, bStep, bColumn, depth, ragged);
      const narrow = ragged <= 4;
      const width: usize = narrow ? 16 : 32;
      const from = start + <usize>panels * startPanel;
      // The same rows once more, for the last one to seven columns.
      for (let i = 0, rows = 0; i < m; i += rows) {
        rows = m - i >= 4 ? 4 : 1;
        const strip = block + <usize>i * aRow;
        if (narrow) {
          if (rows == 4) tile4x4(scratch, from, strip, aRow, aStep, packed, depth);
          else tile1x4(scratch, from, strip, aStep, packed, depth);
        } else {
          tiles(rows, scratch, 32, from, 0, strip, aRow, aStep, packed, 32, 0, depth, 1);
        }
        const to = target + <usize>i * outRow + ((<usize>full) << 2);
        if (adds) addRows(to, outRow, scratch, width, rows, ragged);
        else copyRows(to, outRow, scratch, width, rows, ragged);
      }
    }
  }
}

/** `rows` rows of C, 1, 4 or 6, by the tile that suits how A lies. */
function tiles(
  rows: i32,
  c: usize,
  cRow: usize,
  start: usize,
  startPanel: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  depth: i32,
  panels: i32,
): void {
  if (ASC_FEATURE_RELAXED_SIMD && rows == 6) {
    if (aRow == 4) tile6x8Transposed(c, cRow, start, startPanel, a, aStep, b, bStep, bPanel, depth, panels);
    else tile6x8(c, cRow, start, startPanel, a, aRow, b, bStep, bPanel, depth, panels);
  } else if (rows == 1) {
    tile1x8(c, start, startPanel, a, aStep, b, bStep, bPanel, depth, panels);
  } else if (aRow == 4) {
    tile4x8Transposed(c, cRow, start, startPanel, a, aStep, b, bStep, bPanel, depth, panels);
  } else {
    tile4x8(c, cRow, start, startPanel, a, aRow, b, bStep, bPanel, depth, panels);
  }
}

/**
 * The rows of the next tile of 8 columns. The fma module takes 6, but two times 4 rather than 6 and two single rows.
 */
function rowsOfTile(left: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD && left >= 6 && left >> 1 != 4) return 6;
  return left >= 4 ? 4 : 1;
}

/** c[rows, columns] = x, whose rows lie so many bytes apart */
function copyRows(c: usize, cRow: usize, x: usize, xRow: usize, rows: i32, columns: i32): void {
  for (; rows > 0; rows--, c += cRow, x += xRow) {
    for (let q: usize = 0; q < (<usize>columns) << 2; q += 4) store<f32>(c + q, load<f32>(x + q));
  }
}

/** c[rows, columns] += x */
function addRows(c: usize, cRow: usize, x: usize, xRow: usize, rows: i32, columns: i32): void {
  const bytes = (<usize>columns) << 2;
  for (; rows > 0; rows--, c += cRow, x += xRow) {
    let q: usize = 0;
    for (; q + 16 <= bytes; q += 16) v128.store(c + q, f32x4.add(v128.load(c + q), v128.load(x + q)));
    for (; q < bytes; q += 4) store<f32>(c + q, load<f32>(c + q) + load<f32>(x + q));
  }
}

/** A product of depth 0: every row is the bias. */
function onlyBias(out: usize, bias: usize, m: i32, n: i32): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < m; i++, out += bytes) {
    if (bias) memory.copy(out, bias, bytes);
    else memory.fill(out, 0, bytes);
  }
}
