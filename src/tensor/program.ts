// A program is captured once and replayed: capture runs a TypeScript function over typed inputs and writes its kernel calls to a tape; replay
// walks the tape and allocates nothing, checks nothing, and calls no closure.

import type { Engine } from "../engine/engine.ts";
import { ShapeError } from "../engine/errors.ts";
import { layOut } from "./layout.ts";
import { add } from "./operators/arithmetic.ts";
import { type Argument, type Call, capture, type KernelName, Tape } from "./tape.ts";
import { type DataType, formatShape, type Shape, type Storage, Tensor } from "./tensor.ts";

/** An input's shape, or its shape and data type; float32 unless said. */
export type InputSpec = Shape | { readonly shape: Shape; readonly dtype: DataType };
export type InputTensor<S extends InputSpec> = S extends { readonly dtype: infer D extends DataType }
  ? Tensor<D>
  : Tensor;
export type Inputs<S extends Record<string, InputSpec>> = { readonly [name in keyof S]: InputTensor<S[name]> };
export type Outputs = Record<string, Tensor<DataType>>;

/** Tensors to differentiate with respect to, each with the place where its gradient goes. */
export interface Differentiable {
  readonly tensors: readonly Tensor[];
  readonly gradients: readonly Tensor[];
}

/** An int32 input of this shape: actions or indices. */
export function int32(shape: Shape): { readonly shape: Shape; readonly dtype: "int32" } {
  return { shape, dtype: "int32" };
}

export interface Program<I, O extends Outputs> {
  readonly inputs: I;
  readonly outputs: O;
  /** The captured kernel calls, in order: what a replay does. */
  readonly kernels: readonly KernelName[];
  /** Bytes of linear memory that its arena takes. */
  readonly bytes: number;
  /** Replays it: reads the inputs, writes the outputs, and the gradients if it differentiates. */
  run(): void;
}

/**
 * Captures `body` as a program.
 *
 * @param inputs the name and shape of each input; whatever changes between replays is an input, and a number written in `body` is a constant
 * @param body receives a tensor for each input and returns the outputs by name
 * @param options.differentiate writes the gradient of the output `loss` with respect to these parameters at each replay
 */
export function program<const S extends Record<string, InputSpec>, O extends Outputs>(
  engine: Engine,
  inputs: S,
  body: (inputs: Inputs<S>) => O,
  options: { differentiate?: Differentiable } = {},
): Program<Inputs<S>, O> {
  const tape = new Tape(engine);
  const inputTensors = Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => {
      const { shape, dtype } = "dtype" in spec ? spec : { shape: spec, dtype: "float32" as const };
      return [name, new Tensor(engine, shape, dtype)];
    }),
  ) as Inputs<S>;
  const outputs = capture(tape, () => {
    const results = body(inputTensors);
    if (options.differentiate !== undefined) differentiate(tape, results.loss, options.differentiate);
    return results;
  });

  const pinned = [
    ...Object.values<Tensor<DataType>>(inputTensors),
    ...Object.values(outputs),
    ...tape.constants.map(({ tensor }) => tensor),
  ].map((tensor) => tensor.storage);
  const { bytes, offsets } = layOut(tape.calls, pinned);
  const arena = {};
  const base = engine.allocate(bytes, arena);
  for (const [storage, offset] of offsets) storage.place(base + offset, arena);
  for (const { tensor, values } of tape.constants) {
    engine.uint8(tensor.address, values.byteLength).set(new Uint8Array(values.buffer));
  }
  return new CapturedProgram(tape, inputTensors, outputs, bytes);
}

function differentiate(tape: Tape, loss: Tensor<DataType> | undefined, { tensors, gradients }: Differentiable): void {
  if (loss === undefined) throw new ShapeError('program: to differentiate, return the loss as an output named "loss"');
  if (loss.size !== 1)
    throw new ShapeError(`program: the loss has shape ${formatShape(loss.shape)}; it has to be a scalar`);
  const results = tape.backward(loss as Tensor, tensors, add);
  for (const [index, result] of results.entries()) {
    const target = gradients[index] as Tensor;
    if (result === undefined) tape.record("zero", [target, target.size]);
    else {
      const shared = results.filter((other) => other?.storage === result.storage).length > 1;
      if (shared || !redirect(tape, result, target)) tape.record("copy", [target, result, target.size]);
    }
  }
}

/** Lets the call that writes `result` write to `target` instead, if nothing else touches `result`. */
function redirect(tape: Tape, result: Tensor, target: Tensor): boolean {
  const uses = tape.calls.filter((call) => call.arguments.some((argument) => isIn(argument, result.storage)));
  const [only] = uses;
  if (uses.length !== 1 || only === undefined || !isIn(only.arguments[0], result.storage)) return false;
  const [, ...rest] = only.arguments;
  tape.calls[tape.calls.indexOf(only)] = { kernel: only.kernel, arguments: [target, ...rest] };
  tape.kept.push(target.storage);
  return true;
}

function isIn(argument: Argument | undefined, storage: Storage): boolean {
  return argument instanceof Tensor && argument.storage === storage;
}

/** A kernel call with its addresses settled. Twelve fields rather than an array: a call of them needs no spreading, and a kernel ignores what it has no parameter for. */
class Instruction {
  readonly kernel: (...args: number[]) => void;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
  readonly i: number;
  readonly j: number;
  readonly k: number;
  readonly l: number;

  constructor(engine: Engine, call: Call) {
    this.kernel = engine.kernels[call.kernel] as (...args: number[]) => void;
    const values = call.arguments.map((argument) => (argument instanceof Tensor ? argument.address : argument));
    if (values.length > 12)
      throw new Error(`kernel ${call.kernel}: ${values.length} arguments; an instruction holds 12`);
    const at = (index: number): number => values[index] ?? 0;
    this.a = at(0);
    this.b = at(1);
    this.c = at(2);
    this.d = at(3);
    this.e = at(4);
    this.f = at(5);
    this.g = at(6);
    this.h = at(7);
    this.i = at(8);
    this.j = at(9);
    this.k = at(10);
    this.l = at(11);
  }
}

class CapturedProgram<I, O extends Outputs> implements Program<I, O> {
  readonly inputs: I;
  readonly outputs: O;
  readonly kernels: readonly KernelName[];
  readonly bytes: number;
  readonly #instructions: readonly Instruction[];
  /** What owns the memory that the instructions address. */
  readonly kept: ReadonlySet<object>;

  constructor(tape: Tape, inputs: I, outputs: O, bytes: number) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.bytes = bytes;
    this.kernels = tape.calls.map((call) => call.kernel);
    this.#instructions = tape.calls.map((call) => new Instruction(tape.engine, call));
    this.kept = new Set(tape.kept);
  }

  run(): void {
    const instructions = this.#instructions;
    for (let index = 0; index < instructions.length; index++) {
      const { kernel, a, b, c, d, e, f, g, h, i, j, k, l } = instructions[index] as Instruction;
      kernel(a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }
}
