// Gymnasium's family of small physical systems. An environment's own file is loaded when one is made by its name.

import type { Registration } from "../registration.ts";

/** The registrations of this family. */
export const classicControl: readonly Registration[] = [
  {
    id: "CartPole-v1",
    family: "classic control",
    rewardThreshold: 475,
    maxEpisodeSteps: 500,
    create: async ({ engine, seed }) => new (await import("./cartpole.ts")).CartPole(engine, { seed }),
  },
];
