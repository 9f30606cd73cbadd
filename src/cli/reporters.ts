// How a training run shows itself: a live display on a terminal, plain lines where the output goes elsewhere, JSON
// where it was asked for.

import type { Iteration } from "../ppo/metrics.ts";
import { type Chart, shortNumber } from "./chart.ts";
import type { Evaluation } from "./evaluations.ts";
import { LiveLines } from "./live-lines.ts";
import { duration, grouped } from "./numbers.ts";
import type { Result } from "./result.ts";
import type { Terminal } from "./terminal.ts";
import { sparkline, terminalPlot } from "./terminal-plot.ts";
import { printable } from "./text.ts";
import { Thinned } from "./thinned.ts";

interface Pace {
  readonly totalSteps: number;
  readonly stepsPerSecond: number;
  /** The mean return of the best evaluation so far. */
  readonly best?: number | undefined;
}

/** Texts of one line may have names in them, and are made printable. */
export interface Reporter {
  /** What is being done, before it begins. */
  begin(text: string): void;
  iteration(iteration: Iteration, pace: Pace): void;
  evaluation(evaluation: Evaluation, isBest: boolean): void;
  /** Something that has to be read: where a checkpoint went, say. */
  note(text: string): void;
  /** Takes a display away that would otherwise stay unfinished. */
  clear(): void;
  end(result: Result, curve: Chart, files: string): void;
}

/** Whether lines can be written anew in place there. */
export function canBeRedrawn(output: Terminal): boolean {
  return output.isTerminal && process.env.TERM !== "dumb" && output.width >= 40;
}

export function jsonReporter(output: Terminal): Reporter {
  return {
    begin: () => {},
    iteration: (iteration) => output.write(`${JSON.stringify({ type: "iteration", ...iteration })}\n`),
    evaluation: (evaluation, isBest) =>
      output.write(`${JSON.stringify({ type: "evaluation", ...evaluation, isBest })}\n`),
    note: (text) => void process.stderr.write(`${printable(text)}\n`),
    clear: () => {},
    end: (result) => output.write(`${JSON.stringify({ type: "result", ...result })}\n`),
  };
}

/** A line for each twentieth of the training. */
export function lineReporter(output: Terminal): Reporter {
  let printed = 0;
  return {
    begin: (text) => output.write(`${printable(text)}\n`),
    iteration(iteration, pace) {
      const twentieth = Math.floor((20 * iteration.steps) / pace.totalSteps);
      if (twentieth === printed) return;
      printed = twentieth;
      output.write(`${statusOf(iteration, pace)}\n`);
    },
    // As often as a status, of which it is a part.
    evaluation: () => {},
    note: (text) => output.write(`${printable(text)}\n`),
    clear: () => {},
    end: (result, curve, files) => output.write(summary(result, curve, files, output)),
  };
}

/** Far more than a line has characters. */
export const KEPT_RETURNS = 1000;

/** Redrawn in place, at most ten times a second. */
export function liveReporter(output: Terminal): Reporter {
  const returns = new Thinned<number>(KEPT_RETURNS);
  const lines = new LiveLines(output);
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    begin: (text) => output.write(`${printable(text)}\n`),
    iteration(iteration, pace) {
      if (Number.isFinite(iteration.meanReturn)) returns.add(iteration.meanReturn);
      const now = performance.now();
      if (now - drawnAt < 100) return;
      drawnAt = now;
      const width = Math.max(40, Math.min(output.width, 120));
      lines.show(display(iteration, pace, returns.elements, width, output));
    },
    evaluation: () => {},
    note(text) {
      lines.clear();
      output.write(`${printable(text)}\n`);
    },
    clear: () => lines.clear(),
    end(result, curve, files) {
      lines.clear();
      output.write(summary(result, curve, files, output));
    },
  };
}

/** Two lines: a bar with the course of the return behind it, and the figures. */
function display(
  iteration: Iteration,
  pace: Pace,
  returns: readonly number[],
  width: number,
  output: Terminal,
): string[] {
  const share = Math.min(1, iteration.steps / pace.totalSteps);
  const percent = percentOf(share);
  const curveWidth = Math.floor(width / 3);
  const barWidth = width - curveWidth - percent.length - 3;
  const bar = barOf(share, barWidth, output);
  const curve = output.style("cyan", sparkline(returns, curveWidth));
  // Room for the ^C that a terminal may add, which would otherwise begin a third line.
  const room = width - 3;
  const status = statusOf(iteration, pace);
  const fitting = status.length <= room ? status : statusOf(iteration, pace, rounded).slice(0, room);
  return [`${bar}${percent}  ${curve}`, fitting];
}

export function percentOf(share: number): string {
  return `${Math.floor(100 * share)}%`.padStart(4);
}

/** A line of so many characters of which a share is filled. */
export function barOf(share: number, width: number, output: Terminal): string {
  const filled = Math.round(share * width);
  return output.style("green", "━".repeat(filled)) + output.style("gray", "─".repeat(width - filled));
}

/** 9,999 as it is, 123456 as "123k". */
export const rounded = (value: number): string => (value < 10_000 ? grouped(value) : shortNumber(value));

function statusOf(
  iteration: Iteration,
  { totalSteps, stepsPerSecond, best }: Pace,
  written: (value: number) => string = grouped,
): string {
  const left = Math.max(0, totalSteps - iteration.steps) / stepsPerSecond;
  return [
    `${written(iteration.steps)} of ${written(totalSteps)} steps`,
    `${written(stepsPerSecond)} steps/s`,
    `${duration(left)} left`,
    `mean return ${fixed(iteration.meanReturn)}`,
    ...(best === undefined ? [] : [`best ${fixed(best)}`]),
    ...(iteration.solvedAtStep === null ? [] : [`solved at ${written(iteration.solvedAtStep)}`]),
  ].join(" · ");
}

function summary(result: Result, curve: Chart, files: string, output: Terminal): string {
  const { solvedAtStep, meanReturn, steps, seconds, stepsPerSecond, bestMeanReturn, bestAtStep } = result;
  const threshold = curve.thresholds?.[0]?.y;
  const verdict =
    solvedAtStep !== null
      ? output.style(
          "green",
          `solved after ${grouped(solvedAtStep)} steps: mean return of 100 episodes at least ${threshold}`,
        )
      : threshold === undefined
        ? "done"
        : output.style("yellow", `not solved: no 100 episodes with a mean return of ${threshold}`);
  const width = Math.max(40, Math.min(output.width, 100));
  return [
    "",
    terminalPlot(curve, width, 14),
    "",
    `${result.env}, seed ${result.seed}: ${verdict}`,
    `${grouped(steps)} steps in ${seconds.toFixed(2)} s (${grouped(stepsPerSecond)} steps/s), mean return ${fixed(meanReturn ?? Number.NaN)}`,
    ...(bestAtStep === undefined
      ? []
      : [
          bestAtStep === null
            ? "best policy: no evaluation yet"
            : `best policy after ${grouped(bestAtStep)} steps, evaluated at a mean return of ${fixed(bestMeanReturn ?? Number.NaN)}`,
        ]),
    ...Object.entries(result.outcome ?? {}).map(([name, value]) => `${words(name)}: ${value ?? "-"}`),
    `parameters ${result.checksum.slice(0, 16)} (${result.kernels} kernels)`,
    files,
    "",
  ].join("\n");
}

/** "bestArchitecture" as "best architecture" */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function fixed(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : "-";
}
