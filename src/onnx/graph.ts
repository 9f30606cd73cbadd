// A graph while it is written: which value holds what lies in a tensor's memory, the arrays that the graph holds
// itself, and a name for each.

import { ShapeError } from "../base/errors.ts";
import { type DataType, formatShape, type Shape, sameNumbers } from "../base/spec.ts";
import type { OnnxArray, OnnxTensor } from "../io/onnx.ts";
import type { Call } from "../tensor/tape.ts";
import type { Storage, Tensor } from "../tensor/tensor.ts";
import { BATCHES, GROWS, type Sized, type SizedCall } from "./batch.ts";

/** What models call the size of the batch. */
const BATCH = "batch";

/** What a graph takes, holds or computes. It may be given another name until the graph is complete. */
export interface Value {
  name: string;
}

/** An input of a node: a value, or what is the same in every run: a float32, an int64 [n], a float64 [n]. */
export type Input = Value | number | readonly number[] | Float64Array;

interface Node {
  readonly operator: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

/** A value for the memory of tensors, under one of the shapes in which they look at it. */
interface View {
  readonly shape: Shape;
  readonly value: Value;
}

export class Graph {
  readonly #inputs: OnnxArray[] = [];
  readonly #outputs: OnnxArray[] = [];
  readonly #tensors: (Omit<OnnxTensor, "name"> & { readonly value: Value })[] = [];
  readonly #nodes: Node[] = [];
  readonly #views = new Map<Storage, View[]>();
  readonly #constants = new Map<string, Value>();
  readonly #names = new Set<string>();
  #batch: Value | undefined;

  /** @param reserved the names of inputs and outputs, which nothing else may have */
  constructor(reserved: Iterable<string>) {
    for (const name of reserved) this.#names.add(name);
  }

  /** What the parts of a model are, now that it is complete. */
  parts() {
    return {
      inputs: this.#inputs,
      outputs: this.#outputs,
      tensors: this.#tensors.map(({ value, ...tensor }) => ({ ...tensor, name: value.name })),
      nodes: this.#nodes.map(({ inputs, output, ...node }) => ({
        ...node,
        inputs: inputs.map(({ name }) => name),
        outputs: [output.name],
      })),
    };
  }

  /** Takes an array, which is this tensor. */
  input(name: string, sized: Sized): void {
    this.#inputs.push(arrayOf(name, sized));
    this.#views.set(sized.tensor.storage, [{ shape: sized.shape, value: { name } }]);
  }

  /** Gives what lies in this tensor. */
  output(name: string, sized: Sized): void {
    const value = this.tensor(sized);
    const isComputed = this.#nodes.some(({ output }) => output === value);
    const isGiven = this.#outputs.some((output) => output.name === value.name);
    if (isComputed && !isGiven) value.name = name;
    else this.#nodes.push({ operator: "Identity", inputs: [value], output: { name }, attributes: {} });
    this.#outputs.push(arrayOf(name, sized));
  }

  /** What lies in a tensor, under its shape or another. What nothing has computed is held by the graph: a copy. */
  tensor({ tensor, shape: own }: Sized, shape: Shape = own): Value {
    const views = this.#views.get(tensor.storage) ?? [{ shape: own, value: this.#held(tensor, own) }];
    this.#views.set(tensor.storage, views);
    const known = views.find((view) => sameNumbers(view.shape, shape));
    if (known !== undefined) return known.value;
    if (shape.filter((size) => size === GROWS).length > 1)
      throw new ShapeError(`onnx: a tensor ${formatShape(tensor.shape)} grows with the batch along more than one axis`);
    const value = this.node("reshape", "Reshape", [(views[0] as View).value, shape]);
    views.push({ shape, value });
    return value;
  }

  /** From here on, `value` is what lies in this tensor. */
  write({ tensor, shape }: Sized, value: Value): void {
    this.#views.set(tensor.storage, [{ shape, value }]);
  }

  /** Whether anything has been written to a tensor. */
  has({ tensor }: Sized): boolean {
    return this.#views.has(tensor.storage);
  }

  /** The size of the batch: int64 [1] */
  batch(): Value {
    const grows = this.#inputs.find(({ shape }) => shape[0] === BATCH);
    if (grows === undefined)
      throw new ShapeError("onnx: nothing that is given to the computation grows with the batch");
    this.#batch ??= this.node(BATCH, "Shape", [{ name: grows.name }], { start: 0, end: 1 });
    return this.#batch;
  }

  /** @param name what its result is called, unless there is another of this name */
  node(name: string, operator: string, inputs: readonly Input[], attributes: Node["attributes"] = {}): Value {
    const output = { name: this.#unique(name) };
    this.#nodes.push({ operator, inputs: inputs.map((input) => this.#value(input)), output, attributes });
    return output;
  }

  #value(input: Input): Value {
    if (typeof input === "number") return this.#constant("float32", [], Float32Array.of(input));
    if ("name" in input) return input;
    if (input instanceof Float64Array) return this.#constant("float64", [input.length], input);
    return this.#constant("int64", [input.length], BigInt64Array.from(input, BigInt));
  }

  #constant(dtype: OnnxTensor["dtype"], shape: Shape, data: OnnxTensor["data"]): Value {
    const key = `${dtype} ${formatShape(shape)} ${data}`;
    const value = this.#constants.get(key) ?? { name: this.#unique("constant") };
    if (!this.#constants.has(key)) this.#tensors.push({ value, dtype, shape, data });
    this.#constants.set(key, value);
    return value;
  }

  /** A parameter, or a constant of the program, whose name is its elements. */
  #held(tensor: Tensor<DataType>, shape: Shape): Value {
    const { dtype, name = "" } = tensor;
    if (shape.includes(GROWS)) throw new ShapeError(`onnx: ${name} ${formatShape(tensor.shape)} grows with the batch`);
    const value = { name: this.#unique(/^[a-z]/i.test(name) ? name : "constant") };
    this.#tensors.push({ value, dtype, shape, data: tensor.data.slice() });
    return value;
  }

  #unique(name: string): string {
    let unique = name;
    for (let number = 2; this.#names.has(unique); number++) unique = `${name}_${number}`;
    this.#names.add(unique);
    return unique;
  }
}

/** A call while its nodes are written. */
export class CallSite {
  /** The call as it was captured for the first of the batches. */
  readonly captured: Call;
  /** The first tensor that it writes, which is the only one of most. */
  readonly result: Sized;
  readonly #operands: SizedCall["operands"];
  readonly #graph: Graph;

  constructor(graph: Graph, { captured, results, operands }: SizedCall) {
    this.captured = captured;
    this.result = results[0] as Sized;
    this.#operands = operands;
    this.#graph = graph;
  }

  /** The tensor in this place of the operands, and its sizes. */
  operand(place: number): Sized {
    return this.#operands[place] as Sized;
  }

  /** What lies in that tensor, under its own shape or another. */
  tensor(place: number, shape?: Shape): Value {
    return this.#graph.tensor(this.operand(place), shape);
  }

  /** The number in this place of the operands; GROWS, where that is what it does. */
  size(place: number): number {
    return this.#operands[place] as number;
  }

  /** What lies in the result before this call, under this shape; undefined where nothing does. */
  before(shape: Shape): Value | undefined {
    return this.#graph.has(this.result) ? this.#graph.tensor(this.result, shape) : undefined;
  }

  /** So many columns of a matrix, from one on. */
  columns(matrix: Value, start: number, count: number): Value {
    return this.node("Slice", [matrix, [start], [start + count], [1]]);
  }

  /** One row [1, columns] for each of the batch. */
  repeated(row: Value): Value {
    return this.node("Expand", [row, this.node("Concat", [this.#graph.batch(), [1]], { axis: 0 })]);
  }

  /** A node more, which is called by the kernel. */
  node(operator: string, inputs: readonly Input[], attributes?: Node["attributes"]): Value {
    return this.#graph.node(this.captured.kernel, operator, inputs, attributes);
  }
}

function arrayOf(name: string, { tensor, shape, dtype }: Sized): OnnxArray {
  const sizeOfAxis = (size: number, axis: number) => {
    if (size !== GROWS) return size;
    const rows = (tensor.shape[axis] as number) / BATCHES[0];
    return rows === 1 ? BATCH : `${rows} * ${BATCH}`;
  };
  return { name, dtype, shape: shape.map(sizeOfAxis) };
}
