// Philox4x32-10 (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3"): a bijection of a 128-bit counter
// under a 64-bit key. A stream is 32 bytes: the two 32-bit words of its key, 8 bytes without a meaning, and the counter
// as two little-endian 64-bit words, low first. Every call starts at a new block of four words, so that a stream's
// state is its key and its counter, and nothing is buffered.

import { storePart } from "./simd";
import { cosReduced, sinReduced } from "./trigonometry";

const LN2: f64 = 0.6931471805599453;
/** 2π / 2^32 */
const TURN: f64 = 1.4629180792671596e-9;

/** The four words of one block, the first in the lowest lane. */
export function philoxBlock(counterLow: u64, counterHigh: u64, key0: u32, key1: u32): v128 {
  let x0 = <u32>counterLow;
  let x1 = <u32>(counterLow >> 32);
  let x2 = <u32>counterHigh;
  let x3 = <u32>(counterHigh >> 32);
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>x0 * 0xd2511f53;
    const product1 = <u64>x2 * 0xcd9e8d57;
    x0 = <u32>(product1 >> 32) ^ x1 ^ key0;
    x1 = <u32>product1;
    x2 = <u32>(product0 >> 32) ^ x3 ^ key1;
    x3 = <u32>product0;
    key0 += 0x9e3779b9; // the golden ratio
    key1 += 0xbb67ae85; // sqrt(3) - 1
  }
  return i64x2.replace_lane(i64x2.splat(<i64>(<u64>x0 | ((<u64>x1) << 32))), 1, <i64>(<u64>x2 | ((<u64>x3) << 32)));
}

/** Moves the 128-bit counter on by `blocks`. */
function advance(state: usize, blocks: u64): void {
  const low = load<u64>(state, 16);
  const next = low + blocks;
  store<u64>(state, next, 16);
  if (next < low) store<u64>(state, load<u64>(state, 24) + 1, 24);
}

/** The block `index` blocks after the stream's counter. */
function blockAt(state: usize, index: u64): v128 {
  const low = load<u64>(state, 16);
  const counter = low + index;
  const high = load<u64>(state, 24) + u64(counter < low);
  return philoxBlock(counter, high, load<u32>(state), load<u32>(state, 4));
}

/**
 * out[n] = uniform float32 in [0, 1): the upper 24 bits of a word each, so all multiples of 2^-24 are equally likely.
 */
export function philoxUniform(out: usize, state: usize, n: i32): void {
  let block: u64 = 0;
  for (; n > 0; n -= 4, out += 16, block++) {
    const words = blockAt(state, block);
    const four = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(5.9604644775390625e-8)); // 2^-24
    if (n >= 4) v128.store(out, four);
    else storePart(out, four, (<usize>n) << 2);
  }
  advance(state, block);
}

/** log(x) of a normal, positive, finite x; within 2^-51 of itself or of log(2), whichever is larger. */
function log64(x: f64): f64 {
  // x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); with s = f / (2 + f), log(1 + f) is odd in s.
  const bits = reinterpret<u64>(x);
  const k = <i64>(bits - 0x3fe6a09e667f3bcd) >> 52;
  const f = reinterpret<f64>(bits - ((<u64>k) << 52)) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const low = 0.666666666665872 + z * 0.4000000005227623;
  const middle = 0.2857141712937082 + z * 0.22223371713363713;
  const high = 0.18123641599029933 + z * 0.16819833428642464;
  return <f64>k * LN2 + s * (2 + z * (low + z2 * (middle + z2 * high)));
}

/** The radius of Box and Muller from one word: sqrt(-2 log(u)), u in (0, 1] a multiple of 2^-32; at most 6.66. */
function radius(word: u32): f64 {
  return sqrt<f64>(-2 * log64((<f64>word + 1) * 2.3283064365386963e-10)); // 2^-32
}

/** The angle of a turn's word beyond the nearest quarter turn, at most π / 4 either way. */
function eighth(word: u32): f64 {
  return <f64>(<i32>(word << 2) >> 2) * TURN;
}

/** The number of quarter turns nearest to a turn's word; its low two bits count. */
function quarter(word: u32): i32 {
  return <i32>((word + 0x20000000) >> 30);
}

function sinOfTurn(word: u32): f64 {
  const q = quarter(word);
  const r = eighth(word);
  const magnitude = q & 1 ? cosReduced(r, 0) : sinReduced(r, 0);
  return q & 2 ? -magnitude : magnitude;
}

function cosOfTurn(word: u32): f64 {
  return sinOfTurn(word + 0x40000000);
}

/**
 * out[n] = standard normal float32 (Box and Muller, 1958): words a, b, c, d of a block give r(a) cos(b), r(a) sin(b),
 * r(c) cos(d), r(c) sin(d), computed in float64 and rounded once. Always finite.
 */
export function philoxNormal(out: usize, state: usize, n: i32): void {
  let block: u64 = 0;
  for (; n > 0; n -= 4, out += 16, block++) {
    const words = blockAt(state, block);
    const angle0 = i32x4.extract_lane(words, 1);
    const angle1 = i32x4.extract_lane(words, 3);
    const radius0 = radius(i32x4.extract_lane(words, 0));
    const radius1 = radius(i32x4.extract_lane(words, 2));
    let four = f32x4.splat(<f32>(radius0 * cosOfTurn(angle0)));
    four = f32x4.replace_lane(four, 1, <f32>(radius0 * sinOfTurn(angle0)));
    four = f32x4.replace_lane(four, 2, <f32>(radius1 * cosOfTurn(angle1)));
    four = f32x4.replace_lane(four, 3, <f32>(radius1 * sinOfTurn(angle1)));
    if (n >= 4) v128.store(out, four);
    else storePart(out, four, (<usize>n) << 2);
  }
  advance(state, block);
}

/**
 * out[n] = the int32 0 .. n - 1 in random order (Fisher and Yates, from the end), all orders equally likely: a word
 * becomes an integer below a bound by Lemire's multiplication ("Fast random integer generation in an interval", 2019),
 * which rejects the words that would favour some. The words are used in order; what the last block has left is not.
 */
export function philoxPermutation(out: usize, state: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<i32>(out + ((<usize>i) << 2), i);
  let block: u64 = 0;
  let position = 0;
  let low: u64 = 0;
  let high: u64 = 0;
  for (let i = n - 1; i > 0; i--) {
    const bound = <u32>i + 1;
    let product: u64;
    do {
      if (position == 0) {
        const words = blockAt(state, block++);
        low = <u64>i64x2.extract_lane(words, 0);
        high = <u64>i64x2.extract_lane(words, 1);
      }
      product = (low & 0xffffffff) * <u64>bound;
      low = (low >> 32) | (high << 32);
      high >>= 32;
      position = (position + 1) & 3;
      // 2^32 mod bound is below the bound: the division is needed only for a product this low.
    } while (<u32>product < bound && <u32>product < (0 - bound) % bound);
    const here = out + ((<usize>i) << 2);
    const there = out + ((<usize>(product >> 32)) << 2);
    const value = load<i32>(here);
    store<i32>(here, load<i32>(there));
    store<i32>(there, value);
  }
  advance(state, block);
}
