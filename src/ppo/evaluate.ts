// What a policy is worth: the returns and lengths of some episodes.

import { ConfigurationError, EnvironmentError, NonFiniteError } from "../base/errors.ts";
import { atLeastOne, boolean, checkNames, checkValue, count, shown } from "../base/ranges.ts";
import { interquartileMeanInterval, interquartileMeanOf, meanOf, medianOf, stdOf } from "../base/statistics.ts";
import { checkEnv, type EnvOf, isOver, nameOf, type StepResult } from "../envs/env.ts";
import { unwrapped } from "../envs/wrappers/wrapper.ts";
import type { Observation } from "../spaces/index.ts";
import { maskSizeOf } from "../spaces/mask.ts";
import type { ActOptions } from "./policy.ts";

/**
 * What sets the seeds of evaluations apart: a second word of 32 bits, as SeedSequence takes a seed. Unlike a spawn key
 * it fits into the one number that every environment's `reset` takes.
 */
const APART = 2 ** 32;

/** What episodes are played with: a policy, an agent, or an `act` of one's own. */
export interface Actor<Action = number | Int32Array | Float32Array> {
  /** The action for one observation, as the environment shows it. */
  act(observation: Observation, options?: ActOptions): Action;
  /** Hears that an episode begins. */
  beginEpisode?(): void;
}

/** How `evaluate` plays. */
export interface EvaluateOptions extends Pick<ActOptions, "deterministic"> {
  /** How many episodes: 100 unless given. */
  readonly episodes?: number;
  /**
   * Which episodes, from 0 to 2^53 - 2^32 - 1: 1 unless given, so that it can be repeated. The environment begins from
   * `seed` + 2^32, so that these are no episodes of a training, whose environments begin from its seed and on.
   */
  readonly seed?: number;
}

/** A number of each episode, and what they come to. */
export interface EpisodeValues {
  /** In the order of the episodes. */
  readonly values: readonly number[];
  /** Their mean. */
  readonly mean: number;
  /** Their standard deviation: the root of the mean squared difference from the mean. */
  readonly std: number;
  /** The least of them. */
  readonly min: number;
  /** The greatest of them. */
  readonly max: number;
  /** The one in the middle, or the mean of the two there. */
  readonly median: number;
  /**
   * Their mean without the least and the greatest quarter, each rounded down to whole episodes: what Agarwal et al.
   * (2021, rliable) compare by, and scipy.stats.trim_mean(values, 0.25).
   */
  readonly interquartileMean: number;
  /**
   * The 95% confidence interval of the interquartile mean: the 0.025 and 0.975 quantiles of what it is for 2000
   * resamples, drawn with replacement and always from the same seed.
   */
  readonly interval: readonly [low: number, high: number];
}

/** What the episodes came to. */
export interface EpisodeOutcomes {
  /** The sum of the rewards of each. */
  readonly returns: EpisodeValues;
  /** The steps of each. */
  readonly lengths: EpisodeValues;
}

/**
 * Plays episodes in one environment, as `proximal eval` does.
 *
 * ```ts
 * const { returns } = evaluate(policy, await make("CartPole-v1"), { episodes: 20 });
 * console.log(`${returns.mean} ± ${returns.std}`);
 * ```
 *
 * @throws ConfigurationError for what is no policy or environment, and for an option that is unknown or out of range;
 * EnvironmentError for an action that is not in the environment's space; NonFiniteError for a reward that is not a
 * finite number; what `act` throws for an observation
 */
export function evaluate<Action>(
  policy: Actor<Action>,
  env: EnvOf<Action>,
  options: EvaluateOptions = {},
): EpisodeOutcomes {
  checkNames("evaluate", options, ["episodes", "seed", "deterministic"]);
  const { episodes = 100, seed = 1, deterministic = true } = options;
  checkValue("evaluate: episodes", atLeastOne, episodes);
  checkValue("evaluate: seed", { ...count, to: count.to - APART }, seed);
  checkValue("evaluate: deterministic", boolean, deterministic);
  if (typeof policy?.act !== "function")
    throw new ConfigurationError(`evaluate: policy: ${shown(policy)} is no policy; it has to have act`);
  checkEnv("evaluate: env", env);

  const player = new Player(policy, env, seed, deterministic);
  const returns: number[] = [];
  const lengths: number[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    player.begin();
    let [total, length] = [0, 0];
    let result: AnyStepResult;
    do {
      result = player.step();
      total += result.score ?? result.reward;
      length++;
    } while (!isOver(result));
    returns.push(total);
    lengths.push(length);
  }
  return { returns: summaryOf(returns), lengths: summaryOf(lengths) };
}

/** Plays the episodes of an evaluation, a step at a time. */
export class Player<Action> {
  readonly #policy: Actor<Action>;
  readonly #env: EnvOf<Action>;
  readonly #deterministic: boolean;
  readonly #into: AnyStepResult;
  /** Where the first episode begins. */
  #start: { seed?: number };
  #observation: Observation;

  /** Plays the episodes of this seed. */
  constructor(policy: Actor<Action>, env: EnvOf<Action>, seed: number, deterministic: boolean) {
    this.#policy = policy;
    this.#env = env;
    this.#deterministic = deterministic;
    this.#start = { seed: seed + APART };
    this.#observation = env.observationSpace.empty() as Observation;
    this.#into = { observation: this.#observation, reward: 0, terminated: false, truncated: false };
  }

  /** Begins the first episode, or the next. */
  begin(): void {
    this.#observation = this.#env.reset(this.#start, this.#into.observation);
    this.#start = {};
    this.#policy.beginEpisode?.();
  }

  /** Takes a step. What it came to may be written over by the next. */
  step(): AnyStepResult {
    const options = { deterministic: this.#deterministic, ...maskOf(this.#env) };
    const result = stepOf(this.#env, this.#policy.act(this.#observation, options), this.#into);
    this.#observation = result.observation;
    // Of a game that goes on.
    if (result.terminated && !isOver(result)) this.begin();
    return result;
  }
}

/** Which actions may be chosen now, of an environment that says so. */
function maskOf<Action>(env: EnvOf<Action>): Pick<ActOptions, "mask"> {
  const size = maskSizeOf(env.actionSpace);
  const mask = env.actionMask?.(new Uint8Array(size).fill(1));
  return mask === undefined ? {} : { mask };
}

type AnyStepResult = StepResult<Observation>;

function stepOf<Action>(env: EnvOf<Action>, action: Action, into: AnyStepResult): AnyStepResult {
  const { actionSpace } = env;
  if (!actionSpace.contains(action))
    throw new EnvironmentError(`${nameOf(unwrapped(env))}: action ${shown(action)} is not in ${actionSpace}`);
  // What an environment forgets to write is not that of the step before.
  into.reward = Number.NaN;
  into.terminated = false;
  into.truncated = false;
  into.score = undefined;
  into.gameOver = undefined;
  const result = env.step(action, into);
  const { reward } = Object(result) as AnyStepResult;
  if (Number.isFinite(reward)) return result;
  throw new NonFiniteError(`${nameOf(unwrapped(env))}: the reward is ${reward}; it has to be a finite number`);
}

function summaryOf(values: readonly number[]): EpisodeValues {
  return {
    values,
    mean: meanOf(values),
    std: stdOf(values),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    median: medianOf(values),
    interquartileMean: interquartileMeanOf(values),
    interval: interquartileMeanInterval(values),
  };
}
