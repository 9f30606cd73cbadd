// The same bits in Node, Chromium and Firefox: whole episodes of LunarLander and BipedalWalker. The checksums are
// recorded, and change when the arithmetic does.

import { afterEach, describe, expect, it, vi } from "vitest";
import { Engine } from "../../../src/index.ts";

const engine = await Engine.create();
const { LunarLander } = await import("../../../src/envs/box2d/lunar-lander.ts");
const { BipedalWalker } = await import("../../../src/envs/box2d/bipedal-walker.ts");

afterEach(() => vi.restoreAllMocks());

interface Stepped<Action> {
  reset(options?: { seed: number }): Float32Array;
  step(action: Action): { observation: Float32Array; reward: number; terminated: boolean };
}

/** SHA-256 of observations in float32 and rewards in float64 of this many steps. */
async function checksum<Action>(env: Stepped<Action>, steps: number, action: (step: number) => Action) {
  const seen: number[] = [...env.reset({ seed: 11 })];
  for (let step = 0; step < steps; step++) {
    const { observation, reward, terminated } = env.step(action(step));
    seen.push(...observation, reward);
    if (terminated) seen.push(...env.reset());
  }
  const digest = await crypto.subtle.digest("SHA-256", Float64Array.from(seen));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const torques = (step: number) =>
  Float32Array.from({ length: 4 }, (_, index) => (((step + 3) * (index + 2)) % 9) / 4 - 1);

describe("on every engine", () => {
  it("episodes are those recorded", async () => {
    const lander = new LunarLander(engine, { enableWind: true });
    const continuous = new LunarLander<Float32Array>(engine, { continuous: true });
    expect([
      await checksum(lander, 1500, (step) => [2, 0, 1, 2, 3, 0, 2][step % 7] as number),
      await checksum(continuous, 500, (step) => torques(step).slice(0, 2)),
      await checksum(new BipedalWalker(engine), 400, torques),
      await checksum(new BipedalWalker(engine, {}, true), 400, torques),
    ]).toEqual([
      "9b6fd99922a139f87979f56c927a36aff1f9354911d26d62861756eecdc0734f",
      "1493b7af0bfbc85bcfaaaa756ce03b1f86572e325d30b0f2bbf44702449cec49",
      "690564d3291df813f6b98b48efe7903ca13327f5a3c5eb8e943d926a9505bdcc",
      "fcc0f5d2121be0035346b7f62c8aeaf823989604d5099536c17892935fa8a436",
    ]);
  });

  it("nothing is asked of Math whose answer differs between engines", async () => {
    const names = ["sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh"] as const;
    const more = ["exp", "expm1", "log", "log1p", "log2", "log10", "pow", "cbrt", "hypot", "random"] as const;
    const spies = [...names, ...more].map((name) => vi.spyOn(Math, name));
    await checksum(new LunarLander(engine, { enableWind: true }), 200, (step) => step % 4);
    await checksum(new BipedalWalker(engine, {}, true), 50, torques);
    for (const spy of spies) expect(spy, spy.getMockName()).not.toHaveBeenCalled();
  });
});
