// Colours as a terminal has them.

/** Red, green and blue, each from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

const NAMES: Readonly<Record<string, Color>> = { white: [255, 255, 255], black: [0, 0, 0] };
/** What is a colour to a browser and none that is known here is seen, whatever is behind it. */
const OTHER: Color = [128, 128, 128];

/** A colour of CSS, written in hexadecimal or as rgb(). */
export function colorOf(css: string): Color {
  const [, hex] = /^#([0-9a-f]{3,4}|[0-9a-f]{6}(?:[0-9a-f]{2})?)$/i.exec(css) ?? [];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? 1 : 2;
    const part = (index: number) => {
      const text = hex.slice(index * digits, (index + 1) * digits);
      return Number.parseInt(text.padEnd(2, text), 16);
    };
    return [part(0), part(1), part(2)];
  }
  const [, ...parts] = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(css) ?? [];
  if (parts.length === 3) return parts.map(Number) as unknown as Color;
  return NAMES[css] ?? OTHER;
}

/** The squared distance of two colours. */
export function distance(a: Color, b: Color): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}

/** What selects a colour of the letters, or of what is behind them, after others. @param depth 24 bits, or 8 */
export function selectionOf(color: Color, isBehind: boolean, depth: number): string {
  const [red, green, blue] = color;
  return `;${isBehind ? 48 : 38};${depth >= 24 ? `2;${red};${green};${blue}` : `5;${indexOf(color)}`}`;
}

/** The levels of red, green and blue among the 256 colours of xterm. */
const LEVELS = [0, 95, 135, 175, 215, 255];

/** The nearest of the 216 colours of xterm's cube and its 24 greys. */
function indexOf(color: Color): number {
  const nearest = (value: number) =>
    LEVELS.reduce(
      (best, level, index) => (Math.abs(level - value) < Math.abs((LEVELS[best] as number) - value) ? index : best),
      0,
    );
  const [red, green, blue] = [nearest(color[0]), nearest(color[1]), nearest(color[2])];
  const inCube: Color = [LEVELS[red] as number, LEVELS[green] as number, LEVELS[blue] as number];
  const step = Math.max(0, Math.min(23, Math.round(((color[0] + color[1] + color[2]) / 3 - 8) / 10)));
  const grey = 8 + 10 * step;
  const isGrey = distance(color, [grey, grey, grey]) < distance(color, inCube);
  return isGrey ? 232 + step : 16 + 36 * red + 6 * green + blue;
}
