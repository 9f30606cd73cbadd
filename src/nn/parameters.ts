// The parameters of a model, in one flat buffer, with their gradients in a second: the optimiser is one kernel call, the gradient's norm one
// reduction, a checkpoint one copy.

import type { Engine } from "../engine/engine.ts";
import { FileFormatError } from "../engine/errors.ts";
import type { Stream } from "../engine/random.ts";
import type { NamedTensor } from "../io/safetensors.ts";
import type { Differentiable } from "../tensor/program.ts";
import { formatShape, type Shape, sameShape, sizeOf, Tensor, zeros } from "../tensor/tensor.ts";
import type { Initializer } from "./initializers.ts";

/** Every parameter starts at a multiple of this many floats, a cache line; the gap holds zeros. */
const ALIGNMENT = 16;

interface Declaration {
  readonly name: string;
  readonly offset: number;
  readonly tensor: Tensor;
  readonly gradient: Tensor;
  readonly initialize: Initializer;
}

export class Parameters implements Differentiable {
  readonly engine: Engine;
  readonly #declarations: Declaration[] = [];
  #size = 0;
  #flat: { readonly values: Tensor; readonly gradients: Tensor } | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Declares a parameter. It has a place in memory once `initialize` has run. */
  declare(name: string, shape: Shape, initialize: Initializer): Tensor {
    if (this.#flat !== undefined) throw new Error(`parameter ${name}: declared after the parameters were initialised`);
    const tensor = new Tensor(this.engine, shape, "float32", { requiresGradient: true });
    const gradient = new Tensor(this.engine, shape, "float32");
    this.#declarations.push({ name, offset: this.#size, tensor, gradient, initialize });
    this.#size += Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;
    return tensor;
  }

  /** Lays all declared parameters out and gives them their first values, in the order of their declaration. */
  initialize(stream: Stream): void {
    const values = zeros(this.engine, [this.#size]);
    const gradients = zeros(this.engine, [this.#size]);
    for (const { tensor, gradient, offset } of this.#declarations) {
      tensor.storage.place(values.address + 4 * offset, values.storage);
      gradient.storage.place(gradients.address + 4 * offset, gradients.storage);
    }
    this.#flat = { values, gradients };
    for (const { tensor, initialize } of this.#declarations) initialize(tensor, stream);
  }

  /** All values in one tensor [padded size]; zeros between the parameters. */
  get values(): Tensor {
    return this.#initialized().values;
  }

  /** All gradients in one tensor [padded size], laid out like the values. */
  get flatGradients(): Tensor {
    return this.#initialized().gradients;
  }

  get tensors(): readonly Tensor[] {
    return this.#declarations.map(({ tensor }) => tensor);
  }

  get gradients(): readonly Tensor[] {
    return this.#declarations.map(({ gradient }) => gradient);
  }

  get names(): readonly string[] {
    return this.#declarations.map(({ name }) => name);
  }

  /**
   * The part of `flat`, a tensor laid out like the values, that belongs to each parameter: views, good until the memory grows.
   * @param prefix goes before the parameters' names
   */
  named(flat: Tensor, prefix = ""): readonly NamedTensor[] {
    return this.#declarations.map(({ name, offset, tensor }) => ({
      name: prefix + name,
      shape: tensor.shape,
      data: flat.data.subarray(offset, offset + tensor.size),
    }));
  }

  /**
   * Copies into `flat` the tensors that `named` gave.
   * @throws FileFormatError for one that is missing or of another shape
   */
  load(flat: Tensor, tensors: readonly NamedTensor[], source: string, prefix = ""): void {
    for (const { name, shape, data } of this.named(flat, prefix)) {
      const found = tensors.find((tensor) => tensor.name === name);
      if (found === undefined) throw new FileFormatError(`${source}: tensor ${name} is missing`);
      if (!sameShape(found.shape, shape)) {
        throw new FileFormatError(
          `${source}: tensor ${name} is ${formatShape(found.shape)}, not ${formatShape(shape)}`,
        );
      }
      data.set(found.data);
    }
  }

  /** The number of parameters, without padding. */
  get count(): number {
    return this.#declarations.reduce((total, { tensor }) => total + tensor.size, 0);
  }

  #initialized(): { readonly values: Tensor; readonly gradients: Tensor } {
    if (this.#flat === undefined) throw new Error("parameters: initialize() has not run");
    return this.#flat;
  }
}
