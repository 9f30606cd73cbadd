// The heap of the linear memory: what it gives, what it takes back once the garbage collector has run, and that nothing
// gets lost between.

import { describe, expect, it } from "vitest";
import { Engine, OutOfMemoryError, PCG64, Stream } from "../../src/engine/index.ts";

const PAGE = 65536;

/** Collects what is unreachable; the blocks come back in tasks of their own. */
async function collect(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error("this test needs --expose-gc");
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const sizeOf = (engine: Engine) => engine.memory.buffer.byteLength;

/** A chain of blocks whose owners are all that `owners` holds, filled so that leftovers would show. */
function fill(engine: Engine, count: number, bytes: (index: number) => number, owners: object[]): number[] {
  return Array.from({ length: count }, (_, index) => {
    const owner = {};
    owners.push(owner);
    const address = engine.allocate(bytes(index), owner);
    engine.view("uint8", address, bytes(index)).fill(255);
    return address;
  });
}

describe("the heap", () => {
  it("gives each block 64 bytes more than asked for, of zeros: a kernel may read past the end", async () => {
    const engine = await Engine.create();
    const owner = {};
    for (const bytes of [0, 1, 63, 64, 65, 1000]) {
      const address = engine.allocate(bytes, owner);
      const next = engine.allocate(1, owner);
      expect(next - address).toBeGreaterThanOrEqual(bytes + 64);
      engine.view("uint8", next, 1).fill(9);
      expect(engine.view("uint8", address, bytes + 64).every((byte) => byte === 0)).toBe(true);
    }
  });

  it("says how much does not fit, and goes on", async () => {
    const engine = await Engine.create();
    expect(() => engine.allocate(2 ** 32, {})).toThrow(
      new OutOfMemoryError(
        "an array of 4097 MiB does not fit: the memory has 1 MiB and cannot grow by as much, to at most 4 GiB",
      ),
    );
    expect(engine.allocate(100, {})).toBeGreaterThanOrEqual(4096);
    expect(sizeOf(engine)).toBe(2 ** 20);
  });

  it("leaves the constants of the kernels alone", async () => {
    const engine = await Engine.create();
    expect(engine.allocate(1, {})).toBeGreaterThanOrEqual(4096);
  });

  it("joins the blocks it takes back, in any order, so that all of its memory can be one block again", async () => {
    const engine = await Engine.create();
    // All but the constants and the last 64 bytes.
    const whole = sizeOf(engine) - 4096 - 64;
    for (const stride of [1, 2, 3, 7]) {
      const groups: object[][] = Array.from({ length: stride }, () => []);
      for (let index = 0; index < 210; index++)
        fill(engine, 1, () => (index * 61) % 4000, groups[index % stride] as []);
      // Every stride-th goes first, then its neighbours.
      for (const group of groups) {
        group.length = 0;
        await collect();
      }
      const owners: object[] = [];
      const [address] = fill(engine, 1, () => whole, owners);
      expect(address, `stride ${stride}`).toBe(4096);
      owners.length = 0;
      await collect();
    }
    expect(sizeOf(engine)).toBe(16 * PAGE);
  });

  it("uses a block that fits exactly", async () => {
    const engine = await Engine.create();
    const kept: object[] = [];
    const dropped: object[] = [];
    const [hole] = fill(engine, 1, () => 1000, dropped);
    fill(engine, 1, () => 1000, kept);
    dropped.length = 0;
    await collect();
    expect(fill(engine, 1, () => 1000, kept)).toEqual([hole]);
    // The hole is full, not empty: what follows lies elsewhere.
    const more = fill(engine, 3, () => 0, kept);
    expect(more.every((address) => address > (hole as number) + 1000)).toBe(true);
  });

  it("grows by what it lacks, at the end, and keeps what blocks hold", async () => {
    const engine = await Engine.create();
    const owners: object[] = [];
    const [first] = fill(engine, 1, () => 100, owners);
    const before = sizeOf(engine);
    // The tail of the memory is free and counts.
    const [large] = fill(engine, 1, () => before, owners);
    expect(sizeOf(engine) - before).toBe(PAGE * Math.ceil((4096 + 192 + 64) / PAGE));
    expect(engine.view("uint8", first as number, 100).every((byte) => byte === 255)).toBe(true);
    // Without a tail it has to be a page for a page.
    const tail = sizeOf(engine) - ((large as number) + before + 64);
    fill(engine, 1, () => tail - 64, owners);
    const full = sizeOf(engine);
    const [last] = fill(engine, 1, () => PAGE - 64, owners);
    expect([last, sizeOf(engine)]).toEqual([full, full + PAGE]);
  });

  it("grows past a hole that is too small without writing over what follows it", async () => {
    const engine = await Engine.create();
    const kept: object[] = [];
    const dropped: object[] = [];
    fill(engine, 1, () => 5000, dropped);
    const rest = sizeOf(engine) - 4096 - (Math.ceil(5000 / 64) + 1) * 64;
    const [neighbour] = fill(engine, 1, () => rest - 64, kept);
    dropped.length = 0;
    await collect();
    const end = sizeOf(engine);
    // 64 bytes more than a page: the hole, which does not touch the end, makes up for nothing.
    const [grown] = fill(engine, 1, () => PAGE, kept);
    expect([grown, sizeOf(engine)]).toEqual([end, end + 2 * PAGE]);
    expect(engine.view("uint8", neighbour as number, rest - 64).every((byte) => byte === 255)).toBe(true);
  });

  it("gives no byte twice over thousands of blocks that come and go", async () => {
    const engine = await Engine.create();
    const rng = new PCG64(engine, 1);
    const live: { owner: object; address: number; bytes: number; mark: number }[] = [];
    for (let round = 0; round < 40; round++) {
      for (let count = 0; count < 50; count++) {
        const bytes = rng.integer(3000);
        const owner = {};
        const address = engine.allocate(bytes, owner);
        expect(address % 64).toBe(0);
        expect(engine.view("uint8", address, bytes + 64).every((byte) => byte === 0)).toBe(true);
        const mark = 1 + rng.integer(255);
        engine.view("uint8", address, bytes).fill(mark);
        live.push({ owner, address, bytes, mark });
      }
      while (live.length > 60) live.splice(rng.integer(live.length), 1);
      await collect();
      for (const { address, bytes, mark } of live) {
        expect(engine.view("uint8", address, bytes).every((byte) => byte === mark)).toBe(true);
      }
    }
    // 2,000 blocks of 1,500 bytes are three times what there was; 110 of them fit.
    expect(sizeOf(engine)).toBe(16 * PAGE);
  });

  it("keeps a generator's block as long as the generator, and no longer", async () => {
    const engine = await Engine.create();
    const [rng, stream] = [new PCG64(engine, 3), new Stream(engine, 3, "acting")];
    const expected = [new PCG64(engine, 3).double(), new Stream(engine, 3, "acting").state()];
    const makeMany = () => {
      for (let index = 0; index < 5000; index++) {
        new PCG64(engine, index);
        new Stream(engine, index, "sampling");
      }
    };
    for (let round = 0; round < 4; round++) {
      await collect();
      makeMany();
    }
    expect([rng.double(), stream.state()]).toEqual(expected);
    // 40,000 generators take 10 MB with the words of their seeds; a quarter of them is alive at a time.
    expect(sizeOf(engine)).toBeLessThan(5 * 2 ** 20);
  });
});
