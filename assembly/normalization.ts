// Layer normalisation: each row by its own mean and deviation. Statistics run in float64, in an order that the number
// of columns fixes.

import { squaredDeviations, sum64 } from "./reduce";

/**
 * out[r, c] = (x[r, c] - mean of row r) * scales[r], scales[r] = 1 / √(variance of row r + *epsilon), the biased
 * variance, in float64 until the results are rounded
 */
export function normalizeRows(scales: usize, out: usize, x: usize, epsilon: usize, rows: i32, columns: i32): void {
  const bytes = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, scales += 4, x += bytes, out += bytes) {
    const center = sum64(x, columns) / <f64>columns;
    const variance = squaredDeviations(x, columns, center) / <f64>columns;
    const scale = 1.0 / sqrt<f64>(variance + <f64>load<f32>(epsilon));
    store<f32>(scales, <f32>scale);
    for (let c: usize = 0; c < bytes; c += 4) store<f32>(out + c, <f32>((<f64>load<f32>(x + c) - center) * scale));
  }
}

/** out = scales (dy - mean of dy - y mean of dy y) in each row, from the outputs y and scales */
export function normalizeRowsAdjoint(out: usize, dy: usize, y: usize, scales: usize, rows: i32, columns: i32): void {
  const bytes = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, scales += 4, out += bytes, dy += bytes, y += bytes) {
    let along: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 4) along += <f64>load<f32>(dy + c) * <f64>load<f32>(y + c);
    along /= <f64>columns;
    const center = sum64(dy, columns) / <f64>columns;
    const scale = <f64>load<f32>(scales);
    for (let c: usize = 0; c < bytes; c += 4) {
      const slope = <f64>load<f32>(dy + c) - center - <f64>load<f32>(y + c) * along;
      store<f32>(out + c, <f32>(slope * scale));
    }
  }
}
