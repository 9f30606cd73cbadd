// Asterix of MinAtar: enemies and gold come from the sides, gold is collected, enemies are fatal. board.ts says where
// the rules are from.

import type { Engine } from "../../engine/engine.ts";
import { Board, DOWN, LAST, LEFT, type MinAtarOptions, RIGHT, SIDE, UP } from "./board.ts";

const NOTHING = 0;
const ENEMY = 1;
const GOLD = 2;

/** The rows below the uppermost and above the lowest, each with room for one enemy or piece of gold. */
const LANES = 8;

/** Where in `timers` what is. */
const SPAWN_INTERVAL = 0;
const SPAWN_TIMER = 1;
const MOVE_INTERVAL = 2;
const MOVE_TIMER = 3;
const RAMP_TIMER = 4;
const RAMPS = 5;

const START_SPAWN_INTERVAL = 10;
const START_MOVE_INTERVAL = 5;
const RAMP_INTERVAL = 100;

/**
 * Channels: player, enemy, trail, gold; a trail is where something came from. Gold is worth 1. The player may go to the
 * eight rows in the middle, and all but fire does something. Every 102 steps more comes, and every second time it comes
 * faster.
 */
export class Asterix extends Board {
  /** Column and row of the player. */
  readonly #player = new Uint8Array(2);
  /** What is in each lane, in which column, and whether it goes to the right. */
  readonly #kinds = new Uint8Array(LANES);
  readonly #columns = new Uint8Array(LANES);
  readonly #isRightward = new Uint8Array(LANES);
  readonly #timers = new Int32Array(6);
  protected readonly parts = {
    lastAction: this.lastAction,
    player: { data: this.#player, from: 0, to: LAST },
    kinds: { data: this.#kinds, from: NOTHING, to: GOLD },
    columns: { data: this.#columns, from: 0, to: LAST },
    isRightward: { data: this.#isRightward, from: 0, to: 1 },
    timers: { data: this.#timers, from: -1, to: RAMP_INTERVAL },
  };

  constructor(engine: Engine, options: MinAtarOptions = {}) {
    const colors = [0x5ec962, 0xe4572e, 0x5b3a36, 0xffc857];
    super({ name: "Asterix", actions: [0, LEFT, UP, RIGHT, DOWN], colors }, engine, options);
  }

  protected start(): void {
    this.#player.fill(5);
    this.#kinds.fill(NOTHING);
    const timers = this.#timers;
    timers[SPAWN_INTERVAL] = timers[SPAWN_TIMER] = START_SPAWN_INTERVAL;
    timers[MOVE_INTERVAL] = timers[MOVE_TIMER] = START_MOVE_INTERVAL;
    timers[RAMP_TIMER] = RAMP_INTERVAL;
    timers[RAMPS] = 0;
  }

  protected play(action: number): void {
    const timers = this.#timers;
    if (timers[SPAWN_TIMER] === 0) {
      timers[SPAWN_TIMER] = timers[SPAWN_INTERVAL]!;
      this.#spawn();
    }
    this.#movePlayer(action);
    this.#touch();
    if (timers[MOVE_TIMER] === 0) {
      timers[MOVE_TIMER] = timers[MOVE_INTERVAL]!;
      this.#moveAll();
      this.#touch();
    }
    timers[SPAWN_TIMER]!--;
    timers[MOVE_TIMER]!--;
    if (this.isRamping) this.#ramp();
  }

  /** Lets an enemy, or by one in three gold, come into a lane that is free. */
  #spawn(): void {
    const kinds = this.#kinds;
    const isRightward = this.random.double() < 0.5;
    const kind = this.random.double() < 1 / 3 ? GOLD : ENEMY;
    let free = 0;
    for (let lane = 0; lane < LANES; lane++) if (kinds[lane] === NOTHING) free++;
    if (free === 0) return;
    let before = this.random.integer(free);
    let lane = 0;
    while (kinds[lane] !== NOTHING || before-- > 0) lane++;
    kinds[lane] = kind;
    this.#columns[lane] = isRightward ? 0 : LAST;
    this.#isRightward[lane] = isRightward ? 1 : 0;
  }

  #movePlayer(action: number): void {
    const player = this.#player;
    const [x, y] = [player[0]!, player[1]!];
    if (action === LEFT) player[0] = Math.max(0, x - 1);
    else if (action === RIGHT) player[0] = Math.min(LAST, x + 1);
    else if (action === UP) player[1] = Math.max(1, y - 1);
    else if (action === DOWN) player[1] = Math.min(LANES, y + 1);
  }

  /** What happens where the player and something else are in one cell. */
  #touch(): void {
    const lane = this.#player[1]! - 1;
    if (this.#kinds[lane] === NOTHING || this.#columns[lane] !== this.#player[0]) return;
    if (this.#kinds[lane] === ENEMY) this.terminated = true;
    else {
      this.#kinds[lane] = NOTHING;
      this.reward++;
    }
  }

  #moveAll(): void {
    for (let lane = 0; lane < LANES; lane++) {
      const isRightward = this.#isRightward[lane] === 1;
      // What has gone beyond the last column is gone.
      if (this.#columns[lane] === (isRightward ? LAST : 0)) this.#kinds[lane] = NOTHING;
      else this.#columns[lane]! += isRightward ? 1 : -1;
    }
  }

  #ramp(): void {
    const timers = this.#timers;
    if (timers[SPAWN_INTERVAL]! <= 1 && timers[MOVE_INTERVAL]! <= 1) return;
    if (timers[RAMP_TIMER]! >= 0) {
      timers[RAMP_TIMER]!--;
      return;
    }
    if (timers[MOVE_INTERVAL]! > 1 && timers[RAMPS]! % 2 === 1) timers[MOVE_INTERVAL]!--;
    if (timers[SPAWN_INTERVAL]! > 1) timers[SPAWN_INTERVAL]!--;
    timers[RAMPS]!++;
    timers[RAMP_TIMER] = RAMP_INTERVAL;
  }

  protected show(cells: Uint8Array): void {
    cells[4 * (SIDE * this.#player[1]! + this.#player[0]!)] = 1;
    for (let lane = 0; lane < LANES; lane++) {
      const kind = this.#kinds[lane];
      if (kind === NOTHING) continue;
      const x = this.#columns[lane]!;
      const row = 4 * SIDE * (lane + 1);
      cells[row + 4 * x + (kind === ENEMY ? 1 : 3)] = 1;
      const back = this.#isRightward[lane] === 1 ? x - 1 : x + 1;
      if (back >= 0 && back <= LAST) cells[row + 4 * back + 2] = 1;
    }
  }
}
