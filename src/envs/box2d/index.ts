// The entry `proximal/envs/box2d`: Gymnasium's environments in Box2D, on planck, a port of it to JavaScript. planck is
// loaded with the first of them that is made.

import type { Engine } from "../../engine/engine.ts";
import type { AnyEnv } from "../env.ts";
import { imported } from "../packages.ts";
import type { MakeOptions, Registration } from "../registration.ts";
import type { LunarLander, LunarLanderOptions } from "./lunar-lander.ts";

export type { Box2DActions } from "./actions.ts";
export type { LunarLander, LunarLanderOptions };

const family = { family: "Box2D", requires: "planck@1.4.2", framesPerSecond: 50 };

/** What `make` hands to a registration, or an engine and a seed of one's own. */
interface Made {
  /** Whose random numbers, sine and cosine to use. */
  readonly engine: Engine;
}

/**
 * The registrations of this family.
 *
 * ```ts
 * import { box2d } from "proximal/envs/box2d";
 *
 * register(...box2d);
 * const env = await make("LunarLander-v3", { seed: 7 });
 * ```
 */
export const box2d: readonly Registration[] = [
  {
    id: "LunarLander-v3",
    ...{ rewardThreshold: 200, maxEpisodeSteps: 1000, ...family },
    create: createLunarLander,
  },
  {
    id: "LunarLanderContinuous-v3",
    ...{ rewardThreshold: 200, maxEpisodeSteps: 1000, ...family },
    create: (made) => createLunarLander({ ...made, continuous: true }),
  },
  {
    id: "BipedalWalker-v3",
    ...{ rewardThreshold: 300, maxEpisodeSteps: 1600, ...family },
    create: (made) => createBipedalWalker("BipedalWalker-v3", made),
  },
  {
    id: "BipedalWalkerHardcore-v3",
    ...{ rewardThreshold: 300, maxEpisodeSteps: 2000, ...family },
    create: (made) => createBipedalWalker("BipedalWalkerHardcore-v3", made),
  },
];

async function createBipedalWalker(id: string, { engine, seed }: Required<MakeOptions>): Promise<AnyEnv> {
  const { BipedalWalker } = await imported(id, family.requires, () => import("./bipedal-walker.ts"));
  return new BipedalWalker(engine, { seed }, id === "BipedalWalkerHardcore-v3");
}

/**
 * A LunarLander with options of one's own, without a time limit.
 *
 * ```ts
 * import { createLunarLander } from "proximal/envs/box2d";
 *
 * register({
 *   id: "WindyLunarLander-v0",
 *   maxEpisodeSteps: 1000,
 *   create: (made) => createLunarLander({ ...made, enableWind: true }),
 * });
 * ```
 * @throws MissingPackageError where planck is not installed; ConfigurationError as the class
 */
export function createLunarLander(
  options: Made & LunarLanderOptions & { readonly continuous: true },
): Promise<LunarLander<Float32Array>>;
export function createLunarLander(options: Made & LunarLanderOptions): Promise<LunarLander>;
export async function createLunarLander({
  engine,
  ...options
}: Made & LunarLanderOptions): Promise<LunarLander | LunarLander<Float32Array>> {
  const load = () => import("./lunar-lander.ts");
  const { LunarLander } = await imported("LunarLander-v3", family.requires, load);
  return new LunarLander(engine, options);
}
