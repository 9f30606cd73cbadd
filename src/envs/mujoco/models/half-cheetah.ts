// HalfCheetah: a torso with a head and two legs of three links each, in a plane (Wawrzyński, 2009).

import { mjcf, planarRoot } from "./mjcf.ts";

/** A link: where it hangs, how its joint turns and resists, and its capsule: where, how turned, half its length. */
type Link = [at: string, range: string, damping: number, stiffness: number, where: string, turn: number, half: number];

const back: readonly Link[] = [
  ["-.5 0 0", "-.52 1.05", 6, 240, ".1 0 -.13", -3.8, 0.145],
  [".16 0 -.25", "-.785 .785", 4.5, 180, "-.14 0 -.07", -2.03, 0.15],
  ["-.28 0 -.14", "-.4 .785", 3, 120, ".03 0 -.097", -0.27, 0.094],
];
const front: readonly Link[] = [
  [".5 0 0", "-1 .7", 4.5, 180, "-.07 0 -.12", 0.52, 0.133],
  ["-.14 0 -.24", "-1.2 .87", 3, 120, ".065 0 -.09", -0.6, 0.106],
  [".13 0 -.18", "-.5 .5", 1.5, 60, ".045 0 -.07", -0.6, 0.07],
];

function leg(name: string, links: readonly Link[]): string {
  return links.reduceRight((inner, [at, range, damping, stiffness, where, turn, half], index) => {
    const joint = `<joint name="${name}${index}" axis="0 1 0" range="${range}" damping="${damping}" stiffness="${stiffness}"/>`;
    return `<body pos="${at}">${joint}${capsule(where, turn, half)}${inner}</body>`;
  }, "");
}

function capsule(where: string, turn: number, half: number): string {
  return `<geom pos="${where}" axisangle="0 1 0 ${turn}" size=".046 ${half}"/>`;
}

/** The model. */
export const halfCheetah = (): string =>
  mjcf({
    compiler: `angle="radian" settotalmass="14"`,
    option: `timestep=".01"`,
    defaults: `<joint armature=".1" damping=".01" stiffness="8" solimplimit="0 .8 .03"/><motor ctrlrange="-1 1"/>
<geom type="capsule" conaffinity="0" friction=".4 .1 .1" solimp="0 .8 .01"/>`,
    world: `<geom type="plane" size="40 40 40" conaffinity="1"/>
<body pos="0 0 .7">${planarRoot()}<geom fromto="-.5 0 0 .5 0 0" size=".046"/>${capsule(".6 0 .1", 0.87, 0.15)}
${leg("back", back)}${leg("front", front)}</body>`,
    motors: { back0: 120, back1: 90, back2: 60, front0: 120, front1: 60, front2: 30 },
  });
