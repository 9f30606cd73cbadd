// An environment around another. What a wrapper does not change it passes on, so that a new one overrides what it is
// about and nothing else.

import type { ObservationSpace, Space } from "../../spaces/index.ts";
import { type AnyEnv, checkEnv, type Env, nameOf, restoreTo, type StepResult, stateOf } from "../env.ts";
import type { Scene } from "../scene.ts";

/**
 * Passes everything on to the environment inside. One whose actions or observations are of another type than those
 * inside says so by the last two types, and overrides `reset`, `step`, the spaces, and `actionMask` if there is one.
 *
 * ```ts
 * class Halved extends Wrapper<number> {
 *   override step(action: number, into?: StepResult) {
 *     const result = super.step(action, into);
 *     result.reward /= 2;
 *     return result;
 *   }
 * }
 * const env = new Halved(new CartPole(engine));
 * ```
 */
export abstract class Wrapper<
  Action = number | Int32Array | Float32Array,
  Observation = Float32Array,
  InnerAction = Action,
  InnerObservation = Observation,
> implements Env<Action, Observation>
{
  /** The environment inside. */
  readonly env: Env<InnerAction, InnerObservation>;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;

  /**
   * Around this environment.
   * @throws ConfigurationError for what is none
   */
  constructor(env: Env<InnerAction, InnerObservation>) {
    checkEnv(nameOf(this), env);
    this.env = env;
    this.observationSpace = env.observationSpace;
    this.actionSpace = env.actionSpace;
    // Who has the method has masks: it is none of the class, but of those that are around an environment with it.
    if (env.actionMask !== undefined && this.actionMask === undefined)
      this.actionMask = (into) => (this.env as AnyEnv & Required<Pick<AnyEnv, "actionMask">>).actionMask(into);
    if (env.render !== undefined && this.render === undefined)
      this.render = () => (this.env as AnyEnv & Required<Pick<AnyEnv, "render">>).render();
  }

  /** That of the environment inside, where it has one; who overrides it finds it as `this.env.actionMask`. */
  actionMask?(into?: Uint8Array): ArrayLike<number>;

  /** That of the environment inside, where it has one. */
  render?(): Scene;

  reset(options?: { seed?: number }, into?: Observation): Observation {
    return (this.env as AnyEnv).reset(options, into);
  }

  step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    return (this.env as AnyEnv).step(action, into);
  }

  /**
   * That of the environment inside. A wrapper that has more to keep overrides this and `restore`.
   * @throws UnsupportedError where the environment inside has none
   */
  state(): object {
    return stateOf(this.env);
  }

  /** @throws UnsupportedError where the environment inside cannot be restored */
  restore(state: unknown): void {
    restoreTo(this.env, state);
  }

  close(): void {
    this.env.close?.();
  }
}

/**
 * A result with another reward.
 * @param into where it may be written: an object of the environment's own is left as it is
 */
export function rewarded<Observation>(
  result: StepResult<Observation>,
  into: StepResult<Observation> | undefined,
  reward: number,
): StepResult<Observation> {
  if (result !== into) return { ...result, reward };
  result.reward = reward;
  return result;
}

/** The environment inside all wrappers. */
export function unwrapped(env: AnyEnv): AnyEnv {
  return env instanceof Wrapper ? unwrapped(env.env) : env;
}
