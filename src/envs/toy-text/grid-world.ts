// A walk over the squares of a board: what FrozenLake and CliffWalking have in common. A seed gives Gymnasium's own
// episodes: one random number is drawn for each beginning and each step, whether anything depends on it or not.

import type { Engine } from "../../engine/engine.ts";
import { Discrete } from "../../spaces/discrete.ts";
import { type Part, Simulation, type SimulationOptions } from "../simulation.ts";

/** What one walks on. */
export interface Board {
  /** Squares from top to bottom. */
  readonly rows: number;
  /** Squares from left to right. */
  readonly columns: number;
  /** The square where an episode begins. */
  readonly start: number;
  /** Rows and columns by which each action goes, in the order of a turn to one side. */
  readonly moves: readonly (readonly [rows: number, columns: number])[];
  /**
   * Below the first of them a random number turns the walker to the action before, and from the second on to the action
   * after: [0, 1] where it goes where it means to.
   */
  readonly turns: readonly [before: number, after: number];
}

/** Observations: row times columns plus column. Actions: four directions. */
export abstract class GridWorld extends Simulation<number, number> {
  readonly observationSpace: Discrete;
  readonly actionSpace = new Discrete(4);
  protected readonly parts: Readonly<Record<string, Part>>;
  /** What it is a walk on. */
  protected readonly board: Board;
  readonly #square = new Int32Array(1);

  constructor(id: string, engine: Engine, options: SimulationOptions, optionNames: readonly string[], board: Board) {
    super(id, engine, options, optionNames);
    const squares = board.rows * board.columns;
    this.board = board;
    this.observationSpace = new Discrete(squares);
    this.parts = { square: { data: this.#square, from: 0, to: squares - 1 } };
  }

  /** Where the walker is. */
  protected get square(): number {
    return this.#square[0] as number;
  }

  /** Says in `reward` and `terminated` what it came to that the walker went to a square, and where that leaves it. */
  protected abstract arrive(square: number): number;

  protected begin(): void {
    this.random.double();
    this.#square[0] = this.board.start;
  }

  protected advance(action: number): void {
    const { rows, columns, moves, turns } = this.board;
    const chance = this.random.double();
    const turn = chance < turns[0] ? -1 : chance < turns[1] ? 0 : 1;
    const [down, right] = moves[(action + turn) & 3] as readonly [number, number];
    const column = this.square % columns;
    const row = (this.square - column) / columns;
    const nextRow = Math.min(Math.max(row + down, 0), rows - 1);
    const nextColumn = Math.min(Math.max(column + right, 0), columns - 1);
    this.#square[0] = this.arrive(nextRow * columns + nextColumn);
  }

  protected observe(): number {
    return this.square;
  }
}
