// BipedalWalker-v3 and BipedalWalkerHardcore-v3: a hull on two legs of two joints each that walks to the right. The
// numbers are those of Gymnasium's box2d/bipedal_walker.py, drawn in its order, so that a seed gives its ground and its
// first push; the physics are planck's, a port of the same Box2D in float64 where Gymnasium's is of float32.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import type { Point, Scene, SceneShape } from "../scene.ts";
import type { SimulationOptions } from "../simulation.ts";
import { drawn } from "./drawing.ts";
import { Hinge } from "./hinge.ts";
import {
  addSolid,
  type Body,
  bindPlanck,
  EdgeShape,
  type Fixture,
  OrderedWorld,
  PolygonShape,
  Vec2,
  type WorldRayCastCallback,
} from "./planck.ts";
import { Replayed } from "./replayed.ts";
import {
  drawTerrain,
  GRASS,
  HEIGHT,
  LENGTH,
  LEVEL,
  SCALE,
  START_PAD,
  STEP,
  type Terrain,
  WIDTH,
} from "./walker-terrain.ts";

const FPS = 50;
const MOTORS_TORQUE = 80;
const SPEED_HIP = 4;
const SPEED_KNEE = 6;
/** The first push to the side is within this range. */
const INITIAL_RANDOM = 5;
const RAYS = 10;
const RAY_LENGTH = 160 / SCALE;

const LEG_DOWN = -8 / SCALE;
const LEG_WIDTH = 8 / SCALE;
const LEG_HEIGHT = 34 / SCALE;
const GROUND = 0x0001;

const HULL: readonly Point[] = [
  [-30 / SCALE, 9 / SCALE],
  [6 / SCALE, 9 / SCALE],
  [34 / SCALE, 1 / SCALE],
  [34 / SCALE, -8 / SCALE],
  [-30 / SCALE, -8 / SCALE],
];
const UPPER = rectangle(LEG_WIDTH / 2, LEG_HEIGHT / 2);
const LOWER = rectangle((0.8 * LEG_WIDTH) / 2, LEG_HEIGHT / 2);

const REST = new Float32Array(4);

const groundOnly = { restitution: 0, filterCategoryBits: 0x0020, filterMaskBits: GROUND };
const hull = { shape: polygon(HULL), fixture: { density: 5, friction: 0.1, ...groundOnly } };
const upper = { shape: polygon(UPPER), fixture: { density: 1, ...groundOnly } };
const lower = { shape: polygon(LOWER), fixture: { density: 1, ...groundOnly } };
const ground = { friction: 2.5, filterCategoryBits: GROUND };

/** One of the two legs. */
interface Leg {
  readonly upper: Body;
  readonly lower: Body;
  readonly hip: Hinge;
  readonly knee: Hinge;
  touches: boolean;
}

/**
 * Observations [24]: angle of the hull, its angular velocity, its velocity along x and y; of each leg angle and speed
 * of hip and knee and whether it touches the ground; and how far away the ground is along ten rays, from straight down
 * towards ahead, as a share of their length. Actions [4] from -1 to 1: the torques of hip and knee, leg by leg.
 *
 * Going ahead is rewarded, 300 and more for all the way, leaning and torque cost, and the step in which the hull
 * touches the ground or goes off to the left ends the episode and is worth -100.
 */
export class BipedalWalker extends Replayed<Float32Array> {
  readonly observationSpace: Box;
  readonly actionSpace = new Box(-1, 1, [4]);
  readonly #isHardcore: boolean;
  /** What there is, from the first `reset` on. */
  #terrain: Terrain | undefined;
  #world!: OrderedWorld;
  #hull!: Body;
  #legs: readonly Leg[] = [];
  #hasFallen = false;
  /** Where each ray ends, seen from the hull. */
  readonly #rays: readonly Point[];
  /** How much of each ray is free. */
  readonly #free = new Float64Array(RAYS);
  /** The ray that is cast, and what it does where it meets something: what is farther does not count. */
  #ray = 0;
  readonly #meet: WorldRayCastCallback = (fixture, _point, _normal, fraction) => {
    if ((fixture.getFilterCategoryBits() & GROUND) === 0) return -1;
    this.#free[this.#ray] = fraction;
    return fraction;
  };
  /** An impulse or the end of a ray: planck reads it and does not keep it. */
  readonly #vector = new Vec2();

  /**
   * @param engine whose random numbers, sine and cosine to use: they are the same on every machine
   * @param isHardcore whether there are stumps, stairs and pits
   * @throws ConfigurationError for an unknown option, and where planck was loaded before this file
   */
  constructor(engine: Engine, options: SimulationOptions = {}, isHardcore = false) {
    const id = isHardcore ? "BipedalWalkerHardcore-v3" : "BipedalWalker-v3";
    super(id, engine, options);
    bindPlanck(id, engine);
    this.#isHardcore = isHardcore;
    const legHigh = [Math.PI, 5, Math.PI, 5, 5];
    const legLow = [-Math.PI, -5, -Math.PI, -5, 0];
    const rays = new Array(RAYS).fill(1);
    const high = [Math.PI, 5, 5, 5, ...legHigh, ...legHigh, ...rays];
    const low = [-Math.PI, -5, -5, -5, ...legLow, ...legLow, ...rays.map((end) => -end)];
    this.observationSpace = new Box(low, high);
    const { sin, cos } = engine.kernels;
    this.#rays = rays.map((_, ray): Point => {
      const angle = (1.5 * ray) / 10;
      return [sin(angle) * RAY_LENGTH, -cos(angle) * RAY_LENGTH];
    });
  }

  protected build(): void {
    this.#world = new OrderedWorld({ gravity: { x: 0, y: -10 } });
    this.#hasFallen = false;
    this.#terrain = drawTerrain(this.random, this.#isHardcore);
    this.#raiseGround(this.#terrain);
    const x = (STEP * START_PAD) / 2;
    const y = LEVEL + 2 * LEG_HEIGHT;
    this.#hull = addSolid(this.#world, { position: { x, y }, angle: 0, ...hull });
    this.#vector.x = this.random.uniform(-INITIAL_RANDOM, INITIAL_RANDOM);
    this.#vector.y = 0;
    this.#hull.applyForceToCenter(this.#vector, true);
    this.#legs = [this.#makeLeg(-1, x, y), this.#makeLeg(1, x, y)];
    this.#watchContacts();
    // Gymnasium's first observation is that after a step without torque.
    this.act(REST);
  }

  /** One body, where Gymnasium has one for each piece: a contact does not ask of which body its ground is. */
  #raiseGround({ heights, obstacles }: Terrain): void {
    const body = this.#world.createBody();
    for (const corners of obstacles) body.createFixture(polygon(corners), ground);
    for (let index = 0; index + 1 < LENGTH; index++) {
      const left = { x: index * STEP, y: heights[index] as number };
      const right = { x: (index + 1) * STEP, y: heights[index + 1] as number };
      body.createFixture(new EdgeShape(left, right), ground);
    }
  }

  #makeLeg(side: -1 | 1, x: number, y: number): Leg {
    const angle = side * 0.05;
    const joint = { enableMotor: true, enableLimit: true, maxMotorTorque: MOTORS_TORQUE };
    const localAnchorB = { x: 0, y: LEG_HEIGHT / 2 };
    const thigh = addSolid(this.#world, { position: { x, y: y - LEG_HEIGHT / 2 - LEG_DOWN }, angle, ...upper });
    const hip = new Hinge({
      ...{ ...joint, bodyA: this.#hull, bodyB: thigh, localAnchorA: { x: 0, y: LEG_DOWN }, localAnchorB },
      ...{ motorSpeed: side, lowerAngle: -0.8, upperAngle: 1.1 },
    });
    this.#world.createJoint(hip);
    const shin = addSolid(this.#world, { position: { x, y: y - (LEG_HEIGHT * 3) / 2 - LEG_DOWN }, angle, ...lower });
    const knee = new Hinge({
      ...{ ...joint, bodyA: thigh, bodyB: shin, localAnchorA: { x: 0, y: -LEG_HEIGHT / 2 }, localAnchorB },
      ...{ motorSpeed: 1, lowerAngle: -1.6, upperAngle: -0.1 },
    });
    this.#world.createJoint(knee);
    return { upper: thigh, lower: shin, hip, knee, touches: false };
  }

  #watchContacts(): void {
    const touch = (fixture: Fixture, touches: boolean) => {
      const body = fixture.getBody();
      if (body === this.#hull && touches) this.#hasFallen = true;
      for (const leg of this.#legs) if (body === leg.lower) leg.touches = touches;
    };
    this.#world.on("begin-contact", (contact) => {
      touch(contact.getFixtureA(), true);
      touch(contact.getFixtureB(), true);
    });
    // A leg that still touches another piece of ground counts as lifted, as it does in Gymnasium.
    this.#world.on("end-contact", (contact) => {
      touch(contact.getFixtureA(), false);
      touch(contact.getFixtureB(), false);
    });
  }

  protected act(action: Float32Array): void {
    const before = this.#worth();
    let torque = 0;
    for (let index = 0; index < 4; index++) {
      const wanted = action[index] as number;
      const { hip, knee } = this.#legs[index >> 1] as Leg;
      const joint = index % 2 === 0 ? hip : knee;
      joint.setMotorSpeed((index % 2 === 0 ? SPEED_HIP : SPEED_KNEE) * Math.sign(wanted));
      joint.setMaxMotorTorque(MOTORS_TORQUE * Math.abs(wanted));
      torque += Math.abs(wanted);
    }
    this.#wake();
    this.#world.step(1 / FPS, 6 * 30, 2 * 30);
    const { x } = this.#hull.getPosition();
    const isLost = this.#hasFallen || x < 0;
    this.reward = isLost ? -100 : this.#worth() - before - 0.00035 * MOTORS_TORQUE * torque;
    this.terminated = isLost || x > (LENGTH - GRASS) * STEP;
  }

  /** A motor that is set wakes what it moves, whatever it is set to. */
  #wake(): void {
    this.#hull.setAwake(true);
    for (const leg of this.#legs) {
      leg.upper.setAwake(true);
      leg.lower.setAwake(true);
    }
  }

  /** The way that has been gone, less for a hull that leans. */
  #worth(): number {
    return (130 * this.#hull.getPosition().x) / SCALE - 5 * Math.abs(this.#hull.getAngle());
  }

  protected observe(into: Float32Array): Float32Array {
    const { x, y } = this.#hull.getLinearVelocity();
    into[0] = this.#hull.getAngle();
    into[1] = (2 * this.#hull.getAngularVelocity()) / FPS;
    into[2] = (0.3 * x * WIDTH) / FPS;
    into[3] = (0.3 * y * HEIGHT) / FPS;
    for (let leg = 0; leg < 2; leg++) {
      const { hip, knee, touches } = this.#legs[leg] as Leg;
      const from = 4 + 5 * leg;
      into[from] = hip.getJointAngle();
      into[from + 1] = hip.getJointSpeed() / SPEED_HIP;
      into[from + 2] = knee.getJointAngle() + 1;
      into[from + 3] = knee.getJointSpeed() / SPEED_KNEE;
      into[from + 4] = touches ? 1 : 0;
    }
    this.#castRays();
    into.set(this.#free, 14);
    return into;
  }

  #castRays(): void {
    const from = this.#hull.getPosition();
    for (let ray = 0; ray < RAYS; ray++) {
      const [x, y] = this.#rays[ray] as Point;
      this.#vector.x = from.x + x;
      this.#vector.y = from.y + y;
      this.#free[ray] = 1;
      this.#ray = ray;
      this.#world.rayCast(from, this.#vector, this.#meet);
    }
  }

  /** The ground under clouds, the walker with its rays, and the flag where it began. The camera follows it. */
  render(): Scene {
    const scroll = this.#hull === undefined ? 0 : Math.max(0, this.#hull.getPosition().x - WIDTH / 5);
    return {
      view: { left: scroll, bottom: 0, right: scroll + WIDTH, top: HEIGHT },
      background: "#d7d7ff",
      shapes: this.#terrain === undefined ? [] : [...scenery(this.#terrain, scroll), ...this.#walker()],
    };
  }

  #walker(): SceneShape[] {
    this.#castRays();
    const { x, y } = this.#hull.getPosition();
    const rays = this.#rays.map(([dx, dy], ray): SceneShape => {
      const free = this.#free[ray] as number;
      const points: Point[] = [
        [0, 0],
        [dx * free, dy * free],
      ];
      return { kind: "line", points, width: 1 / SCALE, color: "#ff0000", at: [x, y] };
    });
    const [far, near] = this.#legs.map((leg, index) => {
      const color = index === 0 ? "#b26598" : "#803366";
      return [drawn(leg.upper, UPPER, color), drawn(leg.lower, LOWER, color)];
    });
    return [...rays, ...(far ?? []), ...(near ?? []), drawn(this.#hull, HULL, "#7f33e5")];
  }
}

/** What stands still, the clouds but for half of the way that the camera goes. */
function scenery({ heights, obstacles, clouds }: Terrain, scroll: number): SceneShape[] {
  const edge = Array.from(heights, (y, index): Point => [index * STEP, y]);
  const x = STEP * 3;
  const top = LEVEL + 50 / SCALE;
  const cloth: Point[] = [
    [x, top],
    [x, top - 10 / SCALE],
    [x + 25 / SCALE, top - 5 / SCALE],
  ];
  const pole: Point[] = [
    [x, LEVEL],
    [x, top],
  ];
  return [
    ...clouds.map((points): SceneShape => ({ kind: "polygon", points, fill: "#ffffff", at: [scroll / 2, 0] })),
    { kind: "polygon", points: [[0, 0], ...edge, [(LENGTH - 1) * STEP, 0]], fill: "#66994c" },
    ...obstacles.map((points): SceneShape => ({ kind: "polygon", points, fill: "#ffffff" })),
    { kind: "line", points: edge, width: 2 / SCALE, color: "#4ccc4c" },
    { kind: "line", points: pole, width: 1 / SCALE, color: "#000000" },
    { kind: "polygon", points: cloth, fill: "#e63300" },
  ];
}

function rectangle(halfWidth: number, halfHeight: number): readonly Point[] {
  return [
    [-halfWidth, -halfHeight],
    [halfWidth, -halfHeight],
    [halfWidth, halfHeight],
    [-halfWidth, halfHeight],
  ];
}

function polygon(corners: readonly Point[]): PolygonShape {
  return new PolygonShape(corners.map(([x, y]) => ({ x, y })));
}
