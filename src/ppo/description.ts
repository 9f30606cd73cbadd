// What a file of this library says of itself, as JSON in the metadata of its tensors: which kind of file it is, and all that is no tensor.

import { FileFormatError } from "../engine/errors.ts";
import { parse, stringify } from "../io/json.ts";

type Format = "policy" | "checkpoint";
type Metadata = Readonly<Record<string, string>>;

/** Of all formats; a file of another version is refused. */
const VERSION = 1;

export function describeFile(format: Format, contents: object): Metadata {
  return { proximal: stringify({ format, version: VERSION, ...contents }) };
}

/** @throws FileFormatError for a file that does not describe itself as of this format and version */
export function readDescription<T>(format: Format, metadata: Metadata, source: string): T {
  const description = parseObject(metadata.proximal);
  if (description.format === format && description.version === VERSION) return description as T;
  const found = `format ${description.format ?? "unknown"}, version ${description.version ?? "unknown"}`;
  throw new FileFormatError(`${source}: not a ${format} of proximal (${found})`);
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(parse(text ?? "{}"));
  } catch {
    return {};
  }
}
