// InvertedPendulum and InvertedDoublePendulum: one pole or two on a cart (Barto, Sutton and Anderson, 1983).

import { mjcf } from "./mjcf.ts";

const sideways = `pos="0 0 0" quat=".707 0 .707 0"`;
const rail = `<geom ${sideways} size=".02 1"/>`;
const cart = `<joint name="slider" type="slide" axis="1 0 0" range="-1 1"`;
const box = `<geom ${sideways} size=".1 .1"/>`;

/** The model of InvertedPendulum. */
export const invertedPendulum = (): string =>
  mjcf({
    option: `timestep=".02" integrator="RK4"`,
    defaults: `<joint damping="1"/><motor ctrlrange="-3 3"/><geom type="capsule" contype="0" friction="1 .1 .1"/>`,
    world: `${rail}<body>${cart}/>${box}
<body><joint axis="0 1 0" range="-90 90"/><geom fromto="0 0 0 .001 0 .6" size=".049"/></body></body>`,
    motors: { slider: 100 },
  });

const pole = `<joint axis="0 1 0"/><geom fromto="0 0 0 0 0 .6" size=".045"/>`;

/** The model of InvertedDoublePendulum: gravity leans a little, so that nothing stands for ever. */
export const invertedDoublePendulum = (): string =>
  mjcf({
    option: `timestep=".01" integrator="RK4" gravity="1e-5 0 -9.81"`,
    defaults: `<joint damping=".05"/><motor ctrlrange="-1 1"/><geom type="capsule" contype="0" friction="1 .1 .1"/>`,
    world: `<geom type="plane" pos="0 0 -3" size="40 40 40"/>${rail}<body>${cart} margin=".01"/>${box}
<body>${pole}<body pos="0 0 .6">${pole}<site pos="0 0 .6"/></body></body></body>`,
    motors: { slider: 500 },
  });
