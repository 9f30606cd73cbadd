// What is free of a stretch of memory. The heap gives its blocks out for long, a program's layout its places for a few
// calls; both ask here.

interface Block {
  address: number;
  bytes: number;
}

/** Free blocks in the order of their addresses, no two of them adjacent. */
export class FreeList {
  readonly #blocks: Block[] = [];

  /** The address of `bytes` bytes of the smallest block that holds them; undefined where none does. */
  take(bytes: number): number | undefined {
    let best = -1;
    for (const [index, block] of this.#blocks.entries()) {
      if (block.bytes < bytes || (best >= 0 && block.bytes >= (this.#blocks[best] as Block).bytes)) continue;
      best = index;
    }
    const block = this.#blocks[best];
    if (block === undefined) return undefined;
    const { address } = block;
    block.address += bytes;
    block.bytes -= bytes;
    if (block.bytes === 0) this.#blocks.splice(best, 1);
    return address;
  }

  /** Gives a block back, joined with those that touch it. */
  release(address: number, bytes: number): void {
    let index = this.#blocks.findIndex((block) => block.address > address);
    if (index < 0) index = this.#blocks.length;
    this.#blocks.splice(index, 0, { address, bytes });
    this.#join(index);
    if (index > 0) this.#join(index - 1);
  }

  /** The bytes that are free from some address up to `end`. */
  freeBefore(end: number): number {
    const last = this.#blocks.at(-1);
    return last !== undefined && last.address + last.bytes === end ? last.bytes : 0;
  }

  /** Joins the block at `index` with the one after it where they touch. */
  #join(index: number): void {
    const block = this.#blocks[index] as Block;
    const next = this.#blocks[index + 1];
    if (next === undefined || block.address + block.bytes !== next.address) return;
    block.bytes += next.bytes;
    this.#blocks.splice(index + 1, 1);
  }
}
