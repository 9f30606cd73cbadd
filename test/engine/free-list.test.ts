// What is free of a memory: the smallest block that holds what is asked for, neighbours joined, and no slower for a
// hundred thousand blocks than for a few.

import { describe, expect, it } from "vitest";
import { FreeList } from "../../src/engine/free-list.ts";
import { fraction } from "../gradients/inputs.ts";

/** The same, found by looking at every block in the order of addresses. */
class SlowFreeList {
  #blocks: { address: number; bytes: number }[] = [];

  take(bytes: number): number | undefined {
    const best = this.#blocks
      .filter((block) => block.bytes >= bytes)
      .reduce<{ address: number; bytes: number } | undefined>((a, b) => (a && a.bytes <= b.bytes ? a : b), undefined);
    if (best === undefined) return undefined;
    const { address } = best;
    best.address += bytes;
    best.bytes -= bytes;
    this.#blocks = this.#blocks.filter((block) => block.bytes > 0);
    return address;
  }

  release(address: number, bytes: number): void {
    const sorted = [...this.#blocks, { address, bytes }].sort((a, b) => a.address - b.address);
    this.#blocks = [];
    for (const block of sorted) {
      const last = this.#blocks.at(-1);
      if (last !== undefined && last.address + last.bytes === block.address) last.bytes += block.bytes;
      else if (block.bytes > 0) this.#blocks.push(block);
    }
  }

  freeBefore(end: number): number {
    return this.#blocks.find(({ address, bytes }) => address + bytes === end)?.bytes ?? 0;
  }
}

/** Microseconds for a block that is taken and given back among so many holes. */
function timeAmong(holes: number): number {
  const free = new FreeList();
  for (let hole = 0; hole < holes; hole++) free.release(256 * hole, hole % 3 === 0 ? 128 : 64);
  free.release(256 * holes, 2 ** 30);
  const rounds = 2000;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    const bytes = 64 * (1 + (round % 4));
    free.release(free.take(bytes) as number, bytes);
  }
  return (1000 * (performance.now() - start)) / rounds;
}

describe("a list of free blocks", () => {
  it("gives the lowest of the smallest blocks that do, and joins what touches", () => {
    const [fast, slow] = [new FreeList(), new SlowFreeList()];
    for (const list of [fast, slow]) list.release(4096, 2 ** 16);
    const taken: { address: number; bytes: number }[] = [];
    for (let round = 0; round < 4000; round++) {
      if (taken.length > 0 && fraction(round, 1) < (taken.length > 60 ? 0.7 : 0.45)) {
        const [block] = taken.splice(Math.floor(taken.length * fraction(round, 2)), 1) as [(typeof taken)[number]];
        for (const list of [fast, slow]) list.release(block.address, block.bytes);
      } else {
        const bytes = 64 * Math.floor(24 * fraction(round, 3) ** 2);
        const address = slow.take(bytes);
        expect(fast.take(bytes), `round ${round}`).toBe(address);
        if (address !== undefined && bytes > 0) taken.push({ address, bytes });
      }
      const { address = 0, bytes = 0 } = taken.at(-1) ?? {};
      for (const end of [4096 + 2 ** 16, address, address + bytes])
        expect(fast.freeBefore(end)).toBe(slow.freeBefore(end));
    }
    for (const { address, bytes } of taken) fast.release(address, bytes);
    // All of it is one block again.
    expect(fast.take(2 ** 16)).toBe(4096);
    expect(fast.take(64)).toBeUndefined();
  });

  it("takes no longer among many holes", () => {
    timeAmong(100);
    const [few, many] = [timeAmong(100), timeAmong(100_000)];
    // A search of all of them takes a thousand times as long.
    expect(many).toBeLessThan(50 * few + 5);
  });
});
