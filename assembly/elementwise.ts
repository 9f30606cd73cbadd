// Functions of one array, element by element: out[i] = f(x[i]); and their adjoints, which also take the gradient of the
// output: out[i] = g(dy[i], x[i]). `out` may be one of the inputs.
//
// Each function is a class with one method on four lanes, and the loop is compiled once for each. The last one to three
// elements go through the same four-lane function, so an element's result does not depend on its place in the array.
// Two vectors a turn keep two chains of dependent operations under way, which makes tanh a twelfth and exp a third
// faster; functions too long for the compiler to inline on its own say so.

import { EXCESS_LIMIT, Lanes } from "./elementary";
import { loadPart, storePart } from "./simd";

@unmanaged
abstract class Unary {
  abstract apply(x: v128): v128;
}

function map<F extends Unary>(out: usize, x: usize, n: i32): void {
  const f = changetype<F>(0);
  const end = x + ((<usize>n) << 2);
  for (; x + 32 <= end; x += 32, out += 32) {
    const first = f.apply(v128.load(x));
    const second = f.apply(v128.load(x, 16));
    v128.store(out, first);
    v128.store(out, second, 16);
  }
  for (; x < end; x += 16, out += 16) {
    const left = end - x;
    const y = f.apply(left >= 16 ? v128.load(x) : loadPart(x, left));
    if (left >= 16) v128.store(out, y);
    else storePart(out, y, left);
  }
}

@unmanaged
abstract class Adjoint {
  abstract apply(dy: v128, x: v128): v128;
}

function mapAdjoint<F extends Adjoint>(out: usize, dy: usize, x: usize, n: i32): void {
  const f = changetype<F>(0);
  const end = x + ((<usize>n) << 2);
  for (; x + 32 <= end; x += 32, dy += 32, out += 32) {
    const first = f.apply(v128.load(dy), v128.load(x));
    const second = f.apply(v128.load(dy, 16), v128.load(x, 16));
    v128.store(out, first);
    v128.store(out, second, 16);
  }
  for (; x < end; x += 16, dy += 16, out += 16) {
    const left = end - x;
    const whole = left >= 16;
    const dx = f.apply(whole ? v128.load(dy) : loadPart(dy, left), whole ? v128.load(x) : loadPart(x, left));
    if (whole) v128.store(out, dx);
    else storePart(out, dx, left);
  }
}

@unmanaged
class Negate extends Unary {
  apply(x: v128): v128 {
    return f32x4.neg(x);
  }
}
/** -x */
export function negate(out: usize, x: usize, n: i32): void {
  map<Negate>(out, x, n);
}

@unmanaged
class Abs extends Unary {
  apply(x: v128): v128 {
    return f32x4.abs(x);
  }
}
/** |x| */
export function abs(out: usize, x: usize, n: i32): void {
  map<Abs>(out, x, n);
}

@unmanaged
class AbsAdjoint extends Adjoint {
  apply(dy: v128, x: v128): v128 {
    const sign = v128.and(x, i32x4.splat(0x80000000));
    const zero = f32x4.eq(x, f32x4.splat(0));
    return v128.andnot(v128.xor(dy, sign), zero);
  }
}
/** dy * sign(x), with sign(0) = 0 */
export function absAdjoint(out: usize, dy: usize, x: usize, n: i32): void {
  mapAdjoint<AbsAdjoint>(out, dy, x, n);
}

@unmanaged
class Sqrt extends Unary {
  apply(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}
/** √x */
export function sqrt(out: usize, x: usize, n: i32): void {
  map<Sqrt>(out, x, n);
}

@unmanaged
class SqrtAdjoint extends Adjoint {
  apply(dy: v128, y: v128): v128 {
    return f32x4.div(f32x4.mul(dy, f32x4.splat(0.5)), y);
  }
}
/** dy / 2y, from the output y */
export function sqrtAdjoint(out: usize, dy: usize, y: usize, n: i32): void {
  mapAdjoint<SqrtAdjoint>(out, dy, y, n);
}

@unmanaged
class Exp extends Unary {
  @inline
  apply(x: v128): v128 {
    return Lanes.exp(x);
  }
}
/** eˣ */
export function exp(out: usize, x: usize, n: i32): void {
  map<Exp>(out, x, n);
}

@unmanaged
class Log extends Unary {
  @inline
  apply(x: v128): v128 {
    return Lanes.log(x);
  }
}
/** the natural logarithm of x */
export function log(out: usize, x: usize, n: i32): void {
  map<Log>(out, x, n);
}

@unmanaged
class Tanh extends Unary {
  @inline
  apply(x: v128): v128 {
    return Lanes.tanh(x);
  }
}
/** tanh x */
export function tanh(out: usize, x: usize, n: i32): void {
  map<Tanh>(out, x, n);
}

@unmanaged
class TanhAdjoint extends Adjoint {
  apply(dy: v128, y: v128): v128 {
    return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
  }
}
/** dy * (1 - y²), from the output y */
export function tanhAdjoint(out: usize, dy: usize, y: usize, n: i32): void {
  mapAdjoint<TanhAdjoint>(out, dy, y, n);
}

@unmanaged
class Sigmoid extends Unary {
  @inline
  apply(x: v128): v128 {
    return Lanes.sigmoid(x);
  }
}
/** 1 / (1 + e⁻ˣ) */
export function sigmoid(out: usize, x: usize, n: i32): void {
  map<Sigmoid>(out, x, n);
}

@unmanaged
class SigmoidAdjoint extends Adjoint {
  apply(dy: v128, y: v128): v128 {
    return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  }
}
/** dy * y (1 - y), from the output y */
export function sigmoidAdjoint(out: usize, dy: usize, y: usize, n: i32): void {
  mapAdjoint<SigmoidAdjoint>(out, dy, y, n);
}

@unmanaged
class ExpExcess extends Unary {
  @inline
  apply(x: v128): v128 {
    const far = f32x4.sub(f32x4.sub(Lanes.exp(x), f32x4.splat(1)), x);
    return v128.bitselect(Lanes.expExcess(x), far, f32x4.le(f32x4.abs(x), f32x4.splat(EXCESS_LIMIT)));
  }
}
/** eˣ - 1 - x */
export function expExcess(out: usize, x: usize, n: i32): void {
  map<ExpExcess>(out, x, n);
}

@unmanaged
class ExpExcessAdjoint extends Adjoint {
  @inline
  apply(dy: v128, x: v128): v128 {
    const near = f32x4.add(x, Lanes.expExcess(x));
    const far = f32x4.sub(Lanes.exp(x), f32x4.splat(1));
    return f32x4.mul(dy, v128.bitselect(near, far, f32x4.le(f32x4.abs(x), f32x4.splat(EXCESS_LIMIT))));
  }
}
/** dy * (eˣ - 1) */
export function expExcessAdjoint(out: usize, dy: usize, x: usize, n: i32): void {
  mapAdjoint<ExpExcessAdjoint>(out, dy, x, n);
}

@unmanaged
class TanhLogSlope extends Unary {
  @inline
  apply(x: v128): v128 {
    return Lanes.tanhLogSlope(x);
  }
}
/** log(1 - tanh² x) */
export function tanhLogSlope(out: usize, x: usize, n: i32): void {
  map<TanhLogSlope>(out, x, n);
}

@unmanaged
class Relu extends Unary {
  apply(x: v128): v128 {
    // NaN has to come through, and f32x4.max keeps it.
    return f32x4.max(x, f32x4.splat(0));
  }
}
/** max(x, 0) */
export function relu(out: usize, x: usize, n: i32): void {
  map<Relu>(out, x, n);
}

@unmanaged
class ReluAdjoint extends Adjoint {
  apply(dy: v128, y: v128): v128 {
    return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
  }
}
/** dy where y > 0, else 0, from the output y */
export function reluAdjoint(out: usize, dy: usize, y: usize, n: i32): void {
  mapAdjoint<ReluAdjoint>(out, dy, y, n);
}

@unmanaged
class Elu extends Unary {
  apply(x: v128): v128 {
    return Lanes.elu(x);
  }
}
/** x where x > 0, else eˣ - 1 */
export function elu(out: usize, x: usize, n: i32): void {
  map<Elu>(out, x, n);
}

@unmanaged
class EluAdjoint extends Adjoint {
  apply(dy: v128, y: v128): v128 {
    const one = f32x4.splat(1);
    return f32x4.mul(dy, f32x4.min(f32x4.add(y, one), one));
  }
}
/** dy * min(y + 1, 1), from the output y */
export function eluAdjoint(out: usize, dy: usize, y: usize, n: i32): void {
  mapAdjoint<EluAdjoint>(out, dy, y, n);
}

@unmanaged
class Silu extends Unary {
  apply(x: v128): v128 {
    return Lanes.silu(x);
  }
}
/** x / (1 + e⁻ˣ) */
export function silu(out: usize, x: usize, n: i32): void {
  map<Silu>(out, x, n);
}

@unmanaged
class SiluAdjoint extends Adjoint {
  apply(dy: v128, x: v128): v128 {
    return f32x4.mul(dy, Lanes.siluSlope(x));
  }
}
/** dy * (s + x s (1 - s)), s = 1 / (1 + e⁻ˣ), from the input x */
export function siluAdjoint(out: usize, dy: usize, x: usize, n: i32): void {
  mapAdjoint<SiluAdjoint>(out, dy, x, n);
}

/** min(max(x, *low), *high); NaN stays NaN */
export function clamp(out: usize, x: usize, low: usize, high: usize, n: i32): void {
  const lowest = v128.load32_splat(low);
  const highest = v128.load32_splat(high);
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += 16, out += 16) {
    const left = end - x;
    const y = f32x4.min(f32x4.max(left >= 16 ? v128.load(x) : loadPart(x, left), lowest), highest);
    if (left >= 16) v128.store(out, y);
    else storePart(out, y, left);
  }
}

/** dy where *low <= x <= *high, else 0 */
export function clampAdjoint(out: usize, dy: usize, x: usize, low: usize, high: usize, n: i32): void {
  const lowest = v128.load32_splat(low);
  const highest = v128.load32_splat(high);
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += 16, dy += 16, out += 16) {
    const left = end - x;
    const whole = left >= 16;
    const value = whole ? v128.load(x) : loadPart(x, left);
    const inside = v128.and(f32x4.ge(value, lowest), f32x4.le(value, highest));
    const dx = v128.and(whole ? v128.load(dy) : loadPart(dy, left), inside);
    if (whole) v128.store(out, dx);
    else storePart(out, dx, left);
  }
}

/** out[n] = x[n], bytes as floats */
export function toFloat32(out: usize, x: usize, n: i32): void {
  const end = x + <usize>n;
  for (; x + 4 <= end; x += 4, out += 16) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)));
    v128.store(out, f32x4.convert_i32x4_u(words));
  }
  for (; x < end; x++, out += 4) store<f32>(out, <f32>load<u8>(x));
}
