// Gymnasium's family of small physical systems. An environment's own file is loaded when one is made by its name.

import type { Registration } from "../registration.ts";

/** The registrations of this family. */
export const classicControl: readonly Registration[] = [
  {
    id: "CartPole-v0",
    family: "classic control",
    rewardThreshold: 195,
    maxEpisodeSteps: 200,
    framesPerSecond: 50,
    create: async ({ engine, seed }) => new (await import("./cartpole.ts")).CartPole(engine, { seed }, "CartPole-v0"),
  },
  {
    id: "CartPole-v1",
    family: "classic control",
    rewardThreshold: 475,
    maxEpisodeSteps: 500,
    framesPerSecond: 50,
    create: async ({ engine, seed }) => new (await import("./cartpole.ts")).CartPole(engine, { seed }),
  },
  {
    id: "MountainCar-v0",
    family: "classic control",
    rewardThreshold: -110,
    maxEpisodeSteps: 200,
    framesPerSecond: 30,
    create: async ({ engine, seed }) => new (await import("./mountain-car.ts")).MountainCar(engine, { seed }),
  },
  {
    id: "MountainCarContinuous-v0",
    family: "classic control",
    rewardThreshold: 90,
    maxEpisodeSteps: 999,
    framesPerSecond: 30,
    create: async ({ engine, seed }) =>
      new (await import("./mountain-car-continuous.ts")).MountainCarContinuous(engine, { seed }),
  },
  {
    id: "Pendulum-v1",
    family: "classic control",
    maxEpisodeSteps: 200,
    framesPerSecond: 30,
    create: async ({ engine, seed }) => new (await import("./pendulum.ts")).Pendulum(engine, { seed }),
  },
  {
    id: "Acrobot-v1",
    family: "classic control",
    rewardThreshold: -100,
    maxEpisodeSteps: 500,
    framesPerSecond: 15,
    create: async ({ engine, seed }) => new (await import("./acrobot.ts")).Acrobot(engine, { seed }),
  },
];
