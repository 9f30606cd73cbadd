// What passes between a learner and its environments in a step: actions in, observations and outcomes out. All of it
// lies in one buffer, which may be shared, so that whoever steps the environments, in this thread or another, writes
// where the learner reads.

import { EnvironmentError, NonFiniteError, ShapeError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import {
  batchOf,
  bytesOf,
  type DataOf,
  type DataType,
  dataTypeOf,
  dataTypes,
  float32,
  formatShape,
  nonFiniteIn,
  type Spec,
  sizeOf,
  uint8,
} from "../base/spec.ts";
import { maskSizeOf, maskViolation } from "../spaces/mask.ts";
import { type ObservationSpace, refusal, type Space, type Violation } from "../spaces/space.ts";
import type { StepResult } from "./env.ts";

/** What decides how long the arrays are. */
interface Sizes {
  readonly numEnvs: number;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;
  /** Whether there are action masks. */
  readonly hasMasks?: boolean;
}

/** What the buffers of a number of environments depend on. */
interface StepBuffersOptions extends Sizes {
  /** What errors call the environments. */
  readonly name: string;
  /** Where they lie: a new buffer unless given. */
  readonly buffer?: ArrayBufferLike;
}

/** Every array begins at a multiple of this many bytes. */
const ALIGNMENT = 64;

/** The arrays of a step, with the checks that whatever enters them has to pass. */
export class StepBuffers {
  readonly numEnvs: number;
  /** [numEnvs, ...flat]: what to act on next. */
  readonly observations: DataOf<DataType>;
  /** [numEnvs, ...flat]: the last observation of an episode that has just ended. */
  readonly finalObservations: DataOf<DataType>;
  /** [numEnvs, ...action] */
  readonly actions: DataOf<DataType>;
  /** [numEnvs] */
  readonly rewards: Float32Array;
  /** [numEnvs]: 1 where an episode came to its own end. */
  readonly terminated: Uint8Array;
  /** [numEnvs]: 1 where an episode was cut off. */
  readonly truncated: Uint8Array;
  /** [numEnvs, mask]: which actions are allowed next. */
  readonly actionMasks: Uint8Array | undefined;
  /** What all of them lie in. */
  readonly buffer: ArrayBufferLike;
  readonly #name: string;
  readonly #observationSpace: ObservationSpace;
  readonly #actionSpace: Space;
  /** Each environment's part of `observations`, `finalObservations` and `actions`. */
  readonly #rows: readonly DataOf<DataType>[];
  readonly #finalRows: readonly DataOf<DataType>[];
  readonly #actionRows: readonly DataOf<DataType>[];
  readonly #maskRows: readonly DataOf<DataType>[];
  /** Whether an action is a number. */
  readonly #isNumber: boolean;
  /** Whether observations are whole numbers, which are finite. */
  readonly #isWhole: boolean;

  constructor(options: StepBuffersOptions) {
    const { name, numEnvs, observationSpace, actionSpace, buffer } = options;
    const specs = specsOf(options);
    this.buffer = buffer ?? new ArrayBuffer(StepBuffers.byteLength(options));
    let offset = 0;
    const next = <D extends DataType>({ shape, dtype }: Spec<D>): DataOf<D> => {
      const array = new dataTypes[dtype].array(this.buffer as ArrayBuffer, offset, sizeOf(shape));
      offset += alignedBytes({ shape, dtype });
      return array as DataOf<D>;
    };
    this.numEnvs = numEnvs;
    this.observations = next(specs.observations);
    this.finalObservations = next(specs.observations);
    this.actions = next(specs.actions);
    this.rewards = next(specs.rewards);
    this.terminated = next(specs.flags);
    this.truncated = next(specs.flags);
    this.actionMasks = options.hasMasks ? next(specs.masks) : undefined;
    this.#name = name;
    this.#observationSpace = observationSpace;
    this.#actionSpace = actionSpace;
    this.#rows = rowsOf(this.observations, numEnvs);
    this.#finalRows = rowsOf(this.finalObservations, numEnvs);
    this.#actionRows = rowsOf(this.actions, numEnvs);
    this.#maskRows = this.actionMasks ? rowsOf(this.actionMasks, numEnvs) : [];
    this.#isNumber = actionSpace.shape.length === 0;
    this.#isWhole = dataTypes[observationSpace.flat.dtype].isWhole;
  }

  /** The bytes of the buffer that so many environments need. */
  static byteLength(sizes: Sizes): number {
    const { observations, actions, rewards, flags, masks } = specsOf(sizes);
    const single = alignedBytes(actions) + alignedBytes(rewards) + alignedBytes(masks);
    return single + 2 * alignedBytes(observations) + 2 * alignedBytes(flags);
  }

  /** Where the observation of environment `index` lies, which an environment of a Box writes there itself. */
  observationRow(index: number): DataOf<DataType> {
    return this.#rows[index] as DataOf<DataType>;
  }

  /**
   * What environment `index` is to do: a number where the action space has the shape [], else its part of `actions`.
   */
  action(index: number): number | DataOf<DataType> {
    const row = this.#actionRows[index] as DataOf<DataType>;
    return this.#isNumber ? (row[0] as number) : row;
  }

  /**
   * Takes the actions of a step, all or, where one is refused, none.
   * @throws ShapeError for another number of them; EnvironmentError for one that is not in the action space
   */
  setActions(actions: ArrayLike<number>): void {
    const space = this.#actionSpace;
    if (actions?.length !== this.actions.length) {
      const right = formatShape(batchOf([this.numEnvs], space).shape);
      throw new ShapeError(`${this.#name}: ${actions?.length ?? "no"} numbers of actions; they have to be ${right}`);
    }
    for (let index = 0; index < this.numEnvs; index++) {
      const violation = space.violation(actions, index);
      if (violation === undefined) continue;
      const { at, value, expected } = violation;
      throw new EnvironmentError(
        `${this.#name}: action${at} is ${value} in environment ${index}; it has to be ${expected}`,
      );
    }
    this.actions.set(actions);
  }

  /**
   * Takes an observation, which is flattened from an environment that did not write where it was told.
   * @param step for errors: the number of steps so far
   * @param source for errors: where it comes from
   * @throws ShapeError for what is not in the space, as `flatten` says; NonFiniteError where that is a number that is
   * not finite
   */
  setObservation(index: number, observation: unknown, step: number, source = "reset returned"): void {
    const row = this.#rows[index] as DataOf<DataType>;
    if (observation === row) {
      if (this.#isWhole) return;
      const broken = nonFiniteIn(row);
      if (broken < 0) return;
      const expected = `a finite ${dataTypeOf(row)}`;
      throw this.#refusal({ at: `[${broken}]`, value: row[broken], expected }, source, index, step);
    }
    const violation = this.#observationSpace.flatten(observation, row);
    if (violation !== undefined) throw this.#refusal(violation, source, index, step);
  }

  /** Where environment `index` writes which actions it allows; undefined where there are no masks. */
  maskRow(index: number): Uint8Array | undefined {
    return this.#maskRows[index] as Uint8Array | undefined;
  }

  /**
   * Takes an action mask, which is copied from an environment that did not write where it was told.
   * @param step for errors: the number of steps so far
   * @throws EnvironmentError for one of another length, of other numbers than 0 and 1, or that forbids all actions
   */
  setMask(index: number, mask: ArrayLike<number>, step: number): void {
    const violation = maskViolation(this.#actionSpace, mask);
    if (violation !== undefined) {
      const { at, value, expected } = violation;
      const found = `actionMask${at} is ${shown(value)} ${place(index, step)}`;
      throw new EnvironmentError(`${this.#name}: ${found}; it has to be ${expected}`);
    }
    const row = this.maskRow(index) as Uint8Array;
    if (mask !== row) row.set(mask);
  }

  /**
   * Takes what a step came to.
   * @param step for errors: the number of steps so far
   * @throws EnvironmentError for what is no result; NonFiniteError for an observation or a reward that is not a finite
   * number; ShapeError as `setObservation`
   */
  setResult(index: number, result: StepResult<unknown>, step: number): void {
    if (typeof result?.terminated !== "boolean" || typeof result.truncated !== "boolean") {
      const found = `step returned ${shown(result)} ${place(index, step)}`;
      throw new EnvironmentError(
        `${this.#name}: ${found}; it has to return { observation, reward, terminated, truncated }`,
      );
    }
    this.setObservation(index, result.observation, step, "the observation is");
    this.rewards[index] = typeof result.reward === "number" ? result.reward : Number.NaN;
    if (!Number.isFinite(this.rewards[index])) {
      const found = `the reward is ${shown(result.reward)} ${place(index, step)}`;
      throw new NonFiniteError(`${this.#name}: ${found}; it has to be a finite float32`);
    }
    this.terminated[index] = result.terminated ? 1 : 0;
    this.truncated[index] = result.truncated ? 1 : 0;
    if (result.terminated || result.truncated) {
      (this.#finalRows[index] as DataOf<DataType>).set(this.#rows[index] as DataOf<DataType>);
    }
  }

  /** No step has been taken since the last reset: no rewards, no ends of episodes. */
  clearResults(): void {
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
  }

  /** The data type and length that a saved array of observations has to have. */
  get observationsRange() {
    const { length } = this.observations;
    return { kind: "array", dtype: dataTypeOf(this.observations) as DataType, length, finite: true } as const;
  }

  #refusal(violation: Violation, source: string, index: number, step: number): Error {
    const subject = violation.at === "" ? source : `observation${violation.at} is`;
    return refusal(`${this.#name}: ${subject}`, violation, ` ${place(index, step)}`);
  }
}

function specsOf({ numEnvs, observationSpace, actionSpace, hasMasks = false }: Sizes) {
  return {
    observations: batchOf([numEnvs], observationSpace.flat),
    actions: batchOf([numEnvs], actionSpace),
    rewards: float32([numEnvs]),
    flags: uint8([numEnvs]),
    masks: uint8([numEnvs, hasMasks ? maskSizeOf(actionSpace) : 0]),
  };
}

function alignedBytes(spec: Spec): number {
  return Math.ceil(bytesOf(spec) / ALIGNMENT) * ALIGNMENT;
}

function place(index: number, step: number): string {
  return `in environment ${index} at step ${step}`;
}

/** One view for each of `count` equal parts of an array. */
function rowsOf(array: DataOf<DataType>, count: number): DataOf<DataType>[] {
  const size = array.length / count;
  return Array.from({ length: count }, (_, row) => array.subarray(row * size, (row + 1) * size));
}
