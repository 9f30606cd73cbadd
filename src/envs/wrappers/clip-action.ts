// Actions beyond their bounds taken as the nearest within.

import { Box } from "../../spaces/box.ts";
import type { Env } from "../env.ts";
import { ActionWrapper, limited } from "./action-wrapper.ts";

/**
 * Takes any finite or infinite numbers as an action, and passes on the nearest that is within the bounds. Agents of
 * this package limit their actions to the bounds by themselves.
 *
 * ```ts
 * const env = new ClipAction(await make("Pendulum-v1"));
 * env.reset();
 * env.step(Float32Array.of(50)); // as [2]
 * ```
 */
export class ClipAction<Action = Float32Array, Observation = Float32Array> extends ActionWrapper<Action, Observation> {
  override readonly actionSpace: Box;

  /** @throws ConfigurationError unless actions are those of a Box of float32 */
  constructor(env: Env<Action, Observation>) {
    super(env);
    const { shape, dtype } = this.inner;
    this.actionSpace = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, shape, dtype as "float32");
  }

  protected converted(number: number, index: number): number {
    return limited(number, this.inner.low[index] as number, this.inner.high[index] as number);
  }
}
