// An environment on MuJoCo: an episode of a task, in a simulation of its own.

import type { Engine } from "../../engine/index.ts";
import { Box } from "../../spaces/box.ts";
import type { Scene } from "../scene.ts";
import { type Part, Simulation } from "../simulation.ts";
import { drawn } from "./drawing.ts";
import { loadMuJoCo, type MuJoCo } from "./library.ts";
import type { Observed } from "./observed.ts";
import { Physics } from "./physics.ts";
import { type Moment, type Robot, type Task, tasks, type Version } from "./tasks.ts";

/** What an environment on MuJoCo is made of. */
interface Made {
  readonly engine: Engine;
  readonly seed: number;
  readonly robot: Robot;
  readonly version: Version;
  readonly margins: number;
}

/**
 * An environment of a robot.
 * @throws MissingPackageError where MuJoCo is not installed; UnsupportedError where it is another version
 */
export async function createMuJoCoEnv(id: string, { engine, seed, robot, version, margins }: Made): Promise<MuJoCoEnv> {
  return new MuJoCoEnv(id, engine, { seed }, await loadMuJoCo(id), tasks[robot](version, margins), version);
}

/**
 * An environment of Gymnasium: the same seed begins with the same numbers, and the same actions lead to the same ones,
 * to rounding. Pusher-v4, which Gymnasium refuses with MuJoCo 3 since its cylinder is lighter than air, is here as its
 * file has it.
 */
export class MuJoCoEnv extends Simulation<Float32Array> {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly #task: Task;
  readonly #physics: Physics;
  /** Whether the step that ends an episode is paid for like the others. */
  readonly #paysAtEnd: boolean;
  /** What the next step begins from: what is measured, which lags behind the positions. */
  readonly #measured = new Float64Array(1);
  readonly #moment: Moment = new Float64Array(3);
  readonly #time = new Float64Array(1);

  constructor(id: string, engine: Engine, options: { seed: number }, mujoco: MuJoCo, task: Task, version: Version) {
    super(id, engine, options);
    const [count, limit] = task.motors;
    this.observationSpace = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [task.observations]);
    this.actionSpace = new Box(-limit, limit, [count]);
    this.#task = task;
    this.#paysAtEnd = version === 4;
    this.#physics = new Physics(id, mujoco, task.xml);
  }

  protected get parts(): Readonly<Record<string, Part>> {
    const { qpos, qvel, ctrl, qacc_warmstart } = this.#physics.arrays;
    this.#time[0] = this.#physics.time;
    return {
      ...{ positions: { data: qpos }, velocities: { data: qvel }, controls: { data: ctrl } },
      ...{ warmStart: { data: qacc_warmstart }, time: { data: this.#time }, measured: { data: this.#measured } },
    };
  }

  protected override restored(): void {
    this.#physics.time = this.#time[0] as number;
  }

  protected begin(): void {
    const physics = this.#physics;
    physics.reset();
    this.#task.start(physics.arrays, this.random);
    physics.forward();
    this.#measure();
  }

  protected advance(action: Float32Array): void {
    const { frameSkip, hasForces = false, isHealthy, bonus = 0, reward } = this.#task;
    const physics = this.#physics;
    const { arrays } = physics;
    arrays.ctrl.set(action);
    physics.step(frameSkip);
    if (hasForces) physics.sumForces();
    this.terminated = isHealthy !== undefined && !isHealthy(arrays);
    this.#moment[0] = this.#measured[0] as number;
    this.#measure();
    this.#moment[1] = this.#measured[0] as number;
    this.#moment[2] = this.terminated && !this.#paysAtEnd ? 0 : bonus;
    this.reward = reward(arrays, action, this.#moment);
  }

  protected observe(into: Float32Array): Float32Array {
    const { arrays } = this.#physics;
    const { kernels } = this.engine;
    let at = 0;
    const { observed } = this.#task;
    for (let index = 0; index < observed.length; index++) at = (observed[index] as Observed)(arrays, into, at, kernels);
    return into;
  }

  render(): Scene {
    return drawn(this.#physics.geoms(), this.#task.view);
  }

  /** Frees its simulation, and with the last environment of its kind the model. */
  close(): void {
    this.#physics.close();
  }

  #measure(): void {
    const { measure } = this.#task;
    if (measure !== undefined) this.#measured[0] = measure(this.#physics.arrays, this.#physics.masses);
  }
}
