// Actions between other bounds, such as -1 and 1, spread over those of the environment.

import { ConfigurationError } from "../../base/errors.ts";
import { checkNames } from "../../base/ranges.ts";
import { Box } from "../../spaces/box.ts";
import type { Env } from "../env.ts";
import { ActionWrapper, limited } from "./action-wrapper.ts";

/**
 * Takes actions from `low` to `high` and passes on what lies in the same place between the bounds of the environment.
 *
 * ```ts
 * const env = new RescaleAction(await make("Pendulum-v1")); // Box(-2, 2, [1]) inside
 * env.reset();
 * env.step(Float32Array.of(0.5)); // as [1]
 * ```
 */
export class RescaleAction<Action = Float32Array, Observation = Float32Array> extends ActionWrapper<
  Action,
  Observation
> {
  override readonly actionSpace: Box;

  /**
   * @param bounds.low one for all numbers of an action, or one for each: -1 unless given
   * @param bounds.high likewise: 1 unless given
   * @throws ConfigurationError unless actions are those of a Box of float32 and all bounds are finite, low below high
   */
  constructor(
    env: Env<Action, Observation>,
    bounds: { readonly low?: number | ArrayLike<number>; readonly high?: number | ArrayLike<number> } = {},
  ) {
    super(env);
    checkNames("RescaleAction", bounds, ["low", "high"]);
    const { shape, dtype } = this.inner;
    this.actionSpace = new Box(bounds.low ?? -1, bounds.high ?? 1, shape, dtype as "float32");
    for (const [name, { low, high }] of Object.entries({ bounds: this.actionSpace, environment: this.inner }))
      for (const [index, from] of low.entries()) {
        const to = high[index] as number;
        if (Number.isFinite(from) && Number.isFinite(to) && from < to) continue;
        const whose = name === "bounds" ? "its own bounds" : "the environment's bounds";
        throw new ConfigurationError(
          `RescaleAction: ${whose} of action[${index}] are ${from} and ${to}; they have to be finite, the first below`,
        );
      }
  }

  protected converted(number: number, index: number): number {
    const from = this.actionSpace.low[index] as number;
    const to = this.actionSpace.high[index] as number;
    const low = this.inner.low[index] as number;
    const high = this.inner.high[index] as number;
    // Rounding may lead past the end.
    return limited(low + (high - low) * ((number - from) / (to - from)), low, high);
  }
}
