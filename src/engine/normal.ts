// NumPy's Generator.standard_normal, bit for bit: the ziggurat of Marsaglia and Tsang (2000) with 256 layers, over
// PCG64. It stands apart from random.ts, since its tables are of no use to whoever draws no such number.

import type { Engine } from "./engine.ts";
import type { PCG64 } from "./random.ts";
import { zigguratTables } from "./ziggurat-tables.ts";

/** Where the lowest layer ends and the tail begins. */
const TAIL = 3.654152885361009;
const INVERSE_TAIL = 0.2736612373297583;

const bytes = Uint8Array.from(atob(zigguratTables), (character) => character.charCodeAt(0));
const tables = new Float64Array(bytes.buffer);
const widths = tables.subarray(0, 256);
const densities = tables.subarray(256, 512);
const inside = tables.subarray(512);

/** The memory of each engine in words of 32 bits, so that a draw makes no view of its own. */
const memories = new WeakMap<Engine, Uint32Array>();

function wordsOf(engine: Engine): Uint32Array {
  const words = memories.get(engine);
  // Memory that has grown leaves its views without a length.
  if (words !== undefined && words.length > 0) return words;
  const all = new Uint32Array(engine.memory.buffer);
  memories.set(engine, all);
  return all;
}

/** A float64 of mean 0 and variance 1: Generator.standard_normal() of numpy.random.default_rng */
export function standardNormal(random: PCG64): number {
  const words = wordsOf(random.engine);
  const at = random.address >> 2;
  for (;;) {
    // An output is 64 bits of the state after its step (XSL-RR), of which a double has the upper 53.
    random.double();
    const turn = (words[at + 3] as number) >>> 26;
    const low = (words[at] as number) ^ (words[at + 2] as number);
    const high = (words[at + 1] as number) ^ (words[at + 3] as number);
    const lower = rotatedRight(low, high, turn);
    const upper = rotatedRight(high, low, turn) >>> 0;
    // From the lowest bit on: 8 of the layer, 1 of the sign, 52 of the place in it, 3 that are not used.
    const layer = lower & 0xff;
    const steps = (upper & 0x1fffffff) * 0x800000 + (lower >>> 9);
    const size = steps * (widths[layer] as number);
    const x = lower & 0x100 ? -size : size;
    if (steps < (inside[layer] as number)) return x;
    if (layer === 0) return tail(random, (lower & 0x20000) !== 0);
    const outer = densities[layer] as number;
    if (((densities[layer - 1] as number) - outer) * random.double() + outer < exp(-0.5 * x * x)) return x;
  }
}

/** The lower half of a 64-bit word, turned to the right by up to 63 bits; its halves changed over, the upper one. */
function rotatedRight(low: number, high: number, turn: number): number {
  const near = turn < 32 ? low : high;
  const far = turn < 32 ? high : low;
  const bits = turn & 31;
  return bits === 0 ? near : (near >>> bits) | (far << (32 - bits));
}

function tail(random: PCG64, isNegative: boolean): number {
  for (;;) {
    const x = -INVERSE_TAIL * log1p(-random.double());
    const y = -log1p(-random.double());
    if (y + y > x * x) return isNegative ? -(TAIL + x) : TAIL + x;
  }
}

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** exp(x) within 1 ULP for x from -20 to 0, after fdlibm (Sun Microsystems, 1993): exp(r) 2^k for x = k ln(2) + r. */
function exp(x: number): number {
  const k = Math.floor(x / Math.LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const p = t * (4.1381367970572385e-8 * t - 1.6533902205465252e-6) + 6.613756321437934e-5;
  const c = r - t * (0.16666666666666602 + t * (-0.0027777777777015593 + t * p));
  return (1 - (low - (r * c) / (2 - c) - high)) / (1 << -k);
}

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);

/** log(1 + x) for x from above -1 to 0, as glibc has it (s_log1p.c): fdlibm, with a sum in an order of its own. */
function log1p(x: number): number {
  if (x > -1.862645149230957e-9) return x > -5.551115123125783e-17 ? x : x - x * x * 0.5;
  let f = x;
  let k = 0;
  let c = 0;
  let isSmall = false;
  // Below about sqrt(1/2) - 1; above, f is x itself.
  if (x <= -0.2928934097290039) {
    float[0] = 1 + x;
    k = ((halves[1] as number) >> 20) - 1023;
    c = (x - ((float[0] as number) - 1)) / (float[0] as number);
    const fraction = (halves[1] as number) & 0xfffff;
    const isUpper = fraction >= 0x6a09e;
    if (isUpper) k++;
    halves[1] = fraction | (isUpper ? 0x3fe00000 : 0x3ff00000);
    f = (float[0] as number) - 1;
    isSmall = (isUpper ? (0x100000 - fraction) >> 2 : fraction) === 0;
  }
  const half = 0.5 * f * f;
  if (isSmall) {
    if (f === 0) return k * LN2_HIGH + (c + k * LN2_LOW);
    const r = half * (1 - 0.6666666666666666 * f);
    return k * LN2_HIGH - (r - (k * LN2_LOW + c) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const r =
    z * 0.6666666666666735 +
    z2 * (0.3999999999940942 + z * 0.2857142874366239) +
    z4 * (0.22222198432149784 + z * 0.1818357216161805) +
    z4 * z2 * (0.15313837699209373 + z * 0.14798198605116586);
  if (k === 0) return f - (half - s * (half + r));
  return k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + c)) - f);
}
