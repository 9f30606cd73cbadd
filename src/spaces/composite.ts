// Spaces that are made of others: what an environment shows beside what else it shows. Both are for observations only.

import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { anyState, shown } from "../base/ranges.ts";
import { type DataOf, float32, type Spec, sizeOf } from "../base/spec.ts";
import { fields, within } from "../base/state.ts";
import type { PCG64 } from "../engine/random.ts";
import { KnownSpace, type ObservationSpace, type SpaceJSON, type Violation } from "./space.ts";

/** How many spaces may be within one another. */
export const DEEPEST = 32;

/** A space that another is made of. */
interface Part {
  /** By which it is found in an element. */
  readonly key: string | number;
  /** What that part of an element belongs to. */
  readonly space: ObservationSpace;
  /** Where it begins in the flat form. */
  readonly offset: number;
}

/** What a Dict and a Tuple have in common. */
abstract class Composite<Element> extends KnownSpace implements ObservationSpace {
  abstract readonly type: string;
  readonly flat: Spec<"float32">;
  /** In the order of the flat form. */
  readonly parts: readonly Part[];
  readonly #depth: number;

  /** @throws ConfigurationError for a part that is no space, or is made of too many within one another */
  constructor(name: string, entries: readonly (readonly [string | number, ObservationSpace])[]) {
    super();
    let size = 0;
    let depth = 0;
    this.parts = entries.map(([key, space]) => {
      if (typeof Object(space).flatten !== "function")
        throw new ConfigurationError(`${name}${pathOf(key)}: ${shown(space)} is no space`);
      const offset = size;
      size += sizeOf(space.flat.shape);
      if (space instanceof Composite) depth = Math.max(depth, space.#depth);
      return { key, space, offset };
    });
    this.flat = float32([size]);
    this.#depth = depth + 1;
    if (depth < DEEPEST) return;
    throw new ConfigurationError(`${name}: there are more than ${DEEPEST} spaces within one another`);
  }

  /** What is wrong with the keys of what has to be an element. */
  protected abstract mismatch(x: unknown): Violation | undefined;

  /** An element of what is made for each part. */
  protected abstract map<T>(make: (space: ObservationSpace) => T): unknown;

  contains(x: unknown): boolean {
    if (this.mismatch(x) !== undefined) return false;
    return this.parts.every(({ key, space }) => space.contains((x as Element)[key as keyof Element]));
  }

  flatten(observation: unknown, into: DataOf, offset = 0): Violation | undefined {
    const mismatch = this.mismatch(observation);
    if (mismatch !== undefined) return mismatch;
    for (const part of this.parts) {
      const value = (observation as Element)[part.key as keyof Element];
      const violation = part.space.flatten(value, into, offset + part.offset);
      if (violation !== undefined) return { ...violation, at: `${pathOf(part.key)}${violation.at}` };
    }
    return undefined;
  }

  empty(): Element {
    return this.map((space) => space.empty()) as Element;
  }

  sample(rng: PCG64): Element {
    return this.map((space) => space.sample(rng)) as Element;
  }

  equals(other: ObservationSpace): boolean {
    if (!(other instanceof Composite) || other.type !== this.type) return false;
    const { parts } = other as Composite<unknown>;
    if (parts.length !== this.parts.length) return false;
    return this.parts.every(({ key, space }, index) => {
      const part = parts[index] as Part;
      return part.key === key && space.equals(part.space);
    });
  }

  toJSON(): SpaceJSON {
    return { type: this.type, spaces: this.map((space) => space.toJSON()) };
  }
}

/**
 * Objects with a part for each of several names, as in `{ position: Float32Array, goal: number }`. The names are sorted
 * by their code points, as Gymnasium does, and the parts of the flat form stand in this order.
 */
export class Dict extends Composite<Readonly<Record<string, unknown>>> {
  readonly type = "Dict";
  /** By name, in any order: an object begins with names that are integers. */
  readonly spaces: Readonly<Record<string, ObservationSpace>>;

  /** @throws ConfigurationError for what is no object of spaces, or of too many within one another */
  constructor(spaces: Readonly<Record<string, ObservationSpace>>) {
    if (typeof spaces !== "object" || spaces === null || Array.isArray(spaces))
      throw new ConfigurationError(`Dict: ${shown(spaces)} is not an object of spaces`);
    super(
      "Dict",
      Object.entries(spaces).sort(([a], [b]) => (codePoints(a) < codePoints(b) ? -1 : 1)),
    );
    this.spaces = Object.freeze({ ...spaces });
  }

  override toString(): string {
    return `Dict(${this.parts.map(({ key, space }) => `${key}: ${space}`).join(", ")})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON, partOf: (json: unknown) => ObservationSpace): Dict {
    const { spaces } = fields(json, { type: anyState, spaces: anyState });
    if (typeof spaces !== "object" || spaces === null || Array.isArray(spaces))
      throw new FileFormatError(`spaces: ${shown(spaces)} is not an object of spaces`);
    const read = ([key, part]: [string, unknown]) => [key, within(`spaces${pathOf(key)}`, () => partOf(part))] as const;
    return new Dict(Object.fromEntries(Object.entries(spaces).map(read)));
  }

  protected mismatch(x: unknown): Violation | undefined {
    if (typeof x !== "object" || x === null || Array.isArray(x))
      return { at: "", value: x, expected: `an object of ${this.#names}` };
    // What lacks a part shows undefined in its place, which no space contains.
    let count = 0;
    for (const _ in x) count++;
    if (count <= this.parts.length) return undefined;
    const other = Object.keys(x).find((name) => !Object.hasOwn(this.spaces, name));
    if (other === undefined) return undefined;
    const value = (x as Readonly<Record<string, unknown>>)[other];
    return { at: pathOf(other), value, expected: `left out: there are ${this.#names}` };
  }

  protected map<T>(make: (space: ObservationSpace) => T): Readonly<Record<string, T>> {
    return Object.fromEntries(this.parts.map(({ key, space }) => [key, make(space)]));
  }

  get #names(): string {
    return this.parts.map(({ key }) => key).join(", ");
  }
}

/** Lists of one part for each of several spaces, in their order. */
export class Tuple extends Composite<readonly unknown[]> {
  readonly type = "Tuple";
  /** In order. */
  readonly spaces: readonly ObservationSpace[];

  /** @throws ConfigurationError for what is no list of spaces, or of too many within one another */
  constructor(spaces: readonly ObservationSpace[]) {
    if (!Array.isArray(spaces)) throw new ConfigurationError(`Tuple: ${shown(spaces)} is not a list of spaces`);
    super("Tuple", [...spaces.entries()]);
    this.spaces = Object.freeze([...spaces]);
  }

  override toString(): string {
    return `Tuple(${this.spaces.join(", ")})`;
  }

  /** @throws FileFormatError or ConfigurationError for what `toJSON` did not give */
  static fromJSON(json: SpaceJSON, partOf: (json: unknown) => ObservationSpace): Tuple {
    const { spaces } = fields(json, { type: anyState, spaces: anyState });
    if (!Array.isArray(spaces)) throw new FileFormatError(`spaces: ${shown(spaces)} is not a list of spaces`);
    return new Tuple(spaces.map((part, index) => within(`spaces[${index}]`, () => partOf(part))));
  }

  protected mismatch(x: unknown): Violation | undefined {
    if (typeof x === "object" && (x as ArrayLike<unknown> | null)?.length === this.parts.length) return undefined;
    return { at: "", value: x, expected: `a list of ${this.parts.length}` };
  }

  protected map<T>(make: (space: ObservationSpace) => T): readonly T[] {
    return this.spaces.map(make);
  }
}

/** `[2]`, `.position` or `["a name"]` */
function pathOf(key: string | number): string {
  return typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** What compares as Python does; texts of JavaScript compare by halves of surrogate pairs. */
function codePoints(text: string): string {
  return Array.from(text, (point) => (point.codePointAt(0) as number).toString(16).padStart(6, "0")).join("");
}
