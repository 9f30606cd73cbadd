// A captured computation as an ONNX model, call by call.

import { ConfigurationError, UnsupportedError } from "../base/errors.ts";
import type { DataType } from "../base/spec.ts";
import type { OnnxModel } from "../io/onnx.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Captures, type Sized, sized, sizedCalls } from "./batch.ts";
import { CallSite, Graph } from "./graph.ts";
import { rows } from "./kernels.ts";

/**
 * The model of a computation that was captured for both batches, for any batch.
 * @throws UnsupportedError for a kernel that ONNX has no counterpart of here; ShapeError for what is no computation of
 * a batch row by row; ConfigurationError for an input and an output of one name
 */
export function modelOf(name: string, captures: Captures): Omit<OnnxModel, "metadata"> {
  const [{ inputs, outputs }, other] = captures;
  for (const name of Object.keys(outputs))
    if (Object.hasOwn(inputs, name))
      throw new ConfigurationError(`onnx: an input and an output are both called ${name}`);
  const graph = new Graph([...Object.keys(inputs), ...Object.keys(outputs)]);
  for (const [input, tensor] of Object.entries(inputs)) graph.input(input, pair(tensor, other.inputs, input));
  for (const call of sizedCalls(captures)) {
    const { kernel } = call.captured;
    const row = rows[kernel];
    if (row === undefined)
      throw new UnsupportedError(`onnx: the kernel ${kernel} has no counterpart in src/onnx/kernels.ts`);
    const values = [row(new CallSite(graph, call))].flat();
    for (const [place, value] of values.entries()) if (value) graph.write(call.results[place] as Sized, value);
  }
  for (const [output, tensor] of Object.entries(outputs)) graph.output(output, pair(tensor, other.outputs, output));
  return { name, ...graph.parts() };
}

function pair(tensor: Tensor<DataType>, others: Readonly<Record<string, Tensor<DataType>>>, name: string): Sized {
  return sized(tensor, others[name] as Tensor<DataType>);
}
