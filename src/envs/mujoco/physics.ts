// One simulation in MuJoCo's memory, its arrays at hand.

import { OutOfMemoryError } from "../../base/errors.ts";
import { type Arrays, type Data, type Model, type MuJoCo, releaseModel, shareModel } from "./library.ts";

/** What is freed when an environment is closed, or with the garbage where nobody closed it. */
const abandoned = new FinalizationRegistry<() => void>((free) => free());

/** A simulation of a model. */
export class Physics {
  readonly #mujoco: MuJoCo;
  readonly #model: Model;
  readonly #data: Data;
  readonly #free: () => void;
  #isOpen = true;
  #arrays: Arrays;
  /** Of each body, in kilograms. */
  readonly masses: Float64Array;
  /** Where each joint is when nothing has moved. */
  readonly start: Float64Array;

  /** @throws OutOfMemoryError where MuJoCo has no memory for one more */
  constructor(id: string, mujoco: MuJoCo, xml: string) {
    this.#mujoco = mujoco;
    const model = shareModel(mujoco, xml);
    this.#model = model;
    this.#data = newData(id, mujoco, model, xml);
    this.#free = freeing(this.#data, xml);
    abandoned.register(this, this.#free, this);
    this.#arrays = arraysOf(this.#data);
    this.masses = model.body_mass.slice();
    this.start = model.qpos0.slice();
  }

  /** The arrays, as views onto MuJoCo's memory. When that has grown, what was read before has no length any more. */
  get arrays(): Arrays {
    if (this.#arrays.qpos.length === 0) this.#arrays = arraysOf(this.#data);
    return this.#arrays;
  }

  /** Seconds since the episode began. */
  get time(): number {
    return this.#data.time;
  }

  set time(seconds: number) {
    this.#data.time = seconds;
  }

  /** Puts everything back to where the model has it. */
  reset(): void {
    this.#mujoco.mj_resetData(this.#model, this.#data);
  }

  /** Computes everything that follows from positions and velocities. */
  forward(): void {
    this.#mujoco.mj_forward(this.#model, this.#data);
  }

  /** Takes so many steps of the model's time. */
  step(times: number): void {
    for (let time = 0; time < times; time++) this.#mujoco.mj_step(this.#model, this.#data);
  }

  /** Computes the forces from outside that act on each body, `cfrc_ext`, which a step leaves alone. */
  sumForces(): void {
    this.#mujoco.mj_rnePostConstraint(this.#model, this.#data);
  }

  /** Where each geom is now: [ngeom, 3], its axes [ngeom, 9], and what it is. */
  geoms() {
    // A step leaves places as they were in its last part, before it moved them.
    this.#mujoco.mj_kinematics(this.#model, this.#data);
    const { geom_xpos: places, geom_xmat: axes, xpos } = this.#data;
    const { geom_type: types, geom_size: sizes, geom_bodyid: bodies } = this.#model;
    return { places, axes, bodyPlaces: xpos, types, sizes, bodies };
  }

  /** Frees it, once. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    abandoned.unregister(this);
    this.#free();
  }
}

/** Apart from the class: what frees a simulation may not hold it. */
function freeing(data: Data, xml: string): () => void {
  return () => {
    data.delete();
    releaseModel(xml);
  };
}

function newData(id: string, mujoco: MuJoCo, model: Model, xml: string): Data {
  try {
    return new mujoco.MjData(model);
  } catch (error) {
    releaseModel(xml);
    throw new OutOfMemoryError(`${id}: MuJoCo's memory, 2 GiB, has no room for one more: ${(error as Error).message}`);
  }
}

function arraysOf(data: Data): Arrays {
  const { qpos, qvel, ctrl, qacc_warmstart, xpos, xipos, site_xpos } = data;
  const { cinert, cvel, qfrc_actuator, qfrc_constraint, cfrc_ext } = data;
  return {
    ...{ qpos, qvel, ctrl, qacc_warmstart, xpos, xipos, site_xpos },
    ...{ cinert, cvel, qfrc_actuator, qfrc_constraint, cfrc_ext },
  };
}
