// A trained policy on its own: one observation in, one action out, and a file of it.

import { NonFiniteError, ShapeError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import {
  changedIn,
  type DataType,
  dataTypeOf,
  dataTypes,
  formatShape,
  type NamedTensor,
  nonFiniteIn,
} from "../base/spec.ts";
import { Stream } from "../engine/random.ts";
import { maskViolation } from "../spaces/mask.ts";
import { isFlat, type Observation, type ObservationSpace, refusal } from "../spaces/space.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ActorCritic, Context, NetworkChoice } from "./actor-critic.ts";
import { EnvContext } from "./context.ts";
import type { EngineChoice } from "./engine-choice.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/**
 * Before an action goes anywhere: it is not the environment's fault where networks are broken.
 * @throws NonFiniteError for networks of which an output is NaN or infinite
 */
export function checkLogProbs({ data }: Tensor): void {
  const index = nonFiniteIn(data);
  if (index >= 0) throw new NonFiniteError(`policy: log π(a | s) is ${data[index]}; its networks are not finite`);
}

/**
 * Writes observations to an input [batch, ...flat] of a program.
 * @param owner what the function is called in errors
 * @param observations flat, as a Box has them and vector environments; or as environments of another space show them,
 * one without `isBatch`, else a list of as many as there are rows
 * @throws ShapeError for what is not in the space; NonFiniteError where that is a number that is not finite
 */
export function setObservations(
  owner: string,
  input: Tensor<DataType>,
  space: ObservationSpace,
  observations: Observation,
  isBatch = false,
): void {
  if (isFlat(space) || dataTypeOf(observations) === input.dtype) {
    setFlat(owner, input, observations as ArrayLike<number>);
    return;
  }
  const { data, shape } = input;
  const batch = shape[0] as number;
  for (let row = 0; row < batch; row++) {
    const observation = isBatch ? (observations as ArrayLike<unknown> | undefined)?.[row] : observations;
    const violation = space.flatten(observation, data, (row * data.length) / batch);
    if (violation === undefined) continue;
    throw refusal(`${owner}: observation${isBatch ? `[${row}]` : ""}${violation.at} is`, violation);
  }
}

/**
 * @throws ShapeError for another number of values, or for one that the data type of the input does not hold;
 * NonFiniteError for one that is not finite as a float32
 */
function setFlat(owner: string, input: Tensor<DataType>, values: ArrayLike<number>): void {
  const { dtype, shape, size } = input;
  if (values?.length !== size) {
    const right = formatShape(shape.slice(1));
    throw new ShapeError(`${owner}: an observation of ${values?.length} numbers; it has to be ${right}`);
  }
  for (let index = 0; index < size; index++) {
    const element = values[index] as number;
    // Beyond the range of float32 it would be infinite to the networks.
    if (Number.isFinite(element) && Number.isFinite(Math.fround(element))) continue;
    throw new NonFiniteError(`${owner}: observation[${index}] is ${element}; it has to be a finite float32`);
  }
  input.set(values);
  const other = dataTypes[dtype].isWhole ? changedIn(input.data, values) : -1;
  if (other >= 0) throw new ShapeError(`${owner}: observation[${other}] is ${values[other]}; it has to be ${dtype}`);
}

/** The actions of a batch: float32 for Box, int32 for all others. */
export type ActionBatch<Action = number | Int32Array | Float32Array> = Action extends Int32Array | Float32Array
  ? Action
  : Int32Array | Float32Array;

/** How an action is chosen. */
export interface ActOptions {
  /** Whether to take the most likely action, as is the default, or draw one from the distribution. */
  readonly deterministic?: boolean;
  /**
   * 1 for each action that may be chosen, 0 for each that may not, as the environment's `actionMask` has them; all may
   * unless given.
   */
  readonly mask?: ArrayLike<number>;
}

/**
 * What chooses actions; the entries add what reads it from a file, each with the kernels that it carries.
 * @typeParam Action what an action is: number for Discrete, Float32Array for Box, Int32Array for several choices
 */
export class ActingPolicy<Action = number | Int32Array | Float32Array> {
  /** What it was trained with. */
  readonly config: Hyperparameters;
  /** Its networks. */
  readonly actorCritic: ActorCritic;
  /** What is remembered of the episode, and which actions may be chosen, where not all may. */
  protected readonly context: EnvContext;
  readonly #stream: Stream;
  /** To take the most likely action or to draw one, each with a mask as well, once it was asked for. */
  readonly #acts: (ActProgram | undefined)[];
  /** To take the most likely actions of the batches of each size. */
  readonly #batches = new Map<number, { readonly act: ActProgram; readonly context: EnvContext }>();

  /** That of networks, which it shares. */
  constructor(actorCritic: ActorCritic, config: Hyperparameters) {
    this.config = config;
    this.actorCritic = actorCritic;
    this.context = new EnvContext(actorCritic, 1, actorCritic.head.maskSize > 0);
    this.#stream = new Stream(actorCritic.engine, config.seed, "acting");
    this.#acts = [this.#capture(true, false)];
  }

  /** Begins an episode: a policy with a memory forgets what came before. `act` on its own goes on with the last. */
  beginEpisode(): void {
    this.context.forget();
    for (const { context } of this.#batches.values()) context.forget();
  }

  /**
   * The action for one observation, as the environment shows it, or flat: a number for Discrete, else a new
   * array; for Box within the bounds of the space.
   * @throws ShapeError for an observation that is not in the space, as one of another size; NonFiniteError for one that
   * is not all finite numbers, and for networks that make NaN or infinity of it
   */
  act(observation: Observation, options: ActOptions = {}): Action {
    checkNames("act", options, ["deterministic", "mask"]);
    const { deterministic = true, mask } = options;
    const { actionSpace, observationSpace } = this.actorCritic;
    if (mask !== undefined) this.#setMask(mask);
    const place = (deterministic ? 0 : 1) + (mask === undefined ? 0 : 2);
    this.#acts[place] ??= this.#capture(deterministic, mask !== undefined);
    const act = this.#acts[place] as ActProgram;
    const { inputs, outputs } = act;
    setObservations("act", inputs.observation, observationSpace, observation);
    act.run();
    checkLogProbs(outputs.logProbs);
    this.context.remember(outputs.memory);
    const { data } = outputs.actions;
    return (actionSpace.shape.length === 0 ? data[0] : data.slice()) as Action;
  }

  /** @throws ShapeError for what is no mask of the action space */
  #setMask(mask: ArrayLike<number>): void {
    const { actionSpace, head } = this.actorCritic;
    if (head.maskSize === 0) throw new ShapeError(`act: mask: actions of ${actionSpace} are not masked`);
    const violation = maskViolation(actionSpace, mask);
    if (violation !== undefined)
      throw new ShapeError(`act: mask${violation.at} is ${shown(violation.value)}; it has to be ${violation.expected}`);
    this.context.masks?.set(mask);
  }

  #capture(deterministic: boolean, isMasked: boolean): ActProgram {
    const { memory, starts, masks } = this.context;
    const context = isMasked ? { memory, starts, masks } : { memory, starts };
    return captureAct(this.actorCritic, deterministic ? undefined : this.#stream, context, 1);
  }

  /**
   * The most likely action for each of several observations: the numbers that `act` gives row by row, as an Int32Array
   * [batch] for Discrete, else an array [batch, ...action]. Each size of a batch keeps a program of its
   * own.
   * @param observations [batch, ...flat], as vector environments have them; of another space than Box also a list of
   * what its environments show
   * @param into where to write the actions, at no allocation; without it the answer is a new array
   * @throws ShapeError for what is no whole number of observations, and for `into` of another size or type; as `act`
   */
  actBatch(observations: ArrayLike<Observation>, into?: ActionBatch<Action>): ActionBatch<Action> {
    const { observationSpace } = this.actorCritic;
    const { size, dtype } = (this.#acts[0] as ActProgram).inputs.observation;
    const isList = !isFlat(observationSpace) && dataTypeOf(observations) !== dtype;
    // What is no whole number of them does not fit the whole number below it.
    const batch = Math.floor(observations?.length / (isList ? 1 : size)) || 1;
    const { act, context } = this.#batchOf(batch);
    const { inputs, outputs } = act;
    setObservations("actBatch", inputs.observation, observationSpace, observations, true);
    act.run();
    checkLogProbs(outputs.logProbs);
    context.remember(outputs.memory);
    const data = outputs.actions.data as ActionBatch<Action>;
    if (into === undefined) return data.slice() as ActionBatch<Action>;
    if (into[Symbol.toStringTag] !== data[Symbol.toStringTag] || into.length !== data.length)
      throw new ShapeError(`actBatch: into is ${shown(into)}; it has to be ${shown(data)}`);
    into.set(data);
    return into;
  }

  #batchOf(batch: number): { readonly act: ActProgram; readonly context: EnvContext } {
    const known = this.#batches.get(batch);
    if (known !== undefined) return known;
    const context = new EnvContext(this.actorCritic, batch, false);
    const made = { act: captureAct(this.actorCritic, undefined, context, batch), context };
    this.#batches.set(batch, made);
    return made;
  }

  /** All that its file holds by name: views of the networks' own memory, good until it grows. */
  get tensors(): readonly NamedTensor[] {
    return this.actorCritic.parameters.named();
  }
}

/** Where a policy computes, and the network of one's own that it was trained with, if it was. */
export type PolicyChoice = EngineChoice & Pick<NetworkChoice, "network">;

type ActProgram = ReturnType<typeof captureAct>;

function captureAct(actorCritic: ActorCritic, stream: Stream | undefined, context: Context, batch: number) {
  return program(actorCritic.engine, { observation: actorCritic.observations(batch) }, ({ observation }) => {
    const { distribution, memory } = actorCritic.forward(observation, context);
    const actions = stream === undefined ? distribution.mode() : distribution.sample(stream);
    const logProbs = distribution.logProb(actions);
    return { actions: actorCritic.head.toEnvironment(actions), logProbs, ...(memory && { memory }) };
  });
}
