// The runs of a pool as they stand, for whoever shows them.

import { KEPT_RETURNS } from "../reporters.ts";
import { Thinned } from "../thinned.ts";

/** `saved`: it was running when all of them were interrupted. */
export type Stage = "waiting" | "running" | "done" | "failed" | "saved";

/** What is shown of an iteration. */
export interface Step {
  readonly iteration: number;
  readonly steps: number;
  /** null where no episode has ended. */
  readonly meanReturn: number | null;
}

/** The run of a seed. */
export class SeedRun {
  readonly seed: number;
  readonly totalSteps: number;
  stage: Stage = "waiting";
  /** So far. */
  steps: number;
  /** When its first iteration here had ended, and the steps since. */
  begunAt = Number.POSITIVE_INFINITY;
  stepsSince = 0;
  meanReturn: number | null;
  readonly #returns = new Thinned<number>(KEPT_RETURNS);

  constructor(seed: number, totalSteps: number, steps = 0, meanReturn: number | null = null) {
    this.seed = seed;
    this.totalSteps = totalSteps;
    this.steps = steps;
    this.meanReturn = meanReturn;
  }

  advance({ iteration, steps, meanReturn }: Step): void {
    this.steps = steps;
    this.meanReturn = meanReturn;
    // Of which all iterations have as many.
    if (this.begunAt < Number.POSITIVE_INFINITY) this.stepsSince += steps / iteration;
    else this.begunAt = performance.now();
    if (meanReturn !== null) this.#returns.add(meanReturn);
  }

  /** How much of it is trained, from 0 to 1. */
  get share(): number {
    return Math.min(1, this.steps / this.totalSteps);
  }

  get isOver(): boolean {
    return this.stage !== "waiting" && this.stage !== "running";
  }

  /** The course of its mean return. */
  get returns(): readonly number[] {
    return this.#returns.elements;
  }
}

/** All of them. */
export class SeedRuns {
  readonly all: readonly SeedRun[];
  constructor(all: readonly SeedRun[]) {
    this.all = all;
  }

  count(stage: Stage): number {
    return this.all.filter((run) => run.stage === stage).length;
  }

  get steps(): number {
    return sumOf(this.all, ({ steps }) => steps);
  }

  get totalSteps(): number {
    return sumOf(this.all, ({ totalSteps }) => totalSteps);
  }

  /** Of those that are trained here, since the first iteration of any: 0 until then. */
  get stepsPerSecond(): number {
    const start = Math.min(...this.all.map(({ begunAt }) => begunAt));
    return (1000 * sumOf(this.all, ({ stepsSince }) => stepsSince)) / (performance.now() - start) || 0;
  }

  /** For the steps that are still to be trained, at the pace so far. */
  get secondsLeft(): number {
    const left = this.all.filter((run) => !run.isOver);
    return sumOf(left, ({ steps, totalSteps }) => Math.max(0, totalSteps - steps)) / this.stepsPerSecond;
  }
}

function sumOf(runs: readonly SeedRun[], value: (run: SeedRun) => number): number {
  return runs.reduce((sum, run) => sum + value(run), 0);
}
