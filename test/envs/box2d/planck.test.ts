// What planck is loaded and used with: sine and cosine of ours, the centre of mass, sleep, and the order of contacts.

import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigurationError, Engine } from "../../../src/index.ts";

const mathSin = Math.sin;
const mathCos = Math.cos;
const engine = await Engine.create();
const { addSolid, bindPlanck, EdgeShape, OrderedWorld, PolygonShape } = await import(
  "../../../src/envs/box2d/planck.ts"
);
const { Rot } = await import("planck");

afterEach(() => vi.restoreAllMocks());

const square = new PolygonShape([-0.5, 0.5].flatMap((x) => [-0.5, 0.5].map((y) => ({ x, y }))));

describe("planck", () => {
  it("computes with the sine and cosine of the engine, and Math has its own", () => {
    expect(Math.sin).toBe(mathSin);
    expect(Math.cos).toBe(mathCos);
    const spies = [vi.spyOn(Math, "sin"), vi.spyOn(Math, "cos")];
    bindPlanck("Test-v0", engine);
    for (let index = 0; index < 1000; index++) {
      const angle = (index - 500) * 0.7331;
      const { s, c } = new Rot(angle);
      expect([s, c]).toEqual([engine.kernels.sin(angle), engine.kernels.cos(angle)]);
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it("is refused where its sine is another", () => {
    // What planck is given is right; what it is compared with is a rounding off, as that of another engine would be.
    const { sin, cos } = engine.kernels;
    const off = { sin, cos: (angle: number) => cos(angle) * (1 + 2 ** -52) };
    let reads = 0;
    const other = {
      get kernels() {
        return reads++ === 0 ? { sin, cos } : off;
      },
    };
    expect(() => bindPlanck("Test-v0", other as unknown as Engine)).toThrow(
      new ConfigurationError(
        "Test-v0: planck was loaded before it, with the sine of Math, which engines round as they like; make Test-v0 first",
      ),
    );
    bindPlanck("Test-v0", engine);
  });

  it("knows mass, centre and inertia of a polygon that is no rectangle", () => {
    // Gymnasium's lander, as Box2D has it.
    const corners = [
      [-14, 17],
      [-17, 0],
      [-17, -10],
      [17, -10],
      [17, 0],
      [14, 17],
    ];
    const shape = new PolygonShape(corners.map(([x, y]) => ({ x: x! / 30, y: y! / 30 })));
    const world = new OrderedWorld();
    const body = addSolid(world, { position: { x: 3, y: 4 }, angle: 0.25, shape, fixture: { density: 5 } });
    expect(body.getMass()).toBeCloseTo(4.816666603088379, 6);
    expect(body.getInertia()).toBeCloseTo(0.8333148956298828, 6);
    expect(body.getLocalCenter().x).toBeCloseTo(0, 12);
    expect(body.getLocalCenter().y).toBeCloseTo(0.101307, 6);
    expect(body.getAngle()).toBe(0.25);
    expect([body.getPosition().x, body.getPosition().y]).toEqual([3, 4]);
  });

  it("lets a body that is woken while awake go to sleep, as Gymnasium's Box2D does", () => {
    const world = new OrderedWorld({ gravity: { x: 0, y: -10 } });
    world.createBody().createFixture(new EdgeShape({ x: -10, y: 0 }, { x: 10, y: 0 }));
    const body = addSolid(world, { position: { x: 0, y: 0.51 }, angle: 0, shape: square, fixture: { density: 1 } });
    let steps = 0;
    do {
      body.setAwake(true);
      world.step(1 / 50, 180, 60);
    } while (body.isAwake() && ++steps < 300);
    expect(steps).toBe(24);
    body.setAwake(true);
    expect(body.isAwake()).toBe(true);
  });

  it("finds contacts in the order in which fixtures were made", () => {
    const world = new OrderedWorld();
    const ground = world.createBody();
    for (let x = 5; x > -5; x--) ground.createFixture(new EdgeShape({ x, y: 0 }, { x: x - 1, y: 0 }));
    const wide = new PolygonShape([-4, 4].flatMap((x) => [-0.5, 0.5].map((y) => ({ x, y }))));
    addSolid(world, { position: { x: 0, y: 0.2 }, angle: 0, shape: wide, fixture: { density: 1 } });
    world.step(1 / 50, 1, 1);
    const starts: number[] = [];
    for (let contact = world.getContactList(); contact; contact = contact.getNext())
      starts.push((contact.getFixtureA().getShape() as InstanceType<typeof EdgeShape>).m_vertex1.x);
    // The list begins with the last.
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.length).toBeGreaterThan(7);
  });
});
