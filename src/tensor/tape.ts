// The tape: the kernel calls of a program in the order in which they were captured, and for each result how to take the derivative back to
// its inputs. Operators write to it through `call` and `differentiable`; nothing else does.

import type { Engine } from "../engine/engine.ts";
import type { Kernels } from "../engine/generated/kernels.ts";
import { type DataType, type Shape, Storage, sameShape, Tensor } from "./tensor.ts";

export type KernelName = keyof Kernels;
export type Argument = Tensor<DataType> | number;

/** A kernel call whose tensors may not have addresses yet. */
export interface Call {
  readonly kernel: KernelName;
  readonly arguments: readonly Argument[];
}

/** An input of an operator, and the gradient that flows to it. */
export type Adjoint = readonly [input: Tensor, gradient: () => Tensor];

/** A tensor that is written once, when the program has been laid out. */
interface Constant {
  readonly tensor: Tensor;
  readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

interface Derivative {
  readonly result: Tensor;
  readonly adjoints: (gradient: Tensor) => readonly Adjoint[];
}

export class Tape {
  readonly engine: Engine;
  readonly calls: Call[] = [];
  readonly constants: Constant[] = [];
  /** What the program has to keep alive because it uses its address. */
  readonly kept: object[] = [];
  readonly #derivatives: Derivative[] = [];
  #taking = false;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  record(kernel: KernelName, args: readonly Argument[]): void {
    this.calls.push({ kernel, arguments: args });
    for (const argument of args) if (argument instanceof Tensor) this.kept.push(argument.storage);
  }

  derivative(result: Tensor, adjoints: (gradient: Tensor) => readonly Adjoint[]): void {
    if (result.requiresGradient && !this.#taking) this.#derivatives.push({ result, adjoints });
  }

  /**
   * Appends the calls that compute the gradient of the scalar `loss` with respect to each of `parameters`, and returns those gradients;
   * undefined for a parameter that the loss does not depend on. Derivatives are taken in the reverse order of capture, and where a tensor
   * was used more than once its gradients are added.
   */
  backward(loss: Tensor, parameters: readonly Tensor[], add: (a: Tensor, b: Tensor) => Tensor): (Tensor | undefined)[] {
    this.#taking = true;
    const gradients = new Map<Tensor, Tensor>([[loss, constant(1)]]);
    for (const { result, adjoints } of this.#derivatives.toReversed()) {
      const gradient = gradients.get(result);
      if (gradient === undefined) continue;
      for (const [input, take] of adjoints(gradient)) {
        if (!input.requiresGradient) continue;
        const earlier = gradients.get(input);
        const next = take();
        gradients.set(input, earlier === undefined ? next : add(earlier, next));
      }
      gradients.delete(result);
    }
    this.#taking = false;
    return parameters.map((parameter) => gradients.get(parameter));
  }
}

let recording: Tape | undefined;

/** Runs `body` with its operators written to `tape`. */
export function capture<T>(tape: Tape, body: () => T): T {
  const outer = recording;
  recording = tape;
  try {
    return body();
  } finally {
    recording = outer;
  }
}

function tape(): Tape {
  if (recording === undefined)
    throw new Error("an operator was called outside of a program: call it in the function given to program()");
  return recording;
}

/** A tensor of the program being captured, not written yet. */
export function empty<D extends DataType = "float32">(shape: Shape, dtype?: D, requiresGradient = false): Tensor<D> {
  return new Tensor(tape().engine, shape, dtype ?? ("float32" as D), { requiresGradient });
}

/** Appends `kernel(result, ...args)` and returns the result, a new float32 tensor of this shape. */
export function call(kernel: KernelName, shape: Shape, ...args: readonly Argument[]): Tensor {
  const requiresGradient = args.some((argument) => argument instanceof Tensor && argument.requiresGradient);
  const result = empty(shape, "float32", requiresGradient);
  tape().record(kernel, [result, ...args]);
  return result;
}

/** The same for a kernel whose result is int32: an action, an index. */
export function callInt32(kernel: KernelName, shape: Shape, ...args: readonly Argument[]): Tensor<"int32"> {
  const result = empty(shape, "int32");
  tape().record(kernel, [result, ...args]);
  return result;
}

/** The same for a kernel that writes several float32 tensors of this shape. */
export function callMany(kernel: KernelName, count: number, shape: Shape, ...args: readonly Argument[]): Tensor[] {
  const results = Array.from({ length: count }, () => empty(shape));
  tape().record(kernel, [...results, ...args]);
  return results;
}

/** Says how the gradient of `result` flows to its inputs, and returns `result`. */
export function differentiable<T extends Tensor>(result: T, adjoints: (gradient: Tensor) => readonly Adjoint[]): T {
  tape().derivative(result, adjoints);
  return result;
}

/** A float32 scalar that is the same in every replay. */
export function constant(value: number): Tensor {
  const rounded = Math.fround(value);
  const known = tape().constants.find(({ values }) => values instanceof Float32Array && Object.is(values[0], rounded));
  if (known !== undefined) return known.tensor;
  return newConstant(empty([]), Float32Array.of(value));
}

/** float64 numbers that are the same in every replay, for a kernel that wants them; two float32 hold each. */
export function constants64(...values: readonly number[]): Tensor {
  return newConstant(empty([2 * values.length]), Float64Array.from(values));
}

function newConstant(tensor: Tensor, values: Constant["values"]): Tensor {
  tape().constants.push({ tensor, values });
  return tensor;
}

/** The same elements under another shape, through which derivatives flow unchanged. */
export function reshaped<D extends DataType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  if (sameShape(x.shape, shape)) return x;
  const { engine, dtype, storage, requiresGradient } = x;
  const view = new Tensor(engine, shape, dtype, { storage, requiresGradient });
  if (x.dtype === "int32") return view;
  return differentiable(view as Tensor, (gradient) => [[x as Tensor, () => reshaped(gradient, x.shape)]]) as Tensor<D>;
}

/** Keeps an object alive with the program that is being captured. */
export function keep(object: object): void {
  tape().kept.push(object);
}

/** Memory that one call uses and nobody reads afterwards. */
export function scratch(bytes: number): Tensor {
  const engine = tape().engine;
  return new Tensor(engine, [Math.ceil(bytes / 4)], "float32", { storage: new Storage(bytes) });
}
