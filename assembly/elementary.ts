// exp, log, tanh, sigmoid, ELU and SiLU of four float32. The polynomials are minimax fits of our own
// (tools/fit/fit.py); the largest error of each function in each module, over every float32, is in tools/fit/ulp.json,
// which a test holds.
//
// NaN gives NaN: pmin and pmax return their first operand when either is NaN, so x has to be the first.

import {
  ELU_LOWEST,
  EXP_2,
  EXP_3,
  EXP_4,
  EXP_5,
  EXP_6,
  EXP_HIGHEST,
  EXP_LOWEST,
  EXP_ROUND,
  HALF,
  LN2,
  LN2_HIGH,
  LN2_LOW,
  LOG_1,
  LOG_2,
  LOG_3,
  LOG_NORMAL,
  LOG_SPECIAL,
  LOG_SQRT_HALF,
  LOG2_E,
  ONE,
  SIGMOID_ROUND,
  SIGMOID_UNSCALE,
  SIGN,
  SILU_LOWEST,
  TANH_3,
  TANH_5,
  TANH_7,
  TANH_9,
  TANH_11,
  TANH_HIGHEST,
  TANH_LIMIT,
  TANH_ROUND,
  TWO,
} from "./constants";
import { madd, nmadd } from "./simd";

/** Up to where `Lanes.expExcess` is taken: four times ln(2) / 2, rounded down. Beyond it a difference will do. */
export const EXCESS_LIMIT: f32 = 1.386;

/** exp(r) - 1 - r = r² P(r) for |r| <= ln(2) / 2, P by Estrin's scheme. */
function expRest(r: v128): v128 {
  const r2 = f32x4.mul(r, r);
  const low = madd(v128.load(EXP_3), r, v128.load(EXP_2));
  const high = madd(v128.load(EXP_6), r2, madd(v128.load(EXP_5), r, v128.load(EXP_4)));
  return f32x4.mul(r2, madd(r2, high, low));
}

/**
 * exp(x - n ln(2)) - 1. The product with the high part of ln(2) is exact, and so is `high`; its small correction joins
 * the small terms.
 */
function expm1Reduced(x: v128, n: v128): v128 {
  const high = nmadd(n, v128.load(LN2_HIGH), x);
  const correction = f32x4.mul(n, v128.load(LN2_LOW));
  const rest = f32x4.sub(expRest(f32x4.sub(high, correction)), correction);
  return f32x4.add(high, rest);
}

/** exp(x - n ln(2)) */
function expReduced(x: v128, n: v128): v128 {
  return f32x4.add(v128.load(ONE), expm1Reduced(x, n));
}

/** 2^64 exp(x) for x from -131 to 0. */
function expScaled(x: v128): v128 {
  const exponent = madd(x, v128.load(LOG2_E), v128.load(SIGMOID_ROUND));
  const reduced = expReduced(x, f32x4.sub(exponent, v128.load(SIGMOID_ROUND)));
  return f32x4.mul(reduced, i32x4.shl(exponent, 23));
}

/** log(2^-shift x) of a normal, positive, finite x. */
function logNormal(x: v128, shift: v128): v128 {
  // x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2)
  const exponent = i32x4.shr_s(i32x4.sub(x, v128.load(LOG_SQRT_HALF)), 23);
  const k = f32x4.convert_i32x4_s(i32x4.sub(exponent, shift));
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(exponent, 23)), v128.load(ONE));
  // With s = f / (2 + f): log(1 + f) = 2s + s R(s²) = f - (h - s (h + R)), h = f²/2. f is exact, and the rest is small
  // beside it.
  const s = f32x4.div(f, f32x4.add(f, v128.load(TWO)));
  const z = f32x4.mul(s, s);
  const R = f32x4.mul(z, madd(z, madd(z, v128.load(LOG_3), v128.load(LOG_2)), v128.load(LOG_1)));
  const h = f32x4.mul(f32x4.mul(f, v128.load(HALF)), f);
  const tail = madd(s, f32x4.add(h, R), f32x4.mul(k, v128.load(LN2_LOW)));
  return madd(k, v128.load(LN2_HIGH), f32x4.sub(f, f32x4.sub(h, tail)));
}

/** log of anything */
function logSpecial(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(1.1754943508222875e-38));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal); // 2^23 x
  const finite = logNormal(normal, v128.and(subnormal, i32x4.splat(23)));
  const infinite = v128.bitselect(x, finite, f32x4.eq(x, f32x4.splat(Infinity)));
  const notNegative = v128.bitselect(f32x4.splat(-Infinity), infinite, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(notNegative, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

/**
 * On four lanes at a time. Static methods, because a method can be told to be inlined in words that TypeScript's tools
 * read, too.
 */
export abstract class Lanes {
  /**
   * exp(x) = 2^n exp(x - n ln(2)).
   *
   * Adding 1.5 * 2^23 rounds x / ln(2) to the integer n and leaves n in the low bits of the sum. Adding 2 * 127 as well
   * makes them the sum of two biased exponents, so 2^n is applied as two factors: results that overflow and results
   * that are subnormal come out right.
   */
  @inline
  static exp(x: v128): v128 {
    const bounded = f32x4.pmin(f32x4.pmax(x, v128.load(EXP_LOWEST)), v128.load(EXP_HIGHEST));
    const exponents = madd(bounded, v128.load(LOG2_E), v128.load(EXP_ROUND));
    const reduced = expReduced(bounded, f32x4.sub(exponents, v128.load(EXP_ROUND)));
    const half = i32x4.shr_u(exponents, 1);
    const scale = i32x4.shl(half, 23);
    const otherScale = i32x4.shl(i32x4.sub(exponents, half), 23);
    return f32x4.mul(f32x4.mul(reduced, scale), otherScale);
  }

  /**
   * exp(x) - 1 - x, by how much exp is above its tangent at 0, for |x| <= EXCESS_LIMIT. It comes from a quarter of x,
   * and is doubled twice: with e = exp(y) - 1 and its rest e - y, exp(2y) - 1 - 2y = e² + 2 (e - y). All of it is
   * positive, so that nothing cancels.
   */
  @inline
  static expExcess(x: v128): v128 {
    const y = f32x4.mul(x, f32x4.splat(0.25));
    let rest = expRest(y);
    const e = f32x4.add(y, rest);
    rest = f32x4.add(f32x4.mul(e, e), f32x4.add(rest, rest));
    const twice = f32x4.add(f32x4.add(y, y), rest);
    return f32x4.add(f32x4.mul(twice, twice), f32x4.add(rest, rest));
  }

  /** log(1 - tanh²(x)) = 2 (log(2) - |x| - log(1 + exp(-2|x|))): no difference of numbers near 1. */
  @inline
  static tanhLogSlope(x: v128): v128 {
    const magnitude = v128.andnot(x, v128.load(SIGN));
    const twice = f32x4.add(magnitude, magnitude);
    const logarithm = Lanes.log(f32x4.add(v128.load(ONE), Lanes.exp(f32x4.neg(twice))));
    const rest = f32x4.sub(v128.load(LN2), logarithm);
    return f32x4.sub(f32x4.add(rest, rest), twice);
  }

  /** The natural logarithm: -Infinity at zero, NaN below. */
  @inline
  static log(x: v128): v128 {
    // Zero, subnormal, negative, infinite or NaN: rare enough for a branch. A normal lane gets the same bits on both
    // sides of it.
    const special = i32x4.gt_s(i32x4.add(x, v128.load(LOG_NORMAL)), v128.load(LOG_SPECIAL));
    return v128.any_true(special) ? logSpecial(x) : logNormal(x, i32x4.splat(0));
  }

  /**
   * tanh(x) is an odd polynomial for |x| <= 0.7 and 1 - 2 / (exp(2|x|) + 1), with the sign of x, beyond. Where the
   * second begins tanh is 0.6 and the quotient 0.4, so that the quotient's rounding errors count for less than one in
   * the result; 0.7 makes the largest errors of the two about equal. Both are computed, and run side by side.
   * (exp(2|x|) - 1) / (exp(2|x|) + 1) alone is half as long, and off by 2.4 ULP.
   */
  @inline
  static tanh(x: v128): v128 {
    const sign = v128.and(x, v128.load(SIGN));
    const magnitude = f32x4.pmin(v128.xor(x, sign), v128.load(TANH_HIGHEST));
    const twice = f32x4.add(magnitude, magnitude);
    const exponent = madd(twice, v128.load(LOG2_E), v128.load(TANH_ROUND));
    const n = f32x4.sub(exponent, v128.load(TANH_ROUND));
    // n is at most 29: one part of ln(2) is enough
    const r = nmadd(n, v128.load(LN2), twice);
    const one = v128.load(ONE);
    const reduced = f32x4.add(one, f32x4.add(r, expRest(r)));
    const denominator = madd(i32x4.shl(exponent, 23), reduced, one);
    const far = f32x4.sub(one, f32x4.div(v128.load(TWO), denominator));

    const z = f32x4.mul(magnitude, magnitude);
    const z2 = f32x4.mul(z, z);
    const low = madd(z, v128.load(TANH_5), v128.load(TANH_3));
    const high = madd(z2, v128.load(TANH_11), madd(z, v128.load(TANH_9), v128.load(TANH_7)));
    const near = madd(f32x4.mul(magnitude, z), madd(z2, high, low), magnitude);

    return v128.or(sign, v128.bitselect(far, near, f32x4.gt(magnitude, v128.load(TANH_LIMIT))));
  }

  /** sigmoid(x) = 1 / (1 + e) for x >= 0 and e / (1 + e) for x < 0, with e = exp(-|x|). */
  @inline
  static sigmoid(x: v128): v128 {
    // exp reaches down to 2^-150, too low for one factor: 2^(n + 64), then 2^-64
    const bounded = f32x4.pmax(v128.or(x, v128.load(SIGN)), v128.load(EXP_LOWEST));
    const e = f32x4.mul(expScaled(bounded), v128.load(SIGMOID_UNSCALE));
    const one = v128.load(ONE);
    const numerator = v128.bitselect(e, one, i32x4.shr_s(x, 31));
    return f32x4.div(numerator, f32x4.add(one, e));
  }

  /**
   * elu(x) = x for x > 0 and exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1) for x <= 0, r = x - n ln(2). Where n is 0 that
   * is r + r² P(r), which loses no digit of a small x; elsewhere nothing that is added up cancels much.
   */
  @inline
  static elu(x: v128): v128 {
    const bounded = f32x4.pmin(f32x4.pmax(x, v128.load(ELU_LOWEST)), f32x4.splat(0));
    const exponent = madd(bounded, v128.load(LOG2_E), v128.load(TANH_ROUND));
    const scale = i32x4.shl(exponent, 23);
    const reduced = expm1Reduced(bounded, f32x4.sub(exponent, v128.load(TANH_ROUND)));
    const negative = madd(scale, reduced, f32x4.sub(scale, v128.load(ONE)));
    // -0 has its sign from x.
    const signed = v128.or(negative, v128.and(x, v128.load(SIGN)));
    return v128.bitselect(x, signed, f32x4.gt(x, f32x4.splat(0)));
  }

  /**
   * silu(x) = x / (1 + e) for x >= 0 and x e / (1 + e) for x < 0, with e = exp(-|x|). The product is of 2^64 e, which
   * has all its digits where e is subnormal.
   */
  @inline
  static silu(x: v128): v128 {
    const one = v128.load(ONE);
    const unscale = v128.load(SIGMOID_UNSCALE);
    const negative = i32x4.shr_s(x, 31);
    const scaled = expScaled(f32x4.pmax(v128.or(x, v128.load(SIGN)), v128.load(SILU_LOWEST)));
    const denominator = f32x4.add(one, f32x4.mul(scaled, unscale));
    const bounded = f32x4.pmax(x, v128.load(SILU_LOWEST));
    const numerator = f32x4.mul(bounded, v128.bitselect(scaled, one, negative));
    return f32x4.mul(f32x4.div(numerator, denominator), v128.bitselect(unscale, one, negative));
  }

  /**
   * The derivative of silu, s + x s (1 - s) with s = sigmoid(x): 1 - s is the sigmoid of -x, and as exact as s where
   * both come from one quotient.
   */
  @inline
  static siluSlope(x: v128): v128 {
    const one = v128.load(ONE);
    const sign = v128.load(SIGN);
    const bounded = f32x4.pmax(v128.or(x, sign), v128.load(EXP_LOWEST));
    const e = f32x4.mul(expScaled(bounded), v128.load(SIGMOID_UNSCALE));
    const larger = f32x4.div(one, f32x4.add(one, e));
    const smaller = f32x4.mul(e, larger);
    const s = v128.bitselect(smaller, larger, i32x4.shr_s(x, 31));
    // An infinite x would be NaN times its 0.
    const finite = v128.bitselect(x, bounded, sign);
    return madd(finite, f32x4.mul(larger, smaller), s);
  }
}
