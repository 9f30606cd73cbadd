// Freeway of MinAtar: a chicken crosses a road of eight lanes. board.ts says where the rules are from.

import type { Engine } from "../../engine/engine.ts";
import { Board, DOWN, LAST, type MinAtarOptions, SIDE, UP } from "./board.ts";

const LANES = 8;
/** The column in which the chicken crosses. */
const CHICKEN_X = 4;
const CHICKEN_INTERVAL = 3;
/** A car waits so many steps at most. */
const LONGEST_WAIT = 5;
const STEPS = 2500;

/** Where in `timers` what is. */
const CHICKEN_TIMER = 0;
const STEPS_LEFT = 1;

/**
 * Channels: chicken, car, and five that say where a car came from and how many steps it waits between two that it goes,
 * from 1 to 5. A crossing is worth 1, and gives every car a new speed and direction; who is hit begins anew. The
 * chicken can go in every third step, up or down. An episode has 2,501 steps, its end a termination.
 */
export class Freeway extends Board {
  /** The row of the chicken. */
  readonly #row = new Uint8Array(1);
  readonly #timers = new Int32Array(2);
  /** Of the car in each lane: its column, whether it goes to the right, how many steps it waits, and yet has to. */
  readonly #columns = new Uint8Array(LANES);
  readonly #isRightward = new Uint8Array(LANES);
  readonly #waits = new Uint8Array(LANES);
  readonly #left = new Uint8Array(LANES);
  protected readonly parts = {
    lastAction: this.lastAction,
    row: { data: this.#row, from: 1, to: LAST },
    timers: { data: this.#timers, from: -1, to: STEPS },
    columns: { data: this.#columns, from: 0, to: LAST },
    isRightward: { data: this.#isRightward, from: 0, to: 1 },
    waits: { data: this.#waits, from: 1, to: LONGEST_WAIT },
    left: { data: this.#left, from: 0, to: LONGEST_WAIT },
  };

  constructor(engine: Engine, options: MinAtarOptions = {}) {
    const trails = [0x6b2d2d, 0x61363a, 0x573f47, 0x4d4854, 0x435161];
    super({ name: "Freeway", actions: [0, UP, DOWN], colors: [0xffc857, 0x6fa8dc, ...trails] }, engine, options);
    this.#row[0] = LAST;
    this.#waits.fill(1);
  }

  protected start(): void {
    this.#row[0] = LAST;
    this.#timers[CHICKEN_TIMER] = CHICKEN_INTERVAL;
    this.#timers[STEPS_LEFT] = STEPS;
    this.#columns.fill(0);
    this.#drawCars();
  }

  #drawCars(): void {
    for (let lane = 0; lane < LANES; lane++) this.#waits[lane] = this.random.integer(LONGEST_WAIT) + 1;
    for (let lane = 0; lane < LANES; lane++) this.#isRightward[lane] = this.random.double() < 0.5 ? 0 : 1;
    this.#left.set(this.#waits);
    this.restored();
  }

  protected play(action: number): void {
    const timers = this.#timers;
    if ((action === UP || action === DOWN) && timers[CHICKEN_TIMER] === 0) {
      timers[CHICKEN_TIMER] = CHICKEN_INTERVAL;
      this.#moveChicken(action);
    }
    const isHit = this.#isHit();
    this.#moveCars();
    if (isHit || this.#isHit()) this.#row[0] = LAST;
    if (timers[CHICKEN_TIMER]! > 0) timers[CHICKEN_TIMER]!--;
    timers[STEPS_LEFT]!--;
    this.terminated = timers[STEPS_LEFT]! < 0;
  }

  #moveChicken(action: number): void {
    const row = this.#row[0]! + (action === UP ? -1 : 1);
    if (row > 0) this.#row[0] = Math.min(LAST, row);
    else {
      this.reward++;
      this.#row[0] = LAST;
      this.#drawCars();
    }
  }

  #isHit(): boolean {
    return this.#columns[this.#row[0]! - 1] === CHICKEN_X;
  }

  /** What leaves on one side comes in on the other. */
  #moveCars(): void {
    const [columns, left] = [this.#columns, this.#left];
    for (let lane = 0; lane < LANES; lane++) {
      if (left[lane]! > 0) left[lane]!--;
      else {
        left[lane] = this.#waits[lane]!;
        this.#draw(lane, 0);
        columns[lane] = beside(columns[lane]!, this.#isRightward[lane] === 1);
        this.#draw(lane, 1);
      }
    }
  }

  protected override restored(): void {
    this.still.fill(0);
    for (let lane = 0; lane < LANES; lane++) this.#draw(lane, 1);
  }

  /** Draws a car and its trail, or takes them away. */
  #draw(lane: number, value: 0 | 1): void {
    const row = 7 * SIDE * (lane + 1);
    const x = this.#columns[lane]!;
    this.still[row + 7 * x + 1] = value;
    this.still[row + 7 * beside(x, this.#isRightward[lane] === 0) + 1 + this.#waits[lane]!] = value;
  }

  protected show(cells: Uint8Array): void {
    cells[7 * (SIDE * this.#row[0]! + CHICKEN_X)] = 1;
  }
}

/** The next column on one side; beyond the edge of the board it is the one at the other edge. */
function beside(x: number, isRight: boolean): number {
  if (isRight) return x === LAST ? 0 : x + 1;
  return x === 0 ? LAST : x - 1;
}
