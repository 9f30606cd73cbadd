// `proximal watch`, and what `eval --record` keeps: which episodes are drawn, how far, and what a terminal is told.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ConfigurationError, UnsupportedError } from "../../src/base/errors.ts";
import { evalCommand, evaluateRun } from "../../src/cli/evaluate.ts";
import { parseCommand } from "../../src/cli/options.ts";
import { encodeConfig, versions } from "../../src/cli/run-config.ts";
import { watch, watchCommand } from "../../src/cli/watch.ts";
import type { Scene } from "../../src/envs/scene.ts";
import { ActorCritic, Box, Discrete, Engine, type Env, Policy, register, type StepResult } from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { animationSVG } from "../../src/render/index.ts";

/** What each step of an episode is worth, and how many there are. */
const EPISODES = [
  [1, 3],
  [4, 2],
  [2, 4],
  [1, 3],
] as const;
/** Fast, so that nobody waits. */
const PACE = 500;

/** Where the ball is at each step of its episode. */
const scene = (episode: number, step: number): Scene => ({
  view: { left: 0, bottom: 0, right: 4, top: 2 },
  shapes: [{ kind: "circle", at: [step, episode / 4], radius: 0.5, fill: "#d9822b" }],
});

/** A ball that goes to the right; its observation is 1 before a step of an even number, else -1. */
class Ball implements Env<number> {
  static readonly made: Ball[] = [];
  readonly observationSpace = new Box(-1, 1, [1]);
  readonly actionSpace = new Discrete(2);
  readonly seeds: (number | undefined)[] = [];
  readonly actions: number[] = [];
  closed = 0;
  #episode = -1;
  #step = 0;

  constructor() {
    Ball.made.push(this);
  }

  reset({ seed }: { seed?: number } = {}): Float32Array {
    this.seeds.push(seed);
    this.#episode++;
    this.#step = 0;
    return Float32Array.of(1);
  }

  step(action: number): StepResult {
    this.actions.push(action);
    this.#step++;
    const [reward, length] = EPISODES[this.#episode % 4] as (typeof EPISODES)[0];
    const observation = Float32Array.of(this.#step % 2 === 0 ? 1 : -1);
    return { observation, reward, terminated: this.#step === length, truncated: false };
  }

  render(): Scene {
    return scene(this.#episode, this.#step);
  }

  close(): void {
    this.closed++;
  }
}

register({ id: "Ball-v0", framesPerSecond: PACE, create: () => new Ball() });
register({ id: "Plain-v0", create: () => new Ball() });
register({ id: "Dark-v0", create: () => Object.assign(new Ball(), { render: undefined }) });

const folder = mkdtempSync(join(tmpdir(), "proximal-watch-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const read = (...names: string[]) => readFileSync(at(...names), "utf8");

beforeAll(async () => {
  const config = completeHyperparameters({ hiddenSizes: [] });
  const actorCritic = new ActorCritic(await Engine.create(), new Box(-1, 1, [1]), new Discrete(2), config);
  // Action 1 where the observation is 1.
  const policy = new Policy(actorCritic, config);
  for (const { name, data } of policy.tensors) if (name === "actor.0.weight") data.set([0, 50]);
  mkdirSync(at("run"));
  const run = { env: "Ball-v0", seed: config.seed, numEnvs: 1, totalSteps: 1, hyperparameters: config };
  writeFileSync(at("run", "config.json"), encodeConfig({ ...run, versions: versions() }));
  await policy.save(at("run", "policy.safetensors"));
});

/** Runs a command on a terminal, or on none, and says what it wrote. */
async function written(body: () => Promise<number>, terminal?: { columns: number; rows: number }) {
  const texts: string[] = [];
  const { stdout } = process;
  const before = { isTTY: stdout.isTTY, columns: stdout.columns, rows: stdout.rows, depth: stdout.getColorDepth };
  const depth = () => 24;
  Object.assign(stdout, { isTTY: terminal !== undefined, ...terminal, getColorDepth: depth });
  vi.spyOn(stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  try {
    const code = await body();
    return { code, text: texts.join(""), writes: texts };
  } finally {
    vi.restoreAllMocks();
    Object.assign(stdout, { isTTY: before.isTTY, columns: before.columns, rows: before.rows });
    Object.assign(stdout, { getColorDepth: before.depth });
  }
}
const onTerminal = (...args: string[]) =>
  written(() => watch(parseCommand(watchCommand, [at("run"), ...args])), { columns: 20, rows: 8 });
const toFile = (...args: string[]) => written(() => watch(parseCommand(watchCommand, [at("run"), ...args])));
const evaluated = (...args: string[]) => written(() => evaluateRun(parseCommand(evalCommand, [at("run"), ...args])));

afterEach(() => {
  Ball.made.length = 0;
  vi.unstubAllEnvs();
});

describe("watch --out", () => {
  it("draws the first episode of the seed, as eval plays it, with its return", async () => {
    const { code, text } = await toFile("--out", at("one.svg"), "--seed", "7");
    const picture = read("one.svg");
    expect([code, text]).toEqual([
      0,
      `wrote ${at("one.svg")}: episode 1, return 3, 3 steps, ${Math.ceil(picture.length / 1000)} kB\n`,
    ]);
    const scenes = [0, 1, 2, 3].map((step) => scene(0, step));
    expect(picture).toBe(animationSVG(scenes, { framesPerSecond: PACE, title: "Ball-v0, return 3" }));
    const [ball] = Ball.made;
    expect([ball?.seeds, ball?.actions, ball?.closed]).toEqual([[7 + 2 ** 32], [1, 0, 1], 1]);
  });

  it("goes no further than asked for, and 30 steps a second where the environment says nothing", async () => {
    const { text } = await toFile("--out", at("two.svg"), "--max-steps", "2", "--env", "Plain-v0");
    expect(text).toMatch(/: episode 1, return 2, 2 steps, 1 kB\n$/);
    const scenes = [0, 1, 2].map((step) => scene(0, step));
    expect(read("two.svg")).toBe(animationSVG(scenes, { framesPerSecond: 30, title: "Plain-v0, return 2" }));
  });

  it("takes the file of a policy with its environment", async () => {
    writeFileSync(at("alone.safetensors"), readFileSync(at("run", "policy.safetensors")));
    const args = [at("alone.safetensors"), "--env", "Ball-v0", "--out", at("alone.svg")];
    expect((await written(() => watch(parseCommand(watchCommand, args)))).code).toBe(0);
    expect(read("alone.svg")).toContain("<title>Ball-v0, return 3</title>");
  });

  it.each([
    [["--out", "x.svg", "--episodes", "2"], "--episodes: 2 do not go into one file; --seed chooses which one does"],
    [[], "watch: this is no terminal that could show it; --out FILE writes it as an SVG"],
    [["--out", "x.svg", "--max-steps", "0"], "--max-steps: 0 is not an integer of at least 1"],
  ])("refuses %j", async (args, message) => {
    await expect(toFile(...args)).rejects.toThrow(new ConfigurationError(message));
    expect(Ball.made).toEqual([]);
  });

  it("refuses an environment that shows nothing by its name, and closes it", async () => {
    const error = new UnsupportedError("Dark-v0: it has no render(), so that there is nothing to be seen of it");
    await expect(toFile("--out", at("dark.svg"), "--env", "Dark-v0")).rejects.toThrow(error);
    await expect(evaluated("--record", at("dark"), "--env", "Dark-v0")).rejects.toThrow(error);
    expect([existsSync(at("dark.svg")), existsSync(at("dark"))]).toEqual([false, false]);
    expect(Ball.made[0]?.closed).toBe(1);
  });

  it("says what cannot be written, in one line", async () => {
    const out = at("nowhere", "x.svg");
    await expect(toFile("--out", out)).rejects.toThrow(`${out}: cannot be written (ENOENT: no such file or directory)`);
    expect(Ball.made[0]?.closed).toBe(1);
  });
});

describe("watch on a terminal", () => {
  const [OPEN, CLOSE] = ["\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"];
  /** The lines of a frame, without what is not seen. */
  const linesOf = (frame: string) => stripVTControlCharacters(frame).split("\r\n");

  it("shows episodes one after the other on a screen of its own, and what was there comes back", async () => {
    const { code, writes } = await onTerminal("--episodes", "2");
    expect(code).toBe(0);
    expect([writes[0], writes.at(-2), writes.at(-1)]).toEqual([OPEN, CLOSE, "Ball-v0, 2 episodes, mean return 5.5\n"]);
    expect(Ball.made[0]?.seeds).toEqual([1 + 2 ** 32, undefined]);
    // Of 500 steps a second every 17th is shown, and the first and the last.
    const status = (episode: number) => `Ball-v0   episode ${episode} `;
    expect(writes.slice(1, -2).map((frame) => linesOf(frame).at(-1))).toEqual([1, 1, 2, 2].map(status));
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  it("goes no further than asked for", async () => {
    const { writes } = await onTerminal("--episodes", "1", "--max-steps", "1");
    expect(writes.at(-1)).toBe("Ball-v0, 1 episode, mean return 1\n");
    expect(Ball.made[0]?.actions).toEqual([1]);
  });

  it("has as many lines as the window, and fits them to its width", async () => {
    const { writes } = await onTerminal("--episodes", "1");
    for (const frame of writes.slice(1, -2)) {
      // The picture is twice as wide as it is high, as is a character high: 20 x 5, and a line of text.
      expect(linesOf(frame).map((line) => [...line].length)).toEqual([20, 20, 20, 20, 20, 20]);
    }
  });

  it("ends at a signal within a step, with its exit code, and says what was played", async () => {
    const end = setTimeout(() => process.emit("SIGINT"), 300);
    const { code, writes } = await onTerminal();
    clearTimeout(end);
    expect([code, writes.at(-2)]).toEqual([130, CLOSE]);
    expect(writes.at(-1)).toBe("Ball-v0, 0 episodes\n");
    expect([Ball.made[0]?.seeds.length, Ball.made[0]?.closed]).toEqual([1, 1]);
  });

  it("is refused on one that cannot be redrawn", async () => {
    vi.stubEnv("TERM", "dumb");
    await expect(onTerminal()).rejects.toThrow("this is no terminal that could show it");
  });
});

describe("eval --record", () => {
  it("draws the best and the worst episode, and says what they were", async () => {
    const { text } = await evaluated("--record", at("kept", "deep"), "--episodes", "4");
    const kept = ["best.svg", "worst.svg"];
    expect(readdirSync(at("kept", "deep")).sort()).toEqual(kept);
    const kilobytes = kept.map((name) => Math.ceil(read("kept", "deep", name).length / 1000));
    expect(text.split("\n").slice(-3)).toEqual([
      // Of returns of 3, 8, 8 and 3 the first that are so.
      `wrote ${at("kept", "deep", "best.svg")}: episode 2, return 8, 2 steps, ${kilobytes[0]} kB`,
      `wrote ${at("kept", "deep", "worst.svg")}: episode 1, return 3, 3 steps, ${kilobytes[1]} kB`,
      "",
    ]);
    const best = [0, 1, 2].map((step) => scene(1, step));
    expect(read("kept", "deep", "best.svg")).toBe(
      animationSVG(best, { framesPerSecond: PACE, title: "Ball-v0, return 8" }),
    );
    const worst = [0, 1, 2, 3].map((step) => scene(0, step));
    expect(read("kept", "deep", "worst.svg")).toBe(
      animationSVG(worst, { framesPerSecond: PACE, title: "Ball-v0, return 3" }),
    );
  });

  it("draws the best alone where a file is named, and changes nothing of what is measured", async () => {
    const plain = JSON.parse((await evaluated("--json", "--episodes", "4")).text);
    const actions = Ball.made[0]?.actions;
    const { text } = await evaluated("--json", "--episodes", "4", "--record", at("best-of.svg"));
    const { recordings, ...figures } = JSON.parse(text);
    expect([figures, Ball.made[1]?.actions]).toEqual([plain, actions]);
    const [bytes, file] = [read("best-of.svg").length, at("best-of.svg")];
    expect(recordings).toEqual([{ file, episode: 2, return: 8, length: 2, shown: 2, bytes }]);
  });

  it("says in one line that a folder cannot be made", async () => {
    const record = at("run", "config.json", "pictures");
    await expect(evaluated("--record", record)).rejects.toThrow(`${record}: cannot be made (ENOTDIR: not a directory)`);
  });
});
