// Pendulum-v1: a pendulum has to be swung up and held there, by a motor too weak to lift it at once. The numbers are
// Gymnasium's own, in its order of operations: float64, but for what a float32 action is multiplied with.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import type { Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";

const MAX_SPEED = 8;
const MAX_TORQUE = 2;
/** Seconds of a step. */
const TAU = 0.05;
/** 3 g / 2 l and 3 / m l², for g = 10, m = 1 and l = 1. */
const GRAVITY = 15;
const INERTIA = 3;
const TURN = 2 * Math.PI;
const ACTION_COST = Math.fround(0.001);

/**
 * Observations [3]: cosine and sine of the angle, which is 0 upright, and angular velocity. Actions [1]: the torque,
 * from -2 to 2. A step costs the square of the angle, a tenth of that of the velocity, and a thousandth of that of the
 * torque; an episode does not terminate.
 */
export class Pendulum extends Simulation<Float32Array> {
  readonly observationSpace = new Box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]);
  readonly actionSpace = new Box(-MAX_TORQUE, MAX_TORQUE, [1]);
  /** Angle, of all turns so far, and angular velocity. */
  readonly #physics = new Float64Array(2);
  protected readonly parts = { physics: { data: this.#physics } };

  /**
   * @param engine whose sine and cosine to use: they are the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   */
  constructor(engine: Engine, options: SimulationOptions = {}) {
    super("Pendulum-v1", engine, options);
  }

  protected begin(): void {
    this.#physics[0] = this.random.uniform(-Math.PI, Math.PI);
    this.#physics[1] = this.random.uniform(-1, 1);
  }

  protected advance(action: Float32Array): void {
    const physics = this.#physics;
    const angle = physics[0] as number;
    const velocity = physics[1] as number;
    const torque = Math.fround(action[0] as number);

    const lean = fromUpright(angle);
    const effort = Math.fround(ACTION_COST * Math.fround(torque * torque));
    this.reward = -(lean * lean + 0.1 * (velocity * velocity) + effort);

    const acceleration = GRAVITY * this.engine.kernels.sin(angle) + Math.fround(INERTIA * torque);
    const next = Math.min(Math.max(velocity + acceleration * TAU, -MAX_SPEED), MAX_SPEED);
    physics[0] = angle + next * TAU;
    physics[1] = next;
  }

  protected observe(into: Float32Array): Float32Array {
    const angle = this.#physics[0] as number;
    into[0] = this.engine.kernels.cos(angle);
    into[1] = this.engine.kernels.sin(angle);
    into[2] = this.#physics[1] as number;
    return into;
  }

  render(): Scene {
    const angle = this.#physics[0] as number;
    return {
      view: { left: -1.4, bottom: -1.4, right: 1.4, top: 1.4 },
      shapes: [
        { kind: "circle", radius: 1.22, fill: "#f0f4f8" },
        {
          kind: "line",
          points: [
            [0, 1.12],
            [0, 1.22],
          ],
          width: 0.03,
          color: "#9aa5b1",
        },
        {
          kind: "line",
          angle,
          points: [
            [0, 0],
            [0, 1],
          ],
          width: 0.16,
          color: "#d9822b",
        },
        { kind: "circle", radius: 0.05, fill: "#334e68" },
      ],
    };
  }
}

/** The angle without its whole turns: from -π to π. */
function fromUpright(angle: number): number {
  const turned = (angle + Math.PI) % TURN;
  return (turned < 0 ? turned + TURN : turned) - Math.PI;
}
