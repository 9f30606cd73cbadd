// What a file of this library says of itself, as JSON in the metadata of its tensors: which kind of file it is, and all
// that is no tensor.

import { FileFormatError } from "../base/errors.ts";
import { parse, stringify } from "../io/json.ts";

/** Of each format the version that is written, and the oldest that is read. */
const formats = {
  policy: { version: 2, oldest: 1 },
  checkpoint: { version: 2, oldest: 2 },
} as const;

/** The kinds of files. */
export type Format = keyof typeof formats;

type Metadata = Readonly<Record<string, string>>;

/** The metadata of a file of this format. */
export function writeMetadata(format: Format, contents: object): Metadata {
  return { proximal: stringify({ format, version: formats[format].version, ...contents }) };
}

/**
 * What `writeMetadata` was given, and the version in which.
 * @throws FileFormatError for a file that does not describe itself as of this format, in a version that can be read
 */
export function readMetadata(
  format: Format,
  metadata: Metadata,
): { readonly version: number; readonly contents: Readonly<Record<string, unknown>> } {
  const { format: found, version, ...contents } = parseObject(metadata.proximal);
  const { version: newest, oldest } = formats[format];
  if (found !== format) throw new FileFormatError(`not a ${format} of proximal (format ${found ?? "unknown"})`);
  if (!Number.isSafeInteger(version) || (version as number) < oldest || (version as number) > newest) {
    const readable = oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
    throw new FileFormatError(`a ${format} of version ${version}; this version of proximal reads ${readable}`);
  }
  return { version: version as number, contents };
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(parse(text ?? "{}"));
  } catch {
    return {};
  }
}
