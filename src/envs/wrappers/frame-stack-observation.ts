// The last observations together, so that what moves can be told from what rests.

import { ConfigurationError } from "../../base/errors.ts";
import { anyState, atLeastOne, checkValue } from "../../base/ranges.ts";
import { type DataOf, type DataType, newArray } from "../../base/spec.ts";
import { fields } from "../../base/state.ts";
import { Box } from "../../spaces/box.ts";
import { refusal } from "../../spaces/space.ts";
import { type Env, restoreTo, stateOf } from "../env.ts";
import { ObservationWrapper } from "./observation-wrapper.ts";

/**
 * Shows the last `stackSize` observations of a Box [...shape] as one of [stackSize, ...shape], the newest last. At the
 * beginning of an episode the first stands in place of those that there were not.
 *
 * ```ts
 * const env = new FrameStackObservation(new CartPole(engine), 4); // Box(4, 4)
 * ```
 */
export class FrameStackObservation<
  Action = number | Int32Array | Float32Array,
  Observation = Float32Array,
> extends ObservationWrapper<Action, Observation> {
  override readonly observationSpace: Box<DataType>;
  /** [stackSize, ...shape], the newest last. */
  readonly #frames: DataOf;
  readonly #frame: DataOf;

  /** @throws ConfigurationError unless observations are those of a Box and stackSize an integer of at least 1 */
  constructor(env: Env<Action, Observation>, stackSize: number) {
    super(env);
    checkValue("FrameStackObservation: stackSize", atLeastOne, stackSize);
    const { observationSpace: space } = env;
    if (!(space instanceof Box))
      throw new ConfigurationError(`FrameStackObservation: observations of ${space}; they have to be of a Box`);
    const { shape, dtype, low, high } = space as Box<DataType>;
    const stacked = { shape: [stackSize, ...shape], dtype };
    this.#frame = newArray({ shape, dtype });
    this.#frames = newArray(stacked);
    const bounds = [low, high].map((bound) => {
      const all = newArray(stacked);
      for (let offset = 0; offset < all.length; offset += bound.length || 1) all.set(bound, offset);
      return all;
    }) as [DataOf, DataOf];
    this.observationSpace = new Box(...bounds, stacked.shape, dtype);
  }

  /** @throws ShapeError or NonFiniteError for what is not in the space inside */
  protected converted(observation: Observation, into: Observation, isFirst: boolean): Observation {
    const [frame, frames] = [this.#frame, this.#frames];
    const violation = this.env.observationSpace.flatten(observation, frame);
    if (violation !== undefined) throw refusal(`FrameStackObservation: observation${violation.at} is`, violation);
    const last = frames.length - frame.length;
    if (isFirst) for (let offset = 0; offset < last; offset += frame.length) frames.set(frame, offset);
    else frames.copyWithin(0, frame.length);
    frames.set(frame, last);
    (into as DataOf).set(frames);
    return into;
  }

  override state(): object {
    return { frames: this.#frames.slice(), env: stateOf(this.env) };
  }

  /**
   * @throws FileFormatError for what `state` did not give; UnsupportedError where the environment cannot be restored
   */
  override restore(state: unknown): void {
    const { dtype } = this.observationSpace;
    const { length } = this.#frames;
    const { frames, env } = fields(state, { frames: { kind: "array", dtype, length, finite: true }, env: anyState });
    restoreTo(this.env, env);
    this.#frames.set(frames);
  }
}
