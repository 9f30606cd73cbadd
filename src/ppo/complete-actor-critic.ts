// Actor and critic as whoever imports this library makes them: with every head and every network at hand.

import type { Engine } from "../engine/engine.ts";
import * as makers from "../nn/all-makers.ts";
import type { ObservationSpace, Space } from "../spaces/index.ts";
import { ActorCritic, type NetworkChoice, type NetworkOptions } from "./actor-critic.ts";

/** Actor and critic for the spaces of an environment. */
export class CompleteActorCritic extends ActorCritic {
  /** @throws ConfigurationError for spaces that they cannot serve; FileFormatError for parameters of other networks */
  constructor(
    engine: Engine,
    observationSpace: ObservationSpace,
    actionSpace: Space,
    options: NetworkOptions,
    choice: NetworkChoice = {},
  ) {
    super(engine, observationSpace, actionSpace, options, makers, choice);
  }
}
