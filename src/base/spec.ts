// What an array is before it has elements: its shape and its data type. Tensors, the inputs of programs, spaces,
// rollouts and files all say it in these words.

/**
 * Of each data type: the array that holds it in JavaScript, the bytes of an element, whether it holds whole numbers
 * only, and what safetensors files call it.
 */
export const dataTypes = {
  float32: { array: Float32Array, bytes: 4, isWhole: false, safetensors: "F32" },
  int32: { array: Int32Array, bytes: 4, isWhole: true, safetensors: "I32" },
  uint8: { array: Uint8Array, bytes: 1, isWhole: true, safetensors: "U8" },
  float64: { array: Float64Array, bytes: 8, isWhole: false, safetensors: "F64" },
} as const;

/** The name of a data type. */
export type DataType = keyof typeof dataTypes;

/** The JavaScript array of a data type. */
export type DataOf<D extends DataType = DataType> = {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
  readonly float64: Float64Array;
}[D];

/** `Uint8Array<ArrayBuffer>`, which TypeScript before 5.7 calls `Uint8Array`: bytes that a `Blob` or a file takes. */
export type Bytes = ReturnType<Uint8ArrayConstructor["from"]>;

/** Sizes, outermost first, as in `[batch, features]`; `[]` is a scalar. */
export type Shape = readonly number[];

/** The shape and the data type of an array. */
export interface Spec<D extends DataType = DataType> {
  /** Its sizes, outermost first. */
  readonly shape: Shape;
  /** The data type of its elements. */
  readonly dtype: D;
}

/** A float32 array of this shape; a scalar unless given. */
export function float32(shape: Shape = []): Spec<"float32"> {
  return { shape, dtype: "float32" };
}

/** An int32 array of this shape, as of indices or discrete actions; a scalar unless given. */
export function int32(shape: Shape = []): Spec<"int32"> {
  return { shape, dtype: "int32" };
}

/** An array of bytes of this shape, as of flags or pixels; a scalar unless given. */
export function uint8(shape: Shape = []): Spec<"uint8"> {
  return { shape, dtype: "uint8" };
}

/** A float64 array of this shape; a scalar unless given. */
export function float64(shape: Shape = []): Spec<"float64"> {
  return { shape, dtype: "float64" };
}

/** An array with a name and a shape, as files hold it. */
export interface NamedTensor<D extends DataType = DataType> {
  /** What it is called in a file. */
  readonly name: string;
  /** Its sizes, outermost first. */
  readonly shape: Shape;
  /** Its elements in row order. */
  readonly data: DataOf<D>;
}

/** As many of `spec` as `sizes` says, in front of its own shape: a batch of actions, a rollout of observations. */
export function batchOf<D extends DataType>(sizes: Shape, { shape, dtype }: Spec<D>): Spec<D> {
  return { shape: [...sizes, ...shape], dtype };
}

/** A new JavaScript array of zeros. */
export function newArray<D extends DataType>({ shape, dtype }: Spec<D>): DataOf<D> {
  return new dataTypes[dtype].array(sizeOf(shape)) as DataOf<D>;
}

/**
 * The data type of a JavaScript array; undefined for what is none of the arrays above, also where it comes from another
 * realm.
 */
export function dataTypeOf(data: unknown): DataType | undefined {
  return dataTypeNames.get(tagOf.call(data));
}

/** Says of any value what kind of typed array it is, wherever it was made, and allocates nothing. */
const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as () => string | undefined;

const dataTypeNames = new Map<string | undefined, DataType>(
  Object.entries(dataTypes).map(([name, { array }]) => [array.name, name as DataType]),
);

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The bytes of an array. */
export function bytesOf({ shape, dtype }: Spec): number {
  return sizeOf(shape) * dataTypes[dtype].bytes;
}

/** Whether two lists of numbers, shapes among them, are equal. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** The place of the first number that is not finite; -1 where all are. */
export function nonFiniteIn(numbers: ArrayLike<number>): number {
  for (let index = 0; index < numbers.length; index++) if (!Number.isFinite(numbers[index])) return index;
  return -1;
}

/** The place of the first number that an array could not hold as it was given; -1 where it holds all. */
export function changedIn(array: DataOf, given: ArrayLike<number>): number {
  return array.findIndex((number: number, index: number) => number !== given[index]);
}

/** `[64, 4]` */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** `[64, 4]`, and the data type before it where that is not float32, as in `int32 [64]` */
export function formatSpec({ shape, dtype }: Spec): string {
  return dtype === "float32" ? formatShape(shape) : `${dtype} ${formatShape(shape)}`;
}
