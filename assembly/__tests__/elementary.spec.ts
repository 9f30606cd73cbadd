import { initialize } from "../constants";
import { Lanes } from "../elementary";

type Elementary = (x: v128) => v128;
const exp: Elementary = (x) => Lanes.exp(x);
const log: Elementary = (x) => Lanes.log(x);
const tanh: Elementary = (x) => Lanes.tanh(x);
const sigmoid: Elementary = (x) => Lanes.sigmoid(x);
const elu: Elementary = (x) => Lanes.elu(x);
const silu: Elementary = (x) => Lanes.silu(x);

const LARGEST: f32 = 3.4028234663852886e38;
const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;
const SMALLEST: f32 = 1.401298464324817e-45;

initialize();

function at(f: Elementary, x: f32): f32 {
  return f32x4.extract_lane(f(f32x4.splat(x)), 0);
}

function bitsAt(f: Elementary, x: f32): u32 {
  return reinterpret<u32>(at(f, x));
}

function fromBits(bits: u32): f32 {
  return reinterpret<f32>(bits);
}

function isNotANumber(x: f32): bool {
  return (reinterpret<u32>(x) & 0x7fffffff) > 0x7f800000;
}

function lanes(x: v128): StaticArray<u32> {
  const all = new StaticArray<u32>(4);
  v128.store(changetype<usize>(all), x);
  return all;
}

/**
 * Every float32 exponent, both signs, a few mantissas of each, and so zeros, subnormals, infinities and NaN as well.
 */
function sample(i: u32): u32 {
  return ((i << 23) | ((i * 2654435761) >> 9)) ^ (i & 1 ? 0 : 0x80000000);
}
const SAMPLES: u32 = 4096;

/** The number of samples where the result depends on the lane or on what the other lanes hold. */
function laneDifferences(f: Elementary): i32 {
  let differences = 0;
  for (let i: u32 = 0; i < SAMPLES; i++) {
    const alone = lanes(f(i32x4.splat(sample(i))));
    let mixed = i32x4.splat(sample(i));
    mixed = i32x4.replace_lane(mixed, 0, sample(i + 256));
    mixed = i32x4.replace_lane(mixed, 1, sample(i + 101));
    mixed = i32x4.replace_lane(mixed, 3, sample(i + 7));
    const inTwo = lanes(f(mixed))[2];
    const inZero = lanes(f(v128.shuffle<i32>(mixed, mixed, 2, 3, 0, 1)))[0];
    for (let lane = 0; lane < 4; lane++) if (alone[lane] != alone[0]) differences++;
    if (inTwo != alone[0] || inZero != alone[0]) differences++;
  }
  return differences;
}

/**
 * How often f falls in `count` steps from one float32 to the next. `from` is positive; with `negative`, the steps go up
 * to -from.
 */
function descents(f: Elementary, from: f32, count: u32, negative: bool): i32 {
  let falls = 0;
  const first = reinterpret<u32>(from);
  let before: f32 = -Infinity;
  for (let i: u32 = 0; i < count; i++) {
    const y = at(f, negative ? -fromBits(first + count - 1 - i) : fromBits(first + i));
    if (y < before) falls++;
    before = y;
  }
  return falls;
}

/** How many of 4096 NaN, of both signs and all kinds of payload, give a number. */
function lostNaN(f: Elementary): i32 {
  let lost = 0;
  for (let i: u32 = 0; i < 4096; i++) {
    const payload: u32 = 1 + ((i * 2654435761) % 0x7fffff);
    const y = at(f, fromBits(0x7f800000 | payload | (i << 31)));
    if (!isNotANumber(y)) lost++;
  }
  return lost;
}

describe("exp", () => {
  it("is exactly 1 at both zeros and at the smallest numbers", () => {
    expect(at(exp, 0)).toBe(1);
    expect(at(exp, -0.0)).toBe(1);
    expect(at(exp, SMALLEST)).toBe(1);
    expect(at(exp, -SMALLEST_NORMAL)).toBe(1);
  });
  it("is 0 and Infinity at the infinities", () => {
    expect(bitsAt(exp, -Infinity)).toBe(0);
    expect(at(exp, Infinity)).toBe(Infinity);
    expect(bitsAt(exp, -LARGEST)).toBe(0);
    expect(at(exp, LARGEST)).toBe(Infinity);
  });
  it("overflows just above 88.7228", () => {
    expect(at(exp, fromBits(0x42b17217))).toBeLessThan(Infinity); // 88.72283
    expect(at(exp, fromBits(0x42b17217))).toBeGreaterThan(3.4e38);
    expect(at(exp, fromBits(0x42b17218))).toBe(Infinity); // 88.72284
    expect(at(exp, 89.5)).toBe(Infinity);
  });
  it("has subnormal results", () => {
    expect(bitsAt(exp, -100)).toBe(27);
    expect(bitsAt(exp, -103)).toBe(1);
    expect(bitsAt(exp, -103.9)).toBe(1);
    expect(bitsAt(exp, -104)).toBe(0);
  });
  it("keeps NaN", () => {
    expect(lostNaN(exp)).toBe(0);
  });
  it("never falls", () => {
    expect(descents(exp, 0.34, 200000, false)).toBe(0);
    expect(descents(exp, 0.34, 200000, true)).toBe(0);
    expect(descents(exp, 10.5, 200000, false)).toBe(0);
    expect(descents(exp, 87, 200000, true)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(exp)).toBe(0);
  });
});

describe("log", () => {
  it("is exactly 0 at 1", () => {
    expect(bitsAt(log, 1)).toBe(0);
  });
  it("is relatively accurate on both sides of 1", () => {
    expect(at(log, fromBits(0x3f800001))).toBe(<f32>1.1920928244535389e-7);
    expect(at(log, fromBits(0x3f7fffff))).toBe(<f32>-5.960464655174753e-8);
  });
  it("is -Infinity at both zeros, NaN below and Infinity at Infinity", () => {
    expect(at(log, 0)).toBe(-Infinity);
    expect(at(log, -0.0)).toBe(-Infinity);
    expect(at(log, -1)).toBeNaN();
    expect(at(log, -SMALLEST)).toBeNaN();
    expect(at(log, -Infinity)).toBeNaN();
    expect(at(log, Infinity)).toBe(Infinity);
  });
  it("is right for subnormal, smallest and largest numbers", () => {
    expect(at(log, SMALLEST)).toBe(<f32>-103.27892990343184);
    expect(at(log, fromBits(0x007fffff))).toBe(<f32>-87.3365448718084);
    expect(at(log, SMALLEST_NORMAL)).toBe(<f32>-87.3365447505531);
    expect(at(log, LARGEST)).toBe(<f32>88.72283905206835);
  });
  it("keeps NaN", () => {
    expect(lostNaN(log)).toBe(0);
  });
  it("never falls", () => {
    expect(descents(log, 0.99, 400000, false)).toBe(0);
    expect(descents(log, 0.7, 200000, false)).toBe(0);
    expect(descents(log, 1.41, 200000, false)).toBe(0);
    expect(descents(log, fromBits(0x007f0000), 200000, false)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(log)).toBe(0);
  });
});

describe("tanh", () => {
  it("keeps both zeros and every small number", () => {
    expect(bitsAt(tanh, 0)).toBe(0);
    expect(bitsAt(tanh, -0.0)).toBe(0x80000000);
    expect(bitsAt(tanh, SMALLEST)).toBe(1);
    expect(bitsAt(tanh, -SMALLEST)).toBe(0x80000001);
    expect(at(tanh, SMALLEST_NORMAL)).toBe(SMALLEST_NORMAL);
    expect(at(tanh, 1e-5)).toBe(1e-5);
  });
  it("is -1 and 1 at the ends", () => {
    expect(at(tanh, -Infinity)).toBe(-1);
    expect(at(tanh, Infinity)).toBe(1);
    expect(at(tanh, LARGEST)).toBe(1);
    expect(at(tanh, 9.1)).toBe(1);
    expect(at(tanh, 8.9)).toBeLessThan(1);
  });
  it("is odd, to the bit", () => {
    let differences = 0;
    for (let i: u32 = 0; i < 200000; i++) {
      const x = fromBits((i * 10731) & 0x7fffffff);
      if (!isNotANumber(x) && bitsAt(tanh, -x) != (bitsAt(tanh, x) | 0x80000000)) differences++;
    }
    expect(differences).toBe(0);
  });
  it("keeps NaN", () => {
    expect(lostNaN(tanh)).toBe(0);
  });
  it("never falls where its two halves meet, and never leaves [-1, 1]", () => {
    expect(descents(tanh, fromBits(0x3f333333 - 100000), 200000, false)).toBe(0); // around 0.7
    expect(descents(tanh, 0.1, 200000, true)).toBe(0);
    expect(descents(tanh, 8.5, 500000, false)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(tanh)).toBe(0);
  });
});

describe("sigmoid", () => {
  it("is exactly a half at both zeros", () => {
    expect(at(sigmoid, 0)).toBe(0.5);
    expect(at(sigmoid, -0.0)).toBe(0.5);
  });
  it("saturates to 0 and 1", () => {
    expect(bitsAt(sigmoid, -Infinity)).toBe(0);
    expect(at(sigmoid, Infinity)).toBe(1);
    expect(bitsAt(sigmoid, -LARGEST)).toBe(0);
    expect(at(sigmoid, LARGEST)).toBe(1);
    expect(at(sigmoid, 17.5)).toBe(1);
  });
  it("has subnormal results", () => {
    expect(bitsAt(sigmoid, -100)).toBe(27);
    expect(bitsAt(sigmoid, -103)).toBe(1);
    expect(bitsAt(sigmoid, -104)).toBe(0);
  });
  it("keeps NaN", () => {
    expect(lostNaN(sigmoid)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(sigmoid)).toBe(0);
  });
});

describe("elu", () => {
  it("keeps both zeros and every small number", () => {
    expect(bitsAt(elu, 0)).toBe(0);
    expect(bitsAt(elu, -0.0)).toBe(0x80000000);
    expect(bitsAt(elu, -SMALLEST)).toBe(0x80000001);
    expect(at(elu, -SMALLEST_NORMAL)).toBe(-SMALLEST_NORMAL);
    expect(at(elu, -1e-20)).toBe(-1e-20);
  });
  it("is every positive number itself", () => {
    let differences = 0;
    for (let bits: u32 = 0; bits <= 0x7f800000; bits += 10007) if (bitsAt(elu, fromBits(bits)) != bits) differences++;
    expect(differences).toBe(0);
    expect(at(elu, Infinity)).toBe(Infinity);
  });
  it("is -1 at the lower end", () => {
    expect(at(elu, -Infinity)).toBe(-1);
    expect(at(elu, -LARGEST)).toBe(-1);
    expect(at(elu, -17.4)).toBe(-1);
    expect(at(elu, -16)).toBeGreaterThan(-1);
  });
  it("keeps NaN", () => {
    expect(lostNaN(elu)).toBe(0);
  });
  it("never falls where n changes, and never below -1", () => {
    expect(descents(elu, 0.34, 200000, true)).toBe(0); // n = 0 and n = -1 meet at -0.347
    expect(descents(elu, 1.03, 200000, true)).toBe(0);
    expect(descents(elu, 16.9, 300000, true)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(elu)).toBe(0);
  });
});

describe("silu", () => {
  it("keeps both zeros", () => {
    expect(bitsAt(silu, 0)).toBe(0);
    expect(bitsAt(silu, -0.0)).toBe(0x80000000);
  });
  it("is x or -0 at the ends", () => {
    expect(at(silu, Infinity)).toBe(Infinity);
    expect(at(silu, LARGEST)).toBe(LARGEST);
    expect(at(silu, 18)).toBe(18);
    expect(bitsAt(silu, -LARGEST)).toBe(0x80000000);
    expect(bitsAt(silu, -Infinity)).toBe(0x80000000);
  });
  it("has subnormal results, and all digits just above them", () => {
    expect(bitsAt(silu, -100)).toBe(0x80000000 | 2655);
    expect(bitsAt(silu, -109)).toBe(0x80000000);
    expect(at(silu, -91)).toBe(<f32>-2.7431119944094908e-38);
  });
  it("keeps NaN", () => {
    expect(lostNaN(silu)).toBe(0);
  });
  it("does not depend on the lane", () => {
    expect(laneDifferences(silu)).toBe(0);
  });
});
