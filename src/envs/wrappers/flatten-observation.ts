// Observations of any space as one row of numbers.

import type { DataOf } from "../../base/spec.ts";
import { sizeOf } from "../../base/spec.ts";
import { Box } from "../../spaces/box.ts";
import { Dict, Tuple } from "../../spaces/composite.ts";
import { type ObservationSpace, refusal } from "../../spaces/space.ts";
import type { Env } from "../env.ts";
import { ObservationWrapper } from "./observation-wrapper.ts";

/**
 * Shows the flat form of each observation, as Gymnasium's `flatten` has it: one-hot for a Discrete, the parts of a Dict
 * one after the other. A Box keeps its data type; all others become float32. Agents flatten observations by themselves:
 * this is for wrappers and for code that asks for a row.
 *
 * ```ts
 * const env = new FlattenObservation(await make("Blackjack-v1")); // of a Tuple
 * const row: Float32Array = env.reset();
 * ```
 */
export class FlattenObservation<
  Action = number | Int32Array | Float32Array,
  InnerObservation = unknown,
> extends ObservationWrapper<Action, Float32Array, InnerObservation> {
  override readonly observationSpace: ObservationSpace;

  /** @throws ConfigurationError for what is no environment */
  constructor(env: Env<Action, InnerObservation>) {
    super(env);
    const { flat } = env.observationSpace;
    const { low, high } = boundsOf(env.observationSpace);
    this.observationSpace = new Box(low, high, [sizeOf(flat.shape)], flat.dtype);
  }

  /** @throws ShapeError or NonFiniteError for what is not in the space */
  protected converted(observation: InnerObservation, into: Float32Array): Float32Array {
    const violation = this.env.observationSpace.flatten(observation, into);
    if (violation !== undefined) throw refusal(`FlattenObservation: observation${violation.at} is`, violation);
    return into;
  }
}

interface Bounds {
  readonly low: number[];
  readonly high: number[];
}

function boundsOf(space: ObservationSpace): Bounds {
  if (space instanceof Box) {
    const { low, high } = space as { low: DataOf; high: DataOf };
    return { low: [...low], high: [...high] };
  }
  if (space instanceof Dict || space instanceof Tuple) {
    const parts = space.parts.map((part) => boundsOf(part.space));
    return { low: parts.flatMap(({ low }) => low), high: parts.flatMap(({ high }) => high) };
  }
  const size = sizeOf(space.flat.shape);
  return { low: Array(size).fill(0), high: Array(size).fill(1) };
}
