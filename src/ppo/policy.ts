// A trained policy on its own: one observation in, one action out, and a file of it.

import { Engine } from "../engine/engine.ts";
import { NonFiniteError, ShapeError } from "../engine/errors.ts";
import { Stream } from "../engine/random.ts";
import { type Box, type SpaceDescription, spaceFrom } from "../envs/spaces.ts";
import { readFile, writeFile } from "../io/files.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "../io/safetensors.ts";
import { program } from "../tensor/program.ts";
import { formatShape } from "../tensor/tensor.ts";
import { ActorCritic } from "./actor-critic.ts";
import { describeFile, readDescription } from "./description.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";

export interface ActOptions {
  /** Whether to take the most likely action, as is the default, or draw one from the distribution. */
  readonly deterministic?: boolean;
}

/** What a policy's file holds beside the parameters. */
interface PolicyDescription {
  readonly observationSpace: SpaceDescription;
  readonly actionSpace: SpaceDescription;
  readonly config: Hyperparameters;
}

export class Policy {
  readonly config: Hyperparameters;
  readonly #actorCritic: ActorCritic;
  readonly #mode: ReturnType<typeof captureAct>;
  readonly #sample: ReturnType<typeof captureAct>;

  constructor(actorCritic: ActorCritic, config: Hyperparameters) {
    this.config = config;
    this.#actorCritic = actorCritic;
    this.#mode = captureAct(actorCritic, undefined);
    this.#sample = captureAct(actorCritic, new Stream(actorCritic.engine, config.seed, "acting"));
  }

  /**
   * The action for one observation [observation]: a number for Discrete, a new array for Box, within the bounds of the space.
   * @throws ShapeError for an observation of another size; NonFiniteError for one that is not all finite numbers
   */
  act(observation: ArrayLike<number>, options: ActOptions = {}): number | Float32Array {
    const act = (options.deterministic ?? true) ? this.#mode : this.#sample;
    const { inputs, outputs } = act;
    if (observation?.length !== inputs.observation.size) {
      const { shape } = this.#actorCritic.observationSpace;
      throw new ShapeError(`act: an observation of ${observation?.length} numbers; it has to be ${formatShape(shape)}`);
    }
    for (let index = 0; index < observation.length; index++) {
      if (Number.isFinite(observation[index])) continue;
      throw new NonFiniteError(`act: observation[${index}] is ${observation[index]}; it has to be a finite number`);
    }
    inputs.observation.set(observation);
    act.run();
    return this.#actorCritic.toAction(outputs.actions);
  }

  /** The parameters by name: views of the networks' own memory, good until it grows. */
  get tensors(): readonly NamedTensor[] {
    const { parameters } = this.#actorCritic;
    return parameters.named(parameters.values);
  }

  /** The bytes of a safetensors file: each parameter under its name, weights [inputs, outputs]; the spaces and the configuration as metadata. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const { observationSpace, actionSpace } = this.#actorCritic;
    const description: PolicyDescription = {
      observationSpace: observationSpace.describe(),
      actionSpace: actionSpace.describe(),
      config: this.config,
    };
    return encodeSafetensors({ tensors: this.tensors, metadata: describeFile("policy", description) });
  }

  /** Writes `toBytes` to a file, in place of one that may be there. */
  async save(path: string): Promise<void> {
    await writeFile(path, this.toBytes());
  }

  /** @throws FileFormatError for what is not the file of a policy */
  static async load(path: string): Promise<Policy> {
    return Policy.fromBytes(await readFile(path), path);
  }

  /**
   * The policy that `toBytes` gave.
   * @param source what the bytes are called in errors
   */
  static async fromBytes(bytes: Uint8Array, source = "policy"): Promise<Policy> {
    const { tensors, metadata } = decodeSafetensors(bytes, source);
    const { observationSpace, actionSpace, config } = readDescription<PolicyDescription>("policy", metadata, source);
    const complete = completeHyperparameters(config);
    const engine = await Engine.create(complete);
    const actorCritic = new ActorCritic(engine, spaceFrom(observationSpace) as Box, spaceFrom(actionSpace), complete);
    actorCritic.parameters.load(actorCritic.parameters.values, tensors, source);
    return new Policy(actorCritic, complete);
  }
}

function captureAct(actorCritic: ActorCritic, stream: Stream | undefined) {
  return program(actorCritic.engine, { observation: [1, actorCritic.observationSize] } as const, ({ observation }) => {
    const distribution = actorCritic.distribution(observation);
    return {
      actions: actorCritic.clipToSpace(stream === undefined ? distribution.mode() : distribution.sample(stream)),
    };
  });
}
