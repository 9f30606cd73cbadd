// Messages as protobuf.dev/programming-guides/encoding writes them, and numbers at the ends of their ranges as the
// Python package of protobuf does.

import { expect, it } from "vitest";
import { bytes, type Fields, joined, message, text, varint } from "../../src/io/protobuf.ts";

const hex = (...fields: Fields[]) =>
  Array.from(joined(...fields), (byte) => byte.toString(16).padStart(2, "0")).join("");

it("writes the messages of the encoding guide", () => {
  expect(hex(varint(1, 150))).toBe("089601");
  expect(hex(text(2, "testing"))).toBe("120774657374696e67");
  expect(hex(message(3, varint(1, 150)))).toBe("1a03089601");
  expect(hex(text(4, "hello"), varint(5, 1), varint(5, 2), varint(5, 3))).toBe("220568656c6c6f280128022803");
});

it.each([
  [0, "0800"],
  [127, "087f"],
  [128, "088001"],
  [2 ** 31, "088080808008"],
  [Number.MAX_SAFE_INTEGER, "08ffffffffffffff0f"],
  [-1, "08ffffffffffffffffff01"],
  [-(2 ** 31), "0880808080f8ffffffff01"],
  [2n ** 63n - 1n, "08ffffffffffffffff7f"],
  [-(2n ** 63n), "0880808080808080808001"],
])("writes the integer %s", (value, expected) => {
  expect(hex(varint(1, value))).toBe(expected);
});

it("writes numbers of fields beyond 15 in more than a byte, and lengths beyond 127 as well", () => {
  expect(hex(varint(16, 1))).toBe("800101");
  expect(hex(varint(536870911, 0))).toBe("f8ffffff0f00");
  expect(hex(text(1, "x".repeat(200)))).toBe(`0ac801${"78".repeat(200)}`);
  expect(hex(message(2, message(3, message(4))))).toBe("12041a022200");
});

it("writes texts as UTF-8, bytes as they are, and a message of no fields as no bytes", () => {
  expect(hex(text(1, "π"))).toBe("0a02cf80");
  expect(hex(text(1, ""))).toBe("0a00");
  expect(hex(bytes(9, Uint8Array.of(0, 255)))).toBe("4a0200ff");
  expect(joined()).toEqual(new Uint8Array());
});
