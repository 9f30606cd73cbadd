// The rules of MinAtar on small boards: how things come, move, meet, score, and get harder.

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine } from "../../../src/index.ts";
import { changed, drawn, partOf, taken } from "./boards.ts";
import { games } from "./games.ts";

const engine = await Engine.create();
const [NOTHING, LEFT, UP, RIGHT, DOWN, FIRE] = [0, 1, 2, 3, 4, 5] as const;

/** With all six actions, none of which sticks. */
function game(name: keyof typeof games, difficultyRamping = true) {
  const env = new games[name](engine, { minimalActions: false, stickyActionProbability: 0, difficultyRamping });
  env.reset({ seed: 1 });
  return env;
}

describe("Asterix", () => {
  const [ENEMY, GOLD] = [1, 2];

  it("begins with the player in the middle, who stays within the eight lanes", () => {
    const env = game("Asterix");
    expect(drawn(env, "PETG")[5]).toBe(".....P....");
    taken(env, ...Array(9).fill(UP));
    expect(partOf(env, "player")).toEqual([5, 1]);
    const lower = game("Asterix");
    taken(lower, ...Array(5).fill(DOWN), ...Array(5).fill(LEFT));
    expect(partOf(lower, "player")).toEqual([0, 8]);
  });

  it("collects gold for 1, when the player goes there and when it comes", () => {
    const env = game("Asterix");
    changed(env, { kinds: [0, 0, 0, 0, GOLD], columns: [0, 0, 0, 0, 4], isRightward: [0, 0, 0, 0, 1] });
    expect(drawn(env, "PETG")[5]).toBe("...TGP....");
    expect(taken(env, LEFT)).toEqual([1, false]);
    changed(env, { kinds: [0, 0, 0, 0, GOLD], columns: [0, 0, 0, 0, 3], isRightward: [0, 0, 0, 0, 1] });
    expect(taken(env, ...Array(4).fill(NOTHING))).toEqual([0, false]);
    expect(taken(env, NOTHING)).toEqual([1, false]);
    expect(partOf(env, "kinds")).toEqual(Array(8).fill(NOTHING));
  });

  it("ends at an enemy, when the player goes there and when it comes", () => {
    for (const [column, actions] of [
      [6, [RIGHT]],
      [6, Array(6).fill(NOTHING)],
    ] as const) {
      const env = game("Asterix");
      changed(env, { kinds: [0, 0, 0, 0, ENEMY], columns: [0, 0, 0, 0, column] });
      expect(taken(env, ...actions)).toEqual([0, true]);
    }
  });

  it("moves what is there every fifth step, and out of the board", () => {
    const env = game("Asterix");
    changed(env, { kinds: [ENEMY, GOLD], columns: [9, 9], isRightward: [1, 0] });
    taken(env, ...Array(6).fill(NOTHING));
    expect(drawn(env, "PETG").slice(1, 3)).toEqual(["..........", "........GT"]);
    taken(env, ...Array(4).fill(NOTHING));
    expect(partOf(env, "columns")[1]).toBe(8);
    taken(env, NOTHING);
    expect(partOf(env, "columns")[1]).toBe(7);
  });

  it("lets one come in every ten steps, at a side of a lane that is free", () => {
    const env = game("Asterix");
    const free = 3;
    const kinds = Array.from({ length: 8 }, (_, lane) => (lane === free ? NOTHING : GOLD));
    changed(env, { kinds, columns: Array(8).fill(4), timers: [10, 0, 5, 5, 100, 0] });
    taken(env, NOTHING);
    expect(partOf(env, "kinds")[free]).toBeGreaterThan(0);
    expect([0, 9]).toContain(partOf(env, "columns")[free]);
    expect(partOf(env, "timers").slice(0, 2)).toEqual([10, 9]);
    // Where none is free, none comes.
    changed(env, { kinds: Array(8).fill(GOLD), timers: [10, 0, 5, 5, 100, 0] });
    taken(env, NOTHING);
    expect(partOf(env, "columns").filter((x) => x === 4)).toHaveLength(7);
  });

  it("gets harder every 102 steps: more come each time, and faster every second", () => {
    const env = game("Asterix");
    const away = () => changed(env, { kinds: Array(8).fill(NOTHING) });
    const intervals: number[][] = [];
    for (let step = 1; step <= 16 * 102; step++) {
      away();
      taken(env, NOTHING);
      if (step % 102 === 101) intervals.push([partOf(env, "timers")[0]!, partOf(env, "timers")[2]!]);
    }
    expect(intervals.slice(0, 6)).toEqual([
      [10, 5],
      [9, 5],
      [8, 4],
      [7, 4],
      [6, 3],
      [5, 3],
    ]);
    expect(intervals.at(-1)).toEqual([1, 1]);
    const same = game("Asterix", false);
    changed(same, { timers: [10, 10, 5, 5, -1, 0] });
    taken(same, NOTHING);
    expect(partOf(same, "timers")).toEqual([10, 9, 5, 4, -1, 0]);
  });
});

describe("Breakout", () => {
  /** [rightward, downward, in bricks] */
  const flags = (...values: (0 | 1)[]) => ({ flags: values });

  it("begins with three rows of bricks and the ball at one side", () => {
    const env = game("Breakout");
    const board = drawn(env, "PBTW");
    expect([...board.slice(0, 3), ...board.slice(4)]).toEqual([
      ..."..........,WWWWWWWWWW,WWWWWWWWWW,..........,..........,..........,..........,..........,....P.....".split(
        ",",
      ),
    ]);
    expect(["BWWWWWWWWW", "WWWWWWWWWB"]).toContain(board[3]);
    const sides = new Set<string | undefined>();
    for (let episode = 0; episode < 40; episode++) {
      env.reset();
      sides.add(drawn(env, "PBTW")[3]);
    }
    expect(sides.size).toBe(2);
  });

  it("breaks a brick for 1 and bounces off it", () => {
    const env = game("Breakout");
    changed(env, { places: [4, 2, 4, 1, 5], ...flags(1, 0, 0) });
    expect(taken(env, NOTHING)).toEqual([1, false]);
    expect(drawn(env, "PBTW").slice(2, 5)).toEqual(["WWWWWWWWWW", "WWW.WWWWWW", "..TB......"]);
    expect(partOf(env, "flags")).toEqual([1, 1, 1]);
  });

  it("goes through bricks that it is among, and comes back from the ceiling and the sides", () => {
    const env = game("Breakout");
    changed(env, { places: [4, 2, 2, 1, 3], ...flags(1, 0, 1) });
    expect(taken(env, NOTHING)).toEqual([0, false]);
    changed(env, { places: [4, 8, 0, 7, 1], ...flags(1, 0, 0) });
    taken(env, NOTHING);
    expect([partOf(env, "places").slice(1), partOf(env, "flags")]).toEqual([
      [9, 0, 8, 0],
      [1, 1, 0],
    ]);
    changed(env, { places: [4, 9, 5, 8, 4], ...flags(1, 1, 0) });
    taken(env, NOTHING);
    expect([partOf(env, "places").slice(1), partOf(env, "flags")]).toEqual([
      [9, 6, 9, 5],
      [0, 1, 0],
    ]);
  });

  it("bounces off the paddle: onwards from above it, back from beside it, and else the episode ends", () => {
    for (const [paddle, ended, after] of [
      [3, false, [1, 0, 0]],
      [4, false, [0, 0, 0]],
      [5, true, [1, 1, 0]],
      [2, true, [1, 1, 0]],
    ] as const) {
      const env = game("Breakout");
      changed(env, { places: [paddle, 3, 8, 2, 7], ...flags(1, 1, 0) });
      expect(taken(env, NOTHING)).toEqual([0, ended]);
      expect(partOf(env, "flags")).toEqual(after);
      expect(partOf(env, "places").slice(1, 3)).toEqual([4, ended ? 9 : 8]);
    }
  });

  it("has new bricks as the ball comes down where none is left", () => {
    const env = game("Breakout");
    changed(env, { places: [3, 3, 7, 2, 6], bricks: [0], ...flags(1, 1, 0) });
    taken(env, RIGHT);
    expect(partOf(env, "bricks")).toEqual([0]);
    taken(env, NOTHING);
    expect(partOf(env, "bricks")).toEqual([2 ** 30 - 1]);
    expect(drawn(env, "PBTW").slice(1, 4)).toEqual(Array(3).fill("WWWWWWWWWW"));
  });
});

describe("Freeway", () => {
  it("lets the chicken go every third step", () => {
    const env = game("Freeway");
    changed(env, { columns: Array(8).fill(0), left: Array(8).fill(5) });
    const rows = Array.from({ length: 9 }, () => {
      taken(env, UP);
      return partOf(env, "row")[0];
    });
    expect(rows).toEqual([9, 9, 9, 8, 8, 8, 7, 7, 7]);
    expect(drawn(env, "C      ")[7]).toBe("....C.....");
  });

  it("sends a chicken that is hit back, by the car that it goes to and by the one that comes", () => {
    for (const [column, left] of [
      [4, 5],
      [3, 0],
    ] as const) {
      const env = game("Freeway");
      changed(env, { row: [6], columns: Array(8).fill(0), left: Array(8).fill(5), isRightward: Array(8).fill(1) });
      const columns = partOf(env, "columns");
      columns[4] = column;
      const lefts = partOf(env, "left");
      lefts[4] = left;
      changed(env, { timers: [0, 100], columns, left: lefts });
      expect(taken(env, UP)).toEqual([0, false]);
      expect(partOf(env, "row")).toEqual([9]);
    }
  });

  it("moves a car every so many steps and one, around the board", () => {
    const env = game("Freeway");
    const columns = [9, 0, 5, 5, 5, 5, 5, 5];
    changed(env, { columns, isRightward: [1, 0], waits: [1, 2], left: [0, 0] });
    taken(env, NOTHING);
    expect(partOf(env, "columns").slice(0, 2)).toEqual([0, 9]);
    expect(partOf(env, "left").slice(0, 2)).toEqual([1, 2]);
    expect(drawn(env, " O12345").slice(1, 3)).toEqual(["O........1", "2........O"]);
    taken(env, NOTHING, NOTHING);
    expect(partOf(env, "columns").slice(0, 2)).toEqual([1, 9]);
    taken(env, NOTHING);
    expect(partOf(env, "columns").slice(0, 2)).toEqual([1, 8]);
  });

  it("is worth 1 to cross, which gives the cars other speeds, and ends after 2,501 steps", () => {
    const env = game("Freeway");
    changed(env, { row: [1], timers: [0, 2500], waits: Array(8).fill(1), left: Array(8).fill(1) });
    expect(taken(env, UP)).toEqual([1, false]);
    expect(partOf(env, "row")).toEqual([9]);
    expect(new Set(partOf(env, "waits")).size).toBeGreaterThan(1);
    expect(taken(env, ...Array(2499).fill(NOTHING))).toEqual([0, false]);
    expect(taken(env, NOTHING)).toEqual([0, true]);
  });
});

describe("Seaquest", () => {
  /** Cell, then the direction, steps until it moves, and until it shoots. */
  const swimmer = (x: number, y: number, isRightward = false, move = 5, shot = 0) =>
    10 * y + x + (isRightward ? 128 : 0) + 256 * move + 4096 * shot;
  const LETTERS = "SBoT*FEODd";
  const at = (x: number, y: number) => ({ cell: [10 * y + x], flags: [1, 0] });

  it("begins at the surface with all its oxygen, and moves within the water", () => {
    const env = game("Seaquest");
    expect(drawn(env, LETTERS)[0]).toBe(".....SB...");
    expect(drawn(env, LETTERS)[9]).toBe("OOOOOOOOOO");
    taken(env, UP, RIGHT);
    expect(drawn(env, LETTERS)[0]).toBe(".....BS...");
    taken(env, ...Array(9).fill(DOWN), ...Array(9).fill(LEFT));
    expect(partOf(env, "cell")).toEqual([80]);
  });

  it("shoots every five steps; a fish and a submarine that are hit are worth 1 and gone", () => {
    const env = game("Seaquest");
    changed(env, { ...at(2, 4), fish: [swimmer(4, 4)], enemies: [swimmer(7, 4, false, 5, 10)] });
    expect(drawn(env, LETTERS)[4]).toBe(".BS.FT.ET.");
    expect(taken(env, FIRE)).toEqual([0, false]);
    expect(drawn(env, LETTERS)[4]).toBe(".BSoFT.ET.");
    expect(taken(env, FIRE)).toEqual([1, false]);
    expect(drawn(env, LETTERS)[4]).toBe(".BS....ET.");
    expect(taken(env, FIRE, FIRE, FIRE)).toEqual([0, false]);
    expect(taken(env, FIRE)).toEqual([0, false]);
    expect(drawn(env, LETTERS)[4]).toBe(".BSo..ET..");
    expect(taken(env, NOTHING, NOTHING, NOTHING)).toEqual([1, false]);
    expect([partOf(env, "enemies")[0], partOf(env, "shots")[0]]).toEqual([-1, -1]);
  });

  it("ends at a fish, a submarine or their bullet", () => {
    for (const danger of [
      { fish: [swimmer(3, 4, false, 0)] },
      { enemies: [swimmer(3, 4, false, 0, 9)] },
      { enemyShots: [swimmer(3, 4, false, 0)] },
      { fish: [swimmer(2, 4)] },
    ]) {
      const env = game("Seaquest");
      changed(env, { ...at(2, 4), ...danger });
      expect(taken(env, NOTHING), Object.keys(danger)[0]).toEqual([0, true]);
    }
  });

  it("lets submarines shoot every ten steps, in the direction in which they go", () => {
    const env = game("Seaquest");
    changed(env, { ...at(0, 8), enemies: [swimmer(3, 4, true, 5, 0)] });
    taken(env, NOTHING);
    expect(drawn(env, LETTERS)[4]).toBe("..TE*.....");
    expect(partOf(env, "enemies")[0]! >> 12).toBe(10);
  });

  it("takes up to six divers on board, and surfaces with one for air, with six for the oxygen it has", () => {
    const env = game("Seaquest");
    changed(env, { ...at(2, 1), gauges: [100, 5], divers: [swimmer(2, 1), swimmer(2, 1)] });
    taken(env, NOTHING);
    expect(partOf(env, "gauges")).toEqual([99, 6]);
    expect(partOf(env, "divers")[0]).not.toBe(-1);
    expect(drawn(env, LETTERS)[9]).toBe("OOOODDDDD.");
    expect(taken(env, UP)).toEqual([4, false]);
    // As in MinAtar the diver that is due for the air is one of the none that are left, and so the next time.
    expect(partOf(env, "gauges")).toEqual([200, -1]);
    changed(env, { divers: [-1, -1] });
    expect(taken(env, DOWN, UP)).toEqual([0, false]);
    expect(partOf(env, "gauges")).toEqual([200, -2]);
    changed(env, { ...at(2, 1), gauges: [100, 3] });
    expect(taken(env, UP)).toEqual([0, false]);
    expect(partOf(env, "gauges")).toEqual([200, 2]);
    changed(env, { ...at(2, 1), gauges: [100, 0] });
    expect(taken(env, UP)).toEqual([0, true]);
  });

  it("ends in the step after the oxygen was gone, at the surface as well", () => {
    for (const action of [NOTHING, UP]) {
      const env = game("Seaquest");
      changed(env, { ...at(2, 1), gauges: [1, 1] });
      expect(taken(env, NOTHING)).toEqual([0, false]);
      expect(drawn(env, LETTERS)[9]).toBe("........D.");
      expect(taken(env, action)).toEqual([0, true]);
    }
  });

  it("gets harder each time it surfaces, to one enemy a step that goes every third", () => {
    const env = game("Seaquest");
    const intervals: number[][] = [];
    for (let dive = 0; dive < 22; dive++) {
      changed(env, { ...at(2, 1), gauges: [100, 3] });
      taken(env, UP);
      intervals.push([partOf(env, "timers")[0]!, partOf(env, "timers")[3]!]);
    }
    expect(intervals.slice(0, 6)).toEqual([
      [19, 5],
      [18, 4],
      [17, 4],
      [16, 3],
      [15, 3],
      [14, 2],
    ]);
    expect(intervals.at(-1)).toEqual([1, 2]);
    const same = game("Seaquest", false);
    changed(same, { ...at(2, 1), gauges: [100, 3] });
    taken(same, UP);
    expect(partOf(same, "timers")[0]).toBe(20);
  });

  it("lets no enemy in against another of its row", () => {
    const env = game("Seaquest");
    let came = 0;
    for (let round = 0; round < 200; round++) {
      // Half go to the right in every row, and so nothing goes to the left.
      const fish = Array.from({ length: 8 }, (_, row) => swimmer(5, row + 1, true));
      changed(env, { cell: [0], flags: [0, 1], fish: [...fish, -1, -1], timers: [20, 0, 30, 5, 0, 0] });
      taken(env, NOTHING);
      const one = Math.max(partOf(env, "fish")[8]!, partOf(env, "enemies")[0]!);
      if (one >= 0) {
        came++;
        expect(one & 128).toBe(128);
        expect((one & 127) % 10).toBe(0);
      }
      changed(env, { enemies: Array(9).fill(-1) });
    }
    expect(came).toBeGreaterThan(60);
    expect(came).toBeLessThan(140);
  });
});

describe("SpaceInvaders", () => {
  const LETTERS = "CA  |*";
  /** Rows as texts, of which those that are not given are empty. */
  const rows = (...texts: string[]) =>
    Array.from({ length: 10 }, (_, y) =>
      [...(texts[y] ?? "")].reduce((row, letter, x) => row | (letter === "A" ? 1 << x : 0), 0),
    );
  const timers = (move: number, shot = 9) => ({ timers: [12, move, shot, 0] });

  it("begins with four rows of six, and the cannon in the middle", () => {
    expect(drawn(game("SpaceInvaders"), LETTERS)).toEqual([
      ...Array(4).fill("..AAAAAA.."),
      ...Array(5).fill(".........."),
      ".....C....",
    ]);
  });

  it("shoots every five steps, and hits for 1", () => {
    const env = game("SpaceInvaders");
    changed(env, { aliens: rows("A", "", "", "", "", "", "", ".....A") });
    taken(env, FIRE);
    expect(drawn(env, LETTERS).slice(7)).toEqual([".....A....", ".....|....", ".....C...."]);
    expect(taken(env, FIRE)).toEqual([1, false]);
    expect(drawn(env, LETTERS).slice(7)).toEqual(["..........", "..........", ".....C...."]);
    taken(env, FIRE, FIRE, FIRE);
    expect(partOf(env, "shots")).toEqual([-1, -1]);
    taken(env, FIRE);
    expect(partOf(env, "shots")[1]).toBe(85);
  });

  it("moves the aliens to the side, at the edge down and back, and ends where they are at the bottom", () => {
    const env = game("SpaceInvaders");
    changed(env, { aliens: rows("", ".A"), ...timers(0) });
    taken(env, NOTHING);
    expect(partOf(env, "aliens")).toEqual(rows("", "A"));
    // Of one alien each step is one to move in.
    taken(env, NOTHING);
    expect(partOf(env, "aliens")).toEqual(rows("", "", "A"));
    expect(partOf(env, "isRightward")).toEqual([1]);
    taken(env, NOTHING);
    expect(partOf(env, "aliens")).toEqual(rows("", "", ".A"));
    changed(env, { aliens: rows("", "", "", "", "", "", "", "", "", "A"), isRightward: [0] });
    expect(taken(env, NOTHING)).toEqual([0, true]);
  });

  it("waits as many steps as there are aliens, up to its interval", () => {
    const env = game("SpaceInvaders");
    changed(env, { aliens: rows("..AAA"), ...timers(0) });
    taken(env, NOTHING);
    expect(partOf(env, "timers")[1]).toBe(3 - 1);
    changed(env, { aliens: rows("..AAAAAAA", "..AAAAAAA"), ...timers(0) });
    taken(env, NOTHING);
    expect(partOf(env, "timers")[1]).toBe(12 - 1);
  });

  it("is shot at every ten steps from the lowest of the nearest column, the left of two", () => {
    const env = game("SpaceInvaders");
    changed(env, { aliens: rows("...A...A", "", "...A"), ...timers(5, 0) });
    taken(env, NOTHING);
    expect(drawn(env, LETTERS)[2]).toBe("...A......");
    expect(partOf(env, "alienShot")).toEqual([23]);
    changed(env, { aliens: rows("...A..A"), ...timers(5, 0) });
    taken(env, NOTHING);
    expect(partOf(env, "alienShot")).toEqual([6]);
    changed(env, { alienShot: [85] });
    expect(taken(env, NOTHING)).toEqual([0, true]);
  });

  it("has a new wave where none is left, which moves more often, down to every sixth step", () => {
    const env = game("SpaceInvaders");
    const intervals: number[] = [];
    for (let wave = 0; wave < 8; wave++) {
      changed(env, { aliens: rows("", "", "", "", "...A"), shots: [-1, 53], cannon: [0] });
      expect(taken(env, NOTHING)).toEqual([1, false]);
      expect(partOf(env, "aliens")).toEqual(rows(...Array(4).fill("..AAAAAA")));
      intervals.push(partOf(env, "timers")[0]!);
    }
    expect(intervals).toEqual([11, 10, 9, 8, 7, 6, 6, 6]);
    const same = game("SpaceInvaders", false);
    changed(same, { aliens: rows("", "", "", "", "...A"), shots: [-1, 53] });
    taken(same, NOTHING);
    expect(partOf(same, "timers")[0]).toBe(12);
  });
});

describe("any game", () => {
  it("repeats the last action as often as it is told, and begins with none", () => {
    const env = new games.Asterix(engine, { stickyActionProbability: 1 });
    env.reset();
    env.step(LEFT);
    expect(partOf(env, "player")).toEqual([5, 5]);
    changed(env, { lastAction: [RIGHT] });
    env.step(LEFT);
    expect(partOf(env, "player")).toEqual([6, 5]);
    env.reset();
    env.step(LEFT);
    expect(partOf(env, "player")).toEqual([5, 5]);
    const often = new games.Breakout(engine, {});
    let stuck = 0;
    for (let round = 0; round < 2000; round++) {
      often.reset();
      changed(often, { lastAction: [LEFT] });
      often.step(2);
      if (partOf(often, "places")[0] === 3) stuck++;
    }
    // 2,000 with a probability of 0.1: 200, give or take four times 13.4.
    expect(Math.abs(stuck - 200)).toBeLessThan(54);
  });

  it.each([
    [{ stickyActionProbability: 1.5 }, "MinAtar/Asterix-v1: stickyActionProbability: 1.5 is not a number from 0 to 1"],
    [{ minimalActions: 1 }, "MinAtar/Asterix-v1: minimalActions: 1 is not true or false"],
    [{ difficultyRamping: "no" }, 'MinAtar/Asterix-v1: difficultyRamping: "no" is not true or false'],
    [{ ramping: true }, /there is no option ramping/],
  ])("refuses %o", (options, message) => {
    expect(() => new games.Asterix(engine, options as object)).toThrow(ConfigurationError);
    expect(() => new games.Asterix(engine, options as object)).toThrow(message);
  });
});
