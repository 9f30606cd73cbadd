// MountainCar-v0: an engine too weak for the hill has to swing up to it (Moore, 1990). The numbers are Gymnasium's own,
// in float64 and in its order of operations.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { valleyScene } from "./valley.ts";

const FORCE = 0.001;
const GRAVITY = 0.0025;
const MAX_SPEED = 0.07;
/** The wall on the left, and the end of the world on the right. */
const LEAST = -1.2;
const GREATEST = 0.6;
const GOAL = 0.5;

/**
 * Observations [2]: position and velocity. Actions: 0 pushes to the left, 1 does not, 2 to the right. Each step is
 * worth -1; the episode terminates on the hill to the right, at 0.5.
 */
export class MountainCar extends Simulation {
  readonly observationSpace = new Box([LEAST, -MAX_SPEED], [GREATEST, MAX_SPEED]);
  readonly actionSpace = new Discrete(3);
  /** Position and velocity. */
  readonly #physics = new Float64Array(2);
  protected readonly parts = { physics: { data: this.#physics, from: LEAST, to: GREATEST } };

  /**
   * @param engine whose cosine to use: it is the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   */
  constructor(engine: Engine, options: SimulationOptions = {}) {
    super("MountainCar-v0", engine, options);
  }

  protected begin(): void {
    this.#physics[0] = this.random.uniform(-0.6, -0.4);
    this.#physics[1] = 0;
  }

  protected advance(action: number): void {
    const physics = this.#physics;
    const before = physics[0] as number;
    const push = (action - 1) * FORCE + this.engine.kernels.cos(3 * before) * -GRAVITY;
    let velocity = Math.min(Math.max((physics[1] as number) + push, -MAX_SPEED), MAX_SPEED);
    const position = Math.min(Math.max(before + velocity, LEAST), GREATEST);
    if (position === LEAST && velocity < 0) velocity = 0;
    physics[0] = position;
    physics[1] = velocity;
    this.reward = -1;
    this.terminated = position >= GOAL && velocity >= 0;
  }

  protected observe(into: Float32Array): Float32Array {
    into[0] = this.#physics[0] as number;
    into[1] = this.#physics[1] as number;
    return into;
  }

  render(): Scene {
    return valleyScene(this.engine.kernels, this.#physics[0] as number, GOAL);
  }
}
