// Whatever takes an object of options refuses the names that it does not know, and says which was meant.

import { describe, expect, it } from "vitest";
import {
  CartPole,
  ConfigurationError,
  Engine,
  evaluate,
  make,
  makeVec,
  PPO,
  presetFor,
  register,
  SyncVectorEnv,
} from "../../src/index.ts";
import { Linear, MLP, Parameters } from "../../src/nn/index.ts";
import { Adam } from "../../src/optim/index.ts";
import { program } from "../../src/tensor/index.ts";

const engine = await Engine.create();
const vector = await makeVec("CartPole-v1");
const agent = await PPO.create(vector, { hiddenSizes: [4] });
const wrong = (options: object) => options as never;

describe("a misspelt option", () => {
  it.each<[string, () => unknown, string]>([
    ["Engine.create", () => Engine.create(wrong({ kernel: "fma" })), "kernel; did you mean kernels?"],
    ["make", () => make("CartPole-v1", wrong({ sede: 1 })), "sede; did you mean seed?"],
    ["makeVec", () => makeVec("CartPole-v1", wrong({ numenvs: 8 })), "numenvs; did you mean numEnvs?"],
    ["SyncVectorEnv", () => new SyncVectorEnv([new CartPole(engine)], wrong({ sed: 1 })), "sed; did you mean seed?"],
    ["reset", () => vector.reset(wrong({ Seed: 1 })), "Seed; did you mean seed?"],
    ["hyper-parameters", () => PPO.create(vector, wrong({ gaeLamda: 1 })), "gaeLamda; did you mean gaeLambda?"],
    ["train", () => agent.train(wrong({ totalsteps: 10 })).next(), "totalsteps; did you mean totalSteps?"],
    ["act", () => agent.act([0, 0, 0, 0], wrong({ determinstic: false })), "determinstic; did you mean deterministic?"],
    ["PPO", () => PPO.create(vector, {}, wrong({ weigths: {} })), "weigths; did you mean weights?"],
    [
      "PPO",
      () => PPO.resume(vector, agent.checkpoint(), wrong({ weights: {} })),
      "weights; there are: engine, network",
    ],
    ["evaluate", () => evaluate(agent, new CartPole(engine), wrong({ episode: 1 })), "episode; did you mean episodes?"],
    [
      "program",
      () => program(engine, {}, () => ({}), wrong({ diferentiate: 1 })),
      "diferentiate; did you mean differentiate?",
    ],
    ["CartPole-v1", () => new CartPole(engine, wrong({ sed: 1 })), "sed; did you mean seed?"],
    [
      "Linear l",
      () => new Linear(new Parameters(engine), "l", 1, 1, wrong({ activtion: "relu" })),
      "activtion; did you mean activation?",
    ],
    [
      "MLP m",
      () => new MLP(new Parameters(engine), "m", [1, 1], wrong({ gain: 2 })),
      "gain; there are: activation, outputGain",
    ],
    [
      "Adam",
      () => new Adam(new Parameters(engine), wrong({ lr: 1 })),
      "lr; there are: learningRate, beta1, beta2, epsilon, maxGradNorm, weightDecay",
    ],
  ])("of %s is refused", async (owner, call, message) => {
    await expect((async () => call())()).rejects.toThrow(
      new ConfigurationError(`${owner}: there is no option ${message}`),
    );
  });
});

it.each<[string, (none: never) => unknown]>([
  ["Engine.create", (none) => Engine.create(none)],
  ["make", (none) => make("CartPole-v1", none)],
  ["makeVec", (none) => makeVec("CartPole-v1", none)],
  ["SyncVectorEnv", (none) => new SyncVectorEnv([new CartPole(engine)], none)],
  ["hyper-parameters", (none) => PPO.create(vector, none)],
  ["train", (none) => agent.train(none).next()],
  ["act", (none) => agent.act([0, 0, 0, 0], none)],
  ["evaluate", (none) => evaluate(agent, new CartPole(engine), none)],
  ["program", (none) => program(engine, {}, () => ({}), none)],
  ["Adam", (none) => new Adam(new Parameters(engine), none)],
  ["register", (none) => register(none)],
])("what is no object of options is refused by %s", async (owner, call) => {
  for (const none of [null, 5, "seed"]) {
    await expect((async () => call(none as never))()).rejects.toThrow(
      new ConfigurationError(`${owner}: ${JSON.stringify(none)} is not an object`),
    );
  }
});

it("Adam has to have settings", () => {
  expect(() => new Adam(new Parameters(engine), undefined as never)).toThrow(
    new ConfigurationError("Adam: undefined is not an object"),
  );
});

it("a value of any kind is shown in an error, in one line", async () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const [seed, shown] of [
    [1n, "1n"],
    [circle, "[object Array]"],
    [[1n], "[object Array]"],
    [() => 1, "() => 1"],
    [Promise.resolve(1), "[object Promise]"],
    [Object.assign(() => 1, { toString: () => "a\n  b" }), "a b"],
    [Symbol("s"), "Symbol(s)"],
  ]) {
    await expect(PPO.create(vector, wrong({ seed }))).rejects.toThrow(
      new ConfigurationError(`seed: ${String(shown)} is not an integer of at least 0`),
    );
  }
});

describe("the configuration of an agent", () => {
  it("cannot be written to, and is no part of what it was made from", async () => {
    const hiddenSizes = [4];
    const { config } = await PPO.create(await makeVec("CartPole-v1"), { hiddenSizes });
    hiddenSizes.push(5);
    expect(config.hiddenSizes).toEqual([4]);
    expect(Object.isFrozen(config) && Object.isFrozen(config.hiddenSizes)).toBe(true);
    expect(() => Object.assign(config, { numEpochs: 0 })).toThrow(TypeError);
  });

  it("has no preset under the names that objects inherit", () => {
    for (const id of ["constructor", "toString", "CartPole-v9"])
      expect(presetFor(id)).toEqual({ numEnvs: 4, totalSteps: 500_000, hyperparameters: {} });
  });
});
