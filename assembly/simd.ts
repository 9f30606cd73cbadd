// The one place that decides what multiply-add means. The strict module multiplies, then adds: two roundings, the same
// bits on every engine. The fma module uses relaxed SIMD, which fuses where the processor can. ASC_FEATURE_RELAXED_SIMD
// is a compile-time constant: the other branch is never compiled.

/** a * b + c */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a * b */
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  else return f32x4.sub(c, f32x4.mul(a, b));
}

/** The sum of four lanes, as (x0 + x2) + (x1 + x3). */
export function horizontalSum(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The last two of four floats in float64; promote_low_f32x4 has the first two. */
export function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** Four numbers in float64, each rounded once to float32. */
export function demote(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** The first one to three of four floats, as many as `bytes` holds, with zeros above them. */
export function loadPart(address: usize, bytes: usize): v128 {
  let four = v128.load32_zero(address);
  if (bytes > 4) four = v128.load_lane<f32>(address, four, 1, 4);
  if (bytes > 8) four = v128.load_lane<f32>(address, four, 2, 8);
  return four;
}

/** Stores the first one to three of four floats, as many as `bytes` holds. */
export function storePart(address: usize, four: v128, bytes: usize): void {
  v128.store_lane<f32>(address, four, 0);
  if (bytes > 4) v128.store_lane<f32>(address, four, 1, 4);
  if (bytes > 8) v128.store_lane<f32>(address, four, 2, 8);
}
