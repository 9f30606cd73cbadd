// Games as learners see them, of screens that say themselves what was done with them.

import { describe, expect, it } from "vitest";
import { AreaResize } from "../../../src/envs/wrappers/area.ts";
import {
  AtariPreprocessing,
  Box,
  ConfigurationError,
  Discrete,
  Engine,
  evaluate,
  makeVec,
  PPO,
  type ScreenEnv,
  type StepResult,
} from "../../../src/index.ts";

const engine = await Engine.create();

/**
 * Screens of one level of grey, the frames of the game so far and 20 times the lives that it began with. A life is lost
 * every `life` frames; FIRE and what is done count points.
 */
class Game implements ScreenEnv {
  readonly observationSpace: Box<"uint8">;
  readonly actionSpace = new Discrete(3);
  readonly actionMeanings: readonly string[];
  readonly actions: (number | string)[] = [];
  lives = 3;
  readonly #life: number;
  #frames = 0;

  constructor(life = 1000, meanings = ["NOOP", "UP", "FIRE"], shape = [6, 4]) {
    this.#life = life;
    this.actionMeanings = meanings;
    this.observationSpace = new Box(0, 255, shape, "uint8");
  }

  reset(options: { seed?: number } = {}, into = this.observationSpace.empty()): Uint8Array {
    this.actions.push(options.seed === undefined ? "reset" : `reset ${options.seed}`);
    this.#frames = 0;
    this.lives = 3;
    return into.fill(0);
  }

  step(action: number, into?: StepResult<Uint8Array>): StepResult<Uint8Array> {
    this.actions.push(action);
    this.#frames++;
    if (this.#frames % this.#life === 0) this.lives--;
    // The odd screens are darker.
    const observation = (into?.observation ?? this.observationSpace.empty()).fill(
      this.#frames % 2 === 0 ? this.#frames : 0,
    );
    const result = { observation, reward: action * 5, terminated: this.lives === 0, truncated: false };
    return Object.assign(into ?? {}, result);
  }

  state(): object {
    return { frames: this.#frames, lives: this.lives };
  }

  restore(state: unknown): void {
    const { frames, lives } = state as { frames: number; lives: number };
    this.#frames = frames;
    this.lives = lives;
  }
}

const small = { screenSize: 2, noopMax: 0, fireOnReset: false } as const;
const none = { ...small, terminalOnLifeLoss: false } as const;

describe("AtariPreprocessing", () => {
  it("repeats an action for four frames, adds up their points, and shows the brighter of the last two", () => {
    const game = new Game();
    const env = new AtariPreprocessing(game, engine, none);
    expect(env.observationSpace.equals(new Box(0, 255, [2, 2, 4], "uint8"))).toBe(true);
    expect([...env.reset()]).toEqual(Array(16).fill(0));
    const result = env.step(2);
    expect(game.actions).toEqual(["reset", 2, 2, 2, 2]);
    expect([result.reward, result.score, result.gameOver]).toEqual([1, 40, false]);
    expect([...result.observation]).toEqual([0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4]);
    // With three frames the brighter is the last but one.
    const odd = new AtariPreprocessing(new Game(), engine, { ...none, frameSkip: 3, stackSize: 1, signRewards: false });
    odd.reset();
    expect([...odd.step(1).observation]).toEqual([2, 2, 2, 2]);
    expect(odd.step(1)).toMatchObject({ observation: Uint8Array.of(6, 6, 6, 6), reward: 15, score: 15 });
  });

  it("shows the last four screens, the newest last, and the first of an episode four times", () => {
    const env = new AtariPreprocessing(new Game(), engine, { ...none, noopMax: 1 });
    expect([...env.reset()]).toEqual(Array(16).fill(0));
    const seen = Array.from({ length: 5 }, () => [...env.step(0).observation.subarray(4, 8)]);
    // One frame of nothing comes first: of the fifth and the fourth frame that is the fourth.
    expect(seen).toEqual([
      [0, 0, 0, 4],
      [0, 0, 4, 8],
      [0, 4, 8, 12],
      [4, 8, 12, 16],
      [8, 12, 16, 20],
    ]);
    const into = { observation: new Uint8Array(16), reward: 0, terminated: true, truncated: true };
    const { observation } = into;
    expect(env.step(0, into)).toBe(into);
    expect(into.observation).toBe(observation);
    expect([...observation.subarray(0, 4)]).toEqual([12, 16, 20, 24]);
    const again = new Uint8Array(16);
    expect(env.reset({}, again)).toBe(again);
  });

  it("begins with 1 to 30 frames of nothing, from its seed", () => {
    const game = new Game();
    const env = new AtariPreprocessing(game, engine, { screenSize: 2, fireOnReset: false });
    const frames = (seed: number) => {
      game.actions.length = 0;
      env.reset({ seed });
      expect(game.actions[0]).toBe(`reset ${seed}`);
      expect(game.actions.slice(1).every((action) => action === 0)).toBe(true);
      return game.actions.length - 1;
    };
    const counts = Array.from({ length: 300 }, (_, seed) => frames(seed));
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 30]);
    expect(frames(5)).toBe(counts[5]);
    // Without a seed it goes on.
    const another = new AtariPreprocessing(new Game(), engine, { screenSize: 2, seed: 5 });
    const same = new AtariPreprocessing(new Game(), engine, { screenSize: 2, seed: 5 });
    const first = [another, same].map((each) => [...each.reset(), ...each.step(0).observation]);
    expect(first[0]).toEqual(first[1]);
  });

  it("ends an episode where a life is lost, and goes on with the game", () => {
    const game = new Game(4);
    const env = new AtariPreprocessing(game, engine, small);
    env.reset();
    expect(env.step(1)).toMatchObject({ terminated: true, truncated: false, gameOver: false });
    env.reset();
    // Four frames of nothing have lost another.
    expect([game.actions, game.lives]).toEqual([["reset", 1, 1, 1, 1, 0, 0, 0, 0], 1]);
    expect(env.step(1)).toMatchObject({ terminated: true, gameOver: true });
    env.reset();
    expect([game.actions.at(-1), game.lives]).toEqual(["reset", 3]);
    // Not in the middle of an episode, and not with a seed.
    env.reset();
    env.step(1);
    env.reset({ seed: 9 });
    expect(game.actions.slice(-6)).toEqual(["reset", 1, 1, 1, 1, "reset 9"]);
  });

  it("begins a new game where the old one ends as it goes on", () => {
    const game = new Game(3);
    const env = new AtariPreprocessing(game, engine, { ...small, frameSkip: 3 });
    env.reset();
    expect(env.step(1)).toMatchObject({ terminated: true, gameOver: false });
    game.lives = 1;
    env.reset();
    expect(game.actions).toEqual(["reset", 1, 1, 1, 0, 0, 0, "reset"]);
    expect(env.step(1)).toMatchObject({ terminated: true, gameOver: false });
  });

  it("fires where that is an action", () => {
    for (const [meanings, expected] of [
      [
        ["NOOP", "UP", "FIRE"],
        ["reset", 2, 2, 2, 2],
      ],
      [["NOOP", "UP", "DOWN"], ["reset"]],
    ] as const) {
      const game = new Game(1000, [...meanings]);
      new AtariPreprocessing(game, engine, { ...small, fireOnReset: true }).reset();
      expect(game.actions).toEqual(expected);
    }
  });

  it("does not look at the screens of a game that ends on the way", () => {
    const env = new AtariPreprocessing(new Game(2), engine, { ...none, stackSize: 1 });
    env.reset();
    expect(env.step(0)).toMatchObject({ observation: Uint8Array.of(4, 4, 4, 4), terminated: false });
    expect(env.step(0)).toMatchObject({ observation: Uint8Array.of(4, 4, 4, 4), terminated: true, gameOver: true });
  });

  it("makes grey of colours as OpenCV does", () => {
    const game = new Game(1000, [], [2, 2, 3]);
    game.reset = (_, into = new Uint8Array(12)) => {
      into.set([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 77]);
      return into;
    };
    const env = new AtariPreprocessing(game, engine, { ...none, stackSize: 1 });
    // cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)
    expect([...env.reset()]).toEqual([76, 150, 29, 129]);
  });

  it("goes on from its state", () => {
    const make = () => new AtariPreprocessing(new Game(7), engine, { screenSize: 2, noopMax: 9 });
    const env = make();
    env.reset({ seed: 3 });
    const play = (each: AtariPreprocessing, steps: number) =>
      Array.from({ length: steps }, (_, step) => {
        const result = each.step(step % 3);
        const first = result.terminated ? [...each.reset()] : [];
        return [...result.observation, result.reward, result.score, result.terminated, result.gameOver, ...first];
      });
    play(env, 3);
    env.step(1);
    const saved = env.state();
    const other = make();
    other.restore(saved);
    expect(other.state()).toEqual(saved);
    expect(play(other, 40)).toEqual(play(env, 40));
    expect(() => other.restore({ ...saved, stack: new Uint8Array(1) })).toThrow("stack: an array of 1 uint8 is not");
  });

  it("refuses what are no screens, and options that are none", () => {
    const wrong: [readonly number[], string][] = [
      [[4], "uint8 [4]"],
      [[4, 4, 4], "uint8 [4, 4, 4]"],
    ];
    for (const [shape, found] of wrong)
      expect(() => new AtariPreprocessing(new Game(1, [], [...shape]), engine)).toThrow(
        `AtariPreprocessing: observations ${found}; they have to be uint8 [height, width] or [height, width, 3]`,
      );
    expect(() => new AtariPreprocessing(new Game(), engine)).toThrow(
      new ConfigurationError("screens of 6 x 4 pixels cannot be made 84 x 84"),
    );
    expect(() => new AtariPreprocessing(new Game(), engine, { frameSkip: 0 })).toThrow(
      "AtariPreprocessing: frameSkip: 0",
    );
    expect(() => new AtariPreprocessing(new Game(), engine, { framSkip: 4 } as never)).toThrow(
      "did you mean frameSkip?",
    );
  });
});

describe("a game of several lives", () => {
  const make = () => new AtariPreprocessing(new Game(8), engine, { ...small, screenSize: 4 });

  it("is told of as a whole: in its points, until it is over", async () => {
    const vector = await makeVec(make, { numEnvs: 2 });
    vector.reset();
    const rows: number[][] = [];
    for (let step = 0; step < 6; step++) {
      vector.step(Int32Array.of(2, 0));
      rows.push([...vector.rewards, ...(vector.scores ?? []), ...vector.terminated, ...(vector.gameOvers ?? [])]);
    }
    const [going, lost, over] = [
      [1, 0, 40, 0, 0, 0, 0, 0],
      [1, 0, 40, 0, 1, 1, 0, 0],
      [1, 0, 40, 0, 1, 1, 1, 1],
    ];
    // 8 frames are 2 steps, of which going on takes one.
    expect(rows).toEqual([going, lost, lost, over, going, lost]);
    vector.reset();
    expect([...(vector.scores ?? []), ...(vector.gameOvers ?? [])]).toEqual([0, 0, 0, 0]);
  });

  it("is evaluated and logged as a whole", async () => {
    const { returns, lengths } = evaluate({ act: () => 2 }, make(), { episodes: 3 });
    expect([returns.values, lengths.values]).toEqual([
      [160, 160, 160],
      [4, 4, 4],
    ]);
    const agent = await PPO.create(await makeVec(make, { numEnvs: 2 }), {
      numSteps: 8,
      numMinibatches: 1,
      numEpochs: 1,
    });
    for await (const { episodes, meanLength } of agent.train({ totalSteps: 16 }))
      expect([episodes, meanLength]).toEqual([4, 4]);
  });
});

describe("AreaResize", () => {
  it("takes the mean of what each pixel covers, to the nearest level", () => {
    // 3 x 2 pixels to 2 x 1: each covers one and a half rows and both columns.
    const into = new Uint8Array(2);
    new AreaResize([3, 2], [2, 1]).resize(Uint8Array.of(0, 10, 20, 30, 40, 50), into, 0, 1);
    expect([...into]).toEqual([12, 38]);
    const same = new Uint8Array(6);
    new AreaResize([3, 2], [3, 2]).resize(Uint8Array.of(1, 2, 3, 4, 5, 255), same, 0, 1);
    expect([...same]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it("is what the definition says, for screens of the Atari 2600", () => {
    const [height, width, size] = [210, 160, 84];
    const source = Uint8Array.from({ length: height * width }, (_, index) => (index * 7919 + (index >> 3) * 31) & 255);
    const into = new Uint8Array(2 * size * size);
    new AreaResize([height, width], [size, size]).resize(source, into, 1, 2);
    const covered = (from: number, to: number, pixel: number) =>
      Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel));
    for (const [y, x] of [
      [0, 0],
      [83, 83],
      [41, 17],
      [13, 62],
    ] as const) {
      const [top, bottom] = [(y * height) / size, ((y + 1) * height) / size];
      const [left, right] = [(x * width) / size, ((x + 1) * width) / size];
      let sum = 0;
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          sum += covered(top, bottom, row) * covered(left, right, column) * (source[row * width + column] as number);
      expect(into[2 * (y * size + x) + 1]).toBe(Math.round(sum / ((bottom - top) * (right - left))));
    }
  });
});
