// MultiDiscrete and MultiBinary: what they hold, refuse and draw, the last as Gymnasium does
// (test/fixtures/gymnasium-spaces.py).

import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  Engine,
  FileFormatError,
  MultiBinary,
  MultiDiscrete,
  PCG64,
  spaceFrom,
} from "../../src/index.ts";
import gymnasium from "../fixtures/gymnasium-spaces.json" with { type: "json" };

const engine = await Engine.create();

describe("a MultiDiscrete", () => {
  it("is a list of integers, each below its own count", () => {
    const nvec = [3, 2, 5];
    const space = new MultiDiscrete(nvec);
    nvec[0] = 9;
    expect([space.nvec, space.shape, space.dtype, String(space)]).toEqual([
      ...[[3, 2, 5], [3], "int32", "MultiDiscrete(3, 2, 5)"],
    ]);
    expect([space.nvec, space.shape].map(Object.isFrozen)).toEqual([true, true]);
    for (const x of [[0, 0, 0], [2, 1, 4], Int32Array.of(2, 0, 3)]) expect(space.contains(x)).toBe(true);
    const outside = [
      [3, 0, 0],
      [0, 2, 0],
      [0, 0, 5],
      [-1, 0, 0],
      [0, 0.5, 0],
      [0, Number.NaN, 0],
      [0, 0],
      [0, 0, 0, 0],
    ];
    for (const x of [...outside, 0, Uint8Array.of(0, 0, 0), undefined]) expect(space.contains(x)).toBe(false);
    expect([0, 1].map((index) => space.violation([0, 0, 0, 2, 2, 4], index))).toEqual([
      ...[undefined, { at: "[1]", value: 2, expected: "an integer from 0 to 1" }],
    ]);
  });

  it.each(gymnasium.multiDiscrete)("of $nvec draws what Gymnasium draws from seed $seed", (drawn) => {
    const rng = new PCG64(engine, drawn.seed);
    const space = new MultiDiscrete(drawn.nvec);
    expect(drawn.samples.map(() => space.sample(rng))).toEqual(drawn.samples.map((sample) => Int32Array.from(sample)));
    expect(rng.integer(1000)).toBe(drawn.integer);
  });

  it.each([[[]], [3], [undefined], ["3"]])("refuses %j for counts", (nvec) => {
    expect(() => new MultiDiscrete(nvec as never)).toThrow(
      new ConfigurationError(`MultiDiscrete: nvec ${JSON.stringify(nvec)} is not a list of one or more counts`),
    );
  });

  it.each([0, -1, 2.5, Number.NaN])("refuses the count %s", (n) => {
    expect(() => new MultiDiscrete([2, n])).toThrow(
      new ConfigurationError(`MultiDiscrete: nvec[1]: ${n} is not an integer of at least 1`),
    );
  });

  it("refuses a count beyond int32", () => {
    expect(new MultiDiscrete([2 ** 31]).contains([2 ** 31 - 1])).toBe(true);
    expect(() => new MultiDiscrete([2 ** 31 + 1])).toThrow(
      new ConfigurationError("MultiDiscrete: nvec[0]: 2147483649 is not an integer from 1 to 2147483648"),
    );
  });
});

describe("a MultiBinary", () => {
  it("is so many integers of 0 or 1", () => {
    const space = new MultiBinary(2);
    expect([space.n, space.shape, space.dtype, String(space)]).toEqual([2, [2], "int32", "MultiBinary(2)"]);
    for (const x of [[0, 1], Int32Array.of(1, 0)]) expect(space.contains(x)).toBe(true);
    for (const x of [[0, 2], [-1, 0], [0.5, 0], [0], [0, 0, 0], 0, Uint8Array.of(0, 0), true])
      expect(space.contains(x)).toBe(false);
    expect([0, 1].map((index) => space.violation([0, 1, 1, 2], index))).toEqual([
      ...[undefined, { at: "[1]", value: 2, expected: "an integer from 0 to 1" }],
    ]);
  });

  it.each(gymnasium.multiBinary)("of $n draws what Gymnasium draws from seed $seed", (drawn) => {
    const rng = new PCG64(engine, drawn.seed);
    const space = new MultiBinary(drawn.n);
    expect(drawn.samples.map(() => space.sample(rng))).toEqual(drawn.samples.map((sample) => Int32Array.from(sample)));
    expect(rng.integer(1000)).toBe(drawn.integer);
  });

  it.each([0, -1, 2.5, Number.NaN])("refuses to have %s elements", (n) => {
    expect(() => new MultiBinary(n)).toThrow(
      new ConfigurationError(`MultiBinary: n: ${n} is not an integer from 1 to 1073741824`),
    );
  });
});

it("both come back from their description in a file, and from nothing else", () => {
  const spaces = [new MultiDiscrete([3, 2]), new MultiDiscrete([2, 3]), new MultiDiscrete([3]), new MultiBinary(2)];
  for (const [i, a] of spaces.entries()) {
    for (const [j, b] of spaces.entries()) expect(a.equals(b), `${i}, ${j}`).toBe(i === j);
    const back = spaceFrom(JSON.parse(JSON.stringify(a)));
    expect([back.equals(a), back.toJSON()]).toEqual([true, a.toJSON()]);
  }
  expect(spaces[3]!.equals(new MultiBinary(3))).toBe(false);
  const refused = (json: object, message: string) =>
    expect(() => spaceFrom(json)).toThrow(new FileFormatError(message));
  refused({ type: "MultiDiscrete", nvec: [2, 0] }, "nvec: [2,0] is not a list of integers of 1 or more");
  refused({ type: "MultiDiscrete" }, "nvec is missing");
  refused({ type: "MultiBinary", n: "2" }, 'n: "2" is not an integer from 1 to 1073741824');
  refused({ type: "MultiBinary", n: 2, start: 0 }, "there is no field start; there are: type, n");
});
