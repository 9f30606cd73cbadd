// A scene on the canvas of a page.

import type { Scene } from "../envs/scene.ts";
import { checkScene, type Figure, figureOf, rowsOf, runsOf, viewportOf } from "./geometry.ts";
import { BASELINE, FONT } from "./text.ts";

/** What is used of a CanvasRenderingContext2D, or of one that is off the screen. */
export interface DrawingContext {
  /** As CSS has it. */
  fillStyle: unknown;
  /** As CSS has it. */
  strokeStyle: unknown;
  /** In pixels. */
  lineWidth: number;
  /** How lines end. */
  lineCap: string;
  /** How they bend. */
  lineJoin: string;
  /** As CSS has it. */
  font: string;
  /** What of a text is at its place. */
  textAlign: string;
  /** Keeps what follows changes of. */
  save(): void;
  /** Takes back what changed since. */
  restore(): void;
  /** Moves the origin. */
  translate(x: number, y: number): void;
  /** Turns clockwise. */
  rotate(angle: number): void;
  /** Begins a path. */
  beginPath(): void;
  /** Begins a line. */
  moveTo(x: number, y: number): void;
  /** Goes on with it. */
  lineTo(x: number, y: number): void;
  /** Goes back to where it began. */
  closePath(): void;
  /** Adds a part of a circle. */
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  /** Adds a rectangle. */
  rect(x: number, y: number, width: number, height: number): void;
  /** Draws nothing but within the path from here on. */
  clip(): void;
  /** Fills the path. */
  fill(): void;
  /** Draws the path as a line. */
  stroke(): void;
  /** Fills a rectangle. */
  fillRect(x: number, y: number, width: number, height: number): void;
  /** Writes. */
  fillText(text: string, x: number, y: number): void;
}

/**
 * Draws a scene over all of a canvas: as large as it can be seen whole, in the middle, with its background around it.
 * The context is left as it was.
 *
 * ```ts
 * const canvas = document.querySelector("canvas")!;
 * const env = new CartPole(engine);
 * env.reset();
 * drawScene(canvas.getContext("2d")!, env.render(), canvas);
 * ```
 * @param size in the units of the context, as its canvas has them unless it was scaled
 * @throws ConfigurationError for what is no scene, as one with a number that is not finite
 */
export function drawScene(
  context: DrawingContext,
  scene: Scene,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  checkScene("drawScene", scene);
  const viewport = viewportOf(scene.view, width, height);
  context.save();
  context.fillStyle = scene.background ?? "white";
  context.fillRect(0, 0, width, height);
  context.beginPath();
  context.rect(...viewport.window);
  context.clip();
  for (const shape of scene.shapes) {
    const figure = figureOf(shape, viewport);
    context.save();
    context.translate(...figure.at);
    context.rotate(figure.angle);
    draw(context, figure);
    context.restore();
  }
  context.restore();
}

function draw(context: DrawingContext, figure: Figure): void {
  if (figure.kind === "image") drawImage(context, figure);
  else if (figure.kind === "text") {
    Object.assign(context, { fillStyle: figure.color, font: `${figure.size}px ${FONT}`, textAlign: "center" });
    context.fillText(figure.text, 0, BASELINE * figure.size);
  } else if (figure.kind === "line") {
    Object.assign(context, { strokeStyle: figure.color, lineWidth: figure.width, lineCap: "round", lineJoin: "round" });
    trace(context, figure.points);
    context.stroke();
  } else {
    context.fillStyle = figure.fill;
    if (figure.kind === "polygon") trace(context, figure.points);
    else {
      context.beginPath();
      context.arc(0, 0, figure.radius, 0, 2 * Math.PI);
    }
    context.closePath();
    context.fill();
  }
}

function trace(context: DrawingContext, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [index, point] of points.entries())
    if (index === 0) context.moveTo(...point);
    else context.lineTo(...point);
}

/** Edges lie between pixels of the canvas, or lines of the background would be seen between those of the image. */
function drawImage(context: DrawingContext, image: Figure & { readonly kind: "image" }): void {
  const { width, height, columns, at } = image;
  const rows = rowsOf(image);
  const edge = (from: number, value: number) => Math.round(from + value) - from;
  for (const { row, column, length, color } of runsOf(image)) {
    const left = edge(at[0], (column / columns) * width);
    const right = edge(at[0], ((column + length) / columns) * width);
    const top = edge(at[1], (row / rows - 1) * height);
    const bottom = edge(at[1], ((row + 1) / rows - 1) * height);
    context.fillStyle = color;
    context.fillRect(left, top, right - left, bottom - top);
  }
}
