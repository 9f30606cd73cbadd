// Ant: a ball on four legs of two links each (Schulman et al., 2016).

import { mjcf } from "./mjcf.ts";

/** Of each leg: to which side it goes, the axis of its ankle and how far that turns, in degrees. */
const legs = [
  [1, 1, "-1 1 0", "30 70"],
  [-1, 1, "1 1 0", "-70 -30"],
  [-1, -1, "-1 1 0", "-70 -30"],
  [1, -1, "1 1 0", "30 70"],
] as const;

const world = legs.map(([x, y, axis, range], index) => {
  const link = (length: number) => `<geom fromto="0 0 0 ${x * length} ${y * length} 0"/>`;
  const end = `<body pos="${x * 0.2} ${y * 0.2} 0">`;
  return `<body>${link(0.2)}${end}<joint name="hip${index + 1}" axis="0 0 1" range="-30 30"/>${link(0.2)}
${end}<joint name="ankle${index + 1}" axis="${axis}" range="${range}"/>${link(0.4)}</body></body></body>`;
});

/** The model. @param margins what geoms' margins are multiplied by */
export const ant = (margins: number): string =>
  mjcf({
    option: `timestep=".01" integrator="RK4"`,
    defaults: `<joint armature="1" damping="1"/><motor ctrlrange="-1 1"/>
<geom type="capsule" size=".08" conaffinity="0" density="5" friction="1 .5 .5" margin="${0.01 * margins}"/>`,
    world: `<geom type="plane" size="40 40 40" conaffinity="1"/>
<body pos="0 0 .75"><geom type="sphere" size=".25"/><joint type="free" armature="0" damping="0" margin=".01"/>
${world.join("")}</body>`,
    motors: Object.fromEntries(
      [4, 1, 2, 3].flatMap((leg) => [`hip${leg}`, `ankle${leg}`].map((joint) => [joint, 150])),
    ),
  });
