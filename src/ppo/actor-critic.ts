// The two networks of PPO: the actor, whose output is a distribution over actions, and the critic, whose output is the
// value of a state.

import { ConfigurationError } from "../base/errors.ts";
import { batchOf, type DataType, type Spec, sizeOf } from "../base/spec.ts";
import type { Engine } from "../engine/engine.ts";
import { Stream } from "../engine/random.ts";
import type { Distribution } from "../nn/distributions.ts";
import type { ActionHead } from "../nn/heads/head.ts";
import { headFor } from "../nn/heads/index.ts";
import { MLP } from "../nn/layers.ts";
import { Parameters } from "../nn/parameters.ts";
import type { Box, Space } from "../spaces/index.ts";
import { toFloat32 } from "../tensor/operators/elementwise.ts";
import { reshape } from "../tensor/operators/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** The hyper-parameters that shape the networks. */
export type NetworkOptions = Pick<Hyperparameters, "hiddenSizes" | "activation" | "seed">;

/** What actor and critic say of a batch of observations. */
export interface Evaluation {
  /** π(· | s) */
  readonly distribution: Distribution;
  /** V(s): [batch] */
  readonly values: Tensor;
}

/** Actor and critic for the spaces of an environment. */
export class ActorCritic {
  /** Whose memory they lie in. */
  readonly engine: Engine;
  /** What they look at. */
  readonly observationSpace: Box<DataType>;
  /** What they choose from. */
  readonly actionSpace: Space;
  /** Everything that they learn. */
  readonly parameters: Parameters;
  /** What makes actions of the actor's output. */
  readonly head: ActionHead;
  readonly #actor: MLP;
  readonly #critic: MLP;

  /**
   * @param saved the parameters to begin with, as `parameters.state()` gives them; without it they are new
   * @throws ConfigurationError for spaces that they cannot serve; FileFormatError for parameters of other networks
   */
  constructor(
    engine: Engine,
    observationSpace: Box<DataType>,
    actionSpace: Space,
    options: NetworkOptions,
    saved?: unknown,
  ) {
    this.engine = engine;
    this.observationSpace = checkObservationSpace(observationSpace);
    this.actionSpace = actionSpace;
    this.head = headFor(actionSpace);
    this.parameters = new Parameters(engine);
    const { parameters, head } = this;
    const { hiddenSizes, activation, seed } = options;
    const inputs = sizeOf(observationSpace.shape);
    // The last layer of the actor starts near zero, so that all actions start about equally likely.
    const actorSizes = [inputs, ...hiddenSizes, head.outputs];
    this.#actor = new MLP(parameters, "actor", actorSizes, { activation, outputGain: 0.01 });
    head.declare(parameters, "actor");
    this.#critic = new MLP(parameters, "critic", [inputs, ...hiddenSizes, 1], { activation, outputGain: 1 });
    if (saved === undefined) parameters.initialize(new Stream(engine, seed, "initialization"));
    else parameters.initializeFrom(saved);
  }

  /** A batch of observations: [batch, ...observation] */
  observations(batch: number): Spec {
    return batchOf([batch], this.observationSpace);
  }

  /**
   * What actor and critic say of observations [batch, ...observation]. A program drops the half of it that it does not
   * return.
   */
  forward(observations: Tensor<DataType>): Evaluation {
    const batch = observations.shape[0] as number;
    const size = sizeOf(this.observationSpace.shape);
    const features = reshape(asFloats(observations), [batch, size]);
    return {
      distribution: this.head.distribution(this.#actor.forward(features)),
      values: reshape(this.#critic.forward(features), [batch]),
    };
  }
}

function checkObservationSpace(space: Box<DataType>): Box<DataType> {
  if (sizeOf(space.shape) === 0)
    throw new ConfigurationError("observation space: it has no elements; it has to have at least one");
  if (space.dtype !== "float32" && space.dtype !== "uint8")
    throw new ConfigurationError(`observation space: ${space}; the networks take float32 and uint8`);
  return space;
}

/** Bytes stay bytes up to here: in the environments, the rollout and the minibatch. */
function asFloats(observations: Tensor<DataType>): Tensor {
  return observations.dtype === "uint8" ? toFloat32(observations as Tensor<"uint8">) : (observations as Tensor);
}
