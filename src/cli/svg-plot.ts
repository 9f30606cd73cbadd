// Charts as SVG files that read well on a light page and on a dark one.

import { type Axis, axesOf, type Chart, type Point, shortNumber } from "./chart.ts";
import { DARK, escaped, LIGHT, svgPage } from "./svg.ts";

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { left: 72, right: 24, top: 52, bottom: 56 } as const;
/** How many series have a colour of their own. */
const COLORS = LIGHT.series.length;

/** The chart as the text of an SVG file. */
export function svgPlot(chart: Chart): string {
  const { x, y } = axesOf(chart, 6, 6);
  const left = (value: number): number =>
    MARGIN.left + ((value - x.from) / (x.to - x.from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const top = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - y.from) / (y.to - y.from)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const middle = (MARGIN.left + right) / 2;

  const parts: string[] = [];
  for (const tick of y.ticks) {
    const at = fixed(top(tick));
    parts.push(`<path class="grid" d="M${MARGIN.left} ${at}H${right}"/>`);
    parts.push(`<text class="end" x="${MARGIN.left - 10}" y="${at}" dy="0.35em">${shortNumber(tick)}</text>`);
  }
  for (const tick of x.ticks) {
    const at = fixed(left(tick));
    parts.push(`<path class="axis" d="M${at} ${bottom}v6"/>`);
    parts.push(`<text class="middle" x="${at}" y="${bottom + 22}">${shortNumber(tick)}</text>`);
  }
  parts.push(`<path class="axis" d="M${MARGIN.left} ${bottom}H${right}"/>`);
  parts.push(`<text class="middle" x="${fixed(middle)}" y="${HEIGHT - 10}">${escaped(chart.xLabel)}</text>`);
  const height = fixed((MARGIN.top + bottom) / 2);
  parts.push(`<text class="middle" transform="translate(18 ${height}) rotate(-90)">${escaped(chart.yLabel)}</text>`);
  if (chart.threshold !== undefined) {
    const at = top(chart.threshold.y);
    parts.push(`<path class="threshold" d="M${MARGIN.left} ${fixed(at)}H${right}"/>`);
    parts.push(
      `<text class="note end" x="${right - 8}" y="${fixed(at + 17)}">${escaped(chart.threshold.label)}</text>`,
    );
  }
  for (const [index, { points }] of chart.series.entries()) {
    if (points.length > 0) parts.push(`<path class="line c${index % COLORS}" d="${pathOf(points, left, top)}"/>`);
  }
  if (chart.series.length > 1) parts.push(...legend(chart, right));
  return svgPage(
    {
      width: WIDTH,
      height: HEIGHT,
      title: chart.title,
      titleX: MARGIN.left,
      description: description(chart, x),
      style: style(chart.series.length),
    },
    parts,
  );
}

function style(lines: number): string {
  const rules = ({ page, ink, soft, grid, mark, series }: typeof LIGHT | typeof DARK): string => {
    const colors = series.slice(0, Math.max(1, lines)).map((color, index) => `.c${index}{stroke:${color}}`);
    return `.page{fill:${page}}text{fill:${soft}}.head{fill:${ink}}.grid{stroke:${grid}}.axis{stroke:${soft}}.threshold{stroke:${mark}}.note{fill:${mark}}${colors.join("")}`;
  };
  return [
    "text{font:13px system-ui,sans-serif}.head{font-size:17px;font-weight:600}.middle{text-anchor:middle}.end{text-anchor:end}",
    "path{fill:none}.line{stroke-width:2;stroke-linejoin:round}.threshold{stroke-dasharray:6 4}",
    rules(LIGHT),
    `@media(prefers-color-scheme:dark){${rules(DARK)}}`,
  ].join("");
}

function legend(chart: Chart, right: number): string[] {
  return chart.series.flatMap(({ label }, index) => {
    const y = HEIGHT - MARGIN.bottom - 14 - 18 * (chart.series.length - 1 - index);
    return [
      `<path class="line c${index % COLORS}" d="M${right - 34} ${y}h22"/>`,
      `<text class="end" x="${right - 42}" y="${y}" dy="0.35em">${escaped(label)}</text>`,
    ];
  });
}

function pathOf(points: readonly Point[], left: (x: number) => number, top: (y: number) => number): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${fixed(left(x))} ${fixed(top(y))}`).join("");
}

function description(chart: Chart, x: Axis): string {
  const ends = chart.series.map(({ label, points }) => {
    const last = points.at(-1);
    return last === undefined ? `${label} has no points` : `${label} ends at ${shortNumber(last.y)}`;
  });
  return `${chart.yLabel} over ${shortNumber(x.to)} ${chart.xLabel}: ${ends.join("; ")}.`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
