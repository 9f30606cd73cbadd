// Whose turn it is. One agent steps an environment at a time, in one loop of `train`; and within that loop, iterations
// and everything that waits beside them, as signals and a page that is to be drawn, take turns by time.

import { ConfigurationError } from "../base/errors.ts";
import type { VectorEnv } from "../envs/vector-env.ts";

const page = (globalThis as { readonly document?: { readonly hidden: boolean } }).document;

/** Milliseconds for which a training keeps to itself. A page draws every 16; elsewhere it is signals that wait. */
const LONGEST_TURN = page === undefined ? 50 : 8;

/** Which agent steps environments: the last that they were given to. */
const holders = new WeakMap<VectorEnv<unknown>, Turns>();

/** The turns of an agent. */
export class Turns {
  readonly #env: VectorEnv<unknown>;
  #loops = 0;
  /** Where the agent is: its parts fit one another between iterations only. */
  #place: "between iterations" | "in the middle of an iteration" | "after an iteration that failed" =
    "between iterations";
  #since = 0;

  /** Those of an agent with these environments. */
  constructor(env: VectorEnv<unknown>) {
    this.#env = env;
  }

  /** Takes the environments from whichever agent had them. */
  takeEnvironments(): void {
    holders.set(this.#env, this);
  }

  /**
   * Begins a loop, which ends those before it.
   * @throws ConfigurationError in the middle of an iteration
   */
  beginLoop(): number {
    if (this.#place === "in the middle of an iteration") this.expectBetweenIterations("train");
    return ++this.#loops;
  }

  /**
   * Runs an iteration of a loop.
   * @throws ConfigurationError where it is not this loop's turn any more
   */
  async iterate<T>(loop: number, body: () => Promise<T>): Promise<T> {
    if (loop !== this.#loops)
      throw new ConfigurationError("train: it was called again in the middle of this loop; leave one before the other");
    this.#checkEnvironments();
    return this.whole(body);
  }

  /** Runs what has to come to its end before anything else is asked for. */
  async whole<T>(body: () => Promise<T>): Promise<T> {
    this.#place = "in the middle of an iteration";
    let isWhole = false;
    try {
      const result = await body();
      isWhole = true;
      return result;
    } finally {
      this.#place = isWhole ? "between iterations" : "after an iteration that failed";
    }
  }

  /** @throws ConfigurationError, under this name, unless it is so */
  expectBetweenIterations(name: string): void {
    if (this.#place === "between iterations") return;
    throw new ConfigurationError(`${name}: this is ${this.#place}; it can be called between iterations only`);
  }

  /** Whether the training has kept to itself for long enough. */
  get isOver(): boolean {
    return performance.now() - this.#since >= LONGEST_TURN;
  }

  /**
   * Resolves after everything that waits has had its turn.
   * @throws ConfigurationError where the environments were given to another agent in it
   */
  async giveWay(): Promise<void> {
    await nextTask();
    this.#since = performance.now();
    this.#checkEnvironments();
  }

  #checkEnvironments(): void {
    if (holders.get(this.#env) !== this)
      throw new ConfigurationError("env: another agent was given these environments; each has to have its own");
  }
}

/** A turn of the event loop: a promise that is settled already would let nothing in between. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    // A page that is seen is drawn between timers; messages keep Firefox from it, which then draws every 80 ms. One
    // that is hidden has timers once a second.
    if (page?.hidden === false) setTimeout(resolve);
    else if (typeof setImmediate === "function") setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }
  });
}
