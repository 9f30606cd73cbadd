// CliffWalking-v1 and CliffWalkingSlippery-v1: along a cliff from one end to the other (Sutton and Barto, 2018,
// example 6.6). The same seed and actions give Gymnasium's own episodes.

import { boolean, checkValue } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Scene, SceneShape } from "../scene.ts";
import type { SimulationOptions } from "../simulation.ts";
import { middleOf, square, walker, word } from "./board.ts";
import { type Board, GridWorld } from "./grid-world.ts";

const ROWS = 4;
const COLUMNS = 12;
const START = 36;
const GOAL = 47;

const firm: Board = {
  ...{ rows: ROWS, columns: COLUMNS, start: START },
  moves: [
    [-1, 0],
    [0, 1],
    [1, 0],
    [0, -1],
  ],
  turns: [0, 1],
};
// The sums that Gymnasium compares with, rounding included.
const slippery: Board = { ...firm, turns: [1 / 3, 1 / 3 + 1 / 3] };

/** What a CliffWalking is made with. */
export interface CliffWalkingOptions extends SimulationOptions {
  /** Whether the walker goes to either side of where it means to as often as there: false unless given. */
  readonly isSlippery?: boolean;
}

/**
 * Observations: where the walker is, row * 12 + column, of which 36 is the start and 47 the goal. Actions: 0 goes up, 1
 * right, 2 down, 3 left. Each step is worth -1; the squares between start and goal are a cliff, from which the walker
 * falls back to the start at -100.
 */
export class CliffWalking extends GridWorld {
  /** @throws ConfigurationError for options that are none */
  constructor(engine: Engine, options: CliffWalkingOptions = {}) {
    const { isSlippery = false } = options;
    const id = isSlippery === true ? "CliffWalkingSlippery-v1" : "CliffWalking-v1";
    super(id, engine, options, ["isSlippery"], isSlippery ? slippery : firm);
    checkValue(`${id}: isSlippery`, boolean, isSlippery);
  }

  protected arrive(square: number): number {
    const falls = square > START && square < GOAL;
    this.reward = falls ? -100 : -1;
    this.terminated = square === GOAL;
    return falls ? START : square;
  }

  render(): Scene {
    const middle = (index: number) => middleOf(Math.floor(index / COLUMNS), index % COLUMNS, ROWS);
    const shapes: SceneShape[] = Array.from({ length: ROWS * COLUMNS }, (_, index) =>
      square(middle(index), index > START && index < GOAL ? "#4d3319" : "#a8d08d"),
    );
    shapes.push(word(middle(START), "S"), word(middle(GOAL), "G"), ...walker(middle(this.square)));
    return { view: { left: 0, bottom: 0, right: COLUMNS, top: ROWS }, shapes };
  }
}
