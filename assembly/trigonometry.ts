// sin and cos of float64, for environments whose physics needs them: the same bits on every engine, which Math.sin does
// not promise. Constants are from tools/fit/trigonometry.py. Only + - * round here, so that there is nothing an engine
// could do differently.

/** 2 / π */
const TWO_OVER_PI: f64 = 0.6366197723675814;
// π / 2 in three parts; the first two have 36 bits, so that their products with an integer below 2^17 are exact.
const HALF_PI_HIGH: f64 = 1.5707963267923333;
const HALF_PI_MIDDLE: f64 = 2.5633441515839558e-12;
const HALF_PI_LOW: f64 = 1.0562999066987428e-23;
/** Adding 1.5 * 2^52 rounds to an integer, and leaves it in the low bits of the sum. */
const ROUND: f64 = 6755399441055744;
/** The largest argument, 2^17 quarter turns: more would need more of π than three parts. */
const LARGEST: f64 = 205887;

/** sin(r + tail) for |r| <= π / 4, where the tail is below an ULP of r. */
export function sinReduced(r: f64, tail: f64): f64 {
  const z = r * r;
  const z2 = z * z;
  const low = 0.008333333333322118 + z * -0.00019841269829589615;
  const high = 2.7557313621397323e-6 + z * (-2.5050747763000204e-8 + z * 1.5896230091913874e-10);
  const cubic = z * (-0.1666666666666663 + z * (low + z2 * high));
  return r + (r * cubic + (tail - 0.5 * z * tail));
}

/** cos(r + tail) for |r| <= π / 4, where the tail is below an ULP of r. */
export function cosReduced(r: f64, tail: f64): f64 {
  const z = r * r;
  const z2 = z * z;
  const low = 0.041666666666666595 + z * (-0.0013888888888873056 + z * 2.480158728885159e-5);
  const high = -2.755731417926539e-7 + z * (2.087570083792121e-9 + z * -1.1358536318375525e-11);
  const half = 0.5 * z;
  // 1 - z / 2 rounds; what it loses comes back with the small terms.
  const leading = 1 - half;
  return leading + (1 - leading - half + (z2 * (low + z * z2 * high) - r * tail));
}

/** sin(x + quarters π / 2) */
function sinAfter(x: f64, quarters: i32): f64 {
  if (!(abs<f64>(x) <= LARGEST)) return NaN;
  const rounded = x * TWO_OVER_PI + ROUND;
  const n = rounded - ROUND;
  // x - n π / 2 (Cody and Waite). The first difference is exact; the other two keep what they round off (Knuth's
  // two-sum).
  const first = x - n * HALF_PI_HIGH;
  const middle = n * HALF_PI_MIDDLE;
  const second = first - middle;
  const back = second - first;
  const lost = first - (second - back) - (middle + back);
  const low = n * HALF_PI_LOW - lost;
  const r = second - low;
  const tail = second - r - low;
  const quadrant = <i32>reinterpret<i64>(rounded) + quarters;
  const magnitude = quadrant & 1 ? cosReduced(r, tail) : sinReduced(r, tail);
  return quadrant & 2 ? -magnitude : magnitude;
}

/** sin(x) within 1 ULP for |x| <= 205887, which is 32768 turns; NaN beyond, and for NaN. */
export function sin(x: f64): f64 {
  if (x == 0) return x; // with its sign, which the sums below would lose
  return sinAfter(x, 0);
}

/** cos(x) within 1 ULP for |x| <= 205887, which is 32768 turns; NaN beyond, and for NaN. */
export function cos(x: f64): f64 {
  return sinAfter(x, 1);
}
