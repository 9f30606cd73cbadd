// The Python side itself, where there is a Python that has Gymnasium: that of PROXIMAL_PYTHON, or python3.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stateful } from "../../../src/base/state.ts";
import { gymnasium } from "../../../src/envs/gymnasium/index.ts";
import type { Image } from "../../../src/envs/scene.ts";
import { type AnyEnv, Engine, type VectorEnv } from "../../../src/index.ts";

const python = process.env.PROXIMAL_PYTHON || "python3";
const has = (packages: string) => spawnSync(python, ["-c", `import ${packages}`]).status === 0;

const engine = await Engine.create();
const opened: { close?: () => void }[] = [];
const folder = mkdtempSync(join(tmpdir(), "environments-"));

async function vectorOf(name: string, numEnvs: number): Promise<VectorEnv & Stateful> {
  const vector = await (await gymnasium(name, { python })).createVec?.({ numEnvs, seed: 10, engine });
  opened.push(vector as VectorEnv);
  return vector as VectorEnv & Stateful;
}

async function envOf(name: string): Promise<AnyEnv> {
  const env = await (await gymnasium(name, { python })).create({ seed: 10, engine });
  opened.push(env);
  return env;
}

/** Every space, prints, masks and what fails, as a package of a person's own may have them. */
const package_ = `
import os
import gymnasium as gym
import numpy as np
from gymnasium import spaces

class Every(gym.Env):
    observation_space = spaces.Dict({
        "b": spaces.Tuple((spaces.Discrete(3, start=1), spaces.MultiBinary(3))),
        "a": spaces.Box(-np.inf, np.inf, (2, 2), np.float64),
        "2": spaces.MultiDiscrete([[2, 3], [4, 5]], start=[[0, 1], [2, 3]]),
        "pixels": spaces.Box(0, 255, (2,), np.uint8),
        "whole": spaces.Box(-5, 70000, (1,), np.int64),
        "flag": spaces.Box(0, 1, (1,), bool),
    })
    action_space = spaces.MultiDiscrete([2, 3], start=[5, 6])

    def shown(self):
        print("shown")
        return {
            "a": np.array([[0.1, 2], [3, 4]]), "b": (2, np.array([1, 0, 1], np.int8)), "2": np.array([[1, 3], [5, 7]]),
            "pixels": np.array([7, 255], np.uint8), "whole": np.array([69999]), "flag": np.array([True]),
        }

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.shown(), {"action_mask": (np.array([1, 0], np.int8), np.array([0, 1, 1], np.int8))}

    def step(self, action):
        self.steps += 1
        if self.steps == 3:
            raise ValueError("no such\\nstep")
        mask = (np.array([0, 1], np.int8), np.array([1, 1, 1], np.int8))
        return self.shown(), float(10 * action[0] + action[1]), False, False, {"action_mask": mask}

class Wrong(gym.Env):
    observation_space = spaces.Box(0, 1, (3,))
    action_space = spaces.Box(-2, 2, (2,))
    def reset(self, *, seed=None, options=None):
        return np.zeros(3), {}
    def step(self, action):
        assert action.dtype == np.float32 and action.shape == (2,)
        if action[0] < -1: os._exit(1)
        return np.zeros(1 if action[0] > 1 else 3), np.float64(action[1]), False, True, {}

class Words(Wrong):
    observation_space = spaces.Text(5)

class Needs(Wrong):
    def __init__(self):
        import there_is_no_such_package

class Seen(Wrong):
    metadata = {"render_modes": ["rgb_array"]}
    steps = 0
    def step(self, action):
        self.steps += 1
        return np.zeros(3), 0.0, False, False, {}
    def render(self):
        assert self.render_mode == "rgb_array"
        rows = np.repeat(np.arange(400) // 2, 600 * 3).reshape(400, 600, 3)
        return rows.astype(np.uint8) if self.steps == 0 else []

for made in (Every, Wrong, Words, Needs, Seen):
    gym.register(f"{made.__name__}-v0", made)
`;

/** The same episodes, by Gymnasium alone. */
const episodes = `
import gymnasium as gym, json
envs = [gym.make("CartPole-v1", max_episode_steps=500) for _ in range(3)]
rows = [[[*env.reset(seed=10 + i)[0].tolist()] for i, env in enumerate(envs)]]
for step in range(200):
    row = []
    for i, env in enumerate(envs):
        observation, reward, terminated, truncated, _ = env.step((step + i) // 2 % 2)
        final = observation.tolist() if terminated or truncated else None
        if final: observation = env.reset()[0]
        row.append([observation.tolist(), reward, int(terminated), int(truncated), final])
    rows.append(row)
print(json.dumps(rows))
`;

describe.skipIf(!has("gymnasium"))(`environments in ${python}`, () => {
  beforeAll(() => {
    writeFileSync(join(folder, "package_of_tests.py"), package_);
    process.env.PYTHONPATH = folder;
  });
  afterAll(() => {
    for (const env of opened) env.close?.();
    rmSync(folder, { recursive: true });
    delete process.env.PYTHONPATH;
  });

  it("are those of Gymnasium: the same episodes from the same seeds, bit by bit", async () => {
    const said = spawnSync(python, ["-c", episodes], { encoding: "utf8" });
    const [first, ...steps] = JSON.parse(said.stdout) as [
      number[][],
      ...[number[], number, number, number, number[]][][],
    ];
    const vector = await vectorOf("CartPole-v1", 3);
    expect(vector.spec).toMatchObject({ rewardThreshold: 475, maxEpisodeSteps: 500 });
    vector.reset();
    expect([...vector.observations]).toEqual(first.flat());
    let ends = 0;
    for (const [step, rows] of steps.entries()) {
      vector.step(Int32Array.from(rows, (_, index) => Math.floor((step + index) / 2) % 2));
      for (const [index, [observation, reward, terminated, truncated, final]] of rows.entries()) {
        const part = (array: ArrayLike<number>) => Array.from(array).slice(4 * index, 4 * index + 4);
        expect(part(vector.observations)).toEqual(observation);
        expect([vector.rewards[index], vector.terminated[index], vector.truncated[index]]).toEqual([
          ...[reward, terminated, truncated],
        ]);
        if (final === null) continue;
        expect(part(vector.finalObservations)).toEqual(final);
        ends++;
      }
    }
    expect(ends).toBeGreaterThan(3);
  });

  it.each([
    ["CartPole-v1", 0],
    ["Pendulum-v1", 0.5],
    ["FrozenLake-v1", 1],
  ])("go on from their state to the same bytes, in another process too: %s", async (name, action) => {
    const [env, other] = [await envOf(name), await envOf(name)];
    const given = env.actionSpace.shape.length === 0 ? action : Float32Array.of(action);
    env.reset();
    for (let step = 0; step < 3; step++) env.step(given);
    const saved = env.state?.();
    const steps = (each: AnyEnv) => {
      const rows: unknown[] = [];
      for (let step = 0; step < 250; step++) {
        const result = each.step(given);
        rows.push({ ...result });
        if (result.terminated || result.truncated) rows.push(each.reset());
      }
      return rows;
    };
    const first = steps(env);
    const after = env.state?.();
    other.restore?.(saved);
    expect(other.state?.()).toEqual(saved);
    expect(steps(other)).toEqual(first);
    expect(other.state?.()).toEqual(after);
  });

  it("can be seen, which changes nothing: the means of squares of what Python draws", async () => {
    const [env, other] = [await envOf("package_of_tests:Seen-v0"), await envOf("package_of_tests:Seen-v0")];
    env.reset();
    const before = env.state?.();
    const scene = env.render?.();
    const image = scene?.shapes[0] as Image;
    // 400 x 600 by squares of 4: of four rows the brightnesses 2n, 2n, 2n + 1, 2n + 1, whose mean is rounded to even.
    expect(scene?.view).toEqual({ left: 0, bottom: 0, right: 150, top: 100 });
    expect([image.columns, image.pixels.length]).toEqual([150, 3 * 150 * 100]);
    const rows = Array.from({ length: 100 }, (_, row) => image.pixels[3 * 150 * row]);
    expect(rows).toEqual(Array.from({ length: 100 }, (_, row) => 2 * row));
    expect(env.state?.()).toEqual(before);
    other.restore?.(before);
    expect(other.render?.()).toEqual(scene);
    env.step(Float32Array.of(0, 1));
    expect(() => env.render?.()).toThrow(
      "TypeError: render gave no bytes [height, width, 3], and list of (0,), at step 1",
    );
  });

  it.skipIf(!has("pygame"))("go on from a state that was saved after they were drawn, and before", async () => {
    const [env, other] = [await envOf("CartPole-v1"), await envOf("CartPole-v1")];
    env.reset();
    other.reset();
    const before = env.state?.();
    const first = env.render?.();
    const after = env.state?.();
    for (const state of [after, before]) {
      for (const each of [env, other]) {
        each.step(1);
        each.restore?.(state);
        expect(each.render?.()).toEqual(first);
      }
    }
  });

  it("may show whatever there is a space for, print, and say which actions are allowed", async () => {
    const env = await envOf("package_of_tests:Every-v0");
    const observation = env.reset() as Record<string, unknown>;
    expect(env.observationSpace.contains(observation)).toBe(true);
    expect(observation).toEqual({
      a: Float32Array.of(0.1, 2, 3, 4),
      b: [2, Int32Array.of(1, 0, 1)],
      "2": Int32Array.of(1, 2, 3, 4),
      pixels: Uint8Array.of(7, 255),
      whole: Int32Array.of(69_999),
      flag: Uint8Array.of(1),
    });
    expect(Array.from(env.actionMask?.() ?? [])).toEqual([1, 0, 0, 1, 1]);
    expect(env.step(Int32Array.of(1, 2))).toMatchObject({ observation, reward: 68 });
    expect(Array.from(env.actionMask?.() ?? [])).toEqual([0, 1, 1, 1, 1]);
  });

  it("raise what Python raises, and go on", async () => {
    const vector = await vectorOf("package_of_tests:Every-v0", 2);
    vector.reset();
    const actions = Int32Array.of(0, 1, 1, 0);
    vector.step(actions);
    expect([...vector.rewards]).toEqual([57, 66]);
    vector.step(actions);
    const message = "gymnasium:package_of_tests:Every-v0: in environment 0: ValueError: no such step, at step 3";
    expect(() => vector.step(actions)).toThrow(message);
    vector.reset();
    vector.step(actions);
  });

  it("that show another shape than they say are named, and one that ends its process", async () => {
    const vector = await vectorOf("package_of_tests:Wrong-v0", 2);
    vector.reset();
    vector.step(Float32Array.of(0, 0.5, 0, 0.25));
    expect([[...vector.rewards], [...vector.truncated]]).toEqual([
      [0.5, 0.25],
      [1, 1],
    ]);
    expect(() => vector.step(Float32Array.of(0, 0, 2, 0))).toThrow(
      "in environment 1: ValueError: the observation has the shape (1,), and its space (3,), at step 2",
    );
    expect(() => vector.step(Float32Array.of(-2, 0, 0, 0))).toThrow("its Python process has ended, at step 3");
  });

  it.each([
    ["CartPole-v99", "UnknownEnvironmentError", "VersionNotFound: "],
    ["Corridor-v7", "UnknownEnvironmentError", "NameNotFound: "],
    ["no_such_package:Corridor-v7", "MissingPackageError", "pip install no-such-package"],
    ["package_of_tests:Needs-v0", "MissingPackageError", "pip install there-is-no-such-package"],
    ["package_of_tests:Words-v0", "UnsupportedError", "Text is none of Box, Discrete, MultiDiscrete"],
  ])("that cannot be made: %s", async (name, error, text) => {
    await expect(gymnasium(name, { python })).rejects.toMatchObject({
      name: error,
      message: expect.stringContaining(text),
    });
  });
});
