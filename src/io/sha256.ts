// SHA-256 (FIPS 180-4), by which a file knows itself again: Node's where there is one, which is 25 times as fast. In a
// browser, whose own makes wait and is for secure pages only, what is written is hashed here, and what is read there.

import { nodeModule } from "./node.ts";

const BLOCK = 64;

/** The first primes. */
function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) if (found.every((prime) => n % prime !== 0n)) found.push(n);
  return found;
}

/** The first 32 bits of the fraction of the root of a prime (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractionOfRoot(prime: bigint, degree: 2n | 3n): number {
  const scaled = prime << (32n * degree);
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= scaled) root += bit;
  return Number(root & 0xffffffffn);
}

let constants: { readonly initial: Int32Array; readonly rounds: Int32Array } | undefined;

function constantsOf(): NonNullable<typeof constants> {
  constants ??= {
    initial: Int32Array.from(primes(8), (prime) => fractionOfRoot(prime, 2n)),
    rounds: Int32Array.from(primes(64), (prime) => fractionOfRoot(prime, 3n)),
  };
  return constants;
}

const rotated = (x: number, bits: number): number => (x >>> bits) | (x << (32 - bits));

/** Takes in the 64 bytes at `offset`: the schedule `w` of 64 words, and the rounds (FIPS 180-4, 6.2.2). */
function compress(hash: Int32Array, rounds: Int32Array, w: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let t = 0; t < 16; t++, offset += 4) {
    w[t] =
      ((bytes[offset] as number) << 24) |
      ((bytes[offset + 1] as number) << 16) |
      ((bytes[offset + 2] as number) << 8) |
      (bytes[offset + 3] as number);
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] as number;
    const y = w[t - 2] as number;
    const s0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >>> 3);
    const s1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >>> 10);
    w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
  }
  const at = (index: number): number => hash[index] as number;
  let [a, b, c, d] = [at(0), at(1), at(2), at(3)];
  let [e, f, g, h] = [at(4), at(5), at(6), at(7)];
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[t] as number) + (w[t] as number)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = at(0) + a;
  hash[1] = at(1) + b;
  hash[2] = at(2) + c;
  hash[3] = at(3) + d;
  hash[4] = at(4) + e;
  hash[5] = at(5) + f;
  hash[6] = at(6) + g;
  hash[7] = at(7) + h;
}

/** The SHA-256 of these bytes one after the other, in hexadecimal. */
export function sha256(parts: readonly Uint8Array[]): string {
  return nodeSha256(parts) ?? ownSha256(parts);
}

/** The same as the engine has it; undefined for a page that is not secure. */
export async function sha256OfEngine(parts: readonly Uint8Array[]): Promise<string | undefined> {
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: Subtle } };
  const digest = nodeSha256(parts) ?? (await crypto?.subtle?.digest("SHA-256", concatenated(parts)));
  return typeof digest === "object" ? hexadecimal(new Uint8Array(digest), 2) : digest;
}

interface Subtle {
  digest(algorithm: string, bytes: Uint8Array): Promise<ArrayBuffer>;
}

function nodeSha256(parts: readonly Uint8Array[]): string | undefined {
  const hash = nodeModule("node:crypto")?.createHash("sha256");
  for (const part of parts) hash?.update(part);
  return hash?.digest("hex");
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function hexadecimal(numbers: ArrayLike<number>, digits: number): string {
  return Array.from(numbers, (number) => (number >>> 0).toString(16).padStart(digits, "0")).join("");
}

function ownSha256(parts: readonly Uint8Array[]): string {
  const { initial, rounds } = constantsOf();
  const hash = initial.slice();
  const w = new Int32Array(64);
  const block = new Uint8Array(BLOCK);
  let [filled, length] = [0, 0];
  for (const part of parts) {
    length += part.length;
    let at = 0;
    while (at < part.length) {
      if (filled === 0 && part.length - at >= BLOCK) {
        compress(hash, rounds, w, part, at);
        at += BLOCK;
        continue;
      }
      const taken = Math.min(BLOCK - filled, part.length - at);
      block.set(part.subarray(at, at + taken), filled);
      [filled, at] = [(filled + taken) % BLOCK, at + taken];
      if (filled === 0) compress(hash, rounds, w, block, 0);
    }
  }
  // The padding: a 1, zeros, and the number of bits in the last eight bytes.
  const padding = new Uint8Array(filled < 56 ? BLOCK : 2 * BLOCK);
  padding.set(block.subarray(0, filled));
  padding[filled] = 0x80;
  new DataView(padding.buffer).setBigUint64(padding.length - 8, 8n * BigInt(length));
  for (let at = 0; at < padding.length; at += BLOCK) compress(hash, rounds, w, padding, at);
  return hexadecimal(hash, 8);
}
