// MountainCarContinuous-v0: the mountain car with an engine that takes any force up to its limit, and pays for it. The
// numbers are Gymnasium's own, in its order of operations: the state is drawn in float64, and is float32, as is what is
// computed of it, from the first step on.

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import type { Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { valleyScene } from "./valley.ts";

const POWER = Math.fround(0.0015);
const GRAVITY = 0.0025;
const MAX_SPEED = Math.fround(0.07);
/** The wall on the left, and the end of the world on the right. */
const LEAST = Math.fround(-1.2);
const GREATEST = Math.fround(0.6);
const GOAL = Math.fround(0.45);

/**
 * Observations [2]: position and velocity. Actions [1]: the force, from -1 to 1. A step is worth -0.1 times the square
 * of its action, and 100 more where it reaches the hill to the right, at 0.45, where the episode terminates.
 */
export class MountainCarContinuous extends Simulation<Float32Array> {
  readonly observationSpace = new Box([LEAST, -MAX_SPEED], [GREATEST, MAX_SPEED]);
  readonly actionSpace = new Box(-1, 1, [1]);
  /** Position and velocity. */
  readonly #physics = new Float64Array(2);
  /** Whether they are float32: 0 before the first step of an episode, 1 from then on. */
  readonly #isRounded = new Uint8Array(1);
  protected readonly parts = {
    physics: { data: this.#physics, from: LEAST, to: GREATEST },
    isRounded: { data: this.#isRounded, to: 1 },
  };

  /**
   * @param engine whose cosine to use: it is the same on every machine
   * @param options.seed of the random numbers, until `reset` gives another
   */
  constructor(engine: Engine, options: SimulationOptions = {}) {
    super("MountainCarContinuous-v0", engine, options);
  }

  protected begin(): void {
    this.#physics[0] = this.random.uniform(-0.6, -0.4);
    this.#physics[1] = 0;
    this.#isRounded[0] = 0;
  }

  protected advance(action: Float32Array): void {
    const physics = this.#physics;
    const before = physics[0] as number;
    const force = Math.fround(action[0] as number);
    const angle = this.#isRounded[0] === 1 ? Math.fround(3 * before) : 3 * before;
    const slope = Math.fround(GRAVITY * this.engine.kernels.cos(angle));
    const push = Math.fround(Math.fround(force * POWER) - slope);
    const speed = Math.fround((physics[1] as number) + push);
    let velocity = Math.min(Math.max(speed, -MAX_SPEED), MAX_SPEED);
    const position = Math.min(Math.max(Math.fround(before + velocity), LEAST), GREATEST);
    if (position === LEAST && velocity < 0) velocity = 0;
    physics[0] = position;
    physics[1] = velocity;
    this.#isRounded[0] = 1;
    this.terminated = position >= GOAL && velocity >= 0;
    this.reward = (this.terminated ? 100 : 0) - force * force * 0.1;
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
