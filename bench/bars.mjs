// @ts-check
// Bar charts as SVG files that read well on a light page and on a dark one.

const WIDTH = 760;
const LABELS = 262;
/** For the values, in a column of their own at the right. */
const VALUES = 100;
const BAR = 18;
const GAP = 5;
const GROUP_GAP = 20;
const TOP = 58;

/**
 * @typedef {{ label: string, value: number, own?: boolean }} Bar own: what the chart is about, drawn in full colour
 * @typedef {{ title?: string, bars: readonly Bar[] }} Group
 * @typedef {{ title: string, unit: string, groups: readonly Group[], limit?: { value: number, label: string } }} BarChart
 */

/** @param {BarChart} chart @param {(value: number) => string} format */
export function barsSvg({ title, unit, groups, limit }, format) {
  const most = Math.max(limit?.value ?? 0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const length = (/** @type {number} */ value) => Number(((value / most) * (WIDTH - LABELS - VALUES)).toFixed(1));
  const parts = [];
  let y = TOP;
  for (const { title: heading, bars } of groups) {
    if (heading !== undefined) {
      parts.push(`<text class="group" x="16" y="${y + 13}">${escaped(heading)}</text>`);
      y += BAR + GAP;
    }
    for (const { label, value, own } of bars) {
      const middle = y + BAR / 2;
      parts.push(`<text class="end" x="${LABELS - 10}" y="${middle}" dy="0.35em">${escaped(label)}</text>`);
      parts.push(
        `<rect class="${own ? "own" : "peer"}" x="${LABELS}" y="${y}" width="${length(value)}" height="${BAR}" rx="2"/>`,
      );
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
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(`In ${unit}. ${all.join("; ")}.`)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>`,
    `<text class="head" x="16" y="30">${escaped(title)}</text>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

const STYLE = [
  "text{font:13px system-ui,sans-serif;fill:#59636e}.head{font-size:17px;font-weight:600;fill:#1f2328}.group{font-weight:600;fill:#1f2328}",
  ".end{text-anchor:end}.page{fill:#ffffff}.own{fill:#0072b2}.peer{fill:#b8c2cc}.limit{stroke:#9a6700;stroke-dasharray:6 4;fill:none}.note{fill:#9a6700}",
  "@media(prefers-color-scheme:dark){text{fill:#9da7b3}.head,.group{fill:#e6edf3}.page{fill:#0d1117}.own{fill:#56b4e9}.peer{fill:#4a5562}",
  ".limit{stroke:#d29922}.note{fill:#d29922}}",
].join("");

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
