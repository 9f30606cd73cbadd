// CartPole-v1: a pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson, 1983). The
// numbers are Gymnasium's own, in float64 and in its order of operations: the same seed begins with the same
// observation, and an episode stays with Gymnasium's to the rounding of sine and cosine.

import { EnvironmentError } from "../../base/errors.ts";
import { anyState, checkNames } from "../../base/ranges.ts";
import { fields } from "../../base/state.ts";
import type { Engine } from "../../engine/engine.ts";
import { PCG64 } from "../../engine/random.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Env, StepResult } from "../env.ts";

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

const PHASES = ["new", "running", "terminated"] as const;

/**
 * Observations [4]: position and velocity of the cart, angle in radians and angular velocity of the pole. Actions: 0
 * pushes to the left, 1 to the right. Each step is worth 1, the one that ends the episode included.
 */
export class CartPole implements Env<number> {
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(2);
  readonly #engine: Engine;
  /** Position, velocity, angle, angular velocity. */
  readonly #physics = new Float64Array(4);
  #random: PCG64;
  #phase: (typeof PHASES)[number] = "new";

  /**
   * @param engine whose sine and cosine to use: they are the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   */
  constructor(engine: Engine, options: { seed?: number } = {}) {
    // What `make` hands to a registration may be handed on.
    checkNames("CartPole", options, ["seed", "engine"]);
    const high = [2 * POSITION_LIMIT, Number.POSITIVE_INFINITY, 2 * ANGLE_LIMIT, Number.POSITIVE_INFINITY];
    const low = high.map((bound) => -bound);
    this.observationSpace = new Box(low, high);
    this.#engine = engine;
    this.#random = new PCG64(engine, options.seed ?? 1);
  }

  reset(options: { seed?: number } = {}, into: Float32Array = new Float32Array(4)): Float32Array {
    if (options.seed !== undefined) this.#random = new PCG64(this.#engine, options.seed);
    for (let index = 0; index < 4; index++) this.#physics[index] = this.#random.uniform(-START, START);
    this.#phase = "running";
    into.set(this.#physics);
    return into;
  }

  /** @throws EnvironmentError for an action other than 0 and 1, and when no episode is under way */
  step(action: number, into?: StepResult): StepResult {
    if (this.#phase !== "running") throw this.#outOfOrder();
    if (action !== 0 && action !== 1) throw new EnvironmentError(`CartPole-v1: action ${action}; it has to be 0 or 1`);
    const physics = this.#physics;
    const position = physics[0] as number;
    const velocity = physics[1] as number;
    const angle = physics[2] as number;
    const angularVelocity = physics[3] as number;

    // Florian (2007), "Correct equations for the dynamics of the cart-pole system", without friction.
    const force = action === 1 ? FORCE : -FORCE;
    const cosine = this.#engine.kernels.cos(angle);
    const sine = this.#engine.kernels.sin(angle);
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

    const terminated =
      nextPosition < -POSITION_LIMIT ||
      nextPosition > POSITION_LIMIT ||
      nextAngle < -ANGLE_LIMIT ||
      nextAngle > ANGLE_LIMIT;
    if (terminated) this.#phase = "terminated";
    const result = into ?? { observation: new Float32Array(4), reward: 1, terminated, truncated: false };
    result.observation.set(physics);
    result.reward = 1;
    result.terminated = terminated;
    result.truncated = false;
    return result;
  }

  state(): object {
    return { phase: this.#phase, physics: this.#physics.slice(), random: this.#random.state() };
  }

  /** @throws FileFormatError for what `state` did not give */
  restore(state: unknown): void {
    const { phase, physics, random } = fields(state, {
      phase: { kind: "choice", choices: PHASES },
      physics: { kind: "array", dtype: "float64", length: 4, finite: true },
      random: anyState,
    });
    this.#random.restore(random);
    this.#physics.set(physics);
    this.#phase = phase;
  }

  #outOfOrder(): EnvironmentError {
    return new EnvironmentError(
      this.#phase === "new"
        ? "CartPole-v1: step before the first reset"
        : "CartPole-v1: step after the episode terminated; reset has to come first",
    );
  }
}
