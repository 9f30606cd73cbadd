// The tape: the kernel calls of a program in the order in which they were captured, and for each result how to take the
// derivative back to its operands. Operators write to it, through `call` and `differentiable`; nothing else does.

import { ConfigurationError, ShapeError } from "../base/errors.ts";
import {
  type DataType,
  float32,
  float64,
  formatSpec,
  int32,
  type Shape,
  type Spec,
  sameNumbers,
  uint8,
} from "../base/spec.ts";
import type { KernelName } from "../engine/code.ts";
import type { Engine } from "../engine/engine.ts";
import type { Stream } from "../engine/random.ts";
import { Tensor } from "./tensor.ts";

/**
 * What a kernel is given beside the places of its results: a tensor's address, a stream, which it moves on, or a
 * number.
 */
export type Operand = Tensor<DataType> | Stream | number;

/** A kernel call whose tensors may not have addresses yet. The kernel takes the results first, then the operands. */
export interface Call {
  /** The name of the kernel. */
  readonly kernel: KernelName;
  /** What it writes. */
  readonly results: readonly Tensor<DataType>[];
  /** What else it is given. */
  readonly operands: readonly Operand[];
}

/** An operand of an operator, and the gradient that flows to it. */
export type Adjoint = readonly [operand: Tensor, gradient: () => Tensor];

/** How the gradient of an operator's result flows to its operands. */
export interface Derivative {
  readonly result: Tensor;
  /** What computes it; nothing, for the same elements under another shape. */
  readonly call?: Call;
  /** None unless the operator says so. */
  adjoints: (gradient: Tensor) => readonly Adjoint[];
}

/** A tensor that is written once, when the program has been laid out. */
export interface Constant {
  readonly tensor: Tensor<DataType>;
  readonly values: readonly number[];
}

/** What is written down while a program is captured. */
export class Tape {
  readonly engine: Engine;
  readonly calls: Call[] = [];
  readonly constants: Constant[] = [];
  readonly derivatives: Derivative[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
  }
}

/** A workspace: memory that one call uses and nobody reads afterwards. */
export class Scratch extends Tensor<"uint8"> {}

/** Kernels whose operands are not all float32, which their operators check themselves. */
const MIXED: ReadonlySet<KernelName> = new Set<KernelName>([
  ...(["takeRows", "copyStrided", "gather", "gatherAdjoint", "gae", "toFloat32", "where"] as const),
  ...(["convolution", "convolutionInputAdjoint", "convolutionWeightAdjoint"] as const),
  ...(["sequenceRows", "normalize", "denormalize"] as const),
  ...(["lstm", "lstmAdjoint", "gru", "gruAdjoint"] as const),
  ...(["segmentedLogSoftmax", "segmentedLogSoftmaxAdjoint", "segmentedGather", "segmentedGatherAdjoint"] as const),
  ...(["segmentedSample", "segmentedArgmax"] as const),
]);

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
    throw new ConfigurationError(
      "an operator was called outside of a program: call it in the function given to program()",
    );
  return recording;
}

/** Appends a call of a kernel that writes one tensor, of this spec, and returns it. */
export function call<D extends DataType>(
  kernel: KernelName,
  spec: Spec<D>,
  ...operands: readonly Operand[]
): Tensor<D> {
  return callMany(kernel, [spec], ...operands)[0] as Tensor<D>;
}

/** The same for a kernel that writes several tensors. */
export function callMany<D extends DataType>(
  kernel: KernelName,
  specs: readonly Spec<D>[],
  ...operands: readonly Operand[]
): Tensor<D>[] {
  return append(kernel, specs, operands);
}

/** The same for a kernel that writes to a part of what there is already: that tensor, as it is from then on. */
export function callWithin<D extends DataType>(
  whole: Tensor<D>,
  kernel: KernelName,
  ...operands: readonly Operand[]
): Tensor<D> {
  return append(kernel, [whole], operands, whole)[0] as Tensor<D>;
}

function append<D extends DataType>(
  kernel: KernelName,
  specs: readonly Spec<D>[],
  operands: readonly Operand[],
  whole?: Tensor<D>,
): Tensor<D>[] {
  const { engine, calls, derivatives } = tape();
  let requiresGradient = whole?.requiresGradient ?? false;
  for (const operand of operands) {
    if (typeof operand === "number") continue;
    if (operand.engine !== engine) {
      const what = operand instanceof Tensor ? `a tensor ${formatSpec(operand)}` : "a stream";
      throw new ShapeError(`${kernel}: ${what} of another engine; a program and all that it uses have to share one`);
    }
    if (!(operand instanceof Tensor)) continue;
    if (operand.dtype !== "float32" && !(operand instanceof Scratch) && !MIXED.has(kernel))
      throw new ShapeError(`${kernel}: ${formatSpec(operand)} is ${operand.dtype}, not float32`);
    if (operand.requiresGradient) requiresGradient = true;
  }
  const place = whole === undefined ? {} : { storage: whole.storage };
  const results = specs.map(
    (spec) => new Tensor(engine, spec, { ...place, requiresGradient: requiresGradient && spec.dtype === "float32" }),
  );
  const call = { kernel, results, operands };
  calls.push(call);
  for (const result of results)
    if (result.requiresGradient) derivatives.push({ result: result as Tensor, call, adjoints: () => [] });
  return results;
}

/** Says how the gradient of `result` flows to its operands, and returns `result`. */
export function differentiable<T extends Tensor>(result: T, adjoints: (gradient: Tensor) => readonly Adjoint[]): T {
  if (!result.requiresGradient) return result;
  const { derivatives } = tape();
  const last = derivatives.at(-1);
  if (last?.result === result) last.adjoints = adjoints;
  else derivatives.push({ result, adjoints });
  return result;
}

/** A float32 scalar, or an array of them, that is the same in every replay. */
export function constant(value: number | readonly number[]): Tensor {
  return typeof value === "number" ? place(float32(), [Math.fround(value)]) : place(float32([value.length]), value);
}

/** float64 numbers that are the same in every replay, for a kernel that wants them. */
export function constants64(...values: readonly number[]): Tensor<"float64"> {
  return place(float64([values.length]), values);
}

/** A constant with these elements: one that is there already, or a new one. */
function place<D extends DataType>(spec: Spec<D>, values: readonly number[]): Tensor<D> {
  const { engine, constants } = tape();
  const known = constants.find(
    ({ tensor, values: others }) =>
      tensor.dtype === spec.dtype &&
      sameNumbers(tensor.shape, spec.shape) &&
      values.every((value, index) => Object.is(value, others[index])),
  );
  if (known !== undefined) return known.tensor as Tensor<D>;
  const text = values.map((value) => (Object.is(value, -0) ? "-0" : value)).join(", ");
  const tensor = new Tensor(engine, spec, { name: values.length === 1 ? text : `(${text})` });
  constants.push({ tensor, values });
  return tensor;
}

/** int32 numbers that are the same in every replay, for a kernel that wants them. */
export function integers(values: readonly number[]): Tensor<"int32"> {
  return place(int32([values.length]), values);
}

/** The same elements under another shape, through which derivatives flow unchanged. */
export function reshaped<D extends DataType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  if (sameNumbers(x.shape, shape)) return x;
  const view = viewOf(x, shape, x.requiresGradient);
  return differentiable(view as Tensor, (gradient) => [[x as Tensor, () => reshaped(gradient, x.shape)]]) as Tensor<D>;
}

/** A workspace of so many bytes. */
export function scratch(bytes: number): Scratch {
  return new Scratch(tape().engine, uint8([bytes]));
}

/** The same elements, to which no derivative flows. */
export function detached(x: Tensor): Tensor {
  return viewOf(x, x.shape, false);
}

function viewOf<D extends DataType>(x: Tensor<D>, shape: Shape, requiresGradient: boolean): Tensor<D> {
  const { engine, dtype, storage, name } = x;
  return new Tensor(engine, { shape, dtype }, { storage, requiresGradient, name });
}
