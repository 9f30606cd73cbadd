// Hinges against planck's own joints: the same bits, step by step, through all states of their limits.

import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/index.ts";

await Engine.create();
const { EdgeShape, OrderedWorld, PolygonShape, RevoluteJoint, addSolid } = await import(
  "../../../src/envs/box2d/planck.ts"
);
const { Hinge } = await import("../../../src/envs/box2d/hinge.ts");

/** Places, angles and velocities of two rods on a block that falls, where there is one on the ground. */
function fall(Joint: typeof Hinge | typeof RevoluteJoint, torque: number, speeds: number[], hasGround = true) {
  const world = new OrderedWorld({ gravity: { x: 0, y: -10 } });
  const ground = new EdgeShape({ x: -50, y: -1 }, { x: 50, y: 1 });
  if (hasGround) world.createBody().createFixture(ground, { friction: 0.5 });
  const block = new PolygonShape([-1, 1].flatMap((x) => [-0.3, 0.4 * x].map((y) => ({ x, y }))));
  const rod = new PolygonShape([-0.05, 0.05].flatMap((x) => [-0.5, 0.5].map((y) => ({ x, y }))));
  const fixture = { density: 1, filterCategoryBits: 2, filterMaskBits: 1 };
  const body = addSolid(world, { position: { x: 0, y: 4 }, angle: 0.3, shape: block, fixture });
  const rods = [-1, 1].map((side) => {
    const bodyB = addSolid(world, { position: { x: side, y: 3.5 }, angle: side * 0.2, shape: rod, fixture });
    const anchors = { localAnchorA: { x: side, y: 0 }, localAnchorB: { x: 0, y: 0.5 } };
    const motor = { enableMotor: true, maxMotorTorque: torque, enableLimit: true, lowerAngle: -0.4, upperAngle: 0.3 };
    const joint = new (Joint as typeof Hinge)({ bodyA: body, bodyB, ...anchors, ...motor, motorSpeed: side });
    world.createJoint(joint);
    return { bodyB, joint };
  });
  const states: number[][] = [];
  for (let step = 0; step < 128; step++) {
    // To one end, within, to the other end.
    for (const [index, { joint }] of rods.entries())
      joint.setMotorSpeed((index === 0 ? 3 : -2) * (speeds[(step >> 4) % speeds.length] as number));
    world.step(1 / 50, 180, 60);
    states.push(
      [body, ...rods.map(({ bodyB }) => bodyB)].flatMap((part) => {
        const [{ x, y }, velocity] = [part.getPosition(), part.getLinearVelocity()];
        return [x, y, part.getAngle(), velocity.x, velocity.y, part.getAngularVelocity()];
      }),
    );
  }
  return states;
}

describe("a hinge", () => {
  it("has the bits of planck's joint, in the air and on the ground, at both limits and between", () => {
    for (const torque of [0.5, 40]) {
      // To one end, still, to the other end, slowly back.
      const speeds = [1, 0, -1, 0.2];
      const states = fall(Hinge, torque, speeds);
      expect(JSON.stringify(states)).toBe(JSON.stringify(fall(RevoluteJoint, torque, speeds)));
      expect(states.flat().every(Number.isFinite)).toBe(true);
    }
  });

  it("leaves out iterations that change nothing", () => {
    let iterations = 0;
    class Counted extends Hinge {
      mass = 0;
      /** Read once in each iteration that is carried out, and twice as a step begins. */
      get m_motorMass(): number {
        iterations++;
        return this.mass;
      }
      set m_motorMass(mass: number) {
        this.mass = mass;
      }
    }
    // In the air the motors have their speeds, or the limits hold, after a few of the 180 iterations.
    fall(Counted, 40, [1], false);
    expect(iterations).toBeGreaterThan(128 * 2 * 3);
    expect(iterations).toBeLessThan(128 * 2 * 180 * 0.75);
  });
});
