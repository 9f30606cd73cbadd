// A policy as an ONNX model: what is exported are the bytes that onnxruntime has run, what it made of them is what
// `act` and `evaluate` give, and an independent reader finds in them what the policy is.

import { describe, expect, it } from "vitest";
import { ActorCritic, Box, Discrete, Engine, NonFiniteError, Policy } from "../../src/index.ts";
import { encodeOnnx } from "../../src/io/onnx.ts";
import { Linear, type Network } from "../../src/nn/index.ts";
import { toOnnx } from "../../src/onnx/index.ts";
import { onnxModelOf } from "../../src/onnx/policy.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { concatenate, type Tensor } from "../../src/tensor/index.ts";
import { bytesOf, expectNear, fixture } from "./fixture.ts";
import { readModel } from "./read.ts";

const { policies } = fixture;
const load = (name: string) => {
  const recorded = policies.find((policy) => policy.name === name) as (typeof policies)[number];
  return Policy.load(bytesOf(recorded.policy));
};

describe.each(policies)("$name", ({ policy: saved, model, observations, ...recorded }) => {
  it("is exported as the bytes that onnxruntime has run", async () => {
    expect(toOnnx(await Policy.load(bytesOf(saved)))).toEqual(bytesOf(model));
  });

  it("acts as onnxruntime does, and says the same, within the bounds of rounding", async () => {
    const policy = await Policy.load(bytesOf(saved));
    const all = observations.map((observation) => {
      const { logProb, value, ...parameters } = policy.evaluate(observation);
      const action = policy.act(observation);
      return {
        action: typeof action === "number" ? [action] : action,
        log_prob: [logProb],
        value: [value],
        ...parameters,
      };
    });
    const said: Record<string, number[]> = {};
    for (const one of all)
      for (const [name, numbers] of Object.entries(one)) {
        // The standard deviation is the same for all.
        if (name === "std" && said.std !== undefined) continue;
        said[name] = [...(said[name] ?? []), ...(numbers as Float32Array)];
      }
    expectNear(said, recorded);
  });
});

const FLOAT = 1;
const UINT8 = 2;
const INT32 = 6;

it("a model says of which format, operators and spaces it is, and what it takes and gives", async () => {
  const model = readModel(toOnnx(await load("Discrete, relu, bytes")));
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

it("a model of Box actions gives them in the shape of their space, with mean and standard deviation", async () => {
  const { inputs, outputs, metadata } = readModel(toOnnx(await load("Box, tanh")));
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

it("a model holds each parameter once, by its name and with its bytes", async () => {
  const policy = await load("Box, tanh");
  const { tensors } = readModel(toOnnx(policy));
  for (const { name, shape, data } of policy.tensors) {
    const held = tensors.filter((tensor) => tensor.name === name);
    expect(held).toEqual([{ name, type: FLOAT, shape, data: new Uint8Array(data.slice().buffer) }]);
  }
});

it("every name is written once, before it is read, and no value is computed for nobody", async () => {
  for (const { name } of policies) {
    const { inputs, outputs, tensors, nodes } = readModel(toOnnx(await load(name)));
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

it("networks with a memory take what they remembered, and give what they remember", async () => {
  const engine = await Engine.create();
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

it("a policy that is not finite is not exported", async () => {
  const policy = await load("Box, tanh");
  (policy.tensors[0]?.data as Float32Array)[3] = Number.NaN;
  expect(() => toOnnx(policy)).toThrow(new NonFiniteError("value of actor.0.weight[3] is NaN"));
});
