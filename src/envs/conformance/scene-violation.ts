// What is wrong with a scene.

import { shown } from "../../base/ranges.ts";
import type { Violation } from "../../spaces/space.ts";

type Field = "number" | "size" | "point" | "points" | "color" | "text" | "count" | "pixels";

/** What each kind of shape has to have, beside `at` and `angle`, which it may have. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  line: { points: "points", width: "size", color: "color" },
  polygon: { points: "points", fill: "color" },
  circle: { radius: "size", fill: "color" },
  text: { text: "text", size: "size", color: "color" },
  image: { width: "size", height: "size", columns: "count", pixels: "pixels" },
};

const COLOR = /^(#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})|[a-z]+|(rgb|hsl)a?\([\d\s.,%/deg-]+\))$/i;

const isPoint = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);

const FIELDS: Readonly<Record<Field, readonly [expected: string, (value: unknown) => boolean]>> = {
  number: ["a finite number", Number.isFinite],
  size: ["a finite number of at least 0", (value) => Number.isFinite(value) && (value as number) >= 0],
  point: ["two finite numbers", isPoint],
  points: ["a list of points, each two finite numbers", (value) => Array.isArray(value) && value.every(isPoint)],
  color: ["a colour as CSS has it", (value) => typeof value === "string" && COLOR.test(value)],
  text: ["a text", (value) => typeof value === "string"],
  count: ["an integer of at least 1", (value) => Number.isInteger(value) && (value as number) >= 1],
  pixels: ["a Uint8Array", (value) => value instanceof Uint8Array],
};

/** What is wrong with what `render` gave; undefined where nothing is. */
export function sceneViolation(scene: unknown): Violation | undefined {
  const { view, background, shapes } = Object(scene) as Record<string, unknown>;
  const sides = Object(view) as Record<string, number>;
  for (const side of ["left", "bottom", "right", "top"] as const) {
    if (Number.isFinite(sides[side])) continue;
    return { at: `.view.${side}`, value: sides[side], expected: "a finite number" };
  }
  const { left = 0, right = 0, bottom = 0, top = 0 } = sides;
  if (left >= right || bottom >= top) return { at: ".view", value: view, expected: "left of right, bottom below top" };
  if (background !== undefined && !FIELDS.color[1](background))
    return { at: ".background", value: background, expected: FIELDS.color[0] };
  if (!Array.isArray(shapes)) return { at: ".shapes", value: shapes, expected: "a list of shapes" };
  for (const [index, shape] of shapes.entries()) {
    const violation = shapeViolation(shape);
    if (violation !== undefined) return { ...violation, at: `.shapes[${index}]${violation.at}` };
  }
  return undefined;
}

function shapeViolation(shape: unknown): Violation | undefined {
  const given = Object(shape) as Record<string, unknown>;
  const kind = String(given.kind);
  if (!Object.hasOwn(KINDS, kind)) return { at: ".kind", value: given.kind, expected: Object.keys(KINDS).join(" or ") };
  const required = KINDS[kind] as Readonly<Record<string, Field>>;
  const placed: Readonly<Record<string, Field>> = { at: "point", angle: "number" };
  for (const name of Object.keys(given)) {
    if (name === "kind" || Object.hasOwn(required, name) || Object.hasOwn(placed, name)) continue;
    return { at: `.${name}`, value: given[name], expected: `left out of a ${kind}` };
  }
  for (const [name, field] of Object.entries({ ...placed, ...required })) {
    const [expected, isRight] = FIELDS[field];
    const mayLack = Object.hasOwn(placed, name) && given[name] === undefined;
    if (!mayLack && !isRight(given[name])) return { at: `.${name}`, value: given[name], expected };
  }
  if (kind !== "image") return undefined;
  const { pixels, columns } = given as { pixels: Uint8Array; columns: number };
  if (pixels.length > 0 && pixels.length % (3 * columns) === 0) return undefined;
  return { at: ".pixels", value: shown(pixels), expected: `three bytes for each of ${columns} columns, row by row` };
}
