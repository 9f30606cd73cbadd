// The heap of the linear memory, kept in JavaScript: kernels never allocate. A block belongs to an object and is given back when that
// object is collected, so nobody has to dispose of anything.

import { OutOfMemoryError } from "./errors.ts";

const ALIGNMENT = 64;
const PAGE = 65536;

interface Block {
  address: number;
  bytes: number;
}

export class Heap {
  readonly #memory: WebAssembly.Memory;
  /** Free blocks in the order of their addresses, no two of them adjacent. */
  readonly #free: Block[];
  readonly #registry = new FinalizationRegistry<Block>((block) => this.#release(block));

  /** A heap over all of `memory` from `base` on. */
  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#free = [{ address: base, bytes: memory.buffer.byteLength - base }];
  }

  /**
   * The address, a multiple of 64, of `bytes` zero bytes that live as long as `owner`. May grow the memory, which detaches views.
   * @throws OutOfMemoryError
   */
  allocate(bytes: number, owner: object): number {
    // One line more than asked for: a kernel may read, never write, up to a vector past the end of an array.
    const size = (Math.ceil(bytes / ALIGNMENT) + 1) * ALIGNMENT;
    const index = this.#find(size);
    const block = this.#free[index] as Block;
    const address = block.address;
    if (block.bytes === size) this.#free.splice(index, 1);
    else {
      block.address += size;
      block.bytes -= size;
    }
    new Uint8Array(this.#memory.buffer, address, size).fill(0);
    this.#registry.register(owner, { address, bytes: size });
    return address;
  }

  /** The index of the first free block of at least `size` bytes, which may be one newly grown at the end. */
  #find(size: number): number {
    const index = this.#free.findIndex((block) => block.bytes >= size);
    if (index >= 0) return index;
    const end = this.#memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const tail = last !== undefined && last.address + last.bytes === end ? last.bytes : 0;
    try {
      this.#memory.grow(Math.ceil((size - tail) / PAGE));
    } catch {
      const [asked, held] = [size, end].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
      throw new OutOfMemoryError(
        `an array of ${asked} does not fit: the memory has ${held} and cannot grow by as much, to at most 4 GiB`,
      );
    }
    this.#release({ address: end, bytes: this.#memory.buffer.byteLength - end });
    return this.#free.length - 1;
  }

  #release(block: Block): void {
    let index = this.#free.findIndex((other) => other.address > block.address);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, block);
    this.#merge(index);
    if (index > 0) this.#merge(index - 1);
  }

  /** Joins the block at `index` with the one after it where they touch. */
  #merge(index: number): void {
    const block = this.#free[index] as Block;
    const next = this.#free[index + 1];
    if (next !== undefined && block.address + block.bytes === next.address) {
      block.bytes += next.bytes;
      this.#free.splice(index + 1, 1);
    }
  }
}
