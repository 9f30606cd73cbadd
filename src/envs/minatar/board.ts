// What the games of MinAtar have in common (Young and Tian, 2019, arXiv 1903.03176): a board of 10 x 10 cells with a
// channel for each kind of thing, six actions, and actions that stick. The games follow the rules that the paper and
// the README of MinAtar tell, in the order of gymnax's ports (Apache-2.0); no line is of MinAtar's own source. They are
// held against MinAtar 1.0.15, run as a package (test/fixtures/minatar-games.py).

import { checkValue } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Scene } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";

/** What a game of MinAtar is made with. */
export interface MinAtarOptions extends SimulationOptions {
  /** Whether only the actions that do something are there, as in the ids that end with -v1: true unless given. */
  readonly minimalActions?: boolean;
  /** How probable it is that a step repeats the last action in place of the one it is given: 0.1 unless given. */
  readonly stickyActionProbability?: number;
  /** Whether the game gets harder as it goes on; Breakout and Freeway never do: true unless given. */
  readonly difficultyRamping?: boolean;
}

/** What a game is. */
interface Game {
  /** The name of its class. */
  readonly name: string;
  /** Those of the six actions that do something. */
  readonly actions: readonly number[];
  /**
   * What is shown of each channel in pictures, as 0xrrggbb, and "nothing" for those that say of others where they go.
   * Where several are on, the first is seen.
   */
  readonly colors: readonly (number | "nothing")[];
}

/** Cells of a row, and rows of a board. */
export const SIDE = 10;
/** The last column and the last row. */
export const LAST = SIDE - 1;

export const LEFT = 1;
export const UP = 2;
export const RIGHT = 3;
export const DOWN = 4;
export const FIRE = 5;
const ALL_ACTIONS = [0, LEFT, UP, RIGHT, DOWN, FIRE];

const BACKGROUND = 0x14161a;

/**
 * A game of MinAtar. Observations [10, 10, channels] of uint8: 1 in a cell where there is something of the channel's
 * kind, else 0. Actions: with all of them 0 does nothing, 1 goes left, 2 up, 3 right, 4 down, and 5 fires; with the
 * minimal ones those of them that do something in the game, in this order.
 */
export abstract class Board extends Simulation<number, Uint8Array> {
  readonly observationSpace: Box<"uint8">;
  readonly actionSpace: Discrete;
  /** Whether the game gets harder. */
  protected readonly isRamping: boolean;
  /** [10, 10, channels]: what changes seldom, to be drawn when it does; the rest is drawn on top at each step. */
  protected readonly still: Uint8Array;
  /** The last action, of the six, which is repeated where actions stick. An episode begins with none. */
  protected readonly lastAction = { data: new Uint8Array(1), from: 0, to: FIRE };
  readonly #actions: readonly number[];
  readonly #stickiness: number;
  readonly #colors: Game["colors"];

  /** @throws ConfigurationError for an unknown option, or one that is out of its range */
  constructor({ name, actions, colors }: Game, engine: Engine, options: MinAtarOptions) {
    const { minimalActions = true, stickyActionProbability = 0.1, difficultyRamping = true } = options;
    const id = `MinAtar/${name}-v${minimalActions ? 1 : 0}`;
    super(id, engine, options, ["minimalActions", "stickyActionProbability", "difficultyRamping"]);
    checkValue(`${id}: minimalActions`, { kind: "boolean" }, minimalActions);
    checkValue(`${id}: stickyActionProbability`, { kind: "number", from: 0, to: 1 }, stickyActionProbability);
    checkValue(`${id}: difficultyRamping`, { kind: "boolean" }, difficultyRamping);
    this.#actions = minimalActions ? actions : ALL_ACTIONS;
    this.#stickiness = stickyActionProbability;
    this.#colors = colors;
    this.isRamping = difficultyRamping;
    this.observationSpace = new Box(0, 1, [SIDE, SIDE, colors.length], "uint8");
    this.still = this.observationSpace.empty();
    this.actionSpace = new Discrete(this.#actions.length);
  }

  /** Begins a game. */
  protected abstract start(): void;

  /** Takes a step, of which `reward` and `terminated` say nothing yet. @param action one of the six */
  protected abstract play(action: number): void;

  /** Shows what is not `still`. @param cells [10, 10, channels] */
  protected abstract show(cells: Uint8Array): void;

  protected begin(): void {
    this.lastAction.data[0] = 0;
    this.start();
  }

  protected advance(action: number): void {
    const { data } = this.lastAction;
    const isRepeated = this.#stickiness > 0 && this.random.double() < this.#stickiness;
    const taken = (isRepeated ? data[0] : this.#actions[action]) as number;
    data[0] = taken;
    this.reward = 0;
    this.terminated = false;
    this.play(taken);
  }

  protected observe(into: Uint8Array): Uint8Array {
    into.set(this.still);
    this.show(into);
    return into;
  }

  /** The board as a picture of 10 x 10 pixels, each of the colour of the foremost thing in its cell. */
  render(): Scene {
    const cells = this.observe(this.observationSpace.empty() as Uint8Array);
    const channels = this.#colors.length;
    const pixels = new Uint8Array(SIDE * SIDE * 3);
    for (let cell = 0; cell < SIDE * SIDE; cell++) {
      const seen = this.#colors.find((color, channel) => color !== "nothing" && cells[cell * channels + channel] === 1);
      const color = (seen ?? BACKGROUND) as number;
      pixels.set([color >> 16, (color >> 8) & 255, color & 255], 3 * cell);
    }
    const view = { left: 0, bottom: 0, right: SIDE, top: SIDE };
    return { view, shapes: [{ kind: "image", width: SIDE, height: SIDE, columns: SIDE, pixels }] };
  }
}
