// Observations as a function makes them of those inside.

import { ConfigurationError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";
import { checkSpace } from "../../spaces/check.ts";
import type { ObservationSpace } from "../../spaces/space.ts";
import type { Env } from "../env.ts";
import { ObservationWrapper } from "./observation-wrapper.ts";

/**
 * Shows what a function makes of each observation. What the function depends on is the observation alone: what else it
 * kept would be missing in `state`.
 *
 * ```ts
 * const space = new Box(-1, 1, [2]);
 * const env = new TransformObservation(new CartPole(engine), space, (observation, into) => {
 *   into[0] = observation[0]! / 4.8;
 *   into[1] = observation[2]! / 0.42;
 *   return into;
 * });
 * ```
 */
export class TransformObservation<
  Action = number | Int32Array | Float32Array,
  Observation = Float32Array,
  InnerObservation = Float32Array,
> extends ObservationWrapper<Action, Observation, InnerObservation> {
  override readonly observationSpace: ObservationSpace;
  readonly #transform: (observation: InnerObservation, into: Observation) => Observation;

  /**
   * @param observationSpace what the function gives
   * @param transform gives what is to be shown; it may write it into `into`, an element of the space, and give that
   * @throws ConfigurationError for what is no space or no function
   */
  constructor(
    env: Env<Action, InnerObservation>,
    observationSpace: ObservationSpace,
    transform: (observation: InnerObservation, into: Observation) => Observation,
  ) {
    super(env);
    checkSpace("TransformObservation: observationSpace", observationSpace);
    if (typeof transform !== "function")
      throw new ConfigurationError(`TransformObservation: transform: ${shown(transform)} is no function`);
    this.observationSpace = observationSpace;
    this.#transform = transform;
  }

  protected converted(observation: InnerObservation, into: Observation): Observation {
    return this.#transform(observation, into);
  }
}
