// What wrappers have in common that take other actions of a Box than the environment inside.

import { ConfigurationError } from "../../base/errors.ts";
import { type DataOf, type DataType, newArray } from "../../base/spec.ts";
import { Box } from "../../spaces/box.ts";
import { type Env, nameOf, refusedAction, type StepResult } from "../env.ts";
import { Wrapper } from "./wrapper.ts";

/** Passes everything on but actions, of which it converts each number. */
export abstract class ActionWrapper<Action = Float32Array, Observation = Float32Array> extends Wrapper<
  Action,
  Observation
> {
  /** What the environment inside takes. */
  protected readonly inner: Box<DataType>;
  readonly #action: DataOf;

  /** @throws ConfigurationError unless actions are those of a Box of float32 or float64 */
  constructor(env: Env<Action, Observation>) {
    super(env);
    const space = env.actionSpace as unknown;
    if (!(space instanceof Box) || !["float32", "float64"].includes(space.dtype))
      throw new ConfigurationError(`${nameOf(this)}: actions of ${space}; they have to be of a Box of float32`);
    this.inner = space;
    this.#action = newArray(this.inner);
  }

  /** What a number of an action becomes. @param index its place in the action */
  protected abstract converted(number: number, index: number): number;

  /** @throws EnvironmentError for what is not in the action space */
  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    if (!this.actionSpace.contains(action)) throw refusedAction(nameOf(this), this.actionSpace, action);
    if (typeof action === "number") return super.step(this.converted(action, 0) as Action, into);
    for (let index = 0; index < this.#action.length; index++)
      this.#action[index] = this.converted((action as ArrayLike<number>)[index] as number, index);
    return super.step(this.#action as Action, into);
  }
}

/** The number, or the nearer of the two ends that it is beyond. */
export function limited(number: number, low: number, high: number): number {
  return Math.min(Math.max(number, low), high);
}
