// Where the shapes of a scene lie in a picture, and which scenes are none. Whatever draws takes its numbers from here.

import { ConfigurationError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { sceneViolation } from "../envs/conformance/scene-violation.ts";
import type { Image, Point, Scene, SceneShape } from "../envs/scene.ts";

/** How a part of the world fills a picture: as large as it can be seen whole, in the middle. */
export interface Viewport {
  /** Pixels of a unit of the world. */
  readonly scale: number;
  /** Where the origin of the world is, in pixels from the upper left corner, y downwards. */
  readonly origin: Point;
  /** What is seen, in pixels: its upper left corner, width and height. */
  readonly window: readonly [left: number, top: number, width: number, height: number];
}

/** How a view fills a picture of so many pixels. */
export function viewportOf({ left, bottom, right, top }: Scene["view"], width: number, height: number): Viewport {
  const [across, upwards] = [right - left, top - bottom];
  const scale = Math.min(width / across, height / upwards);
  const [x, y] = [(width - scale * across) / 2, (height - scale * upwards) / 2];
  return { scale, origin: [x - left * scale, y + top * scale], window: [x, y, scale * across, scale * upwards] };
}

/** The height of a picture of a view that is so wide. */
export function heightOf({ left, bottom, right, top }: Scene["view"], width: number): number {
  return (width * (top - bottom)) / (right - left);
}

/** The shape in pixels: y is downwards and `angle` clockwise, and both `at` and `angle` are there. */
export type Figure = SceneShape & Required<Pick<SceneShape, "at" | "angle">>;

/** Where a shape lies in a picture. */
export function figureOf(shape: SceneShape, { scale, origin }: Viewport): Figure {
  const [x, y] = shape.at ?? [0, 0];
  const at = [origin[0] + x * scale, origin[1] - y * scale] as const;
  const placed = { at, angle: -(shape.angle ?? 0) };
  const scaled = (points: readonly Point[]) => points.map(([x, y]) => [x * scale, -y * scale] as const);
  switch (shape.kind) {
    case "line":
      return { ...shape, ...placed, points: scaled(shape.points), width: shape.width * scale };
    case "polygon":
      return { ...shape, ...placed, points: scaled(shape.points) };
    case "circle":
      return { ...shape, ...placed, radius: shape.radius * scale };
    case "text":
      return { ...shape, ...placed, size: shape.size * scale };
    case "image":
      return { ...shape, ...placed, width: shape.width * scale, height: shape.height * scale };
  }
}

/** Pixels of an image that are beside each other and alike. */
export interface Run {
  /** Counted from the uppermost. */
  readonly row: number;
  /** Counted from the left. */
  readonly column: number;
  /** How many they are. */
  readonly length: number;
  /** As CSS has it: "#1f77b4". */
  readonly color: string;
}

/** All that an image is made of, row by row. */
export function runsOf({ columns, pixels }: Image): Run[] {
  const runs: Run[] = [];
  const codeAt = (pixel: number) =>
    ((pixels[3 * pixel] as number) << 16) |
    ((pixels[3 * pixel + 1] as number) << 8) |
    (pixels[3 * pixel + 2] as number);
  for (let start = 0; start < pixels.length / 3; ) {
    const code = codeAt(start);
    const row = Math.floor(start / columns);
    let end = start + 1;
    while (end < (row + 1) * columns && codeAt(end) === code) end++;
    const color = `#${code.toString(16).padStart(6, "0")}`;
    runs.push({ row, column: start - row * columns, length: end - start, color });
    start = end;
  }
  return runs;
}

/** How many rows an image has. */
export function rowsOf({ columns, pixels }: Image): number {
  return pixels.length / (3 * columns);
}

/**
 * @param owner what takes the scene, for the error
 * @throws ConfigurationError for what is no scene, as one with a number that is not finite
 */
export function checkScene(owner: string, scene: unknown): void {
  const violation = sceneViolation(scene);
  if (violation === undefined) return;
  const { at, value, expected } = violation;
  throw new ConfigurationError(`${owner}: scene${at} is ${shown(value)}; it has to be ${expected}`);
}
