// proximal/envs/minatar: the five games of MinAtar.

export type { MinAtarActions } from "./actions.ts";
export { Asterix } from "./asterix.ts";
export type { Board, MinAtarOptions } from "./board.ts";
export { Breakout } from "./breakout.ts";
export { Freeway } from "./freeway.ts";
export { minatar } from "./registrations.ts";
export { Seaquest } from "./seaquest.ts";
export { SpaceInvaders } from "./space-invaders.ts";
