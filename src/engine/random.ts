// Random numbers from a seed: the streams of the training loop (Philox, assembly/philox.ts) and the generator of the
// environments (NumPy's PCG64, assembly/pcg64.ts). Both live in linear memory; both give their state and continue from
// it bit for bit.

import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { anyState, shown } from "../base/ranges.ts";
import { fields, type Stateful } from "../base/state.ts";
import type { Engine } from "./engine.ts";

/** The words that tell the streams of one seed apart: SeedSequence's spawn key. A stream keeps its number for ever. */
const SPAWN_KEYS = { initialization: 0, sampling: 1, shuffling: 2, acting: 3 } as const;

/** What a stream of this library is for. */
export type StreamName = keyof typeof SPAWN_KEYS;

const STREAM_BYTES = 32;
const PCG64_BYTES = 48;
const POOL_WORDS = 4;
const MASK_64 = 0xffffffffffffffffn;

/** The 32-bit words of a seed, low first, as SeedSequence takes them. */
function entropyOf(seed: number | bigint): number[] {
  if (typeof seed === "bigint" ? seed < 0n : !Number.isSafeInteger(seed) || seed < 0) {
    throw new ConfigurationError(`seed: ${seed} is not an integer of at least 0`);
  }
  const words: number[] = [];
  for (let rest = BigInt(seed); rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words;
}

/** Puts words where a kernel can read them for as long as the caller holds `owner`. */
function placeWords(engine: Engine, words: readonly number[], owner: object): number {
  const address = engine.allocate(4 * words.length, owner);
  words32(engine, address, words.length).set(words);
  return address;
}

function words32(engine: Engine, address: number, length: number): Uint32Array {
  return new Uint32Array(engine.memory.buffer, address, length);
}

function words64(engine: Engine, address: number, length: number): BigUint64Array {
  return new BigUint64Array(engine.memory.buffer, address, length);
}

function toHex(low: bigint, high: bigint): string {
  return `0x${((high << 64n) | low).toString(16)}`;
}

function fromHex(text: unknown, name: string, bits: number): bigint {
  if (typeof text === "string" && new RegExp(`^0x[0-9a-f]{1,${bits / 4}}$`).test(text)) return BigInt(text);
  throw new FileFormatError(`${name}: ${shown(text)} is not a hexadecimal string of at most ${bits} bits`);
}

/**
 * An independent stream of random words. The kernels `philoxUniform`, `philoxNormal`, `philoxPermutation` draw from its
 * `address`.
 *
 * ```ts
 * parameters.initialize(new Stream(engine, 1, "initialization"));
 * ```
 */
export class Stream implements Stateful {
  /** Where its key and its position lie in linear memory, in bytes. */
  readonly address: number;
  /** Whose memory that is. */
  readonly engine: Engine;

  /**
   * @param seed an integer of at least 0
   * @param name tells the streams of one seed apart
   * @throws ConfigurationError for another seed or an unknown name
   */
  constructor(engine: Engine, seed: number, name: StreamName) {
    if (!Object.hasOwn(SPAWN_KEYS, name)) {
      throw new ConfigurationError(`Stream: no stream ${name}; ${suggestion(String(name), Object.keys(SPAWN_KEYS))}`);
    }
    const entropy = entropyOf(seed);
    while (entropy.length < POOL_WORDS) entropy.push(0);
    entropy.push(SPAWN_KEYS[name]);
    this.engine = engine;
    this.address = engine.allocate(STREAM_BYTES, this);
    const owner = {};
    engine.kernels.seedSequence(this.address, 2, placeWords(engine, entropy, owner), entropy.length);
  }

  /** Its key, two 32-bit words, and the next block, 128 bits in hexadecimal. */
  state(): { readonly key: readonly number[]; readonly counter: string } {
    const [low = 0n, high = 0n] = words64(this.engine, this.address + 16, 2);
    return { key: [...words32(this.engine, this.address, 2)], counter: toHex(low, high) };
  }

  /** @throws FileFormatError where `state` is not one. */
  restore(state: unknown): void {
    const { key, counter } = fields(state, { key: anyState, counter: anyState });
    const isWord = (word: unknown): word is number => typeof word === "number" && word >>> 0 === word;
    if (!Array.isArray(key) || key.length !== 2 || !key.every(isWord)) {
      throw new FileFormatError(`key: ${shown(key)} is not two 32-bit words`);
    }
    const position = fromHex(counter, "counter", 128);
    words32(this.engine, this.address, 2).set(key);
    words64(this.engine, this.address + 16, 2).set([position & MASK_64, position >> 64n]);
  }
}

/** numpy.random.default_rng(seed), number for number. */
export class PCG64 implements Stateful {
  /** Whose memory it lies in. */
  readonly engine: Engine;
  /** Where its state lies in linear memory, in bytes. */
  readonly address: number;

  /** @throws ConfigurationError where the seed is not a non-negative safe integer or a non-negative bigint. */
  constructor(engine: Engine, seed: number | bigint) {
    const entropy = entropyOf(seed);
    this.engine = engine;
    this.address = engine.allocate(PCG64_BYTES, this);
    const owner = {};
    engine.kernels.pcg64Seed(this.address, placeWords(engine, entropy, owner), entropy.length);
  }

  /** A float64 in [0, 1): Generator.random() */
  double(): number {
    return this.engine.kernels.pcg64Double(this.address);
  }

  /** A float64 in [low, high): Generator.uniform(low, high) */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.double();
  }

  /**
   * An integer in [0, bound): Generator.integers(bound)
   * @throws ConfigurationError where the bound is not an integer from 1 to 2^32 - 1.
   */
  integer(bound: number): number {
    if (bound >>> 0 !== bound || bound === 0) {
      throw new ConfigurationError(`bound: ${bound} is not an integer from 1 to 4294967295`);
    }
    return this.engine.kernels.pcg64Integer(this.address, bound) >>> 0;
  }

  /** The fields of NumPy's PCG64.state, in hexadecimal; `buffered` is the unused half of an output, or null. */
  state(): { readonly state: string; readonly increment: string; readonly buffered: string | null } {
    const [low = 0n, high = 0n, incrementLow = 0n, incrementHigh = 0n] = words64(this.engine, this.address, 4);
    const [isBuffered = 0, buffered = 0] = words32(this.engine, this.address + 32, 2);
    return {
      state: toHex(low, high),
      increment: toHex(incrementLow, incrementHigh),
      buffered: isBuffered === 0 ? null : `0x${buffered.toString(16)}`,
    };
  }

  /** @throws FileFormatError where `state` is not one. */
  restore(state: unknown): void {
    const saved = fields(state, { state: anyState, increment: anyState, buffered: anyState });
    const value = fromHex(saved.state, "state", 128);
    const increment = fromHex(saved.increment, "increment", 128);
    const buffered = saved.buffered === null ? null : Number(fromHex(saved.buffered, "buffered", 32));
    words64(this.engine, this.address, 4).set([value & MASK_64, value >> 64n, increment & MASK_64, increment >> 64n]);
    words32(this.engine, this.address + 32, 2).set([buffered === null ? 0 : 1, buffered ?? 0]);
  }
}
