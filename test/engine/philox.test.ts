// The streams of the training loop: the known answers of Random123 (kat_vectors, philox4x32 10), drawn as a stream
// draws them, with the counter of 128 bits that its state holds; and that no stream is another's.

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine, FileFormatError, Stream } from "../../src/engine/index.ts";

const engine = await Engine.create();
const names = ["initialization", "sampling", "shuffling", "acting"] as const;

function uniforms(stream: Stream, count: number): number[] {
  const owner = {};
  const address = engine.allocate(4 * count, owner);
  engine.kernels.philoxUniform(address, stream.address, count);
  return [...engine.view("float32", address, count)];
}

function restored(key: [number, number], counter: string): Stream {
  const stream = new Stream(engine, 1, "acting");
  stream.restore({ key, counter });
  return stream;
}

/** The words of the counter are hexadecimal digits from the right to the left. */
const knownAnswers = [
  { key: [0, 0], counter: "0x0", words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    key: [0xffffffff, 0xffffffff],
    counter: `0x${"f".repeat(32)}`,
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    key: [0xa4093822, 0x299f31d0],
    counter: "0x0370734413198a2e85a308d3243f6a88",
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as { key: [number, number]; counter: string; words: number[] }[];

describe("a stream", () => {
  it.each(["dropout", "constructor", undefined])("is not known by the name %s", (name) => {
    expect(() => new Stream(engine, 1, name as "sampling")).toThrow(
      new ConfigurationError(`Stream: no stream ${name}; there are: initialization, sampling, shuffling, acting`),
    );
  });

  it.each(knownAnswers)("draws Random123's words from counter $counter", ({ key, counter, words }) => {
    expect(uniforms(restored(key, counter), 4)).toEqual(words.map((word) => (word >>> 8) / 2 ** 24));
  });

  it("counts blocks of four numbers, across all 128 bits of its counter and around", () => {
    const counts: [string, number, string][] = [
      ["0x5", 0, "0x5"],
      ["0x0", 1, "0x1"],
      ["0x0", 5, "0x2"],
      ["0xfffffffe", 8, "0x100000000"],
      ["0xffffffffffffffff", 4, "0x10000000000000000"],
      ["0x1ffffffffffffffff", 12, "0x20000000000000002"],
      [`0x${"f".repeat(32)}`, 8, "0x1"],
    ];
    for (const [before, drawn, after] of counts) {
      const stream = restored([1, 2], before);
      uniforms(stream, drawn);
      expect(stream.state(), `${drawn} from ${before}`).toEqual({ key: [1, 2], counter: after });
      // What follows is what a stream that starts there gives.
      expect(uniforms(stream, 8)).toEqual(uniforms(restored([1, 2], after), 8));
    }
  });

  it("gives the same numbers in one call as in several of whole blocks, across a carry too", () => {
    for (const counter of ["0x0", "0xfffffffd", "0xfffffffffffffffd", `0x${"f".repeat(32)}`]) {
      const all = uniforms(restored([3, 4], counter), 64);
      const parts = restored([3, 4], counter);
      expect(
        [4, 4, 4, 12, 40].flatMap((count) => uniforms(parts, count)),
        counter,
      ).toEqual(all);
    }
  });

  it("shares no number with one of another name or seed, and is not moved by their draws", () => {
    const streams = [0, 1, 2 ** 32, 2 ** 32 + 1].flatMap((seed) => names.map((name) => new Stream(engine, seed, name)));
    const alone = names.map((name) => uniforms(new Stream(engine, 1, name), 8));
    const draws = streams.map((stream) => uniforms(stream, 8));
    expect(draws.slice(4, 8)).toEqual(alone);
    expect(new Set(draws.map(String)).size).toBe(streams.length);
    // As near to independent as 2^14 numbers can tell: the correlation of two has a standard error of 2^-7; 120 pairs,
    // five of them.
    const many = streams.map((stream) => uniforms(stream, 2 ** 14));
    for (const [i, a] of many.entries()) {
      for (const b of many.slice(i + 1)) {
        const product = a.reduce((sum, value, index) => sum + (value - 0.5) * ((b[index] as number) - 0.5), 0);
        expect(Math.abs((12 * product) / 2 ** 14)).toBeLessThan(5 * 2 ** -7);
      }
    }
  });

  it("restores its whole key and counter, over those it had", () => {
    const stream = restored([0xdeadbeef, 0], `0x${"a".repeat(32)}`);
    expect(stream.state()).toEqual({ key: [0xdeadbeef, 0], counter: `0x${"a".repeat(32)}` });
    stream.restore({ key: [7, 0xffffffff], counter: "0x5" });
    expect(stream.state()).toEqual({ key: [7, 0xffffffff], counter: "0x5" });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => new Stream(engine, seed, "sampling")).toThrow(
      new ConfigurationError(`seed: ${seed} is not an integer of at least 0`),
    );
  });

  it.each([
    [{ key: [1], counter: "0x0" }, "key: [1] is not two 32-bit words"],
    [{ key: [1, 2, 3], counter: "0x0" }, "key: [1,2,3] is not two 32-bit words"],
    [{ key: [1, 2 ** 32], counter: "0x0" }, "key: [1,4294967296] is not two 32-bit words"],
    [{ key: "12", counter: "0x0" }, 'key: "12" is not two 32-bit words'],
    [
      { key: [1, 2], counter: `0x1${"0".repeat(32)}` },
      `counter: "0x1${"0".repeat(32)}" is not a hexadecimal string of at most 128 bits`,
    ],
    [{ key: [1, 2], counter: 5 }, "counter: 5 is not a hexadecimal string of at most 128 bits"],
    [{ key: [1, 2] }, "counter is missing"],
  ])("refuses the state %j and stays as it was", (state, message) => {
    const stream = new Stream(engine, 1, "acting");
    const before = stream.state();
    expect(() => stream.restore(state as never)).toThrow(new FileFormatError(message));
    expect(stream.state()).toEqual(before);
  });
});
