// Boards of MinAtar as text, and games that go on from a state of one's own.

import type { Board } from "../../../src/envs/minatar/board.ts";

interface Observing {
  observe(into: Uint8Array): Uint8Array;
}

/** What is seen now, as rows of a letter for each cell: that of the first channel that is on, or a dot. */
export function drawn(env: Board, letters: string): string[] {
  const channels = env.observationSpace.shape[2] as number;
  const cells = (env as unknown as Observing).observe(env.observationSpace.empty());
  return Array.from({ length: 10 }, (_, y) =>
    Array.from({ length: 10 }, (_, x) => {
      const place = channels * (10 * y + x);
      return [...letters].find((letter, channel) => letter !== " " && cells[place + channel] === 1) ?? ".";
    }).join(""),
  );
}

/** Puts other numbers into the state, each part as a list. */
export function changed(env: Board, parts: Readonly<Record<string, readonly number[]>>): void {
  const state = env.state() as Record<string, Int32Array | Uint8Array>;
  for (const [name, numbers] of Object.entries(parts)) {
    const part = state[name] as Int32Array | Uint8Array;
    part.set(numbers);
  }
  env.restore(state);
}

/** One part of the state. */
export function partOf(env: Board, name: string): number[] {
  return [...(env.state() as Record<string, Int32Array | Uint8Array>)[name]!];
}

/** The sum of the rewards of some actions, and whether the last ended the episode. */
export function taken(env: Board, ...actions: number[]): [reward: number, terminated: boolean] {
  let [total, ended] = [0, false];
  for (const action of actions) {
    const { reward, terminated } = env.step(action);
    [total, ended] = [total + reward, terminated];
  }
  return [total, ended];
}
