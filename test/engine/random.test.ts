// Random numbers: NumPy's own, from the same seeds (test/fixtures/numpy-random.py).

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine, FileFormatError, PCG64, Stream } from "../../src/engine/index.ts";
import numpy from "../fixtures/numpy-random.json" with { type: "json" };

const engine = await Engine.create();

describe("PCG64", () => {
  it.each(numpy.generators)("draws NumPy's numbers from seed $seed", ({ seed, doubles, uniform, integers, after }) => {
    const rng = new PCG64(engine, BigInt(seed));
    expect(doubles.map(() => rng.double())).toEqual(doubles);
    expect(rng.uniform(-0.05, 0.05)).toBe(uniform);
    expect(numpy.bounds.map((bound) => rng.integer(bound))).toEqual(integers);
    expect(rng.double()).toBe(after);
  });

  it("takes a number or the bigint of it", () => {
    expect(new PCG64(engine, 2 ** 53 - 1).double()).toBe(new PCG64(engine, 2n ** 53n - 1n).double());
  });

  it("goes on from its state, the kept half word included", () => {
    const rng = new PCG64(engine, 42);
    rng.integer(10);
    const state = JSON.parse(JSON.stringify(rng.state()));
    expect(state.buffered).toMatch(/^0x[0-9a-f]+$/);
    const expected = [rng.integer(10), rng.double(), rng.integer(1000)];
    const other = new PCG64(engine, 7);
    other.restore(state);
    expect([other.integer(10), other.double(), other.integer(1000)]).toEqual(expected);
    expect(other.state()).toEqual(rng.state());
  });

  it("has NumPy's state", () => {
    // numpy.random.default_rng(0).bit_generator.state
    expect(new PCG64(engine, 0).state()).toEqual({
      state: `0x${35399562948360463058890781895381311971n.toString(16)}`,
      increment: `0x${87136372517582989555478159403783844777n.toString(16)}`,
      buffered: null,
    });
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53, -1n])("refuses the seed %s", (seed) => {
    expect(() => new PCG64(engine, seed)).toThrow(
      new ConfigurationError(`seed: ${seed} is not an integer of at least 0`),
    );
  });

  it.each([0, -1, 1.5, 2 ** 32])("refuses the bound %s", (bound) => {
    expect(() => new PCG64(engine, 1).integer(bound)).toThrow(
      new ConfigurationError(`bound: ${bound} is not an integer from 1 to 4294967295`),
    );
  });

  it("refuses a state that is none", () => {
    const rng = new PCG64(engine, 1);
    expect(() => rng.restore({ ...rng.state(), state: "12" })).toThrow(
      new FileFormatError('state: "12" is not a hexadecimal string of at most 128 bits'),
    );
    expect(() => rng.restore({ ...rng.state(), buffered: "0x123456789" })).toThrow(
      new FileFormatError('buffered: "0x123456789" is not a hexadecimal string of at most 32 bits'),
    );
  });
});

describe("a stream", () => {
  const names = ["initialization", "sampling", "shuffling", "acting"] as const;

  it("has the key that NumPy's SeedSequence spawns for it, and a counter of 0", () => {
    for (const { seed, spawnKey, words } of numpy.streams) {
      const stream = new Stream(engine, seed, names[spawnKey] as (typeof names)[number]);
      expect(stream.state()).toEqual({ key: words, counter: "0x0" });
    }
  });

  it("goes on from its state", () => {
    const draw = (stream: Stream) => {
      const owner = {};
      const address = engine.allocate(40, owner);
      engine.kernels.philoxNormal(address, stream.address, 10);
      return [...engine.view("float32", address, 10)];
    };
    const [stream, other] = [new Stream(engine, 1, "sampling"), new Stream(engine, 2, "acting")];
    draw(stream);
    other.restore(JSON.parse(JSON.stringify(stream.state())));
    expect(other.state().counter).toBe("0x3");
    expect(draw(other)).toEqual(draw(stream));
  });

  it("refuses a seed and a state that are none", () => {
    expect(() => new Stream(engine, -3, "acting")).toThrow(
      new ConfigurationError("seed: -3 is not an integer of at least 0"),
    );
    const stream = new Stream(engine, 1, "acting");
    expect(() => stream.restore({ key: [1, -1], counter: "0x0" })).toThrow(
      new FileFormatError("key: [1,-1] is not two 32-bit words"),
    );
    expect(() => stream.restore({ key: [1, 2], counter: "five" })).toThrow(
      new FileFormatError('counter: "five" is not a hexadecimal string of at most 128 bits'),
    );
  });
});
