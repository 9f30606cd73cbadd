import { relu, tanh } from "../elementwise";
import { matmul, matmulNT, matmulScratch, matmulTN } from "../matmul";
import {
  damage,
  differences,
  fraction,
  get,
  isNotANumber,
  numbers,
  put,
  reset,
  same,
  UNIT,
  within,
  words,
} from "./support";

const NONE = 0;
const TANH = 1;
const RELU = 2;

function scratch(k: i32, n: i32): usize {
  return words((matmulScratch(k, n) + 3) >> 2);
}

/**
 * The element of a product as its definition gives it: blocks of 256, each summed in ascending k, the first from the
 * bias on, and added up in their order. The strict module has exactly these bits; the fma module rounds once where this
 * rounds twice. Both are within the roundings of a product, a block's additions and one for each block, of the
 * magnitudes.
 */
let bound: f64 = 0;
let exact: f64 = 0;
function element(a: usize, aFirst: i32, aStep: i32, b: usize, bFirst: i32, bStep: i32, k: i32, bias: f32): f32 {
  let total: f32 = 0;
  let magnitude: f64 = abs(<f64>bias);
  exact = <f64>bias;
  for (let first = 0; first < max(k, 1); first += 256) {
    let block: f32 = first == 0 ? bias : 0;
    for (let p = first; p < min(first + 256, k); p++) {
      const x = get(a, aFirst + p * aStep);
      const y = get(b, bFirst + p * bStep);
      block += x * y;
      magnitude += abs(<f64>x * <f64>y);
      exact += <f64>x * <f64>y;
    }
    total = first == 0 ? block : total + block;
  }
  bound = UNIT * magnitude * <f64>(1 + min(k, 256) + k / 256);
  return total;
}

function agrees(actual: f32, expected: f32): bool {
  if (ASC_FEATURE_RELAXED_SIMD) return same(actual, expected) || within(actual, exact, bound);
  return same(actual, expected);
}

/** All three forms at one size. */
function failures(m: i32, k: i32, n: i32): i32 {
  reset();
  const a = numbers(m * k, m + 100 * k);
  const b = numbers(k * n, k + 100 * n + 1);
  const bias = numbers(n, n);
  const out = words(m * n);
  let count = 0;

  const workspace = scratch(k, n);
  matmul(out, a, b, 0, m, k, n, NONE, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) if (!agrees(get(out, i * n + j), element(a, i * k, 1, b, j, n, k, 0))) count++;
  }
  matmul(out, a, b, bias, m, k, n, NONE, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      if (!agrees(get(out, i * n + j), element(a, i * k, 1, b, j, n, k, get(bias, j)))) count++;
    }
  }
  // The same numbers, read as A[m, k] · B[n, k]^T and as A[k, m]^T · B[k, n].
  matmulNT(out, a, b, m, k, n, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) if (!agrees(get(out, i * n + j), element(a, i * k, 1, b, j * k, 1, k, 0))) count++;
  }
  matmulTN(out, a, b, m, k, n, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) if (!agrees(get(out, i * n + j), element(a, i, m, b, j, n, k, 0))) count++;
  }
  return count + damage();
}

const UNUSUAL: StaticArray<f32> = [NaN, Infinity, -Infinity, -0.0];

/** n integers from -8 to 8, one in 60 of them infinite, NaN or -0: products and sums of so few of them are exact. */
function integers(n: i32, salt: u32): usize {
  const start = words(n);
  for (let i = 0; i < n; i++) {
    let value = floor<f32>(fraction(i, salt) * 17) - 8;
    if (fraction(i, salt + 1000) < 0.016) value = UNUSUAL[(i + salt) & 3];
    put(start, i, value);
  }
  return start;
}

function exactFailures(m: i32, k: i32, n: i32): i32 {
  reset();
  const a = integers(m * k, m);
  const b = integers(k * n, k + n + 1);
  const bias = integers(n, 2);
  const out = words(m * n);
  const workspace = scratch(k, n);
  let count = 0;
  matmul(out, a, b, bias, m, k, n, NONE, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      if (!same(get(out, i * n + j), element(a, i * k, 1, b, j, n, k, get(bias, j)))) count++;
    }
  }
  matmulNT(out, a, b, m, k, n, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) if (!same(get(out, i * n + j), element(a, i * k, 1, b, j * k, 1, k, 0))) count++;
  }
  matmulTN(out, a, b, m, k, n, workspace);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) if (!same(get(out, i * n + j), element(a, i, m, b, j, n, k, 0))) count++;
  }
  return count + damage();
}

/** Every size at which some edge of the tiles is met differently. */
const SIZES: StaticArray<i32> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 64, 70];

describe("matrix products", () => {
  it("sum in ascending k from the bias on, in blocks of 256, at any size, and write nothing else", () => {
    let count = 0;
    for (let i = 0; i < SIZES.length; i++) {
      for (let j = 0; j < SIZES.length; j++) {
        for (let p = 0; p < SIZES.length; p++) count += failures(SIZES[i], SIZES[p], SIZES[j]);
      }
    }
    expect(count).toBe(0);
  });

  it("do so for every number of rows and columns up to 70", () => {
    let count = 0;
    for (let size = 0; size <= 70; size++) count += failures(size, 5, 11) + failures(6, 5, size) + failures(5, size, 9);
    expect(count).toBe(0);
  });

  it("are exact where nothing rounds, zeros, infinities and NaN included, fused or not", () => {
    let count = exactFailures(0, 0, 0) + exactFailures(1, 1, 1);
    for (let size = 1; size <= 20; size++) {
      count += exactFailures(size, 9, 11) + exactFailures(6, size, 13) + exactFailures(5, 7, size);
    }
    count += exactFailures(37, 100, 67) + exactFailures(33, 257, 30) + exactFailures(34, 20, 513);
    expect(count).toBe(0);
  });

  it("do so where A or B is packed, where k and n take more than one block, and at all ragged edges of those", () => {
    let count = 0;
    count += failures(32, 96, 72) + failures(37, 100, 67); // packed
    count += failures(31, 96, 72) + failures(3, 100, 67); // too few rows to pack for
    count += failures(33, 256, 30) + failures(33, 257, 30) + failures(9, 600, 12); // deep
    for (let size = 1; size <= 12; size++) count += failures(size, 530, 13) + failures(6, 530, size);
    count += failures(34, 20, 512) + failures(34, 20, 513) + failures(5, 20, 1030); // wide
    count += failures(35, 259, 517); // both
    count += failures(261, 19, 129) + failures(264, 258, 131); // a wide A, packed where it is transposed
    expect(count).toBe(0);
  });

  it("are within the roundings of a block and one for each, also where all additions round to one side", () => {
    let count = 0;
    const depths: StaticArray<i32> = [256, 257, 2048, 4096, 8192];
    const m = 7;
    const n = 11;
    for (let d = 0; d < depths.length; d++) {
      const k = depths[d];
      for (let salt = 0; salt < 2; salt++) {
        reset();
        const a = numbers(m * k, salt);
        const b = numbers(k * n, salt + 2);
        if (salt == 0) {
          for (let i = 0; i < m * k; i++) put(a, i, 0.1);
          for (let i = 0; i < k * n; i++) put(b, i, 1);
        }
        const out = words(m * n);
        const workspace = scratch(k, n);
        for (let form = 0; form < 3; form++) {
          if (form == 0) matmul(out, a, b, 0, m, k, n, NONE, workspace);
          else if (form == 1) matmulNT(out, a, b, m, k, n, workspace);
          else matmulTN(out, a, b, m, k, n, workspace);
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              if (form == 0) element(a, i * k, 1, b, j, n, k, 0);
              else if (form == 1) element(a, i * k, 1, b, j * k, 1, k, 0);
              else element(a, i, m, b, j, n, k, 0);
              if (!within(get(out, i * n + j), exact, bound)) count++;
            }
          }
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("give a row the same bits, whatever rows stand beside it", () => {
    let count = 0;
    const depths: StaticArray<i32> = [4, 64, 300];
    const widths: StaticArray<i32> = [1, 2, 64, 70];
    for (let d = 0; d < depths.length; d++) {
      for (let w = 0; w < widths.length; w++) {
        const k = depths[d];
        const n = widths[w];
        reset();
        const a = numbers(130 * k, 1);
        const b = numbers(k * n, 2);
        const bias = numbers(n, 3);
        const all = words(130 * n);
        const one = words(n);
        const workspace = scratch(k, n);
        matmul(all, a, b, bias, 130, k, n, TANH, workspace);
        for (let i = 0; i < 130; i++) {
          matmul(one, a + ((i * k) << 2), b, bias, 1, k, n, TANH, workspace);
          count += differences(one, all + ((i * n) << 2), n);
        }
      }
    }
    expect(count).toBe(0);
  });

  it("give a row of a transposed form the same bits, whatever rows stand beside it", () => {
    let count = 0;
    const depths: StaticArray<i32> = [4, 64, 300];
    const widths: StaticArray<i32> = [1, 12, 70];
    const m = 45;
    for (let d = 0; d < depths.length; d++) {
      for (let w = 0; w < widths.length; w++) {
        const k = depths[d];
        const n = widths[w];
        reset();
        const a = numbers(m * k, 1);
        const b = numbers(k * n, 2);
        const column = words(k);
        const all = words(m * n);
        const one = words(n);
        const workspace = scratch(k, n);
        matmulNT(all, a, b, m, k, n, workspace);
        for (let i = 0; i < m; i++) {
          matmulNT(one, a + ((i * k) << 2), b, 1, k, n, workspace);
          count += differences(one, all + ((i * n) << 2), n);
        }
        matmulTN(all, a, b, m, k, n, workspace);
        for (let i = 0; i < m; i++) {
          for (let p = 0; p < k; p++) put(column, p, get(a, p * m + i));
          matmulTN(one, column, b, 1, k, n, workspace);
          count += differences(one, all + ((i * n) << 2), n);
        }
      }
    }
    expect(count).toBe(0);
  });

  it("need no more scratch than one block, whatever the size", () => {
    expect(matmulScratch(4096, 4096)).toBe(matmulScratch(257, 512));
    expect(matmulScratch(257, 512)).toBe(128 + 6144 + (256 + 6) * 512 * 4);
    expect(matmulScratch(256, 512)).toBe(128 + 6144 + 256 * 512 * 4);
    expect(matmulScratch(3, 9)).toBe(128 + 6144 + 3 * 16 * 4);
  });

  it("end with the activation asked for", () => {
    reset();
    const m = 13;
    const k = 9;
    const n = 11;
    const a = numbers(m * k, 1);
    const b = numbers(k * n, 2);
    const bias = numbers(n, 3);
    const plain = words(m * n);
    const activated = words(m * n);
    const workspace = scratch(k, n);
    matmul(plain, a, b, bias, m, k, n, NONE, workspace);
    matmul(activated, a, b, bias, m, k, n, TANH, workspace);
    const expected = words(m * n);
    tanh(expected, plain, m * n);
    expect(differences(activated, expected, m * n)).toBe(0);
    matmul(activated, a, b, bias, m, k, n, RELU, workspace);
    relu(expected, plain, m * n);
    expect(differences(activated, expected, m * n)).toBe(0);
  });

  it("carry NaN and infinities through the row that they are in, and no other", () => {
    let count = 0;
    const m = 6;
    const k = 5;
    const n = 11;
    for (let row = 0; row < m; row++) {
      reset();
      const a = numbers(m * k, 1);
      put(a, row * k + 2, NaN);
      const out = words(m * n);
      matmul(out, a, numbers(k * n, 2), 0, m, k, n, NONE, scratch(k, n));
      for (let i = 0; i < m * n; i++) if (isNotANumber(get(out, i)) != (i / n == row)) count++;
    }
    expect(count).toBe(0);
    reset();
    const one = words(1);
    put(one, 0, Infinity);
    const zero = words(1);
    put(zero, 0, 0);
    const out = words(1);
    matmul(out, one, zero, 0, 1, 1, 1, NONE, scratch(1, 1));
    expect(get(out, 0)).toBeNaN();
  });

  it("of no depth are the bias, or 0", () => {
    reset();
    const out = words(6);
    const bias = numbers(3, 1);
    const workspace = scratch(0, 3);
    matmul(out, out, out, bias, 2, 0, 3, NONE, workspace);
    expect(differences(out, bias, 3) + differences(out + 12, bias, 3)).toBe(0);
    matmul(out, out, out, 0, 2, 0, 3, NONE, workspace);
    expect(get(out, 0)).toBe(0);
    expect(get(out, 5)).toBe(0);
    expect(damage()).toBe(0);
  });
});
