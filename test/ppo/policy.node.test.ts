// A policy on its own: acting, and its file.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  ActorCritic,
  Box,
  Discrete,
  Engine,
  FileFormatError,
  type Hyperparameters,
  hasRelaxedSimd,
  makeVec,
  NonFiniteError,
  Policy,
  PPO,
  ShapeError,
  Stream,
} from "../../src/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { normal, program } from "../../src/tensor/index.ts";
import fixture from "../fixtures/policy-v1.json" with { type: "json" };
import { ScriptedVectorEnv } from "./scripted-env.ts";

const folder = mkdtempSync(join(tmpdir(), "proximal-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const discrete = new Discrete(3);
const box = new Box([-1, -0.1], [1, 0.1]);

async function makePolicy(space: Discrete | Box, given: Partial<Hyperparameters> = {}): Promise<Policy> {
  const config = completeHyperparameters({ hiddenSizes: [8], seed: 3, ...given });
  const engine = await Engine.create({ kernels: config.kernels });
  const actorCritic = new ActorCritic(engine, new Box(-1, 1, [2, 2]), space, config);
  return new Policy(actorCritic, config);
}

/** Sets the bias of the actor's last layer, so that its output is known. */
function setOutput(policy: Policy, output: readonly number[]): void {
  for (const { name, data } of policy.tensors) {
    if (name === "actor.1.weight") data.fill(0);
    if (name === "actor.1.bias") data.set(output);
  }
}

const observation = [0.1, -0.2, 0.3, 0.4];

describe("act", () => {
  it("takes the most likely of discrete actions", async () => {
    const policy = await makePolicy(discrete);
    setOutput(policy, [0, 1, 0.5]);
    expect(policy.act(observation)).toBe(1);
    setOutput(policy, [2, 1, 2]);
    expect(policy.act(Float32Array.from(observation))).toBe(0);
  });

  it("takes the mean of a Gaussian, within the bounds of the space", async () => {
    const policy = await makePolicy(box);
    setOutput(policy, [0.25, 7]);
    expect(policy.act(observation)).toEqual(Float32Array.of(0.25, 0.1));
    const [first, second] = [policy.act(observation), policy.act(observation)];
    expect(first).not.toBe(second);
  });

  it("draws actions by their probability where it is asked to", async () => {
    const policy = await makePolicy(discrete);
    setOutput(policy, [Math.log(0.2), Math.log(0.3), Math.log(0.5)]);
    const counts = [0, 0, 0];
    const draws = 10_000;
    for (let draw = 0; draw < draws; draw++) {
      const action = policy.act(observation, { deterministic: false }) as number;
      counts[action] = (counts[action] as number) + 1;
    }
    // Five standard deviations of a binomial count.
    for (const [action, probability] of [0.2, 0.3, 0.5].entries()) {
      const limit = 5 * Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs((counts[action] as number) - draws * probability)).toBeLessThan(limit);
    }
  });

  it("draws from a Gaussian of its mean and standard deviation", async () => {
    const policy = await makePolicy(new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [1]));
    setOutput(policy, [2]);
    policy.tensors.find(({ name }) => name === "actor.logStd")?.data.fill(Math.log(0.5));
    const draws = Array.from({ length: 10_000 }, () => {
      return (policy.act(observation, { deterministic: false }) as Float32Array)[0] as number;
    });
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    // Five standard errors each.
    expect(Math.abs(mean - 2)).toBeLessThan(5 * (0.5 / 100));
    expect(Math.abs(variance - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / draws.length));
  });

  it("draws from a stream of its own, which the seed decides", async () => {
    const space = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [4]);
    // Of mean 0 and standard deviation 1, an action is the numbers that were drawn.
    const drawn = async (seed: number) => {
      const policy = await makePolicy(space, { seed });
      setOutput(policy, [0, 0, 0, 0]);
      return [0, 1].map(() => policy.act(observation, { deterministic: false }));
    };
    const engine = await Engine.create();
    const numbers = (seed: number, name: "acting" | "sampling") => {
      const stream = new Stream(engine, seed, name);
      const draw = program(engine, {}, () => ({ x: normal(stream, [4]) }));
      return [draw, draw].map(({ run, outputs }) => {
        run();
        return outputs.x.data.slice();
      });
    };
    expect(await drawn(3)).toEqual(numbers(3, "acting"));
    expect(await drawn(4)).toEqual(numbers(4, "acting"));
    expect(await drawn(4)).not.toEqual(await drawn(3));
    expect(await drawn(3)).not.toEqual(numbers(3, "sampling"));
  });

  it("says what an observation has to be", async () => {
    const policy = await makePolicy(discrete);
    expect(() => policy.act([1, 2, 3])).toThrow(
      new ShapeError("act: an observation of 3 numbers; it has to be [2, 2]"),
    );
    expect(() => policy.act(undefined as never)).toThrow(
      new ShapeError("act: an observation of undefined numbers; it has to be [2, 2]"),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e39, -1e39, undefined, "1"])(
    "refuses to act on %s",
    async (value) => {
      const policy = await makePolicy(discrete);
      expect(() => policy.act([0, 1, value as number, 2])).toThrow(
        new NonFiniteError(`act: observation[2] is ${value}; it has to be a finite float32`),
      );
    },
  );
});

describe("parameters that are no numbers", () => {
  it.each([
    ["discrete", discrete],
    ["continuous", box],
  ])("are written to no file, and acted on where they do not show: %s actions", async (_, space) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const [index, { name }] of (await makePolicy(space)).tensors.entries()) {
        const policy = await makePolicy(space);
        const { data } = policy.tensors[index] as (typeof policy.tensors)[number];
        data[1 % data.length] = value;
        const message = `value of ${name}[${1 % data.length}] is ${value}`;
        expect(() => policy.toBytes()).toThrow(new NonFiniteError(message));
        const path = join(folder, "broken.safetensors");
        await expect(policy.save(path)).rejects.toThrow(new NonFiniteError(message));
        expect(existsSync(path)).toBe(false);
        // Infinity may end in tanh, or in an action of probability 0; in the last bias it does not.
        const shows = Number.isNaN(value) ? name.startsWith("actor") : value > 0 && name === "actor.1.bias";
        for (const deterministic of shows ? [true, false] : []) {
          expect(() => policy.act(observation, { deterministic })).toThrow(
            new NonFiniteError("policy: log π(a | s) is NaN; its networks are not finite"),
          );
        }
      }
    }
  });
});

describe("a policy's file", () => {
  it.each([
    ["discrete", discrete],
    ["continuous", box],
  ])("comes back as the same policy: %s actions", async (_, space) => {
    const policy = await makePolicy(space);
    const path = join(folder, "policy.safetensors");
    await policy.save(path);
    const loaded = await Policy.load(path);
    expect(loaded.toBytes()).toEqual(policy.toBytes());
    expect(loaded.config).toEqual(policy.config);
    expect(loaded.act(observation)).toEqual(policy.act(observation));
  });

  it.skipIf(!hasRelaxedSimd())("comes back with the kernels that it was trained with", async () => {
    const policy = await makePolicy(box, { kernels: "fma", hiddenSizes: [64, 64] });
    const loaded = await Policy.load(policy.toBytes());
    for (let index = 0; index < 100; index++) {
      // Where the processor fuses, the other kernels differ in the last bit of some of them.
      const seen = [1, 2, 3, 4].map((factor) => Math.sin(factor * index));
      expect(loaded.act(seen)).toEqual(policy.act(seen));
    }
  });

  it("names its tensors, weights as [inputs, outputs]", async () => {
    const { tensors } = decodeSafetensors((await makePolicy(box)).toBytes(), "policy");
    expect(tensors.map(({ name, shape }) => `${name} [${shape.join(", ")}]`)).toEqual([
      "actor.0.weight [4, 8]",
      "actor.0.bias [8]",
      "actor.1.weight [8, 2]",
      "actor.1.bias [2]",
      "actor.logStd [2]",
      "critic.0.weight [4, 8]",
      "critic.0.bias [8]",
      "critic.1.weight [8, 1]",
      "critic.1.bias [1]",
    ]);
  });

  it("is refused where it is not one", async () => {
    const bytes = (await makePolicy(discrete)).toBytes();
    const { tensors, metadata: digested } = decodeSafetensors(bytes, "policy");
    // What other programs write has no digest.
    const { sha256, ...metadata } = digested;
    const reject = (file: Uint8Array, message: string) =>
      expect(Policy.load(file)).rejects.toThrow(new FileFormatError(message));
    await reject(encodeSafetensors({ tensors, metadata: {} }), "policy: not a policy of proximal (format unknown)");
    await reject(
      encodeSafetensors({ tensors, metadata: { proximal: "{ no JSON" } }),
      "policy: not a policy of proximal (format unknown)",
    );
    await reject(encodeSafetensors({ tensors: tensors.slice(1), metadata }), "policy: actor.0.weight is missing");
    const [weight, ...others] = tensors as [(typeof tensors)[number], ...typeof tensors];
    await reject(
      encodeSafetensors({ tensors: [{ ...weight, shape: [8, 4] }, ...others], metadata }),
      "policy: actor.0.weight: a tensor [8, 4] is not a tensor [4, 8] of finite numbers",
    );
    await expect(Policy.load(join(folder, "nowhere"))).rejects.toThrow(
      new FileFormatError(`${join(folder, "nowhere")}: no such file`),
    );
    await expect(Policy.load(folder)).rejects.toThrow(
      new FileFormatError(`${folder}: cannot be read (EISDIR: illegal operation on a directory)`),
    );
    await reject(
      encodeSafetensors({ tensors: tensors.slice(1), metadata: digested }),
      "policy: damaged, or changed by another program: its contents are not those of the sha256 in its metadata",
    );
  });
});

it("a policy's file of version 2 says of which data type its spaces are", async () => {
  const { tensors, metadata } = decodeSafetensors((await makePolicy(box)).toBytes(), "policy");
  for (const space of ["observationSpace", "actionSpace"]) {
    const about = JSON.parse(metadata.proximal as string);
    delete about[space].dtype;
    const bytes = encodeSafetensors({ tensors, metadata: { proximal: JSON.stringify(about) } });
    await expect(Policy.load(bytes)).rejects.toThrow(new FileFormatError(`policy: ${space}: dtype is missing`));
  }
});

it("a policy's file is held against its tensors before a network is built of what it claims", async () => {
  const { tensors, metadata } = decodeSafetensors((await makePolicy(box)).toBytes(), "policy");
  const about = JSON.parse(metadata.proximal as string);
  about.config.hiddenSizes = [200_000, 200_000];
  const bytes = encodeSafetensors({ tensors, metadata: { proximal: JSON.stringify(about) } });
  const start = performance.now();
  await expect(Policy.load(bytes)).rejects.toThrow(
    new FileFormatError("policy: actor.0.weight: a tensor [4, 8] is not a tensor [4, 200000] of finite numbers"),
  );
  // 160 GB of parameters were never asked for.
  expect(performance.now() - start).toBeLessThan(1000);
});

it("a policy is loaded without first values being drawn for it", async () => {
  const env = await makeVec("CartPole-v1");
  const agent = await PPO.create(env, { hiddenSizes: [512, 512] });
  const bytes = agent.policy.toBytes();
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const made = await timed(() => PPO.create(env, { hiddenSizes: [512, 512] }));
  const loaded = await timed(() => Policy.load(bytes));
  expect(loaded).toBeLessThan(made / 4);
});

it("a policy's file has a configuration, and no null for a hyper-parameter that has to be something", async () => {
  const { tensors, metadata } = decodeSafetensors((await makePolicy(box)).toBytes(), "policy");
  const about = JSON.parse(metadata.proximal as string);
  for (const [config, message] of [
    [5, "5 is not a configuration"],
    [{ ...about.config, gamma: null }, "gamma: null is not a number from 0 to 1"],
  ] as const) {
    const bytes = encodeSafetensors({ tensors, metadata: { proximal: JSON.stringify({ ...about, config }) } });
    await expect(Policy.load(bytes)).rejects.toThrow(new FileFormatError(`policy: config: ${message}`));
  }
});

it("a policy of pixels refuses what is no pixel", async () => {
  const pixels = new Box(0, 255, [2], "uint8");
  const env = { observationSpace: pixels, actionSpace: new Discrete(2) };
  const agent = await PPO.create(
    new ScriptedVectorEnv({ numEnvs: 1, ...env, terminated: [], truncated: [] } as never),
    { hiddenSizes: [4], numSteps: 8 },
  );
  expect([0, 1]).toContain(agent.act([0, 255]));
  for (const value of [0.5, 256, -1]) {
    expect(() => agent.act([0, value])).toThrow(new ShapeError(`act: observation[1] is ${value}; it has to be uint8`));
  }
});

describe("a policy's file of version 1", () => {
  it.each(Object.entries(fixture))("still acts as it did: %s actions", async (_, { file, cases }) => {
    const policy = await Policy.load(new Uint8Array(Buffer.from(file, "base64")));
    expect(policy.config.desiredKl).toBeNull();
    for (const { observation, action } of cases) {
      const acted = policy.act(observation);
      expect(typeof acted === "number" ? [acted] : [...acted]).toEqual(action);
    }
    const again = await Policy.load(policy.toBytes());
    expect(again.tensors).toEqual(policy.tensors);
  });
});
