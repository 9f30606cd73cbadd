// States in files: what is no array becomes JSON, and every array a tensor, named by the place where it stood. Each
// keeps all of its bits.

import { FileFormatError, UnsupportedError } from "../base/errors.ts";
import { type DataOf, type DataType, dataTypeOf, type NamedTensor, type Shape, sizeOf } from "../base/spec.ts";

/** A state taken apart. */
export interface SplitState {
  /** What JSON can hold; in the place of each array stands which tensor it is. */
  readonly json: unknown;
  readonly tensors: readonly NamedTensor[];
}

/**
 * What stands in the place of a typed array, and of one with a shape, `{ shape, data }`. Its value is the tensor's
 * name.
 */
const [ARRAY, TENSOR] = ["$array", "$tensor"] as const;

/**
 * Takes a state apart.
 * @throws UnsupportedError naming the place of what cannot be kept in a file
 */
export function splitState(state: unknown): SplitState {
  const tensors: NamedTensor[] = [];
  const names = new Set<string>();
  /** Two places may have one path, where a field's own name has a dot. */
  const nameFor = (path: string): string => {
    if (names.has(path)) return nameFor(`${path}'`);
    names.add(path);
    return path;
  };
  const split = (value: unknown, path: string, around: readonly unknown[]): unknown => {
    if (around.includes(value)) throw new UnsupportedError(`state: ${path} lies in itself`);
    if (dataTypeOf(value) !== undefined) {
      const data = value as DataOf<DataType>;
      const name = nameFor(path);
      tensors.push({ name, shape: [data.length], data });
      return { [ARRAY]: name };
    }
    if (isTensor(value)) {
      const name = nameFor(path);
      tensors.push({ name, shape: value.shape, data: value.data });
      return { [TENSOR]: name };
    }
    const inside = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
    const deeper = [...around, value];
    if (Array.isArray(value)) return value.map((member, index) => split(member, inside(index), deeper));
    if (isPlainObject(value)) {
      const [key, ...others] = Object.keys(value);
      if ((key === ARRAY || key === TENSOR) && others.length === 0)
        throw new UnsupportedError(`state: ${path} has ${key} alone, which stands for an array in files`);
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, split(member, inside(key), deeper)]),
      );
    }
    if (value === null || ["boolean", "number", "string"].includes(typeof value)) return value;
    const what = typeof value === "object" ? value.constructor?.name : typeof value;
    throw new UnsupportedError(
      `state: ${path} is of type ${what}; it has to be made of numbers, texts, booleans, null, lists, plain objects and arrays of float32, int32, uint8 or float64`,
    );
  };
  return { json: split(state, "", []), tensors };
}

/**
 * Puts a state together again.
 * @throws FileFormatError where a tensor is missing, or is there and belongs nowhere
 */
export function joinState({ json, tensors }: SplitState): unknown {
  const rest = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const take = (name: unknown): NamedTensor => {
    const tensor = rest.get(name as string);
    if (tensor === undefined) throw new FileFormatError(`tensor ${name} is missing`);
    rest.delete(tensor.name);
    return tensor;
  };
  const join = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(join);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [[key, name] = []] = entries;
    if (entries.length === 1 && key === ARRAY) return take(name).data;
    if (entries.length === 1 && key === TENSOR) {
      const { shape, data } = take(name);
      return { shape, data };
    }
    return Object.fromEntries(entries.map(([key, member]) => [key, join(member)]));
  };
  const state = join(json);
  for (const name of rest.keys()) throw new FileFormatError(`tensor ${name} belongs to nothing in the state`);
  return state;
}

function isTensor(value: unknown): value is { readonly shape: Shape; readonly data: DataOf<DataType> } {
  const { shape, data, ...others } = Object(value) as { readonly shape?: unknown; readonly data?: unknown };
  if (!Array.isArray(shape) || dataTypeOf(data) === undefined || Object.keys(others).length > 0) return false;
  const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  return isShape && sizeOf(shape) === (data as DataOf<DataType>).length;
}

/** Also of another realm, whose Object is not ours. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
