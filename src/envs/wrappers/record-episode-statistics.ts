// What episodes came to, kept where it can be read.

import { anyState, atLeastOne, checkNames, checkValue, count } from "../../base/ranges.ts";
import { fields } from "../../base/state.ts";
import { type Env, restoreTo, type StepResult, stateOf } from "../env.ts";
import { Wrapper } from "./wrapper.ts";

/** What an episode came to. */
export interface EpisodeStatistics {
  /** The sum of its rewards, in float64. */
  readonly return: number;
  /** How many steps it had. */
  readonly length: number;
}

/**
 * Keeps return and length of the last episodes. It changes nothing: outside of other wrappers it counts what they make
 * of rewards and steps, inside what there was before.
 *
 * ```ts
 * const env = new RecordEpisodeStatistics(new CartPole(engine), { bufferLength: 10 });
 * // ... after some episodes:
 * console.log(env.episodeCount, env.episodes.at(-1)?.return);
 * ```
 */
export class RecordEpisodeStatistics<
  Action = number | Int32Array | Float32Array,
  Observation = Float32Array,
> extends Wrapper<Action, Observation> {
  /** Returns and lengths of the last episodes; that of episode i stands at i modulo their number. */
  readonly #returns: Float64Array;
  readonly #lengths: Float64Array;
  #episodeCount = 0;
  /** Return and length of the episode under way: an array, since a field would make an object of each new number. */
  readonly #current = new Float64Array(2);

  /**
   * @param options.bufferLength how many episodes to keep: 100 unless given
   * @throws ConfigurationError unless env is an environment and bufferLength an integer from 1 to 1,000,000
   */
  constructor(env: Env<Action, Observation>, options: { readonly bufferLength?: number } = {}) {
    super(env);
    checkNames("RecordEpisodeStatistics", options, ["bufferLength"]);
    const { bufferLength = 100 } = options;
    checkValue("RecordEpisodeStatistics: bufferLength", { ...atLeastOne, to: 1e6 }, bufferLength);
    this.#returns = new Float64Array(bufferLength);
    this.#lengths = new Float64Array(bufferLength);
  }

  /** How many episodes have ended. */
  get episodeCount(): number {
    return this.#episodeCount;
  }

  /** What the last episodes came to, the newest last: a new list each time. */
  get episodes(): readonly EpisodeStatistics[] {
    const { length: most } = this.#returns;
    const first = Math.max(0, this.#episodeCount - most);
    return Array.from({ length: this.#episodeCount - first }, (_, index) => {
      const at = (first + index) % most;
      return { return: this.#returns[at] as number, length: this.#lengths[at] as number };
    });
  }

  /** The episode under way, so far. */
  get current(): EpisodeStatistics {
    return { return: this.#current[0] as number, length: this.#current[1] as number };
  }

  override reset(options?: { seed?: number }, into?: Observation): Observation {
    const observation = super.reset(options, into);
    this.#current.fill(0);
    return observation;
  }

  override step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const result = super.step(action, into);
    const current = this.#current as ArrayLike<number> as [number, number];
    current[0] += result.reward;
    current[1]++;
    if (!result.terminated && !result.truncated) return result;
    const at = this.#episodeCount % this.#returns.length;
    this.#returns[at] = current[0];
    this.#lengths[at] = current[1];
    this.#episodeCount++;
    return result;
  }

  override state(): object {
    const [returns, lengths, current] = [this.#returns, this.#lengths, this.#current].map((array) => array.slice());
    return { episodeCount: this.#episodeCount, returns, lengths, current, env: stateOf(this.env) };
  }

  /**
   * @throws FileFormatError for what `state` did not give; UnsupportedError where the environment cannot be restored
   */
  override restore(state: unknown): void {
    const array = { kind: "array", dtype: "float64", length: this.#returns.length, finite: true } as const;
    const saved = fields(state, {
      ...{ episodeCount: count, returns: array, lengths: { ...array, from: 0 } },
      ...{ current: { ...array, length: 2 }, env: anyState },
    });
    restoreTo(this.env, saved.env);
    this.#episodeCount = saved.episodeCount;
    this.#returns.set(saved.returns);
    this.#lengths.set(saved.lengths);
    this.#current.set(saved.current);
  }
}
