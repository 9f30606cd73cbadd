// What the page of results/ and its pictures are, from what is published there. The same runs give the same bytes.

import { join } from "node:path";
import type { Chart } from "#cli/chart";
import { seriesOf } from "#cli/learning-curve";
import { seedsChart } from "#cli/seed-curves";
import { svgPlot } from "#cli/svg-plot";
import { type Suite, suiteOf } from "./figures.ts";
import { pageOf, written } from "./page.ts";
import { readResults, type TaskResults } from "./published.ts";
import { performanceProfile } from "./statistics.ts";
import { type Task, tasks } from "./tasks.ts";

/** The files of the report on a folder of results, each with its text. */
export function filesOf(folder: string, of: readonly Task[] = tasks): Map<string, string> {
  const results = readResults(folder, of);
  const suite = suiteOf(results);
  const files = new Map([[join(folder, "README.md"), pageOf(results, suite)]]);
  if (suite.tasks.length > 1) files.set(join(folder, "profile.svg"), svgPlot(profile(suite)));
  for (const result of results)
    if (result.runs.length > 0) files.set(join(folder, result.task.name, "curve.svg"), svgPlot(curve(result)));
  return files;
}

function curve({ task: { name, goals }, runs }: TaskResults): Chart {
  const points = runs.map(({ lines }) => seriesOf("", lines).points);
  const thresholds = goals.map(({ figure, from }) => ({ y: figure, label: `${written(figure)}, ${from}` }));
  return { ...seedsChart(name, points), thresholds };
}

function profile({ tasks, scores }: Suite): Chart {
  const most = Math.max(1.2, ...scores.flat());
  const thresholds = Array.from({ length: 101 }, (_, index) => (index / 100) * most);
  const shares = performanceProfile(scores, thresholds);
  const points = shares.map(({ value }, index) => ({ x: thresholds[index] as number, y: value }));
  const band = shares.map(({ low, high }, index) => ({ x: thresholds[index] as number, low, high }));
  return {
    title: `Performance profile over ${tasks.length} tasks`,
    xLabel: "normalised score: 0 of drawn actions, 1 of the goal",
    yLabel: "share of runs that score more",
    series: [{ label: "share of runs", points, band }],
  };
}
