// @ts-check
// What the errors of the elementary kernels are measured against: JavaScript's own functions in float64, whose error is
// 2^-29 of a float32 step. They may differ between engines, so the engine never uses them; here they only measure.

/** @type {Record<string, (x: number) => number>} */
export const references = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => {
    const e = Math.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  },
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  // Every float32 below -200 gives 0, which -Infinity times 0 would not.
  silu: (x) => Math.max(x, -200) / (1 + Math.exp(-Math.max(x, -200))),
};

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer); // the high word is the second: every platform of today is little-endian

/** 1 / the distance of neighbouring float32, by the exponent field of a float64 among them. */
const perUlp = Float64Array.from(
  { length: 2048 },
  (_, field) => 2 ** (23 - Math.min(Math.max(field - 1023, -126), 127)),
);

/** From here on a number rounds to Infinity in float32. */
const OVERFLOW = 2 ** 128 - 2 ** 103;

/**
 * The error of a float32 result in units in the last place: in distances of the float32 that lie around the exact
 * value. Infinity where one of the two is NaN or infinite and the other is not.
 * @param {number} actual
 * @param {number} exact
 */
export function ulpError(actual, exact) {
  if (actual === exact) return 0;
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Number.POSITIVE_INFINITY;
  if (Math.abs(exact) >= OVERFLOW && Math.abs(actual) === Number.POSITIVE_INFINITY) {
    return Math.sign(actual) === Math.sign(exact) ? 0 : Number.POSITIVE_INFINITY;
  }
  double[0] = exact;
  const high = /** @type {number} */ (words[1]);
  const error = Math.abs(actual - exact) * /** @type {number} */ (perUlp[(high >>> 20) & 2047]);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
