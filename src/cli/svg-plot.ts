// Charts as SVG files that read well on a light page and on a dark one.

import { type Axis, axesOf, type Chart, type Point, shortNumber } from "./chart.ts";

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { left: 72, right: 24, top: 52, bottom: 56 } as const;
/** Of lines, told apart also by people who see few colours (Okabe and Ito, 2008), on light and on dark. */
const COLORS = [
  ["#0072b2", "#56b4e9"],
  ["#d55e00", "#ff9d5c"],
  ["#009e73", "#3ddbb0"],
  ["#a8578b", "#e59ac9"],
  ["#8a6d00", "#f0e442"],
  ["#4b4b4b", "#c8c8c8"],
] as const;

/** The chart as the text of an SVG file. */
export function svgPlot(chart: Chart): string {
  const { x, y } = axesOf(chart, 6, 6);
  const left = (value: number): number =>
    MARGIN.left + ((value - x.from) / (x.to - x.from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const top = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - y.from) / (y.to - y.from)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const middle = (MARGIN.left + right) / 2;

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(chart.title)}</title>`,
    `<desc id="desc">${escaped(description(chart, x))}</desc>`,
    `<style>${style(chart.series.length)}</style>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    `<text class="head" x="${MARGIN.left}" y="30">${escaped(chart.title)}</text>`,
  ];
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
    if (points.length > 0)
      parts.push(`<path class="line c${index % COLORS.length}" d="${pathOf(points, left, top)}"/>`);
  }
  if (chart.series.length > 1) parts.push(...legend(chart, right));
  parts.push("</svg>");
  return `${parts.join("\n")}\n`;
}

function style(lines: number): string {
  const rules = (dark: boolean): string => {
    const [page, ink, soft, grid, mark] = dark
      ? ["#0d1117", "#e6edf3", "#9da7b3", "#252c36", "#d29922"]
      : ["#ffffff", "#1f2328", "#59636e", "#e4e8ec", "#9a6700"];
    const colors = COLORS.slice(0, Math.max(1, lines)).map((pair, index) => `.c${index}{stroke:${pair[dark ? 1 : 0]}}`);
    return `.page{fill:${page}}text{fill:${soft}}.head{fill:${ink}}.grid{stroke:${grid}}.axis{stroke:${soft}}.threshold{stroke:${mark}}.note{fill:${mark}}${colors.join("")}`;
  };
  return [
    "text{font:13px system-ui,sans-serif}.head{font-size:17px;font-weight:600}.middle{text-anchor:middle}.end{text-anchor:end}",
    "path{fill:none}.line{stroke-width:2;stroke-linejoin:round}.threshold{stroke-dasharray:6 4}",
    rules(false),
    `@media(prefers-color-scheme:dark){${rules(true)}}`,
  ].join("");
}

function legend(chart: Chart, right: number): string[] {
  return chart.series.flatMap(({ label }, index) => {
    const y = HEIGHT - MARGIN.bottom - 14 - 18 * (chart.series.length - 1 - index);
    return [
      `<path class="line c${index % COLORS.length}" d="M${right - 34} ${y}h22"/>`,
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

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
