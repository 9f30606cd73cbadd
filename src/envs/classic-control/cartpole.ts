// CartPole-v1: a pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson, 1983). The
// numbers are Gymnasium's own, in float64 and in its order of operations: the same seed begins with the same
// observation, and an episode stays with Gymnasium's to the rounding of sine and cosine.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";

const GRAVITY = 9.8;
const MASS_CART = 1.0;
const MASS_POLE = 0.1;
const TOTAL_MASS = MASS_POLE + MASS_CART;
/** Half the length of the pole. */
const LENGTH = 0.5;
const POLE_MASS_LENGTH = MASS_POLE * LENGTH;
const FORCE = 10.0;
/** Seconds of a step. */
const TAU = 0.02;
/** The cart may go this far from the middle, and the pole lean this far from upright (12 degrees). */
const POSITION_LIMIT = 2.4;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;
/** Where an episode begins: each of the four numbers within this range. */
const START = 0.05;

/**
 * Observations [4]: position and velocity of the cart, angle in radians and angular velocity of the pole. Actions: 0
 * pushes to the left, 1 to the right. Each step is worth 1, the one that ends the episode included.
 */
export class CartPole extends Simulation {
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(2);
  /** Position, velocity, angle, angular velocity. */
  readonly #physics = new Float64Array(4);
  protected readonly parts = { physics: { data: this.#physics } };

  /**
   * @param engine whose sine and cosine to use: they are the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   * @param id by which errors know it: CartPole-v0 differs in its time limit alone
   */
  constructor(engine: Engine, options: SimulationOptions = {}, id = "CartPole-v1") {
    super(id, engine, options);
    const high = [2 * POSITION_LIMIT, Number.POSITIVE_INFINITY, 2 * ANGLE_LIMIT, Number.POSITIVE_INFINITY];
    const low = high.map((bound) => -bound);
    this.observationSpace = new Box(low, high);
  }

  protected begin(): void {
    for (let index = 0; index < 4; index++) this.#physics[index] = this.random.uniform(-START, START);
  }

  protected advance(action: number): void {
    const physics = this.#physics;
    const position = physics[0] as number;
    const velocity = physics[1] as number;
    const angle = physics[2] as number;
    const angularVelocity = physics[3] as number;

    // Florian (2007), "Correct equations for the dynamics of the cart-pole system", without friction.
    const force = action === 1 ? FORCE : -FORCE;
    const cosine = this.engine.kernels.cos(angle);
    const sine = this.engine.kernels.sin(angle);
    const push = (force + POLE_MASS_LENGTH * (angularVelocity * angularVelocity) * sine) / TOTAL_MASS;
    const angularAcceleration =
      (GRAVITY * sine - cosine * push) / (LENGTH * (4.0 / 3.0 - (MASS_POLE * (cosine * cosine)) / TOTAL_MASS));
    const acceleration = push - (POLE_MASS_LENGTH * angularAcceleration * cosine) / TOTAL_MASS;

    // Euler's method: everything moves with the velocities from before the step.
    const nextPosition = position + TAU * velocity;
    const nextAngle = angle + TAU * angularVelocity;
    physics[0] = nextPosition;
    physics[1] = velocity + TAU * acceleration;
    physics[2] = nextAngle;
    physics[3] = angularVelocity + TAU * angularAcceleration;

    this.reward = 1;
    this.terminated =
      nextPosition < -POSITION_LIMIT ||
      nextPosition > POSITION_LIMIT ||
      nextAngle < -ANGLE_LIMIT ||
      nextAngle > ANGLE_LIMIT;
  }

  protected observe(into: Float32Array): Float32Array {
    // Not by `set`, which is slow between data types.
    for (let index = 0; index < 4; index++) into[index] = this.#physics[index] as number;
    return into;
  }

  render(): Scene {
    const [position, , angle] = this.#physics as unknown as readonly [number, number, number];
    const at = [position, 0] as const;
    const stop = [
      [0, -0.1],
      [0, 0.1],
    ] as const;
    return {
      view: { left: -2.7, bottom: -0.6, right: 2.7, top: 1.4 },
      shapes: [
        {
          kind: "line",
          points: [
            [-POSITION_LIMIT, 0],
            [POSITION_LIMIT, 0],
          ],
          width: 0.02,
          color: "#9aa5b1",
        },
        { kind: "line", at: [-POSITION_LIMIT, 0], points: stop, width: 0.04, color: "#9aa5b1" },
        { kind: "line", at: [POSITION_LIMIT, 0], points: stop, width: 0.04, color: "#9aa5b1" },
        {
          kind: "polygon",
          at,
          points: [
            [-0.2, -0.12],
            [-0.2, 0.12],
            [0.2, 0.12],
            [0.2, -0.12],
          ],
          fill: "#334e68",
        },
        // The angle goes clockwise.
        {
          kind: "line",
          at,
          angle: -angle,
          points: [
            [0, 0],
            [0, 2 * LENGTH],
          ],
          width: 0.08,
          color: "#c9752b",
        },
        { kind: "circle", at, radius: 0.05, fill: "#829ab1" },
      ],
    };
  }
}
