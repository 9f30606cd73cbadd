// Episodes as pictures that move: those that are worth keeping of many, or one.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { UnsupportedError } from "../base/errors.ts";
import { type AnyEnv, type EnvSpec, isOver, type StepResult } from "../envs/env.ts";
import type { Scene } from "../envs/scene.ts";
import { Wrapper } from "../envs/wrappers/wrapper.ts";
import { fileError, writeFile } from "../io/files.ts";
import { animationSVG } from "../render/animation.ts";
import { brief, grouped } from "./numbers.ts";
import { printable } from "./text.ts";

/** The steps of an episode of which a picture has the scenes, unless told otherwise. */
export const RECORDED_STEPS = 1000;
/** The steps that are shown in a second, of environments that do not say. */
const FRAMES_PER_SECOND = 30;

/** The pace at which an environment is watched, in steps a second. */
export function paceOf({ framesPerSecond = FRAMES_PER_SECOND }: EnvSpec): number {
  return framesPerSecond;
}

/** What an episode looked like. */
interface Episode {
  /** Counted from 1. */
  readonly episode: number;
  return: number;
  length: number;
  readonly scenes: Scene[];
}

/** A picture that was written. */
export interface Recording extends Omit<Episode, "scenes"> {
  readonly file: string;
  /** The steps that it shows. */
  readonly shown: number;
  readonly bytes: number;
}

/** An environment that keeps its best and its worst episode, the earlier of those that are alike. */
export class Recorder extends Wrapper<unknown, unknown> {
  /** Undefined before the end of the first. */
  best: Episode | undefined;
  worst: Episode | undefined;
  #current: Episode | undefined;
  /** Whether what comes is the next life of a game. */
  #goesOn = false;
  readonly #steps: number;

  /**
   * @param id what it is called in errors
   * @param steps how many of each episode are kept, from its beginning
   * @throws UnsupportedError for an environment that shows nothing
   */
  constructor(env: AnyEnv, id: string, steps: number) {
    super(env);
    expectRender(env, id);
    this.#steps = steps;
  }

  override reset(options?: { seed?: number }, into?: unknown): unknown {
    const observation = super.reset(options, into);
    if (this.#goesOn) return observation;
    const episode = (this.#current?.episode ?? 0) + 1;
    this.#current = { episode, return: 0, length: 0, scenes: [this.render?.() as Scene] };
    return observation;
  }

  override step(action: unknown, into?: StepResult<unknown>): StepResult<unknown> {
    const result = super.step(action, into);
    const episode = this.#current as Episode;
    episode.return += result.score ?? result.reward;
    episode.length++;
    if (episode.length <= this.#steps) episode.scenes.push(this.render?.() as Scene);
    this.#goesOn = result.terminated && !isOver(result);
    if (isOver(result)) this.end();
    return result;
  }

  /** Ends the episode under way. */
  end(): void {
    const episode = this.#current as Episode;
    if (this.best === undefined || episode.return > this.best.return) this.best = episode;
    if (this.worst === undefined || episode.return < this.worst.return) this.worst = episode;
  }
}

/**
 * Writes the best episode as a file, where the name is that of an SVG file, else the best and the worst into a folder.
 * @throws FileFormatError for what cannot be written
 */
export async function writeEpisodes(path: string, { best, worst }: Recorder, spec: EnvSpec): Promise<Recording[]> {
  if (path.endsWith(".svg")) return [await writeEpisode(path, best, spec)];
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError(path, "cannot be made", error);
  }
  return [
    await writeEpisode(join(path, "best.svg"), best, spec),
    await writeEpisode(join(path, "worst.svg"), worst, spec),
  ];
}

/** @throws FileFormatError for what cannot be written */
export async function writeEpisode(file: string, recorded: Episode | undefined, spec: EnvSpec): Promise<Recording> {
  const { scenes, ...episode } = recorded as Episode;
  const title = `${spec.id}, return ${brief(episode.return)}`;
  const picture = animationSVG(scenes, { framesPerSecond: paceOf(spec), title });
  await writeFile(file, picture);
  return { file, ...episode, shown: scenes.length - 1, bytes: new TextEncoder().encode(picture).length };
}

/** What was written, in a line. */
export function describeRecording({ file, episode, return: value, length, shown, bytes }: Recording): string {
  const steps = shown < length ? `the first ${grouped(shown)} of ${grouped(length)} steps` : `${grouped(length)} steps`;
  return `wrote ${printable(file)}: episode ${episode}, return ${brief(value)}, ${steps}, ${Math.ceil(bytes / 1000)} kB`;
}

/** @throws UnsupportedError for an environment that shows nothing */
export function expectRender(env: AnyEnv, id: string): asserts env is AnyEnv & Required<Pick<AnyEnv, "render">> {
  if (env.render === undefined)
    throw new UnsupportedError(`${id}: it has no render(), so that there is nothing to be seen of it`);
}
