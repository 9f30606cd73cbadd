import { cos, sin } from "../trigonometry";

const LARGEST: f64 = 205887;

function bits(x: f64): u64 {
  return reinterpret<u64>(x);
}

/** Arguments over the whole range, more of them near 0. */
function argument(i: i32): f64 {
  const share = <f64>i / 100000;
  return LARGEST * share * share * share;
}

describe("sin and cos", () => {
  it("are exact at 0, and sin keeps its sign", () => {
    expect(bits(sin(0))).toBe(0);
    expect(bits(sin(-0.0))).toBe(0x8000000000000000);
    expect(cos(0)).toBe(1);
    expect(cos(-0.0)).toBe(1);
  });

  it("keep the smallest numbers", () => {
    expect(sin(5e-324)).toBe(5e-324);
    expect(sin(-2.2250738585072014e-308)).toBe(-2.2250738585072014e-308);
    expect(sin(1e-20)).toBe(1e-20);
    expect(cos(1e-20)).toBe(1);
  });

  it("have the values nearest to the exact ones where those are known", () => {
    expect(sin(1.5707963267948966)).toBe(1);
    expect(cos(3.141592653589793)).toBe(-1);
    // What is left of π in a float64, to the last digit.
    expect(sin(3.141592653589793)).toBe(1.2246467991473532e-16);
    expect(cos(1.5707963267948966)).toBe(6.123233995736766e-17);
    expect(sin(0.5235987755982989)).toBe(0.5);
  });

  it("are odd and even, to the bit", () => {
    let count = 0;
    for (let i = 0; i < 100000; i++) {
      const x = argument(i);
      if (bits(sin(-x)) != (bits(sin(x)) ^ 0x8000000000000000)) count++;
      if (bits(cos(-x)) != bits(cos(x))) count++;
    }
    expect(count).toBe(0);
  });

  it("stay within [-1, 1], their squares adding up to 1", () => {
    let count = 0;
    for (let i = 0; i <= 100000; i++) {
      const x = argument(i);
      const s = sin(x);
      const c = cos(x);
      if (abs(s) > 1 || abs(c) > 1) count++;
      // Each is within an ULP, 2^-53 of something below 1; the squares and their sum round as well.
      if (abs(s * s + c * c - 1) > 6 * 1.1102230246251565e-16) count++;
    }
    expect(count).toBe(0);
  });

  it("are NaN beyond their range, at infinities and for NaN", () => {
    const outside: f64[] = [205887.00000000003, -205887.00000000003, 1e300, Infinity, -Infinity, NaN];
    let numbers = 0;
    for (let i = 0; i < outside.length; i++) {
      if (abs(sin(outside[i])) <= 1) numbers++;
      if (abs(cos(outside[i])) <= 1) numbers++;
    }
    expect(numbers).toBe(0);
    expect(sin(LARGEST)).not.toBeNaN();
    expect(cos(-LARGEST)).not.toBeNaN();
  });
});
