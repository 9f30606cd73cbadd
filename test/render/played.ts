// What an animated SVG shows at a time: as this file reads it, and as a browser does.

import { type Element, parseXML } from "./xml.ts";

/** A shape that is seen. */
export interface Seen {
  readonly name: string;
  /** Of a path its first and its last point, of all others the place of their own origin. */
  readonly points: readonly (readonly [number, number])[];
  /** Colours and sizes at that time. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** a, b, c, d, e, f of [a c e; b d f]. */
type Matrix = readonly [number, number, number, number, number, number];

const numbersIn = (text: string) => (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);

function product([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

function matrixOf(transform: string): Matrix {
  return [...transform.matchAll(/(\w+)\(([^)]*)\)/g)].reduce<Matrix>(
    (matrix, [, name, inside = ""]) => {
      const [x = 0, y] = numbersIn(inside);
      const [cosine, sine] = [Math.cos((x * Math.PI) / 180), Math.sin((x * Math.PI) / 180)];
      if (name === "translate") return product(matrix, [1, 0, 0, 1, x, y ?? 0]);
      if (name === "scale") return product(matrix, [x, 0, 0, y ?? x, 0, 0]);
      if (name === "rotate") return product(matrix, [cosine, sine, -sine, cosine, 0, 0]);
      throw new Error(`transform: ${name}`);
    },
    [1, 0, 0, 1, 0, 0],
  );
}

/** The value that an animation gives at a time. */
function valueAt({ attributes }: Element, seconds: number): string {
  const { dur = "", values = "", keyTimes, calcMode } = attributes;
  const share = (seconds / Number.parseFloat(dur)) % 1;
  const list = values.split(";");
  const isDiscrete = calcMode === "discrete";
  const last = isDiscrete ? list.length : list.length - 1;
  const times = keyTimes === undefined ? list.map((_, index) => index / last) : keyTimes.split(";").map(Number);
  if (times.length !== list.length || times[0] !== 0) throw new Error(`keyTimes="${keyTimes}"`);
  const index = times.findLastIndex((time) => time <= share);
  const [from, to] = [list[index] as string, list[index + 1]];
  if (isDiscrete || to === undefined) return from;
  const way = (share - (times[index] as number)) / ((times[index + 1] as number) - (times[index] as number));
  const ends = numbersIn(to);
  let n = 0;
  return from.replace(/-?(?:\d+\.?\d*|\.\d+)/g, (text) => {
    const value = Number(text) + way * ((ends[n++] as number) - Number(text));
    return ` ${value.toFixed(9)}`;
  });
}

/** The shapes that a file shows at a time, the hindmost first. */
export function playedAt(svg: string, seconds: number): Seen[] {
  const seen: Seen[] = [];
  const visit = (element: Element, outer: Matrix, inherited: Readonly<Record<string, string>>): void => {
    const own: Record<string, string> = { ...element.attributes };
    for (const child of element.children) {
      const { attributeName = "", type } = child.attributes;
      const value = child.name.startsWith("animate") ? valueAt(child, seconds) : undefined;
      if (value !== undefined) own[attributeName] = type === undefined ? value : `${type}(${value})`;
    }
    if (own.display === "none") return;
    const matrix = own.transform === undefined ? outer : product(outer, matrixOf(own.transform));
    const shapes = element.children.filter(({ name }) => !name.startsWith("animate"));
    for (const child of shapes) visit(child, matrix, { ...inherited, ...own });
    if (!["path", "circle", "text"].includes(element.name)) return;
    const numbers = numbersIn(own.d ?? "0 0");
    const ends = own.d?.endsWith("Z") ? numbers.slice(0, 2) : numbers;
    const points = [ends.slice(0, 2), ends.slice(-2)].map(([x = 0, y = 0]) => {
      const [, , , , px, py] = product(matrix, [1, 0, 0, 1, x, y]);
      return [px, py] as const;
    });
    seen.push({ name: element.name, points, attributes: { ...inherited, ...own }, text: element.text });
  };
  visit(parseXML(svg), [1, 0, 0, 1, 0, 0], {});
  return seen;
}

/** The same as a browser shows it. Sizes and colours are left out. */
export function shownAt(svg: string, seconds: number): Omit<Seen, "attributes">[] {
  document.body.innerHTML = svg;
  const root = document.querySelector("svg") as SVGSVGElement;
  root.pauseAnimations();
  root.setCurrentTime(seconds);
  const isSeen = (element: globalThis.Element): boolean =>
    getComputedStyle(element).display !== "none" &&
    (element === root || isSeen(element.parentElement as globalThis.Element));
  const shapes = [...root.querySelectorAll<SVGGraphicsElement>("path, circle, text")].filter(isSeen);
  return shapes.map((shape) => {
    const matrix = shape.getCTM() as DOMMatrix;
    const own =
      shape instanceof SVGPathElement
        ? [0, shape.getTotalLength()].map((length) => shape.getPointAtLength(length))
        : [new DOMPoint(0, 0), new DOMPoint(0, 0)];
    const points = own.map((point) => point.matrixTransform(matrix)).map(({ x, y }) => [x, y] as const);
    return { name: shape.tagName, points, text: shape.textContent };
  });
}
