// What is free of a stretch of memory. The heap gives its blocks out for long, a program's layout its places for a few
// calls; both ask here, for a hundred thousand small blocks as quickly as for one.

interface Block {
  readonly address: number;
  readonly bytes: number;
  /** Its place among the blocks of its size. */
  index: number;
}

/** As many equal blocks as a program's layout has at a time; among more it is not worth the while to look. */
const FEW = 16;

/** Free blocks, no two of them adjacent. */
export class FreeList {
  /** By where they begin, and by where they end. */
  readonly #starts = new Map<number, Block>();
  readonly #ends = new Map<number, Block>();
  /** By their size. */
  readonly #blocks = new Map<number, Block[]>();
  /** The sizes that there are, ascending: few, since so many different ones would not fit into a memory. */
  readonly #sizes: number[] = [];

  /**
   * The address of `bytes` bytes of the smallest block that holds them, of equals the lowest of the last few that came
   * back; undefined where none does.
   */
  take(bytes: number): number | undefined {
    const equals = this.#blocks.get(this.#sizes[this.#rank(bytes)] as number);
    if (equals === undefined) return undefined;
    const block = equals.slice(-FEW).reduce((a, b) => (a.address < b.address ? a : b));
    const { address } = block;
    this.#remove(block);
    this.#add(address + bytes, block.bytes - bytes);
    return address;
  }

  /** Gives a block back, joined with those that touch it. */
  release(address: number, bytes: number): void {
    const before = this.#ends.get(address);
    const after = this.#starts.get(address + bytes);
    for (const neighbour of [before, after]) if (neighbour !== undefined) this.#remove(neighbour);
    this.#add(before?.address ?? address, (before?.bytes ?? 0) + bytes + (after?.bytes ?? 0));
  }

  /** The bytes that are free from some address up to `end`. */
  freeBefore(end: number): number {
    return this.#ends.get(end)?.bytes ?? 0;
  }

  #add(address: number, bytes: number): void {
    if (bytes === 0) return;
    let equals = this.#blocks.get(bytes);
    if (equals === undefined) {
      equals = [];
      this.#blocks.set(bytes, equals);
      this.#sizes.splice(this.#rank(bytes), 0, bytes);
    }
    const block = { address, bytes, index: equals.length };
    equals.push(block);
    this.#starts.set(address, block);
    this.#ends.set(address + bytes, block);
  }

  #remove({ address, bytes, index }: Block): void {
    this.#starts.delete(address);
    this.#ends.delete(address + bytes);
    const equals = this.#blocks.get(bytes) as Block[];
    const last = equals.pop() as Block;
    if (last.address !== address) {
      equals[index] = last;
      last.index = index;
    }
    if (equals.length > 0) return;
    this.#blocks.delete(bytes);
    this.#sizes.splice(this.#rank(bytes), 1);
  }

  /** How many of the sizes are smaller. */
  #rank(bytes: number): number {
    let [low, high] = [0, this.#sizes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sizes[middle] as number) < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
