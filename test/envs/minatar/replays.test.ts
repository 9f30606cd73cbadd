// Whole episodes of MinAtar 1.0.15 (test/fixtures/minatar-games.py): given the random numbers that it drew, every
// observation, reward and end has to be its own.

import { describe, expect, it } from "vitest";
import { PCG64 } from "../../../src/engine/random.ts";
import { Engine } from "../../../src/index.ts";
import fixture from "../../fixtures/minatar-games.json" with { type: "json" };
import { games, names } from "./games.ts";

type Replay = [
  sticky: 0 | 1,
  ramping: 0 | 1,
  begin: string,
  actions: string,
  draws: string,
  checks: string,
  checksum: number,
  total: number,
  terminal: 0 | 1,
];

const engine = await Engine.create();

/** Random numbers that are those recorded, one digit each. */
class Recorded extends PCG64 {
  digits = "";
  #next = 0;

  #digit(): number {
    return Number.parseInt(this.digits[this.#next++] ?? "none is left", 36);
  }

  give(digits: string): void {
    this.digits += digits;
  }

  get left(): number {
    return this.digits.length - this.#next;
  }

  override double(): number {
    return (this.#digit() + 0.5) / 30;
  }

  override integer(bound: number): number {
    const digit = this.#digit();
    expect(digit).toBeLessThan(bound);
    return digit;
  }
}

function mixed(checksum: number, value: number): number {
  return Math.imul(checksum ^ value, 16777619);
}

function mixedCells(checksum: number, cells: Uint8Array): number {
  let result = checksum;
  for (const [index, cell] of cells.entries()) if (cell === 1) result = mixed(result, index);
  return result;
}

describe.each(names)("%s", (name) => {
  const replays = fixture[name].replays as unknown as Replay[];

  it.each(replays.map((replay, index) => [index, ...replay] as const))("is MinAtar's in episode %i", (...replay) => {
    const [, sticky, ramping, begin, actions, draws, checks, checksum, total, terminal] = replay;
    const random = new Recorded(engine, 1);
    const options = { minimalActions: false, stickyActionProbability: sticky / 10, difficultyRamping: ramping === 1 };
    const env = new games[name](engine, options);
    Object.assign(env, { random });
    random.give(begin + draws);
    const observation = env.reset();
    expect(random.left).toBe(draws.length);
    let [actual, sum, ended] = [mixedCells(2166136261, observation), 0, false];
    for (const [t, action] of [...actions].entries()) {
      const { reward, terminated } = env.step(Number(action), {
        observation,
        reward: 0,
        terminated: false,
        truncated: false,
      });
      actual = mixed(mixed(mixedCells(actual, observation), 2000 + reward), terminated ? 3001 : 3000);
      expect((actual >>> 27).toString(36), `step ${t}`).toBe(checks[t]);
      [sum, ended] = [sum + reward, terminated];
    }
    expect([actual >>> 0, sum, ended, random.left]).toEqual([checksum, total, terminal === 1, 0]);
  });
});
