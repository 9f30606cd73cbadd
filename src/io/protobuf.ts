// Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as it takes to write them. A message is its
// fields one after the other, and a field is a tag, which says its number and how its value is written, and the value.
// A repeated field is written once for each of its elements.

import type { Bytes } from "../base/spec.ts";

/** A field or several, in pieces: what is nested is not copied before `joined` does. */
export type Fields = readonly Uint8Array[];

/** How a value is written. */
const [VARINT, DELIMITED] = [0, 2];

/** An int64, uint64, int32, uint32, enum or bool. */
export function varint(field: number, value: number | bigint): Fields {
  return [tag(field, VARINT), base128(value)];
}

/** A string. */
export function text(field: number, value: string): Fields {
  return bytes(field, new TextEncoder().encode(value));
}

/** Bytes, which have to stay as they are until they have been joined. */
export function bytes(field: number, value: Uint8Array): Fields {
  return message(field, [value]);
}

/** A message of these fields. */
export function message(field: number, ...fields: readonly Fields[]): Fields {
  const pieces = fields.flat();
  return [tag(field, DELIMITED), base128(lengthOf(pieces)), ...pieces];
}

/** The bytes of a message of these fields, which no field of another holds. */
export function joined(...fields: readonly Fields[]): Bytes {
  const pieces = fields.flat();
  const whole = new Uint8Array(lengthOf(pieces));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function lengthOf(pieces: Fields): number {
  return pieces.reduce((total, { length }) => total + length, 0);
}

function tag(field: number, how: number): Uint8Array {
  return base128(field * 8 + how);
}

/** Seven bits a byte, the least first; a number below zero as the uint64 with the same bits. */
function base128(value: number | bigint): Uint8Array {
  const septets: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    septets.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.of(...septets, Number(rest));
}
