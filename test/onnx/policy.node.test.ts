// A policy as an ONNX model: what is exported are the bytes that onnxruntime has run, what it made of them is what
// `act` and `evaluate` give, and an independent reader finds in them what the policy is.

import { describe, expect, it } from "vitest";
import { ActorCritic, Box, Discrete, Engine, NonFiniteError } from "../../src/index.ts";
import { encodeOnnx } from "../../src/io/onnx.ts";
import { Linear, type Network } from "../../src/nn/index.ts";
import { toOnnx } from "../../src/onnx/index.ts";
import { onnxModelOf } from "../../src/onnx/policy.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { concatenate, type Tensor } from "../../src/tensor/index.ts";
import { digestOf, expectNear, fixture, RECORDED } from "./fixture.ts";
import { observationsOf, policyNames, policyOf, saidBy } from "./policies.ts";
import { readModel } from "./read.ts";

const engine = await Engine.create();

describe.each(fixture.policies)("$name", ({ name, ...recorded }) => {
  const policy = policyOf(engine, name);

  it("is exported as the bytes that onnxruntime has run", () => {
    expect(digestOf(toOnnx(policy))).toBe(recorded.model);
  });

  it("acts as onnxruntime does, and says the same, within the bounds of rounding", () => {
    const { outputs } = saidBy(policy, observationsOf(engine, name, RECORDED));
    expectNear(Object.fromEntries(Object.entries(outputs).map(([output, rows]) => [output, rows.flat()])), recorded);
  });
});

it("onnxruntime has run every policy", () => {
  expect(fixture.policies.map(({ name }) => name)).toEqual(policyNames);
});

const FLOAT = 1;
const UINT8 = 2;
const INT32 = 6;

it("a model says of which format, operators and spaces it is, and what it takes and gives", () => {
  const model = readModel(toOnnx(policyOf(engine, "Discrete, relu, bytes")));
  expect(model).toMatchObject({
    ...{ irVersion: 8, producer: "proximal", opsets: [["", 17]] },
    metadata: {
      format: "proximal policy",
      version: "1",
      observation_space: '{"type":"Box","low":0,"high":255,"shape":[2,3],"dtype":"uint8"}',
      action_space: '{"type":"Discrete","n":4,"start":0}',
    },
    inputs: [{ name: "observation", type: UINT8, shape: ["batch", 2, 3] }],
    outputs: [
      { name: "action", type: INT32, shape: ["batch"] },
      { name: "log_prob", type: FLOAT, shape: ["batch"] },
      { name: "probabilities", type: FLOAT, shape: ["batch", 4] },
      { name: "value", type: FLOAT, shape: ["batch"] },
    ],
  });
});

it("a model of Box actions gives them in the shape of their space, with mean and standard deviation", () => {
  const { inputs, outputs, metadata } = readModel(toOnnx(policyOf(engine, "Box, tanh")));
  expect(inputs).toEqual([{ name: "observation", type: FLOAT, shape: ["batch", 2, 2] }]);
  expect(Object.fromEntries(outputs.map(({ name, shape }) => [name, shape]))).toEqual({
    action: ["batch", 2, 2],
    log_prob: ["batch"],
    mean: ["batch", 4],
    std: [4],
    value: ["batch"],
  });
  expect(JSON.parse(metadata.observation_space as string)).toMatchObject({ low: "-Infinity", high: "Infinity" });
});

it("a model holds each parameter once, by its name and with its bytes", () => {
  const policy = policyOf(engine, "Box, tanh");
  const { tensors } = readModel(toOnnx(policy));
  for (const { name, shape, data } of policy.tensors) {
    const held = tensors.filter((tensor) => tensor.name === name);
    expect(held).toEqual([{ name, type: FLOAT, shape, data: new Uint8Array(data.slice().buffer) }]);
  }
});

it("every name is written once, before it is read, and no value is computed for nobody", () => {
  for (const name of policyNames) {
    const { inputs, outputs, tensors, nodes } = readModel(toOnnx(policyOf(engine, name)));
    const given = [...inputs, ...tensors].map((array) => array.name);
    const written = [...given];
    const read = new Set(outputs.map((output) => output.name));
    for (const node of nodes) {
      for (const input of node.inputs) expect(written).toContain(input);
      for (const input of node.inputs) read.add(input);
      written.push(...node.outputs);
    }
    expect(new Set(written).size).toBe(written.length);
    expect(written.filter((value) => !read.has(value as string))).toEqual([]);
  }
});

it("networks with a memory take what they remembered, and give what they remember", () => {
  const config = completeHyperparameters({ sharedNetwork: true });
  const network: Network = (parameters, name) => {
    const layer = new Linear(parameters, `${name}.0`, 5, 3, { activation: "tanh" });
    return {
      ...{ features: 3, layers: 1, memorySize: 3 },
      forward: (x, recurrence) => {
        const memory = layer.forward(concatenate([x as Tensor, recurrence?.memory as Tensor], 1));
        return { features: memory, memory };
      },
    };
  };
  const actorCritic = new ActorCritic(engine, new Box(-1, 1, [2]), new Discrete(2), config, { network });
  const { inputs, outputs } = readModel(encodeOnnx(onnxModelOf({ actorCritic })));
  expect(inputs).toEqual([
    { name: "observation", type: FLOAT, shape: ["batch", 2] },
    { name: "memory", type: FLOAT, shape: ["batch", 3] },
    { name: "starts", type: UINT8, shape: [1, "batch"] },
  ]);
  expect(outputs.at(-1)).toEqual({ name: "next_memory", type: FLOAT, shape: ["batch", 3] });
});

it("a policy that is not finite is not exported", () => {
  const policy = policyOf(engine, "Box, tanh");
  (policy.tensors[0]?.data as Float32Array)[3] = Number.NaN;
  expect(() => toOnnx(policy)).toThrow(new NonFiniteError("value of actor.0.weight[3] is NaN"));
});
