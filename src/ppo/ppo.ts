// Proximal Policy Optimization (Schulman et al., 2017, arXiv 1707.06347). Equation numbers are the paper's. Where the
// paper is silent this follows the details that Huang et al. (2022) found to matter.

import { type DataType, float32, int32 } from "../base/spec.ts";
import { Stream } from "../engine/random.ts";
import { restoreTo, stateOf } from "../envs/env.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { Adam } from "../optim/adam.ts";
import { add, greater, maximum, multiply, square, subtract } from "../tensor/operators/arithmetic.ts";
import { abs, clamp, exp, negate } from "../tensor/operators/elementwise.ts";
import { generalizedAdvantages } from "../tensor/operators/gae.ts";
import { permutation } from "../tensor/operators/random.ts";
import { explainedVariance, mean, standardize } from "../tensor/operators/reduce.ts";
import { reshape, sequenceRows, takeRows } from "../tensor/operators/rows.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ActorCritic } from "./actor-critic.ts";
import type { ReadableRollout } from "./batch.ts";
import { type Parts, stateful } from "./checkpoint.ts";
import { EnvContext } from "./context.ts";
import { EpisodeStatistics } from "./episodes.ts";
import { adamOptions, checkBatch, type Hyperparameters, sequenceLengthOf } from "./hyperparameters.ts";
import { type Iteration, type LossOutputs, type UpdateMeans, UpdateStatistics } from "./metrics.ts";
import { Monitor } from "./monitor.ts";
import { isPenalized, policyObjective } from "./objective.ts";
import { checkLogProbs } from "./policy.ts";
import { Progress, type TrainOptions } from "./progress.ts";
import { RewardScaling } from "./reward-scaling.ts";
import { type Minibatch, Rollout } from "./rollout.ts";
import { type Scheduled, type Schedules, scheduled, schedulesFor } from "./schedules.ts";
import type { Turns } from "./turns.ts";

/** What the loss depends on beside the minibatch. */
export type LossCoefficients = Pick<Hyperparameters, "clipValueLoss" | "valueCoefficient"> &
  Partial<Pick<Hyperparameters, "objective" | "dualClip">> & {
    /** ε of the clipped objective and the clipped value loss: a number, or a scalar []. */
    readonly clipRange: Tensor | number;
    /** c2 of equation 9: a number, or a scalar []. */
    readonly entropyCoefficient: Tensor | number;
    /** β of equation 8: a number, or a scalar []; 1 unless given. */
    readonly klPenalty?: Tensor | number;
  };

/** The loss, the negative of equation 9 with the objective in place of L^CLIP, and its parts, all scalars. */
export function ppoLoss(actorCritic: ActorCritic, minibatch: Minibatch, coefficients: LossCoefficients): LossOutputs {
  const { observations, actions, logProbs, values: oldValues, advantages, returns, statistics } = minibatch;
  const { clipRange, clipValueLoss, entropyCoefficient, valueCoefficient } = coefficients;
  const { objective = "clip", dualClip = null, klPenalty = 1 } = coefficients;
  const { distribution, criticValues: values } = actorCritic.forward(observations, minibatch);

  // r(θ) = π_θ(a | s) / π_old(a | s), equation 6.
  const logRatio = subtract(distribution.logProb(actions), logProbs);
  const ratio = exp(logRatio);

  // L^CPI, L^CLIP or L^KLPEN, equations 6, 7 and 8.
  const kl = () => distribution.klFrom(actorCritic.head.fromStatistics(statistics as Tensor));
  const terms = { ratio, advantages, kl, clipRange, dualClip, klPenalty };
  const policyLoss = negate(mean(policyObjective(objective, terms)));

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

/** The programs of an iteration, in the order in which they run. */
function capturePrograms(
  actorCritic: ActorCritic,
  context: EnvContext,
  rollout: Rollout,
  config: Hyperparameters,
  streams: Streams,
) {
  const { engine, head, parameters } = actorCritic;
  const { numEnvs, batchSize, sequenceLength } = rollout;
  const step = { observations: actorCritic.observations(numEnvs) };

  const act = program(engine, step, ({ observations }) => {
    const { distribution, values, memory } = actorCritic.forward(observations, context);
    const actions = distribution.sample(streams.sampling);
    const environmentActions = head.toEnvironment(actions);
    return {
      ...{ actions, environmentActions, logProbs: distribution.logProb(actions), values },
      ...(rollout.statistics && { statistics: distribution.statistics() }),
      ...(memory && { memory }),
    };
  });

  const value = program(engine, step, ({ observations }) => ({
    values: actorCritic.forward(observations, context).values,
  }));

  // Â_t = δ_t + γλ Â_{t+1} with δ_t = r_t + γ V(s_{t+1}) - V(s_t), equations 11 and 12. The 1e-8 keeps advantages that
  // are all alike from being divided by 0.
  const advantages = program(engine, { nextValues: float32([numEnvs]) }, ({ nextValues }) => {
    const { advantages, returns } = generalizedAdvantages(rollout, nextValues, config);
    return {
      advantages: config.normalizeAdvantages === "batch" ? standardize(advantages, 1e-8) : advantages,
      returns,
      explainedVariance: explainedVariance(rollout.values, returns),
    };
  });

  // What is shuffled are the sequences of networks with memory, of one step for those without.
  const sequences = batchSize / sequenceLength;
  const shuffle = program(engine, {}, () => ({ indices: permutation(streams.shuffling, sequences) }));

  const minibatchSequences = sequences / config.numMinibatches;
  const prepare = program(engine, { indices: int32([minibatchSequences]) }, ({ indices }) => {
    const rows = sequenceLength === 1 ? indices : sequenceRows(indices, sequenceLength, numEnvs);
    const take = <D extends DataType>(x: Tensor<D>) => takeRows(rollout.rows(x), rows);
    const raw = take(advantages.outputs.advantages);
    const { masks, statistics, memory, starts } = rollout;
    return {
      observations: take(rollout.observations),
      actions: take(rollout.actions),
      logProbs: take(rollout.logProbs),
      values: actorCritic.toCritic(take(rollout.values)),
      returns: actorCritic.toCritic(take(advantages.outputs.returns)),
      advantages: config.normalizeAdvantages === "minibatch" ? standardize(raw, 1e-8) : raw,
      ...(masks && { masks: take(masks) }),
      ...(statistics && { statistics: take(statistics) }),
      ...(actorCritic.memorySize > 0 && {
        memory: takeRows(reshape(memory, [sequences, actorCritic.memorySize]), indices),
        starts: reshape(take(starts), [sequenceLength, minibatchSequences]),
      }),
    };
  });
  const minibatch = prepare.outputs as Minibatch;

  const update = program(
    engine,
    { clipRange: float32(), entropyCoefficient: float32(), klPenalty: float32() },
    (scheduled) => ppoLoss(actorCritic, minibatch, { ...config, ...scheduled }),
    { differentiate: parameters },
  );

  // KL[π_old, π_θ] of a minibatch, which adapts β (section 4).
  const divergence =
    config.objective === "adaptive-kl"
      ? program(engine, {}, () => {
          const { distribution } = actorCritic.forward(minibatch.observations, minibatch);
          return { kl: mean(distribution.klFrom(head.fromStatistics(minibatch.statistics as Tensor))) };
        })
      : undefined;

  return { act, value, advantages, shuffle, prepare, update, divergence };
}

/** What learns: the algorithm's state, and its two halves. */
export class Learner {
  /** π and V. */
  readonly actorCritic: ActorCritic;
  /** What was seen and done in the last iteration. */
  readonly rollout: Rollout;
  /** How many sequences minibatches are made of: of one step each for networks without memory. */
  readonly sequences: number;
  /** How far the training is. */
  readonly progress: Progress;
  /** What is wrong with the training. */
  readonly monitor: Monitor;
  /** Everything that training depends on and that changes. */
  readonly parts: Parts;
  readonly #env: VectorEnv<unknown>;
  readonly #config: Hyperparameters;
  readonly #turns: Turns;
  readonly #context: EnvContext;
  readonly #rewardScaling: RewardScaling | undefined;
  readonly #optimizer: Adam;
  readonly #programs: ReturnType<typeof capturePrograms>;
  readonly #schedules: Schedules;
  readonly #episodes: EpisodeStatistics;
  readonly #statistics: UpdateStatistics;
  #explainedVariance = Number.NaN;

  /** @throws ConfigurationError for hyper-parameters that do not fit the environments */
  constructor(actorCritic: ActorCritic, env: VectorEnv<unknown>, config: Hyperparameters, turns: Turns) {
    const { numSteps, seed } = config;
    const { engine } = actorCritic;
    const sequenceLength = sequenceLengthOf(config, actorCritic.memorySize);
    checkBatch(config, env.numEnvs, sequenceLength);
    const sampling = new Stream(engine, seed, "sampling");
    const shuffling = new Stream(engine, seed, "shuffling");
    this.actorCritic = actorCritic;
    this.#env = env;
    this.#config = config;
    this.#turns = turns;
    this.#context = new EnvContext(actorCritic, env.numEnvs, env.actionMasks !== undefined);
    this.rollout = new Rollout(actorCritic, this.#context, {
      ...{ numSteps, sequenceLength, keepsDistributions: isPenalized(config.objective) },
      keepsFinalObservations: config.recomputeAdvantages,
    });
    this.#rewardScaling = config.scaleRewards ? new RewardScaling(engine, env.numEnvs, config) : undefined;
    this.#optimizer = new Adam(actorCritic.parameters, adamOptions(config));
    this.#programs = capturePrograms(actorCritic, this.#context, this.rollout, config, { sampling, shuffling });
    this.#schedules = schedulesFor(config);
    this.#episodes = new EpisodeStatistics(env.numEnvs, env.spec?.rewardThreshold);
    this.#statistics = new UpdateStatistics(this.#programs.update.outputs);
    this.sequences = this.rollout.batchSize / sequenceLength;
    this.progress = new Progress(this.rollout.batchSize);
    const { prepare, advantages } = this.#programs;
    const { returns } = advantages.outputs;
    this.monitor = new Monitor(actorCritic, this.rollout, prepare.outputs as Minibatch, returns, config);
    this.parts = {
      ...{ progress: this.progress, parameters: actorCritic.parameters, optimizer: this.#optimizer },
      ...{ sampling, shuffling, episodes: this.#episodes, ...stateful(this.#schedules) },
      ...(this.#rewardScaling && { rewards: this.#rewardScaling }),
      ...(actorCritic.memorySize > 0 && { memory: this.#context }),
      monitor: this.monitor,
      env: { state: () => stateOf(env), restore: (state) => restoreTo(env, state) },
    };
  }

  /** An iteration: a rollout, and an update by it. */
  async iterate({ minibatches = false }: TrainOptions): Promise<Iteration> {
    const now = scheduled(this.#schedules, this.progress.remaining);
    this.#statistics.reset(minibatches);
    await this.#collect(now);
    await this.#update(now);
    this.progress.iteration++;
    const report = this.#report(now);
    this.monitor.observe(report, this.#statistics.firstKl);
    return report;
  }

  /** Runs π_old for T steps in every environment, and estimates the advantages (algorithm 1). */
  async #collect({ logStd }: Scheduled): Promise<void> {
    const env = this.#env;
    const { act, value, advantages } = this.#programs;
    const context = this.#context;
    const { rollout } = this;
    this.actorCritic.head.logStd?.data.fill(logStd);
    for (let t = 0; t < rollout.numSteps; t++) {
      if (this.#turns.isOver) await this.#turns.giveWay();
      context.observe(env);
      act.inputs.observations.set(env.observations);
      act.run();
      checkLogProbs(act.outputs.logProbs);
      rollout.recordDecision(t, env.observations, context, act.outputs);
      context.remember(act.outputs.memory);

      env.step(act.outputs.environmentActions.data);
      rollout.recordOutcome(t, env, this.#rewardScaling?.scale(env) ?? env.rewards);
      this.#episodes.record(env, this.progress.steps + (t + 1) * env.numEnvs);

      // A truncated episode would have gone on: what follows its last reward is worth the value of its last
      // observation.
      if (env.truncated.includes(1)) {
        value.inputs.observations.set(env.finalObservations);
        value.run();
        rollout.recordFinal(t, env.finalObservations, value.outputs.values);
      }
      context.begin(env);
    }
    this.#estimate();
    this.#explainedVariance = advantages.outputs.explainedVariance.item();
    this.actorCritic.returnMoments?.update(advantages.outputs.returns.data);
  }

  /** Estimates the advantages from the values of the rollout and that of what comes after it. */
  #estimate(): void {
    const { value, advantages } = this.#programs;
    value.inputs.observations.set(this.#env.observations);
    value.run();
    advantages.inputs.nextValues.copyFrom(value.outputs.values);
    advantages.run();
  }

  /** Optimises the loss for K epochs of minibatches, each epoch in a new order (algorithm 1). */
  async #update(now: Scheduled, permutations?: readonly ArrayLike<number>[]): Promise<void> {
    const { shuffle, update } = this.#programs;
    const { numEpochs, numMinibatches, recomputeAdvantages, targetKl } = this.#config;
    this.#optimizer.learningRate = now.learningRate;
    for (const name of ["clipRange", "entropyCoefficient", "klPenalty"] as const)
      update.inputs[name].data[0] = now[name];
    for (let epoch = 0; epoch < numEpochs; epoch++) {
      let epochKl = 0;
      if (recomputeAdvantages && epoch > 0) {
        this.rollout.evaluateAgain(this.#programs.value);
        this.#estimate();
      }
      shuffle.run();
      if (permutations !== undefined) shuffle.outputs.indices.set(permutations[epoch] as ArrayLike<number>);
      for (let minibatch = 0; minibatch < numMinibatches; minibatch++) {
        if (this.#turns.isOver) await this.#turns.giveWay();
        this.#prepare(minibatch);
        update.run();
        this.#statistics.checkFinite(this.progress, epoch, minibatch);
        this.#optimizer.step();
        this.#statistics.add(this.#optimizer.gradNorm);
        epochKl += update.outputs.approxKl.item() / numMinibatches;
      }
      if (targetKl !== null && epochKl > targetKl) break;
    }
    const kl = this.#divergence() ?? this.#statistics.means().approxKl;
    for (const schedule of Object.values(this.#schedules)) schedule.observe?.(kl);
    this.actorCritic.observationMoments?.update(this.rollout.observations.data);
    this.actorCritic.parameters.finite();
  }

  /** The mean KL[π_old, π_θ] after an update, where β adapts to it. */
  #divergence(): number | undefined {
    const { divergence } = this.#programs;
    if (divergence === undefined) return undefined;
    const { numMinibatches } = this.#config;
    let sum = 0;
    for (let minibatch = 0; minibatch < numMinibatches; minibatch++) {
      this.#prepare(minibatch);
      divergence.run();
      sum += divergence.outputs.kl.item();
    }
    return sum / numMinibatches;
  }

  /** Takes the rows of a minibatch of the present order. */
  #prepare(minibatch: number): void {
    const { shuffle, prepare } = this.#programs;
    const { indices } = prepare.inputs;
    indices.copyFrom(shuffle.outputs.indices, minibatch * indices.size);
    prepare.run();
  }

  /**
   * An update by what the batch holds, as from elsewhere.
   * @param permutations for each epoch the order of the rows, or of the sequences of networks with memory
   */
  async updateBy(permutations?: readonly ArrayLike<number>[]): Promise<UpdateMeans> {
    const { progress } = this;
    this.#statistics.reset();
    await this.#update(scheduled(this.#schedules, progress.totalSteps > 0 ? progress.remaining : 1), permutations);
    return this.#statistics.means();
  }

  /** The last rollout, with what was made of it. */
  get batch(): ReadableRollout {
    const { advantages, returns } = this.#programs.advantages.outputs;
    return { ...this.rollout, advantages, returns };
  }

  #report({ logStd: _, ...scheduled }: Scheduled): Iteration {
    return {
      iteration: this.progress.iteration,
      steps: this.progress.steps,
      ...this.#episodes.report(),
      ...this.#statistics.means(),
      ...(this.#statistics.each && { minibatches: this.#statistics.each }),
      explainedVariance: this.#explainedVariance,
      ...scheduled,
    };
  }
}
