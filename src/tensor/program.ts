// A program is captured once and replayed. Capture runs a TypeScript function over typed inputs and writes its kernel
// calls to a tape; what the tape holds is a list, which gradients extend, pruning shortens, and a layout gives
// addresses. Replay runs that list: it allocates nothing, checks nothing, and calls no closure of an operator.

import { ShapeError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import { type DataType, dataTypes, formatSpec, type Spec } from "../base/spec.ts";
import { type Code, encode, replayer } from "../engine/code.ts";
import type { Engine } from "../engine/engine.ts";
import { backward, checkDifferentiable, type Differentiable, writeGradients } from "./backward.ts";
import { layOut } from "./layout.ts";
import { printCalls } from "./print.ts";
import { prune } from "./prune.ts";
import { type Call, capture, Scratch, Tape } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/** The inputs of a program: for each spec a tensor of it. */
export type Inputs<S extends Readonly<Record<string, Spec>>> = {
  readonly [name in keyof S]: Tensor<S[name]["dtype"]>;
};

/** The outputs of a program by name. */
export type Outputs = Readonly<Record<string, Tensor<DataType>>>;

/** A captured computation. `String(program)` prints it, one line a call. */
export interface Program<I, O extends Outputs> {
  /** Tensors to write before a replay. */
  readonly inputs: I;
  /** Tensors to read after a replay. */
  readonly outputs: O;
  /** The gradients of the inputs that were asked for, by their names. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** The kernel calls in order, each with its results and operands. */
  readonly calls: readonly Call[];
  /** The same as plain numbers: all that a replay over the same memory needs, in a worker, say. */
  readonly code: Code;
  /** Bytes of linear memory that its inputs, outputs and intermediate results take. */
  readonly arenaBytes: number;
  /** Replays it: reads the inputs, writes the outputs, and the gradients if it differentiates. */
  run(): void;
  /** The calls as text, one a line, with their shapes. */
  toString(): string;
}

/**
 * Captures `body` as a program.
 *
 * ```ts
 * const double = program(engine, { x: float32([3]) }, ({ x }) => ({ y: multiply(x, 2) }));
 * double.inputs.x.set([1, 2, 3]);
 * double.run();
 * double.outputs.y.data; // 2, 4, 6
 * ```
 *
 * @param inputs the name, shape and data type of each input; whatever changes between replays is an input, and a number
 * written in `body` is a constant
 * @param body receives a tensor for each input and returns the outputs by name
 * @param options.differentiate writes the gradient of the output `loss` with respect to these parameters at each replay
 * @param options.inputGradients the names of float32 inputs whose gradient is wanted as well, in `gradients`
 * @throws ShapeError where shapes, data types or engines do not fit together
 */
export function program<const S extends Readonly<Record<string, Spec>>, O extends Outputs>(
  engine: Engine,
  inputs: S,
  body: (inputs: Inputs<S>) => O,
  options: { readonly differentiate?: Differentiable; readonly inputGradients?: readonly (keyof S & string)[] } = {},
): Program<Inputs<S>, O> {
  checkNames("program", options, ["differentiate", "inputGradients"]);
  const { inputGradients = [] } = options;
  const tape = new Tape(engine);
  const inputTensors = Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => [name, inputOf(engine, name, spec, inputGradients.includes(name))]),
  ) as Inputs<S>;
  const inputGradientTensors = gradientsOf(inputTensors, inputGradients);
  const differentiate = joined(options.differentiate, inputTensors, inputGradientTensors);
  let gradients: readonly (Tensor | undefined)[] = [];
  const outputs = capture(tape, () => {
    const results = checkOutputs(body(inputTensors));
    if (differentiate !== undefined) {
      const { loss } = results as Outputs;
      checkDifferentiable(loss, differentiate);
      gradients = backward(tape.derivatives, loss, differentiate.tensors);
    }
    return results;
  });
  const results = [...Object.values(outputs), ...Object.values(inputGradientTensors)];
  const calls = prune(writeGradients(tape.calls, gradients, differentiate?.gradients ?? []), results);
  const given = [...Object.values(inputTensors), ...tape.constants.map(({ tensor }) => tensor)];
  checkWritten(calls, Object.values(outputs), given);
  const { code, arena, arenaBytes } = settle(tape, calls, [...given, ...results]);
  const run = replayer(engine.kernels, code);
  owners.set(run, [arena, calls]);
  return {
    inputs: inputTensors,
    outputs,
    gradients: inputGradientTensors,
    calls,
    code,
    arenaBytes,
    run,
    toString: () => printCalls(calls, outputs),
  };
}

/** @throws ShapeError for what is no object of tensors */
function checkOutputs<O>(outputs: O): O {
  const isObject = Object(outputs) === outputs && !(outputs instanceof Promise);
  if (isObject && Object.values(outputs as object).every((output) => output instanceof Tensor)) return outputs;
  throw new ShapeError("program: its function has to return an object of tensors");
}

/**
 * Of each replay what owns the memory that its code addresses: whoever holds nothing but `run` can go on calling it.
 */
const owners = new WeakMap<() => void, readonly [arena: object, calls: readonly Call[]]>();

/**
 * @param given inputs and constants
 * @throws ShapeError for what is read and has no elements: it belongs to another program, or has no place yet
 */
function checkWritten(
  calls: readonly Call[],
  outputs: readonly Tensor<DataType>[],
  given: readonly Tensor<DataType>[],
): void {
  const written = new Set<Storage>(given.map(({ storage }) => storage));
  const check = (reader: string, tensor: Tensor<DataType>): void => {
    if (written.has(tensor.storage) || tensor.storage.address !== undefined) return;
    const name = tensor.name === undefined ? "" : `${tensor.name} `;
    throw new ShapeError(
      `${reader}: the tensor ${name}${formatSpec(tensor)} has no elements; initialise parameters first, and return what another program is to use as an output`,
    );
  };
  for (const { kernel, results, operands } of calls) {
    for (const operand of operands)
      if (operand instanceof Tensor && !(operand instanceof Scratch)) check(kernel, operand);
    for (const { storage } of results) written.add(storage);
  }
  for (const output of outputs) check("program", output);
}

function inputOf(engine: Engine, name: string, spec: Spec, requiresGradient: boolean): Tensor<DataType> {
  if (!Array.isArray(spec?.shape) || !Object.hasOwn(dataTypes, spec.dtype)) {
    throw new ShapeError(`program: input ${name}: ${shown(spec)} is not a spec, as float32([64, 4]) gives`);
  }
  return new Tensor(engine, spec, { name, requiresGradient });
}

/**
 * For each of these inputs the place of its gradient.
 * @throws ShapeError for what is no input of float32
 */
function gradientsOf(
  inputs: Readonly<Record<string, Tensor<DataType>>>,
  names: readonly string[],
): Readonly<Record<string, Tensor>> {
  const gradients = names.map((name) => {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (input?.dtype !== "float32")
      throw new ShapeError(`program: inputGradients: ${name} is ${input === undefined ? "no input" : "not float32"}`);
    return [name, new Tensor(input.engine, input as Spec<"float32">, { name: `gradient of ${name}` })] as const;
  });
  return Object.fromEntries(gradients);
}

/** All that is to be differentiated by: parameters, and inputs. */
function joined(
  parameters: Differentiable | undefined,
  inputs: Readonly<Record<string, Tensor<DataType>>>,
  inputGradients: Readonly<Record<string, Tensor>>,
): Differentiable | undefined {
  const names = Object.keys(inputGradients);
  if (names.length === 0) return parameters;
  return {
    tensors: [...(parameters?.tensors ?? []), ...names.map((name) => inputs[name] as Tensor)],
    gradients: [...(parameters?.gradients ?? []), ...Object.values(inputGradients)],
  };
}

/**
 * Gives every tensor of the calls an address in a new arena, and the constants their elements. What is neither input,
 * output nor constant loses its address again: its place holds other things by then.
 */
function settle(tape: Tape, calls: readonly Call[], lasting: readonly Tensor<DataType>[]) {
  const { engine, constants } = tape;
  const pinned = new Set(lasting.map(({ storage }) => storage));
  const { bytes, offsets } = layOut(calls, pinned);
  const arena = {};
  const base = engine.allocate(bytes, arena, "an arena of a program");
  for (const [storage, offset] of offsets) storage.place(base + offset, arena);
  for (const { tensor, values } of constants) tensor.set(values);
  const code = encode(
    calls.map(({ kernel, results, operands }) => ({
      kernel,
      operands: [...results, ...operands].map((operand) => (typeof operand === "number" ? operand : operand.address)),
    })),
  );
  for (const storage of offsets.keys()) if (!pinned.has(storage)) storage.displace();
  return { code, arena, arenaBytes: bytes };
}
