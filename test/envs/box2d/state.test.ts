// States of LunarLander and BipedalWalker, which are replayed, and the order of their episodes.

import { describe, expect, it } from "vitest";
import { Engine, EnvironmentError, FileFormatError } from "../../../src/index.ts";

const engine = await Engine.create();
const { LunarLander } = await import("../../../src/envs/box2d/lunar-lander.ts");
const { BipedalWalker } = await import("../../../src/envs/box2d/bipedal-walker.ts");

/** Actions that depend on the step alone. */
const discrete = (step: number) => [0, 2, 1, 2, 3][step % 5] as number;
const continuous = (size: number) => (step: number) =>
  Float32Array.from({ length: size }, (_, index) => (((step + 1) * (index + 3)) % 9) / 4 - 1);

const cases = {
  "LunarLander-v3": { make: () => new LunarLander(engine), action: discrete },
  "LunarLanderContinuous-v3": {
    make: () => new LunarLander<Float32Array>(engine, { continuous: true, enableWind: true }),
    action: continuous(2),
  },
  "BipedalWalker-v3": { make: () => new BipedalWalker(engine), action: continuous(4) },
  "BipedalWalkerHardcore-v3": { make: () => new BipedalWalker(engine, {}, true), action: continuous(4) },
};

type Made = ReturnType<(typeof cases)["LunarLander-v3"]["make"]>;

/** Every bit of what follows, through ends of episodes; random actions come from the environment's own numbers. */
function future(env: Made, action: (step: number) => unknown, from: number, steps: number): string {
  const seen: unknown[] = [];
  for (let step = from; step < from + steps; step++) {
    const { observation, reward, terminated } = env.step(action(step) as number);
    seen.push([...observation], reward, terminated);
    if (terminated) seen.push([...env.reset()]);
  }
  return JSON.stringify([seen, env.render(), env.state()], (_, value) =>
    ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
  );
}

describe.each(Object.entries(cases))("%s", (id, { make, action }) => {
  it("goes on to the same bits from a state of any step, in itself and in another", () => {
    const env = make() as unknown as Made;
    const other = make() as unknown as Made;
    env.reset({ seed: 5 });
    for (const steps of [0, 1, 17, 60]) {
      for (let step = 0; step < steps; step++) if (env.step(action(step) as number).terminated) env.reset();
      const state = structuredClone(env.state());
      const expected = future(env, action, 3, 80);
      env.restore(state);
      expect(future(env, action, 3, 80), `${steps} steps`).toBe(expected);
      other.restore(state);
      expect(future(other, action, 3, 80), `${steps} steps, another`).toBe(expected);
    }
  });

  it("depends on nothing that was before the episode", () => {
    const used = make() as unknown as Made;
    used.reset({ seed: 1 });
    future(used, action, 0, 150);
    const [a, b] = [used, make() as unknown as Made].map((env) => {
      env.reset({ seed: 9 });
      return future(env, action, 0, 60);
    });
    expect(a).toBe(b);
  });

  it("can be saved before the first episode and after the end of one", () => {
    const env = make() as unknown as Made;
    const other = make() as unknown as Made;
    other.reset();
    other.restore(env.state());
    expect(() => other.step(action(0) as number)).toThrow(new EnvironmentError(`${id}: step before the first reset`));
    expect([...other.reset()]).toEqual([...env.reset()]);
    let step = 0;
    while (!env.step(action(step++) as number).terminated);
    other.restore(env.state());
    expect(() => other.step(action(0) as number)).toThrow(/step after the episode terminated/);
    expect([...other.reset()]).toEqual([...env.reset()]);
  });

  it("refuses a state that is none and stays as it is", () => {
    const env = make() as unknown as Made;
    env.reset({ seed: 3 });
    for (let step = 0; step < 5; step++) env.step(action(step) as number);
    const state = env.state() as { readonly actions: Float32Array; readonly start: { readonly state: string } };
    const { actions, start } = state;
    const Actions = actions.constructor as typeof Float32Array;
    const wrong = actions.slice();
    wrong[1] = 17;
    const past = new Actions(5000 * (actions.length / 5));
    const states: [object, string][] = [
      [{ ...state, actions: wrong }, `actions: ${id}: action`],
      [{ ...state, actions: past }, `actions: ${id}: step after the episode terminated`],
      [{ ...state, actions: Float64Array.from(actions) }, "actions: "],
      [{ ...state, actions: null }, "actions: "],
      [{ ...state, start: { ...start, state: "7" } }, "state"],
      [{ ...state, phase: "over" }, "phase: "],
      [{ ...state, world: 1 }, "there is no field world"],
    ];
    for (const [broken, message] of states) {
      expect(() => env.restore(broken), message).toThrow(FileFormatError);
      expect(() => env.restore(broken)).toThrow(message);
      expect(env.state()).toEqual(state);
    }
    const expected = future(env, action, 5, 20);
    env.restore(state);
    expect(future(env, action, 5, 20)).toBe(expected);
  });

  it("refuses what is no action", () => {
    const env = make() as unknown as Made;
    env.reset();
    const { length } = action(0) as Float32Array;
    const wrong =
      length === undefined
        ? [Number.NaN, 4, -1, 0.5, "0"]
        : [Number.NaN, 1.01, -2].map((x) => new Float32Array(length).fill(x));
    for (const value of [...wrong, null, undefined, []])
      expect(() => env.step(value as number), String(value)).toThrow(EnvironmentError);
  });
});

describe("a long episode", () => {
  it("keeps all of its actions", () => {
    // Hovers: the main engine whenever it sinks. More steps than there is room for at first.
    const env = new LunarLander(engine);
    let [, , , sinking] = env.reset({ seed: 4 });
    for (let step = 0; step < 1300; step++) {
      const { observation, terminated } = env.step((sinking as number) < 0 ? 2 : 0);
      sinking = observation[3];
      if (terminated) env.reset();
    }
    const other = new LunarLander(engine);
    other.restore(env.state());
    expect(future(other, discrete, 0, 50)).toBe(future(env, discrete, 0, 50));
  });
});
