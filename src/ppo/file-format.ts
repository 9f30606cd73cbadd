// What a file of this library says of itself: which kind of file it is, in which version, and all that is no tensor. A
// file of tensors has it as JSON in its metadata, with a digest by which a flipped bit is found.

import { FileFormatError } from "../base/errors.ts";
import { type Bytes, dataTypeOf, type NamedTensor } from "../base/spec.ts";
import { within } from "../base/state.ts";
import { parse, stringify } from "../io/json.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import { sha256, sha256OfEngine } from "../io/sha256.ts";

/** Of each format the version that is written, and the oldest that is read. */
const formats = {
  policy: { version: 3, oldest: 1 },
  checkpoint: { version: 4, oldest: 4 },
  run: { version: 2, oldest: 2 },
  result: { version: 1, oldest: 1 },
  summary: { version: 1, oldest: 1 },
} as const;

/** The kinds of files. */
export type Format = keyof typeof formats;

/** What a file was read as. */
export interface Contents {
  /** Of its format. */
  readonly version: number;
  /** What it was made of. */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** `contents`, with what they are of. */
export function stamped(format: Format, contents: object): object {
  return { format, version: formats[format].version, ...contents };
}

/**
 * What `stamped` was given.
 * @throws FileFormatError for what does not describe itself as of this format, in a version that can be read
 */
export function unstamped(format: Format, saved: unknown): Contents {
  const { format: found, version, ...contents } = Object(saved) as Readonly<Record<string, unknown>>;
  const { version: newest, oldest } = formats[format];
  if (found !== format) throw new FileFormatError(`not a ${format} of proximal (format ${found ?? "unknown"})`);
  if (!Number.isSafeInteger(version) || (version as number) < oldest || (version as number) > newest) {
    const readable = oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
    throw new FileFormatError(`a ${format} of version ${version}; this version of proximal reads ${readable}`);
  }
  return { version: version as number, contents };
}

/** The bytes of a safetensors file with these contents and tensors. */
export function encodeFile(format: Format, contents: object, tensors: readonly NamedTensor[]): Bytes {
  const proximal = stringify(stamped(format, contents));
  return encodeSafetensors({ tensors, metadata: { proximal, sha256: sha256(meaning(proximal, tensors)) } });
}

/** The bytes of a file that is given by its path, or as they are; and what they are called in errors. */
export async function bytesOf(
  format: Format,
  file: string | Uint8Array,
): Promise<{ bytes: Uint8Array; source: string }> {
  if (typeof file !== "string") return { bytes: file, source: format };
  const { readFile } = await import("../io/files.ts");
  return { bytes: await readFile(file), source: file };
}

/**
 * Reads what `encodeFile` gave. A file without a digest, as of an older version or from Python, is taken as it is.
 * @param source what the file is called in errors
 * @throws FileFormatError
 */
export async function decodeFile(
  format: Format,
  bytes: Uint8Array,
  source: string,
): Promise<Contents & { readonly tensors: readonly NamedTensor[] }> {
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  const { proximal = "{}", sha256: expected } = metadata;
  const digest = expected === undefined ? expected : await sha256OfEngine(meaning(proximal, tensors));
  return within(source, () => {
    const read = unstamped(format, parsed(proximal));
    if (digest !== undefined && digest !== expected)
      throw new FileFormatError(
        "damaged, or changed by another program: its contents are not those of the sha256 in its metadata",
      );
    return { ...read, tensors };
  });
}

/** All that a file says, in whichever order it holds its tensors. */
function meaning(proximal: string, tensors: readonly NamedTensor[]): Uint8Array[] {
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    text(proximal),
    ...sorted.flatMap(({ name, shape, data }) => [
      text([name, dataTypeOf(data), shape]),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ]),
  ];
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
