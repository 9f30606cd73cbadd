// The parameters of a model, in one flat buffer, with their gradients in a second: the optimiser is one kernel call,
// the gradient's norm one reduction, a checkpoint one copy.

import { ConfigurationError, NonFiniteError } from "../base/errors.ts";
import type { ElementRange } from "../base/ranges.ts";
import {
  type DataOf,
  type DataType,
  dataTypes,
  float32,
  type NamedTensor,
  nonFiniteIn,
  type Shape,
  type Spec,
  sizeOf,
} from "../base/spec.ts";
import { fields, type Stateful } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { Stream } from "../engine/random.ts";
import type { Differentiable } from "../tensor/backward.ts";
import { Tensor, zeros } from "../tensor/tensor.ts";
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

interface Buffer {
  readonly name: string;
  readonly tensor: Tensor<DataType>;
  readonly value: number;
  readonly range: ElementRange;
}

/**
 * What a model learns, and what it holds beside that. Layers declare what they need; `initialize` then lays all of it
 * out.
 *
 * ```ts
 * const parameters = new Parameters(engine);
 * const network = new MLP(parameters, "network", [4, 64, 2]);
 * parameters.initialize(new Stream(engine, 1, "initialization"));
 * ```
 */
export class Parameters implements Differentiable, Stateful {
  /** Whose memory they lie in. */
  readonly engine: Engine;
  readonly #declarations: Declaration[] = [];
  readonly #buffers: Buffer[] = [];
  #size = 0;
  #flat: { readonly values: Tensor; readonly gradients: Tensor } | undefined;

  /** None yet. */
  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Declares a parameter. It has a place in memory once `initialize` has run. */
  declare(name: string, shape: Shape, initialize: Initializer): Tensor {
    this.#checkName(name);
    const spec = float32(shape);
    const tensor = new Tensor(this.engine, spec, { requiresGradient: true, name });
    const gradient = new Tensor(this.engine, spec, { name: `gradient of ${name}` });
    this.#declarations.push({ name, offset: this.#size, tensor, gradient, initialize });
    this.#size += Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;
    return tensor;
  }

  /**
   * Declares a tensor that is saved with the parameters and is not learnt, as the moments of observations are. It has a
   * place in memory, all `value`, once `initialize` has run.
   * @param range what `restore` takes for its elements, which are finite in any case
   */
  buffer<D extends DataType>(name: string, spec: Spec<D>, value = 0, range: ElementRange = {}): Tensor<D> {
    this.#checkName(name);
    const tensor = new Tensor(this.engine, spec, { name });
    this.#buffers.push({ name, tensor, value, range });
    return tensor;
  }

  #checkName(name: string): void {
    if (this.#flat !== undefined)
      throw new ConfigurationError(`parameter ${name}: declared after the parameters were initialised`);
    if ([...this.#declarations, ...this.#buffers].some((other) => other.name === name))
      throw new ConfigurationError(`parameter ${name}: there is another of this name`);
  }

  /** Lays all declared parameters out and gives them their first values, in the order of their declaration. */
  initialize(stream: Stream): void {
    this.#layOut();
    for (const { tensor, initialize } of this.#declarations) initialize(tensor, stream);
  }

  /**
   * Lays all declared parameters out with the values that `state` gave. Nothing is allocated for a state that is
   * refused.
   * @throws FileFormatError for a parameter that is missing, unknown or of another shape
   */
  initializeFrom(state: unknown): void {
    this.check(state);
    this.#layOut();
    this.restore(state);
  }

  #layOut(): void {
    if (this.#flat !== undefined) throw new ConfigurationError("parameters: they were initialised before");
    const flat = float32([this.#size]);
    const [values, gradients] = [zeros(this.engine, flat, "value"), zeros(this.engine, flat, "gradient")];
    for (const { tensor, gradient, offset } of this.#declarations) {
      const bytes = offset * dataTypes.float32.bytes;
      tensor.storage.place(values.address + bytes, values.storage);
      gradient.storage.place(gradients.address + bytes, gradients.storage);
    }
    for (const { tensor, value } of this.#buffers) {
      const { address, storage } = zeros(this.engine, tensor, tensor.name);
      tensor.storage.place(address, storage);
      tensor.data.fill(value);
    }
    this.#flat = { values, gradients };
  }

  /** All parameters in one tensor [padded size]; zeros between them. */
  get flatValues(): Tensor {
    return this.#initialized().values;
  }

  /** All gradients in one tensor [padded size], laid out like the parameters. */
  get flatGradients(): Tensor {
    return this.#initialized().gradients;
  }

  /** Each parameter, in the order of declaration. */
  get tensors(): readonly Tensor[] {
    return this.#declarations.map(({ tensor }) => tensor);
  }

  /** The gradient of each parameter. */
  get gradients(): readonly Tensor[] {
    return this.#declarations.map(({ gradient }) => gradient);
  }

  /** The name of each parameter, as in `actor.0.weight`. */
  get names(): readonly string[] {
    return this.#declarations.map(({ name }) => name);
  }

  /**
   * Each parameter, then each buffer, by name: views, good until the memory grows.
   * @param flat a tensor laid out like `flatValues`, as a moment of the optimiser is: then its parts that belong to the
   * parameters
   */
  named(flat?: Tensor): readonly NamedTensor[] {
    const { data: values } = flat ?? this.flatValues;
    const parameters = this.#declarations.map(({ name, offset, tensor: { shape, size } }) => ({
      ...{ name, shape },
      data: values.subarray(offset, offset + size),
    }));
    if (flat !== undefined) return parameters;
    return [...parameters, ...this.#buffers.map(({ name, tensor: { shape, data } }) => ({ name, shape, data }))];
  }

  /**
   * `named`, for what is to last.
   * @throws NonFiniteError naming an element that is not a finite number
   */
  finite(flat?: Tensor): readonly NamedTensor[] {
    const tensors = this.named(flat);
    for (const { name, data } of tensors) {
      const index = nonFiniteIn(data);
      if (index >= 0) throw new NonFiniteError(`${flat?.name ?? "value"} of ${name}[${index}] is ${data[index]}`);
    }
    return tensors;
  }

  /**
   * Of each of them its name and a copy of its elements.
   * @throws NonFiniteError for an element that is not a finite number: `restore` would refuse it
   */
  state(flat?: Tensor): Readonly<Record<string, Omit<NamedTensor, "name">>> {
    return Object.fromEntries(this.finite(flat).map(({ name, shape, data }) => [name, { shape, data: data.slice() }]));
  }

  /**
   * Takes back what `state` gave. What is refused changes nothing.
   * @throws FileFormatError for a parameter or a buffer that is missing, unknown, of another shape or data type, or out
   * of its range
   */
  restore(state: unknown, flat?: Tensor): void {
    const saved = this.check(state, flat);
    for (const { name, data } of this.named(flat)) data.set((saved[name] as { readonly data: DataOf }).data);
  }

  /**
   * What `restore` would take, and refuses what it would refuse.
   * @param range what parameters, or what is laid out like them, may be beside finite
   * @throws FileFormatError likewise
   */
  check(
    state: unknown,
    flat?: Tensor,
    range: ElementRange = {},
  ): Readonly<Record<string, { readonly shape: Shape; readonly data: DataOf }>> {
    const buffers = flat === undefined ? this.#buffers : [];
    const ranges = [...this.#declarations.map((declaration) => ({ ...declaration, range })), ...buffers].map(
      ({ name, tensor, range }) =>
        [name, { ...range, kind: "tensor", spec: tensor as Spec, finite: true } as const] as const,
    );
    return fields(state, Object.fromEntries(ranges));
  }

  /** The number of parameters, without padding. */
  get count(): number {
    return this.#declarations.reduce((total, { tensor }) => total + tensor.size, 0);
  }

  #initialized(): { readonly values: Tensor; readonly gradients: Tensor } {
    if (this.#flat === undefined) throw new ConfigurationError("parameters: initialize() has not run");
    return this.#flat;
  }
}
