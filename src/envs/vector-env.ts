// What a learner steps: several environments side by side, each begun anew in the step in which its episode ends
// (Gymnasium's "same step" autoreset). The last observation of an episode and the first of the next stay apart, and so
// do `terminated` and `truncated`.

import { ConfigurationError } from "../base/errors.ts";
import type { DataOf, DataType } from "../base/spec.ts";
import type { Stateful } from "../base/state.ts";
import { checkActionSpace, checkSpace } from "../spaces/check.ts";
import type { ObservationSpace, Space } from "../spaces/space.ts";
import type { EnvSpec } from "./env.ts";

/**
 * Several environments of the same spaces; with `state` and `restore` a training in them can be resumed.
 * @typeParam Action what an action of one of them is, and with it what an agent's `act` gives
 */
export interface VectorEnv<Action = number | Int32Array | Float32Array> extends Partial<Stateful> {
  /** Never there: by it TypeScript knows of which actions they are. */
  readonly "~action"?: Action;
  /** Of a registered environment. */
  readonly spec: EnvSpec | undefined;
  /** How many there are. */
  readonly numEnvs: number;
  /** What the observations of one of them are. */
  readonly singleObservationSpace: ObservationSpace;
  /** What the actions of one of them are. */
  readonly singleActionSpace: Space;
  /**
   * [numEnvs, ...flat], as `flat` of the space says: what to act on next; after the end of an episode, the first
   * observation of the next.
   */
  readonly observations: DataOf<DataType>;
  /** [numEnvs], of the last step. */
  readonly rewards: Float32Array;
  /** [numEnvs]: 1 where an episode came to its own end in the last step. */
  readonly terminated: Uint8Array;
  /** [numEnvs]: 1 where an episode was cut off in the last step. */
  readonly truncated: Uint8Array;
  /** [numEnvs], of the last step: what returns are told of, where that may be something else than `rewards`. */
  readonly scores?: Float32Array;
  /** [numEnvs]: 1 where in the last step all was over of which a return is told: a game, with episodes as parts. */
  readonly gameOvers?: Uint8Array;
  /**
   * [numEnvs, ...flat]: the last observation of the episode that ended in the last step; valid where terminated or
   * truncated.
   */
  readonly finalObservations: DataOf<DataType>;
  /**
   * [numEnvs, mask], as `actionMask` of an environment says: 1 for each action that is allowed next. Undefined where
   * all always are.
   */
  readonly actionMasks?: Uint8Array | undefined;

  /** What is to be known before a training in it begins, such as that it cannot be saved as it is. */
  readonly notes?: readonly string[];

  /**
   * Begins an episode in every environment.
   * @param options.seed environment i starts its random numbers from seed + i; without it they go on
   */
  reset(options?: { seed?: number }): void;

  /** Takes a step in every environment. @param actions [numEnvs, ...action] */
  step(actions: DataOf<DataType>): void;

  /**
   * What has come of them beside returns, by name, as of a search the best that it has found: shown where a training on
   * the command line ends.
   */
  outcome?(): Readonly<Record<string, number | string | null>>;

  /** Gives back what the environments hold outside of JavaScript's memory. They are not used afterwards. */
  close?(): void;
}

/** @throws ConfigurationError for what is no vector environment, such as an environment on its own, or of no spaces */
export function checkVectorEnv(env: VectorEnv<unknown>): void {
  if (typeof env?.step !== "function" || env.singleObservationSpace === undefined) {
    throw new ConfigurationError(
      "env: it is no vector environment, which has singleObservationSpace and step; makeVec makes one",
    );
  }
  checkSpace("env: singleObservationSpace", env.singleObservationSpace);
  checkActionSpace("env: singleActionSpace", env.singleActionSpace);
}
