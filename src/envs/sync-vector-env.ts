// Environments that are stepped one after the other, in this thread. A step allocates nothing.

import { ConfigurationError, EnvironmentError } from "../base/errors.ts";
import { atLeastOne, boolean, checkNames, checkValue, count } from "../base/ranges.ts";
import type { DataOf, DataType } from "../base/spec.ts";
import { fields, within } from "../base/state.ts";
import { type Box, checkSpace, type Space } from "../spaces/index.ts";
import { type AnyEnv, checkEnv, type EnvOf, type EnvSpec, nameOf, restoreTo, type StepResult, stateOf } from "./env.ts";
import { StepBuffers } from "./step-buffers.ts";
import type { VectorEnv } from "./vector-env.ts";
import { unwrapped } from "./wrapper.ts";

/** A vector environment over environments of one's own; `makeVec` makes one by name. */
export class SyncVectorEnv<Action = number | Float32Array> implements VectorEnv<Action> {
  declare readonly "~action"?: Action;
  readonly spec: EnvSpec | undefined;
  readonly numEnvs: number;
  readonly singleObservationSpace: Box<DataType>;
  readonly singleActionSpace: Space;
  readonly #envs: readonly AnyEnv[];
  readonly #seed: number;
  /** What errors call the environments. */
  readonly #name: string;
  readonly #buffers: StepBuffers;
  /** Each environment writes its result here; the observation is its row of `observations`. */
  readonly #results: readonly StepResult<DataOf<DataType>>[];
  #isReset = false;
  #steps = 0;

  /**
   * @param envs all of the same spaces
   * @param options.spec what is known of them
   * @param options.seed for the first `reset`, unless that gives another: 1 unless given
   * @throws ConfigurationError without environments, for what is none or is there twice, or for environments whose
   * spaces are none or differ
   */
  constructor(envs: readonly EnvOf<Action>[], options: { readonly spec?: EnvSpec; readonly seed?: number } = {}) {
    checkNames("SyncVectorEnv", options, ["spec", "seed"]);
    const { observationSpace, actionSpace } = checkEnvs(envs);
    const numEnvs = envs.length;
    const name = options.spec?.id ?? nameOf(unwrapped(envs[0] as AnyEnv));
    this.spec = options.spec;
    this.numEnvs = numEnvs;
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.#envs = [...envs];
    this.#seed = checkSeed(options.seed ?? 1, numEnvs);
    this.#name = name;
    this.#buffers = new StepBuffers({ name, numEnvs, observationSpace, actionSpace });
    this.#results = envs.map((_, index) => ({
      observation: this.#buffers.observationRow(index),
      reward: 0,
      terminated: false,
      truncated: false,
    }));
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

  /** @throws ConfigurationError for a seed that is not an integer of at least 0 */
  reset(options: { seed?: number } = {}): void {
    checkNames("reset", options, ["seed"]);
    const seed = options.seed ?? (this.#isReset ? undefined : this.#seed);
    if (seed !== undefined) checkSeed(seed, this.numEnvs);
    for (let index = 0; index < this.numEnvs; index++) {
      this.#resetOne(index, seed === undefined ? undefined : { seed: seed + index });
    }
    this.#buffers.clearResults();
    this.#isReset = true;
  }

  /**
   * @throws ShapeError for another number of actions; EnvironmentError for one that is not in the action space, and
   * before the first reset; NonFiniteError for an observation or a reward that is not a finite number
   */
  step(actions: DataOf<DataType>): void {
    if (!this.#isReset) throw new EnvironmentError(`${this.#name}: step before the first reset`);
    // All before the first step: a step that is refused leaves every environment where it was.
    this.#buffers.setActions(actions);
    this.#steps++;
    for (let index = 0; index < this.numEnvs; index++) {
      const env = this.#envs[index] as AnyEnv;
      const into = this.#results[index] as StepResult<DataOf<DataType>>;
      // What an environment forgets to write is not that of the step before.
      into.reward = Number.NaN;
      into.terminated = false;
      into.truncated = false;
      const result = env.step(this.#buffers.action(index), into);
      this.#buffers.setResult(index, result, this.#steps);
      if (result.terminated || result.truncated) this.#resetOne(index, undefined);
    }
  }

  /** @throws UnsupportedError for an environment without `state` */
  state(): object {
    const observations = this.observations.slice();
    return { isReset: this.#isReset, steps: this.#steps, observations, envs: this.#envs.map(stateOf) };
  }

  /**
   * @throws UnsupportedError for an environment without `restore`; FileFormatError for the state of other environments
   */
  restore(state: unknown): void {
    const { isReset, steps, observations, envs } = fields(state, {
      isReset: boolean,
      steps: count,
      observations: this.#buffers.observationsRange,
      envs: { kind: "list", length: this.numEnvs },
    });
    // Environments that were never reset have nothing to lose, and may have no state yet.
    const before = this.#isReset ? this.#envs.map(stateOf) : [];
    for (const [index, env] of this.#envs.entries()) {
      try {
        within(`environment ${index}`, () => restoreTo(env, envs[index]));
      } catch (error) {
        for (const [earlier, saved] of before.slice(0, index + 1).entries())
          restoreTo(this.#envs[earlier] as AnyEnv, saved);
        throw error;
      }
    }
    this.observations.set(observations);
    this.#buffers.clearResults();
    this.#isReset = isReset;
    this.#steps = steps;
  }

  close(): void {
    for (const env of this.#envs) env.close?.();
  }

  #resetOne(index: number, options: { seed: number } | undefined): void {
    const env = this.#envs[index] as AnyEnv;
    this.#buffers.setObservation(index, env.reset(options, this.#buffers.observationRow(index)), this.#steps);
  }
}

/** The first of them, whose spaces all have. */
function checkEnvs(envs: readonly AnyEnv[]): AnyEnv {
  checkValue("numEnvs", atLeastOne, envs.length);
  const first = envs[0] as AnyEnv;
  for (const [index, env] of envs.entries()) {
    const name = `environment ${index}`;
    checkEnv(name, env);
    for (const space of ["observationSpace", "actionSpace"] as const) {
      checkSpace(`${name}: ${space} of ${nameOf(env)}`, env[space]);
      if (env[space].equals(first[space])) continue;
      throw new ConfigurationError(`${name}: its spaces differ from those of environment 0`);
    }
    const other = envs.findIndex((earlier) => unwrapped(earlier) === unwrapped(env));
    if (other === index) continue;
    throw new ConfigurationError(`${name}: it is environment ${other} again; each has to be an object of its own`);
  }
  return first;
}

/** @throws ConfigurationError for a seed from which not every environment can have one of its own */
export function checkSeed(seed: number, numEnvs: number): number {
  const largest = Number.MAX_SAFE_INTEGER - numEnvs + 1;
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > largest) {
    throw new ConfigurationError(`seed: ${seed} is not an integer from 0 to ${largest}`);
  }
  return seed;
}
