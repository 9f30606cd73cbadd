// Rewards in units of the standard deviation of the discounted return, as VecNormalize of OpenAI's baselines has them.

import { fields, type Stateful } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { RunningMoments } from "../nn/running-moments.ts";
import { zeros } from "../tensor/tensor.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** What keeps the deviation from being 0. */
const EPSILON = 1e-8;

/**
 * Divides rewards by the running standard deviation of the discounted return so far, R ← γR + r, over all environments.
 * The end of an episode, of either kind, sets R to 0, once it has been taken in. Nothing is subtracted: what is good
 * stays good.
 */
export class RewardScaling implements Stateful {
  readonly #gamma: number;
  readonly #limit: number;
  readonly #moments: RunningMoments;
  /** R of each environment. */
  readonly #returns: Float64Array;
  readonly #scaled: Float32Array;

  constructor(engine: Engine, numEnvs: number, options: Pick<Hyperparameters, "gamma" | "clipRewards">) {
    this.#gamma = options.gamma;
    this.#limit = options.clipRewards;
    this.#moments = new RunningMoments(1, (name, spec, value) => {
      const tensor = zeros(engine, spec, `rewards.${name}`);
      tensor.data.fill(value);
      return tensor;
    });
    this.#returns = new Float64Array(numEnvs);
    this.#scaled = new Float32Array(numEnvs);
  }

  /** The rewards of a step, which it takes in, scaled: [numEnvs], good until the next step. */
  scale({ rewards, terminated, truncated }: VectorEnv<unknown>): Float32Array {
    const returns = this.#returns;
    for (let env = 0; env < returns.length; env++)
      returns[env] = this.#gamma * (returns[env] as number) + (rewards[env] as number);
    this.#moments.update(returns);
    const deviation = Math.sqrt((this.#moments.variance.data[0] as number) + EPSILON);
    for (let env = 0; env < returns.length; env++) {
      const scaled = (rewards[env] as number) / deviation;
      this.#scaled[env] = Math.max(-this.#limit, Math.min(this.#limit, scaled));
      if (terminated[env] !== 0 || truncated[env] !== 0) returns[env] = 0;
    }
    return this.#scaled;
  }

  state(): object {
    const { variance, mean, count } = this.#moments;
    const [v, m, c] = [variance, mean, count].map(({ data }) => data[0]);
    return { returns: this.#returns.slice(), mean: m, variance: v, count: c };
  }

  /** @throws FileFormatError for what `state` did not give, or for another number of environments */
  restore(state: unknown): void {
    const atLeastZero = { kind: "number", from: 0, to: Number.MAX_VALUE } as const;
    const saved = fields(state, {
      returns: { kind: "array", dtype: "float64", length: this.#returns.length, finite: true },
      mean: { ...atLeastZero, from: -Number.MAX_VALUE },
      variance: atLeastZero,
      count: atLeastZero,
    });
    this.#returns.set(saved.returns);
    for (const name of ["mean", "variance", "count"] as const) this.#moments[name].data[0] = saved[name];
  }
}
