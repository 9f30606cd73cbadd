// Environments whose state is how they came to be: the random numbers with which an episode began, and the actions
// since. planck's world (contacts with their impulses, a tree of boxes, the order of lists) has no form that could be
// written and read; an episode that begins and is acted on in the same way is the same to the last bit.

import { EnvironmentError, FileFormatError } from "../../base/errors.ts";
import { anyState } from "../../base/ranges.ts";
import { type DataOf, type DataType, dataTypes, sizeOf } from "../../base/spec.ts";
import { fields } from "../../base/state.ts";
import type { Box } from "../../spaces/box.ts";
import type { StepResult } from "../env.ts";
import { type Part, Simulation } from "../simulation.ts";

/** Actions that there is room for at first, which is what a LunarLander may take. */
const ROOM = 1000;

/**
 * An environment over a world of planck.
 * @typeParam Action what an action is
 */
export abstract class Replayed<Action extends number | Float32Array> extends Simulation<Action> {
  abstract override readonly observationSpace: Box;
  protected readonly parts: Readonly<Record<string, Part>> = {};
  /** The random numbers as the episode began; null before the first. */
  #start: object | null = null;
  /** Room for the actions since, one after the other. */
  #room: DataOf<DataType> = new Float32Array(0);
  /** How many numbers of it are there. */
  #length = 0;

  /** Makes the world in which an episode begins, of the random numbers and of nothing else. */
  protected abstract build(): void;

  /** Takes a step, and says what it came to in `reward` and `terminated`. */
  protected abstract act(action: Action): void;

  protected begin(): void {
    this.#start = this.random.state();
    this.#length = 0;
    this.build();
  }

  protected advance(action: Action): void {
    const size = sizeOf(this.actionSpace.shape);
    if (this.#length + size > this.#room.length) {
      const room = new dataTypes[this.actionSpace.dtype].array(Math.max(ROOM * size, 2 * this.#room.length));
      room.set(this.#room);
      this.#room = room;
    }
    if (typeof action === "number") this.#room[this.#length] = action;
    else this.#room.set(action, this.#length);
    this.#length += size;
    this.act(action);
  }

  /** It grows with the episode, by an action a step. */
  override state(): object {
    const actions = new dataTypes[this.actionSpace.dtype].array(this.#room.subarray(0, this.#length));
    return { ...super.state(), start: this.#start, actions };
  }

  /** Begins the episode anew and takes its steps again. @throws FileFormatError for what `state` did not give */
  override restore(state: unknown): void {
    const { shape, dtype } = this.actionSpace;
    const size = sizeOf(shape);
    const length = size * Math.floor((Object(Object(state).actions).length ?? 0) / size);
    const { start, actions, ...rest } = fields(state, {
      ...{ phase: anyState, random: anyState, start: anyState },
      actions: { kind: "array", dtype, length },
    });
    const before = this.state();
    super.restore(rest);
    this.#start = null;
    this.#length = 0;
    if (start === null) return;
    try {
      this.random.restore(start);
      this.#replay(actions);
    } catch (error) {
      this.restore(before);
      throw error instanceof EnvironmentError ? new FileFormatError(`actions: ${error.message}`) : error;
    }
  }

  #replay(actions: DataOf<DataType>): void {
    const { shape } = this.actionSpace;
    const size = sizeOf(shape);
    const observation = this.reset();
    const into: StepResult = { observation, reward: 0, terminated: false, truncated: false };
    for (let at = 0; at < actions.length; at += size)
      this.step((shape.length === 0 ? actions[at] : actions.subarray(at, at + size)) as Action, into);
  }
}
