// Revolute joints with a motor and limits. Most of the time of a step is spent here: 180 iterations of each joint, in
// which planck's own makes a dozen vectors, and of which most change nothing. The arithmetic is planck's, operation by
// operation, and so are the bits (test/envs/box2d/hinge.test.ts).

import { type Body, RevoluteJoint, type TimeStep, type Vec2Value } from "./planck.ts";

/** What a joint of planck 1.4.2 is made of, as far as a solver needs it. */
interface Insides {
  readonly m_bodyA: Body & Moving;
  readonly m_bodyB: Body & Moving;
  readonly m_invMassA: number;
  readonly m_invMassB: number;
  readonly m_invIA: number;
  readonly m_invIB: number;
  readonly m_rA: Vec2Value;
  readonly m_rB: Vec2Value;
  readonly m_mass: { readonly ex: Triple; readonly ey: Triple; readonly ez: Triple };
  readonly m_impulse: Triple;
  m_motorImpulse: number;
  readonly m_motorMass: number;
  readonly m_motorSpeed: number;
  readonly m_maxMotorTorque: number;
  readonly m_limitState: number;
}

interface Moving {
  readonly c_velocity: { readonly v: Vec2Value; w: number };
}

interface Triple {
  x: number;
  y: number;
  z: number;
}

/** `m_limitState` of a joint within its limits, and of one at the lower end; the other end is 2. */
const WITHIN = 0;
const AT_LOWER = 1;

/** A revolute joint whose motor and limits are enabled, and whose limits are apart. */
export class Hinge extends RevoluteJoint {
  /** What an iteration of this step has left as it was, to the bit: along x and y and around, of both bodies. */
  readonly #settled = new Float64Array(6);
  #hasSettled = false;

  override initVelocityConstraints(step: TimeStep): void {
    super.initVelocityConstraints(step);
    this.#hasSettled = false;
  }

  override solveVelocityConstraints(step: TimeStep): void {
    const { m_bodyA, m_bodyB, m_impulse, m_motorImpulse } = this as unknown as Insides;
    const { v: vA, w: wA } = m_bodyA.c_velocity;
    const { v: vB, w: wB } = m_bodyB.c_velocity;
    const settled = this.#settled;
    if (this.#hasSettled && isEqual(settled, vA, wA, vB, wB)) return;
    settled[0] = vA.x;
    settled[1] = vA.y;
    settled[2] = wA;
    settled[3] = vB.x;
    settled[4] = vB.y;
    settled[5] = wB;
    const { x, y, z } = m_impulse;
    this.#solve(step);
    // The same once more would change nothing once more.
    this.#hasSettled =
      x === m_impulse.x &&
      y === m_impulse.y &&
      z === m_impulse.z &&
      m_motorImpulse === (this as unknown as Insides).m_motorImpulse &&
      isEqual(settled, vA, m_bodyA.c_velocity.w, vB, m_bodyB.c_velocity.w);
  }

  #solve({ dt }: TimeStep): void {
    const joint = this as unknown as Insides;
    const velocityA = joint.m_bodyA.c_velocity;
    const velocityB = joint.m_bodyB.c_velocity;
    const vA = velocityA.v;
    const vB = velocityB.v;
    let wA = velocityA.w;
    let wB = velocityB.w;
    const iA = joint.m_invIA;
    const iB = joint.m_invIB;

    const before = joint.m_motorImpulse;
    const most = dt * joint.m_maxMotorTorque;
    const wanted = before - joint.m_motorMass * (wB - wA - joint.m_motorSpeed);
    joint.m_motorImpulse = wanted < -most ? -most : wanted > most ? most : wanted;
    const turn = joint.m_motorImpulse - before;
    wA -= iA * turn;
    wB += iB * turn;

    const { ex, ey, ez } = joint.m_mass;
    const rA = joint.m_rA;
    const rB = joint.m_rB;
    const impulse = joint.m_impulse;
    const dx = vB.x - wB * rB.y - (vA.x - wA * rA.y);
    const dy = vB.y + wB * rB.x - (vA.y + wA * rA.x);
    let x: number;
    let y: number;
    let z = 0;
    if (joint.m_limitState === WITHIN) {
      const scale = inverse(ex.x * ey.y - ey.x * ex.y);
      x = scale * (ey.y * -dx - ey.x * -dy);
      y = scale * (ex.x * -dy - ex.y * -dx);
      impulse.x += x;
      impulse.y += y;
    } else {
      const dz = wB - wA;
      const crossX = ey.y * ez.z - ey.z * ez.y;
      const crossY = ey.z * ez.x - ey.x * ez.z;
      const crossZ = ey.x * ez.y - ey.y * ez.x;
      const scale = inverse(ex.x * crossX + ex.y * crossY + ex.z * crossZ);
      z = -(scale * (ex.x * (ey.y * dz - ey.z * dy) + ex.y * (ey.z * dx - ey.x * dz) + ex.z * (ey.x * dy - ey.y * dx)));
      const isPushed = joint.m_limitState === AT_LOWER ? impulse.z + z < 0 : impulse.z + z > 0;
      if (isPushed) {
        // The limit only pushes: without what it would pull with.
        const right = inverse(ex.x * ey.y - ey.x * ex.y);
        const rightX = -dx + impulse.z * ez.x;
        const rightY = -dy + impulse.z * ez.y;
        x = right * (ey.y * rightX - ey.x * rightY);
        y = right * (ex.x * rightY - ex.y * rightX);
        z = -impulse.z;
        impulse.x += x;
        impulse.y += y;
        impulse.z = 0;
      } else {
        x = -(scale * (dx * crossX + dy * crossY + dz * crossZ));
        y = -(
          scale *
          (ex.x * (dy * ez.z - dz * ez.y) + ex.y * (dz * ez.x - dx * ez.z) + ex.z * (dx * ez.y - dy * ez.x))
        );
        impulse.x += x;
        impulse.y += y;
        impulse.z += z;
      }
    }
    const mA = joint.m_invMassA;
    const mB = joint.m_invMassB;
    vA.x -= mA * x;
    vA.y -= mA * y;
    vB.x += mB * x;
    vB.y += mB * y;
    velocityA.w = wA - iA * (rA.x * y - rA.y * x + z);
    velocityB.w = wB + iB * (rB.x * y - rB.y * x + z);
  }
}

function inverse(determinant: number): number {
  return determinant === 0 ? 0 : 1 / determinant;
}

function isEqual(settled: Float64Array, vA: Vec2Value, wA: number, vB: Vec2Value, wB: number): boolean {
  return (
    settled[0] === vA.x &&
    settled[1] === vA.y &&
    settled[2] === wA &&
    settled[3] === vB.x &&
    settled[4] === vB.y &&
    settled[5] === wB
  );
}
