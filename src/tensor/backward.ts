// Differentiation. Walking a tape's derivatives from the loss backwards appends the calls that compute the gradients;
// what follows puts each gradient where it belongs.

import { ShapeError } from "../base/errors.ts";
import { bytesOf, type DataType, formatShape, formatSpec, sameNumbers } from "../base/spec.ts";
import { add } from "./operators/arithmetic.ts";
import { type Call, constant, type Derivative } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** Tensors to differentiate with respect to, each with the place where its gradient goes. */
export interface Differentiable {
  /** What the loss is a function of. */
  readonly tensors: readonly Tensor[];
  /** For each of them a tensor of its shape. */
  readonly gradients: readonly Tensor[];
}

/**
 * Appends the calls that compute the gradient of the scalar `loss` with respect to each of `parameters`, and returns
 * those gradients; undefined for a parameter that the loss does not depend on. Derivatives are taken in the reverse
 * order of capture, and where a tensor was used more than once its gradients are added.
 * @throws ShapeError where a gradient would have to pass an operator that has no derivative
 */
export function backward(
  derivatives: readonly Derivative[],
  loss: Tensor,
  parameters: readonly Tensor[],
): (Tensor | undefined)[] {
  const gradients = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  // A copy: adjoints are made of operators, whose own derivatives nobody asks for.
  for (const { result, call, adjoints } of [...derivatives].reverse()) {
    const gradient = gradients.get(result);
    if (gradient === undefined) continue;
    const flows = adjoints(gradient);
    for (const operand of call?.operands ?? []) {
      if (!(operand instanceof Tensor) || !operand.requiresGradient || flows.some(([to]) => to === operand)) continue;
      throw new ShapeError(`${call?.kernel}: it has no derivative by ${formatSpec(operand)}; detach that`);
    }
    for (const [operand, take] of flows) {
      if (!operand.requiresGradient) continue;
      const earlier = gradients.get(operand);
      const next = take();
      gradients.set(operand, earlier === undefined ? next : add(earlier, next));
    }
    gradients.delete(result);
  }
  return parameters.map((parameter) => gradients.get(parameter));
}

/** @throws ShapeError unless there is a scalar loss, and for each tensor a gradient of its shape */
export function checkDifferentiable(
  loss: Tensor<DataType> | undefined,
  { tensors, gradients }: Differentiable,
): asserts loss is Tensor {
  if (loss === undefined) throw new ShapeError('program: to differentiate, return the loss as an output named "loss"');
  if (loss.size !== 1 || loss.dtype !== "float32")
    throw new ShapeError(`program: the loss is ${formatSpec(loss)}; it has to be a scalar`);
  if (new Set(gradients.map(({ storage }) => storage)).size !== gradients.length)
    throw new ShapeError("program: two gradients have one place; each has to have its own");
  for (const [index, { shape, engine, requiresGradient }] of tensors.entries()) {
    const place = gradients[index];
    if (engine !== loss.engine || (place ?? loss).engine !== loss.engine)
      throw new ShapeError(`program: tensor ${index} to differentiate, or its gradient, is of another engine`);
    if (!requiresGradient)
      throw new ShapeError(`program: tensor ${index} to differentiate was not made with requiresGradient`);
    if (place !== undefined && sameNumbers(place.shape, shape) && place.dtype === "float32") continue;
    const found = place === undefined ? "missing" : formatSpec(place);
    throw new ShapeError(`program: gradient ${index} is ${found}, and its tensor ${formatShape(shape)}`);
  }
}

/**
 * The calls, with each gradient written to its place: the call that computes it writes there at once if nothing else
 * touches its result; else a copy follows. The place of a gradient that does not exist is filled with zeros.
 */
export function writeGradients(
  calls: readonly Call[],
  gradients: readonly (Tensor | undefined)[],
  places: readonly Tensor[],
): Call[] {
  const written = [...calls];
  for (const [index, gradient] of gradients.entries()) {
    const place = places[index] as Tensor;
    if (gradient === undefined) {
      written.push({ kernel: "zero", results: [place], operands: [bytesOf(place)] });
      continue;
    }
    // Two parameters that are only ever added to each other have one gradient.
    const shared = gradients.filter((other) => other?.storage === gradient.storage).length > 1;
    const only = shared ? -1 : onlyCallThatTouches(calls, gradient, place);
    const call = written[only];
    if (call === undefined) written.push({ kernel: "copy", results: [place], operands: [gradient, bytesOf(place)] });
    else {
      const results = call.results.map((result) => (result.storage === gradient.storage ? place : result));
      written[only] = { ...call, results };
    }
  }
  return written;
}

/**
 * The index of the call that writes a gradient, if that is the only one with anything to do with it and none after it
 * reads what lies in the gradient's place; else -1.
 */
function onlyCallThatTouches(calls: readonly Call[], gradient: Tensor, place: Tensor): number {
  const readerOf = ({ storage }: Tensor, from: number) =>
    calls.slice(from).some(({ operands }) => operands.some((x) => x instanceof Tensor && x.storage === storage));
  const isWriter = ({ results }: Call) => results.some(({ storage }) => storage === gradient.storage);
  const writers = calls.flatMap((call, index) => (isWriter(call) ? [index] : []));
  const [writer] = writers;
  if (writer === undefined || writers.length > 1) return -1;
  return readerOf(gradient, 0) || readerOf(place, writer + 1) ? -1 : writer;
}
