// Humanoid and HumanoidStandup: a body of 13 links with 17 joints (Tassa, Erez and Todorov, 2012), on its feet or on
// its back. What differs is where the links are when all angles are 0.

import { mjcf } from "./mjcf.ts";

interface Pose {
  readonly height: string;
  readonly head: string;
  readonly waist: string;
  readonly lowerWaist: string;
  readonly pelvis: string;
  readonly hip: string;
  readonly foot: string;
  readonly leftHip: string;
  /** A point on a leg, so far down and to the side. */
  readonly down: (length: number, aside: number) => string;
}

const standing: Pose = {
  height: "1.4",
  head: "0 0 .19",
  waist: "-.01 -.06 -.12 -.01 .06 -.12",
  lowerWaist: "-.01 0 -.26",
  pelvis: "0 0 -.165",
  hip: "-.04",
  foot: "0 0 -.45",
  leftHip: "-110 20",
  down: (length, aside) => `0 ${aside} ${-length}`,
};
const lying: Pose = {
  height: ".105",
  head: "-.15 0 0",
  waist: ".11 -.06 0 .11 .06 0",
  lowerWaist: ".21 0 0",
  pelvis: ".165 0 0",
  hip: "0",
  foot: ".35 0 -.1",
  leftHip: "-120 20",
  down: (length, aside) => `${length} ${aside} 0`,
};

function joint(name: string, axis: string, range: string, armature: number, more = ""): string {
  return `<joint name="${name}" axis="${axis}" range="${range}" armature="${armature}" ${more}/>`;
}

const resists = (stiffness: number, damping = 5) => `stiffness="${stiffness}" damping="${damping}"`;

const segment = (from: string, to: string, radius: number) => `<geom fromto="${from} ${to}" size="${radius}"/>`;

const ball = (pos: string, radius: number) => `<geom type="sphere" pos="${pos}" size="${radius}"/>`;

/** @param side -1 right, 1 left */
function leg(side: -1 | 1, { hip, foot, leftHip, down }: Pose): string {
  const name = side < 0 ? "right" : "left";
  const inwards = -0.01 * side;
  return `<body pos="0 ${0.1 * side} ${hip}">
${joint(`${name}_hip_x`, `${-side} 0 0`, "-25 5", 0.01, resists(10))}
${joint(`${name}_hip_z`, `0 0 ${-side}`, "-60 35", 0.01, resists(10))}
${joint(`${name}_hip_y`, "0 1 0", side < 0 ? "-110 20" : leftHip, side < 0 ? 0.008 : 0.01, resists(20))}
${segment("0 0 0", down(0.34, inwards), 0.06)}
<body pos="${down(0.403, inwards)}">
${joint(`${name}_knee`, "0 -1 0", "-160 -2", 0.006, `pos="0 0 .02" ${resists(side < 0 ? 0 : 1, 1)}`)}
${segment("0 0 0", down(0.3, 0), 0.049)}<body pos="${foot}">${ball("0 0 .1", 0.075)}</body></body></body>`;
}

/** @param side -1 right, 1 left */
function arm(side: -1 | 1): string {
  const name = side < 0 ? "right" : "left";
  const range = side < 0 ? "-85 60" : "-60 85";
  return `<body pos="0 ${0.17 * side} .06">
${joint(`${name}_shoulder1`, `2 ${-side} 1`, range, 0.0068, resists(1, 1))}
${joint(`${name}_shoulder2`, `0 ${side} 1`, range, 0.0051, resists(1, 1))}
${segment("0 0 0", `.16 ${0.16 * side} -.16`, 0.04)}
<body pos=".18 ${0.18 * side} -.18">${joint(`${name}_elbow`, `0 -1 ${-side}`, "-90 50", 0.0028)}
${segment(`.01 ${-0.01 * side} .01`, `.17 ${-0.17 * side} .17`, 0.031)}${ball(`.18 ${-0.18 * side} .18`, 0.04)}</body></body>`;
}

function tendon(name: string): string {
  return `<fixed><joint joint="${name}_hip_y" coef="-1"/><joint joint="${name}_knee" coef="1"/></fixed>`;
}

const legGears = { hip_x: 100, hip_z: 100, hip_y: 300, knee: 200 };
const armGears = { shoulder1: 25, shoulder2: 25, elbow: 25 };

function gears(name: string, of: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(of).map(([joint, gear]) => [`${name}_${joint}`, gear]));
}

function model(margins: number, pose: Pose): string {
  const lean = `quat="1 0 -.002 0"`;
  const abdomen = (axis: "x" | "y" | "z", direction: string, range: string, height: string, stiffness: number) =>
    joint(`abdomen_${axis}`, direction, range, 0.02, `pos="0 0 ${height}" ${resists(stiffness)}`);
  return mjcf({
    option: `timestep=".003" integrator="RK4" solver="PGS" iterations="50"`,
    defaults: `<joint armature="1" damping="1"/><motor ctrlrange="-.4 .4"/>
<geom type="capsule" condim="1" margin="${0.001 * margins}"/>`,
    world: `<geom type="plane" size="20 20 .125" condim="3" friction="1 .1 .1"/>
<body pos="0 0 ${pose.height}"><joint type="free" armature="0" damping="0"/>
${segment("0 -.07 0", "0 .07 0", 0.07)}${ball(pose.head, 0.09)}<geom fromto="${pose.waist}" size=".06"/>
<body pos="${pose.lowerWaist}" ${lean}>${segment("0 -.06 0", "0 .06 0", 0.06)}
${abdomen("z", "0 0 1", "-45 45", ".065", 20)}${abdomen("y", "0 1 0", "-75 30", ".065", 10)}
<body pos="${pose.pelvis}" ${lean}>${abdomen("x", "1 0 0", "-35 35", ".1", 10)}
${segment("-.02 -.07 0", "-.02 .07 0", 0.09)}${leg(-1, pose)}${leg(1, pose)}</body></body>
${arm(-1)}${arm(1)}</body>`,
    others: `<tendon>${tendon("left")}${tendon("right")}</tendon>`,
    motors: {
      ...{ abdomen_y: 100, abdomen_z: 100, abdomen_x: 100, ...gears("right", legGears), ...gears("left", legGears) },
      ...{ ...gears("right", armGears), ...gears("left", armGears) },
    },
    // Many contacts at once, and a matrix of all of them: the solver is a dual one.
    memory: "1M",
  });
}

/** The model of Humanoid. @param margins what geoms' margins are multiplied by */
export const humanoid = (margins: number): string => model(margins, standing);

/** The model of HumanoidStandup. @param margins what geoms' margins are multiplied by */
export const humanoidStandup = (margins: number): string => model(margins, lying);
