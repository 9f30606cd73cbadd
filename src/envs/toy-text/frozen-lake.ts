// FrozenLake-v1 and FrozenLake8x8-v1: over slippery ice from start to goal, past its holes. The same seed and actions
// give Gymnasium's own episodes.

import { ConfigurationError } from "../../base/errors.ts";
import { boolean, checkValue, shown } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Scene, SceneShape } from "../scene.ts";
import type { SimulationOptions } from "../simulation.ts";
import { disc, middleOf, square, walker, word } from "./board.ts";
import { type Board, GridWorld } from "./grid-world.ts";

/** S is the start, F frozen, H a hole, G the goal. */
const maps = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const;

/** Left, down, right, up. */
const moves: Board["moves"] = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

const SUCCESS = 1 / 3;
const FAILURE = (1 - SUCCESS) / 2;

/** What a FrozenLake is made with. */
export interface FrozenLakeOptions extends SimulationOptions {
  /** One of Gymnasium's, or rows of one length of S, F, H and G, of which S is there once: "4x4" unless given. */
  readonly map?: keyof typeof maps | readonly string[];
  /** Whether the walker goes to either side of where it means to as often as there: true unless given. */
  readonly isSlippery?: boolean;
}

/**
 * Observations: where the walker is, row times columns plus column. Actions: 0 goes left, 1 down, 2 right, 3 up. To
 * arrive at the goal is worth 1, all else 0; goal and holes end the episode.
 */
export class FrozenLake extends GridWorld {
  readonly #squares: string;

  /** @throws ConfigurationError for options that are none */
  constructor(engine: Engine, options: FrozenLakeOptions = {}) {
    const { map = "4x4", isSlippery = true } = options;
    const id = map === "8x8" ? "FrozenLake8x8-v1" : "FrozenLake-v1";
    const rows = rowsOf(id, map);
    const squares = rows.join("");
    const [columns, start] = [squares.length / rows.length, squares.indexOf("S")];
    const turns = isSlippery ? ([FAILURE, FAILURE + SUCCESS] as const) : ([0, 1] as const);
    super(id, engine, options, ["map", "isSlippery"], { rows: rows.length, columns, start, moves, turns });
    checkValue(`${id}: isSlippery`, boolean, isSlippery);
    this.#squares = squares;
  }

  protected arrive(square: number): number {
    const kind = this.#squares[square];
    this.reward = kind === "G" ? 1 : 0;
    this.terminated = kind === "G" || kind === "H";
    return square;
  }

  render(): Scene {
    const { rows, columns } = this.board;
    const middle = (index: number) => middleOf(Math.floor(index / columns), index % columns, rows);
    const kinds = [...this.#squares];
    const shapes: SceneShape[] = kinds.map((_, index) => square(middle(index), "#d6eaf8"));
    for (const [index, kind] of kinds.entries()) {
      if (kind === "H") shapes.push(disc(middle(index), 0.36, "#1f4e79"));
      else if (kind !== "F") shapes.push(word(middle(index), kind));
    }
    shapes.push(...walker(middle(this.square)));
    return { view: { left: 0, bottom: 0, right: columns, top: rows }, background: "#ffffff", shapes };
  }
}

function rowsOf(id: string, map: unknown): readonly string[] {
  const rows: unknown = typeof map === "string" && Object.hasOwn(maps, map) ? maps[map as keyof typeof maps] : map;
  const isBoard = Array.isArray(rows) && rows.every((row) => /^[SFHG]+$/.test(row) && row.length === rows[0].length);
  if (isBoard && rows.join("").split("S").length === 2) return rows;
  throw new ConfigurationError(
    `${id}: map: ${shown(map)} is not ${Object.keys(maps).join(" or ")} or rows of one length of S, F, H and G with one S`,
  );
}
