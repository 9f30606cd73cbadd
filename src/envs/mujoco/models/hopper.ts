// Hopper and Walker2d: a torso on one leg or two, in a plane (Erez, Tassa and Todorov, 2011). The numbers are those of
// a body that stands upright: its top, hip, knee and ankle are so many metres above the ground.

import { mjcf, planarRoot } from "./mjcf.ts";

const TOP = 1.45;
const HIP = 1.05;
const KNEE = 0.6;
const CENTRE = 1.25;

/** A capsule from one height to another, as seen from a body at a third. */
function upright(from: number, to: number, body: number, radius: number): string {
  return `<geom pos="0 0 ${(from + to) / 2 - body}" size="${radius} ${(from - to) / 2}" friction="0.9"/>`;
}

/** A leg. @param foot where its body is, where its capsule lies, half its length, and the friction of its sole */
function leg(suffix: string, foot: { at: number; lies: number; half: number; friction: number }): string {
  const joint = (name: string, more = "") => `<joint name="${name}${suffix}" axis="0 -1 0" range="-150 0" ${more}/>`;
  return `<body pos="0 0 ${HIP - CENTRE}">${joint("thigh")}${upright(HIP, KNEE, HIP, 0.05)}
<body pos="0 0 ${0.35 - HIP}">${joint("leg", `pos="0 0 .25"`)}<geom size=".04 .25" friction="0.9"/>
<body pos="${foot.at} 0 -.35"><joint name="foot${suffix}" axis="0 -1 0" range="-45 45" pos="${-foot.at} 0 .1"/>
<geom pos="${foot.lies} 0 .1" quat="${Math.SQRT1_2} 0 -.7071067811865475 0" size=".06 ${foot.half}" friction="${foot.friction}"/>
</body></body></body>`;
}

const torso = (legs: string): string =>
  `<body pos="0 0 ${CENTRE}">${planarRoot(CENTRE)}${upright(TOP, HIP, CENTRE, 0.05)}${legs}</body>`;

/** The model of Hopper. @param margins what geoms' margins are multiplied by */
export const hopper = (margins: number): string =>
  mjcf({
    option: `timestep=".002" integrator="RK4"`,
    defaults: `<joint armature="1" damping="1"/><motor ctrlrange="-1 1"/>
<geom type="capsule" condim="1" margin="${0.001 * margins}" solimp=".8 .8 .01"/>`,
    world: `<geom type="plane" size="20 20 .125" condim="3"/>
${torso(leg("", { at: 0.13, lies: -0.065, half: 0.195, friction: 2 }))}`,
    motors: { thigh: 200, leg: 200, foot: 200 },
  });

/** The model of Walker2d. @param friction of its right foot: the left one has 1.9 */
export const walker2d = (friction: number): string =>
  mjcf({
    option: `timestep=".002" integrator="RK4"`,
    defaults: `<joint armature=".01" damping=".1"/><motor ctrlrange="-1 1"/>
<geom type="capsule" conaffinity="0" friction=".7 .1 .1"/>`,
    world: `<geom type="plane" size="40 40 40" conaffinity="1"/>
${torso(["", "_left"].map((side) => leg(side, { at: 0.2, lies: -0.1, half: 0.1, friction: side ? 1.9 : friction })).join(""))}`,
    motors: { thigh: 100, leg: 100, foot: 100, thigh_left: 100, leg_left: 100, foot_left: 100 },
  });
