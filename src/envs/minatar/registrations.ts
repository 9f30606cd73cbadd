// The five games of MinAtar. A game's own file is loaded when one is made by its name.

import type { Engine } from "../../engine/engine.ts";
import type { Registration } from "../registration.ts";
import type { Board, MinAtarOptions } from "./board.ts";

type Game = new (engine: Engine, options: MinAtarOptions) => Board;

const games: Readonly<Record<string, () => Promise<Game>>> = {
  Asterix: async () => (await import("./asterix.ts")).Asterix,
  Breakout: async () => (await import("./breakout.ts")).Breakout,
  Freeway: async () => (await import("./freeway.ts")).Freeway,
  Seaquest: async () => (await import("./seaquest.ts")).Seaquest,
  SpaceInvaders: async () => (await import("./space-invaders.ts")).SpaceInvaders,
};

/**
 * The registrations of this family, under Gymnasium's names: "MinAtar/Breakout-v0" has all six actions, as have the
 * games of MinAtar's paper, "MinAtar/Breakout-v1" the ones that do something. Observations are [10, 10, channels] of 0
 * and 1; the network for them is "small-cnn".
 *
 * ```ts
 * import { minatar } from "proximal/envs/minatar";
 *
 * register(...minatar);
 * const env = await makeVec("MinAtar/Breakout-v1", { numEnvs: 64 });
 * const agent = await PPO.create(env, { network: "small-cnn" });
 * ```
 */
export const minatar: readonly Registration[] = Object.entries(games).flatMap(([name, load]) =>
  [0, 1].map((version) => ({
    id: `MinAtar/${name}-v${version}`,
    family: "MinAtar",
    framesPerSecond: 10,
    create: async ({ engine, seed }) => new (await load())(engine, { seed, minimalActions: version === 1 }),
  })),
);
