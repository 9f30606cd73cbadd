// What all seeds have come to, for people.

import type { Chart } from "../chart.ts";
import { counted, grouped } from "../numbers.ts";
import { fixed } from "../reporters.ts";
import type { SeedOutcome, SeedSummary } from "../seed-summary.ts";
import { terminalPlot } from "../terminal-plot.ts";
import { listOf } from "./seeds.ts";

const titles = ["seed", "steps", "mean return", "solved at", "checksum"];

/**
 * @param width of the terminal: where the checksums do not fit, they are in the file
 * @param curve of runs that all have one
 */
export function summaryText(summary: SeedSummary, files: string, width: number, curve?: Chart): string {
  const whole = [titles, ...summary.runs.map(cellsOf)];
  const widths = titles.map((_, column) => Math.max(...whole.map((cells) => (cells[column] as string).length)));
  const isWide = widths.reduce((sum, columns) => sum + columns + 2, -2) <= width;
  const rows = isWide ? whole : whole.map((cells) => cells.slice(0, -1));
  const table = rows.map((cells) => cells.map((cell, column) => cell.padStart(widths[column] as number)).join("  "));
  const drawn = curve === undefined ? [] : ["", terminalPlot(curve, Math.max(40, Math.min(width, 100)), 14)];
  return [...drawn, "", ...table, "", ...figuresOf(summary), files, ""].join("\n");
}

function cellsOf({ seed, finished, steps, meanReturn, solvedAtStep, checksum }: SeedOutcome): string[] {
  return [
    ...[String(seed), grouped(steps), fixed(meanReturn ?? Number.NaN)],
    solvedAtStep === null ? "-" : grouped(solvedAtStep),
    finished && checksum !== null ? checksum.slice(0, 16) : "unfinished",
  ];
}

function figuresOf({ env, runs, unfinished, ...figures }: SeedSummary): string[] {
  const { meanReturn, stdReturn, interquartileMeanReturn, intervalLow, intervalHigh } = figures;
  const [mean, std, middle, low, high] = [
    meanReturn,
    stdReturn,
    interquartileMeanReturn,
    intervalLow,
    intervalHigh,
  ].map((value) => fixed(value ?? Number.NaN));
  return [
    `${env}, ${counted(runs.length - unfinished.length, "seed")}: mean return ${mean} ± ${std}`,
    `interquartile mean ${middle}, 95% interval ${low} to ${high}`,
    ...(unfinished.length === 0 ? [] : [`without ${listOf(unfinished)}, which did not come to an end`]),
  ];
}
