// What the pages of results/ are written with.

import { grouped } from "#cli/numbers";
import type { Figures } from "./figures.ts";
import type { Estimate } from "./statistics.ts";

/** Columns of numbers stand at the right. */
export function table({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, index) => (rows.every((row) => /^(-?\d|$)/.test(row[index] ?? "")) ? "---:" : "---"));
  return [line(columns), line(rule), ...rows.map(line)].join("\n");
}

/** "2,609 ± 700.8": the mean over seeds, and the standard deviation, which one seed has not. */
export function plusMinus({ returns, mean, deviation }: Figures): string {
  return returns.length === 1 ? written(mean) : `${written(mean)} ± ${written(deviation)}`;
}

/** Of ours beside another figure; where that lies within our interval, more seeds might say otherwise. */
export function verdict({ mean, interval: [low, high] }: Figures, figure: number): string {
  if (mean === figure) return "equal";
  const isUnsure = low <= figure && figure <= high;
  const text = mean > figure ? `**beaten** by ${written(mean - figure)}` : `missed by ${written(figure - mean)}`;
  return isUnsure ? `${text}, within the interval` : text;
}

/** "0.82 (0.79 to 0.85)" */
export function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A return: whole from a thousand on, with one digit from a hundred on, else with two. */
export function written(value: number): string {
  const size = Math.abs(value);
  return size >= 1000 ? grouped(value) : value.toFixed(size >= 100 ? 1 : 2);
}
