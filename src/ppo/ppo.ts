// Proximal Policy Optimization (Schulman et al., 2017, arXiv 1707.06347). Equation numbers are the paper's. Where the
// paper is silent this follows the details that Huang et al. (2022) found to matter.

import { NonFiniteError } from "../base/errors.ts";
import { checkNames } from "../base/ranges.ts";
import { type Bytes, type DataType, float32, int32 } from "../base/spec.ts";
import type { Engine } from "../engine/engine.ts";
import { Stream } from "../engine/random.ts";
import { restoreTo, stateOf } from "../envs/env.ts";
import { checkVectorEnv, type VectorEnv } from "../envs/vector-env.ts";
import type { Parameters } from "../nn/parameters.ts";
import { Adam } from "../optim/adam.ts";
import { add, greater, maximum, minimum, multiply, square, subtract } from "../tensor/operators/arithmetic.ts";
import { abs, clamp, exp, negate } from "../tensor/operators/elementwise.ts";
import { generalizedAdvantages } from "../tensor/operators/gae.ts";
import { permutation } from "../tensor/operators/random.ts";
import { explainedVariance, mean, standardize } from "../tensor/operators/reduce.ts";
import { takeRows } from "../tensor/operators/rows.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ActorCritic } from "./actor-critic.ts";
import { type Parts, readCheckpoint, stateful, writeCheckpoint } from "./checkpoint.ts";
import { chosenEngine, type EngineChoice } from "./engine-choice.ts";
import { EpisodeStatistics } from "./episodes.ts";
import { checkMinibatches, completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";
import { type Iteration, type LossOutputs, UpdateStatistics } from "./metrics.ts";
import { type ActOptions, checkLogProbs } from "./policy.ts";
import { Progress, type TrainOptions } from "./progress.ts";
import { type Minibatch, Rollout } from "./rollout.ts";
import { newEngine, Policy } from "./saved-policy.ts";
import { type Schedules, schedulesFor } from "./schedules.ts";
import { Turns } from "./turns.ts";
import type { Weights } from "./weights.ts";

/** What the loss depends on beside the minibatch. */
export type LossCoefficients = Pick<Hyperparameters, "clipValueLoss" | "entropyCoefficient" | "valueCoefficient"> & {
  readonly clipRange: Tensor | number;
};

/** The loss, the negative of L^CLIP+VF+S in equation 9, and its parts, all scalars. */
export function ppoLoss(actorCritic: ActorCritic, minibatch: Minibatch, coefficients: LossCoefficients): LossOutputs {
  const { observations, actions, logProbs, values: oldValues, advantages, returns } = minibatch;
  const { clipRange, clipValueLoss, entropyCoefficient, valueCoefficient } = coefficients;
  const { distribution, values } = actorCritic.forward(observations);

  // r(θ) = π_θ(a | s) / π_old(a | s), equation 6.
  const logRatio = subtract(distribution.logProb(actions), logProbs);
  const ratio = exp(logRatio);

  // L^CLIP = E[min(r Â, clip(r, 1 - ε, 1 + ε) Â)], equation 7.
  const clippedRatio = clamp(ratio, subtract(1, clipRange), add(1, clipRange));
  const objective = minimum(multiply(ratio, advantages), multiply(clippedRatio, advantages));
  const policyLoss = negate(mean(objective));

  // L^VF = (V - V_target)², equation 9, here halved; clipped, the value moves by at most ε from V_old, and the larger
  // error counts.
  const squaredError = square(subtract(values, returns));
  const clippedValues = add(oldValues, clamp(subtract(values, oldValues), subtract(0, clipRange), clipRange));
  const valueError = clipValueLoss ? maximum(squaredError, square(subtract(clippedValues, returns))) : squaredError;
  const valueLoss = multiply(mean(valueError), 0.5);

  // S, the entropy bonus of equation 9.
  const entropy = mean(distribution.entropy());

  const loss = add(subtract(policyLoss, multiply(entropy, entropyCoefficient)), multiply(valueLoss, valueCoefficient));
  const approxKl = mean(subtract(subtract(ratio, 1), logRatio));
  const clipFraction = mean(greater(abs(subtract(ratio, 1)), clipRange));
  return { loss, policyLoss, valueLoss, entropy, approxKl, clipFraction };
}

type Streams = Readonly<Record<"sampling" | "shuffling", Stream>>;

/** The six programs of an iteration, in the order in which they run. */
function capturePrograms(actorCritic: ActorCritic, rollout: Rollout, config: Hyperparameters, streams: Streams) {
  const { engine, head, parameters } = actorCritic;
  const { numEnvs, batchSize } = rollout;
  const step = { observations: actorCritic.observations(numEnvs) };

  const act = program(engine, step, ({ observations }) => {
    const { distribution, values } = actorCritic.forward(observations);
    const actions = distribution.sample(streams.sampling);
    const environmentActions = head.toEnvironment(actions);
    return { actions, environmentActions, logProbs: distribution.logProb(actions), values };
  });

  const value = program(engine, step, ({ observations }) => ({ values: actorCritic.forward(observations).values }));

  // Â_t = δ_t + γλ Â_{t+1} with δ_t = r_t + γ V(s_{t+1}) - V(s_t), equations 11 and 12.
  const advantages = program(engine, { nextValues: float32([numEnvs]) }, ({ nextValues }) => {
    const { advantages, returns } = generalizedAdvantages(rollout, nextValues, config);
    return { advantages, returns, explainedVariance: explainedVariance(rollout.values, returns) };
  });

  const shuffle = program(engine, {}, () => ({ indices: permutation(streams.shuffling, batchSize) }));

  const prepare = program(engine, { indices: int32([batchSize / config.numMinibatches]) }, ({ indices }) => {
    const take = <D extends DataType>(x: Tensor<D>) => takeRows(rollout.rows(x), indices);
    const raw = take(advantages.outputs.advantages);
    return {
      observations: take(rollout.observations),
      actions: take(rollout.actions),
      logProbs: take(rollout.logProbs),
      values: take(rollout.values),
      returns: take(advantages.outputs.returns),
      // The 1e-8 keeps advantages that are all alike from being divided by 0.
      advantages: config.normalizeAdvantages ? standardize(raw, 1e-8) : raw,
    };
  });

  const update = program(
    engine,
    { clipRange: float32() },
    ({ clipRange }) => ppoLoss(actorCritic, prepare.outputs, { ...config, clipRange }),
    { differentiate: parameters },
  );

  return { act, value, advantages, shuffle, prepare, update };
}

/**
 * An agent: a policy that learns in its environments.
 *
 * ```ts
 * const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8 }), { seed: 1 });
 * for await (const { steps, meanReturn } of agent.train({ totalSteps: 100_000 })) console.log(steps, meanReturn);
 * await agent.save("cartpole.safetensors");
 * ```
 */
export class PPO<Action = number | Float32Array> {
  /** Where it learns. */
  readonly env: VectorEnv<Action>;
  /** Every hyper-parameter, those that were not given included. */
  readonly config: Hyperparameters;
  /** What it has learnt so far. */
  readonly policy: Policy<Action>;
  readonly #parameters: Parameters;
  readonly #rollout: Rollout;
  readonly #optimizer: Adam;
  readonly #programs: ReturnType<typeof capturePrograms>;
  readonly #schedules: Schedules;
  readonly #episodes: EpisodeStatistics;
  readonly #statistics: UpdateStatistics;
  readonly #progress: Progress;
  /** Everything that training depends on and that changes. */
  readonly #parts: Parts;
  readonly #turns: Turns;

  private constructor(engine: Engine, env: VectorEnv<Action>, config: Hyperparameters, weights?: Weights) {
    checkMinibatches(config, env.numEnvs);
    const { learningRate, adamEpsilon: epsilon, maxGradNorm, numSteps, seed } = config;
    const actorCritic = new ActorCritic(engine, env.singleObservationSpace, env.singleActionSpace, config, weights);
    const { parameters } = actorCritic;
    const sampling = new Stream(engine, seed, "sampling");
    const shuffling = new Stream(engine, seed, "shuffling");
    this.env = env;
    this.config = config;
    this.policy = new Policy(actorCritic, config);
    this.#parameters = parameters;
    this.#rollout = new Rollout(actorCritic, numSteps, env.numEnvs);
    this.#optimizer = new Adam(parameters, { learningRate, epsilon, maxGradNorm });
    this.#programs = capturePrograms(actorCritic, this.#rollout, config, { sampling, shuffling });
    this.#schedules = schedulesFor(config);
    this.#episodes = new EpisodeStatistics(env.numEnvs, env.spec?.rewardThreshold);
    this.#statistics = new UpdateStatistics(this.#programs.update.outputs);
    this.#progress = new Progress(this.#rollout.batchSize);
    this.#turns = new Turns(env);
    this.#parts = {
      ...{ progress: this.#progress, parameters, optimizer: this.#optimizer, sampling, shuffling },
      ...{ episodes: this.#episodes, ...stateful(this.#schedules) },
      env: { state: () => stateOf(env), restore: (state) => restoreTo(env, state) },
    };
  }

  /**
   * An agent for these environments, which it resets.
   * @param choice `{ engine }` to compute in one of your own, `{ weights }` to begin with those that `weightsOf` gave
   * @throws ConfigurationError for what is no vector environment, and for a hyper-parameter that is unknown, out of
   * range, or does not fit it, or the engine; FileFormatError for weights of other networks; as `Engine.create`
   */
  static async create<Action = number | Float32Array>(
    env: VectorEnv<Action>,
    options: Partial<Hyperparameters> = {},
    choice: EngineChoice & { readonly weights?: Weights } = {},
  ): Promise<PPO<Action>> {
    checkVectorEnv(env);
    const config = completeHyperparameters(choice.engine ? { kernels: choice.engine.variant, ...options } : options);
    const engine = await chosenEngine("PPO", choice, config.kernels, newEngine, ["weights"]);
    const agent = new PPO(engine, env, config, choice.weights);
    env.reset();
    agent.#turns.takeEnvironments();
    return agent;
  }

  /**
   * Goes on from a checkpoint: what follows has the bytes of the training that never stopped.
   * @param env environments of the same kind and number; their states are restored
   * @param checkpoint the bytes that `checkpoint` returned, or the path of a file of them
   * @param choice `{ engine }` to compute in one of your own
   * @throws FileFormatError for what is not a whole checkpoint; ConfigurationError for one of other environments
   */
  static async resume<Action = number | Float32Array>(
    env: VectorEnv<Action>,
    checkpoint: string | Uint8Array,
    choice: EngineChoice = {},
  ): Promise<PPO<Action>> {
    checkVectorEnv(env);
    const { config, restore } = await readCheckpoint(checkpoint, env);
    const agent = new PPO(await chosenEngine("PPO", choice, config.kernels, newEngine), env, config);
    restore(agent.#parts);
    agent.#turns.takeEnvironments();
    return agent;
  }

  /** Iterations so far. */
  get iteration(): number {
    return this.#progress.iteration;
  }

  /** Steps of all environments together so far. */
  get steps(): number {
    return this.#progress.steps;
  }

  /** The steps at which training stops and its schedules end; 0 before `train` was first called. */
  get totalSteps(): number {
    return this.#progress.totalSteps;
  }

  /**
   * Trains, and yields after each iteration. Leave the loop at any time: a later call goes on from there, with the same
   * `totalSteps` unless it is given again.
   * @throws NonFiniteError when a loss, a gradient, an observation or a reward is not a finite number;
   * ConfigurationError without totalSteps, and in a loop during which the environments were given to another agent or
   * `train` was called again
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<Iteration, void, void> {
    checkNames("train", options, ["totalSteps"]);
    const progress = this.#progress;
    if (options.totalSteps !== undefined || progress.totalSteps === 0) progress.totalSteps = options.totalSteps;
    const loop = this.#turns.beginLoop();
    while (progress.remaining > 0) {
      const { remaining } = progress;
      const learningRate = this.#schedules.learningRate.value(remaining);
      const clipRange = this.#schedules.clipRange.value(remaining);
      await this.#turns.iterate(loop, async () => {
        await this.#collect();
        await this.#update(learningRate, clipRange);
        progress.iteration++;
      });
      yield this.#report(learningRate, clipRange);
    }
  }

  /** The action for one observation: the most likely one, or one drawn at random with `{ deterministic: false }`. */
  act(observation: ArrayLike<number>, options: ActOptions = {}): Action {
    return this.policy.act(observation, options);
  }

  /** Writes the policy as a safetensors file, which `Policy.load` reads. */
  save(path: string): Promise<void> {
    return this.policy.save(path);
  }

  /**
   * Everything that training depends on, as the bytes of a safetensors file, for `PPO.resume`.
   * @throws ConfigurationError in the middle of an iteration, and after one that failed; UnsupportedError for
   * environments without `state`; NonFiniteError for parameters that are not finite
   */
  checkpoint(): Bytes {
    this.#turns.expectBetweenIterations("checkpoint");
    return writeCheckpoint(this.config, this.env, this.#parts);
  }

  /** Runs π_old for T steps in every environment, and estimates the advantages (algorithm 1). */
  async #collect(): Promise<void> {
    const { env } = this;
    const { act, value, advantages } = this.#programs;
    const rollout = this.#rollout;
    for (let t = 0; t < rollout.numSteps; t++) {
      if (this.#turns.isOver) await this.#turns.giveWay();
      act.inputs.observations.set(env.observations);
      act.run();
      checkLogProbs(act.outputs.logProbs);
      rollout.recordDecision(t, env.observations, act.outputs);

      env.step(act.outputs.environmentActions.data);
      rollout.recordOutcome(t, env);
      this.#episodes.record(env, this.steps + (t + 1) * env.numEnvs);

      // A truncated episode would have gone on: what follows its last reward is worth the value of its last
      // observation.
      if (env.truncated.includes(1)) {
        value.inputs.observations.set(env.finalObservations);
        value.run();
        rollout.recordFinalValues(t, value.outputs.values);
      }
    }
    value.inputs.observations.set(env.observations);
    value.run();
    advantages.inputs.nextValues.copyFrom(value.outputs.values);
    advantages.run();
  }

  /** Optimises the loss for K epochs of minibatches, each epoch in a new order (algorithm 1). */
  async #update(learningRate: number, clipRange: number): Promise<void> {
    const { shuffle, prepare, update } = this.#programs;
    const { numEpochs, numMinibatches, targetKl } = this.config;
    const { batchSize } = this.#rollout;
    this.#optimizer.learningRate = learningRate;
    update.inputs.clipRange.data[0] = clipRange;
    this.#statistics.reset();
    for (let epoch = 0; epoch < numEpochs; epoch++) {
      let epochKl = 0;
      shuffle.run();
      for (let minibatch = 0; minibatch < numMinibatches; minibatch++) {
        if (this.#turns.isOver) await this.#turns.giveWay();
        prepare.inputs.indices.copyFrom(shuffle.outputs.indices, (minibatch * batchSize) / numMinibatches);
        prepare.run();
        update.run();
        const broken = this.#statistics.nonFinite();
        if (broken !== undefined) {
          const place = `iteration ${this.iteration + 1}, epoch ${epoch + 1}, minibatch ${minibatch + 1}`;
          throw new NonFiniteError(`${broken} in ${place}, after ${this.steps + batchSize} steps`);
        }
        this.#optimizer.step();
        this.#statistics.add(this.#optimizer.gradNorm);
        epochKl += update.outputs.approxKl.item() / numMinibatches;
      }
      if (targetKl !== null && epochKl > targetKl) break;
    }
    this.#parameters.finite();
    const { approxKl } = this.#statistics.means();
    for (const schedule of Object.values(this.#schedules)) schedule.observe?.(approxKl);
  }

  #report(learningRate: number, clipRange: number): Iteration {
    return {
      iteration: this.iteration,
      steps: this.steps,
      ...this.#episodes.report(),
      ...this.#statistics.means(),
      explainedVariance: this.#programs.advantages.outputs.explainedVariance.item(),
      learningRate,
      clipRange,
    };
  }
}
