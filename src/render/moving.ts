// A shape through all frames of an animation: an element of each form that it takes, and what changes of it.

import type { Point } from "../envs/scene.ts";
import { type Figure, rowsOf } from "./geometry.ts";
import { movingPixels } from "./moving-pixels.ts";
import { element, fixed, GRID, gridOf, type Part, partOf } from "./svg.ts";
import { animationOf, isStill, type Motion, type Track } from "./track.ts";

/** Of a pixel: at the size of a page no one sees more. */
const DECIMALS = 1;
/** What is farther from one frame to the next, in widths of the picture and in degrees, was put there. */
const LEAP = { width: 0.25, degrees: 90 } as const;

/**
 * The XML of a shape.
 * @param figures what it is in each frame; undefined where it is not there
 */
export function movingShape(figures: readonly (Figure | undefined)[], motion: Motion): string {
  const forms = [...new Set(figures.flatMap((figure) => (figure ? [formOf(figure)] : [])))];
  return forms
    .map((form) => {
      const isThere = figures.map((figure) => figure !== undefined && formOf(figure) === form);
      let current = figures[isThere.indexOf(true)] as Figure;
      const complete = figures.map((figure, frame) => (current = isThere[frame] ? (figure as Figure) : current));
      return movingForm(complete, isThere, motion);
    })
    .join("\n");
}

/** What cannot be changed of an element. */
function formOf(figure: Figure): string {
  switch (figure.kind) {
    case "text":
      return `text ${figure.text}`;
    case "image":
      return `image ${figure.columns} ${rowsOf(figure)}`;
    case "circle":
      return "circle";
    default:
      return `${figure.kind} ${figure.points.length}`;
  }
}

function movingForm(figures: readonly Figure[], isThere: readonly boolean[], motion: Motion): string {
  const presence = { values: isThere.map((is) => (is ? "inline" : "none")), isSmooth: false };
  const display = isStill(presence) ? "" : animationOf('animate attributeName="display"', presence, motion);
  const layers = [{ type: "rotate", track: turnsOf(figures, isThere, motion) }];
  const moves = figures.map(({ at }) => at);
  const [first] = figures;
  const content =
    first?.kind === "image"
      ? element({
          tag: "g",
          attributes: { transform: gridOf(first).trim(), ...GRID },
          content: movingPixels(figures as (Figure & { kind: "image" })[], motion),
        })
      : movingPart(figures as Exclude<Figure, { kind: "image" }>[], motion);
  const inPlace = placed(moves, content, motion, layers, isThere);
  if (display === "") return inPlace;
  return element({ tag: "g", attributes: { display: presence.values[0] }, content: display + inPlace });
}

/** The element itself, with the attributes that change. */
function movingPart(figures: readonly Exclude<Figure, { kind: "image" }>[], motion: Motion): string {
  const known = new Map<Figure, Part>();
  const parts = figures.map((figure) => {
    const part = known.get(figure) ?? partOf(figure, DECIMALS);
    known.set(figure, part);
    return part;
  });
  const [{ tag, attributes, content = "" }] = parts as [Part];
  const animations = Object.keys(attributes).map((name) => {
    const values = parts.map(({ attributes }) => String(attributes[name]));
    const isColor = name === "fill" || name === "stroke";
    const track = { values, isSmooth: motion.isSmooth && !isColor };
    return name === "transform" || isStill(track) ? "" : animationOf(`animate attributeName="${name}"`, track, motion);
  });
  return element({ tag, attributes: { ...attributes, transform: undefined }, content: content + animations.join("") });
}

/** How a shape is turned: by less than half a turn from frame to frame, also where its angle begins anew. */
function turnsOf(figures: readonly Figure[], isThere: readonly boolean[], { isSmooth }: Motion): Track {
  const turns: number[] = [];
  let isLeaping = false;
  for (const [frame, { angle }] of figures.entries()) {
    const degrees = (angle * 180) / Math.PI;
    const before = turns[frame - 1] ?? degrees;
    const turn = degrees - 360 * Math.round((degrees - before) / 360);
    isLeaping ||= isThere[frame] === true && isThere[frame - 1] === true && Math.abs(turn - before) > LEAP.degrees;
    turns.push(turn);
  }
  return { values: turns.map((turn) => fixed(turn, DECIMALS)), isSmooth: isSmooth && !isLeaping };
}

/** A transform, of which each frame has a value. */
export interface Layer {
  readonly type: string;
  readonly track: Track;
}

/**
 * Puts what moves into its place.
 * @param moves where it is in each frame
 * @param layers what is done to it before, the last first
 * @param isThere whether it is seen in a frame: what is put elsewhere unseen does not leap
 */
export function placed(
  moves: readonly Point[],
  content: string,
  motion: Motion,
  layers: readonly Layer[],
  isThere: readonly boolean[] = moves.map(() => true),
): string {
  const isLeaping = moves.some(([x, y], frame) => {
    const [fromX, fromY] = moves[frame - 1] ?? [x, y];
    const isSeen = isThere[frame] === true && isThere[frame - 1] === true;
    return isSeen && Math.max(Math.abs(x - fromX), Math.abs(y - fromY)) > LEAP.width * motion.width;
  });
  const values = moves.map(([x, y]) => `${fixed(x, DECIMALS)} ${fixed(y, DECIMALS)}`);
  const move = { type: "translate", track: { values, isSmooth: motion.isSmooth && !isLeaping } };
  return [move, ...layers].reduceRight((inner, layer) => layered(inner, layer, motion), content);
}

function layered(content: string, { type, track }: Layer, motion: Motion): string {
  const first = track.values[0] as string;
  if (isStill(track) && (first === "0" || first === "0 0")) return content;
  const transform = `${type}(${first})`;
  const animation = isStill(track)
    ? ""
    : animationOf(`animateTransform attributeName="transform" type="${type}"`, track, motion);
  return element({ tag: "g", attributes: { transform }, content: animation + content });
}
