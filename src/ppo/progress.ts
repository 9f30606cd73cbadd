// How far a training is.

import { ConfigurationError } from "../base/errors.ts";
import { atLeastOne, boolean, checkNames, checkValue, count, shown } from "../base/ranges.ts";
import { fields, type Stateful } from "../base/state.ts";

/** How long `PPO.train` goes on. */
export interface TrainOptions {
  /** Steps of all environments together at which to stop, taken up to whole iterations; the schedules end there. */
  readonly totalSteps?: number;
  /** An AbortSignal: once it is aborted the training ends, by throwing its reason, before the next iteration. */
  readonly signal?: { readonly aborted: boolean; throwIfAborted(): void };
  /** Whether what is found wrong, `findings`, ends the training as a TrainingError, after which it can be saved. */
  readonly strictMonitor?: boolean;
  /** Whether each iteration also has the figures of every minibatch, which takes memory. */
  readonly minibatches?: boolean;
}

/** @throws ConfigurationError for what is neither undefined nor a signal */
export function checkSignal(signal: TrainOptions["signal"]): void {
  if (signal !== undefined && typeof Object(signal).throwIfAborted !== "function")
    throw new ConfigurationError(`signal: ${shown(signal)} is no AbortSignal`);
}

/** Iterations and steps, so far and in all. */
export class Progress implements Stateful {
  /** Iterations so far. */
  iteration = 0;
  /** Steps of all environments together in an iteration. */
  readonly batchSize: number;
  #totalSteps = 0;

  constructor(batchSize: number) {
    this.batchSize = batchSize;
  }

  /** The steps at which training stops; 0 before that was said. */
  get totalSteps(): number {
    return this.#totalSteps;
  }

  /**
   * Takes in how long a training goes on, which may be left open once it was said.
   * @throws ConfigurationError for totalSteps that is no integer of at least 1, and what is no option or signal
   */
  begin(options: TrainOptions): void {
    checkNames("train", options, ["totalSteps", "signal", "minibatches", "strictMonitor"]);
    const { totalSteps, signal, minibatches = false, strictMonitor = false } = options;
    checkValue("minibatches", boolean, minibatches);
    checkValue("strictMonitor", boolean, strictMonitor);
    checkSignal(signal);
    if (totalSteps === undefined && this.#totalSteps > 0) return;
    checkValue("totalSteps", atLeastOne, totalSteps);
    this.#totalSteps = totalSteps as number;
  }

  /** Steps of all environments together so far. */
  get steps(): number {
    return this.iteration * this.batchSize;
  }

  /** The fraction that is still to come, in whole iterations: 1 at the start, 0 or less at the end. */
  get remaining(): number {
    return 1 - this.iteration / Math.ceil(this.#totalSteps / this.batchSize);
  }

  state(): object {
    return { iteration: this.iteration, totalSteps: this.#totalSteps };
  }

  /** @throws FileFormatError for what `state` did not give */
  restore(state: unknown): void {
    const { iteration, totalSteps } = fields(state, { iteration: count, totalSteps: count });
    this.iteration = iteration;
    this.#totalSteps = totalSteps;
  }
}
