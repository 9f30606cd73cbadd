// What is seen in each frame of an animation: a world in which much stands still, and a transform that moves all of it.

import type { Scene } from "../envs/scene.ts";
import { type Viewport, viewportOf } from "./geometry.ts";
import { placed } from "./moving.ts";
import { fixed } from "./svg.ts";
import type { Motion } from "./track.ts";

/** A camera that may follow. */
export interface Camera {
  /** How the world lies in the picture in the first frame. */
  readonly world: Viewport;
  /** How it lies in each. */
  readonly viewports: readonly Viewport[];
  /** Whether it is the same in all frames. */
  readonly isStill: boolean;
  /** Whether things become larger or smaller. */
  readonly isZooming: boolean;
}

/** The camera of some scenes in a picture of that size. */
export function cameraOf(frames: readonly Scene[], width: number, height: number): Camera {
  const viewports = frames.map(({ view }) => viewportOf(view, width, height));
  const world = viewports[0] as Viewport;
  const differs = (a: number, b: number) => Math.abs(a - b) > 1e-6;
  const isZooming = viewports.some(({ scale }) => differs(scale / world.scale, 1));
  const isMoving = viewports.some(({ origin }) => origin.some((at, axis) => differs(at, world.origin[axis] as number)));
  return { world, viewports, isStill: !isZooming && !isMoving, isZooming };
}

/** What lies in the world, as the camera sees it. */
export function throughCamera({ world, viewports, isZooming }: Camera, motion: Motion, content: string): string {
  const zooms = viewports.map(({ scale }) => (isZooming ? scale / world.scale : 1));
  const moves = viewports.map(({ origin }, frame) => {
    const at = (axis: 0 | 1) => origin[axis] - (zooms[frame] as number) * world.origin[axis];
    return [at(0), at(1)] as const;
  });
  const zoom = { values: zooms.map((value) => fixed(value, 4)), isSmooth: motion.isSmooth };
  return placed(moves, content, motion, isZooming ? [{ type: "scale", track: zoom }] : []);
}
