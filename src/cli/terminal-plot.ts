// Charts and sparklines in a terminal.

import { BrailleCanvas } from "./braille.ts";
import { axesOf, type Chart, type Point, shortNumber } from "./chart.ts";

const LEVELS = "▁▂▃▄▅▆▇█";

/** A chart of `width` x `height` characters, axes and labels included. */
export function terminalPlot(chart: Chart, width: number, height: number): string {
  const { x, y } = axesOf(chart, 5, 4);
  const labels = y.ticks.map(shortNumber);
  const margin = Math.max(...labels.map((label) => label.length)) + 2;
  const columns = Math.max(10, width - margin);
  const rows = Math.max(4, height - 3);
  const dots = new BrailleCanvas(columns, rows);
  const column = (value: number): number => ((value - x.from) / (x.to - x.from)) * (2 * columns - 1);
  const row = (value: number): number => (1 - (value - y.from) / (y.to - y.from)) * (4 * rows - 1);
  const dot = (left: number, top: number): void => dots.dot(Math.round(left), Math.round(top));

  /** A dot at every so many places along a line. */
  const line = (points: readonly Point[], every: number): void => {
    let place = 0;
    for (const [index, point] of points.entries()) {
      const before = points[index - 1] ?? point;
      const [across, down] = [column(point.x) - column(before.x), row(point.y) - row(before.y)];
      const steps = Math.ceil(Math.max(Math.abs(across), Math.abs(down), 1));
      for (let step = 1; step <= steps; step++) {
        const share = step / steps;
        if (place++ % every === 0) dot(column(before.x) + share * across, row(before.y) + share * down);
      }
    }
  };
  const end = 2 * columns;
  for (const { y } of chart.thresholds ?? []) for (let c = 0; c < end; c += 4) dot(c, row(y));
  for (const points of chart.faint?.lines ?? []) line(points, 4);
  for (const { points, band = [] } of chart.series) {
    line(points, 1);
    line(
      band.map(({ x, low }) => ({ x, y: low })),
      2,
    );
    line(
      band.map(({ x, high }) => ({ x, y: high })),
      2,
    );
  }

  const tickRows = new Map(y.ticks.map((tick, index) => [Math.round(row(tick)) >> 2, labels[index] as string]));
  const lines = dots.lines.map((text, r) => {
    const label = (tickRows.get(r) ?? "").padStart(margin - 2);
    return `${label} ${tickRows.has(r) ? "┤" : "│"}${text}`.trimEnd();
  });
  const scale = Array.from({ length: columns }, () => "─");
  const names = Array.from({ length: margin + columns }, () => " ");
  for (const tick of x.ticks) {
    const at = Math.min(columns - 1, Math.round(column(tick)) >> 1);
    scale[at] = "┬";
    const label = shortNumber(tick);
    const start = Math.min(margin + columns - label.length, Math.max(0, margin + at - (label.length >> 1)));
    for (const [index, character] of [...label].entries()) names[start + index] = character;
  }
  return [
    `${chart.title}: ${chart.yLabel} over ${chart.xLabel}`,
    ...lines,
    `${" ".repeat(margin - 1)}└${scale.join("")}`,
    names.join("").trimEnd(),
  ].join("\n");
}

/** The course of some values in `width` characters of eight heights, the last of them at the right. */
export function sparkline(values: readonly number[], width: number): string {
  if (values.length === 0) return "";
  const most = values.reduce((a, b) => Math.max(a, b));
  const least = values.reduce((a, b) => Math.min(a, b), 0);
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, index) => {
    const value = values[Math.floor(((index + 1) * values.length) / count) - 1] as number;
    return LEVELS[Math.min(7, Math.floor(((value - least) / (most - least || 1)) * 8))];
  }).join("");
}
