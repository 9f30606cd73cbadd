// States that are read back: every field is checked, and the error names it.

import { describe, expect, it } from "vitest";
import { ConfigurationError, FileFormatError, ShapeError } from "../../src/base/errors.ts";
import type { FieldRange } from "../../src/base/ranges.ts";
import { fields, within } from "../../src/base/state.ts";

const specs = { float32: { shape: [2, 1], dtype: "float32" }, uint8: { shape: [], dtype: "uint8" } } as const;

const ranges = {
  count: { kind: "integer", from: 0, to: 10 },
  share: { kind: "number", from: 0, to: 1, exclusive: true },
  target: { kind: "number", from: 0, to: Number.POSITIVE_INFINITY, none: true },
  flag: { kind: "boolean" },
  phase: { kind: "choice", choices: ["new", "running"] },
  sizes: { kind: "sizes" },
  physics: { kind: "array", dtype: "float64", length: 2, finite: true },
  pixels: { kind: "array", dtype: "uint8", length: 3 },
  weight: { kind: "tensor", spec: specs.float32 },
  flagged: { kind: "tensor", spec: specs.uint8 },
  envs: { kind: "list", length: 2 },
  name: { kind: "text" },
  id: { kind: "text", none: true },
  inner: { kind: "state" },
} as const satisfies Record<string, FieldRange>;

const good = {
  ...{ count: 0, share: 0.5, target: null, flag: false, phase: "new", sizes: [] },
  ...{ physics: Float64Array.of(0, -0), pixels: Uint8Array.of(1, 2, 3) },
  weight: { shape: [2, 1], data: Float32Array.of(1, 2) },
  flagged: { shape: [], data: Uint8Array.of(1) },
  ...{ envs: [null, {}], name: "", id: null, inner: undefined },
};

describe("fields", () => {
  it("are given as they are where all of them are right", () => {
    expect(fields(good, ranges)).toBe(good);
    expect(fields({ ...good, count: 10, target: Number.POSITIVE_INFINITY, sizes: [1, 5] }, ranges).count).toBe(10);
  });

  it.each<[string, unknown, string]>([
    ["count", 11, "11 is not an integer from 0 to 10"],
    ["count", -1, "-1 is not an integer from 0 to 10"],
    ["count", 0.5, "0.5 is not an integer from 0 to 10"],
    ["count", "0", '"0" is not an integer from 0 to 10'],
    ["count", null, "null is not an integer from 0 to 10"],
    ["share", 0, "0 is not a number between 0 and 1, exclusive"],
    ["share", 1, "1 is not a number between 0 and 1, exclusive"],
    ["share", Number.NaN, "NaN is not a number between 0 and 1, exclusive"],
    ["target", -1, "-1 is not a number of at least 0, or null"],
    ["target", undefined, "undefined is not a number of at least 0, or null"],
    ["flag", 0, "0 is not true or false"],
    ["phase", "old", '"old" is not new or running'],
    ["phase", ["new"], '["new"] is not new or running'],
    ["sizes", [0], "[0] is not a list of integers of 1 or more"],
    ["sizes", [1.5], "[1.5] is not a list of integers of 1 or more"],
    ["sizes", {}, "{} is not a list of integers of 1 or more"],
    ["physics", [0, 1], "[0,1] is not an array of 2 finite float64"],
    ["physics", Float64Array.of(1), "an array of 1 float64 is not an array of 2 finite float64"],
    ["physics", Float32Array.of(1, 2), "an array of 2 float32 is not an array of 2 finite float64"],
    ["physics", Float64Array.of(1, Number.NaN), "an array of 2 float64 is not an array of 2 finite float64"],
    ["pixels", Uint8Array.of(1), "an array of 1 uint8 is not an array of 3 uint8"],
    ["weight", Float32Array.of(1, 2), "an array of 2 float32 is not a tensor [2, 1]"],
    ["weight", { shape: [1, 2], data: Float32Array.of(1, 2) }, "a tensor [1, 2] is not a tensor [2, 1]"],
    ["weight", { shape: [2, 1], data: Int32Array.of(1, 2) }, "a tensor int32 [2, 1] is not a tensor [2, 1]"],
    ["flagged", { shape: [], data: Float32Array.of(1) }, "a tensor [] is not a tensor uint8 []"],
    ["name", null, "null is not a text"],
    ["id", 5, "5 is not a text, or null"],
    ["envs", [1], "[1] is not a list of 2"],
    ["envs", { length: 2 }, '{"length":2} is not a list of 2'],
  ])("%s: %o is refused", (name, value, message) => {
    expect(() => fields({ ...good, [name]: value }, ranges)).toThrow(new FileFormatError(`${name}: ${message}`));
  });

  it("are refused where one is missing, also one that objects inherit, and where one is not known", () => {
    const { phase, ...rest } = good;
    expect(() => fields(rest, ranges)).toThrow(new FileFormatError("phase is missing"));
    expect(() => fields({}, { toString: ranges.inner })).toThrow(new FileFormatError("toString is missing"));
    expect(() => fields({ ...good, cuont: 1 }, ranges)).toThrow(
      new FileFormatError("there is no field cuont; did you mean count?"),
    );
    for (const state of [null, undefined, 5, "state"]) {
      expect(() => fields(state, ranges)).toThrow(new FileFormatError(`${JSON.stringify(state)} is not a state`));
    }
  });

  it("show no more of a value than fits a line", () => {
    expect(() => fields({ flag: "x".repeat(1000) }, { flag: ranges.flag })).toThrow(
      new FileFormatError(`flag: "${"x".repeat(76)}... is not true or false`),
    );
  });
});

describe("within", () => {
  it("says where what was wrong stands, and leaves other errors alone", () => {
    const failing = (error: Error) => () =>
      within("a", () =>
        within("b", () => {
          throw error;
        }),
      );
    expect(failing(new FileFormatError("c is missing"))).toThrow(new FileFormatError("a: b: c is missing"));
    expect(failing(new ConfigurationError("gamma: 2"))).toThrow(new FileFormatError("a: b: gamma: 2"));
    for (const error of [new ShapeError("matmul"), new TypeError("bug")]) expect(failing(error)).toThrow(error);
    expect(within("a", () => 5)).toBe(5);
  });
});
