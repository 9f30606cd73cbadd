// The numbers are those of NumPy 2.4.6: numpy.random.default_rng(seed) and numpy.random.SeedSequence(seed, spawn_key).

import { pcg64Double, pcg64Integer, pcg64Seed, seedSequence } from "../pcg64";
import { aligned, damage, getInt, putInt, reset, words } from "./support";

/** A seed of up to 128 bits as the words that the kernels take, and how many of them there are. */
let seedWords = 0;
function entropy(low: u64, high: u64): usize {
  seedWords = high >> 32 ? 4 : high ? 3 : low >> 32 ? 2 : 1;
  // No longer than it has to be: what lies behind the seed is not read into it.
  const start = words(seedWords);
  putInt(start, 0, <i32>low);
  if (seedWords > 1) putInt(start, 1, <i32>(low >> 32));
  if (seedWords > 2) putInt(start, 2, <i32>high);
  if (seedWords > 3) putInt(start, 3, <i32>(high >> 32));
  return start;
}

function generator(low: u64, high: u64): usize {
  reset();
  const seed = entropy(low, high);
  const state = aligned(12);
  pcg64Seed(state, seed, seedWords);
  return state;
}

function startsWith(low: u64, high: u64, first: f64, second: f64): bool {
  const state = generator(low, high);
  return pcg64Double(state) == first && pcg64Double(state) == second && damage() == 0;
}

/** The exclusive or of the bits of ten thousand numbers, or 0 where the last is not the one given. */
function tenThousand(seed: u64, last: f64): u64 {
  const state = generator(seed, 0);
  let bits: u64 = 0;
  let x: f64 = 0;
  for (let i = 0; i < 10000; i++) {
    x = pcg64Double(state);
    bits ^= reinterpret<u64>(x);
  }
  return x == last ? bits : 0;
}

describe("Generator.random", () => {
  it("is NumPy's, for seeds of one word and of several", () => {
    expect(startsWith(0, 0, 0.6369616873214543, 0.2697867137638703)).toBe(true, "0");
    expect(startsWith(1, 0, 0.5118216247002567, 0.9504636963259353)).toBe(true, "1");
    expect(startsWith(42, 0, 0.7739560485559633, 0.4388784397520523)).toBe(true, "42");
    expect(startsWith(0xffffffff, 0, 0.2519435680449965, 0.21906579628685663)).toBe(true, "2^32 - 1");
    expect(startsWith(1 << 32, 0, 0.8897387912781343, 0.5571380502062263)).toBe(true, "2^32");
    expect(startsWith(1 << 63, 0, 0.8113443785196867, 0.5964526365028158)).toBe(true, "2^63");
    expect(startsWith(5, 1, 0.7426581154321283, 0.3910139257952745)).toBe(true, "2^64 + 5");
    expect(startsWith(7, 1 << 36, 0.0653230385916338, 0.10385560634888424)).toBe(true, "2^100 + 7");
  });

  it("is NumPy's for ten thousand numbers", () => {
    expect(tenThousand(0, 0.021936555124154045)).toBe(0x00e3de88b7a464d5);
    expect(tenThousand(1, 0.4814536950051336)).toBe(0x00675a8720374ba4);
    expect(tenThousand(42, 0.48090777321643585)).toBe(0x00720138ff67c867);
    expect(tenThousand(1 << 63, 0.34933856441049915)).toBe(0x00acc16f449aad75);
  });

  it("lies in [0, 1), with the mean of a uniform number", () => {
    const state = generator(3, 0);
    const n = 100000;
    let outside = 0;
    let sum: f64 = 0;
    for (let i = 0; i < n; i++) {
      const x = pcg64Double(state);
      if (!(x >= 0 && x < 1)) outside++;
      sum += x;
    }
    expect(outside).toBe(0);
    expect(abs(sum / n - 0.5)).toBeLessThan(5 * sqrt(1.0 / 12 / n));
  });
});

const BOUNDS: StaticArray<u32> = [10, 3, 0x80000001, 5, 1, 0xffffffff, 7];

/** integers() of seven bounds, one of them rejecting half of what is drawn, then random() and integers() in turn. */
function mixes(low: u64, integers: StaticArray<u32>, firstDouble: f64, six: u32, sixAgain: u32, lastDouble: f64): i32 {
  const state = generator(low, 0);
  let wrong = 0;
  for (let i = 0; i < BOUNDS.length; i++) if (pcg64Integer(state, BOUNDS[i]) != integers[i]) wrong++;
  if (pcg64Double(state) != firstDouble) wrong++;
  if (pcg64Integer(state, 6) != six) wrong++;
  if (pcg64Integer(state, 6) != sixAgain) wrong++;
  if (pcg64Double(state) != lastDouble) wrong++;
  return wrong;
}

describe("Generator.integers", () => {
  it("is NumPy's for powers of two", () => {
    const state = generator(0, 0);
    expect(pcg64Integer(state, 8)).toBe(6);
    expect(pcg64Integer(state, 0x80000000)).toBe(1367864807);
    expect(pcg64Integer(state, 2)).toBe(1);
    expect(pcg64Integer(state, 256)).toBe(69);
  });

  it("is NumPy's, half words kept across calls of random", () => {
    expect(mixes(0, [8, 1, 87989972, 0, 0, 70985653, 1], 0.9127555772777217, 4, 3, 0.7294965609839984)).toBe(0);
    expect(mixes(42, [0, 2, 942484272, 2, 0, 3687649985, 0], 0.09417734788764953, 4, 3, 0.761139701990353)).toBe(0);
    expect(mixes(1 << 63, [5, 2, 454072062, 4, 0, 2546860042, 2], 0.24949788677302331, 3, 1, 0.45825833747036426)).toBe(
      0,
    );
  });
});

/** integers(bound) of the generator of seed 0 when the kept half word is `half`. */
function integerOf(half: u32, bound: u32): u32 {
  const state = generator(0, 0);
  store<u32>(state, 1, 32);
  store<u32>(state, half, 36);
  return pcg64Integer(state, bound);
}

describe("a kept half word", () => {
  it("is the upper half of the output whose lower half was used", () => {
    const state = generator(0, 0);
    expect(load<u32>(state, 32)).toBe(0);
    pcg64Integer(state, 10);
    // numpy.random.default_rng(0).bit_generator.state after integers(10)
    expect(load<u64>(state, 8)).toBe(0x3c535930f580265f);
    expect(load<u64>(state)).toBe(0xc9b4b5d1b4aff7d8);
    expect(load<u64>(state, 24)).toBe(0x418ddadb3af71a82);
    expect(load<u64>(state, 16)).toBe(0x588133bc447873a9);
    expect(load<u32>(state, 32)).toBe(1);
    expect(load<u32>(state, 36)).toBe(0xa30febcf);
    pcg64Integer(state, 10);
    expect(load<u32>(state, 32)).toBe(0);
    expect(load<u64>(state)).toBe(0xc9b4b5d1b4aff7d8);
  });

  it("is rejected or taken as NumPy does, at the edge of what favours some", () => {
    expect(integerOf(0, 3)).toBe(2); // rejected, and the next is taken
    expect(integerOf(0xaaaaaaab, 3)).toBe(2); // a product with the lower half 1, the least that is taken
    expect(integerOf(0x55555556, 3)).toBe(1);
    expect(integerOf(0xffffffff, 0x80000001)).toBe(0x80000000); // 2^31 - 1, the least that is taken
    expect(integerOf(0xfffffffd, 0x80000001)).toBe(87989972); // 2^31 - 3, rejected
    expect(integerOf(0, 8)).toBe(0); // a power of two rejects nothing
    expect(integerOf(0, 10)).toBe(8);
    expect(integerOf(0xffffffff, 10)).toBe(9);
  });
});

function sequenceIs(low: u64, high: u64, expected: StaticArray<u32>): bool {
  reset();
  const out = words(5);
  seedSequence(out, 5, entropy(low, high), seedWords);
  for (let i = 0; i < 5; i++) if (<u32>getInt(out, i) != expected[i]) return false;
  return damage() == 0;
}

function spawnedIs(low: u64, key: i32, expected: StaticArray<u32>): bool {
  reset();
  const seed = words(5);
  store<u64>(seed, low);
  store<u64>(seed, 0, 8);
  putInt(seed, 4, key);
  const out = words(4);
  seedSequence(out, 4, seed, 5);
  for (let i = 0; i < 4; i++) if (<u32>getInt(out, i) != expected[i]) return false;
  return damage() == 0;
}

describe("SeedSequence", () => {
  it("generates NumPy's words", () => {
    expect(sequenceIs(0, 0, [0xb0f478be, 0xdb2cd7e7, 0x2c71ba49, 0xabf4641a, 0x9d7b8d41])).toBe(true);
    expect(sequenceIs(42, 0, [0xcd540ab7, 0x9f1e2e6d, 0x79fb94b6, 0xd57873dc, 0x64d420b7])).toBe(true);
    expect(sequenceIs(0x200000001, 0, [0x5f2d64ab, 0xd78548c1, 0x8a5eaca9, 0x8ce90a29, 0x31a4b752])).toBe(true);
    expect(sequenceIs(7, 1 << 36, [0x5acf567a, 0x0075dd2b, 0x75c16270, 0xab0ad26d, 0x852d9d38])).toBe(true);
  });

  it("tells streams apart by their spawn key", () => {
    expect(spawnedIs(0, 0, [0xdff7b411, 0x784dfb2c, 0x56cf8f57, 0xca65717f])).toBe(true);
    expect(spawnedIs(42, 1, [0xf3e63cba, 0x01dcb763, 0x15de6f6e, 0x6aee7dd6])).toBe(true);
    expect(spawnedIs(0x10000000003, 3, [0x91f65ddb, 0x802036f5, 0x5fe84361, 0x762fdd1e])).toBe(true);
  });
});
