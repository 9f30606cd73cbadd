// A program as text: one line a call, results and operands with their shapes.

import { type DataType, formatSpec } from "../base/spec.ts";
import { type Call, type Operand, Scratch } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/** `t1 [64, 32] = matmul(x [64, 1], network.0.weight [1, 32], network.0.bias [32], 64, 1, 32, 1, scratch)` */
export function printCalls(calls: readonly Call[], outputs: Readonly<Record<string, Tensor<DataType>>>): string {
  const returned = Object.entries(outputs).map(([name, { storage }]) => [storage, name] as const);
  // A tensor that is returned under several names goes by the first.
  const outputNames = new Map(returned.reverse());
  const names = new Map<Storage | Operand, string>([
    [0, "scratch"],
    [1, "stream"],
  ]);
  let unnamed = 0;
  const nameOf = ({ storage, name }: Tensor<DataType>): string => {
    let own = names.get(storage);
    if (own !== undefined) return own;
    own = name ?? outputNames.get(storage) ?? `t${++unnamed}`;
    while ([...names.values()].includes(own)) own += "'";
    names.set(storage, own);
    return own;
  };
  const print = (operand: Operand): string => {
    if (typeof operand === "number") return String(operand);
    if (operand instanceof Scratch) return "scratch";
    return operand instanceof Tensor ? `${nameOf(operand)} ${formatSpec(operand)}` : "stream";
  };
  return calls
    .map(({ kernel, results, operands }) => {
      const inside = operands.map(print).join(", ");
      return `${results.map(print).join(", ")} = ${kernel}(${inside})`;
    })
    .join("\n");
}
