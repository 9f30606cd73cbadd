import { gaussianLogProb, gaussianLogProbLogStdAdjoint, gaussianLogProbMeanAdjoint } from "../gaussian";
import { damage, differences, get, isNotANumber, numbers, put, reset, scalar, UNIT, within, words } from "./support";

const HALF_LOG_TWO_PI = 0.9189385332046727;

function failures(rows: i32, columns: i32): i32 {
  reset();
  const size = rows * columns;
  const mean = numbers(size, 1);
  const action = numbers(size, 2);
  const logStd = numbers(columns, 3);
  const dy = numbers(rows, 4);
  const y = words(rows);
  const dMean = words(size);
  const dLogStd = words(columns);
  gaussianLogProb(y, mean, logStd, action, rows, columns, 0);
  gaussianLogProbMeanAdjoint(dMean, dy, mean, logStd, action, rows, columns, 0);
  gaussianLogProbLogStdAdjoint(dLogStd, dy, mean, logStd, action, rows, columns);
  let count = damage();
  for (let r = 0; r < rows; r++) {
    let exact: f64 = 0;
    let magnitude: f64 = 0;
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c;
      const std = Math.exp(<f64>get(logStd, c));
      const z = (<f64>get(action, i) - <f64>get(mean, i)) / std;
      exact -= 0.5 * z * z + <f64>get(logStd, c) + HALF_LOG_TWO_PI;
      // z brings four roundings, its square eight and three more.
      magnitude += 6 * z * z + 3 + abs(<f64>get(logStd, c));
      const gradient = (<f64>get(dy, r) * z) / std;
      if (!within(get(dMean, i), gradient, 10 * UNIT * abs(gradient))) count++;
    }
    if (!within(get(y, r), exact, UNIT * (1 + columns) * magnitude)) count++;
  }
  for (let c = 0; c < columns; c++) {
    let exact: f64 = 0;
    let magnitude: f64 = 0;
    for (let r = 0; r < rows; r++) {
      const i = r * columns + c;
      const z = (<f64>get(action, i) - <f64>get(mean, i)) / Math.exp(<f64>get(logStd, c));
      exact += <f64>get(dy, r) * (z * z - 1);
      magnitude += abs(<f64>get(dy, r)) * (z * z + 1);
    }
    if (!within(get(dLogStd, c), exact, UNIT * (rows + 12) * magnitude)) count++;
  }
  return count;
}

describe("the log-probability of a Gaussian and its adjoints", () => {
  it("are within their roundings of float64, at any size", () => {
    let count = 0;
    for (let size = 0; size <= 70; size++) count += failures(size, 3) + failures(5, size) + failures(size, 1);
    expect(count).toBe(0);
  });

  it("are within the roundings of a block over many rows, also where all additions round to one side", () => {
    let count = 0;
    const lengths: StaticArray<i32> = [256, 257, 2048, 8192, 100000];
    for (let at = 0; at < lengths.length; at++) {
      const rows = lengths[at];
      reset();
      const dy = words(rows);
      const action = words(rows);
      for (let r = 0; r < rows; r++) {
        put(dy, r, 0.1);
        put(action, r, 2);
      }
      const out = words(1);
      const mean = words(rows);
      for (let r = 0; r < rows; r++) put(mean, r, 0);
      gaussianLogProbLogStdAdjoint(out, dy, mean, scalar(0), action, rows, 1);
      // z² - 1 is exact, so that each term rounds once; a block of 64 adds 63 times.
      const exact = <f64>rows * <f64>get(dy, 0) * 3;
      if (!within(get(out, 0), exact, UNIT * <f64>(rows <= 256 ? rows : 1 + 63 + 1) * exact)) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("give a row the same bits, whatever rows stand beside it", () => {
    reset();
    const mean = numbers(9 * 5, 1);
    const action = numbers(9 * 5, 2);
    const logStd = numbers(5, 3);
    const all = words(9);
    const one = words(9);
    gaussianLogProb(all, mean, logStd, action, 9, 5, 0);
    for (let r = 0; r < 9; r++) gaussianLogProb(one + r * 4, mean + r * 20, logStd, action + r * 20, 1, 5, 0);
    expect(differences(all, one, 9)).toBe(0);
    const dy = numbers(9, 4);
    const gradients = words(9 * 5);
    const row = words(5);
    gaussianLogProbMeanAdjoint(gradients, dy, mean, logStd, action, 9, 5, 0);
    let count = 0;
    for (let r = 0; r < 9; r++) {
      gaussianLogProbMeanAdjoint(row, dy + r * 4, mean + r * 20, logStd, action + r * 20, 1, 5, 0);
      count += differences(row, gradients + r * 20, 5);
    }
    expect(count).toBe(0);
  });

  it("are the constant and 0 at the mean", () => {
    reset();
    const out = words(1);
    gaussianLogProb(out, scalar(3), scalar(0), scalar(3), 1, 1, 0);
    expect(get(out, 0)).toBe(<f32>-HALF_LOG_TWO_PI);
    gaussianLogProbMeanAdjoint(out, scalar(1), scalar(3), scalar(0), scalar(3), 1, 1, 0);
    expect(get(out, 0)).toBe(0);
    gaussianLogProbLogStdAdjoint(out, scalar(1), scalar(3), scalar(0), scalar(3), 1, 1);
    expect(get(out, 0)).toBe(-1);
  });

  it("keep NaN in its row", () => {
    reset();
    const mean = numbers(3, 1);
    put(mean, 1, NaN);
    const out = words(3);
    gaussianLogProb(out, mean, scalar(0), numbers(3, 2), 3, 1, 0);
    expect(get(out, 1)).toBeNaN();
    expect(get(out, 0)).not.toBeNaN();
    expect(get(out, 2)).not.toBeNaN();
  });

  it("keep NaN in its row and column", () => {
    let count = 0;
    for (let at = 0; at < 15; at++) {
      reset();
      const mean = numbers(15, 1);
      const action = numbers(15, 2);
      const logStd = numbers(5, 3);
      const dy = numbers(3, 4);
      put(action, at, NaN);
      const y = words(3);
      const dMean = words(15);
      const dLogStd = words(5);
      gaussianLogProb(y, mean, logStd, action, 3, 5, 0);
      gaussianLogProbMeanAdjoint(dMean, dy, mean, logStd, action, 3, 5, 0);
      gaussianLogProbLogStdAdjoint(dLogStd, dy, mean, logStd, action, 3, 5);
      for (let r = 0; r < 3; r++) if (isNotANumber(get(y, r)) != (r == at / 5)) count++;
      for (let i = 0; i < 15; i++) if (isNotANumber(get(dMean, i)) != (i == at)) count++;
      for (let c = 0; c < 5; c++) if (isNotANumber(get(dLogStd, c)) != (c == at % 5)) count++;
    }
    expect(count).toBe(0);
  });

  it("are -Infinity for an infinite action, and NaN at the mean of a deviation of 0", () => {
    reset();
    const out = words(1);
    gaussianLogProb(out, scalar(1), scalar(0), scalar(-Infinity), 1, 1, 0);
    expect(get(out, 0)).toBe(-Infinity);
    gaussianLogProbMeanAdjoint(out, scalar(1), scalar(1), scalar(0), scalar(Infinity), 1, 1, 0);
    expect(get(out, 0)).toBe(Infinity);
    gaussianLogProb(out, scalar(1), scalar(-Infinity), scalar(1), 1, 1, 0);
    expect(get(out, 0)).toBeNaN();
  });
});
