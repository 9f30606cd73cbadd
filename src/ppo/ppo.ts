// Proximal Policy Optimization (Schulman et al., 2017, arXiv 1707.06347). Equation numbers are the paper's; GAE is Schulman et al., 2016,
// arXiv 1506.02438. Where the paper is silent this follows the details that Huang et al. (2022) found to matter.

import { Engine } from "../engine/engine.ts";
import { ConfigurationError, NonFiniteError } from "../engine/errors.ts";
import { Stream } from "../engine/random.ts";
import { checkVectorEnv, type VectorEnv } from "../envs/vector.ts";
import { Adam } from "../optim/adam.ts";
import { constantSchedule, linearSchedule, type Schedule } from "../optim/schedules.ts";
import {
  abs,
  add,
  clamp,
  type DataType,
  exp,
  explainedVariance,
  generalizedAdvantages,
  greater,
  int32,
  maximum,
  mean,
  minimum,
  multiply,
  negate,
  permutation,
  program,
  reshape,
  square,
  standardize,
  subtract,
  type Tensor,
  takeRows,
} from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { readCheckpoint, type TrainingState, writeCheckpoint } from "./checkpoint.ts";
import { EpisodeStatistics } from "./episodes.ts";
import { checkMinibatches, completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";
import { macrotask } from "./macrotask.ts";
import { type ActOptions, Policy } from "./policy.ts";
import { Rollout } from "./rollout.ts";
import { nonFinite, type UpdateMeans, UpdateStatistics } from "./statistics.ts";

/** Rows of a batch: what the loss is computed from. */
export interface Minibatch {
  readonly observations: Tensor;
  readonly actions: Tensor<DataType>;
  /** log π_old(a | s) */
  readonly logProbs: Tensor;
  /** V_old(s) */
  readonly values: Tensor;
  readonly advantages: Tensor;
  readonly returns: Tensor;
}

export type LossCoefficients = Pick<
  Hyperparameters,
  "clipValueLoss" | "normalizeAdvantages" | "entropyCoefficient" | "valueCoefficient"
> & { readonly clipRange: Tensor | number };

/**
 * The loss, the negative of L^CLIP+VF+S in equation 9, and its parts, all scalars:
 *
 *   loss = policyLoss + c1 valueLoss - c2 entropy
 *
 * approxKl estimates KL(π_old, π) as the mean of (r - 1) - log r, and clipFraction is the share of the rows in which |r - 1| > ε.
 */
export function ppoLoss(actorCritic: ActorCritic, minibatch: Minibatch, coefficients: LossCoefficients) {
  const { observations, actions, logProbs, values, advantages: rawAdvantages, returns } = minibatch;
  const { clipRange, clipValueLoss, normalizeAdvantages, entropyCoefficient, valueCoefficient } = coefficients;
  const distribution = actorCritic.distribution(observations);
  const value = actorCritic.value(observations);

  // r(θ) = π_θ(a | s) / π_old(a | s), equation 6.
  const logRatio = subtract(distribution.logProb(actions), logProbs);
  const ratio = exp(logRatio);
  const advantages = normalizeAdvantages ? standardize(rawAdvantages, 1e-8) : rawAdvantages;

  // L^CLIP = E[min(r Â, clip(r, 1 - ε, 1 + ε) Â)], equation 7.
  const clippedRatio = clamp(ratio, subtract(1, clipRange), add(1, clipRange));
  const objective = minimum(multiply(ratio, advantages), multiply(clippedRatio, advantages));
  const policyLoss = negate(mean(objective));

  // L^VF = (V - V_target)², equation 9, here halved; clipped, the value moves by at most ε from V_old, and the larger error counts.
  const squaredError = square(subtract(value, returns));
  const clippedValue = add(values, clamp(subtract(value, values), subtract(0, clipRange), clipRange));
  const valueError = clipValueLoss ? maximum(squaredError, square(subtract(clippedValue, returns))) : squaredError;
  const valueLoss = multiply(mean(valueError), 0.5);

  // S, the entropy bonus of equation 9.
  const entropy = mean(distribution.entropy());

  const loss = add(subtract(policyLoss, multiply(entropy, entropyCoefficient)), multiply(valueLoss, valueCoefficient));
  const approxKl = mean(subtract(subtract(ratio, 1), logRatio));
  const clipFraction = mean(greater(abs(subtract(ratio, 1)), clipRange));
  return { loss, policyLoss, valueLoss, entropy, approxKl, clipFraction };
}

/** The five programs of an iteration, in the order in which they run. */
function capturePrograms(
  actorCritic: ActorCritic,
  rollout: Rollout,
  config: Hyperparameters,
  streams: { readonly sampling: Stream; readonly shuffling: Stream },
) {
  const { engine, observationSize } = actorCritic;
  const { numSteps, numEnvs } = rollout;
  const batchSize = numSteps * numEnvs;
  const step = { observations: [numEnvs, observationSize] } as const;

  const decide = program(engine, step, ({ observations }) => {
    const distribution = actorCritic.distribution(observations);
    const actions = distribution.sample(streams.sampling);
    return {
      actions,
      environmentActions: actorCritic.clipToSpace(actions),
      logProbs: distribution.logProb(actions),
      values: actorCritic.value(observations),
    };
  });

  const evaluate = program(engine, step, ({ observations }) => ({ values: actorCritic.value(observations) }));

  const estimate = program(engine, { nextValues: [numEnvs] }, ({ nextValues }) => {
    const { advantages, returns } = generalizedAdvantages(rollout, nextValues, config);
    return { advantages, returns, explainedVariance: explainedVariance(rollout.values, returns) };
  });

  const shuffle = program(engine, {}, () => ({ indices: permutation(streams.shuffling, batchSize) }));

  const minibatch = { indices: int32([batchSize / config.numMinibatches]), clipRange: [] } as const;
  const learn = program(
    engine,
    minibatch,
    ({ indices, clipRange }) => {
      const rows = (x: Tensor) => takeRows(reshape(x, [batchSize]), indices);
      return ppoLoss(
        actorCritic,
        {
          observations: takeRows(rollout.observations, indices),
          actions: takeRows(rollout.actions, indices),
          logProbs: rows(rollout.logProbs),
          values: rows(rollout.values),
          advantages: rows(estimate.outputs.advantages),
          returns: rows(estimate.outputs.returns),
        },
        { ...config, clipRange },
      );
    },
    { differentiate: actorCritic.parameters },
  );

  return { decide, evaluate, estimate, shuffle, learn };
}

/** What one iteration, a rollout and an update, came to; the losses are means over the update's minibatches. */
export interface Iteration extends UpdateMeans {
  /** Iterations so far, this one included. */
  readonly iteration: number;
  /** Steps of all environments together so far. */
  readonly steps: number;
  /** Episodes that have ended so far. */
  readonly episodes: number;
  /** Mean return of the last 100 episodes; NaN before the first has ended. */
  readonly episodeReturn: number;
  /** Mean length of the last 100 episodes, in steps; NaN before the first has ended. */
  readonly episodeLength: number;
  /** The step at which the mean return of 100 episodes first reached the environment's threshold, or null. */
  readonly solvedAtStep: number | null;
  /** 1 - Var(returns - values) / Var(returns): 1 where the critic foresaw everything, 0 where it was no better than a constant. */
  readonly explainedVariance: number;
  /** What the update was made with. */
  readonly learningRate: number;
  readonly clipRange: number;
}

export interface TrainOptions {
  /** Steps of all environments together at which to stop, taken up to whole iterations; the schedules end there. */
  readonly totalSteps?: number;
}

export class PPO {
  readonly env: VectorEnv;
  readonly config: Hyperparameters;
  readonly policy: Policy;
  readonly #actorCritic: ActorCritic;
  readonly #rollout: Rollout;
  readonly #optimizer: Adam;
  readonly #streams: { readonly sampling: Stream; readonly shuffling: Stream };
  readonly #programs: ReturnType<typeof capturePrograms>;
  readonly #learningRate: Schedule;
  readonly #clipRange: Schedule;
  readonly #episodes: EpisodeStatistics;
  readonly #statistics = new UpdateStatistics();
  #iteration = 0;
  #totalSteps = 0;

  private constructor(engine: Engine, env: VectorEnv, config: Hyperparameters) {
    checkMinibatches(config, env.numEnvs);
    this.env = env;
    this.config = config;
    this.#actorCritic = new ActorCritic(engine, env.singleObservationSpace, env.singleActionSpace, config);
    this.policy = new Policy(this.#actorCritic, config);
    this.#rollout = new Rollout(this.#actorCritic, config.numSteps, env.numEnvs);
    this.#optimizer = new Adam(this.#actorCritic.parameters, {
      learningRate: config.learningRate,
      epsilon: config.adamEpsilon,
      maxGradNorm: config.maxGradNorm,
    });
    this.#streams = {
      sampling: new Stream(engine, config.seed, "sampling"),
      shuffling: new Stream(engine, config.seed, "shuffling"),
    };
    this.#programs = capturePrograms(this.#actorCritic, this.#rollout, config, this.#streams);
    this.#learningRate = (config.annealLearningRate ? linearSchedule : constantSchedule)(config.learningRate);
    this.#clipRange = (config.annealClipRange ? linearSchedule : constantSchedule)(config.clipRange);
    this.#episodes = new EpisodeStatistics(env.numEnvs, env.spec?.rewardThreshold);
  }

  /**
   * An agent with new networks for these environments, which it resets.
   * @throws ConfigurationError for what is no vector environment, and for a hyper-parameter that is unknown, out of range, or does not fit it
   */
  static async create(env: VectorEnv, options: Partial<Hyperparameters> = {}): Promise<PPO> {
    checkVectorEnv(env);
    const config = completeHyperparameters(options);
    const agent = new PPO(await Engine.create(config), env, config);
    env.reset();
    return agent;
  }

  /**
   * Goes on from a checkpoint: what follows has the bytes of the training that never stopped.
   * @param env environments of the same kind and number; their states are restored
   * @param checkpoint the bytes that `checkpoint` returned, or the path of a file of them
   * @throws FileFormatError for what is not a whole checkpoint; ConfigurationError for one of other environments
   */
  static async resume(env: VectorEnv, checkpoint: string | Uint8Array): Promise<PPO> {
    checkVectorEnv(env);
    const { state, load } = await readCheckpoint(checkpoint);
    if (state.numEnvs !== env.numEnvs) {
      throw new ConfigurationError(`numEnvs: the checkpoint has ${state.numEnvs} environments, not ${env.numEnvs}`);
    }
    const agent = new PPO(await Engine.create(state.config), env, completeHyperparameters(state.config));
    load(agent.#actorCritic.parameters, agent.#optimizer);
    agent.#streams.sampling.restore(state.sampling);
    agent.#streams.shuffling.restore(state.shuffling);
    agent.#episodes.restore(state.episodes);
    agent.#iteration = state.iteration;
    agent.#totalSteps = state.totalSteps;
    env.restore(state.env);
    return agent;
  }

  /** Iterations so far. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Steps of all environments together so far. */
  get steps(): number {
    return this.#iteration * this.#rollout.batchSize;
  }

  /** The steps at which training stops and its schedules end; 0 before `train` was first called. */
  get totalSteps(): number {
    return this.#totalSteps;
  }

  /**
   * Trains, and yields after each iteration. Leave the loop at any time: a later call goes on from there, with the same `totalSteps` unless
   * it is given again.
   * @throws NonFiniteError when a loss, a gradient, an observation or a reward is not a finite number; ConfigurationError without totalSteps
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<Iteration, void, void> {
    this.#totalSteps = options.totalSteps ?? this.#totalSteps;
    if (!Number.isSafeInteger(this.#totalSteps) || this.#totalSteps < 1) {
      throw new ConfigurationError(`totalSteps: ${this.#totalSteps} is not an integer of at least 1`);
    }
    const iterations = Math.ceil(this.#totalSteps / this.#rollout.batchSize);
    while (this.#iteration < iterations) {
      const remaining = 1 - this.#iteration / iterations;
      const learningRate = this.#learningRate(remaining);
      const clipRange = this.#clipRange(remaining);
      this.#collect();
      this.#update(learningRate, clipRange);
      this.#iteration++;
      yield this.#report(learningRate, clipRange);
      await macrotask();
    }
  }

  /** The action for one observation: the most likely one, or one drawn at random with `{ deterministic: false }`. */
  act(observation: ArrayLike<number>, options: ActOptions = {}): number | Float32Array {
    return this.policy.act(observation, options);
  }

  /** Writes the policy as a safetensors file, which `Policy.load` reads. */
  save(path: string): Promise<void> {
    return this.policy.save(path);
  }

  /** Everything that training depends on, as the bytes of a safetensors file, for `PPO.resume`. Take it between iterations. */
  checkpoint(): Uint8Array<ArrayBuffer> {
    const state: TrainingState = {
      config: this.config,
      numEnvs: this.env.numEnvs,
      iteration: this.#iteration,
      totalSteps: this.#totalSteps,
      optimizer: this.#optimizer.state(),
      sampling: this.#streams.sampling.state(),
      shuffling: this.#streams.shuffling.state(),
      episodes: this.#episodes.state(),
      env: this.env.state(),
    };
    return writeCheckpoint(state, this.#actorCritic.parameters, this.#optimizer);
  }

  /** Runs π_old for T steps in every environment, and estimates the advantages (algorithm 1). */
  #collect(): void {
    const { env } = this;
    const { decide, evaluate, estimate } = this.#programs;
    const rollout = this.#rollout;
    for (let t = 0; t < rollout.numSteps; t++) {
      decide.inputs.observations.set(env.observations);
      decide.run();
      rollout.recordDecision(t, decide.inputs.observations, decide.outputs);

      env.step(decide.outputs.environmentActions.data);
      rollout.recordOutcome(t, env);
      this.#episodes.record(env, this.steps + (t + 1) * env.numEnvs);

      // A truncated episode would have gone on: what follows its last reward is worth the value of its last observation.
      if (env.truncated.includes(1)) {
        evaluate.inputs.observations.set(env.finalObservations);
        evaluate.run();
        rollout.recordFinalValues(t, evaluate.outputs.values);
      }
    }
    evaluate.inputs.observations.set(env.observations);
    evaluate.run();
    estimate.inputs.nextValues.copyFrom(evaluate.outputs.values);
    estimate.run();
  }

  /** Optimises the loss for K epochs of minibatches, each epoch in a new order (algorithm 1). */
  #update(learningRate: number, clipRange: number): void {
    const { shuffle, learn } = this.#programs;
    const { numEpochs, numMinibatches, targetKl } = this.config;
    const { batchSize } = this.#rollout;
    this.#optimizer.learningRate = learningRate;
    learn.inputs.clipRange.data[0] = clipRange;
    this.#statistics.reset();
    for (let epoch = 0; epoch < numEpochs; epoch++) {
      let epochKl = 0;
      shuffle.run();
      for (let minibatch = 0; minibatch < numMinibatches; minibatch++) {
        learn.inputs.indices.copyFrom(shuffle.outputs.indices, (minibatch * batchSize) / numMinibatches);
        learn.run();
        const broken = nonFinite(learn.outputs);
        if (broken !== undefined) {
          const place = `iteration ${this.#iteration + 1}, epoch ${epoch + 1}, minibatch ${minibatch + 1}`;
          throw new NonFiniteError(`${broken} in ${place}, after ${this.steps + batchSize} steps`);
        }
        this.#optimizer.step();
        this.#statistics.add(learn.outputs, this.#optimizer.gradNorm);
        epochKl += learn.outputs.approxKl.item() / numMinibatches;
      }
      if (targetKl !== null && epochKl > targetKl) break;
    }
  }

  #report(learningRate: number, clipRange: number): Iteration {
    return {
      iteration: this.#iteration,
      steps: this.steps,
      episodes: this.#episodes.count,
      episodeReturn: this.#episodes.meanReturn,
      episodeLength: this.#episodes.meanLength,
      solvedAtStep: this.#episodes.solvedAtStep,
      ...this.#statistics.means(),
      explainedVariance: this.#programs.estimate.outputs.explainedVariance.item(),
      learningRate,
      clipRange,
    };
  }
}
