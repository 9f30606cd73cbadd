// The evaluations of a training: every so many steps its policy plays episodes of its own, and the best one is kept.
// Neither its environments nor its random numbers are those of the training, whose bytes stay what they were.

import type { AnyEnv } from "../envs/env.ts";
import { make } from "../envs/registry.ts";
import { type Actor, type EpisodeOutcomes, evaluate } from "../ppo/evaluate.ts";
import type { Iteration } from "../ppo/metrics.ts";
import type { EvaluationPlan, RunConfig } from "./run-config.ts";

/** What episodes came to, by the names that every output has for it. */
export function figuresOf({ returns, lengths }: EpisodeOutcomes) {
  return {
    episodes: returns.values.length,
    meanReturn: returns.mean,
    stdReturn: returns.std,
    minReturn: returns.min,
    maxReturn: returns.max,
    medianReturn: returns.median,
    interquartileMeanReturn: returns.interquartileMean,
    /** Of the interquartile mean. */
    intervalLow: returns.interval[0],
    intervalHigh: returns.interval[1],
    meanLength: lengths.mean,
  };
}

/** A line of evaluations.jsonl. */
export interface Evaluation extends ReturnType<typeof figuresOf> {
  readonly iteration: number;
  readonly steps: number;
}

/** The best of them, the earlier of those that are alike; undefined of none. */
function bestOf(evaluations: readonly Evaluation[]): Evaluation | undefined {
  return evaluations.reduce<Evaluation | undefined>(
    (best, other) => (best === undefined || other.meanReturn > best.meanReturn ? other : best),
    undefined,
  );
}

/** Evaluates where that is due. */
export class Evaluator {
  /** The best so far. */
  best: Evaluation | undefined;
  readonly #plan: EvaluationPlan;
  readonly #seed: number;
  readonly #env: AnyEnv;

  private constructor(env: AnyEnv, plan: EvaluationPlan, seed: number) {
    this.#env = env;
    this.#plan = plan;
    this.#seed = seed;
  }

  /**
   * @param earlier evaluations of a run that goes on
   * @returns undefined of a run without evaluations
   */
  static async create(
    { env: id, seed, evaluation: plan }: RunConfig,
    earlier: readonly Evaluation[],
  ): Promise<Evaluator | undefined> {
    if (plan === undefined) return undefined;
    // Neither the training's nor those of `proximal eval`, which are to say what the best is worth elsewhere.
    const own = (seed % 2 ** 32) + 2 ** 32;
    const evaluator = new Evaluator(await make<AnyEnv>(id, { seed: own }), plan, own);
    evaluator.best = bestOf(earlier);
    return evaluator;
  }

  /**
   * What the policy is worth after an iteration, by its most likely actions; undefined where that is not asked.
   */
  evaluate(policy: Actor, { iteration, steps }: Iteration): Evaluation | undefined {
    if (!isDue(this.#plan, iteration, steps)) return undefined;
    const { episodes } = this.#plan;
    const evaluation = { iteration, steps, ...figuresOf(evaluate(policy, this.#env, { episodes, seed: this.#seed })) };
    this.best = bestOf(this.best === undefined ? [evaluation] : [this.best, evaluation]);
    return evaluation;
  }

  close(): void {
    this.#env.close?.();
  }
}

/** Whether a multiple of `every` was reached in that iteration; all have as many steps. */
function isDue({ every }: EvaluationPlan, iteration: number, steps: number): boolean {
  return Math.floor(steps / every) > Math.floor(((iteration - 1) * steps) / iteration / every);
}

/** The iterations at which there is an evaluation in a run, up to one of them. */
export function dueUntil(plan: EvaluationPlan, iteration: number, stepsOfEach: number): number[] {
  const iterations = Array.from({ length: iteration }, (_, index) => index + 1);
  return iterations.filter((each) => isDue(plan, each, each * stepsOfEach));
}
