// What a family says of its environments, so that they can be made by their names.

import type { Stateful } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { Box2DActions } from "./box2d/actions.ts";
import type { ClassicControlActions } from "./classic-control/actions.ts";
import type { AnyEnv, EnvSpec } from "./env.ts";
import type { MinAtarActions } from "./minatar/actions.ts";
import type { MuJoCoActions } from "./mujoco/actions.ts";
import type { NatsBenchActions } from "./nats-bench/actions.ts";
import type { ToyTextActions, ToyTextObservations } from "./toy-text/actions.ts";
import type { VectorEnv } from "./vector-env.ts";

/**
 * What an action of each environment is, by its id: an agent's `act` then gives that type. Whoever registers an
 * environment may add to it:
 *
 * ```ts
 * declare module "proximal" {
 *   interface EnvironmentActions {
 *     "Corridor-v0": number;
 *   }
 * }
 * ```
 */
export interface EnvironmentActions
  extends ClassicControlActions,
    ToyTextActions,
    MuJoCoActions,
    Box2DActions,
    MinAtarActions,
    NatsBenchActions {}

/** What an observation of each environment is, by id, where that is no Float32Array; it may be added to likewise. */
export interface EnvironmentObservations extends ToyTextObservations {}

/** What an observation of an environment of this id is. */
export type ObservationOf<Id> = Id extends keyof EnvironmentObservations ? EnvironmentObservations[Id] : Float32Array;

/** What an environment is made with. */
export interface MakeOptions {
  /** Of the environment's random numbers until `reset` gives another: 1 unless given, so that a run can be repeated. */
  readonly seed?: number;
  /** Whose random numbers, sine and cosine the environment uses; by default one that all environments share. */
  readonly engine?: Engine;
}

/** What several environments are made with at once. */
export interface VecOptions extends MakeOptions {
  /** How many. */
  readonly numEnvs: number;
}

/** An environment that `make` can make. */
export interface Registration extends EnvSpec {
  /** Makes one, without its time limit. What only this environment needs is best imported here, as it is made. */
  create(options: Required<MakeOptions>): AnyEnv | Promise<AnyEnv>;
  /**
   * Makes several that are stepped together, such as by another process; their time limits are its own to keep. Without
   * it `makeVec` makes one after the other.
   */
  createVec?(options: Required<VecOptions>): (VectorEnv & Stateful) | Promise<VectorEnv & Stateful>;
}
