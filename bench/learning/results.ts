// What `npm run bench:learning` writes to bench/results, and its table.

import { duration, grouped } from "#cli/numbers";
import type { Machine } from "../machine.ts";
import { median } from "../measure.ts";
import type { Table } from "../table.ts";

/** A task, learned by one system. */
export interface Learned {
  readonly task: string;
  readonly goal: number;
  readonly system: string;
  readonly settings: string;
  readonly runs: readonly {
    readonly seed: number;
    /** From the start of the process to the goal; of a run that did not come to it undefined. */
    readonly seconds?: number;
    /** By then, or in all. */
    readonly steps: number;
    readonly meanReturn: number;
  }[];
}

export interface LearningResults {
  readonly machine: Machine;
  /** A run that takes longer is ended. */
  readonly minutes: number;
  readonly learned: readonly Learned[];
  /** What was not measured, and why. */
  readonly left: readonly string[];
}

export function learningTable({ minutes, learned }: LearningResults): Table {
  return {
    title: "From the start of a process to a mean return of 100 training episodes: medians over seeds",
    columns: ["task", "return", "system", "hyper-parameters", "seeds", "time", "steps"],
    rows: learned.map(({ task, goal, system, settings, runs }) => {
      const most = Math.max(...runs.map(({ meanReturn }) => meanReturn));
      const came = runs.filter(({ seconds }) => seconds !== undefined).length;
      const time =
        came > runs.length / 2
          ? duration(median(runs.map(({ seconds }) => seconds ?? Number.POSITIVE_INFINITY)))
          : `${came} of ${runs.length} in ${minutes} minutes or a million steps; the best ${most.toFixed(0)}`;
      const steps = grouped(median(runs.map(({ steps }) => steps)));
      return [task, grouped(goal), system, settings, String(runs.length), time, steps];
    }),
  };
}
