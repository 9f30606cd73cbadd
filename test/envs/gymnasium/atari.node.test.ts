// Games of Atari, where there is a Python with ale-py, against Gymnasium's own preprocessing with OpenCV.

import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { gymnasium } from "../../../src/envs/gymnasium/index.ts";
import { AtariPreprocessing, Engine, type ScreenEnv } from "../../../src/index.ts";

const python = process.env.PROXIMAL_PYTHON || "python3";
const isThere = spawnSync(python, ["-c", "import gymnasium, ale_py, cv2"]).status === 0;
const engine = await Engine.create();
const opened: { close?: () => void }[] = [];

const STEPS = 240;

/** The last screens of a stack, rewards and ends of a game by Gymnasium, as bytes. */
const reference = `
import base64, gymnasium as gym, ale_py, numpy as np, sys
from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation
env = gym.make(sys.argv[1], frameskip=1)
env = FrameStackObservation(AtariPreprocessing(env, noop_max=0, terminal_on_life_loss=False), 4)
observation, _ = env.reset(seed=7)
screens, rest = [observation], []
for step in range(${STEPS}):
    observation, reward, terminated, truncated, info = env.step(step * 7 // 5 % 4)
    screens.append(observation)
    rest.append([reward + 100, terminated, truncated, info["lives"]])
    if terminated or truncated: observation = env.reset()[0]
stacks = np.stack(screens)[::40].transpose(0, 2, 3, 1)
print(base64.b64encode(np.stack(screens)[:, -1].tobytes()).decode())
print(base64.b64encode(np.array(rest, np.uint8).tobytes()).decode())
print(base64.b64encode(stacks.tobytes()).decode())
`;

describe.skipIf(!isThere)(`games in ${python}`, () => {
  afterAll(() => {
    for (const env of opened) env.close?.();
  });

  it.each([
    ["ALE/Pong-v5", 3],
    ["ALE/Breakout-v5", 1],
  ])("look as Gymnasium shows them, within a level of grey, and are worth and last the same: %s", async (name) => {
    const said = spawnSync(python, ["-c", reference, name], { encoding: "latin1", maxBuffer: 2 ** 30 });
    const [screens = "", rest = "", stacks = ""] = said.stdout.split("\n");
    const [frames, outcomes, whole] = [screens, rest, stacks].map((text) => Buffer.from(text, "base64")) as Buffer[];
    const raw = (await (await gymnasium(name, { python, preprocess: false })).create({ seed: 1, engine })) as ScreenEnv;
    opened.push(raw);
    expect(raw.observationSpace.flat.shape).toEqual([210, 160, 3]);
    const shown = await gymnasium(name, { python });
    const inner = (await shown.create({ seed: 1, engine })) as AtariPreprocessing;
    opened.push(inner);
    const options = { noopMax: 0, terminalOnLifeLoss: false, signRewards: false, fireOnReset: false };
    const env = new AtariPreprocessing(inner.env as ScreenEnv, engine, options);
    const size = 84 * 84;
    let [differences, largest, ones] = [0, 0, 0];
    const compare = (observation: Uint8Array, at: number) => {
      for (let pixel = 0; pixel < size; pixel++) {
        const newest = observation[4 * pixel + 3] as number;
        const difference = Math.abs(newest - ((frames as Buffer)[at * size + pixel] as number));
        differences += difference;
        largest = Math.max(largest, difference);
        if (newest > 0) ones++;
      }
      if (at % 40 > 0) return;
      const start = (at / 40) * 4 * size;
      for (let byte = 0; byte < 4 * size; byte++)
        largest = Math.max(
          largest,
          Math.abs((observation[byte] as number) - ((whole as Buffer)[start + byte] as number)),
        );
    };
    compare(env.reset({ seed: 7 }), 0);
    for (let step = 0; step < STEPS; step++) {
      const result = env.step(Math.floor((step * 7) / 5) % 4);
      compare(result.observation, step + 1);
      const { reward, terminated, truncated } = result;
      const lives = (inner.env as ScreenEnv).lives as number;
      const expected = [...(outcomes as Buffer).subarray(4 * step, 4 * step + 4)];
      expect([reward + 100, Number(terminated), Number(truncated), lives]).toEqual(expected);
      if (terminated || truncated) env.reset();
    }
    expect(largest).toBeLessThanOrEqual(1);
    // Nothing differs but halves, which OpenCV rounds to even.
    expect(differences / (size * (STEPS + 1))).toBeLessThan(1e-3);
    expect(ones).toBeGreaterThan(size);
  });

  it("of one process go on from their state to the same bytes, in another process too", async () => {
    const make = async () => {
      const vector = await (await gymnasium("ALE/Breakout-v5", { python })).createVec?.({
        numEnvs: 2,
        seed: 3,
        engine,
      });
      opened.push(vector as object);
      return vector as NonNullable<typeof vector>;
    };
    const [vector, other] = [await make(), await make()];
    expect(vector.singleObservationSpace.toJSON()).toMatchObject({ shape: [84, 84, 4], dtype: "uint8" });
    expect(vector.spec?.requires).toMatch(/^gymnasium==\S+, ale_py==\S+$/);
    vector.reset();
    const play = (each: typeof vector) => {
      const rows: string[] = [];
      for (let step = 0; step < 60; step++) {
        each.step(Int32Array.of(step % 4, (step >> 1) % 4));
        const { rewards, scores, terminated, gameOvers, observations } = each;
        rows.push([rewards, scores, terminated, gameOvers, observations].join());
      }
      return rows;
    };
    play(vector);
    const saved = vector.state();
    other.restore(saved);
    expect(other.state()).toEqual(saved);
    expect(play(other)).toEqual(play(vector));
    expect(other.state()).toEqual(vector.state());
  });
});
