// The chart of what runs have learnt.

import { FileFormatError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { type Chart, drawable, type Series } from "./chart.ts";
import type { RunFolder } from "./run-folder.ts";
import { Thinned } from "./thinned.ts";

/** What a learning curve is made of: one point for each iteration. */
export interface Progress {
  readonly steps: number;
  readonly meanReturn: number;
}

/** More than a picture is wide; files and memory stay small however long a run is. */
const CURVE_POINTS = 2000;

/** The course of a run so far, thinned, to which more can be added. */
export function courseOf(iterations: readonly Progress[]): Thinned<Progress> {
  const course = new Thinned<Progress>(CURVE_POINTS);
  for (const iteration of iterations) course.add(iteration);
  return course;
}

/**
 * The course of a run that is saved. A last line that is cut short is being written, or was when the run was killed.
 * @throws FileFormatError
 */
export function savedCourse(folder: RunFolder): readonly Progress[] {
  const { lines, damage } = folder.readLines("metrics");
  if (damage === undefined || damage.endsWith("cut short")) return courseOf(lines).elements;
  throw new FileFormatError(`${folder.file("metrics")}: ${damage}`);
}

/** One run's curve: before its first episode has ended a run has no point. */
export function seriesOf(label: string, progress: readonly Progress[]): Series {
  const ended = progress.filter(({ meanReturn }) => Number.isFinite(meanReturn));
  return { label, points: ended.map(({ steps, meanReturn }) => ({ x: steps, y: drawable(meanReturn) })) };
}

export function learningCurve(title: string, series: readonly Series[], spec?: EnvSpec): Chart {
  const y = spec?.rewardThreshold;
  return {
    title,
    xLabel: "environment steps",
    yLabel: "mean return of 100 episodes",
    series,
    ...(y !== undefined && { thresholds: [{ y, label: `solved at ${y}` }] }),
  };
}
