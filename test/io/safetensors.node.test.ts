// The safetensors format: files of Python's own writer (test/fixtures/python-safetensors.py), and files that are not
// whole.

import { describe, expect, it } from "vitest";
import { FileFormatError } from "../../src/engine/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.ts";
import { parse, stringify } from "../../src/io/json.ts";
import fixture from "../fixtures/python-safetensors.json" with { type: "json" };

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const plain = bytesOf(fixture.plain);

/** A file with this header and so many bytes after it. */
function fileOf(header: unknown, bytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

describe("reading", () => {
  it("takes what Python wrote", () => {
    const { tensors, metadata } = decodeSafetensors(plain, "python");
    const named = new Map(tensors.map(({ name, shape, data }) => [name, { shape, data }]));
    expect(metadata).toEqual({ "made by": "Python", unicode: "π ≈ 3" });
    expect([...named.keys()].sort()).toEqual(["empty", "indices", "scalar", "weight"]);
    expect(named.get("weight")).toEqual({ shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => i / 7) });
    expect(named.get("indices")).toEqual({ shape: [3], data: Int32Array.of(3, -1, 2 ** 31 - 1) });
    expect(named.get("scalar")).toEqual({ shape: [], data: Float32Array.of(0.1) });
    expect(named.get("empty")).toEqual({ shape: [0, 4], data: new Float32Array(0) });
  });

  it("takes a view into a larger buffer, as Node's files are", () => {
    const larger = Buffer.concat([Buffer.alloc(3), plain, Buffer.alloc(5)]);
    const view = larger.subarray(3, 3 + plain.length);
    expect(decodeSafetensors(view, "view")).toEqual(decodeSafetensors(plain, "whole"));
  });

  it("takes tensors that lie in another order than the header names them", () => {
    const [first, second] = [
      [0, 4],
      [4, 12],
    ].map((data_offsets) => ({ dtype: "U8", data_offsets }));
    const bytes = fileOf({ b: { ...second, shape: [8] }, a: { ...first, shape: [4] } }, 12);
    bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], bytes.length - 12);
    expect(decodeSafetensors(bytes, "f").tensors).toEqual([
      { name: "b", shape: [8], data: Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12) },
      { name: "a", shape: [4], data: Uint8Array.of(1, 2, 3, 4) },
    ]);
  });

  it("gives copies", () => {
    const bytes = plain.slice();
    const { tensors } = decodeSafetensors(bytes, "copy");
    bytes.fill(0xff);
    expect(tensors).toEqual(decodeSafetensors(plain, "whole").tensors);
  });

  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 4] };
  const unplaced = "f: tensor x has no valid shape and offsets";
  it.each([
    ["no bytes", undefined as never, /^f: Undefined is not a Uint8Array$/],
    ["a buffer without a view", plain.buffer as never, /^f: ArrayBuffer is not a Uint8Array$/],
    ["floats", new Float32Array(9) as never, /^f: Float32Array is not a Uint8Array$/],
    ["nothing", new Uint8Array(0), /^f: 0 bytes are too few for a safetensors file$/],
    [
      "another format",
      new TextEncoder().encode("%PDF-1.7\n..."),
      /^f: not a safetensors file, or truncated: it declares a header of \d+ bytes and has 4$/,
    ],
    [
      "half a header",
      plain.subarray(0, 40),
      /^f: not a safetensors file, or truncated: it declares a header of \d+ bytes and has 32$/,
    ],
    ["a header that is not JSON", fileOf("{nonsense"), /^f: not a safetensors file: its header is not a JSON object$/],
    ["a header that is a list", fileOf([1, 2]), /^f: not a safetensors file: its header is not a JSON object$/],
    ["tensors cut short", plain.subarray(0, plain.length - 1), /^f: truncated: tensor \w+ ends at byte \d+ of \d+$/],
    ["float16", fileOf({ x: { ...entry, dtype: "F16" } }, 4), /^f: tensor x is F16; F32, I32, U8, F64 can be read$/],
    ["a size that does not fit", fileOf({ x: entry }, 4), /^f: tensor x \[2\] has 4 bytes, not 8$/],
    ["a tensor without offsets", fileOf({ x: { ...entry, data_offsets: undefined } }, 4), new RegExp(`^${unplaced}$`)],
    ["a negative shape", fileOf({ x: { ...entry, shape: [-1] } }, 4), new RegExp(`^${unplaced}$`)],
    ["a tensor without a shape", fileOf({ x: { ...entry, shape: undefined } }, 4), new RegExp(`^${unplaced}$`)],
    ["sizes that are fractions", fileOf({ x: { ...entry, shape: [0.5, 2] } }, 4), new RegExp(`^${unplaced}$`)],
    [
      "offsets that are fractions",
      fileOf({ x: { ...entry, shape: [1], data_offsets: [0.5, 4.5] } }, 5),
      new RegExp(`^${unplaced}$`),
    ],
    ["three offsets", fileOf({ x: { ...entry, shape: [1], data_offsets: [0, 4, 4] } }, 4), new RegExp(`^${unplaced}$`)],
    ["one offset", fileOf({ x: { ...entry, shape: [0], data_offsets: [0] } }), new RegExp(`^${unplaced}$`)],
    [
      "bytes that the shape does not need",
      fileOf({ x: { ...entry, shape: [0] } }, 4),
      /^f: tensor x \[0\] has 4 bytes/,
    ],
    ["a header that is null", fileOf("null"), /^f: not a safetensors file: its header is not a JSON object$/],
    [
      "a header that is not UTF-8",
      // In a text of the metadata, where a decoder that is lenient would leave JSON.
      fileOf({ __metadata__: { a: "\u007f" } }).map((byte) => (byte === 0x7f ? 0xff : byte)),
      /^f: not a safetensors file: its header is not a JSON object$/,
    ],
    ["a file of seven bytes", new Uint8Array(7), /^f: 7 bytes are too few for a safetensors file$/],
    ["an entry that is no object", fileOf({ x: null }), /^f: tensor x is null, not an object$/],
    ["metadata that is no object", fileOf({ __metadata__: 7 }), /^f: __metadata__ is 7, not an object$/],
    ["metadata that is no text", fileOf({ __metadata__: { a: 7 } }), /^f: __metadata__: a is 7, not a text$/],
    [
      "a field too many",
      fileOf({ x: { ...entry, shape: [1], size: 4 } }, 4),
      /^f: tensor x has size, which the format/,
    ],
    ["a byte order mark", fileOf("\ufeff{}"), /^f: not a safetensors file: its header is not a JSON object$/],
    ["bytes after the tensors", fileOf({ x: { ...entry, shape: [1] } }, 7), /^f: 3 bytes after the last tensor belong/],
    ["bytes without tensors", fileOf({}, 1), /^f: 1 bytes after the last tensor belong to none$/],
    [
      "a hole",
      fileOf({ x: { ...entry, shape: [1] }, y: { ...entry, shape: [1], data_offsets: [8, 12] } }, 12),
      /^f: tensor y begins at byte 8, and what is before it ends at 4$/,
    ],
    [
      "tensors that overlap",
      fileOf(
        { x: { ...entry, shape: [2], data_offsets: [0, 8] }, y: { ...entry, shape: [1], data_offsets: [4, 8] } },
        8,
      ),
      /^f: tensor y begins at byte 4, and what is before it ends at 8$/,
    ],
  ])("refuses %s", (_, bytes, message) => {
    const read = () => decodeSafetensors(bytes, "f");
    expect(read).toThrow(FileFormatError);
    expect(read).toThrow(message);
  });
});

describe("writing", () => {
  const file = {
    tensors: [
      { name: "b", shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY) },
      { name: "a", shape: [3], data: Int32Array.of(1, 2, 3) },
    ],
    metadata: { key: "value" },
  };

  it("comes back in the same order with the same bits", () => {
    expect(decodeSafetensors(encodeSafetensors(file), "written")).toEqual(file);
  });

  it("takes what Python wrote in float64, and bytes", () => {
    const { tensors } = decodeSafetensors(bytesOf(fixture.double), "python");
    expect(tensors).toEqual([{ name: "x", shape: [1], data: Float64Array.of(1.5) }]);
  });

  it("writes of a view what it shows of its buffer", () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const { tensors } = decodeSafetensors(
      encodeSafetensors({ tensors: [{ name: "x", shape: [2], data }], metadata: {} }),
      "written",
    );
    expect(tensors).toEqual([{ name: "x", shape: [2], data: Float32Array.of(1, 2) }]);
  });

  it("puts wider elements first, so that every tensor is aligned to its own", () => {
    const tensors = [
      { name: "bytes", shape: [3], data: Uint8Array.of(1, 2, 255) },
      { name: "doubles", shape: [2], data: Float64Array.of(-0, 1e300) },
      { name: "floats", shape: [1], data: Float32Array.of(0.1) },
    ];
    const back = decodeSafetensors(encodeSafetensors({ tensors, metadata: {} }), "written").tensors;
    expect(back).toEqual([tensors[1], tensors[2], tensors[0]]);
  });

  it("refuses a header whose length is wrong by any number of bytes", () => {
    const good = encodeSafetensors(file);
    const length = new DataView(good.buffer).getBigUint64(0, true);
    for (let wrong = 1n; wrong <= 16n; wrong++) {
      for (const changed of [length - wrong, length + wrong]) {
        const bytes = good.slice();
        new DataView(bytes.buffer).setBigUint64(0, changed, true);
        expect(() => decodeSafetensors(bytes, "f"), `${changed} for ${length}`).toThrow(FileFormatError);
      }
    }
  });

  it("refuses two tensors of one name, and one of the metadata's", () => {
    const tensor = { shape: [1], data: Float32Array.of(1) };
    for (const names of [["a", "a"], ["__metadata__"]]) {
      const tensors = names.map((name) => ({ name, ...tensor }));
      expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(
        new FileFormatError(`tensor ${names.at(-1)}: there is another of this name`),
      );
    }
  });

  it("refuses elements that do not fill their shape", () => {
    const tensors = [{ name: "x", shape: [2, 2], data: Float32Array.of(1, 2, 3) }];
    expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(
      new FileFormatError("tensor x [2, 2]: 3 elements do not fill it"),
    );
  });

  it("aligns the tensors to eight bytes, as Python's reader asks", () => {
    for (const length of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const bytes = encodeSafetensors({ ...file, metadata: { key: "x".repeat(length) } });
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
    }
  });
});

describe("JSON", () => {
  it("carries the numbers that it lacks", () => {
    const value = { a: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-320, -0], b: Number.NaN, c: "text" };
    expect(parse(stringify(value))).toEqual(value);
  });

  it("keeps the texts that say such a number", () => {
    const texts = ["NaN", "Infinity", "-Infinity", "-0", "~NaN", "~~-0", "~", "NaN~", "", "0"];
    expect(parse(stringify(texts))).toEqual(texts);
  });
});
