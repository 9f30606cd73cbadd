// The two networks of PPO: the actor, whose output is a distribution over actions, and the critic, whose output is the value of a state.

import type { Engine } from "../engine/engine.ts";
import { ConfigurationError } from "../engine/errors.ts";
import { Stream } from "../engine/random.ts";
import type { Box, Space } from "../envs/spaces.ts";
import { Discrete } from "../envs/spaces.ts";
import { Categorical, DiagonalGaussian, type Distribution } from "../nn/distributions.ts";
import { constantInitializer } from "../nn/initializers.ts";
import { MLP } from "../nn/layers.ts";
import { Parameters } from "../nn/parameters.ts";
import { maximum, minimum } from "../tensor/operators/arithmetic.ts";
import { reshape } from "../tensor/operators/rows.ts";
import { type InputSpec, int32 } from "../tensor/program.ts";
import { type DataType, type Shape, sizeOf, type Tensor, zeros } from "../tensor/tensor.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** The hyper-parameters that shape the networks. */
export type NetworkOptions = Pick<Hyperparameters, "hiddenSizes" | "activation" | "seed">;

export class ActorCritic {
  readonly engine: Engine;
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  readonly parameters: Parameters;
  readonly #actor: MLP;
  readonly #critic: MLP;
  /** Of a Gaussian policy: the same in every state. */
  readonly #logStd: Tensor | undefined;
  /** Of a Box of actions. */
  readonly #bounds: { readonly low: Tensor; readonly high: Tensor } | undefined;

  constructor(engine: Engine, observationSpace: Box, actionSpace: Space, options: NetworkOptions) {
    this.engine = engine;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    const parameters = new Parameters(engine);
    const { hiddenSizes, activation, seed } = options;
    const inputs = sizeOf(observationSpace.shape);
    const discrete = actionSpace instanceof Discrete;
    if (inputs === 0)
      throw new ConfigurationError("observation space: it has no elements; it has to have at least one");
    if (discrete && actionSpace.start !== 0) {
      throw new ConfigurationError(
        `action space: Discrete from ${actionSpace.start}; actions have to be counted from 0`,
      );
    }
    const outputs = discrete ? actionSpace.n : sizeOf(actionSpace.shape);
    // The last layer of the actor starts near zero, so that all actions start about equally likely.
    this.#actor = new MLP(parameters, "actor", [inputs, ...hiddenSizes, outputs], { activation, outputGain: 0.01 });
    if (!discrete) {
      this.#logStd = parameters.declare("actor.logStd", [outputs], constantInitializer(0));
      this.#bounds = {
        low: zeros(engine, [outputs]).set(actionSpace.low),
        high: zeros(engine, [outputs]).set(actionSpace.high),
      };
    }
    this.#critic = new MLP(parameters, "critic", [inputs, ...hiddenSizes, 1], { activation, outputGain: 1 });
    parameters.initialize(new Stream(engine, seed, "initialization"));
    this.parameters = parameters;
  }

  /** The number of elements of an observation. */
  get observationSize(): number {
    return sizeOf(this.observationSpace.shape);
  }

  /** The shape and data type of a batch of actions: int32 [batch] for Discrete, float32 [batch, size] for Box. */
  actions(batch: number): InputSpec {
    return this.actionSpace instanceof Discrete
      ? int32([batch])
      : ([batch, sizeOf(this.actionSpace.shape)] satisfies Shape);
  }

  /** π(· | s): [batch, observation] -> a distribution over a batch of actions */
  distribution(observations: Tensor): Distribution {
    const output = this.#actor.forward(observations);
    return this.#logStd === undefined ? new Categorical(output) : new DiagonalGaussian(output, this.#logStd);
  }

  /** What the environment gets of a batch of actions: those of a Gaussian limited to the bounds of the action space. */
  clipToSpace(actions: Tensor<DataType>): Tensor<DataType> {
    if (this.#bounds === undefined) return actions;
    return minimum(maximum(actions as Tensor, this.#bounds.low), this.#bounds.high);
  }

  /** The action in a batch of one: a number for Discrete, a new array for Box. */
  toAction(actions: Tensor<DataType>): number | Float32Array {
    return this.actionSpace instanceof Discrete ? actions.item() : Float32Array.from(actions.data);
  }

  /** V(s): [batch, observation] -> [batch] */
  value(observations: Tensor): Tensor {
    const [batch] = observations.shape;
    return reshape(this.#critic.forward(observations), [batch as number]);
  }
}
