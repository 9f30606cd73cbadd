// Every action taken several times over, as one step.

import { atLeastOne, checkValue } from "../../base/ranges.ts";
import type { Env, StepResult } from "../env.ts";
import { rewarded, Wrapper } from "./wrapper.ts";

/**
 * Takes each action `times` times, or until the episode ends: its reward is the sum of theirs, and all else is that of
 * the last. An action that the environment allows at first only is its own to refuse.
 *
 * ```ts
 * const env = new ActionRepeat(new CartPole(engine), 4);
 * ```
 */
export class ActionRepeat<Action = number | Int32Array | Float32Array, Observation = Float32Array> extends Wrapper<
  Action,
  Observation
> {
  /** How often an action is taken. */
  readonly times: number;

  /** @throws ConfigurationError unless env is an environment and times an integer of at least 1 */
  constructor(env: Env<Action, Observation>, times: number) {
    super(env);
    checkValue("ActionRepeat: times", atLeastOne, times);
    this.times = times;
  }

  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    let result = super.step(action, into);
    let sum = result.reward;
    for (let time = 1; time < this.times && !result.terminated && !result.truncated; time++) {
      result = super.step(action, into);
      sum += result.reward;
    }
    return rewarded(result, into, sum);
  }
}
