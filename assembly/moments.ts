// Numbers brought to mean 0 and variance 1 by moments that are kept in float64, and back.

/**
 * out = min(max((x - mean) / sqrt(variance + epsilon), -limit), limit) for rows of so many columns: x and out float32,
 * mean and variance float64 [columns], settings { epsilon, limit } float64. Computed in float64, rounded once.
 * @param scratch room for a float64 for each column, and one more
 */
export function normalize(
  out: usize,
  x: usize,
  mean: usize,
  variance: usize,
  settings: usize,
  scratch: usize,
  rows: i32,
  columns: i32,
): void {
  const epsilon = load<f64>(settings);
  const limit = f64x2.splat(load<f64>(settings, 8));
  const least = f64x2.neg(limit);
  for (let column = 0; column < columns; column++)
    store<f64>(scratch + ((<usize>column) << 3), 1 / sqrt(load<f64>(variance + ((<usize>column) << 3)) + epsilon));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += 2) {
      const isLast = column + 1 == columns;
      const two = f64x2.promote_low_f32x4(isLast ? v128.load32_zero(x) : v128.load64_zero(x));
      const at = (<usize>column) << 3;
      const centred = f64x2.sub(two, isLast ? v128.load64_zero(mean + at) : v128.load(mean + at));
      const scaled = f64x2.mul(centred, v128.load(scratch + at));
      const result = f32x4.demote_f64x2_zero(f64x2.max(f64x2.min(scaled, limit), least));
      if (isLast) v128.store_lane<f32>(out, result, 0);
      else v128.store_lane<f64>(out, result, 0);
      const bytes: usize = isLast ? 4 : 8;
      x += bytes;
      out += bytes;
    }
  }
}

/** out = x · sqrt(variance + epsilon) + mean, for n numbers by one mean and variance: what `normalize` began with. */
export function denormalize(out: usize, x: usize, mean: usize, variance: usize, settings: usize, n: i32): void {
  const deviation = sqrt(load<f64>(variance) + load<f64>(settings));
  for (let i = 0; i < n; i++, x += 4, out += 4) store<f32>(out, <f32>(<f64>load<f32>(x) * deviation + load<f64>(mean)));
}
