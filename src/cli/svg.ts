// What the SVG pictures of this repository share: a page that reads well in light and in dark surroundings, its
// colours, its text.

/**
 * The colours of a page in light and in dark surroundings: what it shows is written in ink, what explains it in soft,
 * and what to look for is marked. Series are told apart also by people who see few colours (Okabe and Ito, 2008).
 */
export const LIGHT = {
  ...{ page: "#ffffff", ink: "#1f2328", soft: "#59636e", grid: "#e4e8ec", mark: "#9a6700" },
  series: ["#0072b2", "#d55e00", "#009e73", "#a8578b", "#8a6d00", "#4b4b4b"],
} as const;
export const DARK = {
  ...{ page: "#0d1117", ink: "#e6edf3", soft: "#9da7b3", grid: "#252c36", mark: "#d29922" },
  series: ["#56b4e9", "#ff9d5c", "#3ddbb0", "#e59ac9", "#f0e442", "#c8c8c8"],
} as const;

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Where the title begins. */
  readonly titleX: number;
  /** What the picture says, for those who do not see it. */
  readonly description: string;
  readonly style: string;
}

/** The text of an SVG file: these elements on a page with a title. */
export function svgPage(
  { width, height, title, titleX, description, style }: Page,
  elements: readonly string[],
): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="8"/>`,
    `<text class="head" x="${titleX}" y="30">${escaped(title)}</text>`,
    ...elements,
    "</svg>\n",
  ].join("\n");
}

/** A text as it has to be written inside XML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
