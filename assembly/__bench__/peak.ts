// How many multiply-adds of 128 bits an engine can be made to do, by two probes; bench/peak.ts takes the better one.
// Neither can be computed once and shared, and neither waits: in `chains` every sum is its own factor, in `sums` the
// factors come from the first-level cache, which has ports of its own. The strict module's chains are bound by the
// latency of a multiplication and an addition, because no more of them fit the registers of x86-64; its sums are not,
// but old engines keep them in memory.

import { madd } from "../simd";

/** 13 chains: `turns` times 416 floating-point operations. The result keeps the compiler from dropping them. */
export function chains(turns: i32, factor: f32): f32 {
  // Not a literal: V8 would build that anew in every step.
  const x = f32x4.splat(factor);
  let c0 = f32x4.splat(factor + 0);
  let c1 = f32x4.splat(factor + 1);
  let c2 = f32x4.splat(factor + 2);
  let c3 = f32x4.splat(factor + 3);
  let c4 = f32x4.splat(factor + 4);
  let c5 = f32x4.splat(factor + 5);
  let c6 = f32x4.splat(factor + 6);
  let c7 = f32x4.splat(factor + 7);
  let c8 = f32x4.splat(factor + 8);
  let c9 = f32x4.splat(factor + 9);
  let c10 = f32x4.splat(factor + 10);
  let c11 = f32x4.splat(factor + 11);
  let c12 = f32x4.splat(factor + 12);
  for (; turns > 0; turns--) {
    c0 = madd(c0, x, c0);
    c1 = madd(c1, x, c1);
    c2 = madd(c2, x, c2);
    c3 = madd(c3, x, c3);
    c4 = madd(c4, x, c4);
    c5 = madd(c5, x, c5);
    c6 = madd(c6, x, c6);
    c7 = madd(c7, x, c7);
    c8 = madd(c8, x, c8);
    c9 = madd(c9, x, c9);
    c10 = madd(c10, x, c10);
    c11 = madd(c11, x, c11);
    c12 = madd(c12, x, c12);
    c0 = madd(c0, x, c0);
    c1 = madd(c1, x, c1);
    c2 = madd(c2, x, c2);
    c3 = madd(c3, x, c3);
    c4 = madd(c4, x, c4);
    c5 = madd(c5, x, c5);
    c6 = madd(c6, x, c6);
    c7 = madd(c7, x, c7);
    c8 = madd(c8, x, c8);
    c9 = madd(c9, x, c9);
    c10 = madd(c10, x, c10);
    c11 = madd(c11, x, c11);
    c12 = madd(c12, x, c12);
    c0 = madd(c0, x, c0);
    c1 = madd(c1, x, c1);
    c2 = madd(c2, x, c2);
    c3 = madd(c3, x, c3);
    c4 = madd(c4, x, c4);
    c5 = madd(c5, x, c5);
    c6 = madd(c6, x, c6);
    c7 = madd(c7, x, c7);
    c8 = madd(c8, x, c8);
    c9 = madd(c9, x, c9);
    c10 = madd(c10, x, c10);
    c11 = madd(c11, x, c11);
    c12 = madd(c12, x, c12);
    c0 = madd(c0, x, c0);
    c1 = madd(c1, x, c1);
    c2 = madd(c2, x, c2);
    c3 = madd(c3, x, c3);
    c4 = madd(c4, x, c4);
    c5 = madd(c5, x, c5);
    c6 = madd(c6, x, c6);
    c7 = madd(c7, x, c7);
    c8 = madd(c8, x, c8);
    c9 = madd(c9, x, c9);
    c10 = madd(c10, x, c10);
    c11 = madd(c11, x, c11);
    c12 = madd(c12, x, c12);
  }
  return total(
    f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)),
    f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, f32x4.add(c11, c12))),
  );
}

/** 12 sums: `turns` times 192 floating-point operations, on the zeros at the start of the memory. */
export function sums(turns: i32, factor: f32): f32 {
  const x = f32x4.splat(factor);
  let p: usize = 0;
  let c0 = f32x4.splat(factor + 0);
  let c1 = f32x4.splat(factor + 1);
  let c2 = f32x4.splat(factor + 2);
  let c3 = f32x4.splat(factor + 3);
  let c4 = f32x4.splat(factor + 4);
  let c5 = f32x4.splat(factor + 5);
  let c6 = f32x4.splat(factor + 6);
  let c7 = f32x4.splat(factor + 7);
  let c8 = f32x4.splat(factor + 8);
  let c9 = f32x4.splat(factor + 9);
  let c10 = f32x4.splat(factor + 10);
  let c11 = f32x4.splat(factor + 11);
  for (; turns > 0; turns--) {
    c0 = madd(x, v128.load(p, 0), c0);
    c1 = madd(x, v128.load(p, 16), c1);
    c2 = madd(x, v128.load(p, 32), c2);
    c3 = madd(x, v128.load(p, 48), c3);
    c4 = madd(x, v128.load(p, 64), c4);
    c5 = madd(x, v128.load(p, 80), c5);
    c6 = madd(x, v128.load(p, 96), c6);
    c7 = madd(x, v128.load(p, 112), c7);
    c8 = madd(x, v128.load(p, 128), c8);
    c9 = madd(x, v128.load(p, 144), c9);
    c10 = madd(x, v128.load(p, 160), c10);
    c11 = madd(x, v128.load(p, 176), c11);
    c0 = madd(x, v128.load(p, 192), c0);
    c1 = madd(x, v128.load(p, 208), c1);
    c2 = madd(x, v128.load(p, 224), c2);
    c3 = madd(x, v128.load(p, 240), c3);
    c4 = madd(x, v128.load(p, 256), c4);
    c5 = madd(x, v128.load(p, 272), c5);
    c6 = madd(x, v128.load(p, 288), c6);
    c7 = madd(x, v128.load(p, 304), c7);
    c8 = madd(x, v128.load(p, 320), c8);
    c9 = madd(x, v128.load(p, 336), c9);
    c10 = madd(x, v128.load(p, 352), c10);
    c11 = madd(x, v128.load(p, 368), c11);
    p = (p + 64) & 1023;
  }
  return total(
    f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)),
    f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11)),
  );
}

function total(a: v128, b: v128, c: v128): f32 {
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), c), 0);
}
