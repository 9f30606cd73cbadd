// Seaquest of MinAtar: a submarine with little oxygen picks up divers among fish and other submarines. board.ts says
// where the rules are from.

import type { Engine } from "../../engine/engine.ts";
import { Board, DOWN, FIRE, LAST, LEFT, type MinAtarOptions, RIGHT, SIDE, UP } from "./board.ts";

const MOST_OXYGEN = 200;
const MOST_DIVERS = 6;
/** The lowest row of the water: below it are the gauges. */
const FLOOR = LAST - 1;

const START_SPAWN_INTERVAL = 20;
const START_MOVE_INTERVAL = 5;
const LEAST_MOVE_INTERVAL = 2;
const DIVER_SPAWN_INTERVAL = 30;
const DIVER_MOVE_INTERVAL = 5;
const SHOT_INTERVAL = 5;
const ENEMY_SHOT_INTERVAL = 10;

/** Where in `timers` what is. */
const SPAWN_INTERVAL = 0;
const SPAWN_TIMER = 1;
const DIVER_TIMER = 2;
const MOVE_INTERVAL = 3;
const SHOT_TIMER = 4;
const RAMPS = 5;

/** Where in `gauges` what is. */
const OXYGEN = 0;
const DIVERS = 1;

/** Where in `flags` what is. */
const IS_RIGHTWARD = 0;
/** Whether the submarine has not dived since it last had air. */
const IS_AT_SURFACE = 1;

const CHANNELS = 10;

// A fish, a submarine, a diver or a bullet is one number: its cell, which is 10 y + x, whether it goes to the right,
// and how many steps it waits until it moves, and until it shoots.
const CELL = 0x7f;
const RIGHTWARD = 0x80;
const MOVE_SHIFT = 8;
const MOVE = 0xf << MOVE_SHIFT;
const MOVE_STEP = 1 << MOVE_SHIFT;
const SHOT = 1 << 12;
const LARGEST = ENEMY_SHOT_INTERVAL * SHOT + (START_MOVE_INTERVAL << MOVE_SHIFT) + RIGHTWARD + SIDE * SIDE - 1;

/** More of a kind than there ever are: at most one comes in a step, and it is gone after ten moves of three steps. */
const MOST_SWIMMERS = 64;
/** What stands behind the last. */
const NONE = -1;

/** All of a kind, in the order in which they came. */
class Swimmers {
  count = 0;
  readonly data = new Int32Array(MOST_SWIMMERS).fill(NONE);
  /** As a part of the state. */
  readonly part = { data: this.data, from: NONE, to: LARGEST };

  add(swimmer: number): void {
    if (this.count < MOST_SWIMMERS) this.data[this.count++] = swimmer;
  }

  /** Leaves the first `count`. */
  truncate(count: number): void {
    while (this.count > count) this.data[--this.count] = NONE;
  }

  /** Takes away the first in this cell, if there is one. @returns whether there was */
  removeAt(cell: number): boolean {
    for (let index = 0; index < this.count; index++) {
      if ((this.data[index]! & CELL) !== cell) continue;
      for (let next = index + 1; next < this.count; next++) this.data[next - 1] = this.data[next]!;
      this.truncate(this.count - 1);
      return true;
    }
    return false;
  }

  /** Whether one in this row goes the other way. */
  isAgainst(row: number, direction: number): boolean {
    for (let index = 0; index < this.count; index++) {
      const swimmer = this.data[index]!;
      if (rowOf(swimmer & CELL) === row && (swimmer & RIGHTWARD) !== direction) return true;
    }
    return false;
  }

  /** Counts what has been restored. */
  restored(): void {
    const end = this.data.indexOf(NONE);
    this.count = end < 0 ? MOST_SWIMMERS : end;
  }
}

/**
 * Channels: the front of the submarine, its back, its bullets, trails, bullets of enemies, fish, enemy submarines,
 * oxygen, divers on board, divers. An enemy that is shot is worth 1; who surfaces with six divers gets one for each
 * cell of the oxygen, up to 10. The submarine needs a diver on board to surface for oxygen, and each time the game gets
 * harder. All six actions do something.
 */
export class Seaquest extends Board {
  /** The cell of the submarine. */
  readonly #cell = new Uint8Array(1);
  readonly #flags = new Uint8Array(2);
  readonly #gauges = new Int32Array(2);
  readonly #timers = new Int32Array(6);
  readonly #shots = new Swimmers();
  readonly #enemyShots = new Swimmers();
  readonly #fish = new Swimmers();
  readonly #enemies = new Swimmers();
  readonly #divers = new Swimmers();
  protected readonly parts = {
    lastAction: this.lastAction,
    cell: { data: this.#cell, from: 0, to: SIDE * SIDE - 1 },
    flags: { data: this.#flags, from: 0, to: 1 },
    gauges: { data: this.#gauges, from: -(2 ** 31), to: MOST_OXYGEN },
    timers: { data: this.#timers, from: 0, to: DIVER_SPAWN_INTERVAL },
    shots: this.#shots.part,
    enemyShots: this.#enemyShots.part,
    fish: this.#fish.part,
    enemies: this.#enemies.part,
    divers: this.#divers.part,
  };

  constructor(engine: Engine, options: MinAtarOptions = {}) {
    const enemies = [0xffc857, 0xf08a5d, 0xe4572e];
    const colors = [0x5ec962, 0x2f8f4a, 0xffffff, "nothing", ...enemies, 0x6fa8dc, 0xc77dff, 0xc77dff] as const;
    super({ name: "Seaquest", actions: [0, LEFT, UP, RIGHT, DOWN, FIRE], colors }, engine, options);
  }

  protected start(): void {
    const timers = this.#timers;
    this.#cell[0] = 5;
    this.#flags[IS_RIGHTWARD] = 0;
    this.#flags[IS_AT_SURFACE] = 1;
    this.#gauges[OXYGEN] = MOST_OXYGEN;
    this.#gauges[DIVERS] = 0;
    timers[SPAWN_INTERVAL] = timers[SPAWN_TIMER] = START_SPAWN_INTERVAL;
    timers[DIVER_TIMER] = DIVER_SPAWN_INTERVAL;
    timers[MOVE_INTERVAL] = START_MOVE_INTERVAL;
    timers[SHOT_TIMER] = timers[RAMPS] = 0;
    for (const swimmers of [this.#shots, this.#enemyShots, this.#fish, this.#enemies, this.#divers])
      swimmers.truncate(0);
  }

  protected override restored(): void {
    for (const swimmers of [this.#shots, this.#enemyShots, this.#fish, this.#enemies, this.#divers])
      swimmers.restored();
  }

  protected play(action: number): void {
    const timers = this.#timers;
    if (timers[SPAWN_TIMER] === 0) {
      timers[SPAWN_TIMER] = timers[SPAWN_INTERVAL]!;
      this.#spawnEnemy();
    }
    if (timers[DIVER_TIMER] === 0) {
      timers[DIVER_TIMER] = DIVER_SPAWN_INTERVAL;
      const direction = this.#drawDirection();
      this.#divers.add(comingIn(this.random.integer(8) + 1, direction) + (DIVER_MOVE_INTERVAL << MOVE_SHIFT));
    }
    this.#act(action);
    this.#moveShots();
    this.#moveDivers();
    this.#moveEnemies(this.#enemies, true);
    this.#moveEnemyShots();
    this.#moveEnemies(this.#fish, false);
    for (let timer = SPAWN_TIMER; timer <= SHOT_TIMER; timer++)
      if (timer !== MOVE_INTERVAL && timers[timer]! > 0) timers[timer]!--;
    this.#breathe();
  }

  /** Whether what comes next goes to the right, as a bit. */
  #drawDirection(): number {
    return this.random.double() < 0.5 ? RIGHTWARD : 0;
  }

  /** Lets a fish, or by one in three a submarine, come in, where none goes the other way in its row. */
  #spawnEnemy(): void {
    const direction = this.#drawDirection();
    const shoots = this.random.double() < 1 / 3;
    const row = this.random.integer(8) + 1;
    if (this.#enemies.isAgainst(row, direction) || this.#fish.isAgainst(row, direction)) return;
    const enemy = comingIn(row, direction) + (this.#timers[MOVE_INTERVAL]! << MOVE_SHIFT);
    if (shoots) this.#enemies.add(enemy + ENEMY_SHOT_INTERVAL * SHOT);
    else this.#fish.add(enemy);
  }

  #act(action: number): void {
    const [cell, flags, timers] = [this.#cell[0]!, this.#flags, this.#timers];
    if (action === LEFT || action === RIGHT) {
      flags[IS_RIGHTWARD] = action === RIGHT ? 1 : 0;
      const next = advanced(cell, action === RIGHT ? RIGHTWARD : 0);
      if (next !== NONE) this.#cell[0] = next;
    } else if (action === UP) this.#cell[0] = cell < SIDE ? cell : cell - SIDE;
    else if (action === DOWN) this.#cell[0] = rowOf(cell) >= FLOOR ? cell : cell + SIDE;
    else if (action === FIRE && timers[SHOT_TIMER] === 0) {
      timers[SHOT_TIMER] = SHOT_INTERVAL;
      this.#shots.add(cell + (flags[IS_RIGHTWARD] === 1 ? RIGHTWARD : 0));
    }
  }

  #moveShots(): void {
    const { data, count } = this.#shots;
    let kept = 0;
    for (let index = 0; index < count; index++) {
      const direction = data[index]! & RIGHTWARD;
      const next = advanced(data[index]! & CELL, direction);
      if (next === NONE) continue;
      if (this.#fish.removeAt(next) || this.#enemies.removeAt(next)) this.reward++;
      else data[kept++] = next + direction;
    }
    this.#shots.truncate(kept);
  }

  #moveDivers(): void {
    const { data, count } = this.#divers;
    let kept = 0;
    for (let index = 0; index < count; index++) {
      let diver = data[index]!;
      if (this.#takesOn(diver & CELL)) continue;
      if ((diver & MOVE) === 0) {
        const next = advanced(diver & CELL, diver & RIGHTWARD);
        if (next === NONE || this.#takesOn(next)) continue;
        diver = next + (diver & RIGHTWARD) + (DIVER_MOVE_INTERVAL << MOVE_SHIFT);
      } else diver -= MOVE_STEP;
      data[kept++] = diver;
    }
    this.#divers.truncate(kept);
  }

  /** Whether a diver in this cell gets on board. */
  #takesOn(cell: number): boolean {
    if (cell !== this.#cell[0] || this.#gauges[DIVERS]! >= MOST_DIVERS) return false;
    this.#gauges[DIVERS]!++;
    return true;
  }

  #moveEnemies(swimmers: Swimmers, shoots: boolean): void {
    const { data, count } = swimmers;
    const cell = this.#cell[0];
    let kept = 0;
    for (let index = 0; index < count; index++) {
      let enemy = data[index]!;
      if ((enemy & CELL) === cell) this.terminated = true;
      if ((enemy & MOVE) === 0) {
        const next = advanced(enemy & CELL, enemy & RIGHTWARD);
        if (next === NONE) continue;
        if (next === cell) this.terminated = true;
        else if (this.#shots.removeAt(next)) {
          this.reward++;
          continue;
        }
        enemy += next - (enemy & CELL) + (this.#timers[MOVE_INTERVAL]! << MOVE_SHIFT);
      } else enemy -= MOVE_STEP;
      if (shoots && enemy < SHOT) {
        this.#enemyShots.add(enemy & (CELL + RIGHTWARD));
        enemy += ENEMY_SHOT_INTERVAL * SHOT;
      } else if (shoots) enemy -= SHOT;
      data[kept++] = enemy;
    }
    swimmers.truncate(kept);
  }

  #moveEnemyShots(): void {
    const { data, count } = this.#enemyShots;
    const cell = this.#cell[0];
    let kept = 0;
    for (let index = 0; index < count; index++) {
      const direction = data[index]! & RIGHTWARD;
      const next = advanced(data[index]! & CELL, direction);
      if ((data[index]! & CELL) === cell || next === cell) this.terminated = true;
      if (next !== NONE) data[kept++] = next + direction;
    }
    this.#enemyShots.truncate(kept);
  }

  #breathe(): void {
    const [flags, gauges] = [this.#flags, this.#gauges];
    if (gauges[OXYGEN]! <= 0) this.terminated = true;
    if (this.#cell[0]! >= SIDE) {
      gauges[OXYGEN]!--;
      flags[IS_AT_SURFACE] = 0;
    } else if (flags[IS_AT_SURFACE] === 0) {
      if (gauges[DIVERS] === 0) this.terminated = true;
      else this.#surface();
    }
  }

  #surface(): void {
    const gauges = this.#gauges;
    this.#flags[IS_AT_SURFACE] = 1;
    if (gauges[DIVERS] === MOST_DIVERS) {
      gauges[DIVERS] = 0;
      this.reward += cellsOf(gauges[OXYGEN]!);
    }
    // As in MinAtar from none as well: who has rescued six may surface from then on, until there is a diver on board.
    gauges[DIVERS]!--;
    gauges[OXYGEN] = MOST_OXYGEN;
    if (this.isRamping) this.#ramp();
  }

  #ramp(): void {
    const timers = this.#timers;
    if (timers[SPAWN_INTERVAL]! <= 1 && timers[MOVE_INTERVAL]! <= LEAST_MOVE_INTERVAL) return;
    if (timers[MOVE_INTERVAL]! > LEAST_MOVE_INTERVAL && timers[RAMPS]! % 2 === 1) timers[MOVE_INTERVAL]!--;
    if (timers[SPAWN_INTERVAL]! > 1) timers[SPAWN_INTERVAL]!--;
    timers[RAMPS]!++;
  }

  protected show(cells: Uint8Array): void {
    const cell = this.#cell[0]!;
    cells[CHANNELS * cell] = 1;
    cells[CHANNELS * (this.#flags[IS_RIGHTWARD] === 1 ? cell - 1 : cell + 1) + 1] = 1;
    const gauge = CHANNELS * SIDE * LAST;
    const oxygen = cellsOf(this.#gauges[OXYGEN]!);
    for (let x = 0; x < oxygen; x++) cells[gauge + CHANNELS * x + 7] = 1;
    for (let x = LAST - this.#gauges[DIVERS]!; x < LAST; x++) cells[gauge + CHANNELS * x + 8] = 1;
    showAll(this.#shots, cells, 2);
    showAll(this.#enemyShots, cells, 4);
    showAll(this.#fish, cells, 5, true);
    showAll(this.#enemies, cells, 6, true);
    showAll(this.#divers, cells, 9, true);
  }
}

function showAll({ data, count }: Swimmers, cells: Uint8Array, channel: number, hasTrail = false): void {
  for (let index = 0; index < count; index++) {
    const swimmer = data[index]!;
    const cell = swimmer & CELL;
    cells[CHANNELS * cell + channel] = 1;
    const back = hasTrail ? advanced(cell, ~swimmer & RIGHTWARD) : NONE;
    if (back !== NONE) cells[CHANNELS * back + 3] = 1;
  }
}

/** What comes into a row from the side. */
function comingIn(row: number, direction: number): number {
  return SIDE * row + (direction === RIGHTWARD ? 0 : LAST) + direction;
}

/** The next cell in a direction; NONE beyond the edge. */
function advanced(cell: number, direction: number): number {
  const x = cell % SIDE;
  if (direction === RIGHTWARD) return x === LAST ? NONE : cell + 1;
  return x === 0 ? NONE : cell - 1;
}

function rowOf(cell: number): number {
  return Math.floor(cell / SIDE);
}

/** The cells of the gauge. */
function cellsOf(oxygen: number): number {
  return Math.floor((Math.max(0, oxygen) * SIDE) / MOST_OXYGEN);
}
