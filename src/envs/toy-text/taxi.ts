// Taxi-v4: a taxi fetches a passenger and takes them where they want to go (Dietterich, 2000). The same seed and
// actions give Gymnasium's own episodes.

import type { Engine } from "../../engine/engine.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Point, Scene, SceneShape } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { disc, middleOf, rectangle, square, stroke, word } from "./board.ts";

const SIDE = 5;
const STATES = 500;
/** A colon is a way from one square to the next, a bar a wall. */
const MAP = ["R: | : :G", " : | : : ", " : : : : ", " | : | : ", "Y| : |B: "] as const;
/** The squares, row * 5 + column, where passengers wait and want to go. */
const STOPS = [0, 4, 20, 23] as const;
const STOP_NAMES = ["R", "G", "Y", "B"] as const;
const STOP_COLORS = ["#f1948a", "#82e0aa", "#f7dc6f", "#85c1e9"] as const;
/** Where a passenger is who is in the taxi. */
const ABOARD = 4;

/** Whether there is a way from each square to that east of it. */
const opensEast = Uint8Array.from({ length: SIDE * SIDE }, (_, square) =>
  MAP[Math.floor(square / SIDE)]?.[2 * (square % SIDE) + 1] === ":" ? 1 : 0,
);

/** Sums of the chances of the states up to each: all are alike in which a passenger waits who wants to go elsewhere. */
const chances = new Float64Array(STATES);
for (let state = 0, sum = 0; state < STATES; state++) {
  const passenger = Math.floor(state / 4) % 5;
  if (passenger !== ABOARD && passenger !== state % 4) sum += 1 / 300;
  chances[state] = sum;
}

const squareOf = (state: number) => Math.floor(state / 20);
const passengerOf = (state: number) => Math.floor(state / 4) % 5;
const destinationOf = (state: number) => state % 4;

/** Which actions do anything, of each state: bit i is that of action i. */
const masks = Uint8Array.from({ length: STATES }, (_, state) => {
  const square = squareOf(state);
  const passenger = passengerOf(state);
  const allowed = [
    square < SIDE * (SIDE - 1),
    square >= SIDE,
    opensEast[square] === 1,
    square % SIDE > 0 && opensEast[square - 1] === 1,
    STOPS[passenger] === square,
    passenger === ABOARD && STOPS.includes(square as (typeof STOPS)[number]),
  ];
  return allowed.reduce((mask, isAllowed, action) => mask | (+isAllowed << action), 0);
});

/**
 * Observations: ((row * 5 + column) * 5 + passenger) * 4 + destination, where a passenger waits at one of four stops or
 * is in the taxi, which is 4. Actions: 0 drives south, 1 north, 2 east, 3 west, 4 picks the passenger up, 5 drops them
 * off. Each step is worth -1, one at which nobody can be picked up or dropped off -10, and arriving 20, which ends the
 * episode. Masks forbid what changes nothing.
 */
export class Taxi extends Simulation<number, number> {
  readonly observationSpace = new Discrete(STATES);
  readonly actionSpace = new Discrete(6);
  readonly #state = new Int32Array(1);
  protected readonly parts = { state: { data: this.#state, from: 0, to: STATES - 1 } };

  /** @throws ConfigurationError for options that are none */
  constructor(engine: Engine, options: SimulationOptions = {}) {
    super("Taxi-v4", engine, options);
  }

  protected begin(): void {
    const chance = this.random.double();
    let [low, high] = [0, STATES - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((chances[middle] as number) > chance) high = middle;
      else low = middle + 1;
    }
    // Beyond the last sum, which is 1 but for rounding, Gymnasium takes the first state.
    this.#state[0] = (chances[low] as number) > chance ? low : 0;
  }

  protected advance(action: number): void {
    // Gymnasium draws one though there is one outcome.
    this.random.double();
    const state = this.#state[0] as number;
    const destination = destinationOf(state);
    let square = squareOf(state);
    let passenger = passengerOf(state);
    this.reward = -1;
    this.terminated = false;
    if (((masks[state] as number) >> action) & 1) {
      if (action === 0) square += SIDE;
      else if (action === 1) square -= SIDE;
      else if (action === 2) square++;
      else if (action === 3) square--;
      else if (action === 4) passenger = ABOARD;
      else {
        passenger = STOPS.indexOf(square as (typeof STOPS)[number]);
        this.terminated = passenger === destination;
        if (this.terminated) this.reward = 20;
      }
    } else if (action >= 4) this.reward = -10;
    this.#state[0] = (square * 5 + passenger) * 4 + destination;
  }

  protected observe(): number {
    return this.#state[0] as number;
  }

  actionMask(into: Uint8Array = new Uint8Array(6)): Uint8Array {
    const mask = masks[this.#state[0] as number] as number;
    for (let action = 0; action < 6; action++) into[action] = (mask >> action) & 1;
    return into;
  }

  render(): Scene {
    const state = this.#state[0] as number;
    const middle = (square: number): Point => middleOf(Math.floor(square / SIDE), square % SIDE, SIDE);
    const shapes: SceneShape[] = Array.from({ length: SIDE * SIDE }, (_, index) => square(middle(index), "#eeeeee"));
    for (const [index, stop] of STOPS.entries())
      shapes.push(square(middle(stop), STOP_COLORS[index] as string), word(middle(stop), STOP_NAMES[index] as string));
    for (const [index, opens] of opensEast.entries()) {
      const [x, y] = middle(index);
      if (opens === 0 && index % SIDE < SIDE - 1)
        shapes.push(stroke([x + 0.5, y - 0.5], [x + 0.5, y + 0.5], 0.08, "#333333"));
    }
    const [x, y] = middle(squareOf(state));
    const passenger = passengerOf(state);
    const [waitingX, waitingY] = passenger === ABOARD ? [x, y] : middle(STOPS[passenger] as number);
    const [goalX, goalY] = middle(STOPS[destinationOf(state)] as number);
    shapes.push(
      rectangle([goalX, goalY - 0.38], 0.7, 0.12, "#8e44ad"),
      rectangle([x, y], 0.7, 0.4, "#f39c12"),
      disc([x - 0.2, y - 0.22], 0.09, "#333333"),
      disc([x + 0.2, y - 0.22], 0.09, "#333333"),
      disc([waitingX + 0.22, waitingY + 0.25], 0.12, "#1f3a93"),
    );
    return { view: { left: 0, bottom: 0, right: SIDE, top: SIDE }, shapes };
  }
}
