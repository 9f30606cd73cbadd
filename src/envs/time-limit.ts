// A limit to the length of episodes. It sets `truncated` and leaves `terminated` alone: running out of time says
// nothing about the state.

import { ConfigurationError, EnvironmentError } from "../base/errors.ts";
import { anyState, count } from "../base/ranges.ts";
import type { DataOf, DataType } from "../base/spec.ts";
import { fields } from "../base/state.ts";
import { type Env, restoreTo, type StepResult, stateOf } from "./env.ts";
import { Wrapper } from "./wrapper.ts";

/** Truncates an episode after so many steps. */
export class TimeLimit<
  Action = number | Float32Array,
  Observation extends DataOf<DataType> = Float32Array,
> extends Wrapper<Action, Observation> {
  /** The steps after which an episode is truncated. */
  readonly maxEpisodeSteps: number;
  /** Steps of the episode under way. */
  #elapsed = 0;

  /** @throws ConfigurationError unless maxEpisodeSteps is an integer of at least 1 */
  constructor(env: Env<Action, Observation>, maxEpisodeSteps: number) {
    super(env);
    this.maxEpisodeSteps = checkMaxEpisodeSteps("TimeLimit", maxEpisodeSteps);
  }

  override reset(options?: { seed?: number }, into?: Observation): Observation {
    this.#elapsed = 0;
    return super.reset(options, into);
  }

  /** @throws EnvironmentError after the step that reached the limit */
  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    if (this.#elapsed >= this.maxEpisodeSteps) {
      const steps = this.maxEpisodeSteps === 1 ? "1 step" : `${this.maxEpisodeSteps} steps`;
      throw new EnvironmentError(`step: the episode was truncated after ${steps}; reset has to come first`);
    }
    const result = super.step(action, into);
    this.#elapsed++;
    if (this.#elapsed >= this.maxEpisodeSteps) result.truncated = true;
    return result;
  }

  override state(): object {
    return { elapsed: this.#elapsed, env: stateOf(this.env) };
  }

  /**
   * @throws FileFormatError for what `state` did not give; UnsupportedError where the environment cannot be restored
   */
  override restore(state: unknown): void {
    const { elapsed, env } = fields(state, { elapsed: count, env: anyState });
    restoreTo(this.env, env);
    this.#elapsed = elapsed;
  }
}

/** @throws ConfigurationError for a limit that is not an integer of at least 1 */
export function checkMaxEpisodeSteps(owner: string, maxEpisodeSteps: number): number {
  if (Number.isSafeInteger(maxEpisodeSteps) && maxEpisodeSteps >= 1) return maxEpisodeSteps;
  throw new ConfigurationError(`${owner}: maxEpisodeSteps ${maxEpisodeSteps} is not an integer of at least 1`);
}
