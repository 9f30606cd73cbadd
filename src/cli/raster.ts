// A scene as a grid of colours, each of them that of one place.

import type { Scene } from "../envs/scene.ts";
import { type Figure, figureOf, rowsOf, type Viewport, viewportOf } from "../render/geometry.ts";
import { type Color, colorOf } from "./colors.ts";

/** A word in the picture: its middle, in shares of the width and the height. */
interface Label {
  readonly at: readonly [x: number, y: number];
  readonly text: string;
  readonly color: Color;
}

export interface Raster {
  readonly columns: number;
  readonly rows: number;
  /** [rows, columns]: undefined beside what is seen. */
  readonly colors: (Color | undefined)[];
  readonly labels: readonly Label[];
}

/**
 * @param width of the whole, in the unit of `height`
 * @param columns places from left to right
 * @param rows places from top to bottom
 */
export function rasterOf(scene: Scene, width: number, height: number, columns: number, rows: number): Raster {
  const viewport = viewportOf(scene.view, width, height);
  const grid = new Grid(viewport, width / columns, height / rows, columns, rows);
  grid.fill(colorOf(scene.background ?? "white"));
  const labels: Label[] = [];
  for (const shape of scene.shapes) {
    const figure = figureOf(shape, viewport);
    if (figure.kind !== "text") grid.draw(figure);
    else {
      const [x, y] = figure.at;
      labels.push({ at: [x / width, y / height], text: figure.text, color: colorOf(figure.color) });
    }
  }
  return { columns, rows, colors: grid.colors, labels };
}

/** What a place within a figure shows, by its own coordinates; undefined outside. */
type Painter = (x: number, y: number) => Color | undefined;

class Grid {
  readonly colors: (Color | undefined)[];
  readonly #window: Viewport["window"];
  readonly #across: number;
  readonly #down: number;
  readonly #columns: number;
  readonly #rows: number;

  constructor({ window }: Viewport, across: number, down: number, columns: number, rows: number) {
    this.colors = new Array(columns * rows).fill(undefined);
    this.#window = window;
    this.#across = across;
    this.#down = down;
    this.#columns = columns;
    this.#rows = rows;
  }

  fill(color: Color): void {
    const [left, top, width, height] = this.#window;
    this.#paint([0, 0], 0, [left, top, left + width, top + height], () => color);
  }

  draw(figure: Exclude<Figure, { kind: "text" }>): void {
    // What is thinner than a place would be seen here and there only.
    const least = Math.max(this.#across, this.#down) / 2;
    this.#paint(figure.at, figure.angle, extentOf(figure, least), painterOf(figure, least));
  }

  /** Asks of each place within an extent what is there. */
  #paint(at: readonly [number, number], angle: number, extent: Extent, painter: Painter): void {
    const [left, top, width, height] = this.#window;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const range = (from: number, to: number, step: number, count: number) =>
      [Math.max(0, Math.ceil(from / step - 0.5)), Math.min(count - 1, Math.floor(to / step - 0.5))] as const;
    const [x0, x1] = [Math.max(left, extent[0]), Math.min(left + width, extent[2])];
    const [y0, y1] = [Math.max(top, extent[1]), Math.min(top + height, extent[3])];
    const [firstColumn, lastColumn] = range(x0, x1, this.#across, this.#columns);
    const [firstRow, lastRow] = range(y0, y1, this.#down, this.#rows);
    for (let row = firstRow; row <= lastRow; row++)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const dx = (column + 0.5) * this.#across - at[0];
        const dy = (row + 0.5) * this.#down - at[1];
        const color = painter(cosine * dx + sine * dy, cosine * dy - sine * dx);
        if (color !== undefined) this.colors[row * this.#columns + column] = color;
      }
  }
}

/** Left, top, right and bottom. */
type Extent = readonly [number, number, number, number];

/** How far a figure goes, where it lies. @param least as far as around any place of it */
function extentOf(figure: Exclude<Figure, { kind: "text" }>, least: number): Extent {
  const [cosine, sine] = [Math.cos(figure.angle), Math.sin(figure.angle)];
  const corners = cornersOf(figure).map(([x, y]) => [cosine * x - sine * y, sine * x + cosine * y] as const);
  const around = figure.kind === "circle" ? figure.radius : figure.kind === "line" ? figure.width / 2 : 0;
  const margin = Math.max(around, least);
  const ends = (axis: 0 | 1) => {
    const values = corners.map((corner) => figure.at[axis] + corner[axis]);
    return [Math.min(...values) - margin, Math.max(...values) + margin] as const;
  };
  const [[left, right], [top, bottom]] = [ends(0), ends(1)];
  return [left, top, right, bottom];
}

function cornersOf(figure: Exclude<Figure, { kind: "text" }>): Points {
  if (figure.kind === "circle") return [[0, 0]];
  if (figure.kind !== "image") return figure.points;
  const { width, height } = figure;
  return [
    [0, 0],
    [width, 0],
    [width, -height],
    [0, -height],
  ];
}

/** @param least how far it is at least from the middle of a line to its edge */
function painterOf(figure: Exclude<Figure, { kind: "text" }>, least: number): Painter {
  switch (figure.kind) {
    case "circle": {
      const [color, radius] = [colorOf(figure.fill), Math.max(figure.radius, least)];
      return (x, y) => (Math.hypot(x, y) <= radius ? color : undefined);
    }
    case "polygon": {
      const color = colorOf(figure.fill);
      return (x, y) => (isInside(figure.points, x, y) ? color : undefined);
    }
    case "line": {
      const [color, radius] = [colorOf(figure.color), Math.max(figure.width / 2, least)];
      return (x, y) => (distanceTo(figure.points, x, y) <= radius ? color : undefined);
    }
    case "image": {
      const { width, height, columns, pixels } = figure;
      const rows = rowsOf(figure);
      return (x, y) => {
        const [column, row] = [Math.floor((x / width) * columns), Math.floor((y / height + 1) * rows)];
        if (column < 0 || column >= columns || row < 0 || row >= rows) return undefined;
        const at = 3 * (row * columns + column);
        return [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number];
      };
    }
  }
}

type Points = readonly (readonly [number, number])[];

/** Whether a line from there to the right crosses an odd number of edges. */
function isInside(points: Points, x: number, y: number): boolean {
  return points.reduce((inside, [toX, toY], index) => {
    const [fromX, fromY] = points.at(index - 1) as readonly [number, number];
    const crosses = fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX);
    return crosses ? !inside : inside;
  }, false);
}

/** How far it is to the nearest place of a line. */
function distanceTo(points: Points, x: number, y: number): number {
  return points.reduce((least, [toX, toY], index) => {
    const [fromX, fromY] = points[index - 1] ?? [toX, toY];
    const [dx, dy] = [toX - fromX, toY - fromY];
    const share = Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
    return Math.min(least, Math.hypot(x - fromX - share * dx, y - fromY - share * dy));
  }, Number.POSITIVE_INFINITY);
}
