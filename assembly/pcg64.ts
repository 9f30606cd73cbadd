// NumPy's SeedSequence and its default generator PCG64, bit for bit: environments draw the numbers that Gymnasium's
// draw under the same seed. Sources: numpy/random/bit_generator.pyx and numpy/random/src/pcg64 of NumPy 2; O'Neill,
// 2014, "PCG: a family of simple fast space-efficient statistically good algorithms" (XSL-RR 128/64); O'Neill, 2015,
// "Developing a seed_seq alternative".
//
// A generator is 48 bytes: state and increment of 128 bits each, low word first, then a 32-bit flag for the buffered
// half of an output and that half, then 8 bytes without a meaning.

const INIT_A: u32 = 0x43b0d7e5;
const MULT_A: u32 = 0x931e8875;
const INIT_B: u32 = 0x8b51f9dd;
const MULT_B: u32 = 0x58f38ded;
const MIX_MULT_L: u32 = 0xca01f9dd;
const MIX_MULT_R: u32 = 0x4973f715;

const MULTIPLIER_HIGH: u64 = 2549297995355413924;
const MULTIPLIER_LOW: u64 = 4865540595714422341;

/** `hash` is the constant of this call; the next call's is hash * multiplier. */
function hashMix(value: u32, hash: u32, multiplier: u32): u32 {
  const mixed = (value ^ hash) * (hash * multiplier);
  return mixed ^ (mixed >> 16);
}

function mix(x: u32, y: u32): u32 {
  const mixed = x * MIX_MULT_L - y * MIX_MULT_R;
  return mixed ^ (mixed >> 16);
}

/**
 * out[words] = SeedSequence.generate_state(words), 32-bit words, of entropy[entropyWords]: the seed's 32-bit words, low
 * first, padded with zeros to four where there is a spawn key, which follows. `out` needs room for four words, and may
 * not overlap the entropy.
 */
export function seedSequence(out: usize, words: i32, entropy: usize, entropyWords: i32): void {
  let hash = INIT_A;
  for (let i = 0; i < 4; i++, hash *= MULT_A) {
    const value = i < entropyWords ? load<u32>(entropy + ((<usize>i) << 2)) : 0;
    store<u32>(out + ((<usize>i) << 2), hashMix(value, hash, MULT_A));
  }
  for (let source = 0; source < 4; source++) {
    for (let i = 0; i < 4; i++) {
      if (i == source) continue;
      const word = out + ((<usize>i) << 2);
      store<u32>(word, mix(load<u32>(word), hashMix(load<u32>(out + ((<usize>source) << 2)), hash, MULT_A)));
      hash *= MULT_A;
    }
  }
  for (let source = 4; source < entropyWords; source++) {
    const value = load<u32>(entropy + ((<usize>source) << 2));
    for (let i = 0; i < 4; i++, hash *= MULT_A) {
      const word = out + ((<usize>i) << 2);
      store<u32>(word, mix(load<u32>(word), hashMix(value, hash, MULT_A)));
    }
  }
  const pool = v128.load(out);
  hash = INIT_B;
  for (let i = 0; i < words; i++, hash *= MULT_B) {
    const lower = i & 1 ? i32x4.extract_lane(pool, 1) : i32x4.extract_lane(pool, 0);
    const upper = i & 1 ? i32x4.extract_lane(pool, 3) : i32x4.extract_lane(pool, 2);
    store<u32>(out + ((<usize>i) << 2), hashMix(i & 2 ? upper : lower, hash, MULT_B));
  }
}

/** The upper half of a 128-bit product. */
function multiplyHigh(x: u64, y: u64): u64 {
  const x0 = x & 0xffffffff;
  const x1 = x >> 32;
  const y0 = y & 0xffffffff;
  const y1 = y >> 32;
  const low = x0 * y1 + ((x0 * y0) >> 32);
  const middle = x1 * y0 + (low & 0xffffffff);
  return x1 * y1 + (low >> 32) + (middle >> 32);
}

/** state = state * multiplier + increment, modulo 2^128 */
function step(state: usize): void {
  const low = load<u64>(state);
  const high = load<u64>(state, 8);
  const product = low * MULTIPLIER_LOW;
  const sum = product + load<u64>(state, 16);
  const carry = u64(sum < product);
  const upper = multiplyHigh(low, MULTIPLIER_LOW) + high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH;
  store<u64>(state, sum);
  store<u64>(state, upper + load<u64>(state, 24) + carry, 8);
}

function next64(state: usize): u64 {
  step(state);
  const high = load<u64>(state, 8);
  return rotr<u64>(high ^ load<u64>(state), high >> 58);
}

/** 32 bits: the lower half of an output, then its upper half. */
function next32(state: usize): u32 {
  if (load<u32>(state, 32)) {
    store<u32>(state, 0, 32);
    return load<u32>(state, 36);
  }
  const next = next64(state);
  store<u32>(state, 1, 32);
  store<u32>(state, <u32>(next >> 32), 36);
  return <u32>next;
}

/** The generator of numpy.random.default_rng(seed); entropy as in seedSequence. */
export function pcg64Seed(state: usize, entropy: usize, entropyWords: i32): void {
  seedSequence(state, 8, entropy, entropyWords);
  const initialHigh = load<u64>(state);
  const initialLow = load<u64>(state, 8);
  const sequenceHigh = load<u64>(state, 16);
  const sequenceLow = load<u64>(state, 24);
  store<u64>(state, 0);
  store<u64>(state, 0, 8);
  store<u64>(state, (sequenceLow << 1) | 1, 16);
  store<u64>(state, (sequenceHigh << 1) | (sequenceLow >> 63), 24);
  store<u64>(state, 0, 32);
  store<u64>(state, 0, 40);
  step(state);
  const low = load<u64>(state);
  const sum = low + initialLow;
  store<u64>(state, sum);
  store<u64>(state, load<u64>(state, 8) + initialHigh + u64(sum < low), 8);
  step(state);
}

/** Generator.random(): a float64 in [0, 1), a multiple of 2^-53 */
export function pcg64Double(state: usize): f64 {
  return <f64>(next64(state) >> 11) * 1.1102230246251565e-16;
}

/**
 * Generator.integers(bound): an integer below the bound, all equally likely. JavaScript sees an int32, and has to `>>>
 * 0`.
 */
export function pcg64Integer(state: usize, bound: u32): u32 {
  if (bound == 1) return 0; // and nothing is drawn
  let product: u64;
  do {
    product = <u64>next32(state) * <u64>bound;
  } while (<u32>product < bound && <u32>product < (0 - bound) % bound);
  return <u32>(product >> 32);
}
