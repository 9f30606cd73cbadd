// A program as text: one line a call, results and operands with their shapes.

import { type DataType, formatSpec } from "../base/spec.ts";
import { type Call, type Operand, SCRATCH } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/** `t1 [64, 32] = matmul(x [64, 1], network.0.weight [1, 32], network.0.bias [32], 64, 1, 32, 1, scratch)` */
export function printCalls(calls: readonly Call[], outputs: Readonly<Record<string, Tensor<DataType>>>): string {
  const named = Object.entries(outputs).map(([name, { storage }]) => [storage, name] as const);
  // A tensor that is returned under several names goes by the first.
  const names = new Map<Storage, string>(named.reverse());
  let unnamed = 0;
  const nameOf = (tensor: Tensor<DataType>): string => {
    const name = tensor.name ?? names.get(tensor.storage) ?? `t${++unnamed}`;
    names.set(tensor.storage, name);
    return name;
  };
  const print = (operand: Operand): string => {
    if (!(operand instanceof Tensor)) return typeof operand === "number" ? String(operand) : "stream";
    return operand.name === SCRATCH ? SCRATCH : `${nameOf(operand)} ${formatSpec(operand)}`;
  };
  return calls
    .map(({ kernel, results, operands }) => {
      const inside = operands.map(print).join(", ");
      return `${results.map(print).join(", ")} = ${kernel}(${inside})`;
    })
    .join("\n");
}
