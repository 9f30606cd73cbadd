// What the pages of results/ and their pictures are, from what is published there. The same runs give the same bytes.

import { dirname, join } from "node:path";
import type { Chart } from "#cli/chart";
import { seriesOf } from "#cli/learning-curve";
import { comparedSeeds, seedsChart } from "#cli/seed-curves";
import { svgPlot } from "#cli/svg-plot";
import { type Suite, suiteOf, type TaskResults } from "./figures.ts";
import { written } from "./markdown.ts";
import { readSearches, SEARCHES, type Searches } from "./nats-bench/searches.ts";
import { pageOf } from "./page.ts";
import { a2c, type Experiment, experiments, ppo } from "./paper/experiments.ts";
import { comparedIn, endPointOf, paperPageOf } from "./paper/page.ts";
import { cellsOf } from "./paper/scores.ts";
import { checkFolders, type PublishedRun, type Results, readResults } from "./published.ts";
import { performanceProfile } from "./statistics.ts";
import { type Task, tasks } from "./tasks.ts";

/** The folder of what was tried, which people write. */
const SWEEPS = "sweeps";

/** The files of the report on a folder of results, each with its text. */
export function filesOf(folder: string, of: readonly Task[] = tasks): Map<string, string> {
  const names = [...of, ...experiments].map(({ name }) => name);
  checkFolders(folder, [...names, dirname(SEARCHES), SWEEPS]);
  const searches = readSearches(join(folder, SEARCHES));
  const files = [...taskFiles(readResults(folder, of), searches), ...paperFiles(readResults(folder, experiments))];
  return new Map(files.map(([path, text]) => [join(folder, path), text]));
}

function taskFiles(results: readonly TaskResults[], searches: Searches | undefined): [string, string][] {
  const suite = suiteOf(results);
  const run = results.filter(({ runs }) => runs.length > 0);
  return [
    ["README.md", pageOf(results, suite, searches)],
    ...(suite.tasks.length > 1 ? [["profile.svg", svgPlot(profile(suite))] as [string, string]] : []),
    ...run.map((result): [string, string] => [join(result.task.name, "curve.svg"), svgPlot(curve(result))]),
  ];
}

function paperFiles(trials: readonly Results<Experiment>[]): [string, string][] {
  return [
    ["paper/README.md", paperPageOf(trials)],
    ...comparedIn(cellsOf(trials)).map((env): [string, string] => [
      `paper/figure-3-${env}.svg`,
      svgPlot(beside(trials, env)),
    ]),
  ];
}

function curve({ task: { name, goals }, runs }: TaskResults): Chart {
  const thresholds = goals.map(({ figure, from }) => ({ y: figure, label: `${written(figure)}, ${from}` }));
  return { ...seedsChart(name, pointsOf(runs)), thresholds };
}

/** PPO and A2C on one task. */
function beside(trials: readonly Results<Experiment>[], env: string): Chart {
  const trainings = [ppo, a2c].flatMap((setting) => {
    const trial = trials.find(({ task }) => task.setting === setting && task.env === env);
    const runs = pointsOf(trial?.runs ?? []);
    return runs.length === 0 ? [] : [{ label: setting === ppo ? "PPO" : "A2C", runs }];
  });
  const end = endPointOf(env);
  return { ...comparedSeeds(env, trainings), thresholds: [{ y: end, label: `${written(end)}, PPO in the paper` }] };
}

function pointsOf(runs: readonly PublishedRun[]) {
  return runs.map(({ lines }) => seriesOf("", lines).points);
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
