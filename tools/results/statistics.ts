// What results over several tasks come to, as Agarwal et al. (2021, "Deep Reinforcement Learning at the Edge of the
// Statistical Precipice") recommend and their library rliable computes: point estimates, and 95% intervals by a
// bootstrap that draws runs within each task.

import { Resampling } from "../../src/base/resampling.ts";
import { interquartileMeanOf, meanOf, medianOf, quantileOf, RESAMPLES } from "../../src/base/statistics.ts";

/** By task, the score of each run; all tasks have as many. */
export type Scores = readonly (readonly number[])[];

/** A figure and the ends of its 95% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Figures of all scores together. A score of 1 is what a task is to come to, and no more is needed. */
export const aggregates = {
  interquartileMean: (scores: Scores) => interquartileMeanOf(scores.flat()),
  median: (scores: Scores) => medianOf(scores.map(meanOf)),
  mean: (scores: Scores) => meanOf(scores.map(meanOf)),
  optimalityGap: (scores: Scores) => 1 - meanOf(scores.flat().map((score) => Math.min(score, 1))),
} as const;

/** Such a figure with its interval, from one seed of draws. */
export function estimate(scores: Scores, figure: (scores: Scores) => number): Estimate {
  return estimateOf([scores], ([resampled]) => [figure(resampled as Scores)])[0] as Estimate;
}

/** For each threshold, the share of runs, over all tasks, that score more. */
export function performanceProfile(scores: Scores, thresholds: readonly number[]): Estimate[] {
  return estimateOf([scores], ([resampled]) => {
    const all = Float64Array.from((resampled as Scores).flat()).sort();
    return thresholds.map((threshold) => 1 - countUpTo(all, threshold) / all.length);
  });
}

/**
 * How likely a run of one system scores more than a run of another on the same task, the mean over tasks: the
 * Mann-Whitney statistic, in which equal scores are half of each.
 */
export function probabilityOfImprovement(scores: Scores, others: Scores): Estimate {
  const figure = ([own = [], other = []]: readonly Scores[]): number[] => [
    meanOf(own.map((runs, task) => shareAbove(runs, other[task] as readonly number[]))),
  ];
  return estimateOf([scores, others], figure)[0] as Estimate;
}

function shareAbove(runs: readonly number[], others: readonly number[]): number {
  let pairs = 0;
  for (const run of runs) for (const other of others) pairs += run > other ? 1 : run === other ? 0.5 : 0;
  return pairs / (runs.length * others.length);
}

/** How many of them, in order, are not above a threshold. */
function countUpTo(sorted: Float64Array, threshold: number): number {
  const index = sorted.findIndex((value) => value > threshold);
  return index < 0 ? sorted.length : index;
}

/** Figures of the scores of one or several systems, with what they are when runs are drawn with replacement. */
function estimateOf(systems: readonly Scores[], figures: (systems: readonly Scores[]) => number[]): Estimate[] {
  const random = new Resampling();
  const resampled = Array.from({ length: RESAMPLES }, () => figures(systems.map((scores) => drawn(scores, random))));
  return figures(systems).map((value, index) => {
    const sorted = resampled.map((values) => values[index] as number).sort((a, b) => a - b);
    return { value, low: quantileOf(sorted, 0.025), high: quantileOf(sorted, 0.975) };
  });
}

/** As many runs of each task as there are, drawn with replacement: run by run, and in each task by task. */
function drawn(scores: Scores, random: Resampling): Scores {
  const count = scores[0]?.length ?? 0;
  const result = scores.map(() => new Array<number>(count));
  for (let run = 0; run < count; run++)
    for (const [task, own] of result.entries()) own[run] = scores[task]?.[random.index(count)] as number;
  return result;
}
