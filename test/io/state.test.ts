// States in files: taken apart and put together again, every bit as it was.

import { describe, expect, it } from "vitest";
import { FileFormatError, UnsupportedError } from "../../src/engine/index.ts";
import { parse, stringify } from "../../src/io/json.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { joinState, splitState } from "../../src/io/state.ts";

/** By way of a file's bytes. */
function throughFile(state: unknown): unknown {
  const { json, tensors } = splitState(state);
  const file = decodeSafetensors(encodeSafetensors({ tensors, metadata: { json: stringify(json) } }), "file");
  return joinState({ json: parse(file.metadata.json as string), tensors: file.tensors });
}

describe("a state", () => {
  it("comes back from a file with all of its bits", () => {
    const bits = new Float32Array(Uint32Array.of(0x80000000, 0x7fc12345, 1, 0xff800000).buffer);
    const state = {
      numbers: [0, -0, 1e-320, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      texts: ["", "π", "$array", "NaN", "-0", "~Infinity"],
      nothing: { no: null, list: [], object: {}, arrays: [new Uint8Array(0)] },
      arrays: [bits, Int32Array.of(-(2 ** 31)), Uint8Array.of(0, 255), Float64Array.of(-0, 0.1)],
      tensors: { "actor.0.weight": { shape: [2, 2], data: bits }, scalar: { shape: [], data: Float64Array.of(7) } },
      flags: [true, false],
      noTensor: { shape: [1], data: Uint8Array.of(1), more: 5 },
      noShape: { shape: "round", data: Uint8Array.of(1) },
      noFit: { shape: [3], data: Uint8Array.of(1) },
      // As objects of another realm are.
      foreign: Object.assign(Object.create(Object.create(null)), { a: 1 }),
    };
    const back = throughFile(state) as typeof state;
    expect(back).toEqual(state);
    expect(back.numbers.map((x) => Object.is(x, -0))).toEqual([false, true, false, false, false, false]);
    expect(new Uint32Array((back.arrays[0] as Float32Array).buffer)).toEqual(new Uint32Array(bits.buffer));
  });

  it("is named in the file by its places", () => {
    const { json, tensors } = splitState({
      env: { envs: [{ x: Uint8Array.of(1) }] },
      w: { shape: [1, 1], data: Float32Array.of(2) },
    });
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ["env.envs.0.x", [1]],
      ["w", [1, 1]],
    ]);
    expect(json).toEqual({ env: { envs: [{ x: { $array: "env.envs.0.x" } }] }, w: { $tensor: "w" } });
  });

  it("keeps arrays apart whose places have one path", () => {
    const state = { a: { "b.c": Uint8Array.of(1) }, "a.b": { c: Uint8Array.of(2) }, "a.b.c": Uint8Array.of(3) };
    expect(throughFile(state)).toEqual(state);
  });

  it("keeps fields with the names that objects inherit", () => {
    const state = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}');
    const back = throughFile(state) as object;
    expect(Object.keys(back)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it.each<[string, unknown, string]>([
    ["a function", { f: () => 1 }, "f is of type function"],
    ["nothing", { a: [1, undefined] }, "a.1 is of type undefined"],
    ["a large integer", { n: 5n }, "n is of type bigint"],
    ["a map", { m: new Map() }, "m is of type Map"],
    ["16 bits", { x: { y: new Uint16Array(1) } }, "x.y is of type Uint16Array"],
    ["what stands for an array", { a: [{ $array: "x" }] }, "a.0 has $array alone"],
    ["what stands for a tensor", { $tensor: 5 }, " has $tensor alone"],
    ["a date", { when: new Date(0) }, "when is of type Date"],
  ])("with %s cannot be kept", (_, state, message) => {
    expect(() => splitState(state)).toThrow(UnsupportedError);
    expect(() => splitState(state)).toThrow(`state: ${message}`);
  });

  it("cannot lie in itself, and may be there twice", () => {
    const list: unknown[] = [1];
    list.push({ again: list });
    const object: Record<string, unknown> = {};
    object.self = object;
    for (const [state, place] of [
      [{ a: list }, "a.1.again"],
      [object, "self"],
    ] as const)
      expect(() => splitState(state)).toThrow(new UnsupportedError(`state: ${place} lies in itself`));
    const shared = { x: [1, 2] };
    expect(throughFile({ a: shared, b: shared })).toEqual({ a: shared, b: shared });
  });

  it("is refused where a tensor is missing, is asked for twice or belongs nowhere", () => {
    const { json, tensors } = splitState({ a: Uint8Array.of(1), b: Uint8Array.of(2) });
    expect(() => joinState({ json, tensors: tensors.slice(1) })).toThrow(new FileFormatError("tensor a is missing"));
    expect(() => joinState({ json: {}, tensors })).toThrow(
      new FileFormatError("tensor a belongs to nothing in the state"),
    );
    expect(() => joinState({ json: [{ $array: "a" }, { $array: "a" }], tensors })).toThrow(
      new FileFormatError("tensor a is missing"),
    );
  });
});
