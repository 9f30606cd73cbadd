// Rewards as a function makes them of those inside.

import { ConfigurationError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";
import type { Env, StepResult } from "../env.ts";
import { rewarded, Wrapper } from "./wrapper.ts";

/**
 * Gives what a function makes of each reward. What the function depends on is the reward alone: what else it kept would
 * be missing in `state`. Returns that a training logs are then those of the new rewards.
 *
 * ```ts
 * const env = new TransformReward(new CartPole(engine), (reward) => Math.sign(reward));
 * ```
 */
export class TransformReward<Action = number | Int32Array | Float32Array, Observation = Float32Array> extends Wrapper<
  Action,
  Observation
> {
  readonly #transform: (reward: number) => number;

  /** @throws ConfigurationError for what is no environment or no function */
  constructor(env: Env<Action, Observation>, transform: (reward: number) => number) {
    super(env);
    if (typeof transform !== "function")
      throw new ConfigurationError(`TransformReward: transform: ${shown(transform)} is no function`);
    this.#transform = transform;
  }

  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const result = super.step(action, into);
    return rewarded(result, into, this.#transform(result.reward));
  }
}
