// The curves of trainings that differ in their seeds alone: what all of a folder's runs come to, step by step.

import { ConfigurationError } from "../base/errors.ts";
import { interquartileMeanIntervals, interquartileMeanOf } from "../base/statistics.ts";
import type { EnvSpec } from "../envs/env.ts";
import type { Chart, Point, Series } from "./chart.ts";
import { registerEnvironment } from "./families.ts";
import { learningCurve, savedCourse, seriesOf } from "./learning-curve.ts";
import { counted } from "./numbers.ts";
import type { SeedFolder } from "./seed-folder.ts";
import { printable } from "./text.ts";
import { Thinned } from "./thinned.ts";

/** At most so many steps: an interval takes thousands of means at each. */
const STEPS = 128;

/**
 * Of one folder the runs, faint, and in front of them what they come to; of several, what each comes to.
 * @throws ConfigurationError where they are of several environments, or no episode has ended; as `readConfig`
 */
export async function seedChart(folders: readonly SeedFolder[]): Promise<Chart> {
  const trainings = await Promise.all(folders.map(readTraining));
  const [first, ...others] = trainings as [Training, ...Training[]];
  const { env } = first;
  for (const other of others) {
    if (other.env !== env)
      throw new ConfigurationError(`plot: ${other.path} is of ${other.env}, ${first.path} of ${env}; plot them apart`);
  }
  const spec = await registerEnvironment(env);
  if (others.length === 0) return seedsChart(env, first.runs, spec);
  return comparedSeeds(
    env,
    trainings.map(({ path, runs }) => ({ label: printable(path), runs })),
    spec,
  );
}

/** Several trainings of an environment by what each comes to over its seeds. */
export function comparedSeeds(
  name: string,
  trainings: readonly { readonly label: string; readonly runs: readonly (readonly Point[])[] }[],
  spec?: EnvSpec,
): Chart {
  const series = trainings.map(({ label, runs }) => seedSeries(`${label}, ${counted(runs.length, "seed")}`, runs));
  return learningCurve(`${name}, interquartile mean and 95% interval over seeds`, series, spec);
}

/** The runs of several seeds, faint, and in front of them what they come to. */
export function seedsChart(name: string, runs: readonly (readonly Point[])[], spec?: EnvSpec): Chart {
  const many = counted(runs.length, "seed");
  if (runs.length === 1) return learningCurve(`${name}, ${many}`, [seedSeries(many, runs)], spec);
  const series = seedSeries(`interquartile mean of ${many}, 95% interval`, runs);
  return { ...learningCurve(`${name}, ${many}`, [series], spec), faint: { label: "each seed", lines: runs } };
}

interface Training {
  readonly path: string;
  readonly env: string;
  /** The curve of each seed. */
  readonly runs: readonly (readonly Point[])[];
}

async function readTraining(folder: SeedFolder): Promise<Training> {
  const { path } = folder;
  const runs = folder.seeds.map((seed) => folder.run(seed));
  const configs = await Promise.all(runs.map((run) => run.readConfig()));
  const { env } = configs[0] as (typeof configs)[number];
  const other = configs.findIndex((config) => config.env !== env);
  if (other >= 0)
    throw new ConfigurationError(
      `plot: ${runs[other]?.path} is of ${configs[other]?.env}, ${runs[0]?.path} of ${env}; a folder of seeds has one environment`,
    );
  const curves = runs.map((run) => seriesOf("", savedCourse(run)).points);
  const empty = curves.findIndex((points) => points.length === 0);
  if (empty >= 0) throw new ConfigurationError(`plot: no episode has ended in ${runs[empty]?.path}`);
  return { path, env, runs: curves };
}

/**
 * The interquartile mean over seeds and its 95% bootstrap interval, at the steps at which there are points, thinned. At
 * a step a run has the last value that it had by then, so that the curve begins where all have one, and it ends with
 * the shortest. Of one run it is that run, without an interval.
 */
function seedSeries(label: string, runs: readonly (readonly Point[])[]): Series {
  const start = Math.max(...runs.map((points) => points[0]?.x ?? Number.NaN));
  const end = Math.min(...runs.map((points) => points.at(-1)?.x ?? Number.NaN));
  const steps = new Thinned<number>(STEPS);
  const all = new Set(runs.flatMap((points) => points.map(({ x }) => x)));
  for (const x of [...all].sort((a, b) => a - b)) if (x >= start && x <= end) steps.add(x);
  const valuesAt = steps.elements.map((x) => ({ x, values: runs.map((points) => valueAt(points, x)) }));
  const points = valuesAt.map(({ x, values }) => ({ x, y: interquartileMeanOf(values) }));
  if (runs.length === 1) return { label, points };
  const intervals = interquartileMeanIntervals(valuesAt.map(({ values }) => values));
  const band = valuesAt.map(({ x }, index) => {
    const [low, high] = intervals[index] as readonly [number, number];
    return { x, low, high };
  });
  return { label, points, band };
}

/** The last value at or before a step that has one. */
function valueAt(points: readonly Point[], step: number): number {
  return points.filter(({ x }) => x <= step).at(-1)?.y as number;
}
