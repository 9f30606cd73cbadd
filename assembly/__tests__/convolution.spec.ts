import { convolution, convolutionInputAdjoint, convolutionScratch, convolutionWeightAdjoint } from "../convolution";
import { matmul, matmulNT, matmulScratch, matmulTN } from "../matmul";
import { bytes, damage, differences, fraction, get, numbers, put, reset, UNIT, within, words } from "./support";

const NONE = 0;
const TANH = 1;

// The sizes of what is tested.
let height: i32 = 0;
let width: i32 = 0;
let channels: i32 = 0;
let kernelHeight: i32 = 0;
let kernelWidth: i32 = 0;
let filters: i32 = 0;
let stride: i32 = 0;
let padding: i32 = 0;
let outHeight: i32 = 0;
let outWidth: i32 = 0;
let depth: i32 = 0;

function geometry(elementBytes: i32): usize {
  const start = words(11);
  store<i32>(start, height);
  store<i32>(start, width, 4);
  store<i32>(start, channels, 8);
  store<i32>(start, kernelHeight, 12);
  store<i32>(start, kernelWidth, 16);
  store<i32>(start, filters, 20);
  store<i32>(start, stride, 24);
  store<i32>(start, padding, 28);
  store<i32>(start, outHeight, 32);
  store<i32>(start, outWidth, 36);
  store<i32>(start, elementBytes, 40);
  return start;
}

function workspace(): usize {
  return words((convolutionScratch(kernelHeight, kernelWidth * channels, filters) + 3) >> 2);
}

/** Which element of x is element `p` of the patch at a position; -1 for a zero of the padding. */
function source(position: i32, p: i32): i32 {
  const image = position / (outHeight * outWidth);
  const y = ((position / outWidth) % outHeight) * stride - padding + p / (kernelWidth * channels);
  const x = (position % outWidth) * stride - padding + ((p / channels) % kernelWidth);
  if (y < 0 || y >= height || x < 0 || x >= width) return -1;
  return ((image * height + y) * width + x) * channels + (p % channels);
}

/** All three kernels at the sizes above, by the products that they are defined as and in float64. */
function failures(batch: i32): i32 {
  const positions = batch * outHeight * outWidth;
  const size = batch * height * width * channels;
  const x = numbers(size, 1);
  const weight = numbers(depth * filters, 2);
  const bias = numbers(filters, 3);
  const dy = numbers(positions * filters, 4);
  const sizes = geometry(4);
  const scratch = workspace();
  const product = words(
    (max(matmulScratch(positions, filters), matmulScratch(max(depth, filters), max(depth, filters))) + 3) >> 2,
  );
  const patches = words(positions * depth);
  for (let i = 0; i < positions; i++) {
    for (let p = 0; p < depth; p++) {
      const from = source(i, p);
      put(patches, i * depth + p, from < 0 ? 0 : get(x, from));
    }
  }
  let count = 0;

  const y = words(positions * filters);
  const expectedY = words(positions * filters);
  convolution(y, x, weight, bias, sizes, batch, NONE, scratch);
  matmul(expectedY, patches, weight, bias, positions, depth, filters, NONE, product);
  count += differences(y, expectedY, positions * filters);
  for (let i = 0; i < positions; i++) {
    for (let j = 0; j < filters; j++) {
      let exact = <f64>get(bias, j);
      let magnitude = abs(exact);
      for (let p = 0; p < depth; p++) {
        const from = source(i, p);
        const term = from < 0 ? 0 : <f64>get(x, from) * <f64>get(weight, p * filters + j);
        exact += term;
        magnitude += abs(term);
      }
      if (!within(get(y, i * filters + j), exact, UNIT * magnitude * <f64>(1 + min(depth, 256) + depth / 256))) count++;
    }
  }

  const dweight = words(depth * filters);
  const expectedWeight = words(depth * filters);
  convolutionWeightAdjoint(dweight, x, dy, sizes, batch, scratch);
  matmulTN(expectedWeight, patches, dy, depth, positions, filters, product);
  count += differences(dweight, expectedWeight, depth * filters);

  const dx = words(size);
  const expectedX = words(size);
  convolutionInputAdjoint(dx, dy, weight, sizes, batch, scratch);
  matmulNT(patches, dy, weight, positions, filters, depth, product);
  for (let i = 0; i < size; i++) put(expectedX, i, 0);
  for (let i = 0; i < positions; i++) {
    for (let p = 0; p < depth; p++) {
      const to = source(i, p);
      if (to >= 0) put(expectedX, to, get(expectedX, to) + get(patches, i * depth + p));
    }
  }
  count += differences(dx, expectedX, size);
  return count + damage();
}

function setSizes(h: i32, w: i32, c: i32, kh: i32, kw: i32, n: i32, step: i32, pad: i32): void {
  reset();
  height = h;
  width = w;
  channels = c;
  kernelHeight = kh;
  kernelWidth = kw;
  filters = n;
  stride = step;
  padding = pad;
  outHeight = (h + 2 * pad - kh) / step + 1;
  outWidth = (w + 2 * pad - kw) / step + 1;
  depth = kh * kw * c;
}

describe("convolutions", () => {
  it("are products of patches, to the bit, at any size, and write nothing else", () => {
    let count = 0;
    for (let salt = 0; salt < 240; salt++) {
      const kh = 1 + (salt % 8);
      const kw = 1 + ((salt / 3) % 8);
      const pad = salt % 2 == 0 ? 0 : <i32>(fraction(salt, 1) * <f32>min(kh, kw));
      const h = max(1, kh - 2 * pad) + <i32>(fraction(salt, 2) * 9);
      const w = max(1, kw - 2 * pad) + <i32>(fraction(salt, 3) * 9);
      const c = salt % 10 == 9 ? 13 + <i32>(fraction(salt, 4) * 53) : 1 + (salt % 9);
      setSizes(h, w, c, kh, kw, 1 + <i32>(fraction(salt, 5) * 20), 1 + ((salt / 2) % 4), pad);
      count += failures(1 + ((salt / 5) % 9));
    }
    expect(count).toBe(0);
  });

  it("are so where patches, positions and filters take more than one block, and for 65 channels", () => {
    let count = 0;
    setSizes(21, 19, 4, 8, 8, 32, 4, 0);
    count += failures(9);
    setSizes(20, 20, 3, 3, 3, 17, 1, 1);
    count += failures(2);
    setSizes(9, 9, 65, 3, 3, 65, 1, 0);
    count += failures(3);
    setSizes(9, 9, 65, 8, 8, 9, 1, 3);
    count += failures(1);
    setSizes(3, 3, 2, 2, 2, 515, 1, 0);
    count += failures(2);
    setSizes(2, 1000, 1, 1, 300, 3, 3, 0);
    count += failures(1);
    expect(count).toBe(0);
  });

  it("take bytes for fractions of 255, rounded once", () => {
    let count = 0;
    for (let c = 1; c <= 33; c += 4) {
      setSizes(9, 8, c, 4, 3, 6, 2, c % 3);
      const batch = 4;
      const size = batch * height * width * channels;
      const positions = batch * outHeight * outWidth;
      const pixels = bytes(size);
      const x = words(size);
      for (let i = 0; i < size; i++) {
        store<u8>(pixels + i, <u8>i);
        put(x, i, <f32>(i & 255) / 255);
      }
      const weight = numbers(depth * filters, 1);
      const bias = numbers(filters, 2);
      const dy = numbers(positions * filters, 3);
      const scratch = workspace();
      const y = words(positions * filters);
      const expected = words(positions * filters);
      convolution(y, pixels, weight, bias, geometry(1), batch, TANH, scratch);
      convolution(expected, x, weight, bias, geometry(4), batch, TANH, scratch);
      count += differences(y, expected, positions * filters);
      const dweight = words(depth * filters);
      const expectedWeight = words(depth * filters);
      convolutionWeightAdjoint(dweight, pixels, dy, geometry(1), batch, scratch);
      convolutionWeightAdjoint(expectedWeight, x, dy, geometry(4), batch, scratch);
      count += differences(dweight, expectedWeight, depth * filters) + damage();
    }
    expect(count).toBe(0);
  });

  it("give an image the same bits, whatever images stand beside it", () => {
    let count = 0;
    setSizes(13, 12, 5, 4, 4, 11, 2, 1);
    const batch = 37;
    const x = numbers(batch * height * width * channels, 1);
    const weight = numbers(depth * filters, 2);
    const bias = numbers(filters, 3);
    const scratch = workspace();
    const sizes = geometry(4);
    const each = outHeight * outWidth * filters;
    const all = words(batch * each);
    const one = words(each);
    convolution(all, x, weight, bias, sizes, batch, TANH, scratch);
    for (let i = 0; i < batch; i++) {
      convolution(one, x + ((i * height * width * channels) << 2), weight, bias, sizes, 1, TANH, scratch);
      count += differences(one, all + ((i * each) << 2), each);
    }
    expect(count + damage()).toBe(0);
  });

  it("of no images have a weight gradient of 0", () => {
    setSizes(5, 5, 2, 3, 3, 3, 1, 0);
    const dweight = words(depth * filters);
    convolutionWeightAdjoint(dweight, 0, 0, geometry(4), 0, workspace());
    for (let i = 0; i < depth * filters; i++) expect(get(dweight, i)).toBe(0);
    expect(damage()).toBe(0);
  });
});
