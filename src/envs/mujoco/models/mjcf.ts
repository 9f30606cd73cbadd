// What all models are made of: MJCF, MuJoCo's XML, with the numbers that the physics depends on and no others. Names
// are those of Gymnasium's files where something refers to them, and the order is theirs: by it the numbers of a state
// are known. A joint has a range where it is limited, and a motor acts on a joint.

/** A model. */
export interface Mjcf {
  /** What belongs into `<compiler>`: how angles are written, and a total mass. */
  readonly compiler?: string;
  /** What belongs into `<option>`: integrator, time step, solver. */
  readonly option: string;
  /** What holds for every joint, geom and motor unless it says something else: elements. */
  readonly defaults: string;
  /** What stands in the world: elements. */
  readonly world: string;
  /** The motors, in the order of the actions: the joint of each, and its gear. */
  readonly motors: Readonly<Record<string, number>>;
  /** Elements besides. */
  readonly others?: string;
  /** What contacts and constraints are computed in, for each environment. */
  readonly memory?: string;
}

/**
 * MJCF as MuJoCo reads it. Without a size of its own every environment would have an arena of 4 to 15 MB, of which it
 * uses some 20 kB.
 */
export function mjcf({ compiler = "", option, defaults, world, motors, others = "", memory = "256K" }: Mjcf): string {
  const actuators = Object.entries(motors).map(([joint, gear]) => `<motor joint="${joint}" gear="${gear}"/>`);
  return `<mujoco>
<compiler ${compiler}/><option ${option}/><size memory="${memory}"/>
<default>${defaults}</default>
<worldbody>${world}</worldbody>
${others}<actuator>${actuators.join("")}</actuator>
</mujoco>`;
}

/** The joints by which a body moves in the plane of x and z. They resist nothing. @param height where they begin */
export function planarRoot(height = 0): string {
  const free = `armature="0" damping="0" stiffness="0"`;
  const slide = `<joint type="slide" pos="0 0 ${-height}" ${free}`;
  return `${slide} axis="1 0 0"/>${slide} axis="0 0 1" ref="${height}"/><joint ${free} axis="0 1 0"/>`;
}
