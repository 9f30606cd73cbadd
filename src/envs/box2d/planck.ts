// planck, a port of Box2D, with sine and cosine that have the same bits on every engine.

// The order matters: see trigonometry.ts.
// biome-ignore-start assist/source/organizeImports: trigonometry.ts has to be evaluated before planck
import { restoreMath, useTrigonometry } from "./trigonometry.ts";
import {
  Body,
  EdgeShape,
  type Fixture,
  type FixtureOpt,
  type FixtureProxy,
  type MassData,
  PolygonShape,
  RevoluteJoint,
  Rot,
  type TimeStep,
  Vec2,
  type Vec2Value,
  World,
  type WorldRayCastCallback,
} from "planck";
// biome-ignore-end assist/source/organizeImports: see above
import { ConfigurationError } from "../../base/errors.ts";
import type { Engine } from "../../engine/engine.ts";

restoreMath();

export {
  Body,
  EdgeShape,
  type Fixture,
  PolygonShape,
  RevoluteJoint,
  type TimeStep,
  Vec2,
  type Vec2Value,
  World,
  type WorldRayCastCallback,
};

/**
 * Has planck compute with the sine and cosine of this engine.
 * @param id for errors: the environment that needs it
 * @throws ConfigurationError where planck was evaluated before, with those of `Math`
 */
export function bindPlanck(id: string, engine: Engine): void {
  useTrigonometry(engine);
  for (let angle = 0; angle < 512; angle++) {
    const { s, c } = new Rot(angle);
    if (s === engine.kernels.sin(angle) && c === engine.kernels.cos(angle)) continue;
    throw new ConfigurationError(
      `${id}: planck was loaded before it, with the sine of Math, which engines round as they like; make ${id} first`,
    );
  }
}

/** What a world of planck 1.4.2 finds contacts with. */
interface ContactFinder {
  readonly m_broadPhase: { updatePairs(found: (a: FixtureProxy, b: FixtureProxy) => void): void };
  createContact(a: FixtureProxy, b: FixtureProxy): void;
}

/**
 * A world that finds contacts in Box2D's order, which is that in which fixtures were made: iterations that are not done
 * when they end depend on it. planck takes them as its tree of boxes has them.
 */
export class OrderedWorld extends World {
  readonly #pairs: (readonly [FixtureProxy, FixtureProxy])[] = [];
  readonly #found = (a: FixtureProxy, b: FixtureProxy) => {
    this.#pairs.push([a, b]);
  };

  /** In place of planck's own. */
  findNewContacts(): void {
    const finder = this as unknown as ContactFinder;
    finder.m_broadPhase.updatePairs(this.#found);
    this.#pairs.sort(([a, b], [c, d]) => a.proxyId - c.proxyId || b.proxyId - d.proxyId);
    for (const [a, b] of this.#pairs) finder.createContact(a, b);
    this.#pairs.length = 0;
  }
}

/** A body that moves: a convex polygon of one density. */
export interface Solid {
  /** Of its origin, in metres. */
  readonly position: Vec2Value;
  /** Radians, counter-clockwise. */
  readonly angle: number;
  readonly shape: PolygonShape;
  /** What else its fixture is defined by. */
  readonly fixture: FixtureOpt & { readonly density: number };
}

/** Puts a body into a world. */
export function addSolid(world: World, { position, angle, shape, fixture }: Solid): Body {
  const body = world.createDynamicBody(position);
  // In Gymnasium's Box2D who is awake already goes on counting towards sleep; planck begins anew.
  body.setAwake = (flag) => {
    if (!flag || !body.isAwake()) Body.prototype.setAwake.call(body, flag);
  };
  turn(body, angle);
  body.createFixture(shape, fixture);
  body.setMassData(massOf(shape.m_vertices, fixture.density));
  return body;
}

/** Turns a body that has no fixture yet. planck itself goes by way of an arc tangent of Math. */
function turn(body: Body, angle: number): void {
  const { m_sweep } = body as unknown as { readonly m_sweep: { a: number; a0: number } };
  m_sweep.a = angle;
  m_sweep.a0 = angle;
  (body as unknown as { synchronizeTransform(): void }).synchronizeTransform();
}

/**
 * Mass, centre of mass, and moment of inertia around the origin. planck 1.4.2 takes the x of the centre for its y
 * (`addVec2`), so that the centre of what is no rectangle is the mean of its corners.
 */
function massOf(corners: readonly Vec2Value[], density: number): MassData {
  const center = { x: 0, y: 0 };
  let area = 0;
  let inertia = 0;
  for (const [index, a] of corners.entries()) {
    const b = corners[(index + 1) % corners.length] as Vec2Value;
    // The triangle of this edge and the origin, which lies inside or counts as often as it is taken away.
    const double = a.x * b.y - a.y * b.x;
    area += double / 2;
    center.x += (double * (a.x + b.x)) / 6;
    center.y += (double * (a.y + b.y)) / 6;
    inertia += (double * (a.x * a.x + a.x * b.x + b.x * b.x + a.y * a.y + a.y * b.y + b.y * b.y)) / 12;
  }
  center.x /= area;
  center.y /= area;
  return { mass: density * area, center, I: density * inertia };
}
