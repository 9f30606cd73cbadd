import {
  argmax,
  categoricalKl,
  gather,
  gatherAdjoint,
  logSoftmax,
  logSoftmaxAdjoint,
  sampleCategorical,
  segmentedArgmax,
  segmentedGather,
  segmentedGatherAdjoint,
  segmentedLogSoftmax,
  segmentedLogSoftmaxAdjoint,
  segmentedSample,
} from "../categorical";
import { expExcess, expExcessAdjoint, tanhLogSlope } from "../elementwise";
import {
  expectedTanhLogSlope,
  expectedTanhLogSlopeAdjoint,
  gaussianLogProb,
  gaussianLogProbLogStdAdjoint,
  gaussianLogProbLogStdsAdjoint,
  gaussianLogProbMeanAdjoint,
} from "../gaussian";
import { where } from "../rows";
import {
  bytes,
  damage,
  differences,
  fraction,
  get,
  getInt,
  isNotANumber,
  numbers,
  put,
  putByte,
  putInt,
  reset,
  same,
  scalar,
  specials,
  UNIT,
  within,
  words,
} from "./support";

const SIZES: StaticArray<i32> = [3, 1, 2, 300, 5];
const SEGMENTS = 5;
const COLUMNS = 311;

function sizesOf(): usize {
  const sizes = words(SEGMENTS);
  for (let s = 0; s < SEGMENTS; s++) putInt(sizes, s, SIZES[s]);
  return sizes;
}

/** Columns of a segment as a matrix of their own. */
function segmentOf(x: usize, rows: i32, start: i32, size: i32): usize {
  const own = words(rows * size);
  for (let r = 0; r < rows; r++) for (let c = 0; c < size; c++) put(own, r * size + c, get(x, r * COLUMNS + start + c));
  return own;
}

describe("segments", () => {
  it("have the bits of distributions of their own, for any number of rows", () => {
    let count = 0;
    for (let rows = 0; rows <= 9; rows++) {
      reset();
      const sizes = sizesOf();
      const x = numbers(rows * COLUMNS, 1);
      const dy = numbers(rows * COLUMNS, 2);
      const y = words(rows * COLUMNS);
      const dx = words(rows * COLUMNS);
      const uniforms = words(rows * SEGMENTS);
      for (let i = 0; i < rows * SEGMENTS; i++) put(uniforms, i, fraction(i, 3));
      const drawn = words(rows * SEGMENTS);
      const largest = words(rows * SEGMENTS);
      const taken = words(rows);
      const dRows = numbers(rows, 4);
      const dTaken = words(rows * COLUMNS);
      segmentedLogSoftmax(y, x, sizes, SEGMENTS, rows, COLUMNS);
      segmentedLogSoftmaxAdjoint(dx, dy, y, sizes, SEGMENTS, rows, COLUMNS);
      segmentedSample(drawn, y, uniforms, sizes, SEGMENTS, rows);
      segmentedArgmax(largest, y, sizes, SEGMENTS, rows);
      segmentedGather(taken, y, drawn, sizes, SEGMENTS, rows);
      segmentedGatherAdjoint(dTaken, dRows, drawn, sizes, SEGMENTS, rows, COLUMNS);
      const sums = words(rows);
      for (let r = 0; r < rows; r++) put(sums, r, 0);
      let start = 0;
      for (let s = 0; s < SEGMENTS; s++) {
        const size = SIZES[s];
        const own = words(rows * size);
        const indices = words(rows);
        logSoftmax(own, segmentOf(x, rows, start, size), rows, size);
        count += differences(own, segmentOf(y, rows, start, size), rows * size);
        const ownUniforms = words(rows);
        for (let r = 0; r < rows; r++) put(ownUniforms, r, get(uniforms, r * SEGMENTS + s));
        sampleCategorical(indices, own, ownUniforms, rows, size);
        for (let r = 0; r < rows; r++) if (getInt(indices, r) != getInt(drawn, r * SEGMENTS + s)) count++;
        const ownTaken = words(rows);
        gather(ownTaken, own, indices, rows, size);
        for (let r = 0; r < rows; r++) put(sums, r, get(sums, r) + get(ownTaken, r));
        const adjoint = words(rows * size);
        gatherAdjoint(adjoint, dRows, indices, rows, size);
        count += differences(adjoint, segmentOf(dTaken, rows, start, size), rows * size);
        logSoftmaxAdjoint(adjoint, segmentOf(dy, rows, start, size), own, rows, size);
        count += differences(adjoint, segmentOf(dx, rows, start, size), rows * size);
        argmax(indices, own, rows, size);
        for (let r = 0; r < rows; r++) if (getInt(indices, r) != getInt(largest, r * SEGMENTS + s)) count++;
        start += size;
      }
      count += differences(sums, taken, rows) + damage();
    }
    expect(count).toBe(0);
  });
});

/** KL(q || p) of two rows in float64. */
function exactKl(p: usize, q: usize, first: i32, columns: i32): f64 {
  let total: f64 = 0;
  for (let c = 0; c < columns; c++) {
    const other = <f64>get(q, first + c);
    if (other > -1000) total += Math.exp(other) * (other - <f64>get(p, first + c));
  }
  return total;
}

describe("the divergence of categorical distributions", () => {
  it("is within its roundings of float64, and never negative", () => {
    let count = 0;
    const sizes: StaticArray<i32> = [1, 2, 3, 8, 70, 300];
    for (let at = 0; at < sizes.length; at++) {
      const columns = sizes[at];
      for (let rows = 1; rows <= 9; rows++) {
        reset();
        const p = words(rows * columns);
        const q = words(rows * columns);
        logSoftmax(p, numbers(rows * columns, 1), rows, columns);
        logSoftmax(q, numbers(rows * columns, 2), rows, columns);
        const kl = words(rows);
        categoricalKl(kl, p, q, rows, columns);
        for (let r = 0; r < rows; r++) {
          // Probabilities sum to 1 to within the roundings of a row, which is what the two formulas differ by.
          if (!within(get(kl, r), exactKl(p, q, r * columns, columns), UNIT * 60)) count++;
          if (!(get(kl, r) >= 0)) count++;
        }
        categoricalKl(kl, p, p, rows, columns);
        for (let r = 0; r < rows; r++) if (get(kl, r) != 0) count++;
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("keeps its digits where the two hardly differ", () => {
    reset();
    const x = numbers(8, 1);
    const y = words(8);
    for (let c = 0; c < 8; c++) put(y, c, get(x, c) + <f32>0.001 * (2 * fraction(c, 9) - 1));
    const p = words(8);
    const q = words(8);
    logSoftmax(p, x, 1, 8);
    logSoftmax(q, y, 1, 8);
    const kl = words(1);
    categoricalKl(kl, p, q, 1, 8);
    // In float64 from the logits themselves.
    let sumP: f64 = 0;
    let sumQ: f64 = 0;
    for (let c = 0; c < 8; c++) {
      sumP += Math.exp(<f64>get(x, c));
      sumQ += Math.exp(<f64>get(y, c));
    }
    let exact: f64 = 0;
    for (let c = 0; c < 8; c++) {
      const difference = <f64>get(y, c) - <f64>get(x, c) - Math.log(sumQ / sumP);
      exact += (Math.exp(<f64>get(y, c)) / sumQ) * difference;
    }
    // The logarithms are off by some 2^-22, and about 2^-11 apart: each term by the quotient, twice.
    if (!within(get(kl, 0), exact, exact * 0.002)) expect(<f64>get(kl, 0)).toBe(exact);
    expect(exact < 1e-6).toBe(true);
  });

  it("is 0 where nothing has any probability, p where q has none, infinite where p has none, and NaN of NaN", () => {
    reset();
    const p = words(2);
    const q = words(2);
    const kl = words(1);
    put(p, 0, 0);
    put(p, 1, -Infinity);
    put(q, 0, 0);
    put(q, 1, -Infinity);
    categoricalKl(kl, p, q, 1, 2);
    expect(get(kl, 0)).toBe(0);
    put(p, 0, -0.6931472);
    put(p, 1, -0.6931472);
    categoricalKl(kl, p, q, 1, 2);
    expect(within(get(kl, 0), 0.6931472, 4 * UNIT)).toBe(true);
    categoricalKl(kl, q, p, 1, 2);
    expect(get(kl, 0)).toBe(Infinity);
    put(q, 1, NaN);
    categoricalKl(kl, p, q, 1, 2);
    expect(isNotANumber(get(kl, 0))).toBe(true);
    categoricalKl(kl, q, p, 1, 2);
    expect(isNotANumber(get(kl, 0))).toBe(true);
    expect(damage()).toBe(0);
  });
});

/** exp(x) - 1 - x in float64, by its series where the difference would lose digits. */
function exactExcess(x: f64): f64 {
  if (abs(x) > 0.5) return Math.exp(x) - 1 - x;
  let term = x;
  let total: f64 = 0;
  for (let n = 2; n < 24; n++) {
    term *= x / <f64>n;
    total += term;
  }
  return total;
}

describe("exp(x) - 1 - x and its adjoint", () => {
  it("have all of their digits, at any x", () => {
    let count = 0;
    reset();
    const n = 4001;
    const x = words(n);
    for (let i = 0; i < n; i++) {
      const power = 2 ** (<f64>(i % 31) - 24) * (1 + <f64>fraction(i, 1));
      put(x, i, <f32>(i & 1 ? power : -power));
    }
    put(x, n - 1, 1.3859);
    put(x, n - 2, 1.3861);
    put(x, n - 3, -1.3859);
    put(x, n - 4, -1.3861);
    const y = words(n);
    const dx = words(n);
    const ones = words(n);
    for (let i = 0; i < n; i++) put(ones, i, 1);
    expExcess(y, x, n);
    expExcessAdjoint(dx, ones, x, n);
    for (let i = 0; i < n; i++) {
      const exact = <f64>get(x, i);
      if (exact > 87) continue;
      const value = exactExcess(exact);
      if (!within(get(y, i), value, 10 * UNIT * value + 1e-45)) count++;
      if (!within(get(dx, i), exact + value, 6 * UNIT * abs(exact + value))) count++;
    }
    expect(count).toBe(0);
    expect(damage()).toBe(0);
    put(x, 0, NaN);
    put(x, 1, -Infinity);
    put(x, 2, 0);
    expExcess(y, x, 3);
    expect(isNotANumber(get(y, 0))).toBe(true);
    expect(get(y, 1)).toBe(Infinity);
    expect(get(y, 2)).toBe(0);
  });
});

function exactLogSlope(x: f64): f64 {
  const magnitude = abs(x);
  return 2 * (Math.LN2 - magnitude - Math.log1p(Math.exp(-2 * magnitude)));
}

describe("log(1 - tanh²(x))", () => {
  it("is within its roundings, also where tanh is 1, and even", () => {
    let count = 0;
    reset();
    const n = 2000;
    const x = words(n);
    for (let i = 0; i < n; i++) put(x, i, (<f32>i - 1000) * <f32>0.03 + fraction(i, 2) * <f32>0.03);
    put(x, 0, 1e30);
    const y = words(n);
    const mirrored = words(n);
    tanhLogSlope(y, x, n);
    for (let i = 0; i < n; i++) {
      const exact = exactLogSlope(<f64>get(x, i));
      if (!within(get(y, i), exact, UNIT * (6 + 2 * abs(exact)))) count++;
      put(x, i, -get(x, i));
    }
    tanhLogSlope(mirrored, x, n);
    expect(count + differences(y, mirrored, n) + damage()).toBe(0);
    tanhLogSlope(y, scalar(0), 1);
    expect(get(y, 0)).toBe(0);
    tanhLogSlope(y, scalar(NaN), 1);
    expect(isNotANumber(get(y, 0))).toBe(true);
    tanhLogSlope(y, scalar(-Infinity), 1);
    expect(get(y, 0)).toBe(-Infinity);
  });
});

describe("its expectation and the adjoint of that", () => {
  it("are the sums over the nodes, an element's bits whatever stands beside it", () => {
    let count = 0;
    for (let n = 0; n <= 11; n++) {
      reset();
      const points = numbers(6, 5);
      const weights = numbers(6, 6);
      const mean = numbers(n, 1);
      const std = words(n);
      const dy = numbers(n, 3);
      const out = words(n);
      const adjoint = words(n);
      const one = words(1);
      for (let i = 0; i < n; i++) put(std, i, fraction(i, 2) + <f32>0.1);
      expectedTanhLogSlope(out, mean, std, points, weights, 6, n);
      expectedTanhLogSlopeAdjoint(adjoint, dy, mean, std, points, weights, 6, n);
      for (let i = 0; i < n; i++) {
        let exact: f64 = 0;
        let slope: f64 = 0;
        let magnitude: f64 = 0;
        for (let k = 0; k < 6; k++) {
          const x = <f64>get(mean, i) + <f64>get(std, i) * <f64>get(points, k);
          exact += <f64>get(weights, k) * exactLogSlope(x);
          slope -= 2 * <f64>get(weights, k) * Math.tanh(x);
          magnitude += abs(<f64>get(weights, k)) * (2 * abs(exactLogSlope(x)) + 20);
        }
        if (!within(get(out, i), exact, UNIT * 3 * magnitude)) count++;
        if (!within(get(adjoint, i), <f64>get(dy, i) * slope, UNIT * 3 * magnitude * abs(<f64>get(dy, i)))) count++;
        expectedTanhLogSlope(one, mean + i * 4, std + i * 4, points, weights, 6, 1);
        if (!same(get(one, 0), get(out, i))) count++;
        expectedTanhLogSlopeAdjoint(one, dy + i * 4, mean + i * 4, std + i * 4, points, weights, 6, 1);
        if (!same(get(one, 0), get(adjoint, i))) count++;
      }
      count += damage();
    }
    expect(count).toBe(0);
  });
});

describe("a Gaussian with deviations of each row", () => {
  it("has the bits of one row alone with deviations of its own", () => {
    let count = 0;
    for (let columns = 0; columns <= 5; columns++) {
      reset();
      const rows = 7;
      const size = rows * columns;
      const mean = numbers(size, 1);
      const action = numbers(size, 2);
      const logStd = numbers(size, 3);
      const dy = numbers(rows, 4);
      const y = words(rows);
      const dMean = words(size);
      const dLogStd = words(size);
      const stride = <usize>columns * 4;
      gaussianLogProb(y, mean, logStd, action, rows, columns, stride);
      gaussianLogProbMeanAdjoint(dMean, dy, mean, logStd, action, rows, columns, stride);
      gaussianLogProbLogStdsAdjoint(dLogStd, dy, mean, logStd, action, rows, columns);
      const one = words(1);
      const row = words(columns);
      for (let r = 0; r < rows; r++) {
        const at = <usize>r * stride;
        gaussianLogProb(one, mean + at, logStd + at, action + at, 1, columns, 0);
        if (!same(get(one, 0), get(y, r))) count++;
        gaussianLogProbMeanAdjoint(row, dy + r * 4, mean + at, logStd + at, action + at, 1, columns, 0);
        count += differences(row, dMean + at, columns);
        gaussianLogProbLogStdAdjoint(row, dy + r * 4, mean + at, logStd + at, action + at, 1, columns);
        count += differences(row, dLogStd + at, columns);
      }
      count += damage();
    }
    expect(count).toBe(0);
  });
});

describe("where", () => {
  it("takes bits as they are, or the number in their place, whatever byte it is that says so", () => {
    let count = 0;
    for (let n = 0; n <= 19; n++) {
      reset();
      const x = specials(n, 1);
      const mask = bytes(n);
      const out = words(n);
      for (let i = 0; i < n; i++) putByte(mask, i, i % 3 == 0 ? 0 : i);
      where(out, mask, x, scalar(-Infinity), n);
      for (let i = 0; i < n; i++) if (!same(get(out, i), i % 3 == 0 ? <f32>-Infinity : get(x, i))) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });
});
