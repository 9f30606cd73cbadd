import { philoxBlock, philoxNormal, philoxPermutation, philoxUniform } from "../philox";
import { aligned, damage, differences, get, getInt, isNotANumber, reset, words } from "./support";

function blockIs(block: v128, x0: u32, x1: u32, x2: u32, x3: u32): bool {
  return (
    <u32>i32x4.extract_lane(block, 0) == x0 &&
    <u32>i32x4.extract_lane(block, 1) == x1 &&
    <u32>i32x4.extract_lane(block, 2) == x2 &&
    <u32>i32x4.extract_lane(block, 3) == x3
  );
}

/** A stream of this key, at this counter. */
function stream(key: u64, low: u64, high: u64): usize {
  const state = aligned(8);
  store<u64>(state, key);
  store<u64>(state, 0, 8);
  store<u64>(state, low, 16);
  store<u64>(state, high, 24);
  return state;
}

describe("philox4x32-10", () => {
  it("has the known answers of Random123", () => {
    expect(blockIs(philoxBlock(0, 0, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)).toBe(true);
    expect(
      blockIs(
        philoxBlock(u64.MAX_VALUE, u64.MAX_VALUE, u32.MAX_VALUE, u32.MAX_VALUE),
        0x408f276d,
        0x41c83b0e,
        0xa20bc7c6,
        0x6d5451fd,
      ),
    ).toBe(true);
    expect(
      blockIs(
        philoxBlock(0x85a308d3243f6a88, 0x0370734413198a2e, 0xa4093822, 0x299f31d0),
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1,
      ),
    ).toBe(true);
  });
});

describe("a stream", () => {
  it("carries its counter from the low word to the high one", () => {
    reset();
    const before = stream(7, u64.MAX_VALUE - 1, 5);
    const across = words(12);
    philoxUniform(across, before, 12);
    const low = words(4);
    philoxUniform(low, stream(7, u64.MAX_VALUE, 5), 4);
    const high = words(4);
    philoxUniform(high, stream(7, 0, 6), 4);
    expect(differences(across + 16, low, 4) + differences(across + 32, high, 4)).toBe(0);
    expect(load<u64>(before, 16)).toBe(1);
    expect(load<u64>(before, 24)).toBe(6);
    expect(load<u64>(before)).toBe(7);
  });

  it("starts each call at a new block", () => {
    reset();
    const once = stream(1, 0, 0);
    const twice = stream(1, 0, 0);
    const whole = words(8);
    const parts = words(8);
    philoxUniform(whole, once, 8);
    philoxUniform(parts, twice, 1);
    philoxUniform(parts + 16, twice, 4);
    expect(differences(whole, parts, 1) + differences(whole + 16, parts + 16, 4)).toBe(0);
  });
});

/** The counter's low word after a call that began at 5, or -1 where something else of the stream changed. */
function counterAfter(state: usize): i64 {
  if (load<u64>(state) != 9 || load<u64>(state, 8) != 0 || load<u64>(state, 24) != 2) return -1;
  return load<u64>(state, 16);
}

describe("a stream's counter", () => {
  it("moves on by one for every four numbers begun", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const out = words(n);
      const uniform = stream(9, 5, 2);
      const normal = stream(9, 5, 2);
      philoxUniform(out, uniform, n);
      philoxNormal(out, normal, n);
      if (counterAfter(uniform) != 5 + (n + 3) / 4) count++;
      if (counterAfter(normal) != 5 + (n + 3) / 4) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("wraps from its last block to its first", () => {
    reset();
    const state = stream(7, u64.MAX_VALUE, u64.MAX_VALUE);
    const across = words(8);
    philoxUniform(across, state, 8);
    const first = words(4);
    philoxUniform(first, stream(7, 0, 0), 4);
    expect(differences(across + 16, first, 4)).toBe(0);
    expect(load<u64>(state, 16)).toBe(1);
    expect(load<u64>(state, 24)).toBe(0);
  });

  it("carries for normal numbers and permutations as well", () => {
    reset();
    const state = stream(7, u64.MAX_VALUE, 5);
    const across = words(8);
    philoxNormal(across, state, 8);
    const high = words(4);
    philoxNormal(high, stream(7, 0, 6), 4);
    expect(differences(across + 16, high, 4)).toBe(0);
    expect(load<u64>(state, 16)).toBe(1);
    expect(load<u64>(state, 24)).toBe(6);
    const shuffling = stream(7, u64.MAX_VALUE, 5);
    // Seven words, none of them rejected: two blocks.
    philoxPermutation(across, shuffling, 8);
    expect(load<u64>(shuffling, 16)).toBe(1);
    expect(load<u64>(shuffling, 24)).toBe(6);
  });
});

describe("uniform numbers", () => {
  it("are multiples of 2^-24 from 0 to below 1, made of the upper bits of each word", () => {
    reset();
    const out = words(4);
    philoxUniform(out, stream(0, 0, 0), 4);
    expect(get(out, 0)).toBe(<f32>0x6627e8 / 16777216);
    expect(get(out, 3)).toBe(<f32>0x9b00db / 16777216);
    const n = 100000;
    const many = words(n);
    philoxUniform(many, stream(3, 9, 0), n);
    let outside = 0;
    let sum: f64 = 0;
    for (let i = 0; i < n; i++) {
      const x = get(many, i);
      if (!(x >= 0 && x < 1) || x * 16777216 != floor(x * 16777216)) outside++;
      sum += x;
    }
    expect(outside).toBe(0);
    // Five standard errors of the mean of a uniform number.
    expect(abs(sum / n - 0.5)).toBeLessThan(5 * sqrt(1.0 / 12 / n));
  });

  it("use both words of the key and all of the counter", () => {
    reset();
    const out = words(4);
    // Random123's known answer for the digits of π, d16cfe09 94fdcceb 5001e420 24126ea1.
    philoxUniform(out, stream(0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e), 4);
    expect(get(out, 0)).toBe(<f32>0xd16cfe / 16777216);
    expect(get(out, 1)).toBe(<f32>0x94fdcc / 16777216);
    expect(get(out, 2)).toBe(<f32>0x5001e4 / 16777216);
    expect(get(out, 3)).toBe(<f32>0x24126e / 16777216);
  });

  it("of fewer are the first of more, at any size, and nothing else is written", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const all = words(72);
      const some = words(n);
      philoxUniform(all, stream(5, 0, 0), 72);
      philoxUniform(some, stream(5, 0, 0), n);
      count += differences(all, some, n) + damage();
      philoxNormal(all, stream(5, 0, 0), 72);
      philoxNormal(some, stream(5, 0, 0), n);
      count += differences(all, some, n) + damage();
    }
    expect(count).toBe(0);
  });
});

describe("normal numbers", () => {
  it("are finite, with the moments of the standard normal", () => {
    reset();
    const n = 1 << 20;
    const x = words(n);
    philoxNormal(x, stream(11, 0, 0), n);
    let strange = 0;
    let first: f64 = 0;
    let second: f64 = 0;
    let third: f64 = 0;
    let fourth: f64 = 0;
    let beyondTwo = 0;
    for (let i = 0; i < n; i++) {
      const value = <f64>get(x, i);
      if (isNotANumber(get(x, i)) || abs(value) > 6.67) strange++;
      first += value;
      second += value * value;
      third += value * value * value;
      fourth += value * value * value * value;
      if (abs(value) > 2) beyondTwo++;
    }
    expect(strange).toBe(0);
    // Five standard errors each: the variances of x, x², x³ and x⁴ are 1, 2, 15 and 96.
    const error = 5 / sqrt(<f64>n);
    expect(abs(first / n)).toBeLessThan(error);
    expect(abs(second / n - 1)).toBeLessThan(error * sqrt(2.0));
    expect(abs(third / n)).toBeLessThan(error * sqrt(15.0));
    expect(abs(fourth / n - 3)).toBeLessThan(error * sqrt(96.0));
    expect(abs(<f64>beyondTwo / n - 0.04550026389635842)).toBeLessThan(error * sqrt(0.0455 * 0.9545));
  });

  it("are what Box and Muller make of the words of their block", () => {
    reset();
    const n = 1 << 16;
    const x = words(n);
    philoxNormal(x, stream(2, 3, 4), n);
    let count = 0;
    for (let i = 0; i < n; i += 2) {
      const block = philoxBlock(3 + i / 4, 4, 2, 0);
      const a = <u32>(i & 2 ? i32x4.extract_lane(block, 2) : i32x4.extract_lane(block, 0));
      const b = <u32>(i & 2 ? i32x4.extract_lane(block, 3) : i32x4.extract_lane(block, 1));
      const radius = Math.sqrt(-2 * Math.log((<f64>a + 1) / 4294967296));
      const angle = (2 * Math.PI * <f64>b) / 4294967296;
      // Rounded once from float64: the bits differ only where the exact number all but lies between two float32, which
      // none here does.
      if (get(x, i) != <f32>(radius * Math.cos(angle))) count++;
      if (get(x, i + 1) != <f32>(radius * Math.sin(angle))) count++;
    }
    expect(count).toBe(0);
  });
});

/** The word `index` of a stream, counted from its counter on. */
function wordAt(low: u64, high: u64, key: u32, index: i32): u64 {
  const block = philoxBlock(low + <u64>(index >> 2), high, key, 0);
  const half = <u64>(index & 2 ? i64x2.extract_lane(block, 1) : i64x2.extract_lane(block, 0));
  return index & 1 ? half >> 32 : half & 0xffffffff;
}

describe("permutations", () => {
  it("hold every number once, at any size", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const order = words(n);
      const seen = words(n);
      for (let i = 0; i < n; i++) store<u32>(seen + (i << 2), 0);
      philoxPermutation(order, stream(n, 0, 0), n);
      for (let i = 0; i < n; i++) {
        const value = getInt(order, i);
        if (value < 0 || value >= n) count++;
        else store<u32>(seen + (value << 2), 1 + load<u32>(seen + (value << 2)));
      }
      for (let i = 0; i < n; i++) if (getInt(seen, i) != 1) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("are those of Fisher and Yates, from the end, with the words of the stream in order", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const order = words(n);
      const expected = words(n);
      const state = stream(9, 5, 2);
      for (let i = 0; i < n; i++) store<u32>(expected + (i << 2), i);
      let drawn = 0;
      for (let i = n - 1; i > 0; i--) {
        let word: u64;
        // The words that would favour some are the lowest 2^32 mod (i + 1) of the products' lower halves (Lemire).
        do word = wordAt(5, 2, 9, drawn++);
        while (((word * (i + 1)) & 0xffffffff) < 0x100000000 % <u64>(i + 1));
        const j = <i32>((word * (i + 1)) >> 32);
        const value = getInt(expected, i);
        store<i32>(expected + (i << 2), getInt(expected, j));
        store<i32>(expected + (j << 2), value);
      }
      philoxPermutation(order, state, n);
      for (let i = 0; i < n; i++) if (getInt(order, i) != getInt(expected, i)) count++;
      if (counterAfter(state) != 5 + (drawn + 3) / 4) count++;
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("reject the words that would favour some", () => {
    // A bound b rejects 2^32 mod b words, b / 2 on average: of this many bounds, n² / 2^34 reject one, about 500.
    reset();
    const n = 3000001;
    const order = words(n);
    const state = stream(9, 5, 2);
    philoxPermutation(order, state, n);
    let drawn = 0;
    let rejected = 0;
    for (let i = n - 1; i > 0; i--) {
      while (((wordAt(5, 2, 9, drawn++) * (i + 1)) & 0xffffffff) < 0x100000000 % <u64>(i + 1)) rejected++;
    }
    expect(rejected).toBeGreaterThan(100);
    expect(counterAfter(state)).toBe(5 + (drawn + 3) / 4);
  });

  it("are all equally likely", () => {
    reset();
    const state = stream(4, 0, 0);
    const order = words(4);
    const counts = words(24);
    for (let i = 0; i < 24; i++) store<u32>(counts + (i << 2), 0);
    const draws = 24000;
    for (let draw = 0; draw < draws; draw++) {
      philoxPermutation(order, state, 4);
      // The rank of the order among the 24 (Lehmer's code).
      let rank = 0;
      for (let i = 0; i < 4; i++) {
        let smaller = 0;
        for (let j = i + 1; j < 4; j++) if (getInt(order, j) < getInt(order, i)) smaller++;
        rank = rank * (4 - i) + smaller;
      }
      store<u32>(counts + (rank << 2), 1 + load<u32>(counts + (rank << 2)));
    }
    let chiSquared: f64 = 0;
    for (let i = 0; i < 24; i++) chiSquared += (<f64>getInt(counts, i) - 1000) * (<f64>getInt(counts, i) - 1000);
    // 23 degrees of freedom: above 60 once in 30,000 times.
    expect(chiSquared / 1000).toBeLessThan(60);
  });
});
