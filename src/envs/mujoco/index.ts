// proximal/envs/mujoco: Gymnasium's robots on MuJoCo. MuJoCo itself, @mujoco/mujoco 3.14.0, is loaded when the first
// environment is made, and has to be installed for it.

import { ConfigurationError } from "../../base/errors.ts";
import { checkNames, shown } from "../../base/ranges.ts";
import type { Registration } from "../registration.ts";
import { REQUIRES } from "./package.ts";
import type { Robot } from "./tasks.ts";

/** Of each robot: after how many steps an episode is truncated, and the mean return at which its task is solved. */
const robots: Readonly<Record<Robot, readonly [maxEpisodeSteps: number, rewardThreshold?: number]>> = {
  HalfCheetah: [1000, 4800],
  Hopper: [1000, 3800],
  Walker2d: [1000],
  Ant: [1000, 6000],
  Humanoid: [1000],
  HumanoidStandup: [1000],
  Swimmer: [1000, 360],
  Reacher: [50, -3.75],
  Pusher: [100, 0],
  InvertedPendulum: [1000, 950],
  InvertedDoublePendulum: [1000, 9100],
};

/** The steps of each in a second of its world. */
const framesPerSecond: Readonly<Record<Robot, number>> = {
  ...{ HalfCheetah: 20, Hopper: 125, Walker2d: 125, Ant: 20, Humanoid: 1000 / 15, HumanoidStandup: 1000 / 15 },
  ...{ Swimmer: 25, Reacher: 50, Pusher: 20, InvertedPendulum: 25, InvertedDoublePendulum: 20 },
};

/** How environments on MuJoCo differ from those that `mujoco` has. */
export interface MuJoCoOptions {
  /**
   * From which distance on bodies feel that they touch. MuJoCo took the larger margin of two up to 3.4, and adds them
   * up since. "halved", unless given, are half those of Gymnasium's models, with which Hopper, Ant, Humanoid,
   * HumanoidStandup and Pusher move as in published results; "full" are theirs, as Gymnasium has them with MuJoCo 3.14.
   */
  readonly contactMargins?: "halved" | "full";
}

/**
 * The registrations of this family, with options.
 *
 * ```ts
 * import { mujocoWith } from "proximal/envs/mujoco";
 *
 * register(...mujocoWith({ contactMargins: "full" }));
 * ```
 * @throws ConfigurationError for an unknown option or value
 */
export function mujocoWith(options: MuJoCoOptions = {}): readonly Registration[] {
  checkNames("mujocoWith", options, ["contactMargins"]);
  const { contactMargins = "halved" } = options;
  if (contactMargins !== "halved" && contactMargins !== "full")
    throw new ConfigurationError(`contactMargins: ${shown(contactMargins)} is not halved or full`);
  const margins = contactMargins === "halved" ? 0.5 : 1;
  return Object.entries(robots).flatMap(([name, [maxEpisodeSteps, rewardThreshold]]) =>
    ([4, 5] as const).map((version): Registration => {
      const id = `${name}-v${version}`;
      return {
        ...{
          id,
          family: "MuJoCo",
          requires: REQUIRES,
          maxEpisodeSteps,
          framesPerSecond: framesPerSecond[name as Robot],
        },
        ...(rewardThreshold !== undefined && { rewardThreshold }),
        create: async ({ engine, seed }) => {
          const { createMuJoCoEnv } = await import("./environment.ts");
          return createMuJoCoEnv(id, { engine, seed, robot: name as Robot, version, margins });
        },
      };
    }),
  );
}

/**
 * The registrations of this family.
 *
 * ```ts
 * import { mujoco } from "proximal/envs/mujoco";
 *
 * register(...mujoco);
 * const env = await make("HalfCheetah-v4", { seed: 1 });
 * ```
 */
export const mujoco: readonly Registration[] = mujocoWith();
