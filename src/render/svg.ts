// A scene as SVG, and what it has in common with an animation: elements by their attributes.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import type { Point, Scene } from "../envs/scene.ts";
import { checkScene, type Figure, figureOf, heightOf, rowsOf, runsOf, viewportOf } from "./geometry.ts";
import { BASELINE, escaped, FONT } from "./text.ts";

/** What pictures are made with. */
export interface PictureOptions {
  /** In pixels: 600 unless given. The height follows from what is seen. */
  readonly width?: number;
  /** What it is, for those who do not see it. */
  readonly title?: string;
}

/**
 * The text of an SVG file that shows a scene.
 *
 * ```ts
 * const env = new CartPole(engine);
 * env.reset();
 * document.body.innerHTML = sceneSVG(env.render(), { width: 400 });
 * ```
 * @throws ConfigurationError for what is no scene, and for an option that is unknown or out of range
 */
export function sceneSVG(scene: Scene, options: PictureOptions = {}): string {
  checkNames("sceneSVG", options, ["width", "title"]);
  checkScene("sceneSVG", scene);
  const { width = 600, title } = options;
  checkWidth("sceneSVG", width);
  const height = heightOf(scene.view, width);
  const viewport = viewportOf(scene.view, width, height);
  const elements = scene.shapes.map((shape) => {
    const figure = figureOf(shape, viewport);
    if (figure.kind === "image")
      return element({ tag: "g", attributes: { transform: placeOf(figure), ...GRID }, content: pixelsOf(figure) });
    const { tag, attributes, content = "" } = partOf(figure, 2);
    return element({ tag, attributes: { transform: placeOf(figure), ...attributes }, content });
  });
  const background = element({ tag: "rect", attributes: { ...sizeOf(width, height), fill: backgroundOf(scene) } });
  return svgOf(width, height, title, [background, ...elements]);
}

/** @throws ConfigurationError for what no picture can be */
export function checkWidth(owner: string, width: unknown): void {
  if (!(Number.isFinite(width) && (width as number) > 0))
    throw new ConfigurationError(`${owner}: width: ${shown(width)} is not a number above 0`);
}

/** What is seen where no shape is. */
export const backgroundOf = ({ background = "#fff" }: Scene): string => background;

/** The width and the height of the whole. */
export const sizeOf = (width: number, height: number) => ({ width: fixed(width, 2), height: fixed(height, 2) });

/** The text of a file with these elements. */
export function svgOf(width: number, height: number, title: string | undefined, elements: readonly string[]): string {
  const size = sizeOf(width, height);
  const [root, group] = [
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: "img" },
    { "stroke-linecap": "round", "stroke-linejoin": "round", "text-anchor": "middle", "font-family": FONT },
  ];
  const content = element({ tag: "g", attributes: group, content: `\n${elements.join("\n")}\n` });
  const named = title === undefined ? "" : `\n<title>${escaped(title)}</title>`;
  return `${element({ tag: "svg", attributes: root, content: `${named}\n${content}\n` })}\n`;
}

/** An element of a file. */
export interface Part {
  /** What it is. */
  readonly tag: string;
  /** Without that which is undefined. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** XML. */
  readonly content?: string;
}

/** The XML of an element. */
export function element({ tag, attributes, content }: Part): string {
  const named = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = `<${tag}${named.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("")}`;
  return content ? `${start}>${content}</${tag}>` : `${start}/>`;
}

/** What a figure that is no image is drawn by, in its place. @param decimals of its pixels */
export function partOf(figure: Exclude<Figure, { kind: "image" }>, decimals: number): Part {
  const number = (value: number) => fixed(value, decimals);
  switch (figure.kind) {
    case "line": {
      const { color: stroke, points, width } = figure;
      const d = pathOf(points, decimals);
      return { tag: "path", attributes: { d, fill: "none", stroke, "stroke-width": number(width) } };
    }
    case "polygon":
      return { tag: "path", attributes: { d: `${pathOf(figure.points, decimals)}Z`, fill: figure.fill } };
    case "circle":
      return { tag: "circle", attributes: { r: number(figure.radius), fill: figure.fill } };
    case "text": {
      const { size, color: fill, text } = figure;
      const [x, y] = ["0", number(BASELINE * size)];
      return { tag: "text", attributes: { x, y, "font-size": number(size), fill }, content: escaped(text) };
    }
  }
}

/** Where a figure lies, and how it is turned. */
function placeOf(figure: Figure): string {
  const [x, y] = figure.at;
  const degrees = fixed((figure.angle * 180) / Math.PI, 2);
  const turn = degrees === "0" ? "" : ` rotate(${degrees})`;
  return `translate(${fixed(x, 2)} ${fixed(y, 2)})${turn}${gridOf(figure)}`;
}

/**
 * What makes a unit of a pixel of an image, and the origin the middle of the left edge of its uppermost row; nothing
 * for any other figure.
 */
export function gridOf(figure: Figure): string {
  if (figure.kind !== "image") return "";
  const [across, down] = [figure.width / figure.columns, figure.height / rowsOf(figure)];
  const top = fixed(down / 2 - figure.height, 2);
  return ` translate(0 ${top}) scale(${fixed(across, 4)} ${fixed(down, 4)})`;
}

/** Pixels have no soft edges, or there would be seams between them. */
export const GRID = { "shape-rendering": "crispEdges", "stroke-linecap": "butt" } as const;

/** The pixels of an image: a path of each colour, in which a line is a run. */
function pixelsOf(image: Figure & { readonly kind: "image" }): string {
  const paths = new Map<string, string>();
  for (const { row, column, length, color } of runsOf(image))
    paths.set(color, `${paths.get(color) ?? ""}M${column} ${row}h${length}`);
  return [...paths].map(([stroke, d]) => element({ tag: "path", attributes: { stroke, d } })).join("");
}

/** A path through points, in pixels. */
function pathOf(points: readonly Point[], decimals: number): string {
  const numbers = points.flatMap(([x, y]) => [fixed(x, decimals), fixed(y, decimals)]);
  return `M${numbers.join(" ").replaceAll(" -", "-")}`;
}

/** 0.5 -> ".5", -0 -> "0" */
export function fixed(value: number, decimals: number): string {
  const power = 10 ** decimals;
  // The rounding of a number, not of its digits, so that all engines write the same.
  const text = String(Math.round(value * power) / power + 0);
  return text.replace(/^(-?)0\./, "$1.");
}
