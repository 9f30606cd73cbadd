// Returns and lengths of the episodes that end during training, and when the task counts as solved.

import { count } from "../base/ranges.ts";
import { fields, type Stateful } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import type { Iteration } from "./metrics.ts";

/** The episodes over which the mean return is taken, as in the paper's table 6. */
const WINDOW = 100;

/** What the episodes of a training came to. */
export class EpisodeStatistics implements Stateful {
  /** Episodes that have ended. */
  count = 0;
  /** The step at which the mean over 100 episodes first reached the threshold, or null. */
  solvedAtStep: number | null = null;
  readonly #threshold: number | undefined;
  /** Of the episodes under way, one for each environment. */
  readonly #returns: Float64Array;
  readonly #lengths: Float64Array;
  /** Of the last hundred episodes, in a ring. */
  readonly #windowReturns = new Float64Array(WINDOW);
  readonly #windowLengths = new Float64Array(WINDOW);

  constructor(numEnvs: number, rewardThreshold: number | undefined) {
    this.#threshold = rewardThreshold;
    this.#returns = new Float64Array(numEnvs);
    this.#lengths = new Float64Array(numEnvs);
  }

  /**
   * Takes in what the environments answered; `step` counts the steps of all environments together, this one included.
   */
  record(env: VectorEnv<unknown>, step: number): void {
    const { rewards, scores = rewards } = env;
    for (let index = 0; index < env.numEnvs; index++) {
      this.#returns[index] = (this.#returns[index] as number) + (scores[index] as number);
      this.#lengths[index] = (this.#lengths[index] as number) + 1;
      const isEnd = env.terminated[index] === 1 || env.truncated[index] === 1;
      if (env.gameOvers === undefined ? !isEnd : env.gameOvers[index] === 0) continue;
      const slot = this.count % WINDOW;
      this.#windowReturns[slot] = this.#returns[index] as number;
      this.#windowLengths[slot] = this.#lengths[index] as number;
      this.#returns[index] = 0;
      this.#lengths[index] = 0;
      this.count++;
      if (this.solvedAtStep === null && this.#reachedThreshold()) this.solvedAtStep = step;
    }
  }

  /** What an iteration says of the episodes. */
  report(): Pick<Iteration, "episodes" | "meanReturn" | "meanLength" | "solvedAtStep"> {
    return {
      episodes: this.count,
      meanReturn: this.#mean(this.#windowReturns),
      meanLength: this.#mean(this.#windowLengths),
      solvedAtStep: this.solvedAtStep,
    };
  }

  state(): object {
    return {
      returns: this.#returns.slice(),
      lengths: this.#lengths.slice(),
      windowReturns: this.#windowReturns.slice(),
      windowLengths: this.#windowLengths.slice(),
      count: this.count,
      solvedAtStep: this.solvedAtStep,
    };
  }

  /** @throws FileFormatError for what `state` did not give, or for another number of environments */
  restore(state: unknown): void {
    const ofEnvs = { kind: "array", dtype: "float64", length: this.#returns.length, finite: true } as const;
    const ofWindow = { ...ofEnvs, length: WINDOW };
    const saved = fields(state, {
      returns: ofEnvs,
      lengths: ofEnvs,
      windowReturns: ofWindow,
      windowLengths: ofWindow,
      count,
      solvedAtStep: { ...count, none: true },
    });
    this.#returns.set(saved.returns);
    this.#lengths.set(saved.lengths);
    this.#windowReturns.set(saved.windowReturns);
    this.#windowLengths.set(saved.windowLengths);
    this.count = saved.count;
    this.solvedAtStep = saved.solvedAtStep;
  }

  #reachedThreshold(): boolean {
    if (this.#threshold === undefined || this.count < WINDOW) return false;
    return this.#mean(this.#windowReturns) >= this.#threshold;
  }

  /** Over the last 100 episodes, or as many as there are; NaN before the first has ended. */
  #mean(window: Float64Array): number {
    const filled = Math.min(this.count, WINDOW);
    let sum = 0;
    for (let index = 0; index < filled; index++) sum += window[index] as number;
    return sum / filled;
  }
}
