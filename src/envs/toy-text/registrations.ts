// What Gymnasium registers of this family. An environment's own file is loaded when one is made by its name.

import type { Registration } from "../registration.ts";

const common = { family: "toy text", framesPerSecond: 4 } as const;

/**
 * The registrations of this family, which `proximal` has without being told.
 *
 * ```ts
 * const limits = toyText.map(({ id, maxEpisodeSteps }) => `${id}: ${maxEpisodeSteps ?? "no limit"}`);
 * ```
 */
export const toyText: readonly Registration[] = [
  {
    ...{ id: "Blackjack-v1", ...common },
    create: async ({ engine, seed }) => new (await import("./blackjack.ts")).Blackjack(engine, { seed }),
  },
  {
    ...{ id: "FrozenLake-v1", ...common, rewardThreshold: 0.7, maxEpisodeSteps: 100 },
    create: async ({ engine, seed }) => new (await import("./frozen-lake.ts")).FrozenLake(engine, { seed }),
  },
  {
    ...{ id: "FrozenLake8x8-v1", ...common, rewardThreshold: 0.85, maxEpisodeSteps: 200 },
    create: async ({ engine, seed }) => new (await import("./frozen-lake.ts")).FrozenLake(engine, { seed, map: "8x8" }),
  },
  {
    ...{ id: "CliffWalking-v1", ...common },
    create: async ({ engine, seed }) => new (await import("./cliff-walking.ts")).CliffWalking(engine, { seed }),
  },
  {
    ...{ id: "CliffWalkingSlippery-v1", ...common },
    create: async ({ engine, seed }) =>
      new (await import("./cliff-walking.ts")).CliffWalking(engine, { seed, isSlippery: true }),
  },
  {
    ...{ id: "Taxi-v4", ...common, rewardThreshold: 8, maxEpisodeSteps: 200 },
    create: async ({ engine, seed }) => new (await import("./taxi.ts")).Taxi(engine, { seed }),
  },
];
