import { add, divide, greater, maximum, maximumShare, minimum, multiply, subtract } from "../broadcast";
import { damage, get, isNotANumber, numbers, reset, same, specials, words } from "./support";

type Kernel = (
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
) => void;
type Scalar = (a: f32, b: f32) => f32;

/** Rows and columns of an operand, each repeated or not; `gap` words lie between its rows. */
function compare(
  kernel: Kernel,
  scalarOf: Scalar,
  rows: i32,
  columns: i32,
  aRows: bool,
  aColumns: bool,
  bRows: bool,
  bColumns: bool,
  gap: i32,
): i32 {
  reset();
  const aStride = (aColumns ? columns : 1) + gap;
  const bStride = (bColumns ? columns : 1) + gap;
  const a = specials(rows * aStride + columns, rows + 1);
  const b = specials(rows * bStride + columns, 3 * columns + 2);
  const out = words(rows * columns);
  kernel(
    out,
    a,
    b,
    rows,
    columns,
    aRows ? (<usize>aStride) << 2 : 0,
    aColumns ? 4 : 0,
    bRows ? (<usize>bStride) << 2 : 0,
    bColumns ? 4 : 0,
  );
  let count = damage();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x = get(a, (aRows ? r * aStride : 0) + (aColumns ? c : 0));
      const y = get(b, (bRows ? r * bStride : 0) + (bColumns ? c : 0));
      if (!same(get(out, r * columns + c), scalarOf(x, y))) count++;
    }
  }
  return count;
}

/** All ways to repeat, over sizes 0 to 70, with rows packed and with rows apart. */
function failures(kernel: Kernel, scalarOf: Scalar): i32 {
  let count = 0;
  for (let way = 0; way < 16; way++) {
    for (let columns = 0; columns <= 70; columns++) {
      const rows = 1 + (columns % 4);
      const gap = way & 1 ? 3 : 0;
      count += compare(
        kernel,
        scalarOf,
        rows,
        columns,
        (way & 1) != 0,
        (way & 2) != 0,
        (way & 4) != 0,
        (way & 8) != 0,
        gap,
      );
    }
  }
  for (let rows = 0; rows <= 70; rows++) count += compare(kernel, scalarOf, rows, 3, true, true, false, true, 0);
  return count;
}

describe("functions of two arrays", () => {
  it("are exact for all ways to repeat, and write nothing else", () => {
    expect(failures(add, (a, b) => a + b)).toBe(0, "add");
    expect(failures(subtract, (a, b) => a - b)).toBe(0, "subtract");
    expect(failures(multiply, (a, b) => a * b)).toBe(0, "multiply");
    expect(failures(divide, (a, b) => a / b)).toBe(0, "divide");
    expect(failures(maximum, (a, b) => f32.max(a, b))).toBe(0, "maximum");
    expect(failures(minimum, (a, b) => f32.min(a, b))).toBe(0, "minimum");
    expect(failures(greater, (a, b) => (a > b ? <f32>1 : <f32>0))).toBe(0, "greater");
    expect(failures(maximumShare, (a, b) => (a > b ? <f32>1 : a == b ? <f32>0.5 : <f32>0))).toBe(0, "maximumShare");
  });

  it("keep NaN from either side, but for comparisons, which are 0", () => {
    reset();
    const number = numbers(1, 1);
    const nan = words(1);
    store<f32>(nan, NaN);
    const out = words(1);
    const kernels: Kernel[] = [add, subtract, multiply, divide, maximum, minimum];
    let lost = 0;
    for (let i = 0; i < kernels.length; i++) {
      kernels[i](out, number, nan, 1, 1, 0, 0, 0, 0);
      if (!isNotANumber(get(out, 0))) lost++;
      kernels[i](out, nan, number, 1, 1, 0, 0, 0, 0);
      if (!isNotANumber(get(out, 0))) lost++;
    }
    expect(lost).toBe(0);
    greater(out, nan, number, 1, 1, 0, 0, 0, 0);
    expect(get(out, 0)).toBe(0);
    maximumShare(out, number, nan, 1, 1, 0, 0, 0, 0);
    expect(get(out, 0)).toBe(0);
  });

  it("may write to one of their operands", () => {
    reset();
    const a = numbers(23, 1);
    const b = numbers(23, 2);
    const out = words(23);
    multiply(out, a, b, 1, 23, 0, 4, 0, 4);
    multiply(b, a, b, 1, 23, 0, 4, 0, 4);
    let count = 0;
    for (let i = 0; i < 23; i++) if (!same(get(out, i), get(b, i))) count++;
    expect(count).toBe(0);
  });
});
