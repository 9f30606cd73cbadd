// A limit to the length of episodes. It sets `truncated` and leaves `terminated` alone: running out of time says
// nothing about the state.

import { EnvironmentError } from "../../base/errors.ts";
import { anyState, atLeastOne, checkValue, count } from "../../base/ranges.ts";
import { fields } from "../../base/state.ts";
import { type Env, restoreTo, type StepResult, stateOf } from "../env.ts";
import { Wrapper } from "./wrapper.ts";

/** Truncates an episode after so many steps. */
export class TimeLimit<Action = number | Int32Array | Float32Array, Observation = Float32Array> extends Wrapper<
  Action,
  Observation
> {
  /** The steps after which an episode is truncated. */
  readonly maxEpisodeSteps: number;
  /** Steps of the episode under way. */
  #elapsed = 0;

  /** @throws ConfigurationError unless env is an environment and maxEpisodeSteps an integer of at least 1 */
  constructor(env: Env<Action, Observation>, maxEpisodeSteps: number) {
    super(env);
    checkValue("TimeLimit: maxEpisodeSteps", atLeastOne, maxEpisodeSteps);
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  override reset(options?: { seed?: number }, into?: Observation): Observation {
    this.#elapsed = 0;
    return super.reset(options, into);
  }

  /** @throws EnvironmentError after the step that reached the limit */
  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const limit = this.maxEpisodeSteps;
    if (this.#elapsed >= limit)
      throw new EnvironmentError(`step: the episode was truncated at its limit of ${limit}; reset has to come first`);
    // Whoever forgets to write it does not find what was written here at the limit before.
    if (into !== undefined) into.truncated = false;
    const result = super.step(action, into);
    this.#elapsed++;
    if (this.#elapsed < limit) return result;
    if (result !== into) return { ...result, truncated: true };
    result.truncated = true;
    return result;
  }

  override state(): object {
    return { elapsed: this.#elapsed, env: stateOf(this.env) };
  }

  /**
   * @throws FileFormatError for what `state` did not give; UnsupportedError where the environment cannot be restored
   */
  override restore(state: unknown): void {
    const { elapsed, env } = fields(state, { elapsed: { ...count, to: this.maxEpisodeSteps }, env: anyState });
    restoreTo(this.env, env);
    this.#elapsed = elapsed;
  }
}
