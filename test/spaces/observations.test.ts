// What an observation of each space is as one flat array, which values belong to a Dict or a Tuple, and what is drawn
// from them: all as Gymnasium has it (test/fixtures/gymnasium-observations.py). And what is said where nothing fits.

import { describe, expect, it } from "vitest";
import { sizeOf } from "../../src/base/spec.ts";
import {
  Box,
  ConfigurationError,
  Dict,
  Discrete,
  Engine,
  FileFormatError,
  MultiBinary,
  MultiDiscrete,
  maskSizeOf,
  type ObservationSpace,
  PCG64,
  type SpaceJSON,
  spaceFrom,
  Tuple,
} from "../../src/index.ts";
import { parse, stringify } from "../../src/io/json.ts";
import gymnasium from "../fixtures/gymnasium-observations.json" with { type: "json" };

const engine = await Engine.create();

/** What Gymnasium draws: each space that is no Dict or Tuple has a generator of its own, seeded by those around it. */
function drawer(space: ObservationSpace, seed: number): () => unknown {
  const rng = new PCG64(engine, seed);
  const { spaces } = space as Partial<Dict | Tuple>;
  if (spaces === undefined) return () => plain(space.sample(rng), space);
  // In the order of the flat form, which is that of Gymnasium's own dictionary.
  const json = space.toJSON().spaces as object;
  const names = Array.isArray(json) ? Object.keys(json) : sorted(Object.keys(json));
  const parts = names.map((name) => {
    const draw = drawer((spaces as Record<string, ObservationSpace>)[name]!, rng.integer(2 ** 31 - 1));
    return [name, draw] as const;
  });
  return () => {
    const drawn = parts.map(([name, draw]) => [name, draw()]);
    return Array.isArray(spaces) ? drawn.map(([, part]) => part) : Object.fromEntries(drawn);
  };
}

function sorted(names: string[]): string[] {
  const points = (name: string) => Array.from(name, (point) => point.codePointAt(0)!);
  return names.sort((a, b) => {
    const [x, y] = [points(a), points(b)];
    const index = x.findIndex((point, at) => point !== y[at]);
    return index < 0 ? -1 : x[index]! - (y[index] ?? -1);
  });
}

function plain(x: unknown, space: ObservationSpace): unknown {
  if (typeof x === "number") return x;
  const numbers = Array.from(x as ArrayLike<number>);
  return (space as Box).shape.length === 0 ? numbers[0] : numbers;
}

/** Arrays as a Box has them in place of lists. */
function typed(x: unknown, space: ObservationSpace): unknown {
  if (space instanceof Dict)
    return Object.fromEntries(Object.entries(x as object).map(([key, part]) => [key, typed(part, space.spaces[key]!)]));
  if (space instanceof Tuple) return (x as unknown[]).map((part, index) => typed(part, space.spaces[index]!));
  if (typeof x === "number") return x;
  const array = space.empty() as Float32Array;
  array.set(x as number[]);
  return array;
}

interface Case {
  readonly space: SpaceJSON;
  readonly drawn: readonly { seed: number; samples: readonly unknown[]; flat: readonly number[][] }[];
}

describe.each(gymnasium.spaces as readonly Case[])("of $space.type, space %#", ({ space: json, drawn }) => {
  const space = spaceFrom(json);

  it.each(drawn)("an observation is flat as Gymnasium has it, drawn from seed $seed", ({ seed, samples, flat }) => {
    const draw = drawer(space, seed);
    for (const [index, sample] of samples.entries()) {
      expect(draw()).toEqual(sample);
      expect(sizeOf(space.flat.shape)).toBe(flat[index]!.length);
      for (const observation of [sample, typed(sample, space)]) {
        expect(space.contains(observation)).toBe(true);
        const into = new Float32Array(flat[index]!.length + 3).fill(7);
        expect(space.flatten(observation, into, 2)).toBeUndefined();
        expect([...into]).toEqual([7, 7, ...flat[index]!.map(Math.fround), 7]);
      }
    }
  });

  it("an empty one is an element of it but for bounds, new each time", () => {
    const empty = space.empty();
    expect(space.flatten(empty, new Float32Array(sizeOf(space.flat.shape)))).toBeUndefined();
    if (typeof empty === "object") expect(space.empty()).not.toBe(empty);
  });

  it("and comes back from its description in a file", () => {
    const back = spaceFrom(parse(stringify(space)));
    expect([back.equals(space), String(back), back.toJSON()]).toEqual([true, String(space), space.toJSON()]);
    for (const { space: other } of gymnasium.spaces)
      expect(space.equals(spaceFrom(other))).toBe(JSON.stringify(other) === JSON.stringify(json));
  });
});

it.each(gymnasium.members)(
  "$value belongs to a $space.type as in Gymnasium: $contains",
  ({ space, value, contains }) => {
    expect(spaceFrom(space).contains(value)).toBe(contains);
  },
);

describe("a flat form", () => {
  const form = ({ flat: { shape, dtype } }: ObservationSpace) => ({ shape, dtype });

  it("is that of the space alone: bytes of a Box stay bytes, and its shape stays", () => {
    expect(form(new Box(0, 255, [4, 4, 3], "uint8"))).toEqual({ shape: [4, 4, 3], dtype: "uint8" });
    expect(form(new Box(0, 1, [], "float64"))).toEqual({ shape: [], dtype: "float64" });
    expect(form(new Discrete(7, 3))).toEqual({ shape: [7], dtype: "float32" });
    expect(form(new MultiDiscrete([2, 3]))).toEqual({ shape: [5], dtype: "float32" });
    expect(form(new MultiBinary(4))).toEqual({ shape: [4], dtype: "float32" });
    expect(form(new Dict({ a: new Box(0, 255, [2, 2], "uint8"), b: new Discrete(3) }))).toEqual({
      ...{ shape: [7], dtype: "float32" },
    });
    expect([form(new Dict({})), form(new Tuple([]))].map(({ shape }) => shape)).toEqual([[0], [0]]);
  });

  it("has numbers of all bytes, and is not scaled", () => {
    const into = new Float32Array(3);
    new Tuple([new Box(0, 255, [3], "uint8")]).flatten([[0, 128, 255]], into);
    expect([...into]).toEqual([0, 128, 255]);
  });
});

const robot = new Dict({
  position: new Box(-1, 1, [3]),
  goal: new Discrete(4),
  sensors: new Tuple([new MultiBinary(2), new Dict({ "left wheel": new Box(0, 9, [], "int32") })]),
  keys: new MultiDiscrete([2, 3]),
});
const seen = {
  position: [0, 0, 0],
  goal: 3,
  sensors: [[0, 1], { "left wheel": 9 }],
  keys: [1, 2],
};

describe("what does not belong to a space", () => {
  it.each([
    [{ ...seen, position: [0, 0, Number.NaN] }, ".position[2]", Number.NaN, "a finite float32"],
    [{ ...seen, position: [0, 1e39, 0] }, ".position[1]", 1e39, "a finite float32"],
    [{ ...seen, position: [0, "0", 0] }, ".position[1]", "0", "a finite float32"],
    [{ ...seen, position: [0, 0] }, ".position", [0, 0], "an array of 3 numbers"],
    [{ ...seen, position: undefined }, ".position", undefined, "an array of 3 numbers"],
    [{ ...seen, position: "000" }, ".position", "000", "an array of 3 numbers"],
    [{ ...seen, goal: 4 }, ".goal", 4, "an integer from 0 to 3"],
    [{ ...seen, goal: [0] }, ".goal", [0], "an integer from 0 to 3"],
    [{ ...seen, sensors: [[0, 2], { "left wheel": 0 }] }, ".sensors[0][1]", 2, "an integer from 0 to 1"],
    [{ ...seen, sensors: [[0, 1], { "left wheel": 0.5 }] }, '.sensors[1]["left wheel"]', 0.5, "int32"],
    [{ ...seen, sensors: [[0, 1], {}] }, '.sensors[1]["left wheel"]', undefined, "an array of 1 numbers"],
    [{ ...seen, sensors: [[0, 1]] }, ".sensors", [[0, 1]], "a list of 2"],
    [{ ...seen, sensors: null }, ".sensors", null, "a list of 2"],
    [{ ...seen, keys: [2, 0] }, ".keys[0]", 2, "an integer from 0 to 1"],
    [{ ...seen, keys: 1 }, ".keys", 1, "an array of 2 numbers"],
    [{ ...seen, other: 5 }, ".other", 5, "left out: there are goal, keys, position, sensors"],
    [null, "", null, "an object of goal, keys, position, sensors"],
    [[1, 2, 3, 4], "", [1, 2, 3, 4], "an object of goal, keys, position, sensors"],
  ])("as %j, is named by its place", (observation, at, value, expected) => {
    const into = new Float32Array(sizeOf(robot.flat.shape));
    expect(robot.flatten(seen, into)).toBeUndefined();
    expect(robot.flatten(observation, into)).toEqual({ at, value, expected });
  });

  it("is not the bounds of a Box, which environments overstep by a rounding", () => {
    expect(robot.contains({ ...seen, position: [0, 0, 1.5] })).toBe(false);
    expect(robot.flatten({ ...seen, position: [0, 0, 1.5] }, new Float32Array(15))).toBeUndefined();
  });

  it("is what the data type of a Box does not hold, also where it becomes float32", () => {
    const bytes = new Tuple([new Box(0, 255, [2], "uint8")]);
    for (const value of [256, -1, 0.5, Number.NaN])
      expect(bytes.flatten([[0, value]], new Float32Array(2))).toEqual({ at: "[0][1]", value, expected: "uint8" });
    expect(bytes.flatten([Int32Array.of(0, 300)], new Float32Array(2))?.value).toBe(300);
    // A float64 of its own; within a Dict it is a float32.
    const large = new Box(-1e300, 1e300, [1], "float64");
    expect(large.flatten([1e300], new Float64Array(1))).toBeUndefined();
    expect(new Tuple([large]).flatten([[1e300]], new Float32Array(1))?.expected).toBe("a finite float32");
  });
});

describe("a Dict and a Tuple", () => {
  it("are made of spaces, and keep them", () => {
    const spaces = { b: new Discrete(2), a: new Discrete(3) };
    const dict = new Dict(spaces);
    const list = [new Discrete(2)];
    const tuple = new Tuple(list);
    spaces.b = new Discrete(9);
    list.push(new Discrete(9));
    expect([String(dict), String(tuple)]).toEqual(["Dict(a: Discrete(3), b: Discrete(2))", "Tuple(Discrete(2))"]);
    expect([Object.isFrozen(dict.spaces), Object.isFrozen(tuple.spaces)]).toEqual([true, true]);
    expect([dict.spaces.b!.equals(new Discrete(2)), tuple.spaces.length]).toEqual([true, 1]);
    for (const none of [undefined, null, 5, [new Discrete(2)]])
      expect(() => new Dict(none as never)).toThrow(/^Dict: .+ is not an object of spaces$/);
    expect(() => new Dict({ "a b": 5 as never })).toThrow(new ConfigurationError('Dict["a b"]: 5 is no space'));
    expect(() => new Tuple({} as never)).toThrow(new ConfigurationError("Tuple: {} is not a list of spaces"));
    expect(() => new Tuple([new Discrete(2), undefined as never])).toThrow(
      new ConfigurationError("Tuple[1]: undefined is no space"),
    );
  });

  it("are equal where all parts are, under the same names", () => {
    const spaces = [
      new Dict({ a: new Discrete(2) }),
      new Dict({ a: new Discrete(3) }),
      new Dict({ b: new Discrete(2) }),
      new Dict({ a: new Discrete(2), b: new Discrete(2) }),
      new Tuple([new Discrete(2)]),
      new Tuple([new Discrete(2), new Discrete(2)]),
      new Discrete(2),
    ];
    for (const [i, a] of spaces.entries())
      for (const [j, b] of spaces.entries()) expect(a.equals(b), `${i}, ${j}`).toBe(i === j);
    expect(
      new Dict({ a: new Discrete(2), b: new Discrete(3) }).equals(new Dict({ b: new Discrete(3), a: new Discrete(2) })),
    ).toBe(true);
  });

  it("have a part by the name __proto__ as by any other", () => {
    const space = new Dict(Object.fromEntries([["__proto__", new Discrete(2)]]));
    const into = new Float32Array(2);
    expect(space.flatten(JSON.parse('{"__proto__":1}'), into)).toBeUndefined();
    expect([...into]).toEqual([0, 1]);
    expect(space.flatten({}, into)?.at).toBe(".__proto__");
    expect(spaceFrom(parse(stringify(space))).equals(space)).toBe(true);
  });

  it.each([
    [{ type: "Dict" }, "spaces is missing"],
    [{ type: "Dict", spaces: [] }, "spaces: [] is not an object of spaces"],
    [{ type: "Dict", spaces: null }, "spaces: null is not an object of spaces"],
    [{ type: "Dict", spaces: {}, sorted: true }, "there is no field sorted; there are: type, spaces"],
    [{ type: "Tuple", spaces: {} }, "spaces: {} is not a list of spaces"],
    [
      { type: "Tuple", spaces: [{ type: "Dict", spaces: { "a b": { type: "Discrete", n: 2 } } }] },
      'spaces[0]: spaces["a b"]: start is missing',
    ],
    [
      { type: "Dict", spaces: { a: 5 } },
      "spaces.a: space: 5 is of none of the types Box, Discrete, MultiBinary, MultiDiscrete, Dict, Tuple",
    ],
  ])("do not come from %j", (json, message) => {
    expect(() => spaceFrom(json)).toThrow(new FileFormatError(message));
  });

  it("are within one another 32 times at most, as made and as read", () => {
    const within = (depth: number): ObservationSpace =>
      depth === 0 ? new Discrete(2) : new Tuple([within(depth - 1)]);
    const deepest = within(32);
    expect(spaceFrom(deepest.toJSON()).equals(deepest)).toBe(true);
    expect(() => new Tuple([deepest])).toThrow(
      new ConfigurationError("Tuple: there are more than 32 spaces within one another"),
    );
    let json: object = { type: "Discrete", n: 2, start: 0 };
    for (let depth = 0; depth < 5000; depth++) json = { type: "Tuple", spaces: [json] };
    expect(() => spaceFrom(json)).toThrow(/there are more than 32 within one another$/);
  });
});

it("a mask is as long as there are actions to choose from", () => {
  const sizes = [new Discrete(5), new Discrete(5, 2), new MultiDiscrete([3, 2]), new MultiBinary(4), new Box(0, 1)];
  expect(sizes.map(maskSizeOf)).toEqual([5, 5, 5, 8, 0]);
});
