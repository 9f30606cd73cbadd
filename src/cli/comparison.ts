// What a run left, held against the same training done again: the first thing that differs, by its name and with both
// values.

import { FileFormatError } from "../base/errors.ts";
import { type NamedTensor, sameNumbers } from "../base/spec.ts";
import { readFile } from "../io/files.ts";
import { decodeSafetensors } from "../io/safetensors.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { encodeLine, type Lines, published } from "./metrics-file.ts";
import type { Outcome } from "./result.ts";
import { type RunFolder, runFiles } from "./run-folder.ts";

/** The first thing that is not the same. */
export interface Difference {
  readonly file: string;
  readonly iteration: number;
  /** A field, a parameter and its index, or what else it is called. */
  readonly place: string;
  /** What the run has there, and what the training has that was done again. */
  readonly saved: string;
  readonly again: string;
}

const MISSING = "missing";

/** The lines of a file of a run. */
export class SavedLines {
  readonly #file: string;
  readonly #texts: readonly string[];
  /** Of lines that were thinned, where each is, by its iteration. */
  readonly #places: ReadonlyMap<number, number> | undefined;
  /** Whether what follows them was being written when the run was stopped. */
  readonly isCutShort: boolean;

  /** @param isThinned whether only some iterations have lines, with some of their figures */
  constructor(folder: RunFolder, kind: keyof Lines, isThinned = false) {
    const texts = folder.readText(kind).split("\n");
    this.#file = runFiles[kind];
    this.isCutShort = texts.pop() !== "";
    this.#texts = texts;
    if (isThinned) this.#places = new Map(texts.map((text, index) => [iterationIn(text), index]));
  }

  get length(): number {
    return this.#texts.length;
  }

  /** The last iteration that has a line, where each has one; as far as it can be read, where some have. */
  get lastIteration(): number {
    return this.#places === undefined ? this.length : iterationIn(this.#texts.at(-1) ?? "");
  }

  /** How the line at this index, from 0 on, differs from one that was written again. */
  compare(index: number, again: Lines[keyof Lines]): Difference | undefined {
    const text = this.#texts[this.#places === undefined ? index : (this.#places.get(again.iteration) ?? -1)];
    if (this.#places !== undefined && text === undefined) return undefined;
    const expected = encodeLine(this.#places === undefined ? again : published(again as Iteration)).trimEnd();
    if (text === expected) return undefined;
    const differ = (place: string, saved: string, again: string) => ({
      ...{ file: this.#file, iteration: JSON.parse(expected).iteration as number },
      ...{ place, saved, again },
    });
    if (text === undefined) return differ("line", MISSING, "there");
    const fields = fieldsOf(text);
    const known = fieldsOf(expected) as Map<string, string>;
    for (const name of fields === undefined ? [] : [...known.keys(), ...fields.keys()]) {
      const [saved = MISSING, same = MISSING] = [fields?.get(name), known.get(name)];
      if (saved !== same) return differ(name, saved, same);
    }
    return differ("line", text, expected);
  }
}

/** That of a line; 0 of what is none. */
function iterationIn(text: string): number {
  return Number(fieldsOf(text)?.get("iteration") ?? 0);
}

/** The fields of an object in JSON, each as JSON; undefined of what is none. */
function fieldsOf(text: string): Map<string, string> | undefined {
  try {
    return new Map(Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, JSON.stringify(value)]));
  } catch {
    return undefined;
  }
}

/** How what a run came to differs from what it comes to when it is trained again, but for the time that it took. */
export function compareResults(iteration: number, saved: Outcome, again: Outcome): Difference | undefined {
  for (const [name, value] of Object.entries(again)) {
    const [text, expected] = [JSON.stringify(saved[name as keyof Outcome]) ?? MISSING, JSON.stringify(value)];
    if (text !== expected) return { file: runFiles.result, iteration, place: name, saved: text, again: expected };
  }
  return undefined;
}

/** The bytes of a file of tensors of a run. */
export class SavedTensors {
  readonly #file: string;
  readonly bytes: Uint8Array;
  readonly #tensors: readonly NamedTensor[] | undefined;
  readonly #wrong: string | undefined;

  private constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.bytes = bytes;
    try {
      this.#tensors = decodeSafetensors(bytes, "it").tensors;
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      this.#wrong = error.message;
    }
  }

  /** Undefined where there is none. */
  static async in(folder: RunFolder, kind: "policy" | "best" | "checkpoint"): Promise<SavedTensors | undefined> {
    if (!folder.has(kind)) return undefined;
    const bytes = await readFile(folder.file(kind));
    // As a Uint8Array, which Node's own buffers are a kind of.
    return new SavedTensors(runFiles[kind], new Uint8Array(bytes));
  }

  /** Whether it has these numbers, in whichever file. */
  has(tensors: readonly NamedTensor[]): boolean {
    return this.#tensors !== undefined && differing(this.#tensors, tensors) === undefined;
  }

  /**
   * How it differs from a file that was written again, after so many iterations.
   * @param tensorsOnly whether what else they say may differ
   */
  compare(iteration: number, bytes: Uint8Array, tensorsOnly = false): Difference | undefined {
    if (Buffer.compare(this.bytes, bytes) === 0) return undefined;
    const differ = (place: string, saved: string, again: string) => ({
      file: this.#file,
      iteration,
      place,
      saved,
      again,
    });
    if (this.#tensors === undefined) return differ("file", this.#wrong as string, "a whole file");
    const found = differing(this.#tensors, decodeSafetensors(bytes, this.#file).tensors);
    if (found !== undefined) return differ(found.place, found.saved, found.again);
    if (tensorsOnly) return undefined;
    return differ("metadata", "other", "that of the training");
  }
}

/** The first number, or tensor, in which they differ. */
function differing(
  saved: readonly NamedTensor[],
  again: readonly NamedTensor[],
): Pick<Difference, "place" | "saved" | "again"> | undefined {
  const others = new Map(saved.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape, data } of again) {
    const other = others.get(name);
    others.delete(name);
    if (other === undefined) return { place: name, saved: MISSING, again: `[${shape}]` };
    if (!sameNumbers(other.shape, shape) || other.data.constructor !== data.constructor)
      return { place: name, saved: `[${other.shape}]`, again: `[${shape}]` };
    const [a, b] = [other.data, data].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ) as [Uint8Array, Uint8Array];
    const byte = a.findIndex((value, index) => value !== b[index]);
    if (byte < 0) continue;
    const index = Math.floor(byte / data.BYTES_PER_ELEMENT);
    return { place: `${name}[${index}]`, saved: String(other.data[index]), again: String(data[index]) };
  }
  const [more] = others.keys();
  return more === undefined ? undefined : { place: more, saved: "there", again: MISSING };
}
