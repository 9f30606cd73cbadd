// Environments of a Python process that are stepped together: one request and one reply for all of them.

import { EnvironmentError, FileFormatError } from "../../base/errors.ts";
import { boolean, checkNames, count } from "../../base/ranges.ts";
import type { DataOf, DataType } from "../../base/spec.ts";
import { fields, within } from "../../base/state.ts";
import type { ObservationSpace, Space } from "../../spaces/space.ts";
import type { EnvSpec, StepResult } from "../env.ts";
import { StepBuffers } from "../step-buffers.ts";
import { checkSeed } from "../sync-vector-env.ts";
import type { VectorEnv } from "../vector-env.ts";
import type { PythonEnvironments } from "./environments.ts";
import type { ResultRecord } from "./records.ts";

/** Several environments of Gymnasium. */
export class GymnasiumVectorEnv implements VectorEnv {
  readonly spec: EnvSpec;
  readonly numEnvs: number;
  readonly singleObservationSpace: ObservationSpace;
  readonly singleActionSpace: Space;
  /** That a training in it begins new episodes where it goes on, where Python cannot save its environments. */
  readonly notes: readonly string[];
  readonly #envs: PythonEnvironments;
  readonly #buffers: StepBuffers;
  readonly #actions: DataOf<DataType>;
  readonly #seed: number;
  readonly #result: StepResult<unknown> = { observation: undefined, reward: 0, terminated: false, truncated: false };
  #isReset = false;
  #steps = 0;

  /** @param seed for the first reset, unless that gives another */
  constructor(envs: PythonEnvironments, numEnvs: number, seed: number) {
    const { observationSpace, actionSpace, spec } = envs;
    const { unsaved, maskSize } = envs.process.greeting;
    envs.grow(numEnvs);
    this.spec = spec;
    this.numEnvs = numEnvs;
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.notes = unsaved === "" ? [] : [`${spec.id}: ${notSaved(unsaved)}`];
    this.#envs = envs;
    const hasMasks = maskSize > 0;
    this.#buffers = new StepBuffers({ name: spec.id, numEnvs, observationSpace, actionSpace, hasMasks });
    this.#actions = this.#buffers.actions;
    this.#seed = checkSeed(seed, numEnvs);
  }

  get observations(): DataOf<DataType> {
    return this.#buffers.observations;
  }

  get rewards(): Float32Array {
    return this.#buffers.rewards;
  }

  get terminated(): Uint8Array {
    return this.#buffers.terminated;
  }

  get truncated(): Uint8Array {
    return this.#buffers.truncated;
  }

  get finalObservations(): DataOf<DataType> {
    return this.#buffers.finalObservations;
  }

  get actionMasks(): Uint8Array | undefined {
    return this.#buffers.actionMasks;
  }

  /** @throws ConfigurationError for a seed that is not an integer of at least 0; EnvironmentError as `step` */
  reset(options: { seed?: number } = {}): void {
    checkNames("reset", options, ["seed"]);
    const seed = options.seed ?? (this.#isReset ? undefined : this.#seed);
    if (seed !== undefined) checkSeed(seed, this.numEnvs);
    this.#reset(
      0,
      Float64Array.from({ length: this.numEnvs }, (_, index) => (seed ?? Number.NaN) + index),
    );
    this.#buffers.clearResults();
    this.#isReset = true;
  }

  /**
   * @throws ShapeError for another number of actions; EnvironmentError for one that is not in the action space, before
   * the first reset, for what Python raises, and where its process has ended; NonFiniteError for an observation or a
   * reward that is not a finite number
   */
  step(actions: DataOf<DataType>): void {
    if (!this.#isReset) throw new EnvironmentError(`${this.spec.id}: step before the first reset`);
    this.#buffers.setActions(actions);
    this.#steps++;
    const records = this.#envs.step(0, this.numEnvs, this.#actions, this.#steps);
    const result = this.#result;
    for (let index = 0; index < this.numEnvs; index++) {
      const record = records[index] as ResultRecord;
      result.observation = record.observation;
      result.reward = record.reward;
      result.terminated = record.terminated;
      result.truncated = record.truncated;
      this.#buffers.setResult(index, result, this.#steps);
      if (this.actionMasks !== undefined) this.#buffers.setMask(index, record.mask, this.#steps);
    }
    // Only now: a reply is where the one before was.
    for (let index = 0; index < this.numEnvs; index++)
      if (this.terminated[index] === 1 || this.truncated[index] === 1) this.#reset(index, anySeed);
  }

  /** Of environments that cannot be saved it says so, and a training goes on from it with new episodes. */
  state(): object {
    const { numEnvs } = this;
    const { unsaved } = this.#envs.process.greeting;
    const order = { isReset: this.#isReset, steps: this.#steps };
    if (unsaved !== "") return { ...order, unsaved };
    const envs = Array.from({ length: numEnvs }, (_, index) => this.#envs.state(index, this.#steps));
    const masks = this.actionMasks?.slice() ?? new Uint8Array(0);
    return { ...order, observations: this.observations.slice(), masks, envs };
  }

  /** @throws FileFormatError for the state of other environments */
  restore(state: unknown): void {
    if (Object.hasOwn(Object(state), "unsaved")) {
      const { steps } = fields(state, { isReset: boolean, steps: count, unsaved: { kind: "text" } });
      this.#steps = steps;
      // Others than those that the training began with.
      this.reset({ seed: this.#seed + this.numEnvs + steps });
      return;
    }
    const { isReset, steps, observations, masks, envs } = fields(state, {
      ...{ isReset: boolean, steps: count },
      observations: this.#buffers.observationsRange,
      masks: { kind: "array", dtype: "uint8", length: this.actionMasks?.length ?? 0, to: 1 },
      envs: { kind: "list", length: this.numEnvs },
    });
    this.#restoreAll(envs, steps);
    this.observations.set(observations);
    this.actionMasks?.set(masks);
    this.#buffers.clearResults();
    this.#isReset = isReset;
    this.#steps = steps;
  }

  close(): void {
    this.#envs.process.close();
  }

  /** Begins an episode in `seeds.length` environments from `first` on. */
  #reset(first: number, seeds: Float64Array): void {
    const records = this.#envs.reset(first, seeds, this.#steps);
    for (let offset = 0; offset < seeds.length; offset++) {
      const { observation, mask } = records[offset] as ResultRecord;
      this.#buffers.setObservation(first + offset, observation, this.#steps);
      if (this.actionMasks !== undefined) this.#buffers.setMask(first + offset, mask, this.#steps);
    }
  }

  /** Restores all, or none. */
  #restoreAll(saved: readonly unknown[], steps: number): void {
    const before = saved.map((_, index) => this.#envs.state(index, this.#steps));
    for (const [index, state] of saved.entries()) {
      try {
        within(`environment ${index}`, () => this.#envs.restore(index, state, steps));
      } catch (error) {
        if (error instanceof FileFormatError)
          for (const [earlier, state] of before.slice(0, index + 1).entries())
            this.#envs.restore(earlier, state, this.#steps);
        throw error;
      }
    }
  }
}

const anySeed = Float64Array.of(Number.NaN);

function notSaved(reason: string): string {
  const text = reason.replace(/\s+/g, " ");
  return `Python cannot save its environments (${text}): a training that is resumed goes on with new episodes`;
}
