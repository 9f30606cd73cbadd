// LunarLander-v3 and LunarLanderContinuous-v3: a lander with three engines and two legs above a pad on the moon. The
// numbers are those of Gymnasium's box2d/lunar_lander.py, drawn in its order, so that a seed gives its terrain and its
// first push; the physics are planck's, a port of the same Box2D in float64 where Gymnasium's is of float32.

import { checkValue, type OptionRange } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Space } from "../../spaces/space.ts";
import type { Point, Scene, SceneShape } from "../scene.ts";
import type { SimulationOptions } from "../simulation.ts";
import { drawn } from "./drawing.ts";
import { Hinge } from "./hinge.ts";
import { addSolid, type Body, bindPlanck, EdgeShape, OrderedWorld, PolygonShape, Vec2 } from "./planck.ts";
import { Replayed } from "./replayed.ts";

const FPS = 50;
/** Pixels of Gymnasium's picture to a metre. */
const SCALE = 30;
const WIDTH = 600 / SCALE;
const HEIGHT = 400 / SCALE;

const MAIN_ENGINE_POWER = 13;
const SIDE_ENGINE_POWER = 0.6;
/** The first push, along each axis, is within this range. */
const INITIAL_RANDOM = 1000;

const LANDER = inMetres([-14, 17], [-17, 0], [-17, -10], [17, -10], [17, 0], [14, 17]);
const LEG_AWAY = 20;
const LEG_DOWN = 18;
const LEG = inMetres([-2, -8], [2, -8], [2, 8], [-2, 8]);
const LEG_SPRING_TORQUE = 40;
const SIDE_ENGINE_HEIGHT = 14;
const SIDE_ENGINE_AWAY = 12;
const MAIN_ENGINE_Y = 4;

/** Ends of the pieces of terrain. */
const ENDS = 11;
const PAD = { left: WIDTH * 0.4, right: WIDTH * 0.6, y: HEIGHT / 4 };

const groundOnly = { filterMaskBits: 0x001, restitution: 0 };
const lander = {
  shape: new PolygonShape(LANDER.map(([x, y]) => ({ x, y }))),
  fixture: { density: 5, friction: 0.1, filterCategoryBits: 0x0010, ...groundOnly },
};
const leg = {
  shape: new PolygonShape(LEG.map(([x, y]) => ({ x, y }))),
  fixture: { density: 1, filterCategoryBits: 0x0020, ...groundOnly },
};

/** What a LunarLander may be made with. */
export interface LunarLanderOptions extends SimulationOptions {
  /** Whether the engines have throttles: false unless given. */
  readonly continuous?: boolean;
  /** Metres per second squared, upwards: -10 unless given; between -12 and 0, which do not belong to it. */
  readonly gravity?: number;
  /** Whether there is wind while no leg touches the ground: false unless given. */
  readonly enableWind?: boolean;
  /** The greatest force of the wind, 0 to 20: 15 unless given. */
  readonly windPower?: number;
  /** The greatest torque of the wind, 0 to 2: 1.5 unless given. */
  readonly turbulencePower?: number;
}

const defaults = { continuous: false, gravity: -10, enableWind: false, windPower: 15, turbulencePower: 1.5 };
const ranges: Readonly<Record<keyof typeof defaults, OptionRange>> = {
  continuous: { kind: "boolean" },
  gravity: { kind: "number", from: -12, to: 0, exclusive: true },
  enableWind: { kind: "boolean" },
  windPower: { kind: "number", from: 0, to: 20 },
  turbulencePower: { kind: "number", from: 0, to: 2 },
};

/** One of the legs. */
interface Leg {
  readonly body: Body;
  touches: boolean;
}

/**
 * Observations [8]: place relative to the pad and velocity, both along x and y, angle in radians and angular velocity,
 * and whether the right and the left leg touch the ground. Actions: 0 does nothing, 1 fires the left engine, 2 the main
 * one, 3 the right one. Where they are `continuous`, [2] from -1 to 1: the main engine fires above 0, from half its
 * power on, the left one below -0.5, the right one above 0.5.
 *
 * Coming closer to the pad, slower and upright is rewarded, fuel costs, and the step that ends the episode is worth
 * -100 where the hull has touched the moon or left it to the side, and 100 where it has come to rest.
 */
export class LunarLander<Action extends number | Float32Array = number> extends Replayed<Action> {
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  readonly #options: typeof defaults;
  readonly #terrain = new Float64Array(ENDS);
  /** What there is, from the first `reset` on. */
  #world!: OrderedWorld;
  #lander!: Body;
  /** The right one first, whose place is on the left of Gymnasium's picture at -1. */
  #legs: readonly Leg[] = [];
  #hasCrashed = false;
  #shaping = 0;
  /** What the wind and its torque are functions of. */
  readonly #wind = { linear: 0, angular: 0 };
  /** How much of their power the engines gave in the last step: below 0 it was the left one. */
  #mainPower = 0;
  #sidePower = 0;
  /** The observation in float64. */
  readonly #seen = new Float64Array(8);
  /** An impulse or a force and where it acts: planck reads them and keeps neither. */
  readonly #push = new Vec2();
  readonly #place = new Vec2();

  /**
   * @param engine whose random numbers, sine and cosine to use: they are the same on every machine
   * @throws ConfigurationError for an option out of its range, and where planck was loaded before this file
   */
  constructor(engine: Engine, options: LunarLanderOptions = {}) {
    const id = options.continuous === true ? "LunarLanderContinuous-v3" : "LunarLander-v3";
    super(id, engine, options, Object.keys(defaults));
    this.#options = { ...defaults, ...options };
    for (const [name, range] of Object.entries(ranges))
      checkValue(`${id}: ${name}`, range, this.#options[name as keyof typeof defaults]);
    bindPlanck(id, engine);
    const high = [2.5, 2.5, 10, 10, 2 * Math.PI, 10, 1, 1];
    const low = high.map((bound, index) => (index < 6 ? -bound : 0));
    this.observationSpace = new Box(low, high);
    this.actionSpace = this.#options.continuous ? new Box(-1, 1, [2]) : new Discrete(4);
  }

  protected build(): void {
    this.#world = new OrderedWorld({ gravity: { x: 0, y: this.#options.gravity } });
    this.#hasCrashed = false;
    this.#shaping = Number.NaN;
    this.#raiseMoon();
    const position = { x: WIDTH / 2, y: HEIGHT };
    this.#lander = addSolid(this.#world, { position, angle: 0, ...lander });
    this.#push.x = this.random.uniform(-INITIAL_RANDOM, INITIAL_RANDOM);
    this.#push.y = this.random.uniform(-INITIAL_RANDOM, INITIAL_RANDOM);
    this.#lander.applyForceToCenter(this.#push, true);
    if (this.#options.enableWind) {
      this.#wind.linear = this.random.integer(2 * 9999) - 9999;
      this.#wind.angular = this.random.integer(2 * 9999) - 9999;
    }
    this.#legs = [this.#makeLeg(-1), this.#makeLeg(1)];
    this.#watchContacts();
    // Gymnasium's first observation is that after a step in which nothing is done.
    this.#move(0, 0);
  }

  #raiseMoon(): void {
    const heights = Float64Array.from({ length: ENDS + 1 }, () => this.random.uniform(0, HEIGHT / 2));
    heights.fill(PAD.y, 3, 8);
    const moon = this.#world.createBody();
    moon.createFixture(new EdgeShape({ x: 0, y: 0 }, { x: WIDTH, y: 0 }));
    const height = (index: number) => heights[index] as number;
    for (let end = 0; end < ENDS; end++) {
      // The first has no neighbour to its left: Gymnasium's height[-1] is the last, which is drawn for this alone.
      this.#terrain[end] = 0.33 * (height(end === 0 ? ENDS : end - 1) + height(end) + height(end + 1));
      if (end > 0) moon.createFixture(new EdgeShape(this.#end(end - 1), this.#end(end)), { friction: 0.1 });
    }
  }

  /** Where a piece of terrain begins. */
  #end(index: number): { x: number; y: number } {
    return { x: (WIDTH / (ENDS - 1)) * index, y: this.#terrain[index] as number };
  }

  #makeLeg(side: -1 | 1): Leg {
    const position = { x: WIDTH / 2 - (side * LEG_AWAY) / SCALE, y: HEIGHT };
    const body = addSolid(this.#world, { position, angle: side * 0.05, ...leg });
    const joint = new Hinge({
      bodyA: this.#lander,
      bodyB: body,
      localAnchorA: { x: 0, y: 0 },
      localAnchorB: { x: (side * LEG_AWAY) / SCALE, y: LEG_DOWN / SCALE },
      enableMotor: true,
      enableLimit: true,
      maxMotorTorque: LEG_SPRING_TORQUE,
      motorSpeed: 0.3 * side,
      lowerAngle: side === -1 ? 0.9 - 0.5 : -0.9,
      upperAngle: side === -1 ? 0.9 : -0.9 + 0.5,
    });
    this.#world.createJoint(joint);
    return { body, touches: false };
  }

  #watchContacts(): void {
    const touch = (body: Body, touches: boolean) => {
      if (body === this.#lander && touches) this.#hasCrashed = true;
      for (const leg of this.#legs) if (body === leg.body) leg.touches = touches;
    };
    this.#world.on("begin-contact", (contact) => {
      touch(contact.getFixtureA().getBody(), true);
      touch(contact.getFixtureB().getBody(), true);
    });
    // A leg that still touches another piece of terrain counts as lifted, as it does in Gymnasium.
    this.#world.on("end-contact", (contact) => {
      touch(contact.getFixtureA().getBody(), false);
      touch(contact.getFixtureB().getBody(), false);
    });
  }

  protected act(action: Action): void {
    if (typeof action === "number") {
      this.#move(action === 2 ? 1 : 0, action % 2 === 1 ? action - 2 : 0);
    } else {
      const main = action[0] as number;
      const side = action[1] as number;
      this.#move(main > 0 ? (main + 1) * 0.5 : 0, Math.abs(side) > 0.5 ? side : 0);
    }
  }

  /** @param main, side the shares of their power that the engines give; below 0 it is the left one */
  #move(main: number, side: number): void {
    this.#mainPower = main;
    this.#sidePower = side;
    if (this.#options.enableWind && !this.#legs.some(({ touches }) => touches)) this.#blow();
    this.#fire(main, side);
    this.#world.step(1 / FPS, 6 * 30, 2 * 30);
    this.#look();
    this.#judge();
  }

  #blow(): void {
    const wind = this.#wind;
    this.#push.x = this.#gust(wind.linear++) * this.#options.windPower;
    this.#push.y = 0;
    this.#lander.applyForceToCenter(this.#push, true);
    this.#lander.applyTorque(this.#gust(wind.angular++) * this.#options.turbulencePower, true);
  }

  /** From -1 to 1, and never the same twice. */
  #gust(index: number): number {
    const { sin } = this.engine.kernels;
    return tanh(sin(0.02 * index) + sin(Math.PI * 0.01 * index));
  }

  #fire(main: number, side: number): void {
    const angle = this.#lander.getAngle();
    const tipX = this.engine.kernels.sin(angle);
    const tipY = this.engine.kernels.cos(angle);
    // Drawn whether an engine fires or not.
    const along = this.random.uniform(-1, 1) / SCALE;
    const across = this.random.uniform(-1, 1) / SCALE;
    if (main > 0) {
      const x = tipX * (MAIN_ENGINE_Y / SCALE + 2 * along) - tipY * across;
      const y = -tipY * (MAIN_ENGINE_Y / SCALE + 2 * along) - tipX * across;
      this.#kick(x, y, 0, 0, MAIN_ENGINE_POWER * main);
    }
    if (side !== 0) {
      const away = 3 * across + (Math.sign(side) * SIDE_ENGINE_AWAY) / SCALE;
      const x = tipX * along - tipY * away;
      const y = -tipY * along - tipX * away;
      // Gymnasium's 17 along x and 14 along y: where the engine sits depends on the angle.
      const power = SIDE_ENGINE_POWER * Math.abs(side);
      this.#kick(x, y, (-tipX * 17) / SCALE, (tipY * SIDE_ENGINE_HEIGHT) / SCALE, power);
    }
  }

  /** An impulse against [x, y], where that points from the lander, moved by [offsetX, offsetY]. */
  #kick(x: number, y: number, offsetX: number, offsetY: number, power: number): void {
    const { x: atX, y: atY } = this.#lander.getPosition();
    this.#place.x = atX + x + offsetX;
    this.#place.y = atY + y + offsetY;
    this.#push.x = -x * power;
    this.#push.y = -y * power;
    this.#lander.applyLinearImpulse(this.#push, this.#place, true);
  }

  #look(): void {
    const { x, y } = this.#lander.getPosition();
    const velocity = this.#lander.getLinearVelocity();
    const seen = this.#seen;
    seen[0] = (x - WIDTH / 2) / (WIDTH / 2);
    seen[1] = (y - (PAD.y + LEG_DOWN / SCALE)) / (HEIGHT / 2);
    seen[2] = (velocity.x * (WIDTH / 2)) / FPS;
    seen[3] = (velocity.y * (HEIGHT / 2)) / FPS;
    seen[4] = this.#lander.getAngle();
    seen[5] = (20 * this.#lander.getAngularVelocity()) / FPS;
    for (let leg = 0; leg < 2; leg++) seen[6 + leg] = this.#legs[leg]?.touches ? 1 : 0;
  }

  #judge(): void {
    const [x = 0, y = 0, velocityX = 0, velocityY = 0, angle = 0, , right = 0, left = 0] = this.#seen;
    const distance = Math.sqrt(x * x + y * y);
    const speed = Math.sqrt(velocityX * velocityX + velocityY * velocityY);
    // Ten points for a leg that touches; who lifts it again gives them back.
    const shaping = -100 * distance - 100 * speed - 100 * Math.abs(angle) + 10 * right + 10 * left;
    this.reward = shaping - this.#shaping - this.#mainPower * 0.3 - Math.abs(this.#sidePower) * 0.03;
    this.#shaping = shaping;
    const isLost = this.#hasCrashed || Math.abs(x) >= 1;
    const isAtRest = !this.#lander.isAwake();
    this.terminated = isLost || isAtRest;
    if (isLost) this.reward = -100;
    if (isAtRest) this.reward = 100;
  }

  protected observe(into: Float32Array): Float32Array {
    into.set(this.#seen);
    return into;
  }

  /** The moon with its pad between two flags, the lander, and the flames of the engines that fire. */
  render(): Scene {
    return {
      view: { left: 0, bottom: 0, right: WIDTH, top: HEIGHT },
      background: "#000000",
      shapes: [this.#moon(), ...[PAD.left, PAD.right].flatMap(flag), ...this.#vehicle()],
    };
  }

  #moon(): SceneShape {
    const ends = Array.from(this.#terrain, (y, index): Point => [(WIDTH / (ENDS - 1)) * index, y]);
    return { kind: "polygon", points: [[0, 0], ...ends, [WIDTH, 0]], fill: "#ffffff" };
  }

  #vehicle(): SceneShape[] {
    if (this.#world === undefined) return [];
    const hull = drawn(this.#lander, LANDER, "#8066e6");
    const legs = this.#legs.map(({ body }) => drawn(body, LEG, "#8066e6"));
    const away = -Math.sign(this.#sidePower);
    const side = Math.abs(this.#sidePower);
    const flames = [
      inMetres([-5, -10], [5, -10], [0, -10 - 24 * this.#mainPower]),
      inMetres([away * 15, 9], [away * 15, 15], [away * (15 + 14 * side), 12]),
    ];
    const fired = flames.filter((_, engine) => (engine === 0 ? this.#mainPower : side) > 0);
    return [...legs, hull, ...fired.map((points) => ({ ...hull, points, fill: "#ff8c1a" }))];
  }
}

function inMetres(...pixels: readonly Point[]): readonly Point[] {
  return pixels.map(([x, y]) => [x / SCALE, y / SCALE]);
}

/** A flag on a pole. */
function flag(x: number): SceneShape[] {
  const top = PAD.y + 50 / SCALE;
  const pole: Point[] = [
    [x, PAD.y],
    [x, top],
  ];
  const cloth: Point[] = [
    [x, top],
    [x, top - 10 / SCALE],
    [x + 25 / SCALE, top - 5 / SCALE],
  ];
  return [
    { kind: "line", points: pole, width: 1 / SCALE, color: "#ffffff" },
    { kind: "polygon", points: cloth, fill: "#cccc00" },
  ];
}

/** Lambert's continued fraction, which is exact to float64 for |x| <= 2. */
function tanh(x: number): number {
  let fraction = 29;
  for (let odd = 27; odd >= 1; odd -= 2) fraction = odd + (x * x) / fraction;
  return x / fraction;
}
