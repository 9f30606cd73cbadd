import { normalizeRows, normalizeRowsAdjoint } from "../normalization";
import { damage, get, numbers, put, reset, scalar, UNIT, within, words } from "./support";

const EPSILON: f32 = 0.001;

/** The numbers of a row's normalisation and of its adjoint, in float64, that the kernels are further from than this. */
function failures(rows: i32, columns: i32): i32 {
  reset();
  const x = numbers(rows * columns, columns);
  const dy = numbers(rows * columns, columns + 1);
  const out = words(rows * columns);
  const scales = words(rows);
  const dx = words(rows * columns);
  normalizeRows(scales, out, x, scalar(EPSILON), rows, columns);
  normalizeRowsAdjoint(dx, dy, out, scales, rows, columns);
  let count = damage();
  for (let r = 0; r < rows; r++) {
    const first = r * columns;
    let mean: f64 = 0;
    for (let c = 0; c < columns; c++) mean += <f64>get(x, first + c) / <f64>columns;
    let variance: f64 = 0;
    for (let c = 0; c < columns; c++) variance += (<f64>get(x, first + c) - mean) ** 2 / <f64>columns;
    const scale = 1 / Math.sqrt(variance + <f64>EPSILON);
    if (!within(get(scales, r), scale, 2 * UNIT * scale)) count++;
    let center: f64 = 0;
    let along: f64 = 0;
    for (let c = 0; c < columns; c++) {
      center += <f64>get(dy, first + c) / <f64>columns;
      along += (<f64>get(dy, first + c) * (<f64>get(x, first + c) - mean) * scale) / <f64>columns;
    }
    for (let c = 0; c < columns; c++) {
      const y = (<f64>get(x, first + c) - mean) * scale;
      if (!within(get(out, first + c), y, 2 * UNIT * abs(y) + 1e-14)) count++;
      const slope = scale * (<f64>get(dy, first + c) - center - y * along);
      // y and scale are rounded, as is what they make: of numbers below 2, and an y below √columns.
      const bound = 2 * UNIT * (abs(slope) + scale * (2 + 2 * abs(y * along)));
      if (!within(get(dx, first + c), slope, bound + 1e-14)) count++;
    }
  }
  return count;
}

describe("normalizeRows and its adjoint", () => {
  it("are those of float64, in any size, and write nothing else", () => {
    for (let columns = 1; columns <= 40; columns++) expect(failures(3, columns)).toBe(0);
    expect(failures(2, 1000)).toBe(0);
    expect(failures(0, 5)).toBe(0);
  });

  it("are 0 where a row does not vary", () => {
    reset();
    const x = words(5);
    for (let c = 0; c < 5; c++) put(x, c, 3.7);
    const scales = words(1);
    normalizeRows(scales, x, x, scalar(EPSILON), 1, 5);
    for (let c = 0; c < 5; c++) expect(get(x, c)).toBe(0);
  });

  it("keep the digits of numbers far from 0", () => {
    reset();
    const x = words(4);
    for (let c = 0; c < 4; c++) put(x, c, <f32>16777212 + <f32>c);
    const scales = words(1);
    normalizeRows(scales, x, x, scalar(0), 1, 4);
    // The deviations are -1.5, -0.5, 0.5 and 1.5, their variance is 1.25.
    for (let c = 0; c < 4; c++) expect(get(x, c)).toBe(<f32>((<f64>c - 1.5) / Math.sqrt(1.25)));
  });
});
