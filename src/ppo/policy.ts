// A trained policy on its own: one observation in, one action out, and a file of it.

import { FileFormatError, NonFiniteError, ShapeError } from "../base/errors.ts";
import { anyState, checkNames, shown } from "../base/ranges.ts";
import { changedIn, type DataType, dataTypes, formatShape, type NamedTensor, nonFiniteIn } from "../base/spec.ts";
import { fields, within } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
import { Stream } from "../engine/random.ts";
import { type Box, type Space, spaceFrom } from "../spaces/index.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ActorCritic } from "./actor-critic.ts";
import { chosenEngine, type EngineChoice } from "./engine-choice.ts";
import { type Contents, decodeFile } from "./file-format.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";

/**
 * Before an action goes anywhere: it is not the environment's fault where networks are broken.
 * @throws NonFiniteError for networks of which an output is NaN or infinite
 */
export function checkLogProbs({ data }: Tensor): void {
  const index = nonFiniteIn(data);
  if (index >= 0) throw new NonFiniteError(`policy: log π(a | s) is ${data[index]}; its networks are not finite`);
}

/** How an action is chosen. */
export interface ActOptions {
  /** Whether to take the most likely action, as is the default, or draw one from the distribution. */
  readonly deterministic?: boolean;
}

/**
 * What chooses actions; the entries add what reads it from a file, each with the kernels that it carries.
 * @typeParam Action what an action is: number for Discrete, Float32Array for Box
 */
export class ActingPolicy<Action = number | Float32Array> {
  /** What it was trained with. */
  readonly config: Hyperparameters;
  /** Its networks. */
  protected readonly actorCritic: ActorCritic;
  readonly #mode: ReturnType<typeof captureAct>;
  readonly #sample: ReturnType<typeof captureAct>;

  /** That of networks, which it shares. */
  constructor(actorCritic: ActorCritic, config: Hyperparameters) {
    this.config = config;
    this.actorCritic = actorCritic;
    this.#mode = captureAct(actorCritic, undefined);
    this.#sample = captureAct(actorCritic, new Stream(actorCritic.engine, config.seed, "acting"));
  }

  /**
   * The action for one observation [observation]: a number for Discrete, a new array for Box, within the bounds of the
   * space.
   * @throws ShapeError for an observation of another size or of what its data type does not hold; NonFiniteError for
   * one that is not all finite numbers, and for networks that make NaN or infinity of it
   */
  act(observation: ArrayLike<number>, options: ActOptions = {}): Action {
    checkNames("act", options, ["deterministic"]);
    const act = (options.deterministic ?? true) ? this.#mode : this.#sample;
    const { inputs, outputs } = act;
    if (observation?.length !== inputs.observation.size) {
      const { shape } = this.actorCritic.observationSpace;
      throw new ShapeError(`act: an observation of ${observation?.length} numbers; it has to be ${formatShape(shape)}`);
    }
    for (let index = 0; index < observation.length; index++) {
      const element = observation[index] as number;
      // Beyond the range of float32 it would be infinite to the networks.
      if (Number.isFinite(element) && Number.isFinite(Math.fround(element))) continue;
      throw new NonFiniteError(`act: observation[${index}] is ${observation[index]}; it has to be a finite float32`);
    }
    inputs.observation.set(observation);
    const { dtype, data: taken } = inputs.observation;
    const other = dataTypes[dtype].isWhole ? changedIn(taken, observation) : -1;
    if (other >= 0) throw new ShapeError(`act: observation[${other}] is ${observation[other]}; it has to be ${dtype}`);
    act.run();
    checkLogProbs(outputs.logProbs);
    const { data } = outputs.actions;
    return (this.actorCritic.actionSpace.shape.length === 0 ? data[0] : data.slice()) as Action;
  }

  /** The parameters by name: views of the networks' own memory, good until it grows. */
  get tensors(): readonly NamedTensor<"float32">[] {
    return this.actorCritic.parameters.named();
  }
}

/**
 * The policy of a class that `toBytes` gave.
 * @param source what the bytes are called in errors
 * @param newEngine what makes an engine where none is given
 */
export async function readPolicy<P extends ActingPolicy<unknown>>(
  PolicyClass: new (actorCritic: ActorCritic, config: Hyperparameters) => P,
  bytes: Uint8Array,
  source: string,
  choice: EngineChoice,
  newEngine: (kernels: KernelVariant) => Promise<Engine>,
): Promise<P> {
  const { tensors, ...about } = await decodeFile("policy", bytes, source);
  const { observationSpace, actionSpace, config } = within(source, () => readAbout(about));
  const engine = await chosenEngine(source, choice, config.kernels, newEngine);
  return within(source, () => {
    const saved = Object.fromEntries(tensors.map(({ name, ...tensor }) => [name, tensor]));
    return new PolicyClass(
      new ActorCritic(engine, observationSpace as Box<DataType>, actionSpace, config, saved),
      config,
    );
  });
}

/** What a policy's file holds beside the parameters. */
function readAbout({ version, contents }: Contents): {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly config: Hyperparameters;
} {
  const saved = fields(contents, { observationSpace: anyState, actionSpace: anyState, config: anyState });
  // In version 1 every Box was of float32, and did not say so.
  const spaceOf = (json: unknown) =>
    spaceFrom(version === 1 && Object(json).type === "Box" ? { dtype: "float32", ...Object(json) } : json);
  return {
    observationSpace: within("observationSpace", () => spaceOf(saved.observationSpace)),
    actionSpace: within("actionSpace", () => spaceOf(saved.actionSpace)),
    // An older version may lack a hyper-parameter, which then had no effect: as its default has none.
    config: within("config", () => completeHyperparameters(fieldsOf(saved.config))),
  };
}

function fieldsOf(value: unknown): object {
  if (typeof value !== "object" || value === null) throw new FileFormatError(`${shown(value)} is not a configuration`);
  return value;
}

function captureAct(actorCritic: ActorCritic, stream: Stream | undefined) {
  return program(actorCritic.engine, { observation: actorCritic.observations(1) }, ({ observation }) => {
    const { distribution } = actorCritic.forward(observation);
    const actions = stream === undefined ? distribution.mode() : distribution.sample(stream);
    return { actions: actorCritic.head.toEnvironment(actions), logProbs: distribution.logProb(actions) };
  });
}
