// Environments that are stepped one after the other, in this thread. A step allocates nothing.

import { ConfigurationError, EnvironmentError } from "../base/errors.ts";
import { atLeastOne, boolean, checkNames, checkValue, count } from "../base/ranges.ts";
import type { DataOf, DataType } from "../base/spec.ts";
import { fields, within } from "../base/state.ts";
import { checkActionSpace, checkSpace } from "../spaces/check.ts";
import { maskSizeOf } from "../spaces/mask.ts";
import { isFlat, type ObservationSpace, type Space } from "../spaces/space.ts";
import {
  type AnyEnv,
  checkEnv,
  type EnvOf,
  type EnvSpec,
  isOver,
  nameOf,
  restoreTo,
  type StepResult,
  stateOf,
} from "./env.ts";
import { StepBuffers } from "./step-buffers.ts";
import type { VectorEnv } from "./vector-env.ts";
import { unwrapped } from "./wrappers/wrapper.ts";

/** A vector environment over environments of one's own; `makeVec` makes one by name. */
export class SyncVectorEnv<Action = number | Int32Array | Float32Array> implements VectorEnv<Action> {
  declare readonly "~action"?: Action;
  readonly spec: EnvSpec | undefined;
  readonly numEnvs: number;
  readonly scores: Float32Array;
  readonly gameOvers: Uint8Array;
  readonly singleObservationSpace: ObservationSpace;
  readonly singleActionSpace: Space;
  readonly #envs: readonly AnyEnv[];
  readonly #seed: number;
  /** What errors call the environments. */
  readonly #name: string;
  readonly #buffers: StepBuffers;
  /** Where each environment writes its observation: for a Box its row of `observations`, else an element of its own. */
  readonly #written: readonly unknown[];
  /** Each environment writes its result here. */
  readonly #results: readonly StepResult<unknown>[];
  #isReset = false;
  #steps = 0;

  /**
   * @param envs all of the same spaces
   * @param options.spec what is known of them
   * @param options.seed for the first `reset`, unless that gives another: 1 unless given
   * @throws ConfigurationError without environments, for what is none or is there twice, for environments whose spaces
   * are none or differ, and where some have action masks and others none
   */
  constructor(envs: readonly EnvOf<Action>[], options: { readonly spec?: EnvSpec; readonly seed?: number } = {}) {
    checkNames("SyncVectorEnv", options, ["spec", "seed"]);
    const { observationSpace, actionSpace, actionMask } = checkEnvs(envs);
    const numEnvs = envs.length;
    const name = options.spec?.id ?? nameOf(unwrapped(envs[0] as AnyEnv));
    this.spec = options.spec;
    this.numEnvs = numEnvs;
    this.scores = new Float32Array(numEnvs);
    this.gameOvers = new Uint8Array(numEnvs);
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.#envs = [...envs];
    this.#seed = checkSeed(options.seed ?? 1, numEnvs);
    this.#name = name;
    const hasMasks = actionMask !== undefined;
    this.#buffers = new StepBuffers({ name, numEnvs, observationSpace, actionSpace, hasMasks });
    const isOwn = isFlat(observationSpace);
    this.#written = envs.map((_, index) => (isOwn ? this.#buffers.observationRow(index) : observationSpace.empty()));
    this.#results = this.#written.map((observation) => ({
      observation,
      reward: 0,
      terminated: false,
      truncated: false,
      score: undefined,
      gameOver: undefined,
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

  get actionMasks(): Uint8Array | undefined {
    return this.#buffers.actionMasks;
  }

  /** @throws ConfigurationError for a seed that is not an integer of at least 0 */
  reset(options: { seed?: number } = {}): void {
    checkNames("reset", options, ["seed"]);
    const seed = options.seed ?? (this.#isReset ? undefined : this.#seed);
    if (seed !== undefined) checkSeed(seed, this.numEnvs);
    for (let index = 0; index < this.numEnvs; index++) {
      this.#resetOne(index, seed === undefined ? undefined : { seed: seed + index });
    }
    this.#clearResults();
    this.#isReset = true;
  }

  /**
   * @throws ShapeError for another number of actions; EnvironmentError for one that is not in the action space, and
   * before the first reset, and for an action mask that is none; NonFiniteError for an observation or a reward that is
   * not a finite number
   */
  step(actions: DataOf<DataType>): void {
    if (!this.#isReset) throw new EnvironmentError(`${this.#name}: step before the first reset`);
    // All before the first step: a step that is refused leaves every environment where it was.
    this.#buffers.setActions(actions);
    this.#steps++;
    for (let index = 0; index < this.numEnvs; index++) {
      const env = this.#envs[index] as AnyEnv;
      const into = this.#results[index] as StepResult<unknown>;
      // What an environment forgets to write is not that of the step before.
      into.reward = Number.NaN;
      into.terminated = false;
      into.truncated = false;
      into.score = undefined;
      into.gameOver = undefined;
      const result = env.step(this.#buffers.action(index), into);
      this.#buffers.setResult(index, result, this.#steps);
      this.scores[index] = result.score ?? result.reward;
      this.gameOvers[index] = isOver(result) ? 1 : 0;
      if (result.terminated || result.truncated) this.#resetOne(index, undefined);
      else this.#maskOne(index);
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
    this.#clearResults();
    this.#isReset = isReset;
    this.#steps = steps;
    if (isReset) for (let index = 0; index < this.numEnvs; index++) this.#maskOne(index);
  }

  close(): void {
    for (const env of this.#envs) env.close?.();
  }

  /** No step has been taken. */
  #clearResults(): void {
    this.#buffers.clearResults();
    this.scores.fill(0);
    this.gameOvers.fill(0);
  }

  #resetOne(index: number, options: { seed: number } | undefined): void {
    const env = this.#envs[index] as AnyEnv;
    this.#buffers.setObservation(index, env.reset(options, this.#written[index]), this.#steps);
    this.#maskOne(index);
  }

  #maskOne(index: number): void {
    const row = this.#buffers.maskRow(index)?.fill(1);
    if (row === undefined) return;
    this.#buffers.setMask(index, (this.#envs[index] as MaskedEnv).actionMask(row), this.#steps);
  }
}

type MaskedEnv = AnyEnv & Required<Pick<AnyEnv, "actionMask">>;

/** The first of them, whose spaces all have, and masks if it has them. */
function checkEnvs(envs: readonly AnyEnv[]): AnyEnv {
  checkValue("numEnvs", atLeastOne, envs.length);
  const first = envs[0] as AnyEnv;
  for (const [index, env] of envs.entries()) {
    const name = `environment ${index}`;
    checkEnv(name, env);
    checkSpace(`${name}: observationSpace of ${nameOf(env)}`, env.observationSpace);
    checkActionSpace(`${name}: actionSpace of ${nameOf(env)}`, env.actionSpace);
    if (!env.observationSpace.equals(first.observationSpace) || !env.actionSpace.equals(first.actionSpace))
      throw new ConfigurationError(`${name}: its spaces differ from those of environment 0`);
    checkMasks(name, env, first);
    const other = envs.findIndex((earlier) => unwrapped(earlier) === unwrapped(env));
    if (other === index) continue;
    throw new ConfigurationError(`${name}: it is environment ${other} again; each has to be an object of its own`);
  }
  return first;
}

function checkMasks(name: string, env: AnyEnv, first: AnyEnv): void {
  const [has, hasFirst] = [env, first].map(({ actionMask }) => actionMask !== undefined);
  if (has && maskSizeOf(env.actionSpace) === 0)
    throw new ConfigurationError(`${name}: it has actionMask; actions of ${env.actionSpace} cannot be masked`);
  if (has === hasFirst) return;
  throw new ConfigurationError(`${name}: it has ${has ? "" : "no "}actionMask, other than environment 0`);
}

/** @throws ConfigurationError for a seed from which not every environment can have one of its own */
export function checkSeed(seed: number, numEnvs: number): number {
  const largest = Number.MAX_SAFE_INTEGER - numEnvs + 1;
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > largest) {
    throw new ConfigurationError(`seed: ${seed} is not an integer from 0 to ${largest}`);
  }
  return seed;
}
