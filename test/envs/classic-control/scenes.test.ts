// What classic control looks like, where it can be said of its physics.

import { describe, expect, it } from "vitest";
import { Acrobot, MountainCar, MountainCarContinuous, Pendulum } from "../../../src/envs/classic-control/index.ts";
import { type AnyEnv, CartPole, Engine, type Point, type Scene } from "../../../src/index.ts";

const engine = await Engine.create();

/** The scene of a state, given by its parts. */
function sceneOf(env: AnyEnv, parts: Readonly<Record<string, readonly number[]>>): Scene {
  env.reset();
  const arrays = Object.entries(parts).map(([name, numbers]) => [name, Float64Array.from(numbers)]);
  env.restore?.({ ...env.state?.(), ...Object.fromEntries(arrays) });
  return env.render?.() as Scene;
}

/** Where the last point of the `index`-th shape lies in the world. */
function endOf({ shapes }: Scene, index: number): Point {
  const shape = shapes[index] as Extract<Scene["shapes"][number], { kind: "line" }>;
  const { at = [0, 0], angle = 0, points } = shape;
  const [x, y] = points.at(-1) as Point;
  return [at[0] + x * Math.cos(angle) - y * Math.sin(angle), at[1] + x * Math.sin(angle) + y * Math.cos(angle)];
}

function near([x, y]: Point, [exactX, exactY]: Point) {
  expect(x).toBeCloseTo(exactX, 10);
  expect(y).toBeCloseTo(exactY, 10);
}

describe("the scene", () => {
  it("of CartPole leans its pole to the right where the angle is positive", () => {
    const scene = sceneOf(new CartPole(engine), { physics: [1.5, 0, 0.2, 0] });
    near(endOf(scene, 4), [1.5 + Math.sin(0.2), Math.cos(0.2)]);
    expect(scene.shapes[3]).toMatchObject({ kind: "polygon", at: [1.5, 0] });
  });

  it("of Pendulum has it upright at 0 and to the left at a quarter turn", () => {
    near(endOf(sceneOf(new Pendulum(engine), { physics: [0, 0] }), 2), [0, 1]);
    near(endOf(sceneOf(new Pendulum(engine), { physics: [Math.PI / 2, 0] }), 2), [-1, 0]);
  });

  it("of Acrobot hangs both links down at 0, and has their end where the episode is decided", () => {
    near(endOf(sceneOf(new Acrobot(engine), { angles: [0, 0] }), 2), [0, -2]);
    const scene = sceneOf(new Acrobot(engine), { angles: [1, 0.5] });
    near(endOf(scene, 1), [Math.sin(1), -Math.cos(1)]);
    near(endOf(scene, 2), [Math.sin(1) + Math.sin(1.5), -Math.cos(1) - Math.cos(1.5)]);
    expect(endOf(scene, 0)[1]).toBe(1);
  });

  it.each([
    [new MountainCar(engine), 0.5],
    [new MountainCarContinuous(engine), Math.fround(0.45)],
  ])("of $id stands the car on the ground, and the flag at the goal", (env, goal) => {
    const ground = (x: number): Point => [x, Math.sin(3 * x) * 0.45 + 0.55];
    for (const position of [-0.5, 0.2]) {
      const { shapes } = sceneOf(env, { physics: [position, 0] });
      const [, , pole, , car, ...wheels] = shapes;
      near((pole as { at: Point }).at, ground(goal));
      const [x, y] = (car as { at: Point }).at;
      const [groundX, groundY] = ground(position);
      // The car stands on its wheels, upright to the slope.
      expect(Math.hypot(x - groundX, y - groundY)).toBeCloseTo(0.028, 10);
      expect(car?.angle).toBeCloseTo(Math.cos(3 * position), 10);
      const [[x1, y1], [x2, y2]] = wheels.map(({ at }) => at) as [Point, Point];
      near([(x1 + x2) / 2, (y1 + y2) / 2], [x, y]);
      expect(Math.atan2(y2 - y1, x2 - x1)).toBeCloseTo(Math.cos(3 * position), 10);
    }
  });

  it.each([
    new CartPole(engine),
    new MountainCar(engine),
    new MountainCarContinuous(engine),
    new Pendulum(engine),
    new Acrobot(engine),
  ])("of $id is the same shapes from one moment to the next, and asks nothing of Math", (env) => {
    const { sin, cos } = Math;
    const own: AnyEnv = env;
    own.reset({ seed: 4 });
    const first = own.render?.() as Scene;
    const action = env.actionSpace.shape.length === 0 ? 1 : Float32Array.of(1);
    Object.assign(Math, { sin: undefined, cos: undefined });
    try {
      for (let step = 0; step < 5; step++) own.step(action);
      const scene = own.render?.() as Scene;
      expect(scene.view).toEqual(first.view);
      const fixed = ({ shapes }: Scene) => shapes.map(({ at: _, angle: __, ...shape }) => shape);
      expect(fixed(scene)).toEqual(fixed(first));
      expect(scene.shapes).not.toEqual(first.shapes);
    } finally {
      Object.assign(Math, { sin, cos });
    }
  });
});
