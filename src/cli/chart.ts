// What a line chart is before it is drawn: series, scales, ticks. terminal-plot.ts and svg-plot.ts draw it.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What lies around a curve at one place. */
export interface Interval {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** Shaded behind the curve, in its colour. */
  readonly band?: readonly Interval[];
}

/** A horizontal line with a label, as at the return at which a task counts as solved. */
export interface Threshold {
  readonly y: number;
  readonly label: string;
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Lines that stay in the background and have one name together. */
  readonly faint?: { readonly label: string; readonly lines: readonly (readonly Point[])[] };
  readonly thresholds?: readonly Threshold[];
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/** The axes of a chart, from 0 or below: x ends with the data, y with a tick. */
export function axesOf(chart: Chart, xTicks: number, yTicks: number): { readonly x: Axis; readonly y: Axis } {
  const points = [...chart.series.map(({ points }) => points), ...(chart.faint?.lines ?? [])].flat();
  const bands = chart.series.flatMap(({ band = [] }) => band);
  const ys = [...points.map(({ y }) => y), ...bands.flatMap(({ low, high }) => [low, high])];
  for (const { y } of chart.thresholds ?? []) ys.push(y);
  const x = axis([0, ...points.map(({ x }) => x)], xTicks);
  const end = points.reduce((most, { x }) => Math.max(most, x), 0);
  return {
    x: end > 0 ? { from: x.from, to: end, ticks: x.ticks.filter((tick) => tick <= end) } : x,
    y: axis([0, ...ys], yTicks),
  };
}

function axis(values: readonly number[], count: number): Axis {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const step = niceStep((most - least < LEAST ? 1 : most - least) / count);
  const from = Math.floor(least / step) * step;
  const steps = Math.max(1, Math.ceil((most - from) / step - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, index) => from + index * step);
  return { from, to: from + steps * step, ticks };
}

/** Numbers whose sums and quotients are numbers: what is beyond is drawn at the edge, what is below is nothing. */
const [LEAST, MOST] = [1e-300, 1e300];

/** A value that a chart can show. */
export function drawable(value: number): number {
  return Math.max(-MOST, Math.min(MOST, value));
}

/** 1, 2 or 5 times a power of ten, the least that is not below `step`. */
function niceStep(step: number): number {
  let power = 1;
  while (power > step) power /= 10;
  while (power * 10 <= step) power *= 10;
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** 1234567 -> "1.23M", 20000 -> "20k", 500 -> "500" */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3)}k`;
  return trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}
