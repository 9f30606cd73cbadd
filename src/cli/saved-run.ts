// All that a run left, held against the training as it is done again.

import { ProximalError } from "../base/errors.ts";
import { makeVec } from "../envs/make-vec.ts";
import { PPO } from "../ppo/agent.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { compareResults, type Difference, SavedLines, SavedTensors } from "./comparison.ts";
import type { Evaluator } from "./evaluations.ts";
import { outcomeOf, type SavedResult } from "./result.ts";
import type { RunConfig } from "./run-config.ts";
import { type RunFolder, runFiles } from "./run-folder.ts";

type Tensors = Readonly<Record<"policy" | "best" | "checkpoint", SavedTensors | undefined>>;

export class SavedRun {
  /** How far it went. */
  readonly iterations: number;
  readonly #config: RunConfig;
  readonly #tensors: Tensors;
  readonly #metrics: SavedLines;
  readonly #evaluations: SavedLines;
  readonly #result: SavedResult | undefined;
  /** The iteration of the checkpoint; that at the end where it cannot be read. */
  readonly #checkpointAt: number;
  /** That of the policy, as far as it is known. */
  #policyAt: number | undefined;
  #evaluated = 0;
  /** The policies that were the best, one after the other, as files. */
  readonly #bests: { readonly iteration: number; readonly bytes: Uint8Array }[] = [];

  private constructor(folder: RunFolder, config: RunConfig, tensors: Tensors, checkpointAt: number | undefined) {
    this.#config = config;
    this.#tensors = tensors;
    this.#result = folder.readResult();
    this.#evaluations = new SavedLines(folder, "evaluations");
    this.#metrics = new SavedLines(folder, "metrics", this.#result?.thinned);
    const ended = (this.#result?.steps ?? 0) / (config.numEnvs * config.hyperparameters.numSteps);
    this.iterations = Math.max(this.#metrics.lastIteration, checkpointAt ?? 0, Math.ceil(ended));
    this.#checkpointAt = checkpointAt ?? this.iterations;
  }

  /** Reads it from what is written last to what is written first, so that one that is under way is whole. */
  static async read(folder: RunFolder, config: RunConfig): Promise<SavedRun> {
    const [policy, best, checkpoint] = [
      await SavedTensors.in(folder, "policy"),
      await SavedTensors.in(folder, "best"),
      await SavedTensors.in(folder, "checkpoint"),
    ];
    const at = checkpoint === undefined ? 0 : await iterationOf(checkpoint.bytes, config);
    return new SavedRun(folder, config, { policy, best, checkpoint }, at);
  }

  /** What differs after an iteration. */
  compare(agent: PPO, iteration: Iteration, evaluator: Evaluator | undefined): Difference | undefined {
    return (
      this.#metrics.compare(iteration.iteration - 1, iteration) ??
      this.#compareEvaluation(agent, iteration, evaluator) ??
      this.compareTensors(agent) ??
      this.#compareResult(agent, iteration, evaluator)
    );
  }

  #compareResult(agent: PPO, iteration: Iteration, evaluator: Evaluator | undefined): Difference | undefined {
    if (this.#result?.steps !== agent.steps) return undefined;
    return compareResults(iteration.iteration, this.#result, outcomeOf(this.#config, agent, iteration, evaluator));
  }

  #compareEvaluation(agent: PPO, iteration: Iteration, evaluator: Evaluator | undefined): Difference | undefined {
    const evaluation = evaluator?.evaluate(agent.policy, iteration);
    if (evaluation === undefined) return undefined;
    if (evaluator?.best === evaluation)
      this.#bests.push({ iteration: iteration.iteration, bytes: agent.policy.toBytes() });
    const index = this.#evaluated++;
    // A run may have been stopped between the last line of metrics and that of its evaluation.
    const isStopped = index === this.#evaluations.length && iteration.iteration > this.#checkpointAt;
    if (isStopped && iteration.iteration === this.iterations) return undefined;
    return this.#evaluations.compare(index, evaluation);
  }

  /** What differs in checkpoint and policy, where they are of this moment. */
  compareTensors(agent: PPO): Difference | undefined {
    const { checkpoint, policy } = this.#tensors;
    const { iteration } = agent;
    if (checkpoint !== undefined && iteration === this.#checkpointAt) {
      // Of a run that was made longer here, it may be from before or after.
      const isEither = this.#config.earlier?.some(({ untilIteration }) => untilIteration === iteration) === true;
      const difference = checkpoint.compare(iteration, agent.checkpoint(), isEither);
      if (difference !== undefined) return difference;
    }
    if (policy?.has(agent.policy.tensors) !== true) return undefined;
    this.#policyAt = iteration;
    return policy.compare(iteration, agent.policy.toBytes());
  }

  /** What differs once all of it was trained again. */
  compareEnd(agent: PPO): Difference | undefined {
    const { iteration } = agent;
    const { policy, best } = this.#tensors;
    const more = (file: string, place: string) => ({ file, iteration, place, saved: "there", again: "missing" });
    if (iteration < this.iterations) return more(runFiles.metrics, `what follows it`);
    if (this.#config.evaluation !== undefined && this.#evaluations.length > this.#evaluated)
      return more(runFiles.evaluations, `line ${this.#evaluated + 1}`);
    if (policy !== undefined && this.#policyAt === undefined) return policy.compare(iteration, agent.policy.toBytes());
    if (best === undefined && this.#durable === undefined) return undefined;
    if (best === undefined) return { file: runFiles.best, iteration, place: "file", saved: "missing", again: "there" };
    const expected = this.#bests.filter((each) => each.iteration >= (this.#durable?.iteration ?? 0));
    const last = expected.at(-1);
    if (last === undefined) return more(runFiles.best, "file");
    return expected.some(({ bytes, iteration }) => best.compare(iteration, bytes) === undefined)
      ? undefined
      : best.compare(last.iteration, last.bytes);
  }

  /** What has to be said though nothing differs. */
  get remarks(): string[] {
    const { policy, checkpoint } = this.#tensors;
    const at = this.#policyAt ?? this.iterations;
    const isPublished = this.#result?.thinned === true;
    return [
      ...(this.#metrics.isCutShort ? [`${runFiles.metrics}: its last line is cut short`] : []),
      ...(checkpoint === undefined && !isPublished ? [`there is no ${runFiles.checkpoint}`] : []),
      ...(policy === undefined && !isPublished ? [`there is no ${runFiles.policy} yet`] : []),
      ...(at < this.iterations ? [`${runFiles.policy} is that of iteration ${at}`] : []),
    ];
  }

  /** The last of the best policies that has to be there: it is written after the checkpoint of its iteration. */
  get #durable() {
    return this.#bests.filter(({ iteration }) => iteration < this.#checkpointAt).at(-1);
  }
}

/** Undefined of what is no checkpoint of this run. */
async function iterationOf(checkpoint: Uint8Array, config: RunConfig): Promise<number | undefined> {
  const vector = await makeVec(config.env, { numEnvs: config.numEnvs, seed: config.seed });
  try {
    return (await PPO.resume(vector, checkpoint)).iteration;
  } catch (error) {
    if (error instanceof ProximalError) return undefined;
    throw error;
  } finally {
    vector.close?.();
  }
}
