// Swimmer: three links in a viscous fluid (Coulom, 2002). Nothing collides.

import { mjcf } from "./mjcf.ts";

const joint = (name: string) => `<joint name="${name}" axis="0 0 1" range="-100 100"/>`;

/** The model. */
export const swimmer = (): string =>
  mjcf({
    option: `timestep=".01" integrator="RK4" density="4000" viscosity=".1"`,
    defaults: `<joint armature=".1"/><motor ctrlrange="-1 1"/>
<geom type="capsule" size=".1" condim="1" contype="0" conaffinity="0"/>`,
    world: `<geom type="plane" pos="0 0 -.1" size="40 40 .1" condim="3"/>
<body><geom fromto="1.5 0 0 .5 0 0"/>
<joint type="slide" axis="1 0 0"/><joint type="slide" axis="0 1 0"/><joint axis="0 0 1"/>
<body pos=".5 0 0"><geom fromto="0 0 0 -1 0 0"/>${joint("first")}
<body pos="-1 0 0"><geom fromto="0 0 0 -1 0 0"/>${joint("second")}</body></body></body>`,
    motors: { first: 150, second: 150 },
  });
