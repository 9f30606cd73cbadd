// MuJoCo's own package, which is loaded once for all environments of a process or worker: 10 MB, and a memory that all
// of them share. A model is compiled once for all environments that stand on it, and freed with the last of them.

import { UnsupportedError } from "../../base/errors.ts";
import { imported } from "../packages.ts";
import { REQUIRES } from "./package.ts";

const VERSION = REQUIRES.slice(REQUIRES.lastIndexOf("@") + 1);

/** What lies in the memory of MuJoCo until it is deleted. */
interface Handle {
  delete(): void;
}

/** What a model is, as far as it matters here. */
export interface Model extends Handle {
  readonly nbody: number;
  readonly ngeom: number;
  readonly body_mass: Float64Array;
  readonly geom_type: Int32Array;
  readonly geom_size: Float64Array;
  readonly geom_bodyid: Int32Array;
  readonly qpos0: Float64Array;
}

/** The arrays of a simulation that are read or written. */
export interface Arrays {
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly ctrl: Float64Array;
  readonly qacc_warmstart: Float64Array;
  readonly xpos: Float64Array;
  readonly xipos: Float64Array;
  readonly site_xpos: Float64Array;
  readonly cinert: Float64Array;
  readonly cvel: Float64Array;
  readonly qfrc_actuator: Float64Array;
  readonly qfrc_constraint: Float64Array;
  readonly cfrc_ext: Float64Array;
}

/** What a simulation is. Each array is a new view onto MuJoCo's memory whenever it is asked for. */
export interface Data extends Handle, Arrays {
  readonly geom_xpos: Float64Array;
  readonly geom_xmat: Float64Array;
  time: number;
}

/** What the package makes, as far as it is used here. */
export interface MuJoCo {
  readonly MjModel: { from_xml_string(xml: string): Model };
  readonly MjData: new (model: Model) => Data;
  mj_versionString(): string;
  mj_step(model: Model, data: Data): void;
  mj_forward(model: Model, data: Data): void;
  mj_kinematics(model: Model, data: Data): void;
  mj_resetData(model: Model, data: Data): void;
  mj_rnePostConstraint(model: Model, data: Data): void;
}

let library: Promise<MuJoCo> | undefined;

/**
 * MuJoCo. What fails is not kept: the next call tries again.
 * @param id the environment that needs it
 * @throws MissingPackageError where it is not installed; UnsupportedError where it is another version
 */
export function loadMuJoCo(id: string): Promise<MuJoCo> {
  library ??= imported(id, REQUIRES, () => import("@mujoco/mujoco"))
    .then(({ default: load }) => load() as unknown as Promise<MuJoCo>)
    .then((mujoco) => checkVersion(id, mujoco))
    .catch((error) => {
      library = undefined;
      throw error;
    });
  return library;
}

/** @throws UnsupportedError where it is another version than the one whose numbers are known */
function checkVersion(id: string, mujoco: MuJoCo): MuJoCo {
  const version = mujoco.mj_versionString();
  if (version === VERSION) return mujoco;
  throw new UnsupportedError(`${id}: @mujoco/mujoco is ${version}; it has to be ${VERSION}: npm install ${REQUIRES}`);
}

/** A model, and how many environments stand on it. */
interface Shared {
  readonly model: Model;
  users: number;
}

const models = new Map<string, Shared>();

/** The model of an MJCF text, which is the caller's until `releaseModel`. */
export function shareModel(mujoco: MuJoCo, xml: string): Model {
  let shared = models.get(xml);
  if (shared === undefined) {
    shared = { model: mujoco.MjModel.from_xml_string(xml), users: 0 };
    models.set(xml, shared);
  }
  shared.users++;
  return shared.model;
}

/** Gives a model back; the last one frees it. */
export function releaseModel(xml: string): void {
  const shared = models.get(xml) as Shared;
  if (--shared.users > 0) return;
  models.delete(xml);
  shared.model.delete();
}
