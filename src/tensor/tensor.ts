// A tensor is a shape over a place in linear memory. Where that place is may be settled later: while a program is captured its tensors have
// no address yet, and layout.ts gives them one.

import type { Engine } from "../engine/engine.ts";
import { ShapeError } from "../engine/errors.ts";

/** Sizes, outermost first, as in `[batch, features]`; `[]` is a scalar. */
export type Shape = readonly number[];
export type DataType = "float32" | "int32";
export type DataOf<D extends DataType> = D extends "float32" ? Float32Array : Int32Array;

/** A stretch of linear memory, shared by a tensor and its reshaped views. */
export class Storage {
  readonly bytes: number;
  #address: number | undefined;
  #owner: object | undefined;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** Undefined until it is placed. */
  get address(): number | undefined {
    return this.#address;
  }

  /** Settles where it lies. The memory there lives as long as `owner`, which the storage keeps alive. */
  place(address: number, owner: object): void {
    this.#address = address;
    this.#owner = owner;
  }

  /** What its memory lives as long as. */
  get owner(): object | undefined {
    return this.#owner;
  }
}

export class Tensor<D extends DataType = "float32"> {
  readonly engine: Engine;
  readonly shape: Shape;
  readonly dtype: D;
  /** The number of elements. */
  readonly size: number;
  readonly storage: Storage;
  /** Whether a derivative flows through it to a parameter. */
  readonly requiresGradient: boolean;
  #view: DataOf<D> | undefined;

  constructor(engine: Engine, shape: Shape, dtype: D, options: { storage?: Storage; requiresGradient?: boolean } = {}) {
    for (const size of shape) {
      if (!Number.isInteger(size) || size < 0)
        throw new ShapeError(`shape ${formatShape(shape)}: sizes are integers of 0 or more`);
    }
    this.engine = engine;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.storage = options.storage ?? new Storage(this.size * 4);
    this.requiresGradient = options.requiresGradient ?? false;
  }

  /** Where its elements begin in linear memory, in bytes. */
  get address(): number {
    const { address } = this.storage;
    if (address === undefined) {
      throw new ShapeError(
        `tensor ${formatShape(this.shape)}: it has no elements before its program is captured; return it as an output`,
      );
    }
    return address;
  }

  /** Its elements in linear memory, row by row; a view that is made again when the memory has grown, so do not keep it. */
  get data(): DataOf<D> {
    if (this.#view === undefined || this.#view.buffer !== this.engine.memory.buffer) {
      const { engine, address, size } = this;
      this.#view = (
        this.dtype === "float32" ? engine.float32(address, size) : engine.int32(address, size)
      ) as DataOf<D>;
    }
    return this.#view;
  }

  /** Copies `values`, one for each element, in row order. */
  set(values: ArrayLike<number>): this {
    if (values.length !== this.size) {
      throw new ShapeError(`set: ${values.length} values for a tensor ${formatShape(this.shape)} of ${this.size}`);
    }
    this.data.set(values);
    return this;
  }

  /** Copies as many elements of `source` as it has itself, from element `start` on. Allocates nothing. */
  copyFrom(source: Tensor<D>, start = 0): this {
    if (source.dtype !== this.dtype || start < 0 || start + this.size > source.size) {
      throw new ShapeError(
        `copyFrom: elements ${start} to ${start + this.size} of a ${source.dtype} tensor ${formatShape(source.shape)} into ${this.dtype}`,
      );
    }
    this.engine.kernels.copy(this.address, source.address + 4 * start, this.size);
    return this;
  }

  /** The one element of a tensor of size 1. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: a tensor ${formatShape(this.shape)} has ${this.size} elements, not 1`);
    return this.data[0] as number;
  }
}

/** A tensor of zeros that outlives programs: a rollout buffer, say. Its memory goes when it is collected. */
export function zeros<D extends DataType = "float32">(engine: Engine, shape: Shape, dtype?: D): Tensor<D> {
  const storage = new Storage(sizeOf(shape) * 4);
  storage.place(engine.allocate(storage.bytes, storage), storage);
  return new Tensor(engine, shape, dtype ?? ("float32" as D), { storage });
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
