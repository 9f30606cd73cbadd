// The ground of BipedalWalker: 200 heights with, in hardcore, stumps, stairs and pits, and clouds above that are only
// seen. Numbers are drawn in the order of Gymnasium's box2d/bipedal_walker.py.

import type { PCG64 } from "../../engine/random.ts";
import type { Point } from "../scene.ts";

/** Pixels of Gymnasium's picture to a metre. */
export const SCALE = 30;
export const WIDTH = 600 / SCALE;
export const HEIGHT = 400 / SCALE;
/** Metres from one height to the next. */
export const STEP = 14 / SCALE;
/** How many there are. */
export const LENGTH = 200;
/** The height around which the ground lies. */
export const LEVEL = HEIGHT / 4;
/** Where the ground is even, in steps from the left. */
export const START_PAD = 20;
/** Stretches of grass are from half of it to one step less than it. */
export const GRASS = 10;
const CLOUDS = LENGTH / 20;
/** Stairs are as wide. */
const STAIR_WIDTH = 4;

/** What is under way: grass, or an obstacle. Numbers are those that are drawn. */
const Kind = { grass: 0, stump: 1, stairs: 2, pit: 3 } as const;

/** A ground to walk on. */
export interface Terrain {
  /** [200]: heights, one every `STEP`. */
  readonly heights: Float64Array;
  /** Polygons in the way, and the walls of pits. */
  readonly obstacles: readonly (readonly Point[])[];
  /** Where each cloud has its corners. */
  readonly clouds: readonly (readonly Point[])[];
}

/** The ground and the clouds that come next in `random`. */
export function drawTerrain(random: PCG64, isHardcore: boolean): Terrain {
  const ground = new Ground(random);
  const heights = Float64Array.from({ length: LENGTH }, (_, index) => ground.next(index, isHardcore));
  return { heights, obstacles: ground.obstacles, clouds: Array.from({ length: CLOUDS }, () => drawCloud(random)) };
}

class Ground {
  readonly obstacles: (readonly Point[])[] = [];
  readonly #random: PCG64;
  #kind: number = Kind.grass;
  /** Whether this is the first step of what is under way. */
  #isFirst = false;
  /** Steps until something else begins. */
  #counter = START_PAD;
  #y = LEVEL;
  #slope = 0;
  /** The height at which a pit or stairs began. */
  #before = 0;
  #stairs = 0;
  /** 1 where stairs go up, -1 where they go down. */
  #rise = 1;

  constructor(random: PCG64) {
    this.#random = random;
  }

  /** The height at step `index`. */
  next(index: number, isHardcore: boolean): number {
    if (this.#kind === Kind.grass) {
      if (!this.#isFirst) this.#roll(index);
    } else if (this.#isFirst) {
      this.#begin(index * STEP);
    } else {
      this.#goOn();
    }
    const height = this.#y;
    this.#isFirst = false;
    if (--this.#counter === 0) {
      this.#counter = GRASS / 2 + this.#random.integer(GRASS / 2);
      this.#kind = this.#kind === Kind.grass && isHardcore ? 1 + this.#random.integer(3) : Kind.grass;
      this.#isFirst = true;
    }
    return height;
  }

  #roll(index: number): void {
    this.#slope = 0.8 * this.#slope + 0.01 * Math.sign(LEVEL - this.#y);
    if (index > START_PAD) this.#slope += this.#random.uniform(-1, 1) / SCALE;
    this.#y += this.#slope;
  }

  /** Puts an obstacle at `x`. */
  #begin(x: number): void {
    const y = this.#y;
    this.#before = y;
    if (this.#kind === Kind.pit) {
      this.#counter = 3 + this.#random.integer(2);
      this.#block(x, y, 1, -4);
      this.#block(x + STEP * this.#counter, y, 1, -4);
      this.#counter += 2;
    } else if (this.#kind === Kind.stump) {
      this.#counter = 1 + this.#random.integer(2);
      this.#block(x, y, this.#counter, this.#counter);
    } else {
      this.#rise = this.#random.double() > 0.5 ? 1 : -1;
      this.#stairs = 3 + this.#random.integer(2);
      for (let stair = 0; stair < this.#stairs; stair++)
        this.#block(x + stair * STAIR_WIDTH * STEP, y + stair * this.#rise * STEP, STAIR_WIDTH, -1);
      this.#counter = this.#stairs * STAIR_WIDTH;
    }
  }

  /** The height within an obstacle; on a stump it stays. */
  #goOn(): void {
    if (this.#kind === Kind.pit) {
      this.#y = this.#before - (this.#counter > 1 ? 4 * STEP : 0);
    } else if (this.#kind === Kind.stairs) {
      const done = this.#stairs * STAIR_WIDTH - this.#counter - this.#rise;
      this.#y = this.#before + (done / STAIR_WIDTH) * this.#rise * STEP;
    }
  }

  /** A rectangle of so many steps, of which [x, y] is a corner. */
  #block(x: number, y: number, width: number, height: number): void {
    const right = x + width * STEP;
    const end = y + height * STEP;
    this.obstacles.push([
      [x, y],
      [right, y],
      [right, end],
      [x, end],
    ]);
  }
}

/** Sine and cosine of 3.14 * 2 * corner / 5, which is nearly a fifth of a turn: clouds are only seen. */
const CLOUD_CORNERS: readonly Point[] = [
  [0, 1],
  [0.95086, 0.30962],
  [0.58882, -0.80827],
  [-0.58624, -0.81014],
  [-0.95184, 0.30659],
];

function drawCloud(random: PCG64): Point[] {
  const x = random.uniform(0, LENGTH) * STEP;
  const y = (HEIGHT * 3) / 4;
  return CLOUD_CORNERS.map(([sine, cosine]) => {
    const right = x + 15 * STEP * sine + random.uniform(0, 5 * STEP);
    return [right, y + 5 * STEP * cosine + random.uniform(0, 5 * STEP)];
  });
}
