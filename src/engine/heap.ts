// The heap of the linear memory, kept in JavaScript: kernels never allocate. A block belongs to an object and is given
// back when that object is collected, so nobody has to dispose of anything.

import { OutOfMemoryError } from "../base/errors.ts";
import { FreeList } from "./free-list.ts";

/** The bytes of a cache line: addresses are multiples of it. */
const CACHE_LINE = 64;
const PAGE = 65536;

/** The bytes that `bytes` take when they end with a cache line. */
export function wholeLines(bytes: number): number {
  return Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;
}

/** What this library uses of a `WebAssembly.Memory`, in words that need no types of the DOM. */
export interface LinearMemory {
  /** All of it; another one once it has grown. */
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB, and gives the number that there were. */
  grow(pages: number): number;
}

/** What a linear memory holds from an address on. */
export class Heap {
  readonly #memory: LinearMemory;
  readonly #free = new FreeList();
  readonly #registry = new FinalizationRegistry<{ readonly address: number; readonly bytes: number }>(
    ({ address, bytes }) => this.#free.release(address, bytes),
  );

  /** A heap over all of `memory` from `base` on. */
  constructor(memory: LinearMemory, base: number) {
    this.#memory = memory;
    this.#free.release(base, memory.buffer.byteLength - base);
  }

  /**
   * The address, a multiple of 64, of `bytes` zero bytes that live as long as `owner`. May grow the memory, which
   * detaches views.
   * @param name what the error says of it
   * @throws OutOfMemoryError
   */
  allocate(bytes: number, owner: object, name = "an array"): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new OutOfMemoryError(`${bytes} bytes cannot be allocated; it has to be an integer of at least 0`);
    // One line more than asked for: a kernel may read, never write, up to a vector past the end of an array.
    const size = wholeLines(bytes) + CACHE_LINE;
    const address = this.#free.take(size) ?? this.#grow(size, name);
    new Uint8Array(this.#memory.buffer, address, size).fill(0);
    this.#registry.register(owner, { address, bytes: size });
    return address;
  }

  /** Makes the memory large enough for `size` bytes at its end, and takes them. */
  #grow(size: number, name: string): number {
    const end = this.#memory.buffer.byteLength;
    try {
      this.#memory.grow(Math.ceil((size - this.#free.freeBefore(end)) / PAGE));
    } catch {
      const [asked, held] = [size, end].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
      throw new OutOfMemoryError(
        `${name} of ${asked} does not fit: the memory has ${held} and cannot grow by as much, to at most 4 GiB`,
      );
    }
    this.#free.release(end, this.#memory.buffer.byteLength - end);
    return this.#free.take(size) as number;
  }
}
