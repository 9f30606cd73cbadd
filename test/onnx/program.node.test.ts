// Computations as ONNX models: every kernel of the table against what onnxruntime made of it, and what has no model.

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine, ShapeError, Stream, UnsupportedError } from "../../src/index.ts";
import { encodeOnnx } from "../../src/io/onnx.ts";
import type { Captures } from "../../src/onnx/batch.ts";
import { rows } from "../../src/onnx/kernels.ts";
import { modelOf } from "../../src/onnx/program.ts";
import {
  add,
  concatenate,
  float32,
  gru,
  multiply,
  normal,
  program,
  reshape,
  slice,
  standardize,
  type Tensor,
  transpose,
  uint8,
  zeros,
} from "../../src/tensor/index.ts";
import { digestOf, expectNear, fixture } from "./fixture.ts";
import { capturesOf, operands, operators } from "./operators.ts";
import { readModel } from "./read.ts";

const engine = await Engine.create();

describe("a computation of all operators", () => {
  it("calls every kernel of the table", () => {
    const [{ calls }] = capturesOf(engine);
    expect([...new Set(calls.map(({ kernel }) => kernel))].sort()).toEqual(Object.keys(rows).sort());
  });

  it("becomes the bytes that onnxruntime has run", () => {
    const bytes = encodeOnnx({ ...modelOf("operators", capturesOf(engine)), metadata: {} });
    expect(digestOf(bytes)).toBe(fixture.computation.model);
  });

  it("gives for another batch what onnxruntime gives, the same bits where there is one rounding", () => {
    const computation = operators(engine)(7);
    for (const [name, values] of Object.entries(operands(7)))
      computation.inputs[name as keyof typeof computation.inputs].set(values);
    computation.run();
    const said = Object.entries(computation.outputs).map(([name, { data }]) => [name, data] as const);
    expectNear(Object.fromEntries(said), fixture.computation);
    const { tolerances } = fixture.computation;
    for (const name of ["add", "concatenate", "transpose", "argmax"]) expect(tolerances).not.toHaveProperty(name);
  });
});

/** The model of a computation of one tensor [batch, 6]. */
function modelOfBody(body: (x: Tensor, batch: number) => Record<string, Tensor>) {
  const capture = (batch: number) => program(engine, { x: float32([batch, 6]) }, ({ x }) => body(x, batch));
  return readModel(encodeOnnx({ ...modelOf("body", [capture(2), capture(3)] as unknown as Captures), metadata: {} }));
}

describe("what has no model", () => {
  const stream = new Stream(engine, 1, "sampling");
  it.each<[string, (x: Tensor, batch: number) => Record<string, Tensor>, Error]>([
    [
      "random numbers",
      (x) => ({ y: add(x, normal(stream, x.shape)) }),
      new UnsupportedError("onnx: the kernel philoxNormal has no counterpart in src/onnx/kernels.ts"),
    ],
    [
      "a kernel that is not in the table",
      (x) => ({ y: standardize(x, 0) }),
      new UnsupportedError("onnx: the kernel standardize has no counterpart in src/onnx/kernels.ts"),
    ],
    [
      "another order of the batch",
      (x) => ({ y: transpose(x) }),
      new UnsupportedError("onnx: copyStrided of [2, 6] to [6, 2] leaves the rows of a batch"),
    ],
    [
      "one element of the batch",
      (x) => ({ y: slice(x, [[0, 1]]) }),
      new UnsupportedError("onnx: copyStrided of [2, 6] to [1, 6] leaves the rows of a batch"),
    ],
    [
      "all elements of the batch but one",
      (x) => ({ y: slice(x, [[1]]) }),
      new ShapeError(
        "onnx: a tensor is [1, 6] for a batch of 2, [2, 6] of 3; it has to have a row, or several, for each element",
      ),
    ],
    [
      "one batch after another",
      (x) => ({ y: concatenate([x, x]) }),
      new UnsupportedError("onnx: copyStrided of [2, 6] to [4, 6] leaves the rows of a batch"),
    ],
    [
      "what is held for one batch only",
      (x, batch) => ({ y: add(x, zeros(engine, float32([batch, 6]), "held")) }),
      new ShapeError("onnx: held [2, 6] grows with the batch"),
    ],
    [
      "an output of an input's name",
      (x) => ({ x }),
      new ConfigurationError("onnx: an input and an output are both called x"),
    ],
    [
      "more than one step of a recurrent layer",
      (x, batch) => {
        const held = (shape: readonly number[]) => zeros(engine, float32(shape), "held");
        const starts = zeros(engine, uint8([3, batch]), "starts");
        const gates = reshape(slice(x, [[], [0, 3]]), [3 * batch, 1]);
        return {
          y: gru(concatenate([gates, gates, gates], 1), held([1, 3]), held([3]), held([batch, 1]), starts).hidden,
        };
      },
      new UnsupportedError("onnx: gru of other than one step; a model takes one at a time"),
    ],
    [
      "another computation for another batch",
      (x, batch) => ({ y: batch === 2 ? add(x, x) : multiply(x, x) }),
      new ShapeError("onnx: a batch of 2 and one of 3 run different kernels"),
    ],
  ])("%s", (_, body, error) => {
    expect(() => modelOfBody(body)).toThrow(error);
  });
});

it("one tensor may be several outputs, and be looked at in several shapes", () => {
  const { outputs, nodes } = modelOfBody((x, batch) => {
    const sum = add(x, 1);
    const pairs = reshape(sum, [batch * 3, 2]);
    return { sum, again: sum, pairs, given: reshape(x, [batch, 3, 2]) };
  });
  expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ["sum", ["batch", 6]],
    ["again", ["batch", 6]],
    ["pairs", ["3 * batch", 2]],
    ["given", ["batch", 3, 2]],
  ]);
  expect(nodes.map(({ operator }) => operator)).toEqual(["Add", "Identity", "Reshape", "Reshape"]);
});
