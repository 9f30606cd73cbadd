// Breakout of MinAtar: a ball that travels along diagonals breaks bricks, and has to be kept off the floor with a
// paddle. board.ts says where the rules are from.

import type { Engine } from "../../engine/engine.ts";
import { Board, LAST, LEFT, type MinAtarOptions, RIGHT, SIDE } from "./board.ts";

/** Where in `places` what is. */
const PADDLE = 0;
const BALL_X = 1;
const BALL_Y = 2;
const TRAIL_X = 3;
const TRAIL_Y = 4;

/** Where in `flags` what is. */
const IS_RIGHTWARD = 0;
const IS_DOWNWARD = 1;
/** Whether the ball was where a brick is in the last step. */
const IS_IN_BRICKS = 2;

/** The rows of bricks are 1 to 3, and brick `10 (y - 1) + x` is a bit. */
const BRICKS = 3 * SIDE;
const ALL_BRICKS = 2 ** BRICKS - 1;

/**
 * Channels: paddle, ball, trail, brick; the trail is where the ball was. A brick is worth 1, and where none is left,
 * there are three new rows once the ball comes down. Only left and right do something.
 */
export class Breakout extends Board {
  readonly #places = new Uint8Array(5);
  readonly #flags = new Uint8Array(3);
  readonly #bricks = new Int32Array(1);
  protected readonly parts = {
    lastAction: this.lastAction,
    places: { data: this.#places, from: 0, to: LAST },
    flags: { data: this.#flags, from: 0, to: 1 },
    bricks: { data: this.#bricks, from: 0, to: ALL_BRICKS },
  };

  constructor(engine: Engine, options: MinAtarOptions = {}) {
    const colors = [0x5ec962, 0xffffff, 0x4a4e57, 0xe4572e];
    super({ name: "Breakout", actions: [0, LEFT, RIGHT], colors }, engine, options);
  }

  protected start(): void {
    const [places, flags] = [this.#places, this.#flags];
    const isOnTheRight = this.random.integer(2) === 1;
    places[PADDLE] = 4;
    places[BALL_X] = places[TRAIL_X] = isOnTheRight ? LAST : 0;
    places[BALL_Y] = places[TRAIL_Y] = 3;
    flags[IS_RIGHTWARD] = isOnTheRight ? 0 : 1;
    flags[IS_DOWNWARD] = 1;
    flags[IS_IN_BRICKS] = 0;
    this.#bricks[0] = ALL_BRICKS;
    this.restored();
  }

  protected override restored(): void {
    for (let brick = 0; brick < BRICKS; brick++) this.still[cellOf(brick)] = (this.#bricks[0]! >> brick) & 1;
  }

  protected play(action: number): void {
    const [places, flags] = [this.#places, this.#flags];
    if (action === LEFT) places[PADDLE] = Math.max(0, places[PADDLE]! - 1);
    else if (action === RIGHT) places[PADDLE] = Math.min(LAST, places[PADDLE]! + 1);

    const [x, y] = [places[BALL_X]!, places[BALL_Y]!];
    places[TRAIL_X] = x;
    places[TRAIL_Y] = y;
    let nextX = x + (flags[IS_RIGHTWARD] === 1 ? 1 : -1);
    let nextY = y + (flags[IS_DOWNWARD] === 1 ? 1 : -1);
    if (nextX < 0 || nextX > LAST) {
      nextX = x;
      flags[IS_RIGHTWARD]! ^= 1;
    }
    const brick = SIDE * (nextY - 1) + nextX;
    const isInBricks = brick >= 0 && brick < BRICKS && ((this.#bricks[0]! >> brick) & 1) === 1;
    if (nextY < 0) {
      nextY = y;
      flags[IS_DOWNWARD]! ^= 1;
    } else if (isInBricks && flags[IS_IN_BRICKS] === 0) {
      // Of bricks in a row only the first is broken: the ball goes on through the others.
      this.reward++;
      this.#bricks[0]! ^= 1 << brick;
      this.still[cellOf(brick)] = 0;
      nextY = y;
      flags[IS_DOWNWARD]! ^= 1;
    } else if (nextY === LAST) {
      nextY = this.#meetPaddle(x, nextX) ? y : LAST;
    }
    flags[IS_IN_BRICKS] = isInBricks ? 1 : 0;
    places[BALL_X] = nextX;
    places[BALL_Y] = nextY;
  }

  /** @returns whether the ball bounces off the paddle: upwards from above it, and back from beside it */
  #meetPaddle(x: number, nextX: number): boolean {
    const [paddle, flags] = [this.#places[PADDLE], this.#flags];
    if (this.#bricks[0] === 0) {
      this.#bricks[0] = ALL_BRICKS;
      this.restored();
    }
    if (x !== paddle && nextX !== paddle) {
      this.terminated = true;
      return false;
    }
    flags[IS_DOWNWARD] = 0;
    if (x !== paddle) flags[IS_RIGHTWARD]! ^= 1;
    return true;
  }

  protected show(cells: Uint8Array): void {
    const places = this.#places;
    cells[4 * (SIDE * LAST + places[PADDLE]!)] = 1;
    cells[4 * (SIDE * places[BALL_Y]! + places[BALL_X]!) + 1] = 1;
    cells[4 * (SIDE * places[TRAIL_Y]! + places[TRAIL_X]!) + 2] = 1;
  }
}

/** Where a brick is shown. */
function cellOf(brick: number): number {
  return 4 * (SIDE + brick) + 3;
}
