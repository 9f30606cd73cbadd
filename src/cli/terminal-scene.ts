// A scene in a terminal: in quarters of characters where there are colours, in dots of braille where there are none.

import type { Scene } from "../envs/scene.ts";
import { checkScene } from "../render/geometry.ts";
import { BrailleCanvas } from "./braille.ts";
import { type Color, distance, selectionOf } from "./colors.ts";
import { type Raster, rasterOf } from "./raster.ts";
import { printable } from "./text.ts";

/** By the quarters that are filled: upper left 1, upper right 2, lower left 4, lower right 8. */
const QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";
/** A character is so many times as high as it is wide. */
const TALLNESS = 2;
/** The squared distance from which on a colour is told from what is behind it. */
const TOLD_APART = 1500;

/**
 * The lines of a picture, as many as it takes: at most `height`, of `width` characters.
 * @param depth bits of a colour: 24, 8, or fewer for none
 */
export function terminalScene(scene: Scene, width: number, height: number, depth: number): string[] {
  checkScene("render", scene);
  const { left, bottom, right, top } = scene.view;
  const rows = Math.max(1, Math.min(height, Math.ceil((width * (top - bottom)) / (right - left) / TALLNESS)));
  const inColor = depth >= 8;
  const raster = rasterOf(scene, width, TALLNESS * rows, 2 * width, (inColor ? 2 : 4) * rows);
  const letters = lettersOf(raster, width, rows);
  return inColor ? colored(raster, letters, depth) : dotted(raster, letters);
}

interface Letter {
  readonly character: string;
  readonly color: Color;
}

/** What is written, by the number of the character. */
function lettersOf({ labels }: Raster, width: number, rows: number): ReadonlyMap<number, Letter> {
  const letters = new Map<number, Letter>();
  for (const { at, text, color } of labels) {
    const characters = [...printable(text)];
    const row = Math.floor(at[1] * rows);
    const start = Math.round(at[0] * width - characters.length / 2);
    for (const [index, character] of characters.entries()) {
      const column = start + index;
      if (row < 0 || row >= rows || column < 0 || column >= width || character === " ") continue;
      letters.set(row * width + column, { character, color });
    }
  }
  return letters;
}

function colored({ columns, rows, colors }: Raster, letters: ReadonlyMap<number, Letter>, depth: number): string[] {
  const width = columns / 2;
  return Array.from({ length: rows / 2 }, (_, row) => {
    let line = "";
    let selected = "0";
    for (let column = 0; column < width; column++) {
      const first = 2 * row * columns + 2 * column;
      const quarters = [first, first + 1, first + columns, first + columns + 1].map((index) => colors[index]);
      const letter = letters.get(row * width + column);
      const cell = letter === undefined ? cellOf(quarters) : { ...letter, behind: quarters[0] };
      const own = cell.color === undefined || cell.character === " " ? "" : selectionOf(cell.color, false, depth);
      const behind = cell.behind === undefined ? "" : selectionOf(cell.behind, true, depth);
      const selection = `0${own}${behind}`;
      line += selection === selected ? cell.character : `\x1b[${selection}m${cell.character}`;
      selected = selection;
    }
    return selected === "0" ? line : `${line}\x1b[0m`;
  });
}

interface Cell {
  readonly character: string;
  readonly color: Color | undefined;
  readonly behind: Color | undefined;
}

/** A character has two colours: those of its quarters that are farthest apart from the first of them. */
function cellOf(quarters: readonly (Color | undefined)[]): Cell {
  const apart = (a: Color | undefined, b: Color | undefined): number => {
    if (a === undefined || b === undefined) return a === b ? 0 : Number.POSITIVE_INFINITY;
    return distance(a, b);
  };
  const [behind] = quarters;
  if (quarters.every((quarter) => quarter === behind)) return { character: " ", color: undefined, behind };
  const color = quarters.reduce((best, other) => (apart(other, behind) > apart(best, behind) ? other : best), behind);
  const bits = quarters.reduce(
    (bits, quarter, index) => (apart(quarter, color) < apart(quarter, behind) ? bits | (1 << index) : bits),
    0,
  );
  // What shows nothing is behind, as letters always have a colour.
  if (bits !== 0 && color === undefined)
    return { character: QUARTERS[15 - bits] as string, color: behind, behind: color };
  return { character: QUARTERS[bits] as string, color, behind };
}

/** A dot wherever it is not what is seen most. */
function dotted({ columns, rows, colors }: Raster, letters: ReadonlyMap<number, Letter>): string[] {
  const counts = new Map<string, { readonly color: Color; count: number }>();
  for (const color of colors) {
    if (color === undefined) continue;
    const entry = counts.get(String(color)) ?? { color, count: 0 };
    counts.set(String(color), entry);
    entry.count++;
  }
  const [ground] = [...counts.values()].sort((a, b) => b.count - a.count);
  const canvas = new BrailleCanvas(columns / 2, rows / 4);
  for (const [index, color] of colors.entries())
    if (color !== undefined && ground !== undefined && distance(color, ground.color) > TOLD_APART)
      canvas.dot(index % columns, Math.floor(index / columns));
  return canvas.lines.map((line, row) =>
    [...line].map((character, column) => letters.get((row * columns) / 2 + column)?.character ?? character).join(""),
  );
}
