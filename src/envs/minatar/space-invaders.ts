// SpaceInvaders of MinAtar: a cannon against waves of aliens that shoot back. board.ts says where the rules are from.

import type { Engine } from "../../engine/engine.ts";
import { Board, FIRE, LAST, LEFT, type MinAtarOptions, RIGHT, SIDE } from "./board.ts";

// A row of the board is a number, of which bit x is column x.
const FULL_ROW = 2 ** SIDE - 1;
const LAST_CELL = SIDE * SIDE - 1;
/** In place of the cell of a bullet. */
const NONE = -1;
/** What a row of a new wave is: columns 2 to 7. */
const WAVE_ROW = 0b11111100;
const WAVE_ROWS = 4;

/** Where in `timers` what is. */
const MOVE_INTERVAL = 0;
const MOVE_TIMER = 1;
const ALIEN_SHOT_TIMER = 2;
const SHOT_TIMER = 3;

const START_MOVE_INTERVAL = 12;
const LEAST_MOVE_INTERVAL = 6;
const ALIEN_SHOT_INTERVAL = 10;
const SHOT_INTERVAL = 5;

/**
 * Channels: cannon, alien, the aliens while they go left, and while they go right, bullets of the cannon, bullets of
 * aliens. An alien is worth 1. The fewer are left, the faster they go; each new wave is a little faster than the one
 * before. Left, right and fire do something.
 */
export class SpaceInvaders extends Board {
  /** The column of the cannon. */
  readonly #cannon = new Uint8Array(1);
  readonly #aliens = new Int32Array(SIDE);
  /** The cells (10 y + x) of the bullets of the cannon, of which there are two at most, and of the aliens' one. */
  readonly #shots = new Int32Array(2);
  readonly #alienShot = new Int32Array(1);
  /** Whether the aliens go to the right. */
  readonly #isRightward = new Uint8Array(1);
  readonly #timers = new Int32Array(4);
  protected readonly parts = {
    lastAction: this.lastAction,
    cannon: { data: this.#cannon, from: 0, to: LAST },
    aliens: { data: this.#aliens, from: 0, to: FULL_ROW },
    shots: { data: this.#shots, from: NONE, to: LAST_CELL },
    alienShot: { data: this.#alienShot, from: NONE, to: LAST_CELL },
    isRightward: { data: this.#isRightward, from: 0, to: 1 },
    timers: { data: this.#timers, from: -1, to: START_MOVE_INTERVAL },
  };

  constructor(engine: Engine, options: MinAtarOptions = {}) {
    const colors = [0x5ec962, 0xc77dff, "nothing", "nothing", 0xffffff, 0xe4572e] as const;
    super({ name: "SpaceInvaders", actions: [0, LEFT, RIGHT, FIRE], colors }, engine, options);
  }

  protected start(): void {
    const timers = this.#timers;
    this.#cannon[0] = 5;
    this.#shots.fill(NONE);
    this.#alienShot[0] = NONE;
    this.#isRightward[0] = 0;
    this.#beginWave();
    timers[MOVE_INTERVAL] = timers[MOVE_TIMER] = START_MOVE_INTERVAL;
    timers[ALIEN_SHOT_TIMER] = ALIEN_SHOT_INTERVAL;
    timers[SHOT_TIMER] = 0;
  }

  protected play(action: number): void {
    const timers = this.#timers;
    this.#moveCannon(action);
    this.#moveShots();
    this.#endIfMet();
    if (timers[MOVE_TIMER] === 0) this.#moveAliens();
    if (timers[ALIEN_SHOT_TIMER] === 0) {
      timers[ALIEN_SHOT_TIMER] = ALIEN_SHOT_INTERVAL;
      this.#shootBack();
    }
    this.#hitAliens();
    if (timers[SHOT_TIMER]! > 0) timers[SHOT_TIMER]!--;
    timers[MOVE_TIMER]!--;
    timers[ALIEN_SHOT_TIMER]!--;
    if (this.reward > 0 && columnsOf(this.#aliens) === 0) {
      if (this.isRamping && timers[MOVE_INTERVAL]! > LEAST_MOVE_INTERVAL) timers[MOVE_INTERVAL]!--;
      this.#beginWave();
    }
  }

  #moveCannon(action: number): void {
    const [x, timers] = [this.#cannon[0]!, this.#timers];
    if (action === LEFT) this.#cannon[0] = Math.max(0, x - 1);
    else if (action === RIGHT) this.#cannon[0] = Math.min(LAST, x + 1);
    else if (action === FIRE && timers[SHOT_TIMER] === 0) {
      timers[SHOT_TIMER] = SHOT_INTERVAL;
      // The one before the last has left the board, or hit.
      this.#shots[0] = this.#shots[1]!;
      this.#shots[1] = SIDE * LAST + x;
    }
  }

  /** Bullets go one row, and out of the board. */
  #moveShots(): void {
    const [shots, alienShot] = [this.#shots, this.#alienShot];
    shots[0] = shots[0]! < SIDE ? NONE : shots[0]! - SIDE;
    shots[1] = shots[1]! < SIDE ? NONE : shots[1]! - SIDE;
    if (alienShot[0] === NONE) return;
    alienShot[0] = alienShot[0]! + SIDE > LAST_CELL ? NONE : alienShot[0]! + SIDE;
    if (alienShot[0] === SIDE * LAST + this.#cannon[0]!) this.terminated = true;
  }

  /** An alien may not be where the cannon is. */
  #endIfMet(): void {
    if (((this.#aliens[LAST]! >> this.#cannon[0]!) & 1) === 1) this.terminated = true;
  }

  /** To the side, or, at the edge of the board, a row down and from then on to the other side. */
  #moveAliens(): void {
    const aliens = this.#aliens;
    const isRightward = this.#isRightward[0] === 1;
    this.#timers[MOVE_TIMER] = Math.min(countOf(aliens), this.#timers[MOVE_INTERVAL]!);
    if ((columnsOf(aliens) & (isRightward ? 1 << LAST : 1)) !== 0) {
      this.#isRightward[0]! ^= 1;
      const lowest = aliens[LAST]!;
      if (lowest !== 0) this.terminated = true;
      aliens.copyWithin(1, 0)[0] = lowest;
    } else for (let y = 0; y < SIDE; y++) aliens[y] = isRightward ? aliens[y]! << 1 : aliens[y]! >> 1;
    this.#endIfMet();
    this.restored();
  }

  /** The lowest alien of the column that is nearest to the cannon shoots: of the left one where two are. */
  #shootBack(): void {
    const [aliens, cannon] = [this.#aliens, this.#cannon[0]!];
    const columns = columnsOf(aliens);
    if (columns === 0) return;
    let distance = 0;
    while ((((columns << distance) | (columns >> distance)) & (1 << cannon)) === 0) distance++;
    const x = ((columns << distance) & (1 << cannon)) !== 0 ? cannon - distance : cannon + distance;
    let y = LAST;
    while (((aliens[y]! >> x) & 1) === 0) y--;
    this.#alienShot[0] = SIDE * y + x;
  }

  #hitAliens(): void {
    for (let index = 0; index < 2; index++) {
      const shot = this.#shots[index]!;
      if (shot === NONE) continue;
      const [x, y] = [shot % SIDE, Math.floor(shot / SIDE)];
      if (((this.#aliens[y]! >> x) & 1) === 0) continue;
      this.#aliens[y]! ^= 1 << x;
      this.#shots[index] = NONE;
      this.reward++;
      this.still[6 * shot + 1] = this.still[6 * shot + this.#direction] = 0;
    }
  }

  #beginWave(): void {
    this.#aliens.fill(0).fill(WAVE_ROW, 0, WAVE_ROWS);
    this.restored();
  }

  /** The channel of the direction in which the aliens go. */
  get #direction(): number {
    return this.#isRightward[0] === 1 ? 3 : 2;
  }

  protected override restored(): void {
    const [still, direction] = [this.still.fill(0), this.#direction];
    for (let y = 0; y < SIDE; y++) {
      for (let rest = this.#aliens[y]!; rest !== 0; rest &= rest - 1) {
        const place = 6 * (SIDE * y + 31 - Math.clz32(rest & -rest));
        still[place + 1] = still[place + direction] = 1;
      }
    }
  }

  protected show(cells: Uint8Array): void {
    cells[6 * (SIDE * LAST + this.#cannon[0]!)] = 1;
    for (let index = 0; index < 2; index++) if (this.#shots[index] !== NONE) cells[6 * this.#shots[index]! + 4] = 1;
    if (this.#alienShot[0] !== NONE) cells[6 * this.#alienShot[0]! + 5] = 1;
  }
}

/** The columns in which there is something in any row. */
function columnsOf(rows: Int32Array): number {
  let columns = 0;
  for (let y = 0; y < SIDE; y++) columns |= rows[y]!;
  return columns;
}

/** How many there are in all rows. */
function countOf(rows: Int32Array): number {
  let count = 0;
  for (let y = 0; y < SIDE; y++) for (let rest = rows[y]!; rest !== 0; rest &= rest - 1) count++;
  return count;
}
