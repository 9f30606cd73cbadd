// Recurrent layers over whole sequences. Rows are time-major: row t * sequences + e is step t of sequence e.

import { ShapeError } from "../../base/errors.ts";
import { bytesOf, type DataType, float32, formatSpec, type Spec, sameNumbers, uint8 } from "../../base/spec.ts";
import { call, callMany, differentiable, type Scratch, scratch } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { transpose } from "./rearrange.ts";
import { matrix } from "./shapes.ts";

/** What a recurrent layer makes of its sequences. */
export type Recurrence = {
  /** What each step puts out: [steps * sequences, size] */
  readonly hidden: Tensor;
  /** What the last step leaves to the next one, as `memory` was given; the same memory where there is no step. */
  readonly memory: Tensor;
};

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997), as PyTorch's LSTM with gates in the order i, f, g, o: with
 * a = xGates + h · hiddenWeight, c = σ(a_f) c + σ(a_i) tanh(a_g) and h = σ(a_o) tanh(c).
 *
 * A sequence gives the same bits in one call as step by step, whatever other sequences are beside it.
 *
 * @param xGates what the inputs add to the gates, x · inputWeight + bias: [steps * sequences, 4 size]
 * @param hiddenWeight [size, 4 size]
 * @param memory h and c before the first step: [sequences, 2 size]. No derivative flows to it: it has to be a constant,
 * and so does one that was put out here, which `detach` makes of it
 * @param starts 1 where an episode begins, whose state before that step is zero: [steps, sequences]
 */
export function lstm(xGates: Tensor, hiddenWeight: Tensor, memory: Tensor, starts: Tensor<"uint8">): Recurrence {
  const { sizes, rows } = checked("lstm", { xGates, hiddenWeight, memory, starts }, 4, 2);
  const [, sequences, size] = sizes;
  const [after, trace, hidden] = callMany(
    "lstm",
    [memory, float32([7 * rows, size]), float32([rows, size])],
    ...[xGates, hiddenWeight, memory, starts, ...sizes, workspace(xGates, size, 4 * size)],
  ) as [Tensor, Tensor, Tensor];
  differentiable(hidden, (gradient) => {
    const place = workspace(xGates, 4 * size, size, 2 * sequences * size);
    const toGates = call("lstmAdjoint", xGates, gradient, trace, transpose(hiddenWeight), starts, ...sizes, place);
    return [
      [xGates, () => toGates],
      [hiddenWeight, () => toHiddenWeight(hiddenWeight, trace, toGates, rows)],
    ];
  });
  return { hidden, memory: after };
}

/**
 * Gated recurrent units (Cho et al., 2014), as PyTorch's GRU with gates in the order r, z, n: with
 * q = h · hiddenWeight + hiddenBias, r = σ(x_r + q_r), z = σ(x_z + q_z), n = tanh(x_n + r q_n) and
 * h = (1 - z) n + z h.
 *
 * A sequence gives the same bits in one call as step by step, whatever other sequences are beside it.
 *
 * @param xGates what the inputs add to the gates, x · inputWeight + bias: [steps * sequences, 3 size]
 * @param hiddenWeight [size, 3 size]
 * @param hiddenBias [3 size]
 * @param memory h before the first step: [sequences, size]. No derivative flows to it: it has to be a constant, and so
 * does one that was put out here, which `detach` makes of it
 * @param starts 1 where an episode begins, whose state before that step is zero: [steps, sequences]
 */
export function gru(
  xGates: Tensor,
  hiddenWeight: Tensor,
  hiddenBias: Tensor,
  memory: Tensor,
  starts: Tensor<"uint8">,
): Recurrence {
  const { sizes, rows } = checked("gru", { xGates, hiddenWeight, hiddenBias, memory, starts }, 3, 1);
  const [, sequences, size] = sizes;
  const [after, trace, hidden] = callMany(
    "gru",
    [memory, float32([5 * rows, size]), float32([rows, size])],
    ...[xGates, hiddenWeight, hiddenBias, memory, starts, ...sizes, workspace(xGates, size, 3 * size)],
  ) as [Tensor, Tensor, Tensor];
  differentiable(hidden, (gradient) => {
    const place = workspace(xGates, 3 * size, size, 2 * sequences * size);
    const operands = [gradient, trace, transpose(hiddenWeight), starts, ...sizes, place];
    const [toGates, toProducts] = callMany("gruAdjoint", [xGates, xGates], ...operands) as [Tensor, Tensor];
    return [
      [xGates, () => toGates],
      [hiddenWeight, () => toHiddenWeight(hiddenWeight, trace, toProducts, rows)],
      [hiddenBias, () => call("sumRows", hiddenBias, toProducts, rows, 3 * size)],
    ];
  });
  return { hidden, memory: after };
}

/** Steps, sequences and size, where all operands fit them. */
function checked(
  operator: string,
  operands: Readonly<Record<"hiddenWeight" | "starts", Tensor<DataType>> & Record<string, Tensor<DataType>>>,
  gates: number,
  parts: number,
): { sizes: [steps: number, sequences: number, size: number]; rows: number } {
  const [steps, sequences] = matrix(operator, operands.starts);
  const [size] = matrix(operator, operands.hiddenWeight);
  const rows = steps * sequences;
  const specs: Readonly<Record<string, Spec>> = {
    xGates: float32([rows, gates * size]),
    hiddenWeight: float32([size, gates * size]),
    hiddenBias: float32([gates * size]),
    memory: float32([sequences, parts * size]),
    starts: uint8([steps, sequences]),
  };
  for (const [name, operand] of Object.entries(operands)) {
    const spec = specs[name] as Spec;
    if (operand.dtype === spec.dtype && sameNumbers(operand.shape, spec.shape)) continue;
    throw new ShapeError(
      `${operator}: ${name} is ${formatSpec(operand)}; for ${steps} steps of ${sequences} sequences and size ${size} it has to be ${formatSpec(spec)}`,
    );
  }
  return { sizes: [steps, sequences, size], rows };
}

/** hᵀ · gradient over all steps at once: a trace begins with h as each step found it. */
function toHiddenWeight(weight: Tensor, trace: Tensor, gradient: Tensor, rows: number): Tensor {
  const [size, width] = matrix("toHiddenWeight", weight);
  return call("matmulTN", weight, trace, gradient, size, rows, width, workspace(trace, rows, width));
}

/** What a product of this depth and width needs, and so many floats. */
function workspace({ engine }: Tensor, k: number, n: number, floats = 0): Scratch {
  return scratch(engine.kernels.matmulScratch(k, n) + bytesOf(float32([floats])));
}
