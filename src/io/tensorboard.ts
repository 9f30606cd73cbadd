// Event files as TensorBoard reads them: records in TFRecord's framing, each a protobuf message `Event`
// (tensorboard/compat/proto/event.proto and summary.proto), written by hand.

/** CRC-32C (Castagnoli), reflected: the polynomial 0x1edc6f41 with its bits in reverse. */
const REFLECTED = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ REFLECTED : crc >>> 1;
  return crc;
});

/** As TFRecord has it, rotated and shifted, so that a checksum of data with checksums in it is none of theirs. */
function maskedCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Bytes of a record before and after its data: length and its checksum, the data's checksum. */
const [HEAD, TAIL] = [12, 4];

/** length u64, its masked checksum, data, its masked checksum; all little-endian. */
function record(data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEAD + data.length + TAIL);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, HEAD);
  view.setUint32(HEAD + data.length, maskedCrc32c(bytes.subarray(HEAD, HEAD + data.length)), true);
  return bytes;
}

/** What a field of a message is encoded as. */
const [VARINT, DOUBLE, BYTES, FLOAT] = [0, 1, 2, 5];

const tag = (field: number, type: number): number[] => varint(field * 8 + type);

/** Seven bits a byte, low first, all but the last marked. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const lengthPrefixed = (field: number, bytes: ArrayLike<number>): number[] => [
  ...tag(field, BYTES),
  ...varint(bytes.length),
  ...Array.from(bytes),
];

const text = (field: number, value: string): number[] => lengthPrefixed(field, new TextEncoder().encode(value));

function number(field: number, type: typeof DOUBLE | typeof FLOAT, value: number): number[] {
  const view = new DataView(new ArrayBuffer(type === DOUBLE ? 8 : 4));
  if (type === DOUBLE) view.setFloat64(0, value, true);
  else view.setFloat32(0, value, true);
  return [...tag(field, type), ...new Uint8Array(view.buffer)];
}

/** `Event.wall_time` and `Event.step`, of which 0 is not written. */
const eventAt = (wallTime: number, step: number): number[] => [
  ...number(1, DOUBLE, wallTime),
  ...(step === 0 ? [] : [...tag(2, VARINT), ...varint(step)]),
];

/** The record with which a file begins. @param wallTime seconds since 1970 */
export function fileVersion(wallTime: number): Uint8Array {
  return record([...eventAt(wallTime, 0), ...text(3, "brain.Event:2")]);
}

/** The record that says that what was read of this step and later ones before does not hold any more. */
export function sessionStart(wallTime: number, step: number): Uint8Array {
  return record([...eventAt(wallTime, step), ...lengthPrefixed(7, [...tag(1, VARINT), 1])]);
}

/** The record of some scalars of a step, float32 each. @param wallTime seconds since 1970 */
export function scalars(
  wallTime: number,
  step: number,
  values: readonly (readonly [name: string, value: number])[],
): Uint8Array {
  const summary = values.flatMap(([name, value]) => lengthPrefixed(1, [...text(1, name), ...number(2, FLOAT, value)]));
  return record([...eventAt(wallTime, step), ...lengthPrefixed(5, summary)]);
}

/** The steps of a file's records, in order, and where each record ends, up to the first that is not whole. */
export function recordsOf(bytes: Uint8Array): { readonly step: number; readonly end: number }[] {
  const records: { step: number; end: number }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + HEAD + TAIL <= bytes.length; ) {
    const end = start + HEAD + Number(view.getBigUint64(start, true)) + TAIL;
    if (end > bytes.length) break;
    if (maskedCrc32c(bytes.subarray(start, start + 8)) !== view.getUint32(start + 8, true)) break;
    const data = bytes.subarray(start + HEAD, end - TAIL);
    if (maskedCrc32c(data) !== view.getUint32(end - TAIL, true)) break;
    records.push({ step: stepOf(data), end });
    start = end;
  }
  return records;
}

/** Of an event whose time and step come first, as writers of protobuf have them. */
function stepOf(data: Uint8Array): number {
  let place = 9;
  if (data[place++] !== tag(2, VARINT)[0]) return 0;
  let [step, weight] = [0, 1];
  for (let byte = 128; byte >= 128; weight *= 128) {
    byte = data[place++] ?? 0;
    step += (byte % 128) * weight;
  }
  return step;
}
