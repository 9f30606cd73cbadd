// What the boards of this family are drawn with: squares of one unit, the uppermost row first.

import type { Circle, Line, Point, Polygon, Text } from "../scene.ts";

/** The middle of a square. */
export function middleOf(row: number, column: number, rows: number): Point {
  return [column + 0.5, rows - row - 0.5];
}

/** A square around `at`, narrower than its unit so that there are lines between. */
export function square(at: Point, fill: string, side = 0.96): Polygon {
  return rectangle(at, side, side, fill);
}

/** A rectangle around `at`. */
export function rectangle(at: Point, width: number, height: number, fill: string): Polygon {
  const [x, y] = [width / 2, height / 2];
  return {
    ...{ kind: "polygon", at, fill },
    points: [
      [-x, -y],
      [x, -y],
      [x, y],
      [-x, y],
    ],
  };
}

/** A disc around `at`. */
export function disc(at: Point, radius: number, fill: string): Circle {
  return { kind: "circle", at, radius, fill };
}

/** A word in the middle of a square. */
export function word(at: Point, text: string, size = 0.5, color = "#333333"): Text {
  return { kind: "text", at, text, size, color };
}

/** A straight line. */
export function stroke(from: Point, to: Point, width: number, color: string): Line {
  return { kind: "line", points: [from, to], width, color };
}

/** Somebody who walks. */
export function walker(at: Point): (Circle | Polygon)[] {
  return [
    disc(at, 0.3, "#d62728"),
    disc([at[0] - 0.1, at[1] + 0.08], 0.05, "#ffffff"),
    disc([at[0] + 0.1, at[1] + 0.08], 0.05, "#ffffff"),
  ];
}
