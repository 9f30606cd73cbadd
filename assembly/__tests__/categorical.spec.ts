import {
  argmax,
  entropy,
  entropyAdjoint,
  gather,
  gatherAdjoint,
  logSoftmax,
  logSoftmaxAdjoint,
  sampleCategorical,
} from "../categorical";
import { exp } from "../elementwise";
import {
  damage,
  differences,
  fraction,
  get,
  getInt,
  isNotANumber,
  numbers,
  put,
  putInt,
  reset,
  scalar,
  UNIT,
  within,
  words,
} from "./support";

/** log Σ exp of a row in float64, by the largest element. */
function logSumExp(x: usize, first: i32, columns: i32): f64 {
  let largest: f64 = -Infinity;
  for (let c = 0; c < columns; c++) largest = max(largest, <f64>get(x, first + c));
  let total: f64 = 0;
  for (let c = 0; c < columns; c++) total += Math.exp(<f64>get(x, first + c) - largest);
  return largest + Math.log(total);
}

/** Roundings of Σ|x| in a sum of n: of one block up to 256, of 64 and one for each block beyond. */
function roundings(n: i32): i32 {
  return n <= 256 ? n : 64 + n / 64;
}

/** A row of logits, all the same but for a larger one, whose exponentials all round to one side when added up. */
function unequal(columns: i32): usize {
  const x = words(columns);
  for (let c = 0; c < columns; c++) put(x, c, c == 5 ? 2 : -0.3);
  return x;
}

const LONG: StaticArray<i32> = [256, 257, 2048, 8192];

const COLUMNS: StaticArray<i32> = [1, 2, 3, 4, 5, 8, 17, 70];

describe("logSoftmax and its adjoint", () => {
  it("are within their roundings of float64, for any number of rows", () => {
    let count = 0;
    for (let at = 0; at < COLUMNS.length; at++) {
      const columns = COLUMNS[at];
      for (let rows = 0; rows <= 70; rows += rows < 10 ? 1 : 12) {
        reset();
        const x = numbers(rows * columns, rows + columns);
        const dy = numbers(rows * columns, rows + columns + 1);
        const y = words(rows * columns);
        const dx = words(rows * columns);
        logSoftmax(y, x, rows, columns);
        logSoftmaxAdjoint(dx, dy, y, rows, columns);
        for (let r = 0; r < rows; r++) {
          const total = logSumExp(x, r * columns, columns);
          let sum: f64 = 0;
          let magnitude: f64 = 0;
          for (let c = 0; c < columns; c++) {
            sum += <f64>get(dy, r * columns + c);
            magnitude += abs(<f64>get(dy, r * columns + c));
          }
          for (let c = 0; c < columns; c++) {
            const i = r * columns + c;
            const exact = <f64>get(x, i) - total;
            // |x - max| and log Σ are at most 4 + log(columns); each operation rounds once, exp and log twice.
            if (!within(get(y, i), exact, UNIT * (20 + columns))) count++;
            const gradient = <f64>get(dy, i) - Math.exp(exact) * sum;
            if (!within(get(dx, i), gradient, UNIT * (30 + 2 * columns) * (magnitude + 1))) count++;
          }
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("are within the roundings of a block over many columns, also where all additions round to one side", () => {
    let count = 0;
    for (let at = 0; at < LONG.length; at++) {
      const columns = LONG[at];
      reset();
      const x = unequal(columns);
      const y = words(columns);
      const dy = words(columns);
      for (let c = 0; c < columns; c++) put(dy, c, 0.1);
      const dx = words(columns);
      logSoftmax(y, x, 1, columns);
      logSoftmaxAdjoint(dx, dy, y, 1, columns);
      const total = logSumExp(x, 0, columns);
      const sum = <f64>get(dy, 0) * columns;
      for (let c = 0; c < columns; c++) {
        const exact = <f64>get(x, c) - total;
        const limit = UNIT * (20 + roundings(columns));
        if (!within(get(y, c), exact, limit)) count++;
        // The softmax has the error of its logarithm and two roundings more, its product and the difference one each.
        const softmax = Math.exp(exact);
        const gradient = <f64>get(dy, c) - softmax * sum;
        const error = softmax * sum * (limit + UNIT * (4 + roundings(columns))) + UNIT * abs(gradient);
        if (!within(get(dx, c), gradient, error)) count++;
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("give a row the same bits, whatever rows stand beside it", () => {
    let count = 0;
    for (let columns = 1; columns <= 9; columns++) {
      for (let rows = 1; rows <= 9; rows++) {
        reset();
        const x = numbers(rows * columns, rows);
        const dy = numbers(rows * columns, rows + 1);
        const y = words(rows * columns);
        const dx = words(rows * columns);
        const all = words(rows);
        const one = words(columns);
        logSoftmax(y, x, rows, columns);
        logSoftmaxAdjoint(dx, dy, y, rows, columns);
        entropy(all, y, rows, columns);
        for (let r = 0; r < rows; r++) {
          const row = (r * columns) << 2;
          logSoftmax(one, x + row, 1, columns);
          count += differences(one, y + row, columns);
          logSoftmaxAdjoint(one, dy + row, y + row, 1, columns);
          count += differences(one, dx + row, columns);
          entropy(one, y + row, 1, columns);
          count += differences(one, all + (r << 2), 1);
        }
      }
    }
    expect(count).toBe(0);
  });

  it("work in place", () => {
    reset();
    const x = numbers(7 * 3, 1);
    const y = words(7 * 3);
    logSoftmax(y, x, 7, 3);
    logSoftmax(x, x, 7, 3);
    expect(differences(x, y, 21)).toBe(0);
  });

  it("stand logits of any size, and a choice that cannot be", () => {
    reset();
    const x = words(3);
    const y = words(3);
    put(x, 0, 1e30);
    put(x, 1, -1e30);
    put(x, 2, -Infinity);
    logSoftmax(y, x, 1, 3);
    expect(get(y, 0)).toBe(0);
    expect(get(y, 1)).toBeLessThan(<f32>-1e30);
    expect(get(y, 2)).toBe(-Infinity);
    put(x, 1, NaN);
    logSoftmax(y, x, 1, 3);
    expect(isNotANumber(get(y, 0)) && isNotANumber(get(y, 1)) && isNotANumber(get(y, 2))).toBe(true);
  });

  it("keep NaN in its row, and are NaN where no choice can be", () => {
    let count = 0;
    for (let row = 0; row < 7; row++) {
      reset();
      const x = numbers(7 * 3, 1);
      const dy = numbers(7 * 3, 2);
      const y = words(7 * 3);
      const dx = words(7 * 3);
      put(x, row * 3 + 1, NaN);
      logSoftmax(y, x, 7, 3);
      logSoftmaxAdjoint(dx, dy, y, 7, 3);
      for (let i = 0; i < 21; i++) if (isNotANumber(get(y, i)) != (i / 3 == row)) count++;
      for (let i = 0; i < 21; i++) if (isNotANumber(get(dx, i)) != (i / 3 == row)) count++;
      for (let c = 0; c < 3; c++) put(x, row * 3 + c, -Infinity);
      logSoftmax(y, x, 7, 3);
      for (let i = 0; i < 21; i++) if (isNotANumber(get(y, i)) != (i / 3 == row)) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("do not overflow, wherever the largest logit stands", () => {
    let count = 0;
    for (let columns = 1; columns <= 9; columns++) {
      for (let largest = 0; largest < columns; largest++) {
        reset();
        const x = words(columns);
        for (let c = 0; c < columns; c++) put(x, c, c == largest ? 1000 : 0);
        logSoftmax(x, x, 1, columns);
        for (let c = 0; c < columns; c++) if (get(x, c) != (c == largest ? <f32>0 : <f32>-1000)) count++;
      }
    }
    expect(count).toBe(0);
  });

  it("do not change when all logits of a row move by the same power of two", () => {
    reset();
    const x = words(3);
    const moved = words(3);
    for (let c = 0; c < 3; c++) {
      put(x, c, <f32>c / 8);
      put(moved, c, <f32>(1 << 20) + <f32>c / 8);
    }
    logSoftmax(x, x, 1, 3);
    logSoftmax(moved, moved, 1, 3);
    expect(differences(x, moved, 3)).toBe(0);
  });
});

describe("gather and its adjoint", () => {
  it("take and put one element of each row", () => {
    let count = 0;
    for (let columns = 1; columns <= 70; columns++) {
      const rows = columns % 9;
      reset();
      const x = numbers(rows * columns, columns);
      const dy = numbers(rows, columns + 1);
      const indices = words(rows);
      for (let r = 0; r < rows; r++) putInt(indices, r, (r * 5 + 3) % columns);
      const y = words(rows);
      const dx = words(rows * columns);
      gather(y, x, indices, rows, columns);
      gatherAdjoint(dx, dy, indices, rows, columns);
      for (let r = 0; r < rows; r++) {
        const index = getInt(indices, r);
        if (get(y, r) != get(x, r * columns + index)) count++;
        for (let c = 0; c < columns; c++) {
          if (get(dx, r * columns + c) != (c == index ? get(dy, r) : <f32>0)) count++;
        }
      }
      count += damage();
    }
    expect(count).toBe(0);
  });
});

describe("entropy and its adjoint", () => {
  it("are within their roundings of float64", () => {
    let count = 0;
    for (let at = 0; at < COLUMNS.length; at++) {
      const columns = COLUMNS[at];
      for (let rows = 0; rows <= 11; rows++) {
        reset();
        const logProbs = numbers(rows * columns, rows + columns);
        logSoftmax(logProbs, logProbs, rows, columns);
        const dy = numbers(rows, 5);
        const y = words(rows);
        const dx = words(rows * columns);
        entropy(y, logProbs, rows, columns);
        entropyAdjoint(dx, dy, logProbs, rows, columns);
        for (let r = 0; r < rows; r++) {
          let exact: f64 = 0;
          for (let c = 0; c < columns; c++) {
            const logProb = <f64>get(logProbs, r * columns + c);
            exact -= Math.exp(logProb) * logProb;
            const gradient = -(<f64>get(dy, r)) * Math.exp(logProb) * (logProb + 1);
            const limit = 8 * UNIT * abs(<f64>get(dy, r)) * Math.exp(logProb) * (abs(logProb) + 1);
            if (!within(get(dx, r * columns + c), gradient, limit)) count++;
          }
          if (!within(get(y, r), exact, UNIT * (columns + 6) * exact + 1e-30)) count++;
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("are within the roundings of a block over many choices, also where all additions round to one side", () => {
    let count = 0;
    for (let at = 0; at < LONG.length; at++) {
      const columns = LONG[at];
      reset();
      const logProbs = unequal(columns);
      logSoftmax(logProbs, logProbs, 1, columns);
      const y = words(1);
      entropy(y, logProbs, 1, columns);
      let exact: f64 = 0;
      for (let c = 0; c < columns; c++) exact -= Math.exp(<f64>get(logProbs, c)) * <f64>get(logProbs, c);
      if (!within(get(y, 0), exact, UNIT * (roundings(columns) + 6) * exact)) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("count a choice that cannot be as nothing", () => {
    reset();
    const logProbs = words(3);
    put(logProbs, 0, 0);
    put(logProbs, 1, -Infinity);
    put(logProbs, 2, -Infinity);
    const y = words(1);
    const dx = words(3);
    entropy(y, logProbs, 1, 3);
    entropyAdjoint(dx, scalar(1), logProbs, 1, 3);
    expect(get(y, 0)).toBe(0);
    expect(get(dx, 0)).toBe(-1);
    expect(get(dx, 1)).toBe(0);
    put(logProbs, 1, NaN);
    entropy(y, logProbs, 1, 3);
    entropyAdjoint(dx, scalar(1), logProbs, 1, 3);
    expect(get(y, 0)).toBeNaN();
    expect(get(dx, 0)).toBe(-1);
    expect(get(dx, 1)).toBeNaN();
  });

  it("are log n and 0 where all n choices are alike", () => {
    let count = 0;
    for (let columns = 1; columns <= 70; columns++) {
      reset();
      const logProbs = words(columns);
      for (let c = 0; c < columns; c++) put(logProbs, c, 1);
      logSoftmax(logProbs, logProbs, 1, columns);
      const y = words(1);
      entropy(y, logProbs, 1, columns);
      const exact = Math.log(columns);
      if (!within(get(y, 0), exact, UNIT * (columns + 6) * exact)) count++;
      // The gradient with respect to the logits is that of the log-probabilities through logSoftmax.
      const dx = words(columns);
      entropyAdjoint(dx, scalar(1), logProbs, 1, columns);
      logSoftmaxAdjoint(dx, dx, logProbs, 1, columns);
      for (let c = 0; c < columns; c++) if (!within(get(dx, c), 0, UNIT * (columns + 40) * (exact + 1))) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("keep NaN in its row", () => {
    let count = 0;
    for (let row = 0; row < 6; row++) {
      reset();
      const logProbs = numbers(6 * 5, 1);
      logSoftmax(logProbs, logProbs, 6, 5);
      put(logProbs, row * 5 + 3, NaN);
      const y = words(6);
      const dx = words(6 * 5);
      entropy(y, logProbs, 6, 5);
      entropyAdjoint(dx, numbers(6, 2), logProbs, 6, 5);
      for (let r = 0; r < 6; r++) if (isNotANumber(get(y, r)) != (r == row)) count++;
      for (let i = 0; i < 30; i++) if (isNotANumber(get(dx, i)) != (i == row * 5 + 3)) count++;
    }
    expect(count).toBe(0);
  });
});

describe("sampleCategorical", () => {
  it("inverts the distribution", () => {
    let count = 0;
    reset();
    const rows = 1000;
    const logProbs = words(rows * 4);
    const uniforms = words(rows);
    for (let r = 0; r < rows; r++) {
      put(uniforms, r, fraction(r, 1));
      for (let c = 0; c < 4; c++) put(logProbs, r * 4 + c, <f32>Math.log(0.1 * (c + 1)));
    }
    const actions = words(rows);
    sampleCategorical(actions, logProbs, uniforms, rows, 4);
    for (let r = 0; r < rows; r++) {
      const u = get(uniforms, r);
      const expected = u < 0.1 ? 0 : u < 0.3 ? 1 : u < 0.6 ? 2 : 3;
      const nearEdge = min(abs(u - <f32>0.1), min(abs(u - <f32>0.3), abs(u - <f32>0.6))) < 1e-6;
      if (!nearEdge && getInt(actions, r) != expected) count++;
    }
    expect(count + damage()).toBe(0);
  });

  it("inverts it within the roundings of a block where there are many choices", () => {
    let count = 0;
    for (let at = 0; at < LONG.length; at++) {
      const columns = LONG[at];
      reset();
      const logProbs = unequal(columns);
      logSoftmax(logProbs, logProbs, 1, columns);
      const uniform = words(1);
      const action = words(1);
      // Each probability rounds twice, and so do an end and the uniform number beside it.
      const tolerance = UNIT * (6 + roundings(columns));
      let end: f64 = 0;
      for (let c = 0; c < columns - 1; c++) {
        const probability = Math.exp(<f64>get(logProbs, c));
        if (c % 37 == 0 && probability > 2 * tolerance) {
          put(uniform, 0, <f32>(end + tolerance));
          sampleCategorical(action, logProbs, uniform, 1, columns);
          if (getInt(action, 0) != c) count++;
          put(uniform, 0, <f32>(end + probability - tolerance));
          sampleCategorical(action, logProbs, uniform, 1, columns);
          if (getInt(action, 0) != c) count++;
        }
        end += probability;
      }
    }
    expect(count).toBe(0);
  });

  it("never draws what cannot be, not at the ends of the range either", () => {
    reset();
    const logProbs = words(4);
    put(logProbs, 0, -Infinity);
    put(logProbs, 1, <f32>Math.log(0.5));
    put(logProbs, 2, <f32>Math.log(0.4999999));
    put(logProbs, 3, -Infinity);
    const action = words(1);
    sampleCategorical(action, logProbs, scalar(0), 1, 4);
    expect(getInt(action, 0)).toBe(1);
    sampleCategorical(action, logProbs, scalar(0.99999994), 1, 4);
    expect(getInt(action, 0)).toBe(2);
  });

  it("takes the second choice from exactly the first one's probability on", () => {
    let count = 0;
    for (let i = 1; i < 100; i++) {
      reset();
      const logProbs = words(2);
      put(logProbs, 0, <f32>Math.log(<f64>i / 100));
      put(logProbs, 1, <f32>Math.log(1 - <f64>i / 100));
      const edge = scalar(0);
      exp(edge, logProbs, 1);
      const action = words(1);
      sampleCategorical(action, logProbs, edge, 1, 2);
      if (getInt(action, 0) != 1) count++;
      store<u32>(edge, load<u32>(edge) - 1);
      sampleCategorical(action, logProbs, edge, 1, 2);
      if (getInt(action, 0) != 0) count++;
    }
    expect(count).toBe(0);
  });

  it("draws for each row from that row alone, for any number of rows", () => {
    let count = 0;
    for (let rows = 0; rows <= 70; rows++) {
      reset();
      const columns = 1 + (rows % 6);
      const logProbs = numbers(rows * columns, rows);
      logSoftmax(logProbs, logProbs, rows, columns);
      const uniforms = words(rows);
      for (let r = 0; r < rows; r++) put(uniforms, r, fraction(r, 9));
      const all = words(rows);
      const one = words(1);
      sampleCategorical(all, logProbs, uniforms, rows, columns);
      for (let r = 0; r < rows; r++) {
        sampleCategorical(one, logProbs + ((r * columns) << 2), uniforms + (r << 2), 1, columns);
        if (getInt(all, r) != getInt(one, 0)) count++;
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("stays within the choices where probabilities are NaN: the last one before, or the first", () => {
    reset();
    const logProbs = words(3);
    const action = words(1);
    for (let c = 0; c < 3; c++) put(logProbs, c, NaN);
    sampleCategorical(action, logProbs, scalar(0.5), 1, 3);
    expect(getInt(action, 0)).toBe(0);
    put(logProbs, 0, -Infinity);
    put(logProbs, 1, -1);
    sampleCategorical(action, logProbs, scalar(0.9), 1, 3);
    expect(getInt(action, 0)).toBe(1);
  });

  it("takes the only choice", () => {
    reset();
    const action = words(1);
    sampleCategorical(action, scalar(0), scalar(0.99999994), 1, 1);
    expect(getInt(action, 0)).toBe(0);
  });
});

function argmaxOf(a: f32, b: f32, c: f32): i32 {
  reset();
  const x = words(3);
  put(x, 0, a);
  put(x, 1, b);
  put(x, 2, c);
  const out = words(1);
  argmax(out, x, 1, 3);
  return getInt(out, 0);
}

describe("argmax", () => {
  it("is the first of the largest", () => {
    let count = 0;
    for (let columns = 1; columns <= 70; columns++) {
      reset();
      const x = numbers(5 * columns, columns);
      for (let r = 0; r < 5; r++) {
        put(x, r * columns + ((r * 7) % columns), 3);
        put(x, r * columns + columns - 1, 3);
      }
      const out = words(5);
      argmax(out, x, 5, columns);
      for (let r = 0; r < 5; r++) if (getInt(out, r) != (r * 7) % columns) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("takes both zeros for equal, -Infinity for a choice, and the first NaN for the largest", () => {
    expect(argmaxOf(-0.0, 0, -1)).toBe(0);
    expect(argmaxOf(-Infinity, -Infinity, -Infinity)).toBe(0);
    expect(argmaxOf(-Infinity, -1, Infinity)).toBe(2);
    expect(argmaxOf(1, NaN, 2)).toBe(1);
    expect(argmaxOf(1, NaN, NaN)).toBe(1);
    expect(argmaxOf(Infinity, 1, NaN)).toBe(2);
    expect(argmaxOf(NaN, NaN, 2)).toBe(0);
  });

  it("takes any number of rows", () => {
    let count = 0;
    for (let rows = 0; rows <= 70; rows++) {
      reset();
      const x = numbers(rows * 3, rows);
      for (let r = 0; r < rows; r++) put(x, r * 3 + (r % 3), 5);
      const out = words(rows);
      argmax(out, x, rows, 3);
      for (let r = 0; r < rows; r++) if (getInt(out, r) != r % 3) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });
});
