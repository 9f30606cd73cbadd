// Reacher and Pusher: an arm of two links that reaches for a target in a plane, and one of seven joints that pushes a
// cylinder to its goal.

import { mjcf } from "./mjcf.ts";

const slide = (name: string, axis: string, range: string, more: string) =>
  `<joint name="${name}" type="slide" axis="${axis}" range="${range}" ${more}/>`;

/** A wall of Reacher's field, which holds nothing. */
const wall = (from: string, to: string) => `<geom fromto="${from} .01 ${to} .01" size=".02" conaffinity="0"/>`;

/** The model of Reacher. */
export const reacher = (): string =>
  mjcf({
    compiler: `angle="radian"`,
    option: `timestep=".01" integrator="RK4"`,
    defaults: `<joint armature="1" damping="1"/><motor ctrlrange="-1 1"/>
<geom type="capsule" size=".01" contype="0" friction="1 .1 .1"/>`,
    world: `<geom type="plane" size="1 1 10" conaffinity="0"/>
${wall("-.3 -.3", ".3 -.3")}${wall(".3 -.3", ".3 .3")}${wall("-.3 .3", ".3 .3")}${wall("-.3 -.3", "-.3 .3")}
<geom type="cylinder" fromto="0 0 0 0 0 .02" size=".011" conaffinity="0"/>
<body pos="0 0 .01"><geom fromto="0 0 0 .1 0 0"/><joint name="first" axis="0 0 1"/>
<body pos=".1 0 0"><joint name="second" axis="0 0 1" range="-3 3"/><geom fromto="0 0 0 .1 0 0"/>
<body pos=".11 0 0"><geom type="sphere"/></body></body></body>
<body pos=".1 -.1 .01">${slide("x", "1 0 0", "-.27 .27", `ref=".1" armature="0" damping="0"`)}
${slide("y", "0 1 0", "-.27 .27", `ref="-.1" armature="0" damping="0"`)}
<geom type="sphere" size=".009" conaffinity="0"/></body>`,
    motors: { first: 200, second: 200 },
  });

/** A link of Pusher's arm: where it is, its geoms, and its joint, if it has one. */
type Link = readonly [at: string, geoms: string, joint?: readonly [axis: string, range: string, damping: number]];

const sphere = (pos: string, radius: number) => `<geom type="sphere" pos="${pos}" size="${radius}"/>`;
const capsule = (from: string, to: string, radius: number, more = "") =>
  `<geom fromto="${from} ${to}" size="${radius}" ${more}/>`;
const touching = `contype="1" conaffinity="1"`;

const arm: readonly Link[] = [
  [
    "0 -.6 0",
    [-0.06, 0.06].map((x) => sphere(`${x} .05 .2`, 0.05)).join("") +
      [-0.06, 0.06].map((x) => sphere(`${x} .09 .2`, 0.03)).join("") +
      capsule("0 0 -.4", "0 0 .2", 0.1),
    ["0 0 1", "-2.2854 1.714602", 1],
  ],
  [".1 0 0", capsule("0 -.1 0", "0 .1 0", 0.1), ["0 1 0", "-.5236 1.3963", 1]],
  ["0 0 0", capsule("-.1 0 0", ".1 0 0", 0.02), ["1 0 0", "-1.5 1.7", 0.1]],
  ["0 0 0", capsule("0 0 0", ".4 0 0", 0.06)],
  [".4 0 0", capsule("0 -.02 0", "0 .02 0", 0.06), ["0 1 0", "-2.3213 0", 0.1]],
  ["0 0 0", capsule("-.1 0 0", ".1 0 0", 0.02), ["1 0 0", "-1.5 1.5", 0.1]],
  ["0 0 0", capsule("0 0 0", ".291 0 0", 0.05)],
  [".321 0 0", capsule("0 -.02 0", "0 .02 0", 0.01), ["0 1 0", "-1.094 0", 0.1]],
  [
    "0 0 0",
    capsule("0 -.1 0", "0 .1 0", 0.02, touching) +
      capsule("0 -.1 0", ".1 -.1 0", 0.02, touching) +
      capsule("0 .1 0", ".1 .1 0", 0.02, touching),
    ["1 0 0", "-1.5 1.5", 0.1],
  ],
  ["0 0 0", sphere(".1 -.1 0", 0.01) + sphere(".1 .1 0", 0.01)],
];

const links = arm.reduceRight((inner, [at, geoms, joint], index) => {
  const [axis, range, damping] = joint ?? [];
  const written = joint && `<joint name="j${index}" axis="${axis}" range="${range}" damping="${damping}"/>`;
  return `<body pos="${at}">${geoms}${written ?? ""}${inner}</body>`;
}, "");

/** A body that lies on the table: a cylinder that slides. */
function onTable(name: string, height: string, geoms: string): string {
  const [y, x] = ["0 1 0", "1 0 0"].map((axis) => slide(name + axis[0], axis, "-10.3213 10.3", `damping=".5"`));
  return `<body pos=".45 -.05 ${height}">${geoms}${y}${x}</body>`;
}

/**
 * The model of Pusher.
 * @param margins what geoms' margins are multiplied by
 * @param version before 5 the cylinder is lighter than air, and there is a sphere around it
 */
export function pusher(margins: number, version: 4 | 5): string {
  const density = version === 4 ? 0.00001 : 0.01;
  const around = `<geom type="sphere" size=".05 .05 .05" density="${density}"/>`;
  const cylinder = `<geom type="cylinder" size=".05 .05 .05" density="${density}" contype="1"/>`;
  const goal = `<geom type="cylinder" size=".08 .001 .1" density=".00001"/>`;
  return mjcf({
    compiler: `angle="radian"`,
    option: `timestep=".01" gravity="0 0 0" iterations="20"`,
    defaults: `<joint armature=".04" damping="1"/><motor ctrlrange="-2 2"/>
<geom type="capsule" condim="1" contype="0" conaffinity="0" friction=".8 .1 .1" density="300" margin="${0.002 * margins}"/>`,
    world: `<geom type="plane" pos="0 .5 -.325" size="1 1 .1" ${touching}/>${links}
${onTable("object", "-.275", (version === 4 ? around : "") + cylinder)}${onTable("goal", "-.323", goal)}`,
    motors: Object.fromEntries([0, 1, 2, 4, 5, 7, 8].map((index) => [`j${index}`, 1])),
  });
}
