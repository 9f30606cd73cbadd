// planck, a port of Box2D, with sine and cosine that have the same bits on every engine.

// The order matters: see trigonometry.ts.
// biome-ignore-start assist/source/organizeImports: trigonometry.ts has to be evaluated before planck
import { restoreMath, useTrigonometry } from "./trigonometry.ts";
import {
  type Body,
  EdgeShape,
  type FixtureOpt,
  type MassData,
  PolygonShape,
  RevoluteJoint,
  Rot,
  type TimeStep,
  Vec2,
  type Vec2Value,
  World,
} from "planck";
// biome-ignore-end assist/source/organizeImports: see above
import { ConfigurationError } from "../../base/errors.ts";
import type { Engine } from "../../engine/engine.ts";

restoreMath();

export { type Body, EdgeShape, PolygonShape, RevoluteJoint, type TimeStep, Vec2, type Vec2Value, World };

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
      `${id}: planck was loaded before it, with sine and cosine that differ between engines; make the environment first`,
    );
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
  turn(body, angle);
  body.createFixture(shape, fixture);
  body.setMassData(massOf(shape.m_vertices, fixture.density));
  return body;
}

/** Turns a body that has no fixture yet. planck itself goes by way of an arc tangent, which engines round as they like. */
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
