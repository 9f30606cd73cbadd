// Actor and critic: the actor's output is a distribution over actions, the critic's the value of a state.

import { ConfigurationError } from "../base/errors.ts";
import { batchOf, type DataType, float32, type Spec, sizeOf } from "../base/spec.ts";
import type { Engine } from "../engine/engine.ts";
import { Stream } from "../engine/random.ts";
import type { Distribution } from "../nn/distributions/distribution.ts";
import type { ActionHead, HeadOptions } from "../nn/heads/head.ts";
import { Linear } from "../nn/layers.ts";
import type { Makers } from "../nn/makers.ts";
import { flat } from "../nn/networks/flat.ts";
import type { BodyOptions } from "../nn/networks/index.ts";
import type { Body, Features, Network, Recurrence } from "../nn/networks/network.ts";
import { Parameters } from "../nn/parameters.ts";
import { RunningMoments } from "../nn/running-moments.ts";
import type { ObservationSpace, Space } from "../spaces/index.ts";
import { denormalize, normalize } from "../tensor/operators/moments.ts";
import { concatenate, slice } from "../tensor/operators/rearrange.ts";
import { reshape } from "../tensor/operators/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";

/** The hyper-parameters that shape the networks; those that are not given have their defaults. */
export type NetworkOptions = Partial<
  Pick<
    Hyperparameters,
    | "sharedNetwork"
    | "normalizeObservations"
    | "clipObservations"
    | "normalizeValues"
    | "seed"
    | keyof HeadOptions
    | keyof BodyOptions
  >
>;

/** What actor and critic may be made of beside hyper-parameters. */
export interface NetworkChoice {
  /** What stands between observations and the last layers, in place of what the hyper-parameters name. */
  readonly network?: Network | undefined;
  /** The parameters to begin with, as `parameters.state()` gives them; without them they are new. */
  readonly weights?: unknown;
}

/** What a decision depends on beside the observation. */
export interface Context extends Partial<Recurrence> {
  /** 1 for what may be chosen, 0 for what may not: [rows, maskSize] */
  readonly masks?: Tensor<"uint8"> | undefined;
}

/** What actor and critic say of a batch of observations. */
export interface Evaluation {
  /** π(· | s) */
  readonly distribution: Distribution;
  /** V(s): [rows] */
  readonly values: Tensor;
  /** V(s) as the critic learns it, normalised where that was asked for: [rows] */
  readonly criticValues: Tensor;
  /** What the last layers are given, of actor and critic or what they share: [rows, features] each. */
  readonly features: readonly Tensor[];
  /** What they remember after the last step: [sequences, memorySize]; undefined where they remember nothing. */
  readonly memory: Tensor | undefined;
}

/** Actor and critic for the spaces of an environment. */
export class ActorCritic {
  /** Whose memory they lie in. */
  readonly engine: Engine;
  /** What they look at. */
  readonly observationSpace: ObservationSpace;
  /** What they choose from. */
  readonly actionSpace: Space;
  /** Everything that they learn, and the moments that they normalise by. */
  readonly parameters: Parameters;
  /** What makes actions of the actor's output. */
  readonly head: ActionHead;
  /** How many numbers they remember of each environment; 0 for networks without memory. */
  readonly memorySize: number;
  /** Of all observations so far, where these are normalised. */
  readonly observationMoments: RunningMoments | undefined;
  /** Of all returns so far, where these are normalised. */
  readonly returnMoments: RunningMoments | undefined;
  readonly #clipObservations: number;
  readonly #actor: Body;
  /** The same as the actor's where they share it. */
  readonly #critic: Body;
  readonly #actorOutput: Linear;
  readonly #criticOutput: Linear;

  /** @throws ConfigurationError for spaces that they cannot serve; FileFormatError for parameters of other networks */
  constructor(
    engine: Engine,
    observationSpace: ObservationSpace,
    actionSpace: Space,
    options: NetworkOptions,
    { headFor, networkFor }: Makers,
    { network: given, weights }: NetworkChoice = {},
  ) {
    const complete = completeHyperparameters(options);
    this.engine = engine;
    this.observationSpace = checkObservationSpace(observationSpace);
    this.actionSpace = actionSpace;
    this.head = headFor(actionSpace, complete);
    this.parameters = new Parameters(engine);
    const { parameters, head } = this;
    const network = given ?? networkFor(complete);
    const moments = (name: string, columns: number) =>
      new RunningMoments(columns, (part, ...buffer) => parameters.buffer(`${name}.${part}`, ...buffer));
    const { sharedNetwork, normalizeObservations, normalizeValues, clipObservations, seed } = complete;
    this.#clipObservations = clipObservations;

    const shared = sharedNetwork ? network(parameters, "shared", observationSpace.flat) : undefined;
    this.#actor = shared ?? network(parameters, "actor", observationSpace.flat);
    // The last layer of the actor starts near zero, so that all actions start about equally likely.
    this.#actorOutput = outputOf(parameters, "actor", this.#actor, shared, head.outputs, 0.01);
    head.declare(parameters, "actor");
    this.#critic = shared ?? network(parameters, "critic", observationSpace.flat);
    this.#criticOutput = outputOf(parameters, "critic", this.#critic, shared, 1, 1);
    this.observationMoments = normalizeObservations
      ? moments("observations", sizeOf(observationSpace.flat.shape))
      : undefined;
    this.returnMoments = normalizeValues ? moments("returns", 1) : undefined;
    this.memorySize = (this.#actor.memorySize ?? 0) + (shared ? 0 : (this.#critic.memorySize ?? 0));
    if (weights === undefined) parameters.initialize(new Stream(engine, seed, "initialization"));
    else parameters.initializeFrom(weights);
  }

  /** A batch of observations: [batch, ...flat] */
  observations(batch: number): Spec {
    return batchOf([batch], this.observationSpace.flat);
  }

  /** What is remembered of so many sequences: [sequences, memorySize] */
  memory(sequences: number): Spec<"float32"> {
    return float32([sequences, this.memorySize]);
  }

  /**
   * What actor and critic say of observations [rows, ...flat]; with a memory the rows are ordered by step, then
   * by sequence. A program drops what it does not return.
   */
  forward(observations: Tensor<DataType>, context: Context = {}): Evaluation {
    const rows = observations.shape[0] as number;
    const seen = this.#normalized(observations);
    const [actorMemory, criticMemory] = this.#memories(context.memory);
    const actor = this.#actor.forward(seen, recurrence(context, actorMemory));
    const critic = this.#actor === this.#critic ? actor : this.#critic.forward(seen, recurrence(context, criticMemory));
    const criticValues = reshape(this.#criticOutput.forward(critic.features), [rows]);
    return {
      distribution: this.head.distribution(this.#actorOutput.forward(actor.features), context.masks),
      values: this.returnMoments === undefined ? criticValues : denormalize(criticValues, this.returnMoments),
      criticValues,
      features: [...new Set([actor.features, critic.features])],
      memory: joined(actor, critic),
    };
  }

  /** Values or returns as the critic learns them: [rows] */
  toCritic(values: Tensor): Tensor {
    return this.returnMoments === undefined ? values : normalize(values, this.returnMoments);
  }

  #normalized(observations: Tensor<DataType>): Tensor<DataType> {
    if (this.observationMoments === undefined) return observations;
    return reshape(normalize(flat(observations), this.observationMoments, this.#clipObservations), observations.shape);
  }

  /** That of the actor and that of the critic. */
  #memories(memory: Tensor | undefined): readonly (Tensor | undefined)[] {
    const [own, all] = [this.#actor.memorySize ?? 0, this.memorySize];
    if (memory === undefined || own === all) return [memory, undefined];
    if (own === 0) return [undefined, memory];
    return [slice(memory, [[], [0, own]]), slice(memory, [[], [own, all]])];
  }
}

function recurrence({ starts }: Context, memory: Tensor | undefined): Recurrence | undefined {
  return memory === undefined || starts === undefined ? undefined : { memory, starts };
}

function joined(actor: Features, critic: Features): Tensor | undefined {
  if (actor === critic || critic.memory === undefined) return actor.memory;
  return actor.memory === undefined ? critic.memory : concatenate([actor.memory, critic.memory], 1);
}

/** The last layer, which is numbered after those of the body unless that is shared. */
function outputOf(
  parameters: Parameters,
  name: string,
  { features, layers }: Body,
  shared: Body | undefined,
  outputs: number,
  gain: number,
): Linear {
  return new Linear(parameters, `${name}.${shared === undefined ? layers : 0}`, features, outputs, { gain });
}

function checkObservationSpace(space: ObservationSpace): ObservationSpace {
  const { shape, dtype } = space.flat;
  if (sizeOf(shape) === 0)
    throw new ConfigurationError("observation space: it has no elements; it has to have at least one");
  if (dtype !== "float32" && dtype !== "uint8")
    throw new ConfigurationError(`observation space: ${space}; the networks take float32 and uint8`);
  return space;
}
