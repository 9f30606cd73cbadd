// Convolutions of images whose channels are last, x[batch, height, width, channels], with weights [kernel height,
// kernel width, channels, filters]. A patch of an image, which one position of the output is computed of, is a row of a
// matrix P[batch · output height · output width, kernel height · kernel width · channels], in the order in which the
// weights lie. All that is computed, to the bit, is
//   convolution               Y = P · W + bias, with an activation
//   convolutionWeightAdjoint  dW = P^T · dY
//   convolutionInputAdjoint   dX = the sums of dP = dY · W^T where patches were taken, in ascending order of patches
// with the products of matmul.ts, whose sums know no row but their own. P and dP are never there as a whole: a block of
// rows is gathered into scratch that the second-level cache holds, and so is one of dP before it is added to dX.
//
// With its channels last a row of a patch is contiguous in the image. Bytes become float32 on the way, divided by 255.

import { BLOCK_DEPTH, matmul, matmulNT, matmulScratch, product } from "./matmul";

/** What all three take as `geometry`: int32 numbers in this order. */
@unmanaged
class Geometry {
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
  kernelHeight: i32 = 0;
  kernelWidth: i32 = 0;
  filters: i32 = 0;
  stride: i32 = 0;
  /** Zeros on each side of an image. */
  padding: i32 = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  /** Of an element of x: 4 for float32, 1 for bytes. */
  elementBytes: i32 = 0;
}

/** Elements of a block of P or dP, 256 KiB: it shares the second-level cache with packed weights. */
const BLOCK_ELEMENTS: i32 = 65536;
/** Rows of any tile divide it. */
const ROWS: i32 = 12;

// What is done with the row of a patch.
const GATHER: i32 = 0;
const GATHER_BYTES: i32 = 1;
const SCATTER: i32 = 2;

/**
 * Bytes of scratch that any of the three needs for patches of so many rows, whose width times channels is `segment`.
 */
export function convolutionScratch(kernelHeight: i32, segment: i32, filters: i32): i32 {
  const depth = kernelHeight * segment;
  const patches = max(
    rowsOfBlock(depth) * depth * 4,
    BLOCK_DEPTH * <i32>strideOf(linesOf(kernelHeight, segment) * segment),
  );
  return patches + matmulScratch(BLOCK_DEPTH + 1, max(depth, filters));
}

/** out[batch, outHeight, outWidth, filters] = activation(x * weight + bias[filters]); activation as of matmul */
export function convolution(
  out: usize,
  x: usize,
  weight: usize,
  bias: usize,
  geometry: usize,
  batch: i32,
  activation: i32,
  scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const depth = g.kernelHeight * g.kernelWidth * g.channels;
  const positions = batch * g.outHeight * g.outWidth;
  const block = rowsOfBlock(depth);
  const workspace = scratch + ((<usize>(block * depth)) << 2);
  const how = g.elementBytes == 1 ? GATHER_BYTES : GATHER;
  for (let first = 0; first < positions; first += block) {
    const rows = min(block, positions - first);
    eachPatch(how, scratch, depth << 2, x, g, first, rows, 0, g.kernelHeight);
    matmul(out, scratch, weight, bias, rows, depth, g.filters, activation, workspace);
    out += (<usize>(rows * g.filters)) << 2;
  }
}

/** dx, of the shape of x, from the gradient dy of the output before its activation; x is float32 */
export function convolutionInputAdjoint(
  dx: usize,
  dy: usize,
  weight: usize,
  geometry: usize,
  batch: i32,
  scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const depth = g.kernelHeight * g.kernelWidth * g.channels;
  const positions = batch * g.outHeight * g.outWidth;
  const block = rowsOfBlock(depth);
  const workspace = scratch + ((<usize>(block * depth)) << 2);
  memory.fill(dx, 0, (<usize>(batch * g.height * g.width * g.channels)) << 2);
  for (let first = 0; first < positions; first += block) {
    const rows = min(block, positions - first);
    matmulNT(scratch, dy, weight, rows, g.filters, depth, workspace);
    eachPatch(SCATTER, scratch, depth << 2, dx, g, first, rows, 0, g.kernelHeight);
    dy += (<usize>(rows * g.filters)) << 2;
  }
}

/** dweight, of the shape of weight, from x and the gradient dy of the output before its activation */
export function convolutionWeightAdjoint(
  dweight: usize,
  x: usize,
  dy: usize,
  geometry: usize,
  batch: i32,
  scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const segment = g.kernelWidth * g.channels;
  const positions = batch * g.outHeight * g.outWidth;
  const lines = linesOf(g.kernelHeight, segment);
  const stride = strideOf(lines * segment);
  const workspace = scratch + <usize>BLOCK_DEPTH * stride;
  const how = g.elementBytes == 1 ? GATHER_BYTES : GATHER;
  const rowBytes = g.filters << 2;
  // A block of the depth of the product at a time, so that there is an empty one where the batch is.
  for (let first = 0; first == 0 || first < positions; first += BLOCK_DEPTH) {
    const rows = min(BLOCK_DEPTH, positions - first);
    for (let line = 0; line < g.kernelHeight; line += lines) {
      const columns = min(lines, g.kernelHeight - line) * segment;
      eachPatch(how, scratch, stride, x, g, first, rows, line, min(lines, g.kernelHeight - line));
      const to = dweight + <usize>(line * segment * rowBytes);
      product(to, scratch, 4, stride, dy, rowBytes, 4, 0, columns, rows, g.filters, first > 0, workspace);
    }
    dy += <usize>(rows * rowBytes);
  }
}

function rowsOfBlock(depth: i32): i32 {
  return max(1, BLOCK_ELEMENTS / depth / ROWS) * ROWS;
}

/** How many lines of a patch make about as many columns as a block is deep. */
function linesOf(kernelHeight: i32, segment: i32): i32 {
  return min(kernelHeight, max(1, BLOCK_DEPTH / segment));
}

/** Bytes from row to row of so many floats: an odd number of cache lines, so that a column meets all sets. */
function strideOf(columns: i32): usize {
  return <usize>((((columns + 15) >> 4) | 1) << 6);
}

/**
 * Goes through `count` patches from number `first` on, of each through its lines from `line` on, `lines` of them, and
 * copies between patches, `patchBytes` from one to the next, and x.
 */
function eachPatch(
  how: i32,
  patches: usize,
  patchBytes: usize,
  x: usize,
  g: Geometry,
  first: i32,
  count: i32,
  line: i32,
  lines: i32,
): void {
  // Not read from g in the loops: what they store could be there, for all that the compiler knows.
  const pixel = g.channels;
  const pixelBytes = pixel * g.elementBytes;
  const width = g.width;
  const height = g.height;
  const kernelWidth = g.kernelWidth;
  const stride = g.stride;
  const padding = g.padding;
  const lineBytes = (<usize>(kernelWidth * pixel)) << 2;
  const rowBytes = <usize>(width * pixelBytes);
  const perImage = g.outHeight * g.outWidth;
  let image = x + <usize>(first / perImage) * <usize>height * rowBytes;
  let row = (first % perImage) / g.outWidth;
  let column = (first % perImage) % g.outWidth;
  for (; count > 0; count--, patches += patchBytes) {
    const left = column * stride - padding;
    // Pixels of the patch on either side of the image, and those within.
    const before = max(-left, 0);
    const after = max(left + kernelWidth - width, 0);
    const inside = (kernelWidth - before - after) * pixel;
    let y = row * stride - padding + line;
    let from = image + <usize>y * rowBytes + <usize>((left + before) * pixelBytes);
    let patch = patches;
    for (let l = lines; l > 0; l--, y++, from += rowBytes, patch += lineBytes) {
      const isInside = <u32>y < <u32>height;
      if (how != SCATTER && (before | after || !isInside)) memory.fill(patch, 0, lineBytes);
      if (!isInside) continue;
      const to = patch + ((<usize>(before * pixel)) << 2);
      if (how == GATHER) copyFloats(to, from, inside);
      else if (how == GATHER_BYTES) copyBytes(to, from, inside);
      else addFloats(from, to, inside);
    }
    if (++column == g.outWidth) {
      column = 0;
      if (++row == g.outHeight) {
        row = 0;
        image += <usize>height * rowBytes;
      }
    }
  }
}

/** out[n] = x[n] */
function copyFloats(out: usize, x: usize, n: i32): void {
  for (; n >= 4; n -= 4, out += 16, x += 16) v128.store(out, v128.load(x));
  for (; n > 0; n--, out += 4, x += 4) store<f32>(out, load<f32>(x));
}

/** out[n] += x[n] */
function addFloats(out: usize, x: usize, n: i32): void {
  for (; n >= 4; n -= 4, out += 16, x += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(x)));
  for (; n > 0; n--, out += 4, x += 4) store<f32>(out, load<f32>(out) + load<f32>(x));
}

/** out[n] = x[n] / 255, of bytes */
function copyBytes(out: usize, x: usize, n: i32): void {
  const divisor = f32x4.splat(255);
  for (; n >= 8; n -= 8, out += 32, x += 8) {
    const eight = v128.load8x8_u(x);
    v128.store(out, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(eight)), divisor));
    v128.store(out, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(eight)), divisor), 16);
  }
  for (; n > 0; n--, out += 4, x++) store<f32>(out, <f32>load<u8>(x) / 255);
}
