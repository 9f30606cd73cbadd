// An image through all frames of an animation: for each colour the runs that have it, and of those only what changes.

import type { Image } from "../envs/scene.ts";
import { rowsOf, runsOf } from "./geometry.ts";
import { element } from "./svg.ts";
import { animationOf, isStill, type Motion, type Track } from "./track.ts";

/** For each colour, the path of each row. */
type Rows = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Pixels of the size 1, the middle of the first at [0.5, 0]. @param images of the same size, one of each frame */
export function movingPixels(images: readonly Image[], motion: Motion): string {
  const known = new Map<Uint8Array, Rows>();
  const frames = images.map((image) => {
    const rows = known.get(image.pixels) ?? rowsByColor(image);
    known.set(image.pixels, rows);
    return rows;
  });
  const [first] = images as [Image];
  const ground = mostCommon(first);
  const size = { width: String(first.columns), height: String(rowsOf(first)) };
  const others = new Set(frames.flatMap((rows) => [...rows.keys()]));
  others.delete(ground);
  return [
    element({ tag: "rect", attributes: { y: "-.5", ...size, fill: ground } }),
    ...[...others].map((color) => {
      const paths = frames.map((rows) => rows.get(color) ?? []);
      const [whole, rowByRow] = [inOne(paths, motion), byRows(paths, rowsOf(first), motion)];
      const content = whole.length <= rowByRow.length ? whole : rowByRow;
      return element({ tag: "g", attributes: { stroke: color }, content });
    }),
  ].join("");
}

function rowsByColor(image: Image): Rows {
  const colors = new Map<string, string[]>();
  for (const { row, column, length, color } of runsOf(image)) {
    const rows = colors.get(color) ?? [];
    colors.set(color, rows);
    rows[row] = `${rows[row] ?? ""}M${column} ${row}h${length}`;
  }
  return colors;
}

function mostCommon(image: Image): string {
  const counts = new Map<string, number>();
  for (const { color, length } of runsOf(image)) counts.set(color, (counts.get(color) ?? 0) + length);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? "";
}

type Paths = readonly (readonly (string | undefined)[])[];

/** All of a colour as one path. */
function inOne(paths: Paths, motion: Motion): string {
  return pathOf({ values: paths.map((rows) => rows.join("")), isSmooth: false }, motion);
}

/** What stays as one path, and one of each row that changes. */
function byRows(paths: Paths, count: number, motion: Motion): string {
  const tracks = Array.from({ length: count }, (_, row) => {
    return { values: paths.map((rows) => rows[row] ?? ""), isSmooth: false };
  });
  const still = tracks.filter(isStill).map(({ values }) => values[0]);
  const moving = tracks.filter((track) => !isStill(track)).map((track) => pathOf(track, motion));
  return pathOf({ values: [still.join("")], isSmooth: false }, motion) + moving.join("");
}

function pathOf(track: Track, motion: Motion): string {
  // Not every browser takes an empty path in a list.
  const values = track.values.map((value) => (value === "" ? "M0 0" : value));
  if (isStill(track)) return values[0] === "M0 0" ? "" : element({ tag: "path", attributes: { d: values[0] } });
  const content = animationOf('animate attributeName="d"', { ...track, values }, motion);
  return element({ tag: "path", attributes: { d: values[0] }, content });
}
