// The scenes of an episode as one SVG file that moves. It has no script, so that it runs wherever an image does: each
// shape is there once, and beside it where it is in each frame.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames, checkValue, frameRate, shown } from "../base/ranges.ts";
import type { Scene, SceneShape } from "../envs/scene.ts";
import { type Camera, cameraOf, throughCamera } from "./camera.ts";
import { checkScene, type Figure, figureOf, heightOf, type Viewport } from "./geometry.ts";
import { movingShape } from "./moving.ts";
import { backgroundOf, checkWidth, element, type PictureOptions, sizeOf, svgOf } from "./svg.ts";
import { animationOf, isStill, type Motion } from "./track.ts";

/** What animations are made with. */
export interface AnimationOptions extends PictureOptions {
  /** How many of the scenes follow one another in a second: 30 unless given. Of more than 30, some are left out. */
  readonly framesPerSecond?: number;
}

/** More than a film has; what moves, moves between frames as well. */
const MOST_FRAMES_PER_SECOND = 30;
/** From so many on what moves is seen between frames too. Below, as on a board, it jumps. */
const SMOOTH_FRAMES_PER_SECOND = 10;
/** Seconds for which the last scene stays before the first comes again. */
const REST = 0.8;

/** Every how many scenes one is shown at this rate. */
export function stride(framesPerSecond: number): number {
  return Math.ceil(framesPerSecond / MOST_FRAMES_PER_SECOND);
}

/**
 * The text of an SVG file that shows scenes one after the other, over and over.
 *
 * ```ts
 * const env = new CartPole(engine);
 * env.reset();
 * const scenes = [env.render()];
 * while (!env.step(1).terminated) scenes.push(env.render());
 * const svg = animationSVG(scenes, { framesPerSecond: 50 });
 * ```
 * @param scenes at least one
 * @throws as `sceneSVG`, with the number of the scene
 */
export function animationSVG(scenes: readonly Scene[], options: AnimationOptions = {}): string {
  checkNames("animationSVG", options, ["framesPerSecond", "width", "title"]);
  const { framesPerSecond = 30, width = 600, title } = options;
  checkValue("animationSVG: framesPerSecond", frameRate, framesPerSecond);
  checkWidth("animationSVG", width);
  const [first] = scenes;
  if (first === undefined) throw new ConfigurationError(`animationSVG: ${shown(scenes)} has no scene`);
  for (const [index, scene] of scenes.entries()) checkScene(`animationSVG: step ${index}`, scene);

  const every = stride(framesPerSecond);
  const last = scenes.length - 1;
  const rest = Math.ceil((REST * framesPerSecond) / every);
  const seen = scenes.filter((_, index) => index % every === 0 || index === last);
  const frames = [...seen, ...Array.from({ length: scenes.length === 1 ? 0 : rest }, () => scenes[last] as Scene)];
  const seconds = ((frames.length - 1) * every) / framesPerSecond;
  const duration = `${Number(seconds.toFixed(3))}s`;
  const isSmooth = framesPerSecond >= SMOOTH_FRAMES_PER_SECOND;
  const motion = { duration, frames: frames.length, isSmooth, width };
  const height = heightOf(first.view, width);
  const shapes = shapesOf(frames, cameraOf(frames, width, height), motion);
  return svgOf(width, height, title, [backgroundIn(frames, height, motion), ...shapes]);
}

function backgroundIn(frames: readonly Scene[], height: number, motion: Motion): string {
  const track = { values: frames.map(backgroundOf), isSmooth: false };
  const content = isStill(track) ? "" : animationOf('animate attributeName="fill"', track, motion);
  const attributes = { ...sizeOf(motion.width, height), fill: track.values[0] };
  return element({ tag: "rect", attributes, content });
}

/**
 * Every shape, in the world that the camera moves or as it is seen, whichever is shorter: what stands on the ground is
 * still in the one, what the camera follows is in the other.
 */
function shapesOf(frames: readonly Scene[], camera: Camera, motion: Motion): string[] {
  const count = Math.max(...frames.map(({ shapes }) => shapes.length));
  const groups: { readonly isInWorld: boolean; readonly elements: string[] }[] = [];
  for (let index = 0; index < count; index++) {
    const shapes = whereAlike(frames.map((frame) => frame.shapes[index]));
    const placed = figuresOf(shapes, () => camera.world);
    const inWorld = movingShape(placed, motion);
    const isFree = !camera.isStill && !camera.isZooming && shapes.some((shape) => shape !== shapes[0]);
    const seen = () => figuresOf(shapes, (frame) => camera.viewports[frame] as Viewport);
    const asSeen = isFree ? movingShape(seen(), motion) : inWorld;
    const isInWorld = inWorld.length <= asSeen.length;
    if (groups.at(-1)?.isInWorld !== isInWorld) groups.push({ isInWorld, elements: [] });
    groups.at(-1)?.elements.push(isInWorld ? inWorld : asSeen);
  }
  return groups.map(({ isInWorld, elements }) => {
    const content = elements.join("\n");
    return isInWorld && !camera.isStill ? throughCamera(camera, motion, `\n${content}\n`) : content;
  });
}

/** One object for those in a row that are alike, so that no more is done for all than for one. */
function whereAlike(shapes: readonly (SceneShape | undefined)[]): (SceneShape | undefined)[] {
  let text: string | undefined;
  let last: SceneShape | undefined;
  return shapes.map((shape) => {
    // Of an image the pixels are nearly all, and are compared where they are drawn.
    const own = shape?.kind === "image" ? undefined : JSON.stringify(shape);
    if (own === undefined || own !== text) last = shape;
    text = own;
    return last;
  });
}

function figuresOf(
  shapes: readonly (SceneShape | undefined)[],
  viewportAt: (frame: number) => Viewport,
): (Figure | undefined)[] {
  let last: Figure | undefined;
  return shapes.map((shape, frame) => {
    const isAlike = frame > 0 && shape === shapes[frame - 1] && viewportAt(frame) === viewportAt(frame - 1);
    if (!isAlike) last = shape && figureOf(shape, viewportAt(frame));
    return last;
  });
}
