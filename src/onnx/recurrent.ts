// One step of a recurrent layer, which is what acting takes at a time, as operators: what it puts out, and what it
// remembers. `starts` says in which rows an episode begins, before which there is nothing to remember.

import { UnsupportedError } from "../base/errors.ts";
import { elementTypes } from "../io/onnx.ts";
import { GROWS } from "./batch.ts";
import type { CallSite, Value } from "./graph.ts";

/** [memory, trace, hidden] of the kernel; the trace is what adjoints read. */
type Results = readonly [memory: Value, trace: undefined, hidden: Value];

/** c = σ(f) c + σ(i) tanh(g) and h = σ(o) tanh(c), with gates i, f, g, o of xGates + h · weight. */
export function lstm(call: CallSite): Results {
  const size = stepOf(call, 4);
  const memory = remembered(call, 2, 3, 2 * size);
  const [before, cells] = [call.columns(memory, 0, size), call.columns(memory, size, size)];
  const gates = call.node("Gemm", [before, call.tensor(1), call.tensor(0)]);
  const gate = (index: number, operator: string) => call.node(operator, [call.columns(gates, index * size, size)]);
  const kept = call.node("Mul", [gate(1, "Sigmoid"), cells]);
  const added = call.node("Mul", [gate(0, "Sigmoid"), gate(2, "Tanh")]);
  const after = call.node("Add", [kept, added]);
  const hidden = call.node("Mul", [gate(3, "Sigmoid"), call.node("Tanh", [after])]);
  return [call.node("Concat", [hidden, after], { axis: 1 }), undefined, hidden];
}

/**
 * h = (1 - z) n + z h, with gates r and z of xGates + q, n = tanh(xGates + r q) and q = h · weight + bias: the reset
 * gate acts behind the product.
 */
export function gru(call: CallSite): Results {
  const size = stepOf(call, 5);
  const before = remembered(call, 3, 4, size);
  const products = call.node("Gemm", [before, call.tensor(1), call.tensor(2)]);
  const part = (whole: Value, index: number) => call.columns(whole, index * size, size);
  const gate = (index: number) => {
    return call.node("Sigmoid", [call.node("Add", [part(call.tensor(0), index), part(products, index)])]);
  };
  const [reset, update] = [gate(0), gate(1)];
  const candidate = call.node("Mul", [reset, part(products, 2)]);
  const next = call.node("Tanh", [call.node("Add", [part(call.tensor(0), 2), candidate])]);
  const added = call.node("Mul", [call.node("Sub", [1, update]), next]);
  const hidden = call.node("Add", [added, call.node("Mul", [update, before])]);
  return [hidden, undefined, hidden];
}

/** The size of the layer, which stands behind steps and sequences in the operands. */
function stepOf(call: CallSite, place: number): number {
  const steps = call.size(place);
  if (steps !== 1)
    throw new UnsupportedError(`onnx: ${call.captured.kernel} of other than one step; a model takes one at a time`);
  return call.size(place + 2);
}

/** What is remembered [batch, columns], zeros where an episode begins. */
function remembered(call: CallSite, memory: number, starts: number, columns: number): Value {
  const begins = call.node("Cast", [call.tensor(starts, [GROWS, 1])], { to: elementTypes.bool });
  return call.node("Where", [begins, 0, call.tensor(memory, [GROWS, columns])]);
}
