// The safetensors format (huggingface.co/docs/safetensors): eight bytes with the length of a JSON header, the header,
// and the tensors' bytes. Everything is little-endian, as WebAssembly memory is.

import { FileFormatError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import {
  type Bytes,
  bytesOf,
  type DataType,
  dataTypeOf,
  dataTypes,
  formatShape,
  type NamedTensor,
} from "../base/spec.ts";

/** What a safetensors file holds. */
export interface TensorFile {
  /** In the order of the file. */
  readonly tensors: readonly NamedTensor[];
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const ALIGNMENT = 8;
/** The one entry of the header that is no tensor. */
const METADATA = "__metadata__";

/** Our name of a data type by the format's. */
const dataTypesOfFormat = new Map<unknown, DataType>(
  Object.entries(dataTypes).map(([name, { safetensors }]) => [safetensors, name as DataType]),
);

/**
 * The bytes of a safetensors file. The tensors lie in the order given, those of wider data types first, so that each is
 * aligned.
 *
 * ```ts
 * const bytes = encodeSafetensors({ tensors: policy.tensors, metadata: { author: "me" } });
 * ```
 * @throws FileFormatError for data that is none of the arrays of float32, int32, uint8 and float64 or does not fit its
 * shape, and for two tensors of one name
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Bytes {
  const entries = new Map<string, Entry | Readonly<Record<string, string>>>([[METADATA, metadata]]);
  const sorted = [...tensors].sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  for (const { name, shape, data } of sorted) {
    const dtype = dataTypeOf(data);
    if (dtype === undefined || bytesOf({ shape, dtype }) !== data.byteLength) {
      throw new FileFormatError(`tensor ${name} ${formatShape(shape)}: ${data.length} elements do not fill it`);
    }
    if (entries.has(name)) throw new FileFormatError(`tensor ${name}: there is another of this name`);
    entries.set(name, { dtype: dataTypes[dtype].safetensors, shape, data_offsets: [end, end + data.byteLength] });
    end += data.byteLength;
  }
  const json = JSON.stringify(Object.fromEntries(entries));
  const text = new TextEncoder().encode(json);
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;

  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  bytes.fill(0x20, 8 + text.length, 8 + headerLength);
  let offset = 8 + headerLength;
  for (const { data } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file; the tensors are copies.
 *
 * ```ts
 * for (const { name, shape, data } of decodeSafetensors(bytes, "policy.safetensors").tensors)
 *   console.log(name, shape, data[0]);
 * ```
 * @param source what the file is called in errors
 * @throws FileFormatError saying what is wrong where
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): TensorFile {
  const fail: (why: string) => never = (why) => {
    throw new FileFormatError(`${source}: ${why}`);
  };
  const kind = Object.prototype.toString.call(bytes).slice(8, -1);
  if (kind !== "Uint8Array") fail(`${kind} is not a Uint8Array`);
  if (bytes.length < 8) fail(`${bytes.length} bytes are too few for a safetensors file`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (headerLength > bytes.length - 8) {
    fail(
      `not a safetensors file, or truncated: it declares a header of ${headerLength} bytes and has ${bytes.length - 8}`,
    );
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const body = bytes.subarray(8 + headerLength);
  const tensors: NamedTensor[] = [];
  const places: Place[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (typeof entry !== "object" || entry === null)
      fail(`${name === METADATA ? name : `tensor ${name}`} is ${entry}, not an object`);
    if (name === METADATA) {
      for (const [key, text] of Object.entries(entry)) {
        if (typeof text !== "string") fail(`${METADATA}: ${key} is ${shown(text)}, not a text`);
      }
      metadata = entry as Readonly<Record<string, string>>;
      continue;
    }
    const { dtype, shape, data_offsets: offsets, ...others } = entry as Entry;
    for (const key of Object.keys(others)) fail(`tensor ${name} has ${key}, which the format does not know`);
    const type = dataTypesOfFormat.get(dtype);
    if (type === undefined) {
      fail(`tensor ${name} is ${dtype}; ${[...dataTypesOfFormat.keys()].join(", ")} can be read`);
    }
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
      fail(`tensor ${name} has no valid shape and offsets`);
    const [start, end] = offsets;
    const needed = bytesOf({ shape, dtype: type });
    if (end - start !== needed) fail(`tensor ${name} ${formatShape(shape)} has ${end - start} bytes, not ${needed}`);
    if (end > body.length) fail(`truncated: tensor ${name} ends at byte ${end} of ${body.length}`);
    // Copied by the constructor: the `slice` of Node's Buffer would be a view.
    tensors.push({ name, shape, data: new dataTypes[type].array(new Uint8Array(body.subarray(start, end)).buffer) });
    places.push({ name, start, end });
  }
  checkPlaces(places, body.length, fail);
  return { tensors, metadata };
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The tensors have to fill the file: a header whose length is wrong would shift every one of them. */
function checkPlaces(places: readonly Place[], length: number, fail: (why: string) => never): void {
  let filled = 0;
  for (const { name, start, end } of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== filled) fail(`tensor ${name} begins at byte ${start}, and what is before it ends at ${filled}`);
    filled = end;
  }
  if (filled !== length) fail(`${length - filled} bytes after the last tensor belong to none`);
}

function parseHeader(text: Uint8Array, fail: (why: string) => never): Record<string, unknown> {
  try {
    // With ignoreBOM a byte order mark, which the format does not allow, stays and is no JSON.
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text));
    if (typeof header === "object" && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Said below: it is not JSON.
  }
  return fail("not a safetensors file: its header is not a JSON object");
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
