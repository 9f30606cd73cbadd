// Charts as SVG files that read well on a light page and on a dark one.

import { type Axis, axesOf, type Chart, type Interval, type Point, shortNumber, type Threshold } from "./chart.ts";
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
  for (const [index, { band = [] }] of chart.series.entries()) {
    if (band.length > 0) parts.push(`<path class="band f${index % COLORS}" d="${outlineOf(band, left, top)}"/>`);
  }
  for (const points of chart.faint?.lines ?? []) {
    if (points.length > 0) parts.push(`<path class="faint" d="${pathOf(points, left, top)}"/>`);
  }
  for (const [index, { points }] of chart.series.entries()) {
    if (points.length > 0) parts.push(`<path class="line c${index % COLORS}" d="${pathOf(points, left, top)}"/>`);
  }
  parts.push(...thresholds(chart.thresholds ?? [], top, right), ...legend(chart, right));
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
    const colors = series
      .slice(0, Math.max(1, lines))
      .map((color, i) => `.c${i}{stroke:${color}}.f${i}{fill:${color}}`);
    return `.page{fill:${page}}text{fill:${soft}}.head{fill:${ink}}.grid{stroke:${grid}}.axis,.faint{stroke:${soft}}.threshold{stroke:${mark}}.note{fill:${mark};stroke:${page}}${colors.join("")}`;
  };
  return [
    "text{font:13px system-ui,sans-serif}.head{font-size:17px;font-weight:600}.middle{text-anchor:middle}.end{text-anchor:end}",
    "path{fill:none}.line{stroke-width:2;stroke-linejoin:round}.threshold{stroke-dasharray:6 4}.note{stroke-width:3;stroke-opacity:.7;paint-order:stroke}",
    ".band{fill-opacity:.2}.faint{stroke-opacity:.65;stroke-linejoin:round}",
    rules(LIGHT),
    `@media(prefers-color-scheme:dark){${rules(DARK)}}`,
  ].join("");
}

/** Their labels stand at the left, where curves have not risen yet: above the line, or below it where one is there. */
function thresholds(lines: readonly Threshold[], top: (y: number) => number, right: number): string[] {
  let free = Number.NEGATIVE_INFINITY;
  return [...lines]
    .sort((a, b) => b.y - a.y)
    .flatMap(({ y, label }) => {
      const at = top(y);
      const place = at - 6 >= free ? at - 6 : Math.max(at + 15, free);
      free = place + 16;
      return [
        `<path class="threshold" d="M${MARGIN.left} ${fixed(at)}H${right}"/>`,
        `<text class="note" x="${MARGIN.left + 8}" y="${fixed(place)}">${escaped(label)}</text>`,
      ];
    });
}

/** Where there is more than one kind of line. */
function legend({ series, faint }: Chart, right: number): string[] {
  const entries = series.map(({ label }, index) => ({ label, kind: `line c${index % COLORS}` }));
  if (faint !== undefined) entries.push({ label: faint.label, kind: "faint" });
  if (entries.length === 1) return [];
  return entries.flatMap(({ label, kind }, index) => {
    const y = HEIGHT - MARGIN.bottom - 14 - 18 * (entries.length - 1 - index);
    return [
      `<path class="${kind}" d="M${right - 34} ${y}h22"/>`,
      `<text class="end" x="${right - 42}" y="${y}" dy="0.35em">${escaped(label)}</text>`,
    ];
  });
}

function pathOf(points: readonly Point[], left: (x: number) => number, top: (y: number) => number): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${fixed(left(x))} ${fixed(top(y))}`).join("");
}

/** Around all that lies between the ends of intervals: out along the upper ones, and back. */
function outlineOf(band: readonly Interval[], left: (x: number) => number, top: (y: number) => number): string {
  const upper = band.map(({ x, high }) => ({ x, y: high }));
  const lower = band.map(({ x, low }) => ({ x, y: low })).reverse();
  return `${pathOf([...upper, ...lower], left, top)}Z`;
}

function description(chart: Chart, x: Axis): string {
  const ends = chart.series.map(({ label, points, band }) => {
    const [last, around] = [points.at(-1), band?.at(-1)];
    if (last === undefined) return `${label} has no points`;
    const from = around === undefined ? "" : ` (${shortNumber(around.low)} to ${shortNumber(around.high)})`;
    return `${label} ends at ${shortNumber(last.y)}${from}`;
  });
  return `${chart.yLabel} over ${shortNumber(x.to)} ${chart.xLabel}: ${ends.join("; ")}.`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
