// Returns and lengths of the episodes that end during training, and when the task counts as solved.

import type { VectorEnv } from "../envs/vector.ts";

/** The episodes over which the mean return is taken, as in the paper's table 6. */
const WINDOW = 100;

export interface EpisodeState {
  readonly running: { readonly returns: readonly number[]; readonly lengths: readonly number[] };
  readonly window: { readonly returns: readonly number[]; readonly lengths: readonly number[] };
  readonly count: number;
  readonly solvedAtStep: number | null;
}

export class EpisodeStatistics {
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

  /** Takes in what the environments answered; `step` counts the steps of all environments together, this one included. */
  record(env: VectorEnv, step: number): void {
    for (let index = 0; index < env.numEnvs; index++) {
      this.#returns[index] = (this.#returns[index] as number) + (env.rewards[index] as number);
      this.#lengths[index] = (this.#lengths[index] as number) + 1;
      if (env.terminated[index] === 0 && env.truncated[index] === 0) continue;
      const slot = this.count % WINDOW;
      this.#windowReturns[slot] = this.#returns[index] as number;
      this.#windowLengths[slot] = this.#lengths[index] as number;
      this.#returns[index] = 0;
      this.#lengths[index] = 0;
      this.count++;
      if (this.solvedAtStep === null && this.#reachedThreshold()) this.solvedAtStep = step;
    }
  }

  /** The mean return of the last 100 episodes, or of as many as there are; NaN before the first has ended. */
  get meanReturn(): number {
    return this.#mean(this.#windowReturns);
  }

  /** The mean length of the same episodes, in steps. */
  get meanLength(): number {
    return this.#mean(this.#windowLengths);
  }

  state(): EpisodeState {
    return {
      running: { returns: [...this.#returns], lengths: [...this.#lengths] },
      window: { returns: [...this.#windowReturns], lengths: [...this.#windowLengths] },
      count: this.count,
      solvedAtStep: this.solvedAtStep,
    };
  }

  restore(state: EpisodeState): void {
    this.#returns.set(state.running.returns);
    this.#lengths.set(state.running.lengths);
    this.#windowReturns.set(state.window.returns);
    this.#windowLengths.set(state.window.lengths);
    this.count = state.count;
    this.solvedAtStep = state.solvedAtStep;
  }

  #reachedThreshold(): boolean {
    return this.#threshold !== undefined && this.count >= WINDOW && this.meanReturn >= this.#threshold;
  }

  #mean(window: Float64Array): number {
    const filled = Math.min(this.count, WINDOW);
    let sum = 0;
    for (let index = 0; index < filled; index++) sum += window[index] as number;
    return sum / filled;
  }
}
