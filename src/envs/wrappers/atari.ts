// Games as learners of the paper see them (Mnih et al., 2015), in the order of baselines' wrappers. Screens may come
// from anywhere.

import { ConfigurationError } from "../../base/errors.ts";
import { anyState, boolean, checkNames, checkValue, count } from "../../base/ranges.ts";
import { formatSpec } from "../../base/spec.ts";
import { fields } from "../../base/state.ts";
import type { Engine } from "../../engine/engine.ts";
import { PCG64 } from "../../engine/random.ts";
import { Box } from "../../spaces/box.ts";
import { type Env, restoreTo, type StepResult, stateOf } from "../env.ts";
import { AreaResize } from "./area.ts";
import { Wrapper } from "./wrapper.ts";

/** A game that shows its screen after every frame: bytes [height, width] of grey, or [height, width, 3] of colours. */
export interface ScreenEnv extends Env<number, Uint8Array> {
  /** The lives that are left. */
  readonly lives?: number;
  /** What each action does, as in "NOOP" and "FIRE". */
  readonly actionMeanings?: readonly string[];
}

/** How games are shown. */
export interface AtariOptions {
  /** Of the random numbers, until `reset` gives another: 1 unless given. */
  readonly seed?: number;
  /** Frames of nothing as a game begins: at least one and at most so many, none for 0. 30 unless given. */
  readonly noopMax?: number;
  /** Frames for which an action is repeated: 4 unless given. */
  readonly frameSkip?: number;
  /** Pixels of a side of what is seen: 84 unless given. */
  readonly screenSize?: number;
  /** Screens that are seen together: 4 unless given. */
  readonly stackSize?: number;
  /** Whether a life that is lost ends an episode, which it does unless given; the game goes on in the next. */
  readonly terminalOnLifeLoss?: boolean;
  /** Whether rewards are the signs of the points, which they are unless given. */
  readonly signRewards?: boolean;
  /** Whether an episode begins with FIRE, where that is an action, which it does unless given: games wait for it. */
  readonly fireOnReset?: boolean;
}

const upTo = { kind: "integer", from: 1, to: 10_000 } as const;

const optionRanges = {
  ...{ noopMax: { ...upTo, from: 0 }, frameSkip: upTo, screenSize: upTo, stackSize: upTo },
  ...{ terminalOnLifeLoss: boolean, signRewards: boolean, fireOnReset: boolean },
} as const;

/**
 * A game whose observations are bytes [84, 84, 4], the last four screens in grey, the newest last. An action is
 * repeated for four frames, of whose last two each pixel is the brighter, by which sprites that flicker are seen. A
 * game begins with 1 to 30 frames of nothing. Rewards are the signs of the points, and a life that is lost ends an
 * episode: `score` and `gameOver` of a result say what the game itself came to.
 *
 * ```ts
 * import { AtariPreprocessing, type ScreenEnv } from "proximal";
 * import { gymnasium } from "proximal/envs/gymnasium";
 * const raw = await gymnasium("ALE/Pong-v5", { preprocess: false });
 * const game = (await raw.create({ engine, seed: 1 })) as ScreenEnv;
 * const env = new AtariPreprocessing(game, engine, { screenSize: 64, noopMax: 0 });
 * ```
 */
export class AtariPreprocessing extends Wrapper<number, Uint8Array> {
  override readonly observationSpace: Box<"uint8">;
  readonly #game: ScreenEnv;
  readonly #engine: Engine;
  readonly #options: Required<AtariOptions>;
  readonly #resize: AreaResize;
  readonly #fire: number;
  readonly #raw: StepResult<Uint8Array>;
  /** [height, width]: the last screen but one in grey, and the brighter of it and the last. */
  readonly #earlier: Uint8Array;
  readonly #pooled: Uint8Array;
  /** [screenSize, screenSize, stackSize] */
  readonly #stack: Uint8Array;
  #random: PCG64;
  #lives = 0;
  /** Whether an episode has ended in the middle of a game. */
  #isGoingOn = false;

  /**
   * @param engine whose random numbers decide how long nothing is done
   * @throws ConfigurationError for observations that are no screens, or smaller than what is to be seen, and for an
   * option that is unknown or out of range
   */
  constructor(env: ScreenEnv, engine: Engine, options: AtariOptions = {}) {
    super(env);
    checkNames("AtariPreprocessing", options, ["seed", ...Object.keys(optionRanges)]);
    const defaults = { seed: 1, noopMax: 30, frameSkip: 4, screenSize: 84, stackSize: 4 };
    const flags = { terminalOnLifeLoss: true, signRewards: true, fireOnReset: true };
    this.#options = { ...defaults, ...flags, ...options };
    for (const [name, range] of Object.entries(optionRanges))
      checkValue(`AtariPreprocessing: ${name}`, range, this.#options[name as keyof AtariOptions]);
    const { shape, dtype } = env.observationSpace.flat;
    const [height = 0, width = 0, channels = 1] = shape;
    if (dtype !== "uint8" || shape.length < 2 || shape.length > 3 || (shape.length === 3 && channels !== 3)) {
      throw new ConfigurationError(
        `AtariPreprocessing: observations ${formatSpec({ shape, dtype })}; they have to be uint8 [height, width] or [height, width, 3]`,
      );
    }
    const { screenSize, stackSize } = this.#options;
    this.#game = env;
    this.#engine = engine;
    this.#resize = new AreaResize([height, width], [screenSize, screenSize]);
    this.#fire = env.actionMeanings?.indexOf("FIRE") ?? -1;
    this.#raw = { observation: new Uint8Array(height * width * channels), ...nothing };
    this.#earlier = new Uint8Array(height * width);
    this.#pooled = new Uint8Array(height * width);
    this.observationSpace = new Box(0, 255, [screenSize, screenSize, stackSize], "uint8");
    this.#stack = new Uint8Array(screenSize * screenSize * stackSize);
    this.#random = new PCG64(engine, this.#options.seed);
  }

  /** Goes on with a game of which only a life was lost, unless a seed is given. */
  override reset(options: { seed?: number } = {}, into?: Uint8Array): Uint8Array {
    if (options.seed !== undefined) this.#random = new PCG64(this.#engine, options.seed);
    if (!this.#isGoingOn || options.seed !== undefined || this.#skip(0).isOver) this.#begin(options);
    if (this.#options.fireOnReset && this.#fire >= 0 && this.#skip(this.#fire).isOver) this.#begin({});
    this.#isGoingOn = false;
    this.#lives = this.#game.lives ?? 0;
    const { stackSize } = this.#options;
    this.#see();
    for (let at = 0; at < this.#stack.length; at += stackSize)
      this.#stack.fill(this.#stack[at + stackSize - 1] as number, at, at + stackSize - 1);
    return this.#shown(into);
  }

  override step(action: number, into?: StepResult<Uint8Array>): StepResult<Uint8Array> {
    const { score, isOver, terminated, truncated } = this.#skip(action);
    const { terminalOnLifeLoss, signRewards } = this.#options;
    const lives = this.#game.lives ?? 0;
    this.#isGoingOn = terminalOnLifeLoss && !isOver && lives > 0 && lives < this.#lives;
    this.#lives = lives;
    this.#see();
    return Object.assign(into ?? {}, {
      observation: this.#shown(into?.observation),
      reward: signRewards ? Math.sign(score) : score,
      terminated: terminated || this.#isGoingOn,
      truncated,
      score,
      gameOver: isOver,
    });
  }

  override state(): object {
    const [earlier, pooled, stack] = [this.#earlier, this.#pooled, this.#stack].map((bytes) => bytes.slice());
    const game = { lives: this.#lives, isGoingOn: this.#isGoingOn, random: this.#random.state() };
    return { ...game, earlier, pooled, stack, env: stateOf(this.env) };
  }

  /** @throws FileFormatError for what `state` did not give; UnsupportedError where the game cannot be restored */
  override restore(state: unknown): void {
    const bytes = ({ length }: Uint8Array) => ({ kind: "array", dtype: "uint8", length }) as const;
    const saved = fields(state, {
      ...{ lives: count, isGoingOn: boolean, random: anyState, env: anyState },
      ...{ earlier: bytes(this.#earlier), pooled: bytes(this.#pooled), stack: bytes(this.#stack) },
    });
    const random = new PCG64(this.#engine, 0);
    random.restore(saved.random);
    restoreTo(this.env, saved.env);
    this.#random = random;
    this.#lives = saved.lives;
    this.#isGoingOn = saved.isGoingOn;
    this.#earlier.set(saved.earlier);
    this.#pooled.set(saved.pooled);
    this.#stack.set(saved.stack);
  }

  /** Begins a game, and does nothing for some frames. */
  #begin(options: { seed?: number }): void {
    const { noopMax } = this.#options;
    const { observation } = this.#raw;
    let screen = this.#game.reset(options, observation);
    for (let frames = noopMax === 0 ? 0 : 1 + this.#random.integer(noopMax); frames > 0; frames--) {
      const { observation: next, terminated, truncated } = this.#frame(0);
      screen = terminated || truncated ? this.#game.reset({}, observation) : next;
    }
    this.#toGrey(screen, this.#pooled);
    this.#earlier.fill(0);
  }

  /** Repeats an action. Of a game that ends on the way, the screens are not looked at. */
  #skip(action: number) {
    const { frameSkip } = this.#options;
    let score = 0;
    for (let frame = 1; ; frame++) {
      const { observation, reward, terminated, truncated } = this.#frame(action);
      score += reward;
      const isOver = terminated || truncated;
      if (!isOver && frame === frameSkip - 1) this.#toGrey(observation, this.#earlier);
      if (!isOver && frame === frameSkip) this.#toGrey(observation, this.#pooled);
      if (isOver || frame === frameSkip) {
        this.#pool();
        return { score, isOver, terminated, truncated };
      }
    }
  }

  #frame(action: number): StepResult<Uint8Array> {
    Object.assign(this.#raw, nothing);
    return this.#game.step(action, this.#raw);
  }

  /** The brighter of each pixel. */
  #pool(): void {
    const [earlier, pooled] = [this.#earlier, this.#pooled];
    for (let pixel = 0; pixel < pooled.length; pixel++)
      if ((earlier[pixel] as number) > (pooled[pixel] as number)) pooled[pixel] = earlier[pixel] as number;
  }

  /** Luminance in 14 bits, as OpenCV has it: 0.299 of red, 0.587 of green, 0.114 of blue. */
  #toGrey(screen: Uint8Array, into: Uint8Array): void {
    if (screen.length === into.length) return void into.set(screen);
    for (let pixel = 0, at = 0; pixel < into.length; pixel++, at += 3) {
      const [red, green, blue] = [screen[at] as number, screen[at + 1] as number, screen[at + 2] as number];
      into[pixel] = (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14;
    }
  }

  /** Puts the newest screen last, and the others one to the front. */
  #see(): void {
    const { stackSize } = this.#options;
    // By one byte: what comes from the next pixel is written over.
    this.#stack.copyWithin(0, 1);
    this.#resize.resize(this.#pooled, this.#stack, stackSize - 1, stackSize);
  }

  #shown(into: Uint8Array | undefined): Uint8Array {
    if (into === undefined) return this.#stack.slice();
    into.set(this.#stack);
    return into;
  }
}

const nothing = { reward: 0, terminated: false, truncated: false };
