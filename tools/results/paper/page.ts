// The page of results/paper, as Markdown: the paper's table 1 and figure 3 beside ours.

import { duration, grouped } from "#cli/numbers";
import { meanOf, RESAMPLES, stdOf } from "../../../src/base/statistics.ts";
import { interval, table, written } from "../markdown.ts";
import type { Results } from "../published.ts";
import { hardware, tasks } from "../tasks.ts";
import { a2c, type Experiment, environments, objectives, ppo, SEEDS, type Setting } from "./experiments.ts";
import { type Cell, cellsOf, ranksOf, type Scale, scalesOf, scoreOf } from "./scores.ts";

/** What the paper has of a task: where its curve of PPO ends. */
export function endPointOf(env: string): number {
  const anchors = tasks.find((task) => task.env === env)?.anchors ?? [];
  return anchors.find(({ system }) => system === "PPO paper")?.figure ?? Number.NaN;
}

function randomOf(env: string): number {
  return tasks.find((task) => task.env === env)?.random ?? Number.NaN;
}

/** The whole page; the pictures of figure 3 lie beside it. */
export function paperPageOf(results: readonly Results<Experiment>[]): string {
  const cells = cellsOf(results);
  const scales = scalesOf(cells, randomOf);
  return `${[
    "# The experiments of the paper",
    "<!-- Made by `npm run results -- --report` of the folders beside it: change those, not this. -->",
    HOW,
    "## Table 1",
    scales.length > 0 ? scoresTable(cells, scales) : "No task has been run with all eleven settings yet.",
    ...(scales.length > 0 ? [scored(scales)] : []),
    returnsTable(cells),
    "## Figure 3",
    ...(figureTable(cells) ?? ["Neither PPO nor A2C has been run yet."]),
    "## Not run",
    notRun(results),
    "## How",
    howTable(results),
  ].join("\n\n")}\n`;
}

const HOW = [
  `Section 6 of Schulman et al. (2017, [arXiv 1707.06347](https://arxiv.org/abs/1707.06347)) compares eleven objectives on seven tasks of MuJoCo, each by ${SEEDS} seeds and 1,000,000 steps, by the mean return of the last 100 episodes of training, and shows PPO beside A2C. Here are the same experiments, with the hyper-parameters of the paper and what it leaves open as in its authors' ppo1 (\`npx proximal presets HalfCheetah-v4\`), on the fourth versions of the tasks, where the paper has the first on MuJoCo 1.`,
  "Each run can be checked: `npx proximal verify results/paper/SETTING/TASK/seedN`, as [elsewhere](../README.md).",
].join("\n\n");

function scoresTable(cells: readonly Cell[], scales: readonly Scale[]): string {
  const scores = objectives.map((setting) => scoreOf(setting, cells, scales));
  const ranks = ranksOf(scores.map(({ value }) => value));
  const published = ranksOf(objectives.map(({ score = Number.NaN }) => score));
  return table({
    columns: ["objective", "the paper's score", "rank", "our score (95% interval)", "rank"],
    rows: objectives.map(({ label, score = Number.NaN }, index) => [
      ...[label, score.toFixed(2), String(published[index])],
      ...[interval(scores[index] as (typeof scores)[number]), String(ranks[index])],
    ]),
  });
}

function scored(scales: readonly Scale[]): string {
  const ends = scales.map(({ env, zero, one }) => `${env} ${written(zero)} and ${written(one)}`).join(", ");
  return `A score is 0 for uniformly drawn actions and 1 for the best run of all of these, as in the paper, and their mean over tasks and seeds; intervals are of ${grouped(RESAMPLES)} resamples of runs within each task. Those ends are: ${ends}.`;
}

/** The mean return of each setting on each task. */
function returnsTable(cells: readonly Cell[]): string {
  const names = environments.map((env) => env.replace(/-v\d+$/, ""));
  return table({
    columns: ["mean return", ...names],
    rows: [...objectives, a2c].map((setting) => [
      setting.label,
      ...environments.map((env) => meanReturn(cellOf(cells, setting, env))),
    ]),
  });
}

function cellOf(cells: readonly Cell[], setting: Setting, env: string): Cell | undefined {
  return cells.find((cell) => cell.setting === setting && cell.env === env);
}

/** "1,803 ± 212.0", of fewer seeds than the paper has with their number; nothing of what was not run. */
function meanReturn(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  const { returns } = cell;
  const few = returns.length < SEEDS ? ` (${returns.length} of ${SEEDS})` : "";
  return `${written(meanOf(returns))} ± ${written(stdOf(returns))}${few}`;
}

/** Where PPO and A2C have both been run, or one of them. */
export function comparedIn(cells: readonly Cell[]): string[] {
  return environments.filter((env) => [ppo, a2c].some((setting) => cellOf(cells, setting, env) !== undefined));
}

function figureTable(cells: readonly Cell[]): string[] | undefined {
  const run = comparedIn(cells);
  if (run.length === 0) return undefined;
  const rows = run.map((env) => {
    const [own, other] = [cellOf(cells, ppo, env), cellOf(cells, a2c, env)];
    return [env, written(endPointOf(env)), meanReturn(own), meanReturn(other)];
  });
  return [
    "PPO with ε = 0.2 beside A2C, the interquartile mean of their seeds with its interval. Where the paper's curve of PPO ends is a dashed line; it was read off its figure. A2C is one step of Adam along the gradient of 16 environments x 5 steps, otherwise as in OpenAI's baselines.",
    table({ columns: ["task", "PPO in the paper", "PPO", "A2C"], rows }),
    ...run.map((env) => `![Mean return of PPO and A2C on ${env}, over steps](figure-3-${env}.svg)`),
  ];
}

function notRun(results: readonly Results<Experiment>[]): string {
  const missing = [...objectives, a2c].flatMap((setting) => {
    const left = results.filter(({ task, runs }) => task.setting === setting && runs.length < SEEDS);
    if (left.length === 0) return [];
    const isAll = left.length === environments.length && left.every(({ runs }) => runs.length === 0);
    const names = left.map(({ task: { env }, runs }) => (runs.length === 0 ? env : `${env} but for ${runs.length}`));
    return [`- ${setting.label}: ${isAll ? "all tasks" : names.join(", ")}`];
  });
  return missing.length === 0 ? "All of it has been run." : missing.join("\n");
}

function howTable(results: readonly Results<Experiment>[]): string {
  const runs = results.flatMap((each) => each.runs);
  const each = (of: (run: (typeof runs)[number]) => string) => [...new Set(runs.map(of))].sort().join(", ");
  const seconds = runs.reduce((sum, { result }) => sum + result.seconds, 0);
  const rows = {
    runs: `${runs.length} of ${results.length * SEEDS}`,
    "looked at": "training returns, actions drawn",
    physics: each(({ config }) => config.versions.requires ?? "the environment's own"),
    proximal: each(({ config }) => config.versions.proximal),
    Node: each(({ config }) => config.versions.node),
    hardware,
    platform: each(({ config }) => config.versions.platform),
    "time of all runs, one after the other": duration(seconds),
    "made by": `\`npm run results -- paper --seeds ${SEEDS}\``,
    "weights of each": "SHA-256 in `SETTING/TASK/seedN/result.json`",
  };
  const trained = [...objectives, a2c].map(({ label, options }) => [label, `\`--preset paper ${options.join(" ")}\``]);
  return [
    table({ columns: ["", ""], rows: Object.entries(rows) }),
    table({ columns: ["setting", "options of `proximal train`"], rows: trained }),
  ].join("\n\n");
}
