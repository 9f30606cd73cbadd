import { explainedVariance, mean, norm, standardize, sum, sumColumns, sumRows } from "../reduce";
import { damage, differences, get, isNotANumber, numbers, put, reset, scalar, UNIT, within, words } from "./support";

/** The float64 sum, and the sum of magnitudes, of `count` elements that lie `stride` apart. */
let magnitude: f64 = 0;
function exactSum(x: usize, first: i32, count: i32, stride: i32): f64 {
  let total: f64 = 0;
  magnitude = 0;
  for (let i = 0; i < count; i++) {
    const value = <f64>get(x, first + i * stride);
    total += value;
    magnitude += abs(value);
  }
  return total;
}

describe("sum, mean and norm of whole arrays", () => {
  it("are the float64 results, rounded once", () => {
    let count = 0;
    for (let n = 1; n <= 70; n++) {
      reset();
      const x = numbers(n, n);
      const out = words(3);
      sum(out, x, n);
      mean(out + 4, x, n);
      norm(out + 8, x, n);
      const exact = exactSum(x, 0, n, 1);
      let squares: f64 = 0;
      for (let i = 0; i < n; i++) squares += <f64>get(x, i) * <f64>get(x, i);
      if (!within(get(out, 0), exact, UNIT * abs(exact) + 1e-14 * magnitude)) count++;
      if (!within(get(out, 1), exact / n, UNIT * abs(exact / n) + 1e-14 * magnitude)) count++;
      if (!within(get(out, 2), sqrt<f64>(squares), 1.0001 * UNIT * sqrt<f64>(squares))) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("stay exact over many elements, where float32 would not", () => {
    reset();
    const n = 1 << 20;
    const x = words(n);
    for (let i = 0; i < n; i++) put(x, i, 0.1);
    const out = words(2);
    sum(out, x, n);
    mean(out + 4, x, n);
    expect(get(out, 0)).toBe(<f32>(<f64>n * <f64>(<f32>0.1)));
    expect(get(out, 1)).toBe(<f32>0.1);
  });

  it("of nothing are 0, and the mean is NaN", () => {
    reset();
    const out = words(3);
    sum(out, out, 0);
    mean(out + 4, out, 0);
    norm(out + 8, out, 0);
    expect(get(out, 0)).toBe(0);
    expect(get(out, 1)).toBeNaN();
    expect(get(out, 2)).toBe(0);
  });

  it("keep NaN and infinities from any place", () => {
    let count = 0;
    for (let n = 1; n <= 9; n++) {
      for (let at = 0; at < n; at++) {
        reset();
        const x = numbers(n, n);
        const out = words(1);
        put(x, at, NaN);
        sum(out, x, n);
        if (!isNotANumber(get(out, 0))) count++;
        norm(out, x, n);
        if (!isNotANumber(get(out, 0))) count++;
        put(x, at, -Infinity);
        sum(out, x, n);
        if (get(out, 0) != -Infinity) count++;
        norm(out, x, n);
        if (get(out, 0) != Infinity) count++;
      }
    }
    expect(count).toBe(0);
  });

  it("of opposite infinities are NaN", () => {
    reset();
    const x = numbers(9, 1);
    put(x, 2, Infinity);
    put(x, 8, -Infinity);
    const out = words(2);
    sum(out, x, 9);
    mean(out + 4, x, 9);
    expect(get(out, 0)).toBeNaN();
    expect(get(out, 1)).toBeNaN();
  });

  it("do not overflow in the norm where its square would", () => {
    reset();
    const x = words(2);
    put(x, 0, 3e38);
    put(x, 1, 1e-30);
    const out = words(1);
    norm(out, x, 2);
    expect(get(out, 0)).toBe(<f32>3e38);
  });
});

describe("sums along rows and columns", () => {
  it("are within the roundings of their additions", () => {
    let count = 0;
    for (let rows = 0; rows <= 70; rows += rows < 20 ? 1 : 10) {
      for (let columns = 0; columns <= 70; columns++) {
        reset();
        const x = numbers(rows * columns, rows + 71 * columns);
        const overRows = words(columns);
        const overColumns = words(rows);
        sumRows(overRows, x, rows, columns);
        sumColumns(overColumns, x, rows, columns);
        for (let c = 0; c < columns; c++) {
          const exact = exactSum(x, c, rows, columns);
          if (!within(get(overRows, c), exact, UNIT * magnitude * rows)) count++;
        }
        for (let r = 0; r < rows; r++) {
          const exact = exactSum(x, r * columns, columns, 1);
          if (!within(get(overColumns, r), exact, UNIT * magnitude * columns)) count++;
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("add up to 256 rows from first to last, and more of them in blocks of 64, at any number of columns", () => {
    let count = 0;
    const lengths: StaticArray<i32> = [17, 64, 65, 256, 257, 320, 1000];
    for (let at = 0; at < lengths.length; at++) {
      const rows = lengths[at];
      const block = rows <= 256 ? rows : 64;
      for (let columns = 1; columns <= 30; columns++) {
        reset();
        const x = numbers(rows * columns, columns);
        const out = words(columns);
        sumRows(out, x, rows, columns);
        for (let c = 0; c < columns; c++) {
          let total: f64 = 0;
          for (let first = 0; first < rows; first += block) {
            let part: f32 = 0;
            for (let r = first; r < min(first + block, rows); r++) part += get(x, r * columns + c);
            total += <f64>part;
          }
          if (<f32>total != get(out, c)) count++;
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("are within the roundings of a block however long they are, also where all additions round to one side", () => {
    let count = 0;
    const lengths: StaticArray<i32> = [255, 256, 257, 1000, 1024, 1025, 2048, 8192, 100000];
    for (let at = 0; at < lengths.length; at++) {
      const length = lengths[at];
      for (let columns = 1; columns <= 9; columns += 4) {
        for (let salt = 0; salt < 2; salt++) {
          reset();
          const x = numbers(length * columns, salt);
          if (salt == 0) for (let i = 0; i < length * columns; i++) put(x, i, 0.1);
          const overRows = words(columns);
          const overColumns = words(columns);
          sumRows(overRows, x, length, columns);
          sumColumns(overColumns, x, columns, length);
          for (let c = 0; c < columns; c++) {
            // The first addition to 0 is exact; the last rounding is that of the result.
            const exact = exactSum(x, c, length, columns);
            if (!within(get(overRows, c), exact, UNIT * magnitude * (length <= 256 ? length - 1 : 63 + 1))) count++;
            // The additions of a lane, of the four lanes, and of what is left; beyond, the result's rounding.
            const across = exactSum(x, c * length, length, 1);
            const additions = length <= 1024 ? length / 4 + 4 : 1;
            if (!within(get(overColumns, c), across, UNIT * magnitude * additions)) count++;
          }
          count += damage();
        }
      }
    }
    expect(count).toBe(0);
  });

  it("give a row's sum whatever rows stand beside it", () => {
    reset();
    const x = numbers(9 * 13, 1);
    const all = words(9);
    const one = words(9);
    sumColumns(all, x, 9, 13);
    for (let r = 0; r < 9; r++) sumColumns(one + r * 4, x + r * 52, 1, 13);
    expect(differences(all, one, 9)).toBe(0);
  });

  it("keep NaN and infinities in their own row and column", () => {
    let count = 0;
    for (let columns = 1; columns <= 19; columns++) {
      for (let at = 0; at < columns; at++) {
        reset();
        const x = numbers(3 * columns, columns);
        const overRows = words(columns);
        const overColumns = words(3);
        put(x, columns + at, NaN);
        sumRows(overRows, x, 3, columns);
        sumColumns(overColumns, x, 3, columns);
        for (let c = 0; c < columns; c++) if (isNotANumber(get(overRows, c)) != (c == at)) count++;
        for (let r = 0; r < 3; r++) if (isNotANumber(get(overColumns, r)) != (r == 1)) count++;
        put(x, columns + at, -Infinity);
        sumRows(overRows, x, 3, columns);
        sumColumns(overColumns, x, 3, columns);
        if (get(overRows, at) != -Infinity || get(overColumns, 1) != -Infinity) count++;
      }
    }
    expect(count).toBe(0);
  });
});

describe("standardize", () => {
  it("is the float64 result, rounded once, also in place", () => {
    let count = 0;
    for (let n = 2; n <= 70; n++) {
      reset();
      const x = numbers(n, n);
      const epsilon = scalar(0.001);
      const out = words(n);
      standardize(out, x, epsilon, n);
      const center = exactSum(x, 0, n, 1) / n;
      let squares: f64 = 0;
      for (let i = 0; i < n; i++) squares += (<f64>get(x, i) - center) * (<f64>get(x, i) - center);
      const scale = sqrt<f64>(squares / (n - 1)) + <f64>get(epsilon, 0);
      for (let i = 0; i < n; i++) {
        const exact = (<f64>get(x, i) - center) / scale;
        if (!within(get(out, i), exact, UNIT * abs(exact) + 1e-14)) count++;
      }
      count += damage();
      standardize(x, x, epsilon, n);
      count += differences(x, out, n);
    }
    expect(count).toBe(0);
  });

  it("is 0 for equal numbers, and NaN for a single one, which has no deviation", () => {
    reset();
    const x = words(4);
    for (let i = 0; i < 4; i++) put(x, i, 7);
    standardize(x, x, scalar(1e-8), 4);
    expect(get(x, 3)).toBe(0);
    standardize(x, x, scalar(1e-8), 1);
    expect(get(x, 0)).toBeNaN();
  });

  it("is NaN everywhere where one number is, and writes nothing for none", () => {
    reset();
    const x = numbers(7, 1);
    put(x, 4, NaN);
    standardize(x, x, scalar(1e-8), 7);
    let finite = 0;
    for (let i = 0; i < 7; i++) if (!isNotANumber(get(x, i))) finite++;
    expect(finite).toBe(0);
    standardize(words(0), words(0), scalar(1e-8), 0);
    expect(damage()).toBe(0);
  });
});

describe("explainedVariance", () => {
  it("is the float64 result, rounded once", () => {
    let count = 0;
    for (let n = 2; n <= 70; n++) {
      reset();
      const prediction = numbers(n, 2 * n);
      const target = numbers(n, 2 * n + 1);
      const out = words(1);
      explainedVariance(out, prediction, target, n);
      let meanTarget: f64 = 0;
      let meanResidual: f64 = 0;
      for (let i = 0; i < n; i++) {
        meanTarget += <f64>get(target, i) / n;
        meanResidual += (<f64>get(target, i) - <f64>get(prediction, i)) / n;
      }
      let ofTarget: f64 = 0;
      let ofResidual: f64 = 0;
      for (let i = 0; i < n; i++) {
        const deviation = <f64>get(target, i) - meanTarget;
        const residual = <f64>get(target, i) - <f64>get(prediction, i) - meanResidual;
        ofTarget += deviation * deviation;
        ofResidual += residual * residual;
      }
      const exact = 1 - ofResidual / ofTarget;
      if (!within(get(out, 0), exact, UNIT * abs(exact) + 1e-12)) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("is NaN where the targets do not vary", () => {
    reset();
    const target = words(3);
    for (let i = 0; i < 3; i++) put(target, i, 2);
    const out = words(1);
    explainedVariance(out, numbers(3, 1), target, 3);
    expect(get(out, 0)).toBeNaN();
  });

  it("is NaN where a prediction or a target is", () => {
    reset();
    const good = numbers(5, 1);
    const bad = numbers(5, 2);
    put(bad, 3, NaN);
    const out = words(1);
    explainedVariance(out, bad, good, 5);
    expect(get(out, 0)).toBeNaN();
    explainedVariance(out, good, bad, 5);
    expect(get(out, 0)).toBeNaN();
  });

  it("is 1 for a perfect prediction, also for one that is off by a constant, and 0 for a constant one", () => {
    reset();
    const target = numbers(16, 1);
    const prediction = words(16);
    const out = words(1);
    explainedVariance(out, target, target, 16);
    expect(get(out, 0)).toBe(1);
    for (let i = 0; i < 16; i++) {
      // Integers: the residual is the same constant in every place, exactly.
      put(target, i, <f32>(i * i));
      put(prediction, i, <f32>(i * i - 3));
    }
    explainedVariance(out, prediction, target, 16);
    expect(get(out, 0)).toBe(1);
    for (let i = 0; i < 16; i++) put(prediction, i, 8);
    explainedVariance(out, prediction, target, 16);
    expect(get(out, 0)).toBe(0);
  });
});
