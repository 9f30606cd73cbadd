// What the runs of a task come to, and how that stands beside what others have published.

import { interquartileMeanInterval, interquartileMeanOf, meanOf, stdOf } from "../../src/base/statistics.ts";
import type { PublishedRun, Results } from "./published.ts";
import type { Task } from "./tasks.ts";

export type TaskResults = Results<Task>;

/** Of all seeds of a task, at a number of steps. */
export interface Figures {
  /** The last line of each run by the stated steps: of how many. */
  readonly steps: number;
  /** By seed, the mean return of the last 100 training episodes, or of those that evaluate. */
  readonly returns: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly interquartileMean: number;
  readonly interval: readonly [low: number, high: number];
}

/** Undefined where a run does not go that far, or has no episode behind it by then. */
export function figuresAt(runs: readonly PublishedRun[], steps: number): Figures | undefined {
  return figuresOf(runs.map((run) => lastBy(steps, run, run.lines)));
}

/**
 * The same of evaluations, each of which follows the iteration that completes its steps, and belongs to those;
 * undefined where a run has none by then.
 */
export function evaluatedAt(runs: readonly PublishedRun[], steps: number): Figures | undefined {
  return figuresOf(
    runs.map((run) => {
      const { totalSteps, evaluation } = run.config;
      const every = evaluation?.every ?? 1;
      if (totalSteps <= steps) return lastBy(steps, run, run.evaluations);
      return run.evaluations.filter((line) => line.steps - (line.steps % every) <= steps).at(-1);
    }),
  );
}

interface Line {
  readonly steps: number;
  readonly meanReturn: number;
}

/** Runs end with a whole iteration, which belongs to the steps that were asked for. */
function lastBy(steps: number, { config }: PublishedRun, lines: readonly Line[]): Line | undefined {
  if (config.totalSteps <= steps) return config.totalSteps < steps ? undefined : lines.at(-1);
  return lines.filter((line) => line.steps <= steps).at(-1);
}

function figuresOf(lines: readonly (Line | undefined)[]): Figures | undefined {
  const returns = lines.map((line) => line?.meanReturn ?? Number.NaN);
  return figuresFrom(Math.min(...lines.map((line) => line?.steps as number)), returns);
}

/** Undefined where there is no seed, or one without a figure. */
export function figuresFrom(steps: number, returns: readonly number[]): Figures | undefined {
  if (returns.length === 0 || !returns.every(Number.isFinite)) return undefined;
  return {
    steps,
    returns,
    mean: meanOf(returns),
    deviation: stdOf(returns),
    interquartileMean: interquartileMeanOf(returns),
    interval: interquartileMeanInterval(returns),
  };
}

/** At which the page looks: where a goal is, and at the end. */
export function stepsOf({ goals, totalSteps }: Task): number[] {
  return [...new Set([...goals.map(({ steps }) => steps), totalSteps])].sort((a, b) => a - b);
}

/** Steps that all runs of a task have been trained for. */
export function lengthOf(runs: readonly PublishedRun[]): number {
  return Math.min(...runs.map(({ config }) => config.totalSteps));
}

/** The tasks over which scores can be counted, each with its scores by seed. */
export interface Suite {
  readonly tasks: readonly {
    readonly name: string;
    readonly steps: number;
    readonly zero: number;
    readonly one: number;
  }[];
  /** By task, of as many seeds each: 0 is what drawn actions get, 1 the task's last goal that its runs went for. */
  readonly scores: readonly (readonly number[])[];
}

export function suiteOf(results: readonly TaskResults[]): Suite {
  const rows = results.flatMap(({ task: { name, random, goals }, runs }) => {
    const reached = goals.flatMap((goal) => ({ goal, figures: figuresAt(runs, goal.steps) }));
    const { goal, figures } = reached.filter((each) => each.figures !== undefined).at(-1) ?? {};
    // One seed says nothing of how others spread.
    if (goal === undefined || figures === undefined || random === undefined || runs.length < 2) return [];
    const scores = figures.returns.map((value) => (value - random) / (goal.figure - random));
    return [{ task: { name, steps: goal.steps, zero: random, one: goal.figure }, scores }];
  });
  const seeds = Math.min(...rows.map(({ scores }) => scores.length));
  return { tasks: rows.map(({ task }) => task), scores: rows.map(({ scores }) => scores.slice(0, seeds)) };
}
