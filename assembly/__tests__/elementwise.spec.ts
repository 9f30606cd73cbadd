import { Lanes } from "../elementary";
import {
  abs,
  absAdjoint,
  clamp,
  clampAdjoint,
  elu,
  eluAdjoint,
  exp,
  log,
  negate,
  relu,
  reluAdjoint,
  sigmoid,
  sigmoidAdjoint,
  silu,
  siluAdjoint,
  sqrt,
  sqrtAdjoint,
  tanh,
  tanhAdjoint,
  toFloat32,
} from "../elementwise";
import {
  bytes,
  damage,
  differences,
  fraction,
  get,
  isNotANumber,
  put,
  putByte,
  reset,
  same,
  scalar,
  specials,
  words,
} from "./support";

type Kernel = (out: usize, x: usize, n: i32) => void;
type AdjointKernel = (out: usize, dy: usize, x: usize, n: i32) => void;
type Scalar = (x: f32) => f32;
type AdjointScalar = (dy: f32, x: f32) => f32;

/**
 * The elements, in all sizes from 0 to 70, that are not what one element alone gives; and everything written beside
 * them.
 */
function failures(kernel: Kernel, scalarOf: Scalar): i32 {
  let count = 0;
  for (let n = 0; n <= 70; n++) {
    reset();
    const x = specials(n, n);
    const out = words(n);
    kernel(out, x, n);
    for (let i = 0; i < n; i++) if (!same(get(out, i), scalarOf(get(x, i)))) count++;
    count += damage();
    // In place, too.
    kernel(x, x, n);
    count += differences(x, out, n) + damage();
  }
  return count;
}

function adjointFailures(kernel: AdjointKernel, scalarOf: AdjointScalar): i32 {
  let count = 0;
  for (let n = 0; n <= 70; n++) {
    reset();
    const dy = specials(n, 7 * n + 1);
    const x = specials(n, n);
    const out = words(n);
    kernel(out, dy, x, n);
    for (let i = 0; i < n; i++) if (!same(get(out, i), scalarOf(get(dy, i), get(x, i)))) count++;
    count += damage();
    kernel(dy, dy, x, n);
    count += differences(dy, out, n) + damage();
  }
  return count;
}

function at(kernel: Kernel, value: f32): f32 {
  reset();
  const x = scalar(value);
  kernel(x, x, 1);
  return get(x, 0);
}

function adjointAt(kernel: AdjointKernel, dy: f32, value: f32): f32 {
  reset();
  const gradient = scalar(dy);
  kernel(gradient, gradient, scalar(value), 1);
  return get(gradient, 0);
}

describe("functions of one array", () => {
  it("give each element what it gives alone, in any size and place, and write nothing else", () => {
    expect(failures(negate, (x) => -x)).toBe(0, "negate");
    expect(failures(abs, (x) => reinterpret<f32>(reinterpret<u32>(x) & 0x7fffffff))).toBe(0, "abs");
    expect(failures(sqrt, (x) => f32.sqrt(x))).toBe(0, "sqrt");
    expect(failures(relu, (x) => (x > 0 ? x : isNotANumber(x) ? x : <f32>0))).toBe(0, "relu");
    expect(failures(exp, (x) => f32x4.extract_lane(Lanes.exp(f32x4.splat(x)), 0))).toBe(0, "exp");
    expect(failures(log, (x) => f32x4.extract_lane(Lanes.log(f32x4.splat(x)), 0))).toBe(0, "log");
    expect(failures(tanh, (x) => f32x4.extract_lane(Lanes.tanh(f32x4.splat(x)), 0))).toBe(0, "tanh");
    expect(failures(sigmoid, (x) => f32x4.extract_lane(Lanes.sigmoid(f32x4.splat(x)), 0))).toBe(0, "sigmoid");
    expect(failures(elu, (x) => f32x4.extract_lane(Lanes.elu(f32x4.splat(x)), 0))).toBe(0, "elu");
    expect(failures(silu, (x) => f32x4.extract_lane(Lanes.silu(f32x4.splat(x)), 0))).toBe(0, "silu");
  });

  it("keep NaN", () => {
    const kernels: Kernel[] = [negate, abs, sqrt, relu, exp, log, tanh, sigmoid, elu, silu];
    let lost = 0;
    for (let i = 0; i < kernels.length; i++) if (!isNotANumber(at(kernels[i], NaN))) lost++;
    expect(lost).toBe(0);
  });

  it("know zeros by their sign", () => {
    expect(reinterpret<u32>(at(negate, 0))).toBe(0x80000000);
    expect(reinterpret<u32>(at(abs, -0.0))).toBe(0);
    expect(reinterpret<u32>(at(sqrt, -0.0))).toBe(0x80000000);
    expect(at(relu, -0.0)).toBe(0);
    expect(at(sqrt, -1)).toBeNaN();
  });

  it("have their limits at infinity", () => {
    expect(at(relu, Infinity)).toBe(Infinity);
    expect(reinterpret<u32>(at(relu, -Infinity))).toBe(0);
    expect(at(sqrt, Infinity)).toBe(Infinity);
    expect(at(sqrt, -Infinity)).toBeNaN();
    expect(at(abs, -Infinity)).toBe(Infinity);
    expect(at(negate, Infinity)).toBe(-Infinity);
    expect(at(exp, Infinity)).toBe(Infinity);
    expect(at(exp, -Infinity)).toBe(0);
    expect(at(log, Infinity)).toBe(Infinity);
    expect(at(log, 0)).toBe(-Infinity);
    expect(at(log, -1)).toBeNaN();
    expect(at(tanh, Infinity)).toBe(1);
    expect(at(tanh, -Infinity)).toBe(-1);
    expect(at(sigmoid, Infinity)).toBe(1);
    expect(at(sigmoid, -Infinity)).toBe(0);
  });
});

describe("adjoints of functions of one array", () => {
  it("give each element what it gives alone, in any size and place, and write nothing else", () => {
    expect(
      adjointFailures(absAdjoint, (dy, x) => {
        if (x == 0) return 0;
        return reinterpret<f32>(reinterpret<u32>(dy) ^ (reinterpret<u32>(x) & 0x80000000));
      }),
    ).toBe(0, "abs");
    expect(adjointFailures(sqrtAdjoint, (dy, y) => (dy * <f32>0.5) / y)).toBe(0, "sqrt");
    expect(adjointFailures(tanhAdjoint, (dy, y) => dy * (<f32>1 - y * y))).toBe(0, "tanh");
    expect(adjointFailures(sigmoidAdjoint, (dy, y) => dy * (y * (<f32>1 - y)))).toBe(0, "sigmoid");
    expect(adjointFailures(reluAdjoint, (dy, y) => (y > 0 ? dy : <f32>0))).toBe(0, "relu");
    expect(adjointFailures(eluAdjoint, (dy, y) => dy * (y > 0 ? <f32>1 : y + <f32>1))).toBe(0, "elu");
    expect(adjointFailures(siluAdjoint, (dy, x) => dy * f32x4.extract_lane(Lanes.siluSlope(f32x4.splat(x)), 0))).toBe(
      0,
      "silu",
    );
  });

  it("keep a NaN gradient where the function has a slope", () => {
    expect(adjointAt(tanhAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(sigmoidAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(sqrtAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(reluAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(absAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(eluAdjoint, NaN, 0.5)).toBeNaN();
    expect(adjointAt(siluAdjoint, NaN, 0.5)).toBeNaN();
  });

  it("are 0 where the function has a kink", () => {
    expect(reinterpret<u32>(adjointAt(absAdjoint, -3, 0))).toBe(0);
    expect(reinterpret<u32>(adjointAt(absAdjoint, -3, -0.0))).toBe(0);
    expect(reinterpret<u32>(adjointAt(reluAdjoint, -3, 0))).toBe(0);
  });

  it("have their limits at infinity", () => {
    expect(adjointAt(siluAdjoint, -3, 0)).toBe(-1.5);
    expect(adjointAt(siluAdjoint, -3, Infinity)).toBe(-3);
    expect(adjointAt(siluAdjoint, -3, -Infinity)).toBe(0);
    expect(adjointAt(eluAdjoint, -3, 0)).toBe(-3);
    expect(adjointAt(eluAdjoint, -3, Infinity)).toBe(-3);
    expect(adjointAt(eluAdjoint, -3, -1)).toBe(0);
  });

  it("pass nothing through relu where its output is NaN, for a comparison with NaN is false", () => {
    expect(reinterpret<u32>(adjointAt(reluAdjoint, -3, NaN))).toBe(0);
  });
});

function clampFailures(low: f32, high: f32): i32 {
  let count = 0;
  for (let n = 0; n <= 70; n++) {
    reset();
    const x = specials(n, n);
    const dy = specials(n, 3 * n + 5);
    if (n > 4) put(x, 4, low);
    if (n > 5) put(x, 5, high);
    const lowest = scalar(low);
    const highest = scalar(high);
    const out = words(n);
    const dx = words(n);
    clamp(out, x, lowest, highest, n);
    clampAdjoint(dx, dy, x, lowest, highest, n);
    for (let i = 0; i < n; i++) {
      const value = get(x, i);
      const inside = value >= low && value <= high;
      const clamped = isNotANumber(value) ? value : value < low ? low : value > high ? high : value;
      if (!same(get(out, i), clamped)) count++;
      if (!same(get(dx, i), inside ? get(dy, i) : <f32>0)) count++;
    }
    count += damage();
  }
  return count;
}

describe("clamp", () => {
  it("limits, keeps NaN, and passes the gradient inside, ends included", () => {
    expect(clampFailures(-1.5, 0.75)).toBe(0);
    expect(clampFailures(0.25, 0.25)).toBe(0);
    expect(clampFailures(-Infinity, Infinity)).toBe(0);
  });

  it("is NaN where a limit is", () => {
    reset();
    const x = scalar(fraction(1, 1));
    clamp(x, x, scalar(NaN), scalar(1), 1);
    expect(get(x, 0)).toBeNaN();
    put(x, 0, 0.5);
    clamp(x, x, scalar(0), scalar(NaN), 1);
    expect(get(x, 0)).toBeNaN();
  });
});

describe("toFloat32", () => {
  it("is every byte as a number, for any length", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const x = bytes(n);
      for (let i = 0; i < n; i++) putByte(x, i, (251 * i + n) & 255);
      const out = words(n);
      toFloat32(out, x, n);
      for (let i = 0; i < n; i++) if (get(out, i) != <f32>((251 * i + n) & 255)) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });
});
