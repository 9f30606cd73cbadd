// Leaves out of a program what nobody reads: a network's value where only its actions are wanted, a bound that an
// option switched off.

import type { DataType } from "../base/spec.ts";
import type { Call } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/**
 * The calls on which an output depends, or anything that outlives a replay: memory that was there before the program,
 * such as a gradient's, and streams, whose numbers count as drawn whether or not they are used.
 */
export function prune(calls: readonly Call[], outputs: readonly Tensor<DataType>[]): Call[] {
  const needed = new Set<Storage>(outputs.map(({ storage }) => storage));
  const kept: Call[] = [];
  for (const call of [...calls].reverse()) {
    const isNeeded = call.results.some(({ storage }) => needed.has(storage) || storage.address !== undefined);
    const draws = call.operands.some((operand) => typeof operand === "object" && !(operand instanceof Tensor));
    if (!isNeeded && !draws) continue;
    for (const operand of call.operands) if (operand instanceof Tensor) needed.add(operand.storage);
    kept.push(call);
  }
  return kept.reverse();
}
