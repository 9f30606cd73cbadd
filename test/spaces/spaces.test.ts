// Box and Discrete at their edges: bounds, shapes, equality, draws, descriptions, and what they refuse.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  Engine,
  FileFormatError,
  PCG64,
  type Space,
  spaceFrom,
  UnsupportedError,
} from "../../src/index.ts";
import { parse, stringify } from "../../src/io/json.ts";

const engine = await Engine.create();
const INFINITY = Number.POSITIVE_INFINITY;

describe("a Box", () => {
  it("takes its shape from its bounds unless it is given one", () => {
    expect(new Box(0, 1).shape).toEqual([1]);
    expect(new Box([0, 0, 0], 1).shape).toEqual([3]);
    expect(new Box(-1, Float32Array.of(1, 2)).shape).toEqual([2]);
    expect(new Box(0, 1, [2, 3]).low).toHaveLength(6);
    expect(new Box(0, 1, []).high).toEqual(Float32Array.of(1));
    expect(new Box([0, 1, 2, 3], 9, [2, 2]).low).toEqual(Float32Array.of(0, 1, 2, 3));
    const shape = [2];
    const box = new Box(0, 1, shape);
    shape[0] = 7;
    expect(box.shape).toEqual([2]);
    expect(Object.isFrozen(box.shape)).toBe(true);
  });

  it("contains its bounds, and nothing beyond either of them", () => {
    const box = new Box([-1, -INFINITY], [1, 2]);
    const inside = [
      [-1, 2],
      [1, -1e38],
      [0, -INFINITY],
    ];
    const outside = [[-1.001, 0], [1.001, 0], [0, 2.001], [0, Number.NaN], [Number.NaN, 0], [0], [0, 0, 0], [], 0];
    expect(inside.map((x) => box.contains(x))).toEqual([true, true, true]);
    expect(outside.map((x) => box.contains(x))).toEqual(outside.map(() => false));
    for (const x of ["00", null, undefined, {}, ["0", "0"]]) expect(box.contains(x)).toBe(false);
  });

  it("contains lists, and arrays of its own data type alone", () => {
    for (const [space, own] of [
      [new Box(0, 9, [2]), Float32Array],
      [new Box(0, 9, [2], "int32"), Int32Array],
      [new Box(0, 9, [2], "uint8"), Uint8Array],
      [new Box(0, 9, [2], "float64"), Float64Array],
    ] as const) {
      for (const array of [Float32Array, Int32Array, Uint8Array, Float64Array, Int16Array])
        expect(space.contains(array.of(1, 2)), `${space}: ${array.name}`).toBe(array === own);
      expect(space.contains([1, 2])).toBe(true);
    }
  });

  it("of the shape [] contains a number, as an action is, and an array of it, as is observed and drawn", () => {
    const box = new Box(0, 1, []);
    expect([0.5, [0.5], Float32Array.of(0.5)].map((x) => box.contains(x))).toEqual([true, true, true]);
    for (const x of [2, Number.NaN, [], [0, 0], [2], "0"]) expect(box.contains(x)).toBe(false);
    expect(box.contains(box.sample(new PCG64(engine, 1)))).toBe(true);
    expect(new Box(0, 1).contains(0.5)).toBe(false);
    const nothing = new Box([], []);
    expect([nothing.contains([]), nothing.contains(0), nothing.contains(nothing.sample(new PCG64(engine, 1)))]).toEqual(
      [true, false, true],
    );
  });

  it("of one point contains that point", () => {
    expect(new Box(2, 2).contains([2])).toBe(true);
  });

  it("is drawn uniformly: each element within its own bounds, all of a unit interval as likely", () => {
    const rng = new PCG64(engine, 8);
    const box = new Box([0, -5], [1, -3], [2]);
    const counts = Array.from({ length: 20 }, () => 0);
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      const [first, second] = box.sample(rng) as unknown as [number, number];
      counts[Math.min(9, Math.floor(10 * first))]!++;
      counts[10 + Math.min(9, Math.floor(5 * (second + 5)))]!++;
    }
    // Each count has a standard error below sqrt(draws / 10); five of them.
    for (const count of counts) expect(Math.abs(count - draws / 10)).toBeLessThan(5 * Math.sqrt(draws / 10));
  });

  it("takes the numbers of its draws one after the other from the generator", () => {
    const [a, b] = [new PCG64(engine, 4), new PCG64(engine, 4)];
    expect([...new Box([-1, 0, 10], [1, 5, 20]).sample(a)]).toEqual(
      [b.uniform(-1, 1), b.uniform(0, 5), b.uniform(10, 20)].map(Math.fround),
    );
  });

  it.each<[number, number]>([
    [0, INFINITY],
    [-INFINITY, 0],
    [-INFINITY, INFINITY],
  ])("is not drawn where it goes from %s to %s", (low, high) => {
    expect(() => new Box([0, low], [1, high]).sample(new PCG64(engine, 1))).toThrow(
      new UnsupportedError(`Box: sample of element 1, from ${low} to ${high}; both bounds have to be finite`),
    );
  });

  it.each<[number, number]>([
    [1, 0],
    [Number.NaN, 1],
    [0, Number.NaN],
    [INFINITY, INFINITY],
    [-INFINITY, -INFINITY],
  ])("refuses bounds from %s to %s", (low, high) => {
    expect(() => new Box([0, low], [1, high])).toThrow(
      new ConfigurationError(`Box: element 1 goes from ${low} to ${high}; no number lies between them`),
    );
  });

  it.each([[[-1]], [[2, 0.5]], [[Number.NaN]], [[INFINITY, 2]]])("refuses the shape %j", (shape) => {
    expect(() => new Box(0, 1, shape)).toThrow(
      new ConfigurationError(`Box: shape [${shape.join(", ")}]; sizes have to be integers of at least 0`),
    );
  });

  it("refuses bounds of another length than its shape, low and high alike", () => {
    expect(() => new Box([0, 0], 1, [3])).toThrow(new ConfigurationError("Box: low has 2 elements; its shape has 3"));
    expect(() => new Box(0, [1, 1], [2, 2])).toThrow(
      new ConfigurationError("Box: high has 2 elements; its shape has 4"),
    );
  });
});

it("a violation is looked for in one element of a batch, and says where it is", () => {
  const box = new Box([0, -1], [1, 1]);
  const batch = [0, 0, 0.5, 7, 1, 1];
  expect([0, 1, 2].map((index) => box.violation(batch, index))).toEqual([
    ...[undefined, { at: "[1]", value: 7, expected: "from -1 to 1" }, undefined],
  ]);
  expect([0, 1, 2].map((index) => new Discrete(2).violation([0, 2, 1], index))).toEqual([
    ...[undefined, { at: "", value: 2, expected: "an integer from 0 to 1" }, undefined],
  ]);
});

it("a Box has no more elements than there is memory for, and its shape stays as it was made", () => {
  const shape = [2 ** 16, 2 ** 15];
  expect(() => new Box(0, 1, shape)).toThrow(
    new ConfigurationError("Box: shape [65536, 32768] has more than 1073741824 elements"),
  );
  const sizes = [2, 1];
  const box = new Box(0, 1, sizes);
  sizes.push(5);
  expect(box.shape).toEqual([2, 1]);
  expect(Object.isFrozen(box.shape)).toBe(true);
});

describe("a Box of another data type", () => {
  it("holds its bounds and what is drawn from it in that type", () => {
    const pixels = new Box(0, 255, [8, 8, 3], "uint8");
    expect([pixels.low, pixels.high].map((bounds) => bounds.constructor)).toEqual([Uint8Array, Uint8Array]);
    const drawn = pixels.sample(new PCG64(engine, 1));
    expect(drawn).toBeInstanceOf(Uint8Array);
    expect([Math.min(...drawn) < 30, Math.max(...drawn) > 225]).toEqual([true, true]);
    expect(pixels.contains(drawn)).toBe(true);
    expect(String(pixels)).toBe("Box(8, 8, 3, uint8)");
    expect(pixels.toJSON()).toEqual({ type: "Box", low: 0, high: 255, shape: [8, 8, 3], dtype: "uint8" });
    expect(spaceFrom(parse(stringify(pixels))).equals(pixels)).toBe(true);
    expect(pixels.equals(new Box(0, 255, [8, 8, 3]))).toBe(false);
  });

  it("contains whole numbers only where it is of those", () => {
    const [whole, any] = [new Box(0, 9, [2], "int32"), new Box(0, 9, [2])];
    expect([whole, any].map((box) => box.contains([1, 2]))).toEqual([true, true]);
    expect([whole, any].map((box) => box.contains([1, 2.5]))).toEqual([false, true]);
  });

  it("draws whole numbers, both bounds among them", () => {
    const space = new Box(-1, 1, [1], "int32");
    const rng = new PCG64(engine, 2);
    const drawn = Array.from({ length: 300 }, () => space.sample(rng)[0]);
    expect([-1, 0, 1].map((value) => drawn.filter((x) => x === value).length > 60)).toEqual([true, true, true]);
  });

  it("refuses bounds that the type does not hold", () => {
    expect(() => new Box(0, 256, [1], "uint8")).toThrow(
      new ConfigurationError("Box: high[0] is 256, which is no uint8"),
    );
    expect(() => new Box([0, 0.5], 1, [2], "int32")).toThrow(
      new ConfigurationError("Box: low[1] is 0.5, which is no int32"),
    );
    expect(() => new Box(0, 1, [1], "float16" as never)).toThrow(
      new ConfigurationError("Box: dtype float16 is not float32 or int32 or uint8 or float64"),
    );
  });
});

describe("a Discrete", () => {
  it("contains its integers, as numbers", () => {
    const space = new Discrete(2, -1);
    expect([-1, 0, -0].map((x) => space.contains(x))).toEqual([true, true, true]);
    const outside = [-2, 1, -0.5, Number.NaN, "0", [0], null, 0n];
    expect(outside.map((x) => space.contains(x))).toEqual(outside.map(() => false));
  });

  it("is drawn with NumPy's integers, from its start on", () => {
    const [a, b] = [new PCG64(engine, 4), new PCG64(engine, 4)];
    const space = new Discrete(1000, -7);
    for (let draw = 0; draw < 100; draw++) expect(space.sample(a)).toBe(b.integer(1000) - 7);
  });

  it.each([0, -1, 2.5, Number.NaN, INFINITY])("refuses to have %s elements", (n) => {
    expect(() => new Discrete(n)).toThrow(new ConfigurationError(`Discrete: n: ${n} is not an integer of at least 1`));
  });

  it("refuses integers that are not int32", () => {
    expect(() => new Discrete(2, 2 ** 31 - 1)).toThrow(
      new ConfigurationError("Discrete: 2 integers from 2147483647 on; all of them have to be within int32"),
    );
  });

  it.each([0.5, Number.NaN, -INFINITY])("refuses to start at %s", (start) => {
    expect(() => new Discrete(2, start)).toThrow(
      new ConfigurationError(`Discrete: start: ${start} is not an integer of at least -2147483648`),
    );
  });
});

describe("two spaces", () => {
  const spaces: Space[] = [
    new Box(-1, 1, [2]),
    new Box(-1, 1, [1, 2]),
    new Box([-1, 0], 1),
    new Box(-1, [1, 2]),
    new Box(-1, 1, [3]),
    new Discrete(2),
    new Discrete(3),
    new Discrete(2, 1),
  ];

  it("are equal where kind, shape and every bound are", () => {
    for (const [i, a] of spaces.entries()) {
      for (const [j, b] of spaces.entries()) expect(a.equals(b), `${i}, ${j}`).toBe(i === j);
    }
    expect(new Box(-1, 1, [2]).equals(new Box([-1, -1], [1, 1]))).toBe(true);
  });

  it("come back equal from their description in a file, infinite bounds included", () => {
    for (const space of [...spaces, new Box([-INFINITY, 0], [0, INFINITY]), new Box(-INFINITY, INFINITY, [2, 2])]) {
      const back = spaceFrom(parse(stringify(space)));
      expect(back.equals(space)).toBe(true);
      expect(back.toJSON()).toEqual(space.toJSON());
    }
    const dtype = "float32";
    expect(new Box([0, 1], 2, [1, 2]).toJSON()).toEqual({ type: "Box", low: [0, 1], high: 2, shape: [1, 2], dtype });
    expect(new Discrete(4, 2).toJSON()).toEqual({ type: "Discrete", n: 4, start: 2 });
  });

  it.each([null, 5, {}, { type: "box", low: [0], high: [1], shape: [1] }, { type: "constructor" }])(
    "do not come from %j",
    (json) => {
      expect(() => spaceFrom(json)).toThrow(
        new ConfigurationError(
          `space: ${JSON.stringify(json)} is of none of the types Box, Discrete, MultiBinary, MultiDiscrete, Dict, Tuple`,
        ),
      );
    },
  );

  const box = { type: "Box", low: [0], high: 1, shape: [1], dtype: "float32" };
  const discrete = { type: "Discrete", n: 2, start: 0 };
  it.each([
    [{ ...box, high: ["1"] }, 'high: ["1"] is neither a number nor a list of numbers'],
    [{ ...box, low: null }, "low: null is neither a number nor a list of numbers"],
    [{ ...box, shape: 1 }, "shape: 1 is not a list of numbers"],
    [{ ...box, dtype: "float16" }, 'dtype: "float16" is not float32 or int32 or uint8 or float64'],
    [{ ...box, wide: true }, "there is no field wide; there are: type, low, high, shape, dtype"],
    [{ type: "Box", low: 0, high: 1 }, "shape is missing"],
    [{ type: "Box", low: 0, high: 1, shape: [1] }, "dtype is missing"],
    [{ ...discrete, n: "2" }, 'n: "2" is not an integer of at least 1'],
    [{ type: "Discrete", n: 2 }, "start is missing"],
    [{ ...discrete, step: 1 }, "there is no field step; there are: type, n, start"],
  ])("do not come from %j", (json, message) => {
    expect(() => spaceFrom(json)).toThrow(new FileFormatError(message));
  });

  it("do not come from a description with numbers that cannot be", () => {
    expect(() => spaceFrom({ type: "Discrete", n: 0, start: 0 })).toThrow(
      new FileFormatError("n: 0 is not an integer of at least 1"),
    );
    expect(() => spaceFrom({ type: "Box", low: [2], high: [1], shape: [1], dtype: "float32" })).toThrow(
      new ConfigurationError("Box: element 0 goes from 2 to 1; no number lies between them"),
    );
  });
});
