// Table 1 of the paper of PPO, from our runs of its experiments.

import { meanOf } from "../../../src/base/statistics.ts";
import type { Results } from "../published.ts";
import { type Estimate, estimate, type Scores } from "../statistics.ts";
import { type Experiment, environments, objectives, type Setting } from "./experiments.ts";

/** The end of one setting on one task: by seed, the mean return of the last 100 episodes of training. */
export interface Cell {
  readonly setting: Setting;
  readonly env: string;
  readonly returns: readonly number[];
}

/** Every cell that has been run. */
export function cellsOf(results: readonly Results<Experiment>[]): Cell[] {
  return results
    .filter(({ runs }) => runs.length > 0)
    .map(({ task: { setting, env }, runs }) => ({
      ...{ setting, env },
      // Where no episode has ended there is no figure, nor a score of any setting.
      returns: runs.map(({ result }) => result.meanReturn ?? Number.NaN),
    }));
}

/** What scores of a task are counted between. */
export interface Scale {
  readonly env: string;
  /** The mean return of uniformly drawn actions. */
  readonly zero: number;
  /** The best run of all settings. */
  readonly one: number;
}

/** Of the tasks on which every setting of table 1 has been run: elsewhere the best may be yet to come. */
export function scalesOf(cells: readonly Cell[], random: (env: string) => number): Scale[] {
  return environments.flatMap((env) => {
    const own = objectives.map((setting) => cells.find((cell) => cell.setting === setting && cell.env === env));
    if (own.includes(undefined)) return [];
    return [{ env, zero: random(env), one: Math.max(...own.flatMap((cell) => cell?.returns ?? [])) }];
  });
}

/** "Shifted and scaled", as the paper has it, "and averaged over" tasks and seeds, with its 95% interval. */
export function scoreOf(setting: Setting, cells: readonly Cell[], scales: readonly Scale[]): Estimate {
  const scores: Scores = scales.map(({ env, zero, one }) => {
    const { returns } = cells.find((cell) => cell.setting === setting && cell.env === env) as Cell;
    return returns.map((value) => (value - zero) / (one - zero));
  });
  return estimate(scores, (resampled) => meanOf(resampled.map(meanOf)));
}

/** Each value's place, from 1 for the highest; equal ones have the same. */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => 1 + values.filter((other) => other > value).length);
}
