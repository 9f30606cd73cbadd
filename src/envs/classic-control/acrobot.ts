// Acrobot-v1: two links that hang from a bar have to be swung up by a motor in their joint (Sutton, 1996). The numbers
// are Gymnasium's own, in its order of operations, with the equations of Sutton and Barto's book and Runge and Kutta's
// method: float64, but for how an episode begins.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Point, Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { cosineOfFloat32, sineOfFloat32 } from "./float32-trigonometry.ts";

const GRAVITY = 9.8;
/** Links are 1 long, of mass 1 and moment of inertia 1, their centres of mass in the middle. */
const MIDDLE = 0.5;
const INERTIA = 1;
/** Seconds of a step. */
const TAU = 0.2;
const MAX_SPEED = [4 * Math.PI, 9 * Math.PI] as const;
const HALF_TURN = Math.PI;
const QUARTER_TURN = Math.PI / 2;
/** Where Runge and Kutta look, as parts of a step along the slope found before, and what each slope counts. */
const REACHES = [0, TAU / 2, TAU / 2, TAU] as const;
const WEIGHTS = [1, 2, 2, 1] as const;

/**
 * Observations [6]: cosine and sine of the first link's angle, which is 0 hanging down, those of the second's, which is
 * 0 in line with the first, and both angular velocities. Actions: a torque of -1, 0 or 1 for 0, 1 and 2. Each step is
 * worth -1, the one that lifts the end above the bar by one length 0; there the episode terminates.
 */
export class Acrobot extends Simulation {
  readonly observationSpace = boxAround([1, 1, 1, 1, ...MAX_SPEED]);
  readonly actionSpace = new Discrete(3);
  readonly #angles = new Float64Array(2);
  readonly #velocities = new Float64Array(2);
  /** Angles and velocities at which Runge and Kutta look, what they change by there in a second, and the sum of it. */
  readonly #at = new Float64Array(4);
  readonly #slope = new Float64Array(4);
  readonly #sum = new Float64Array(4);
  /** Whether nothing has happened since the episode began. */
  #isFirst = false;
  protected readonly parts = {
    angles: { data: this.#angles, from: -HALF_TURN, to: HALF_TURN },
    velocities: { data: this.#velocities, from: -MAX_SPEED[1], to: MAX_SPEED[1] },
  };

  /**
   * @param engine whose sine and cosine to use: they are the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   */
  constructor(engine: Engine, options: SimulationOptions = {}) {
    super("Acrobot-v1", engine, options);
  }

  protected begin(): void {
    for (const numbers of [this.#angles, this.#velocities]) {
      for (let index = 0; index < 2; index++) numbers[index] = Math.fround(this.random.uniform(-0.1, 0.1));
    }
    this.#isFirst = true;
  }

  protected advance(action: number): void {
    const angles = this.#angles;
    const velocities = this.#velocities;
    const at = this.#at;
    const slope = this.#slope;
    const sum = this.#sum;
    // Not by `fill`, whose call takes longer than this.
    for (let index = 0; index < 4; index++) slope[index] = sum[index] = 0;
    for (let stage = 0; stage < 4; stage++) {
      const reach = REACHES[stage] as number;
      const weight = WEIGHTS[stage] as number;
      at[0] = (angles[0] as number) + reach * (slope[0] as number);
      at[1] = (angles[1] as number) + reach * (slope[1] as number);
      at[2] = (velocities[0] as number) + reach * (slope[2] as number);
      at[3] = (velocities[1] as number) + reach * (slope[3] as number);
      this.#lookAround(action - 1);
      for (let index = 0; index < 4; index++) sum[index] = (sum[index] as number) + weight * (slope[index] as number);
    }
    for (let index = 0; index < 2; index++) {
      const speed = MAX_SPEED[index] as number;
      const velocity = (velocities[index] as number) + (TAU / 6) * (sum[2 + index] as number);
      angles[index] = wrapped((angles[index] as number) + (TAU / 6) * (sum[index] as number));
      velocities[index] = Math.min(Math.max(velocity, -speed), speed);
    }
    const { cos } = this.engine.kernels;
    const first = angles[0] as number;
    this.terminated = -cos(first) - cos((angles[1] as number) + first) > 1;
    this.reward = this.terminated ? 0 : -1;
    this.#isFirst = false;
  }

  /** Writes the slope where `at` is. */
  #lookAround(torque: number): void {
    const { sin, cos } = this.engine.kernels;
    const angle1 = this.#at[0] as number;
    const angle2 = this.#at[1] as number;
    const velocity1 = this.#at[2] as number;
    const velocity2 = this.#at[3] as number;
    const cosine = cos(angle2);
    const sine = sin(angle2);
    // Lengths and masses, which are 1, are left out; 0.25 is the square of MIDDLE.
    const d1 = 0.25 + (1.25 + cosine) + INERTIA + INERTIA;
    const d2 = 0.25 + MIDDLE * cosine + INERTIA;
    const phi2 = MIDDLE * GRAVITY * cos(angle1 + angle2 - QUARTER_TURN);
    const phi1 =
      -MIDDLE * (velocity2 * velocity2) * sine -
      velocity2 * velocity1 * sine +
      1.5 * GRAVITY * cos(angle1 - QUARTER_TURN) +
      phi2;
    const acceleration2 =
      (torque + (d2 / d1) * phi1 - MIDDLE * (velocity1 * velocity1) * sine - phi2) / (0.25 + INERTIA - (d2 * d2) / d1);
    this.#slope[0] = velocity1;
    this.#slope[1] = velocity2;
    this.#slope[2] = -(d2 * acceleration2 + phi1) / d1;
    this.#slope[3] = acceleration2;
  }

  protected observe(into: Float32Array): Float32Array {
    into[4] = this.#velocities[0] as number;
    into[5] = this.#velocities[1] as number;
    return this.#isFirst ? this.#showFloat32(into) : this.#show(into);
  }

  #show(into: Float32Array): Float32Array {
    const { sin, cos } = this.engine.kernels;
    for (let index = 0; index < 2; index++) {
      const angle = this.#angles[index] as number;
      into[2 * index] = cos(angle);
      into[2 * index + 1] = sin(angle);
    }
    return into;
  }

  /** Angles are float32 until the first step, and NumPy has a cosine and a sine of its own for those. */
  #showFloat32(into: Float32Array): Float32Array {
    for (let index = 0; index < 2; index++) {
      const angle = this.#angles[index] as number;
      into[2 * index] = cosineOfFloat32(angle);
      into[2 * index + 1] = sineOfFloat32(angle);
    }
    return into;
  }

  render(): Scene {
    const { sin, cos } = this.engine.kernels;
    const [first, second] = this.#angles as unknown as readonly [number, number];
    const joint: Point = [sin(first), -cos(first)];
    const link = [
      [0, 0],
      [0, -1],
    ] as const;
    return {
      view: { left: -2.2, bottom: -2.2, right: 2.2, top: 2.2 },
      shapes: [
        {
          kind: "line",
          points: [
            [-2.2, 1],
            [2.2, 1],
          ],
          width: 0.025,
          color: "#d64545",
        },
        { kind: "line", angle: first, points: link, width: 0.2, color: "#334e68" },
        { kind: "line", at: joint, angle: first + second, points: link, width: 0.2, color: "#d9822b" },
        { kind: "circle", radius: 0.07, fill: "#bcccdc" },
        { kind: "circle", at: joint, radius: 0.07, fill: "#bcccdc" },
      ],
    };
  }
}

function boxAround(high: readonly number[]): Box {
  return new Box(
    high.map((bound) => -bound),
    high,
  );
}

/** An angle without its whole turns, which are few. */
function wrapped(angle: number): number {
  let x = angle;
  while (x > HALF_TURN) x -= 2 * HALF_TURN;
  while (x < -HALF_TURN) x += 2 * HALF_TURN;
  return x;
}
