// What the specs of kernels share: memory with canaries around every array, numbers to fill it with, and comparison by
// bits.

import { initialize } from "../constants";

initialize();

/** Every canary is different: copying one array's surroundings onto another's does not go unnoticed. */
function canary(at: usize): u32 {
  return 0xc0ffee11 ^ ((<u32>at) << 4);
}
const MARGIN: usize = 64;
const ARENA: usize = heap.alloc(32 << 20);
let top: usize = ARENA;
let regions = 0;
const starts = new StaticArray<usize>(64);
const ends = new StaticArray<usize>(64);

/** Gives all memory back. */
export function reset(): void {
  top = ARENA;
  regions = 0;
}

function region(n: i32, offset: usize): usize {
  const start = ((top + MARGIN + 63) & ~63) + offset;
  const end = start + ((<usize>n) << 2);
  for (let at = start - MARGIN; at < end + MARGIN; at += 4) store<u32>(at, canary(at));
  starts[regions] = start;
  ends[regions] = end;
  regions++;
  top = end + MARGIN;
  return start;
}

/**
 * Memory for n words, with canaries on both sides and junk inside, at 4, 8 and 12 bytes beyond a multiple of 16 in
 * turn.
 */
export function words(n: i32): usize {
  return region(n, <usize>(4 + 4 * (regions % 3)));
}

/** Memory for n bytes, with canaries right behind it, and in front of it but for what fills a word. */
export function bytes(n: i32): usize {
  const count = (n + 3) >> 2;
  return words(count) + <usize>(4 * count - n);
}

/** The same at a multiple of 64, as JavaScript's heap gives it. */
export function aligned(n: i32): usize {
  return region(n, 0);
}

/** The number of canaries that are not there any more. */
export function damage(): i32 {
  let count = 0;
  for (let i = 0; i < regions; i++) {
    for (let at: usize = 4; at <= MARGIN; at += 4) {
      if (load<u32>(starts[i] - at) != canary(starts[i] - at)) count++;
      if (load<u32>(ends[i] + at - 4) != canary(ends[i] + at - 4)) count++;
    }
  }
  return count;
}

/** A fraction in [0, 1) of two integers: the finaliser of MurmurHash3 (Appleby, 2011). */
export function fraction(index: u32, salt: u32): f32 {
  let h = index + salt * 0x9e3779b9;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return <f32>((h ^ (h >> 16)) >> 8) * <f32>5.9604644775390625e-8;
}

/** n numbers between -2 and 2 at new memory. */
export function numbers(n: i32, salt: u32): usize {
  const start = words(n);
  for (let i = 0; i < n; i++) put(start, i, 4 * fraction(i, salt) - 2);
  return start;
}

const SPECIAL: StaticArray<u32> = [
  0x7fc00000, // NaN
  0x3f800000, // 1
  0x7f800000, // Infinity
  0x00000000, // 0
  0xbf000000, // -0.5
  0x00000001, // the smallest subnormal
  0xff800000, // -Infinity
  0x80000000, // -0
  0x7f7fffff, // the largest
  0x807fffff, // the largest subnormal, negated
  0xffc12345, // a negative NaN with a payload
  0x00800000, // the smallest normal
  0xc0490fdb, // -pi
];

/** n numbers, every third of them NaN, infinite, a zero, subnormal or at the end of the range. */
export function specials(n: i32, salt: u32): usize {
  const start = numbers(n, salt);
  for (let i = 0; i < n; i += 3) store<u32>(start + ((<usize>i) << 2), SPECIAL[(i / 3 + salt) % SPECIAL.length]);
  return start;
}

/** One number at new memory. */
export function scalar(value: f32): usize {
  const start = words(1);
  store<f32>(start, value);
  return start;
}

export function get(start: usize, i: i32): f32 {
  return load<f32>(start + ((<usize>i) << 2));
}

export function put(start: usize, i: i32, value: f32): void {
  store<f32>(start + ((<usize>i) << 2), value);
}

export function getInt(start: usize, i: i32): i32 {
  return load<i32>(start + ((<usize>i) << 2));
}

export function putInt(start: usize, i: i32, value: i32): void {
  store<i32>(start + ((<usize>i) << 2), value);
}

export function getByte(start: usize, i: i32): u32 {
  return load<u8>(start + <usize>i);
}

export function putByte(start: usize, i: i32, value: u32): void {
  store<u8>(start + <usize>i, <u8>value);
}

export function isNotANumber(x: f32): bool {
  return (reinterpret<u32>(x) & 0x7fffffff) > 0x7f800000;
}

/** Whether two numbers have the same bits, or are NaN both: which NaN comes out is the engine's choice. */
export function same(a: f32, b: f32): bool {
  return reinterpret<u32>(a) == reinterpret<u32>(b) || (isNotANumber(a) && isNotANumber(b));
}

/** The number of elements that are not the same. */
export function differences(a: usize, b: usize, n: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) if (!same(get(a, i), get(b, i))) count++;
  return count;
}

/** The relative error of one rounding to float32. */
export const UNIT: f64 = 5.960464477539063e-8;

/** Whether a is within `bound` of the exact value; a NaN never is. */
export function within(a: f32, exact: f64, bound: f64): bool {
  return abs(<f64>a - exact) <= bound;
}
