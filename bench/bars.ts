// Bar charts as SVG files.

import { DARK, escaped, LIGHT, svgPage } from "#cli/svg";

const WIDTH = 760;
const LABELS = 262;
/** For the values, in a column of their own at the right. */
const VALUES = 100;
const BAR = 18;
const GAP = 5;
const GROUP_GAP = 20;
const TOP = 58;

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What the chart is about, drawn in full colour. */
  readonly own: boolean;
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly groups: readonly { readonly title?: string; readonly bars: readonly Bar[] }[];
  readonly limit?: { readonly value: number; readonly label: string };
}

/** The chart as the text of an SVG file. */
export function barsSvg({ title, unit, groups, limit }: BarChart, format: (value: number) => string): string {
  const most = Math.max(limit?.value ?? 0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const length = (value: number): number => Number(((value / most) * (WIDTH - LABELS - VALUES)).toFixed(1));
  const parts: string[] = [];
  let y = TOP;
  for (const { title: heading, bars } of groups) {
    if (heading !== undefined) {
      parts.push(`<text class="group" x="16" y="${y + 13}">${escaped(heading)}</text>`);
      y += BAR + GAP;
    }
    for (const { label, value, own } of bars) {
      const middle = y + BAR / 2;
      parts.push(`<text class="end" x="${LABELS - 10}" y="${middle}" dy="0.35em">${escaped(label)}</text>`);
      const kind = own ? "own" : "peer";
      parts.push(`<rect class="${kind}" x="${LABELS}" y="${y}" width="${length(value)}" height="${BAR}" rx="2"/>`);
      parts.push(`<text class="end" x="${WIDTH - 20}" y="${middle}" dy="0.35em">${format(value)}</text>`);
      y += BAR + GAP;
    }
    y += GROUP_GAP;
  }
  const height = y - GROUP_GAP + 18 + (limit === undefined ? 0 : 22);
  if (limit !== undefined) {
    const x = LABELS + length(limit.value);
    parts.push(`<path class="limit" d="M${x} ${TOP - 6}V${height - 30}"/>`);
    parts.push(`<text class="note end" x="${x}" y="${height - 12}">${escaped(limit.label)}</text>`);
  }
  const all = groups.flatMap(({ title: heading, bars }) =>
    bars.map(({ label, value }) => `${heading === undefined ? "" : `${heading}, `}${label}: ${format(value)}`),
  );
  const description = `In ${unit}. ${all.join("; ")}.`;
  return svgPage({ width: WIDTH, height, title, titleX: 16, description, style: STYLE }, parts);
}

const STYLE = [
  `text{font:13px system-ui,sans-serif;fill:${LIGHT.soft}}`,
  `.head{font-size:17px;font-weight:600;fill:${LIGHT.ink}}.group{font-weight:600;fill:${LIGHT.ink}}`,
  `.end{text-anchor:end}.page{fill:${LIGHT.page}}.own{fill:${LIGHT.series[0]}}.peer{fill:#b8c2cc}`,
  `.limit{stroke:${LIGHT.mark};stroke-dasharray:6 4;fill:none}.note{fill:${LIGHT.mark}}`,
  "@media(prefers-color-scheme:dark){",
  `text{fill:${DARK.soft}}.head,.group{fill:${DARK.ink}}`,
  `.page{fill:${DARK.page}}.own{fill:${DARK.series[0]}}.peer{fill:#4a5562}`,
  `.limit{stroke:${DARK.mark}}.note{fill:${DARK.mark}}`,
  "}",
].join("");
