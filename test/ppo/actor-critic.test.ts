// Which spaces actor and critic serve, and what they say of those that they do not.

import { describe, expect, it } from "vitest";
import { ActorCritic, Box, ConfigurationError, Discrete, Engine, type Space } from "../../src/index.ts";
import { headFor } from "../../src/nn/index.ts";
import { makersFor } from "../../src/nn/makers.ts";
import { ActorCritic as MadeActorCritic } from "../../src/ppo/actor-critic.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { program, type Tensor } from "../../src/tensor/index.ts";

const engine = await Engine.create();
const options = { hiddenSizes: [8], activation: "tanh", seed: 1 } as const;
const plain = new Box(-1, 1, [3]);

describe("actor and critic", () => {
  it("take observations of any shape, row by row, floats and bytes alike", () => {
    const outputs = ([dtype, shape]: readonly ["float32" | "uint8", readonly number[]]) => {
      const actorCritic = new ActorCritic(engine, new Box(0, 200, shape, dtype), new Discrete(2), options);
      const evaluate = program(engine, { x: actorCritic.observations(2) }, ({ x }) => {
        const { distribution, values } = actorCritic.forward(x);
        return { actions: distribution.mode(), values };
      });
      expect(evaluate.inputs.x).toMatchObject({ dtype, shape: [2, ...shape] });
      evaluate.inputs.x.set([0, 1, 2, 100, 50, 0, 200, 3, 1, 0, 0, 7]);
      evaluate.run();
      return [...evaluate.outputs.actions.data, ...evaluate.outputs.values.data];
    };
    const expected = outputs(["float32", [6]]);
    expect(outputs(["float32", [2, 3]])).toEqual(expected);
    expect(outputs(["uint8", [6]])).toEqual(expected);
    expect(outputs(["uint8", [3, 1, 2]])).toEqual(expected);
  });

  it("begin with weights of the seed, those of the actor's last layer near zero", () => {
    const weights = (seed: number) => {
      const { parameters } = new ActorCritic(engine, plain, new Discrete(4), { ...options, seed });
      return new Map(parameters.named().map(({ name, data }) => [name, [...data]]));
    };
    const [first, again, other] = [weights(1), weights(1), weights(2)];
    expect(again).toEqual(first);
    expect(other.get("critic.0.weight")).not.toEqual(first.get("critic.0.weight"));
    const norm = (name: string) => Math.hypot(...(first.get(name) as number[]));
    // Of an orthogonal matrix: its gain times the root of its shorter side.
    expect(norm("actor.1.weight")).toBeCloseTo(0.01 * Math.sqrt(4), 7);
    expect(norm("critic.1.weight")).toBeCloseTo(1, 6);
    for (const name of ["actor.0.weight", "critic.0.weight"])
      expect(norm(name)).toBeCloseTo(Math.SQRT2 * Math.sqrt(3), 5);
  });

  it.each([
    ["tanh", 8 * Math.tanh(-5), Math.tanh(-5)],
    ["relu", 0, 0],
  ] as const)("have hidden layers of %s, both of them", (activation, value, logit) => {
    const actorCritic = new ActorCritic(engine, plain, new Box(-9, 9, [1]), { ...options, activation });
    const evaluate = program(engine, { x: actorCritic.observations(1) }, ({ x }) => {
      const { distribution, values } = actorCritic.forward(x);
      return { mode: distribution.mode(), values };
    });
    // Every hidden unit is at -5 before its activation; the critic adds all up, the actor takes the first.
    for (const { name, data } of actorCritic.parameters.named()) {
      data.fill(name.endsWith("0.bias") ? -5 : name === "critic.1.weight" ? 1 : 0);
      if (name === "actor.1.weight") data[0] = 1;
    }
    evaluate.run();
    expect(evaluate.outputs.values.item()).toBeCloseTo(value, 5);
    expect((evaluate.outputs.mode as Tensor).item()).toBeCloseTo(logit, 6);
  });

  it("run only the one that is asked for", () => {
    const actorCritic = new ActorCritic(engine, plain, new Box(-1, 1, [2]), options);
    const kernels = (which: "mode" | "values") =>
      program(engine, { x: actorCritic.observations(4) }, ({ x }) => {
        const { distribution, values } = actorCritic.forward(x);
        return { out: which === "mode" ? distribution.mode() : values };
      }).calls.map(({ kernel }) => kernel);
    expect(kernels("mode")).toEqual(["matmul", "matmul"]);
    expect(kernels("values")).toEqual(["matmul", "matmul"]);
  });

  it.each<[string, Box<"float32" | "int32" | "float64" | "uint8">, Space, string]>([
    [
      "observations of nothing",
      new Box([], []),
      new Discrete(2),
      "observation space: it has no elements; it has to have at least one",
    ],
    [
      "observations of int32",
      new Box(0, 9, [2], "int32"),
      new Discrete(2),
      "observation space: Box(2, int32); the networks take float32 and uint8",
    ],
    [
      "observations of float64",
      new Box(0, 9, [2], "float64"),
      new Discrete(2),
      "observation space: Box(2, float64); the networks take float32 and uint8",
    ],
    [
      "actions of bytes",
      plain,
      new Box(0, 255, [2], "uint8"),
      "action space: Box(2, uint8); actions have to be float32",
    ],
    [
      "actions that do not count from 0",
      plain,
      new Discrete(2, 5),
      "action space: Discrete(2, start 5); actions have to be counted from 0",
    ],
  ])("refuse %s", (_, observations, actions, message) => {
    expect(() => new ActorCritic(engine, observations, actions, options)).toThrow(new ConfigurationError(message));
  });
});

it("there is a head for each kind of action space, and a word for what has none", () => {
  expect(headFor(new Discrete(3))).toMatchObject({ outputs: 3, action: { shape: [], dtype: "int32" } });
  expect(headFor(new Box(-1, 1, [2, 3]))).toMatchObject({ outputs: 6, action: { shape: [6], dtype: "float32" } });
  const text = { type: "Text", toString: () => "Text(5)" } as unknown as Space;
  expect(() => headFor(text)).toThrow(
    new ConfigurationError("action space: Text(5); policies have heads for Box, Discrete, MultiBinary, MultiDiscrete"),
  );
});

it.each([
  ["an MLP", new Discrete(2), {}],
  ["normalised layers", new Discrete(2), { layerNorm: true }],
  ["a memory", new Discrete(2), { memory: "lstm", memorySize: 4 }],
  ["convolutions", new Discrete(2), { network: "small-cnn" }],
  ["actions of a Box", new Box(-1, 1, [2]), {}],
] as const)("PPO.create loads the head and the networks of %s", async (_, actions, more) => {
  const images = new Box(0, 1, [10, 10, 1]);
  const config = completeHyperparameters({ ...options, ...more });
  const made = new MadeActorCritic(engine, images, actions, config, await makersFor(actions, config));
  const expected = new ActorCritic(engine, images, actions, config);
  expect(made.head.constructor).toBe(expected.head.constructor);
  expect(made.parameters.named()).toEqual(expected.parameters.named());
});
