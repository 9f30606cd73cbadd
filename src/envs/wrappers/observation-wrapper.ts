// What wrappers have in common that show something else than the environment inside: it is converted on its way out,
// into the place where it belongs.

import type { Env, StepResult } from "../env.ts";
import { Wrapper } from "./wrapper.ts";

/** Passes everything on but observations, which it converts. */
export abstract class ObservationWrapper<
  Action = number | Int32Array | Float32Array,
  Observation = Float32Array,
  InnerObservation = Observation,
> extends Wrapper<Action, Observation, Action, InnerObservation> {
  /** Where the environment inside writes. */
  readonly #inner: StepResult<InnerObservation>;

  constructor(env: Env<Action, InnerObservation>) {
    super(env);
    const observation = env.observationSpace?.empty() as InnerObservation;
    this.#inner = { observation, reward: 0, terminated: false, truncated: false };
  }

  /** @param into where to write it, which may be answered or not @param isFirst whether an episode begins with it */
  protected abstract converted(observation: InnerObservation, into: Observation, isFirst: boolean): Observation;

  override reset(options?: { seed?: number }, into?: Observation): Observation {
    const observation = this.env.reset(options, this.#inner.observation);
    return this.converted(observation, into ?? (this.observationSpace.empty() as Observation), true);
  }

  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const inner = this.#inner;
    // What the environment forgets to write is not that of the step before.
    inner.reward = Number.NaN;
    inner.terminated = false;
    inner.truncated = false;
    const { observation, reward, terminated, truncated } = this.env.step(action, inner);
    if (into === undefined) {
      const place = this.observationSpace.empty() as Observation;
      return { observation: this.converted(observation, place, false), reward, terminated, truncated };
    }
    into.observation = this.converted(observation, into.observation, false);
    into.reward = reward;
    into.terminated = terminated;
    into.truncated = truncated;
    return into;
  }
}
