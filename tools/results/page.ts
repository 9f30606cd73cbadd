// The page of results/, as Markdown.

import { duration, grouped } from "#cli/numbers";
import { meanOf, RESAMPLES } from "../../src/base/statistics.ts";
import { evaluatedAt, figuresAt, lengthOf, type Suite, stepsOf, type TaskResults } from "./figures.ts";
import { interval, plusMinus, table, verdict, written } from "./markdown.ts";
import { searchGoals, searchSection } from "./nats-bench/page.ts";
import type { Searches } from "./nats-bench/searches.ts";
import type { PublishedRun } from "./published.ts";
import { aggregates, estimate, probabilityOfImprovement } from "./statistics.ts";
import { hardware, systems, type Task } from "./tasks.ts";

/** The whole page; every picture that it shows lies beside it. */
export function pageOf(results: readonly TaskResults[], suite: Suite, searches: Searches | undefined): string {
  const run = results.filter(({ runs }) => runs.length > 0);
  const goals = [...run.flatMap(goalsOf), ...searchGoals(searches)];
  return `${[
    "# Results",
    "<!-- Made by `npm run results -- --report` of the folders beside it: change those, not this. -->",
    HOW,
    "## Goals",
    ...(goals.length > 0 ? [goalsTable(goals), GOALS] : ["No task has been run yet."]),
    PAPER,
    "## Not run",
    notRun(results.filter(({ runs }) => runs.length === 0)),
    "## All tasks together",
    together(suite, run),
    ...run.map(section),
    ...(searches === undefined ? [] : [searchSection(searches)]),
    "## Whose figures",
    "What a figure beside ours is, and where it was published. Evaluations that draw no actions, or that take the best point of a training or the best of several models, are higher than returns of training.",
    table({
      columns: ["system", "what it looked at", "published in"],
      rows: Object.entries(systems).map(([name, { evaluation, source }]) => [name, evaluation, source]),
    }),
  ].join("\n\n")}\n`;
}

const HOW = [
  "Every figure of this page is of **training**: the mean return of the last 100 episodes of a run, whose actions are drawn and not the most likely ones, taken from the last line of its metrics by the steps that are stated (a run ends with a whole iteration, a little after its own). Where a column says *evaluated*, it is the mean over seeds of other episodes, played by the most likely actions. Steps are those of all environments together. All rows of a task are of the same runs: a learning rate that falls does so towards their end, so that a figure on the way is not the one that shorter runs would come to. No run is left out: what failed is in the mean.",
  `Behind ± is the standard deviation over seeds (NumPy's \`std\`, as elsewhere). IQM is the interquartile mean over seeds, with the 95% interval of ${grouped(RESAMPLES)} bootstrap resamples. In pictures each seed is faint, and in front of them is the interquartile mean with that interval as a band.`,
  "Each run can be checked: `npx proximal verify results/TASK/seedN` trains it again and compares every figure and, at the end, the SHA-256 of the weights, to the last bit, on any machine. `--steps` compares the beginning alone. It takes about as long as the training did.",
].join("\n\n");

const GOALS =
  "A goal is somebody else's figure, whether they looked at training or, as the zoo and Tianshou do, evaluated; the table of each task says which. *Within the interval* means that the figure lies within the 95% interval of ours.";

const PAPER =
  "Tasks are trained with our presets; [what was tried](sweeps/README.md) before, by other seeds, is told beside. [The experiments of the paper](paper/README.md), its table 1 and its figure 3, have a page of their own.";

function goalsTable(rows: readonly (readonly string[])[]): string {
  return table({ columns: ["task", "steps", "goal", "reached", "seeds", "that is"], rows });
}

function goalsOf({ task, runs }: TaskResults): string[][] {
  return task.goals.map((goal) => {
    const figures = figuresAt(runs, goal.steps);
    const name = `[${task.name}](#${anchorOf(task.name)})`;
    const place = [name, grouped(goal.steps), `${written(goal.figure)} (${goal.from})`];
    return figures === undefined
      ? [...place, "", "", "not run this far"]
      : [...place, plusMinus(figures), String(runs.length), verdict(figures, goal.figure)];
  });
}

/** Where Markdown's readers look for a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

function notRun(results: readonly TaskResults[]): string {
  if (results.length === 0) return "All tasks have been run.";
  return results
    .map(({ task: { name, goals } }) => {
      const aims = goals.map(({ figure, steps, from }) => `${written(figure)} at ${grouped(steps)} steps (${from})`);
      return `- ${name}: ${aims.join(", ")}`;
    })
    .join("\n");
}

function together({ tasks, scores }: Suite, run: readonly TaskResults[]): string {
  if (tasks.length < 2)
    return "Scores are counted over tasks that have gone as far as one of their goals; there are not two of them yet.";
  const seeds = scores[0]?.length ?? 0;
  const left = run.filter(({ task }) => tasks.every(({ name }) => name !== task.name)).map(({ task }) => task.name);
  return [
    `As Agarwal et al. (2021) recommend and rliable computes: a score is 0 for uniformly drawn actions and 1 for the goal that stands beside it, and intervals are of ${grouped(RESAMPLES)} resamples of runs within each task. Of each task the first ${seeds} seeds count, as many as all have.${left.length > 0 ? ` Not among them, for want of a second seed, of a goal that was gone for or of a figure for drawn actions: ${left.join(", ")}.` : ""}`,
    table({
      columns: ["IQM", "median", "mean", "optimality gap"],
      rows: [Object.values(aggregates).map((figure) => interval(estimate(scores, figure)))],
    }),
    "![The share of runs that score more than each threshold](profile.svg)",
    table({
      columns: ["task", "steps", "score 0", "score 1", "scores by seed"],
      rows: tasks.map(({ name, steps, zero, one }, index) => [
        ...[name, grouped(steps), written(zero), written(one)],
        (scores[index] ?? []).map((score) => score.toFixed(2)).join(", "),
      ]),
    }),
    improvement(run),
  ].join("\n\n");
}

/** Of our runs over those of each system whose figures are known by seed. */
function improvement(run: readonly TaskResults[]): string {
  const known = run.flatMap(({ task, runs }) =>
    task.anchors.flatMap(({ system, steps, bySeed }) => {
      const own = figuresAt(runs, Math.min(steps, lengthOf(runs)));
      return bySeed === undefined || own === undefined ? [] : [{ system, own: own.returns, other: bySeed }];
    }),
  );
  const names = [...new Set(known.map(({ system }) => system))];
  if (names.length === 0)
    return "The probability of improvement over another system needs its figure for each seed, which none of those below has published.";
  return table({
    columns: ["over", "tasks", "probability of improvement"],
    rows: names.map((name) => {
      const rows = known.filter(({ system }) => system === name);
      const cut = (lists: readonly (readonly number[])[]) =>
        lists.map((list) => list.slice(0, Math.min(...lists.map(({ length }) => length))));
      const likely = probabilityOfImprovement(cut(rows.map(({ own }) => own)), cut(rows.map(({ other }) => other)));
      return [name, String(rows.length), interval(likely)];
    }),
  });
}

function section({ task, runs }: TaskResults): string {
  return [
    `## ${task.name}`,
    `![Mean return of the last 100 episodes of training, by seed and over seeds](${task.name}/curve.svg)`,
    figuresTable(task, runs),
    howTable(task, runs),
    table({
      columns: ["seed", "steps", "mean return at the end", "time", "SHA-256 of the weights"],
      rows: runs.map(({ seed, result }) => [
        ...[String(seed), grouped(result.steps), written(result.meanReturn ?? Number.NaN), duration(result.seconds)],
        `\`${result.checksum.slice(0, 16)}\``,
      ]),
    }),
    `The first 16 of 64 digits; all are in \`${task.name}/seedN/result.json\`.`,
    beside(task, runs),
  ].join("\n\n");
}

function figuresTable(task: Task, runs: readonly PublishedRun[]): string {
  return table({
    columns: ["by steps", "last line", "seeds", "mean ± std", "IQM (95% interval)", "least", "most", "evaluated"],
    rows: stepsOf(task).map((steps) => {
      const figures = figuresAt(runs, steps);
      if (figures === undefined) return [grouped(steps), "not run this far", "", "", "", "", "", ""];
      const {
        returns,
        interquartileMean,
        interval: [low, high],
      } = figures;
      return [
        ...[grouped(steps), grouped(figures.steps), String(runs.length), plusMinus(figures)],
        `${written(interquartileMean)} (${written(low)} to ${written(high)})`,
        ...[written(Math.min(...returns)), written(Math.max(...returns)), evaluated(runs, steps)],
      ];
    }),
  });
}

/** "3,367 ± 120.1 by 3,000,320", of most likely actions. */
function evaluated(runs: readonly PublishedRun[], steps: number): string {
  const figures = evaluatedAt(runs, steps);
  return figures === undefined ? "" : `${plusMinus(figures)} by ${grouped(figures.steps)}`;
}

function howTable(task: Task, runs: readonly PublishedRun[]): string {
  const each = (of: (run: PublishedRun) => string) => [...new Set(runs.map(of))].join(", ");
  const seconds = runs.map(({ result }) => result.seconds);
  const rows = {
    environment: task.env,
    "environments side by side": each(({ config }) => String(config.numEnvs)),
    "steps of each run": each(({ config }) => grouped(config.totalSteps)),
    "looked at": "training returns, actions drawn; *evaluated* are other episodes, by the most likely actions",
    "episodes of an evaluation": each(({ config }) => String(config.evaluation?.episodes ?? "none")),
    "hyper-parameters": `[config.json](${task.name}/seed${runs[0]?.seed}/config.json), the same for all seeds; tuned on ${tunedOn(task)}`,
    physics: each(({ config }) => config.versions.requires ?? "the environment's own"),
    proximal: each(({ config }) => config.versions.proximal),
    Node: each(({ config }) => config.versions.node),
    hardware,
    platform: each(({ config }) => config.versions.platform),
    "time of a run": `${duration(meanOf(seconds))} on the average, ${duration(meanOf(seconds) * runs.length)} for all`,
    "steps a second of a run": grouped(meanOf(runs.map(({ result }) => result.stepsPerSecond))),
    "made by": `\`npm run results -- ${task.name} --seeds ${seedsOf(runs)}\``,
    "checked by": `\`npx proximal verify results/${task.name}/seed${runs[0]?.seed}\``,
  };
  return table({ columns: ["", ""], rows: Object.entries(rows) });
}

/** "seed 101", "seeds 101 to 104" */
function tunedOn({ tuned = "that are not stated" }: Task): string {
  return `${/^\d+$/.test(tuned) ? "seed" : "seeds"} ${tuned}`;
}

/** As `npm run results` takes them: a number where they are the first so many, else a list. */
function seedsOf(runs: readonly PublishedRun[]): string {
  const areFirst = runs.every(({ seed }, index) => seed === index + 1);
  return areFirst ? String(runs.length) : runs.map(({ seed }) => seed).join(",");
}

/** What others have published for the task, and ours in no more steps. */
function beside(task: Task, runs: readonly PublishedRun[]): string {
  const rows = task.anchors.map((anchor) => {
    const { system, version, steps, seeds, figure, deviation } = anchor;
    const own = figuresAt(runs, Math.min(steps, lengthOf(runs)));
    return [
      ...[system, version, grouped(steps), String(seeds)],
      `${written(figure)}${deviation === undefined ? "" : ` ± ${written(deviation)}`}`,
      systems[system].evaluation,
      ...(own === undefined ? ["", ""] : [`${written(own.mean)} by ${grouped(own.steps)}`, verdict(own, figure)]),
      evaluated(runs, Math.min(steps, lengthOf(runs))),
    ];
  });
  return table({
    columns: [
      "system",
      "environment",
      "steps",
      "seeds",
      "figure",
      "looked at",
      "ours, in no more steps",
      "that is",
      "ours, evaluated",
    ],
    rows,
  });
}
