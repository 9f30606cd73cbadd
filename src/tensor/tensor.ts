// A tensor is a shape and a data type over a place in linear memory. Where that place is may be settled later: while a
// program is captured its tensors have no address yet, and layout.ts gives them one.

import { ShapeError } from "../base/errors.ts";
import {
  bytesOf,
  type DataOf,
  type DataType,
  dataTypes,
  formatShape,
  formatSpec,
  type Shape,
  type Spec,
  sizeOf,
} from "../base/spec.ts";
import type { Engine } from "../engine/engine.ts";

/** A stretch of linear memory, shared by a tensor and its reshaped views. */
export class Storage {
  /** How long it is. */
  readonly bytes: number;
  /** Undefined until it is placed. */
  address: number | undefined;
  /** What its memory lives as long as. */
  owner: object | undefined;

  /** Of so many bytes, without a place. */
  constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** Settles where it lies. The memory there lives as long as `owner`, which the storage keeps alive. */
  place(address: number, owner: object): void {
    this.address = address;
    this.owner = owner;
  }

  /** Takes its place away: it was only for the calls of one program. */
  displace(): void {
    this.address = undefined;
    this.owner = undefined;
  }
}

/** What a tensor may have beside its engine, shape and data type. */
export interface TensorOptions {
  /** The memory of another tensor, to look at it under another shape. */
  readonly storage?: Storage;
  /** Whether a derivative flows through it to a parameter. */
  readonly requiresGradient?: boolean;
  /** What a printed program calls it. */
  readonly name?: string | undefined;
}

/**
 * Elements of one data type in linear memory, row by row. In a program it stands for what will be computed; `zeros`
 * makes one that is there.
 *
 * ```ts
 * const x = zeros(engine, float32([2, 3])).set([1, 2, 3, 4, 5, 6]);
 * x.data[4]; // 5
 * ```
 */
export class Tensor<D extends DataType = "float32"> implements Spec<D> {
  /** Whose memory it lies in. */
  readonly engine: Engine;
  /** Its sizes, outermost first. */
  readonly shape: Shape;
  /** The data type of its elements. */
  readonly dtype: D;
  /** The number of elements. */
  readonly size: number;
  /** Its place in memory. */
  readonly storage: Storage;
  /** Whether a derivative flows through it to a parameter. */
  readonly requiresGradient: boolean;
  /** What a printed program calls it; undefined for what a program computes on the way. */
  readonly name: string | undefined;
  #view: DataOf<D> | undefined;

  /** @throws ShapeError for sizes that are not integers of 0 or more */
  constructor(engine: Engine, { shape, dtype }: Spec<D>, options: TensorOptions = {}) {
    checkShape(shape);
    this.engine = engine;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.storage = options.storage ?? new Storage(bytesOf(this));
    this.requiresGradient = options.requiresGradient ?? false;
    this.name = options.name;
  }

  /**
   * Where its elements begin in linear memory, in bytes.
   * @throws ShapeError while its program is being captured, and after it for what is no output
   */
  get address(): number {
    const { address } = this.storage;
    if (address === undefined) {
      throw new ShapeError(
        `tensor ${formatSpec(this)}: it has no elements before its program is captured; return it as an output`,
      );
    }
    return address;
  }

  /**
   * Its elements in linear memory, row by row; a view that is made again when the memory has grown, so do not keep it.
   */
  get data(): DataOf<D> {
    // Nothing lies at 0 but a view of memory that has grown. To compare its buffer with the memory's takes longer.
    if (!this.#view?.byteOffset) {
      this.#view = this.engine.view(this.dtype, this.address, this.size);
    }
    return this.#view;
  }

  /**
   * Copies `values`, one for each element, in row order.
   * @throws ShapeError for another number of them
   */
  set(values: ArrayLike<number>): this {
    if (values.length !== this.size) {
      throw new ShapeError(`set: ${values.length} values for a tensor ${formatSpec(this)} of ${this.size}`);
    }
    this.data.set(values);
    return this;
  }

  /**
   * Copies `values` to row `index` along the first axis: [rows, ...] takes [...]. Allocates nothing.
   * @throws ShapeError for another number of them, or a row that there is not
   */
  setRow(index: number, values: ArrayLike<number>): this {
    const { size, shape } = this;
    const rows = shape[0] ?? 0;
    if (!(index >= 0 && index < rows) || values.length * rows !== size) {
      throw new ShapeError(`setRow: ${values.length} values as row ${index} of a tensor ${formatSpec(this)}`);
    }
    this.data.set(values, index * values.length);
    return this;
  }

  /**
   * Copies as many elements of `source` as it has itself, from element `start` on. Allocates nothing.
   * @throws ShapeError where there are not so many, or of another data type
   */
  copyFrom(source: Tensor<D>, start = 0): this {
    const { dtype, size } = this;
    if (source.engine !== this.engine) throw new ShapeError("copyFrom: the source is a tensor of another engine");
    if (source.dtype !== dtype || !(start >= 0) || start + size > source.size) {
      throw new ShapeError(
        `copyFrom: elements ${start} to ${start + size} of a ${source.dtype} tensor ${formatShape(source.shape)} into ${dtype}`,
      );
    }
    const { bytes } = dataTypes[dtype];
    this.engine.kernels.copy(this.address, source.address + start * bytes, size * bytes);
    return this;
  }

  /**
   * The one element of a tensor of size 1.
   * @throws ShapeError for a tensor of another size
   */
  item(): number {
    if (this.size !== 1) throw new ShapeError(`item: a tensor ${formatSpec(this)} has ${this.size} elements, not 1`);
    return this.data[0] as number;
  }
}

function checkShape(shape: Shape): void {
  if (shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return;
  throw new ShapeError(`shape ${formatShape(shape)}: sizes are integers of 0 or more`);
}

/** A tensor of zeros that outlives programs: a rollout buffer, say. Its memory goes when it is collected. */
export function zeros<D extends DataType>(engine: Engine, spec: Spec<D>, name?: string): Tensor<D> {
  checkShape(spec.shape);
  const storage = new Storage(bytesOf(spec));
  const what = `${name ?? "a tensor"} ${formatSpec(spec)}`;
  storage.place(engine.allocate(storage.bytes, storage, what), storage);
  return new Tensor(engine, spec, { storage, name });
}
