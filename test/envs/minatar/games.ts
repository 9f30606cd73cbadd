// The games of MinAtar by their names.

import { Asterix } from "../../../src/envs/minatar/asterix.ts";
import type { Board, MinAtarOptions } from "../../../src/envs/minatar/board.ts";
import { Breakout } from "../../../src/envs/minatar/breakout.ts";
import { Freeway } from "../../../src/envs/minatar/freeway.ts";
import { Seaquest } from "../../../src/envs/minatar/seaquest.ts";
import { SpaceInvaders } from "../../../src/envs/minatar/space-invaders.ts";
import type { Engine } from "../../../src/index.ts";

/** Makes a game. */
export type MakeGame = new (engine: Engine, options?: MinAtarOptions) => Board;

export const games: Readonly<Record<"Asterix" | "Breakout" | "Freeway" | "Seaquest" | "SpaceInvaders", MakeGame>> = {
  Asterix,
  Breakout,
  Freeway,
  Seaquest,
  SpaceInvaders,
};

export const names = Object.keys(games) as (keyof typeof games)[];
