// What an environment is: Gymnasium's interface, in a form that can write into arrays it is given.

import { ConfigurationError, EnvironmentError, UnsupportedError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { sizeOf } from "../base/spec.ts";
import type { Stateful } from "../base/state.ts";
import type { ObservationSpace, Space } from "../spaces/index.ts";
import type { Scene } from "./scene.ts";

/** What a step came to. */
export interface StepResult<Observation = Float32Array> {
  /** What is seen after it. */
  observation: Observation;
  /** What it was worth. */
  reward: number;
  /** The episode came to an end of its own: nothing follows. */
  terminated: boolean;
  /** The episode was cut off from outside, as by a time limit: it would have gone on. */
  truncated: boolean;
  /** What it adds to the return that people are told, where that is not the reward: the points of a game. */
  score?: number | undefined;
  /** Whether the game is over, where episodes are parts of one, as lives are. */
  gameOver?: boolean | undefined;
}

/** Whether all is over of which people are told the return. */
export function isOver({ terminated, truncated, gameOver = true }: StepResult<unknown>): boolean {
  return truncated || (terminated && gameOver);
}

/**
 * An environment: something to observe, to act on, and to be rewarded by.
 *
 * Observations of a Box are arrays of its data type, flat, in row order; those of a Discrete are numbers, of a
 * MultiDiscrete and a MultiBinary arrays, of a Dict objects, and of a Tuple lists. An action is a number where the
 * action space has the shape [], as Discrete has; else an array.
 */
export interface Env<Action = number | Int32Array | Float32Array, Observation = Float32Array> {
  /** What its observations are. */
  readonly observationSpace: ObservationSpace;
  /** What its actions are. */
  readonly actionSpace: Space;

  /**
   * Begins an episode and gives its first observation.
   * @param options.seed starts the environment's random numbers anew; without it they go on
   * @param into where to write the observation, which may be answered or not; without it the answer is a new one
   */
  reset(options?: { seed?: number }, into?: Observation): Observation;

  /**
   * Takes one step. After one that terminates or truncates the episode, `reset` has to come first.
   * @param into where to write the result, its observation included; without it the answer is a new one
   */
  step(action: Action, into?: StepResult<Observation>): StepResult<Observation>;

  /**
   * Which actions are allowed next: 1 for each that is, 0 for each that is not; for a Discrete [n], for a MultiDiscrete
   * one choice after the other. It is asked for after each `reset`, `step` and `restore`; an environment in which every
   * action is always allowed has no such method.
   * @param into where to write it, ones beforehand, which may be answered or not; without it the answer is a new array
   */
  actionMask?(into?: Uint8Array): ArrayLike<number>;

  /**
   * Everything that the future depends on, random numbers included, so that a restored environment goes on bit by bit:
   * a plain object, in which typed arrays keep every bit.
   */
  state?(): object;
  /** Takes back what `state` gave. */
  restore?(state: unknown): void;

  /** What it looks like at this moment. */
  render?(): Scene;

  /** Gives back what it holds outside of JavaScript's memory. It is not used afterwards. */
  close?(): void;
}

/** An environment of any actions and observations. */
// biome-ignore lint/suspicious/noExplicitAny: the one type that each Env<Action, Observation> can be assigned to
export type AnyEnv = Env<any, any>;

/** An environment of these actions and any observations. */
// biome-ignore lint/suspicious/noExplicitAny: likewise
export type EnvOf<Action> = Env<Action, any>;

/** What is known of a registered environment. */
export interface EnvSpec {
  /** The name that `make` knows it by. */
  readonly id: string;
  /** The mean return at which the task counts as solved. */
  readonly rewardThreshold?: number;
  /** The steps after which an episode is truncated. */
  readonly maxEpisodeSteps?: number;
  /** The steps that are shown in a second where it is watched: 30 unless given. */
  readonly framesPerSecond?: number;
  /** What it belongs to: "classic control". */
  readonly family?: string;
  /** The package that has to be installed for it, with its version, as npm takes them. */
  readonly requires?: string;
  /** By what the data that it stands on is known, where that is a file of the user's: "sha256:..." */
  readonly data?: string;
}

/**
 * @param name what it is called in errors
 * @throws ConfigurationError for what is no environment
 */
export function checkEnv(name: string, env: unknown): void {
  const { reset, step, actionMask } = Object(env) as Partial<AnyEnv>;
  if (typeof reset !== "function" || typeof step !== "function")
    throw new ConfigurationError(`${name}: ${shown(env)} is no environment; it has to have reset and step`);
  if (actionMask === undefined || typeof actionMask === "function") return;
  throw new ConfigurationError(`${name}: its actionMask is ${shown(actionMask)}, which is no method`);
}

/** What errors call an environment, or several: its class, where that has a name. */
export function nameOf(env: object): string {
  return env.constructor?.name || "environment";
}

/** The error of what is no action. @param name what refuses it */
export function refusedAction(name: string, space: Space, action: unknown): EnvironmentError {
  const numbers = (space.shape.length === 0 ? [action] : Object(action)) as ArrayLike<number>;
  const violation = numbers.length === sizeOf(space.shape) ? space.violation(numbers, 0) : undefined;
  const { at, value, expected } = violation ?? { at: "", value: action, expected: `in ${space}` };
  return new EnvironmentError(`${name}: action${at} is ${shown(value)}; it has to be ${expected}`);
}

/** @throws UnsupportedError for an environment, or several, without `state` */
export function stateOf(env: Partial<Stateful>): object {
  if (env.state === undefined) throw unsupported(env, "state");
  return env.state();
}

/** @throws UnsupportedError for an environment, or several, without `restore` */
export function restoreTo(env: Partial<Stateful>, state: unknown): void {
  if (env.restore === undefined) throw unsupported(env, "restore");
  env.restore(state);
}

function unsupported(env: object, method: string): UnsupportedError {
  return new UnsupportedError(`${nameOf(env)}: it has no ${method}(), so that it cannot be saved and resumed`);
}
