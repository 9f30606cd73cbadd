// A limit to the length of episodes. It sets `truncated` and leaves `terminated` alone: running out of time says nothing about the state.

import { ConfigurationError, EnvironmentError } from "../engine/errors.ts";
import type { Env, JsonValue, StepResult } from "./env.ts";
import type { Box, Space } from "./spaces.ts";

export class TimeLimit<Action = number | Float32Array> implements Env<Action> {
  readonly env: Env<Action>;
  readonly maxEpisodeSteps: number;
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  /** There where the environment has it, as is `restore`. */
  readonly state?: () => JsonValue;
  readonly restore?: (state: JsonValue) => void;
  /** Steps of the episode under way. */
  #elapsed = 0;

  /** @throws ConfigurationError unless maxEpisodeSteps is an integer of at least 1 */
  constructor(env: Env<Action>, maxEpisodeSteps: number) {
    if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
      throw new ConfigurationError(`maxEpisodeSteps: ${maxEpisodeSteps} is not an integer of at least 1`);
    }
    this.env = env;
    this.maxEpisodeSteps = maxEpisodeSteps;
    this.observationSpace = env.observationSpace;
    this.actionSpace = env.actionSpace;
    if (env.state !== undefined) {
      this.state = () => ({ elapsed: this.#elapsed, env: env.state?.() ?? null });
    }
    if (env.restore !== undefined) {
      this.restore = (state) => {
        const { elapsed, env: inner } = (state ?? {}) as { readonly elapsed?: number; readonly env?: JsonValue };
        if (elapsed === undefined || !Number.isSafeInteger(elapsed) || elapsed < 0 || inner === undefined) {
          throw new ConfigurationError("restore: not the state of a TimeLimit, which has elapsed and env");
        }
        env.restore?.(inner);
        this.#elapsed = elapsed;
      };
    }
  }

  reset(options?: { seed?: number }, into?: Float32Array): Float32Array {
    this.#elapsed = 0;
    return this.env.reset(options, into);
  }

  /** @throws EnvironmentError after the step that reached the limit */
  step(action: Action, into?: StepResult): StepResult {
    if (this.#elapsed >= this.maxEpisodeSteps) {
      const steps = this.maxEpisodeSteps === 1 ? "1 step" : `${this.maxEpisodeSteps} steps`;
      throw new EnvironmentError(`step: the episode was truncated after ${steps}; reset has to come first`);
    }
    const result = this.env.step(action, into);
    this.#elapsed++;
    if (this.#elapsed >= this.maxEpisodeSteps) result.truncated = true;
    return result;
  }
}
