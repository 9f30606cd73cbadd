// Episodes on MuJoCo: they go on from a state to the same bits, in Node, Chromium and Firefox alike, whoever looks on.
// That the bits are the same on every engine is seen in test/envs/conformance.test.ts.

import { afterAll, describe, expect, it, vi } from "vitest";
import { mujoco } from "../../../src/envs/mujoco/index.ts";
import { type AnyEnv, type Box, Engine, PCG64, type Scene } from "../../../src/index.ts";

const engine = await Engine.create();
const ids = mujoco.map(({ id }) => id);

const open: AnyEnv[] = [];
afterAll(() => {
  for (const env of open) env.close?.();
});

async function made(id: string): Promise<AnyEnv> {
  const env = (await mujoco.find((known) => known.id === id)?.create({ engine, seed: 1 })) as AnyEnv;
  open.push(env);
  return env;
}

/** So many steps of random actions, each as all that it came to, in float64; where an episode ends, the next begins. */
function* stepsOf(env: AnyEnv, random: PCG64, steps: number, look = false): Generator<number[]> {
  const { low, high } = env.actionSpace as Box;
  const into = {
    observation: new Float64Array((env.observationSpace as Box).high.length),
    reward: 0,
    terminated: false,
  };
  for (let step = 0; step < steps; step++) {
    const action = low.map((from, index) => random.uniform(from, high[index] as number));
    env.step(action, into as never);
    if (look) env.render?.();
    yield [...into.observation, into.reward, Number(into.terminated)];
    if (into.terminated) env.reset({}, into.observation);
  }
}

describe("an environment on MuJoCo", () => {
  it.each(ids)("%s asks nothing of Math whose answer differs between engines", async (id) => {
    const names = ["sin", "cos", "tan", "atan2", "exp", "log", "log1p", "pow", "tanh", "random"] as const;
    const env = await made(id);
    const spies = names.map((name) => vi.spyOn(Math, name));
    env.reset({ seed: 11 });
    for (const _ of stepsOf(env, new PCG64(engine, 12), 20));
    for (const spy of spies) expect(spy, spy.getMockName()).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each(ids)("%s goes on from a state to the same bits, itself and another, whoever looks on", async (id) => {
    const [env, other] = [await made(id), await made(id)];
    env.reset({ seed: 5 });
    const random = new PCG64(engine, 6);
    let length = 0;
    for (const { length: size } of stepsOf(env, random, 23)) length = size;
    const [state, drawn] = [env.state?.(), random.state()];
    const after = (which: AnyEnv, look: boolean) => {
      const actions = new PCG64(engine, 0);
      actions.restore(drawn);
      return [...stepsOf(which, actions, 60, look)].flat();
    };
    const expected = after(env, false);
    expect(expected).toHaveLength(60 * length);
    env.restore?.(state);
    expect(after(env, true)).toEqual(expected);
    other.restore?.(state);
    expect(other.state?.()).toEqual(state);
    expect(after(other, false)).toEqual(expected);
    expect(other.state?.()).toEqual(env.state?.());
  });

  it.each(ids)("%s is drawn: the same shapes from moment to moment, in what is seen", async (id) => {
    const env = await made(id);
    env.reset({ seed: 2 });
    const scenes: Scene[] = [env.render?.() as Scene];
    for (const _ of stepsOf(env, new PCG64(engine, 3), 10)) scenes.push(env.render?.() as Scene);
    const kinds = scenes.map(({ shapes }) => shapes.map(({ kind }) => kind).join());
    expect(new Set(kinds).size).toBe(1);
    expect(scenes[1]).not.toEqual(scenes[0]);
    for (const { view, shapes } of scenes) {
      const moving = shapes.filter(({ kind }) => kind !== "polygon");
      expect(moving.length).toBeGreaterThan(2);
      for (const { at = [0, 0] } of moving) {
        expect(at[0]).toBeGreaterThan(view.left);
        expect(at[0]).toBeLessThan(view.right);
        expect(at[1]).toBeGreaterThan(view.bottom);
        expect(at[1]).toBeLessThan(view.top);
      }
    }
  });

  it("refuses what is no action, and steps out of order", async () => {
    const env = await made("Hopper-v4");
    expect(() => env.step(new Float32Array(3))).toThrow("Hopper-v4: step before the first reset");
    env.reset();
    const refused = /^Hopper-v4: action\[1\] is NaN; it has to be from -1 to 1$/;
    expect(() => env.step(Float32Array.of(0, Number.NaN, 0))).toThrow(refused);
    expect(() => env.step(Float32Array.of(0, 0, 1.5))).toThrow("action[2] is 1.5");
    expect(() => env.step(new Float32Array(4))).toThrow("Hopper-v4: action is an array of 4 float32");
  });
});
