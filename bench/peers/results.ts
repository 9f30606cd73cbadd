// What `npm run bench:peers` writes to bench/results.

import type { Machine } from "../machine.ts";

/** A peer, or what there is of it where it does not train or has no `act`. */
export interface Measured {
  readonly name: string;
  readonly version: string;
  /** In GFLOP/s. */
  readonly products: Readonly<Record<string, number>>;
  /** Of proximal: what the machine does at most, in GFLOP/s. */
  readonly peak?: number;
  /** Seconds. */
  readonly trainStep?: number;
  readonly act?: number;
}

/** A training of PPO. */
export interface Trained {
  readonly name: string;
  readonly version: string;
  readonly stepsPerSecond: number;
}

export interface PeerResults {
  readonly machine: Machine;
  readonly peak: number;
  readonly measured: readonly Measured[];
  /** On CartPole-v1. */
  readonly trained: readonly Trained[];
  /** On Pendulum-v1, since there is RLtools among the peers. */
  readonly pendulum?: readonly Trained[];
  /** What was not measured, and why. */
  readonly left: readonly string[];
}
