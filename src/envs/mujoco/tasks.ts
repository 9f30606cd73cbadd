// What each robot is to do, as Gymnasium's files of versions 4 and 5 have it: a table of how an episode begins, what is
// observed, what a step is worth and when it ends. Version 5 does not pay a bonus for the step that ends an episode,
// shows forces of contact without the world's and lets them cost something, and looks at distances after the step.
//
// Bodies are counted in the order of their model, the world being 0. Where they are (xpos, xipos, site_xpos) is known
// for the moment before the last of a step's parts, in Gymnasium and here.

import type { PCG64 } from "../../engine/index.ts";
import { standardNormal } from "../../engine/normal.ts";
import type { Arrays } from "./library.ts";
import { ant } from "./models/ant.ts";
import { pusher, reacher } from "./models/arms.ts";
import { halfCheetah } from "./models/half-cheetah.ts";
import { hopper, walker2d } from "./models/hopper.ts";
import { humanoid, humanoidStandup } from "./models/humanoid.ts";
import { invertedDoublePendulum, invertedPendulum } from "./models/pendulums.ts";
import { swimmer } from "./models/swimmer.ts";
import { between, cosines, type Observed, part, sines } from "./observed.ts";

/** The version of a task, by Gymnasium's count. */
export type Version = 4 | 5;

/** What of the world is seen, in metres. */
export interface View {
  /** From the side, x to the right and z upwards; or from above, x to the right and y upwards. */
  readonly from: "side" | "above";
  /** Left, bottom, right and top. */
  readonly edges: readonly [left: number, bottom: number, right: number, top: number];
  /** Whether the first body is followed: to the right, and from above in both directions. */
  readonly follows?: boolean;
  /** The body that the robot is to reach, or to which it is to push something. */
  readonly target?: number;
}

/** Before, after, bonus: in an array, since a number that is handed to a function is an object of its own. */
export type Moment = Float64Array;

/** What a robot is to do. */
export interface Task {
  /** Its model. */
  readonly xml: string;
  /** How many of the model's time steps a step is. */
  readonly frameSkip: number;
  /** How many motors it has, and how far each goes in both directions. */
  readonly motors: readonly [count: number, limit: number];
  /** How many numbers are observed. */
  readonly observations: number;
  /** What they are, in order. */
  readonly observed: readonly Observed[];
  /** Draws positions and velocities to begin with; positions are those of the model, velocities 0. */
  readonly start: (arrays: Arrays, random: PCG64) => void;
  /** Whether forces from outside are observed or cost something. */
  readonly hasForces?: boolean;
  /** What is compared before and after a step. */
  readonly measure?: (arrays: Arrays, masses: Float64Array) => number;
  /** What a step is worth while the robot is healthy. */
  readonly bonus?: number;
  /** Whether the episode goes on. */
  readonly isHealthy?: (arrays: Arrays) => boolean;
  /** What a step is worth. @param moment what was measured before and after it, and the bonus, which may be none */
  readonly reward: (arrays: Arrays, action: Float32Array, moment: Moment) => number;
  /** What a picture shows. */
  readonly view: View;
}

/** A robot's task. @param margins what geoms' margins are multiplied by */
type TaskOf = (version: Version, margins: number) => Task;

const x = ({ qpos }: Arrays): number => qpos[0] as number;

/** Moves everything a little: positions uniformly, velocities likewise or by a normal distribution. */
function around(scale: number, velocities: "uniform" | "normal"): Task["start"] {
  return ({ qpos, qvel }, random) => {
    for (let index = 0; index < qpos.length; index++)
      qpos[index] = (qpos[index] as number) + random.uniform(-scale, scale);
    for (let index = 0; index < qvel.length; index++)
      qvel[index] = velocities === "normal" ? scale * standardNormal(random) : random.uniform(-scale, scale);
  };
}

/** Velocities of the arms, whose targets lie still. */
function drawVelocities({ qvel }: Arrays, random: PCG64, still: number): void {
  for (let index = 0; index < qvel.length; index++) {
    const velocity = random.uniform(-0.005, 0.005);
    qvel[index] = index < qvel.length - still ? velocity : 0;
  }
}

/** The sum of squares of an action, times a weight, in float32: so NumPy computes it, eight numbers in pairs. */
function effort(weight: number, action: Float32Array): number {
  let sum = 0;
  if (action.length === 8) sum = Math.fround(sumOfFour(action, 0) + sumOfFour(action, 4));
  else for (let index = 0; index < action.length; index++) sum = Math.fround(sum + square32(action, index));
  return Math.fround(Math.fround(weight) * sum);
}

function square32(numbers: Float32Array, index: number): number {
  return Math.fround(squared(numbers[index] as number));
}

function sumOfFour(numbers: Float32Array, at: number): number {
  const first = Math.fround(square32(numbers, at) + square32(numbers, at + 1));
  return Math.fround(first + Math.fround(square32(numbers, at + 2) + square32(numbers, at + 3)));
}

function squared(value: number): number {
  return value * value;
}

/** The sum of squares, each number cut off at the limit. */
function squares(array: Float64Array, limit = Number.POSITIVE_INFINITY): number {
  let sum = 0;
  for (let index = 0; index < array.length; index++) {
    sum += squared(Math.min(Math.max(array[index] as number, -limit), limit));
  }
  return sum;
}

/** How far one body is from another. */
function distance({ xpos }: Arrays, body: number, other: number): number {
  let sum = 0;
  for (let index = 0; index < 3; index++) {
    sum += squared((xpos[3 * body + index] as number) - (xpos[3 * other + index] as number));
  }
  return Math.sqrt(sum);
}

/** Whether a number of the positions lies between two others. */
const isBetween = ({ qpos }: Arrays, index: number, from: number, to: number): boolean =>
  (qpos[index] as number) > from && (qpos[index] as number) < to;

/** Going ahead is worth its speed. @param seconds of a step */
function forward(seconds: number, cost: (arrays: Arrays, action: Float32Array) => number, weight = 1): Task["reward"] {
  return (arrays, action, moment) =>
    weight * (((moment[1] as number) - (moment[0] as number)) / seconds) + (moment[2] as number) - cost(arrays, action);
}

const runner: View = { from: "side", edges: [-1.5, -0.2, 1.5, 1.6], follows: true };

const halfCheetahTask: TaskOf = () => ({
  xml: halfCheetah(),
  frameSkip: 5,
  motors: [6, 1],
  observations: 17,
  observed: [part("qpos", 1), part("qvel")],
  start: around(0.1, "normal"),
  measure: x,
  reward: forward(0.01 * 5, (_, action) => effort(0.1, action)),
  view: runner,
});

const hopperTask: TaskOf = (_, margins) => ({
  xml: hopper(margins),
  frameSkip: 4,
  motors: [3, 1],
  observations: 11,
  observed: [part("qpos", 1), part("qvel", 0, undefined, 10)],
  start: around(0.005, "uniform"),
  measure: x,
  bonus: 1,
  isHealthy: (arrays) =>
    isBetween(arrays, 1, 0.7, Number.POSITIVE_INFINITY) &&
    isBetween(arrays, 2, -0.2, 0.2) &&
    isWithin(arrays.qpos, 2, 100) &&
    isWithin(arrays.qvel, 0, 100),
  reward: forward(0.002 * 4, (_, action) => effort(1e-3, action)),
  view: { ...runner, edges: [-1.5, -0.2, 1.5, 2] },
});

/** Whether all numbers from one on are less than a limit away from 0. */
function isWithin(array: Float64Array, from: number, limit: number): boolean {
  for (let index = from; index < array.length; index++) if (!(Math.abs(array[index] as number) < limit)) return false;
  return true;
}

const walker2dTask: TaskOf = (version) => ({
  xml: walker2d(version === 4 ? 0.9 : 1.9),
  frameSkip: 4,
  motors: [6, 1],
  observations: 17,
  observed: [part("qpos", 1), part("qvel", 0, undefined, 10)],
  start: around(0.005, "uniform"),
  measure: x,
  bonus: 1,
  isHealthy: (arrays) => isBetween(arrays, 1, 0.8, 2) && isBetween(arrays, 2, -1, 1),
  reward: forward(0.002 * 4, (_, action) => effort(1e-3, action)),
  view: { ...runner, edges: [-1.5, -0.2, 1.5, 2] },
});

const antTask: TaskOf = (version, margins) => ({
  xml: ant(margins),
  frameSkip: 5,
  motors: [8, 1],
  observations: version === 4 ? 27 : 105,
  observed: [part("qpos", 2), part("qvel"), ...(version === 4 ? [] : [part("cfrc_ext", 6, undefined, 1)])],
  start: around(0.1, "normal"),
  hasForces: version === 5,
  measure: ({ xpos }) => xpos[3] as number,
  bonus: 1,
  isHealthy: ({ qpos, qvel }) =>
    (qpos[2] as number) >= 0.2 &&
    (qpos[2] as number) <= 1 &&
    isWithin(qpos, 0, Number.POSITIVE_INFINITY) &&
    isWithin(qvel, 0, Number.POSITIVE_INFINITY),
  reward: forward(
    0.01 * 5,
    ({ cfrc_ext }, action) => effort(0.5, action) + (version === 4 ? 0 : 5e-4 * squares(cfrc_ext, 1)),
  ),
  view: { from: "side", edges: [-2, -0.2, 2, 2], follows: true },
});

/** What a humanoid observes: in version 4 with what the world and the root, which have no motors, add to it. */
const bodily = (version: Version): Pick<Task, "observations" | "observed" | "hasForces"> => {
  const world = version === 4 ? 0 : 1;
  return {
    observations: version === 4 ? 376 : 348,
    observed: [
      ...[part("qpos", 2), part("qvel"), part("cinert", 10 * world), part("cvel", 6 * world)],
      ...[part("qfrc_actuator", 6 * world), part("cfrc_ext", 6 * world)],
    ],
    hasForces: true,
  };
};

/** Where the centre of mass is, along x. */
function massCentre({ xipos }: Arrays, masses: Float64Array): number {
  let moment = 0;
  let mass = 0;
  for (let body = 0; body < masses.length; body++) {
    moment += (masses[body] as number) * (xipos[3 * body] as number);
    mass += masses[body] as number;
  }
  return moment / mass;
}

const humanoidTask: TaskOf = (version, margins) => ({
  xml: humanoid(margins),
  frameSkip: 5,
  motors: [17, 0.4],
  ...bodily(version),
  start: around(0.01, "uniform"),
  measure: massCentre,
  bonus: 5,
  isHealthy: (arrays) => isBetween(arrays, 2, 1, 2),
  reward: forward(
    0.003 * 5,
    ({ ctrl, cfrc_ext }) => 0.1 * squares(ctrl) + (version === 4 ? 0 : Math.min(5e-7 * squares(cfrc_ext), 10)),
    1.25,
  ),
  view: { ...runner, edges: [-1.5, -0.2, 1.5, 2] },
});

const humanoidStandupTask: TaskOf = (version, margins) => ({
  xml: humanoidStandup(margins),
  frameSkip: 5,
  motors: [17, 0.4],
  ...bodily(version),
  start: around(0.01, "uniform"),
  reward: ({ qpos, ctrl, cfrc_ext }) =>
    (qpos[2] as number) / 0.003 - 0.1 * squares(ctrl) - Math.min(5e-7 * squares(cfrc_ext), 10) + 1,
  view: { ...runner, edges: [-1.5, -0.2, 1.5, 1.6] },
});

const swimmerTask: TaskOf = () => ({
  xml: swimmer(),
  frameSkip: 4,
  motors: [2, 1],
  observations: 8,
  observed: [part("qpos", 2), part("qvel")],
  start: around(0.1, "uniform"),
  measure: x,
  reward: forward(0.01 * 4, (_, action) => effort(1e-4, action)),
  view: { from: "above", edges: [-2.5, -2, 2.5, 2], follows: true },
});

const reacherTask: TaskOf = (version) => {
  const reach = (arrays: Arrays) => distance(arrays, 3, 4);
  return {
    xml: reacher(),
    frameSkip: 2,
    motors: [2, 1],
    observations: version === 4 ? 11 : 10,
    observed: [
      ...[cosines(0, 2), sines(0, 2), part("qpos", 2), part("qvel", 0, 2)],
      between(3, 4, version === 4 ? 3 : 2),
    ],
    start: (arrays, random) => {
      const { qpos } = arrays;
      for (let index = 0; index < 4; index++) qpos[index] = random.uniform(-0.1, 0.1) + (qpos[index] as number);
      do {
        qpos[2] = random.uniform(-0.2, 0.2);
        qpos[3] = random.uniform(-0.2, 0.2);
      } while (!(Math.sqrt(squared(qpos[2]) + squared(qpos[3])) < 0.2));
      drawVelocities(arrays, random, 2);
    },
    measure: reach,
    reward: (_, action, moment) => -(moment[version - 4] as number) - effort(1, action),
    view: { from: "above", edges: [-0.35, -0.35, 0.35, 0.35], target: 4 },
  };
};

const pusherTask: TaskOf = (version, margins) => {
  const missed = (arrays: Arrays) => -distance(arrays, 11, 12) - 0.5 * distance(arrays, 11, 10);
  return {
    xml: pusher(margins, version),
    frameSkip: 5,
    motors: [7, 2],
    observations: 23,
    observed: [part("qpos", 0, 7), part("qvel", 0, 7), part("xpos", 30, 39)],
    start: (arrays, random) => {
      const { qpos } = arrays;
      do {
        qpos[7] = random.uniform(-0.3, 0);
        qpos[8] = random.uniform(-0.2, 0.2);
      } while (!(Math.sqrt(squared(qpos[7]) + squared(qpos[8])) > 0.17));
      drawVelocities(arrays, random, 4);
    },
    measure: missed,
    reward: (_, action, moment) => (moment[version - 4] as number) - effort(0.1, action),
    view: { from: "above", edges: [-0.6, -1, 1.2, 0.8], target: 12 },
  };
};

const invertedPendulumTask: TaskOf = () => ({
  xml: invertedPendulum(),
  frameSkip: 2,
  motors: [1, 3],
  observations: 4,
  observed: [part("qpos"), part("qvel")],
  start: around(0.01, "uniform"),
  bonus: 1,
  isHealthy: ({ qpos, qvel }) =>
    Math.abs(qpos[1] as number) <= 0.2 &&
    isWithin(qpos, 0, Number.POSITIVE_INFINITY) &&
    isWithin(qvel, 0, Number.POSITIVE_INFINITY),
  reward: (_, __, moment) => moment[2] as number,
  view: { from: "side", edges: [-1.2, -0.4, 1.2, 0.9] },
});

const invertedDoublePendulumTask: TaskOf = (version) => ({
  xml: invertedDoublePendulum(),
  frameSkip: 5,
  motors: [1, 1],
  observations: version === 4 ? 11 : 9,
  observed: [
    ...[part("qpos", 0, 1), sines(1, 3), cosines(1, 3), part("qvel", 0, 3, 10)],
    part("qfrc_constraint", 0, version === 4 ? 3 : 1, 10),
  ],
  start: around(0.1, "normal"),
  bonus: 10,
  isHealthy: ({ site_xpos }) => !((site_xpos[2] as number) <= 1),
  reward: ({ site_xpos, qvel }, _, moment) => {
    const fallen = 0.01 * squared(site_xpos[0] as number) + squared((site_xpos[2] as number) - 2);
    return (moment[2] as number) - fallen - (1e-3 * squared(qvel[1] as number) + 5e-3 * squared(qvel[2] as number));
  },
  view: { from: "side", edges: [-1.5, -0.4, 1.5, 1.5] },
});

/** The tasks, by the names of their robots. */
export const tasks = {
  HalfCheetah: halfCheetahTask,
  Hopper: hopperTask,
  Walker2d: walker2dTask,
  Ant: antTask,
  Humanoid: humanoidTask,
  HumanoidStandup: humanoidStandupTask,
  Swimmer: swimmerTask,
  Reacher: reacherTask,
  Pusher: pusherTask,
  InvertedPendulum: invertedPendulumTask,
  InvertedDoublePendulum: invertedDoublePendulumTask,
} satisfies Readonly<Record<string, TaskOf>>;

/** The name of a robot. */
export type Robot = keyof typeof tasks;
