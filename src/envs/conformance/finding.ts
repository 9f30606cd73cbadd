// What is asked about an environment, and what is answered.

import type { Engine } from "../../engine/engine.ts";

/** Something that was found in an environment. */
export interface ConformanceFinding {
  /** A fault breaks a rule; a note says what the environment does without, or what could not be looked at. */
  readonly kind: "fault" | "note";
  /** What the rule is about, as in "seeds" or "state". */
  readonly rule: string;
  /** What happened. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;
}

/** How an environment is looked at. */
export interface ConformanceOptions {
  /** Of the environments and of the actions, which are random: 1 unless given. */
  readonly seed?: number;
  /** How many to take, 1,000 unless given; where no episode has ended by then, up to four times as many. */
  readonly steps?: number;
  /** Where the random actions come from; a new one unless given. */
  readonly engine?: Engine;
  /** Says how many bytes of the heap are in use; with it, what a step allocates is looked at. */
  readonly heapUsed?: () => number;
}
