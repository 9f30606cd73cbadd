// When a training saves.

/** When a checkpoint is due: every so many iterations where that was asked for, else by time. */
export class CheckpointClock {
  readonly #interval: number | undefined;
  #savedAt = performance.now();
  #cost = 0;

  constructor(interval: number | undefined) {
    this.#interval = interval;
  }

  isDue(iteration: number): boolean {
    if (this.#interval !== undefined) return iteration % this.#interval === 0;
    // Every five seconds, and for at most a hundredth of the time.
    return performance.now() - this.#savedAt >= Math.max(5000, 100 * this.#cost);
  }

  async time(save: () => Promise<void>): Promise<void> {
    const start = performance.now();
    await save();
    this.#savedAt = performance.now();
    this.#cost = this.#savedAt - start;
  }
}
