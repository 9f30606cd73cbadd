// The ONNX format (github.com/onnx/onnx, onnx/onnx.proto): a graph of operators with the arrays that it holds. The
// numbers of fields are those of that file.

import type { Bytes, DataOf, DataType, Shape } from "../base/spec.ts";
import { bytes, type Fields, joined, message, text, varint } from "./protobuf.ts";

/** The set of operators that nodes are of, and the version of the format that came with it: ONNX 1.12, of 2022. */
const [OPSET, IR_VERSION] = [17, 8];

/** What the format calls each type of elements; int64 is what it wants sizes and axes in, and bool conditions. */
export const elementTypes = {
  ...{ float32: 1, uint8: 2, int32: 6, int64: 7 },
  ...{ bool: 9, float64: 11 },
} as const satisfies Readonly<Record<DataType | "int64" | "bool", number>>;

/** An array that a graph takes or gives. */
export interface OnnxArray {
  readonly name: string;
  readonly dtype: DataType;
  /** Sizes, and names of those that are free. */
  readonly shape: readonly (number | string)[];
}

/** An array that a graph holds. */
export interface OnnxTensor {
  readonly name: string;
  readonly dtype: DataType | "int64";
  readonly shape: Shape;
  readonly data: DataOf<DataType> | BigInt64Array;
}

/** An operator with the names of what it reads and writes. */
interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, or lists of them. */
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

/** A graph, its nodes in an order in which they can run, and what is said of it. */
export interface OnnxModel {
  readonly name: string;
  readonly inputs: readonly OnnxArray[];
  readonly outputs: readonly OnnxArray[];
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of an ONNX file. */
export function encodeOnnx({ name, inputs, outputs, tensors, nodes, metadata }: OnnxModel): Bytes {
  const graph = message(
    7,
    ...nodes.map((node) => message(1, ...nodeFields(node))),
    text(2, name),
    ...tensors.map((tensor) => message(5, ...tensorFields(tensor))),
    ...inputs.map((input) => message(11, ...arrayFields(input))),
    ...outputs.map((output) => message(12, ...arrayFields(output))),
  );
  return joined(
    varint(1, IR_VERSION),
    text(2, "proximal"),
    graph,
    message(8, text(1, ""), varint(2, OPSET)),
    ...Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value))),
  );
}

function nodeFields({ operator, inputs, outputs, attributes }: OnnxNode): Fields[] {
  return [
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      message(
        5,
        text(1, name),
        ...(typeof value === "number"
          ? [varint(3, value), varint(20, 2)]
          : [...value.map((element) => varint(8, element)), varint(20, 7)]),
      ),
    ),
  ];
}

function tensorFields({ name, dtype, shape, data }: OnnxTensor): Fields[] {
  return [
    ...shape.map((size) => varint(1, size)),
    varint(2, elementTypes[dtype]),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function arrayFields({ name, dtype, shape }: OnnxArray): Fields[] {
  const sizes = shape.map((size) => message(1, typeof size === "number" ? varint(1, size) : text(2, size)));
  return [text(1, name), message(2, message(1, varint(1, elementTypes[dtype]), message(2, ...sizes)))];
}
