// An agent: a policy that learns in its environments, and what can be asked of it between iterations.

import { ConfigurationError } from "../base/errors.ts";
import type { Bytes } from "../base/spec.ts";
import type { Engine } from "../engine/engine.ts";
import { checkVectorEnv, type VectorEnv } from "../envs/vector-env.ts";
import { makersFor } from "../nn/makers.ts";
import type { Observation } from "../spaces/index.ts";
import { ActorCritic, type NetworkChoice } from "./actor-critic.ts";
import { type Batch, checkPermutations, type ReadableRollout, setBatch } from "./batch.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { chosenEngine, type EngineChoice } from "./engine-choice.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";
import type { Iteration, UpdateMeans } from "./metrics.ts";
import type { Finding } from "./monitor.ts";
import type { ActOptions } from "./policy.ts";
import { Learner } from "./ppo.ts";
import type { TrainOptions } from "./progress.ts";
import { newEngine, Policy } from "./saved-policy.ts";
import { Turns } from "./turns.ts";

/**
 * An agent: a policy that learns in its environments.
 *
 * ```ts
 * const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8 }), { seed: 1 });
 * for await (const { steps, meanReturn } of agent.train({ totalSteps: 100_000 })) console.log(steps, meanReturn);
 * await agent.savePolicy("cartpole.safetensors");
 * ```
 */
export class PPO<Action = number | Int32Array | Float32Array> {
  /** Where it learns. */
  readonly env: VectorEnv<Action>;
  /** Every hyper-parameter, those that were not given included. */
  readonly config: Hyperparameters;
  /** What it has learnt so far. */
  readonly policy: Policy<Action>;
  readonly #learner: Learner;
  readonly #turns: Turns;

  private constructor(actorCritic: ActorCritic, env: VectorEnv<Action>, config: Hyperparameters) {
    this.#turns = new Turns(env);
    this.#learner = new Learner(actorCritic, env, config, this.#turns);
    this.env = env;
    this.config = config;
    this.policy = new Policy(actorCritic, config);
  }

  /**
   * An agent for these environments, which it resets.
   *
   * ```ts
   * const env = await makeVec("CartPole-v1", { numEnvs: 8, seed: 1 });
   * const agent = await PPO.create(env, { learningRate: 1e-3, hiddenSizes: [128, 128], seed: 1 });
   * ```
   * @param choice `{ engine }` to compute in one of your own, `{ weights }` to begin with those that `weightsOf` gave,
   * `{ network }` for a network of your own
   * @throws ConfigurationError for what is no vector environment, and for a hyper-parameter that is unknown, out of
   * range, or does not fit it, or the engine; FileFormatError for weights of other networks; as `Engine.create`
   */
  static async create<Action = number | Int32Array | Float32Array>(
    env: VectorEnv<Action>,
    options: Partial<Hyperparameters> = {},
    choice: EngineChoice & NetworkChoice = {},
  ): Promise<PPO<Action>> {
    checkVectorEnv(env);
    const config = completeHyperparameters(choice.engine ? { kernels: choice.engine.variant, ...options } : options);
    const engine = await chosenEngine("PPO", choice, config.kernels, newEngine, ["weights", "network"]);
    const agent = new PPO(await networksOf(engine, env, config, choice), env, config);
    env.reset();
    agent.#turns.takeEnvironments();
    return agent;
  }

  /**
   * Goes on from a checkpoint: what follows has the bytes of the training that never stopped.
   *
   * ```ts
   * const bytes = agent.checkpoint();
   * const same = await PPO.resume(await makeVec("CartPole-v1", { numEnvs: 8 }), bytes);
   * for await (const { steps } of same.train()) console.log(steps); // up to the totalSteps of before
   * ```
   * @param env environments of the same kind and number; their states are restored
   * @param checkpoint the bytes that `checkpoint` returned, or the path of a file of them
   * @param choice `{ engine }` to compute in one of your own, `{ network }` for the network of your own that it has
   * @throws FileFormatError for what is not a whole checkpoint; ConfigurationError for one of other environments
   */
  static async resume<Action = number | Int32Array | Float32Array>(
    env: VectorEnv<Action>,
    checkpoint: string | Uint8Array,
    choice: EngineChoice & Pick<NetworkChoice, "network"> = {},
  ): Promise<PPO<Action>> {
    checkVectorEnv(env);
    const { readCheckpoint } = await import("./checkpoint-file.ts");
    const { config, restore } = await readCheckpoint(checkpoint, env);
    const engine = await chosenEngine("PPO", choice, config.kernels, newEngine, ["network"]);
    const agent = new PPO(await networksOf(engine, env, config, choice), env, config);
    restore(agent.#learner.parts);
    agent.#turns.takeEnvironments();
    return agent;
  }

  /** Iterations so far. */
  get iteration(): number {
    return this.#learner.progress.iteration;
  }

  /** Steps of all environments together so far. */
  get steps(): number {
    return this.#learner.progress.steps;
  }

  /** The steps at which training stops and its schedules end; 0 before `train` was first called. */
  get totalSteps(): number {
    return this.#learner.progress.totalSteps;
  }

  /**
   * Trains, and yields after each iteration. Leave the loop at any time: a later call goes on from there, with the same
   * `totalSteps` unless it is given again.
   *
   * ```ts
   * for await (const { steps, meanReturn } of agent.train({ totalSteps: 100_000 })) {
   *   console.log(steps, meanReturn);
   *   if (meanReturn > 475) break;
   * }
   * ```
   * @throws NonFiniteError when a loss, a gradient, an observation or a reward is not a finite number;
   * ConfigurationError without totalSteps, and in a loop during which the environments were given to another agent or
   * `train` was called again
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<Iteration, void, void> {
    const { progress } = this.#learner;
    progress.begin(options);
    const loop = this.#turns.beginLoop();
    while (progress.remaining > 0) {
      options.signal?.throwIfAborted();
      yield await this.#turns.iterate(loop, () => this.#learner.iterate(options));
      if (options.strictMonitor) this.#learner.monitor.expectNone();
    }
  }

  /**
   * An update by a batch of your own, outside of `train`: the loss is optimised for numEpochs of numMinibatches, as
   * after a rollout. Neither steps nor iterations are counted.
   * @param batch of numSteps * numEnvs rows: row t * numEnvs + e is that of environment e in step t
   * @param permutations for each epoch the order of the rows, or of the sequences of networks with memory; drawn unless
   * given
   * @returns the means over the minibatches
   * @throws ShapeError for an array of another length, and for what is no permutation; ConfigurationError in the middle
   * of an iteration, and with recomputeAdvantages; as `train`
   */
  async update(batch: Batch, permutations?: readonly ArrayLike<number>[]): Promise<UpdateMeans> {
    this.#turns.expectBetweenIterations("update");
    if (this.config.recomputeAdvantages)
      throw new ConfigurationError("update: recomputeAdvantages needs a rollout, which a batch is not");
    const orders = permutations && checkPermutations(permutations, this.#learner.sequences, this.config.numEpochs);
    // What is refused changes nothing, and is no iteration that failed.
    setBatch(this.#learner.batch, batch);
    return this.#turns.whole(() => this.#learner.updateBy(orders));
  }

  /** What is wrong with the training so far, each once, in the order in which it was found. */
  get findings(): readonly Finding[] {
    return this.#learner.monitor.findings;
  }

  /** What was seen and done in the last iteration, and what came of it, in memory that the next one writes over. */
  get rollout(): ReadableRollout {
    return this.#learner.batch;
  }

  /**
   * The action for one observation: the most likely one, or one drawn at random with `{ deterministic: false }`.
   *
   * ```ts
   * const action = agent.act([0.01, 0.02, 0.03, 0.04]); // a number for Discrete, a Float32Array for Box
   * ```
   */
  act(observation: Observation, options: ActOptions = {}): Action {
    return this.policy.act(observation, options);
  }

  /** Begins an episode of `act`: a policy with a memory forgets what came before. */
  beginEpisode(): void {
    this.policy.beginEpisode();
  }

  /** Writes the policy as a safetensors file, which `Policy.load` reads, in place of one that may be there. */
  savePolicy(path: string): Promise<void> {
    return this.policy.save(path);
  }

  /**
   * Writes `checkpoint` to a file, in place of one that may be there: what was there stays whole until all is written.
   * @throws as `checkpoint`; FileFormatError for a file that cannot be written
   */
  async saveCheckpoint(path: string): Promise<void> {
    const { writeFile } = await import("../io/files.ts");
    await writeFile(path, this.checkpoint());
  }

  /**
   * Everything that training depends on, as the bytes of a safetensors file, for `PPO.resume`.
   * @throws ConfigurationError in the middle of an iteration, and after one that failed; UnsupportedError for
   * environments without `state`; NonFiniteError for parameters that are not finite
   */
  checkpoint(): Bytes {
    this.#turns.expectBetweenIterations("checkpoint");
    return writeCheckpoint(this.config, this.env, this.#learner.parts);
  }
}

async function networksOf(
  engine: Engine,
  { singleObservationSpace, singleActionSpace }: VectorEnv<unknown>,
  config: Hyperparameters,
  choice: NetworkChoice,
): Promise<ActorCritic> {
  const makers = await makersFor(singleActionSpace, config);
  return new ActorCritic(engine, singleObservationSpace, singleActionSpace, config, makers, choice);
}
