// Several environments side by side, each begun anew in the step in which its episode ends (Gymnasium's "same step" autoreset). The last
// observation of an episode and the first of the next stay apart, and so do `terminated` and `truncated`. A step allocates nothing.

import type { Engine } from "../engine/engine.ts";
import {
  ConfigurationError,
  EnvironmentError,
  NonFiniteError,
  ShapeError,
  UnsupportedError,
} from "../engine/errors.ts";
import type { Env, EnvSpec, JsonValue, StepResult } from "./env.ts";
import { findSpec, make } from "./registry.ts";
import { type Box, Discrete, type Space } from "./spaces.ts";
import { TimeLimit } from "./time-limit.ts";

export interface VectorEnv {
  /** Of a registered environment. */
  readonly spec: EnvSpec | undefined;
  readonly numEnvs: number;
  readonly singleObservationSpace: Box;
  readonly singleActionSpace: Space;
  /** [numEnvs, observation]: what to act on next; after the end of an episode, the first observation of the next. */
  readonly observations: Float32Array;
  /** [numEnvs], of the last step. */
  readonly rewards: Float32Array;
  /** [numEnvs]: 1 where an episode came to its own end in the last step. */
  readonly terminated: Uint8Array;
  /** [numEnvs]: 1 where an episode was cut off in the last step. */
  readonly truncated: Uint8Array;
  /** [numEnvs, observation]: the last observation of the episode that ended in the last step; valid where terminated or truncated. */
  readonly finalObservations: Float32Array;

  /**
   * Begins an episode in every environment.
   * @param options.seed environment i starts its random numbers from seed + i; without it they go on
   */
  reset(options?: { seed?: number }): void;

  /** Takes a step in every environment. @param actions [numEnvs] for Discrete, [numEnvs, action] for Box */
  step(actions: Int32Array | Float32Array): void;

  /** Everything that the future depends on, so that a restored one goes on bit by bit. */
  state(): JsonValue;
  restore(state: JsonValue): void;
}

interface VectorState {
  readonly isReset: boolean;
  readonly steps: number;
  readonly observations: readonly number[];
  readonly envs: readonly JsonValue[];
}

/** Environments that are stepped one after the other, in this thread. */
export class SyncVectorEnv implements VectorEnv {
  readonly spec: EnvSpec | undefined;
  readonly numEnvs: number;
  readonly singleObservationSpace: Box;
  readonly singleActionSpace: Space;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly #envs: readonly Env[];
  readonly #seed: number;
  /** What errors call the environments. */
  readonly #name: string;
  readonly #observationSize: number;
  /** Each environment writes its result here; the observation is its row of `observations`. */
  readonly #results: readonly StepResult[];
  readonly #rows: readonly Float32Array[];
  /** For Box: a copy of the actions, and its rows. */
  readonly #actions: Float32Array;
  readonly #actionRows: readonly Float32Array[];
  #isReset = false;
  #steps = 0;

  /**
   * @param envs all of the same spaces
   * @param options.spec what is known of them
   * @param options.seed for the first `reset`, unless that gives another: 1 unless given
   * @throws ConfigurationError without environments, for what is none or is there twice, or for environments whose spaces differ
   */
  constructor(envs: readonly Env[], options: { spec?: EnvSpec; seed?: number } = {}) {
    for (const [index, env] of envs.entries()) {
      if (typeof env?.reset === "function" && typeof env.step === "function") continue;
      throw new ConfigurationError(`environment ${index}: ${env} is no environment; it has to have reset and step`);
    }
    const [first] = envs;
    if (first === undefined) throw new ConfigurationError("numEnvs: 0 is not an integer of at least 1");
    const { observationSpace, actionSpace } = first;
    for (const [index, env] of envs.entries()) {
      if (env.observationSpace.equals(observationSpace) && env.actionSpace.equals(actionSpace)) continue;
      throw new ConfigurationError(`environment ${index}: its spaces differ from those of environment 0`);
    }
    const innermost = envs.map(unwrapped);
    for (const [index, env] of innermost.entries()) {
      const other = innermost.indexOf(env);
      if (other === index) continue;
      throw new ConfigurationError(
        `environment ${index}: it is environment ${other} again; each has to be an object of its own`,
      );
    }
    const count = envs.length;
    const size = observationSpace.low.length;
    const actionSize = actionSpace instanceof Discrete ? 0 : actionSpace.low.length;
    this.spec = options.spec;
    this.numEnvs = count;
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.observations = new Float32Array(count * size);
    this.rewards = new Float32Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.finalObservations = new Float32Array(count * size);
    this.#envs = [...envs];
    this.#seed = checkSeed(options.seed ?? 1, count);
    this.#name = options.spec?.id ?? first.constructor.name;
    this.#observationSize = size;
    this.#rows = rowsOf(this.observations, count, size);
    this.#results = this.#rows.map((observation) => ({ observation, reward: 0, terminated: false, truncated: false }));
    this.#actions = new Float32Array(count * actionSize);
    this.#actionRows = rowsOf(this.#actions, count, actionSize);
  }

  /** @throws ConfigurationError for a seed that is not an integer of at least 0 */
  reset(options: { seed?: number } = {}): void {
    const seed = options.seed ?? (this.#isReset ? undefined : this.#seed);
    if (seed !== undefined) checkSeed(seed, this.numEnvs);
    for (let index = 0; index < this.numEnvs; index++) {
      this.#resetOne(index, seed === undefined ? undefined : { seed: seed + index });
    }
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.#isReset = true;
  }

  /**
   * @throws ShapeError for another number of actions; EnvironmentError for one that is not in the action space, and before the first
   * reset; NonFiniteError for an observation or a reward that is not a finite number
   */
  step(actions: Int32Array | Float32Array): void {
    if (!this.#isReset) throw new EnvironmentError(`${this.#name}: step before the first reset`);
    this.#checkActions(actions);
    const discrete = this.singleActionSpace instanceof Discrete;
    this.#steps++;
    for (let index = 0; index < this.numEnvs; index++) {
      const env = this.#envs[index] as Env;
      const action = discrete ? (actions[index] as number) : (this.#actionRows[index] as Float32Array);
      const result = env.step(action, this.#results[index] as StepResult);
      this.#takeObservation(index, result.observation);
      this.rewards[index] = result.reward;
      if (!Number.isFinite(this.rewards[index] as number)) {
        throw new NonFiniteError(
          `${this.#name}: the reward is ${result.reward} ${this.#place(index)}; it has to be a finite float32`,
        );
      }
      this.terminated[index] = result.terminated ? 1 : 0;
      this.truncated[index] = result.truncated ? 1 : 0;
      if (result.terminated || result.truncated) {
        const start = index * this.#observationSize;
        this.finalObservations.set(this.#rows[index] as Float32Array, start);
        this.#resetOne(index, undefined);
      }
    }
  }

  /** @throws UnsupportedError for an environment without `state` */
  state(): JsonValue {
    const envs = this.#envs.map((env) => {
      if (env.state === undefined) throw this.#unsupported("state");
      return env.state();
    });
    return { isReset: this.#isReset, steps: this.#steps, observations: [...this.observations], envs };
  }

  /** @throws UnsupportedError for an environment without `restore`; ConfigurationError for the state of other environments */
  restore(state: JsonValue): void {
    const { isReset, steps, observations, envs } = (state ?? {}) as unknown as Partial<VectorState>;
    if (isReset === undefined || steps === undefined || observations === undefined || envs === undefined) {
      throw new ConfigurationError(
        `${this.#name}: restore: not a state, which has isReset, steps, observations and envs`,
      );
    }
    if (envs.length !== this.numEnvs) {
      throw new ConfigurationError(
        `${this.#name}: restore: the state of ${envs.length} environments; there are ${this.numEnvs}`,
      );
    }
    if (observations.length !== this.observations.length) {
      throw new ConfigurationError(
        `${this.#name}: restore: ${observations.length} numbers of observations; there are ${this.observations.length}`,
      );
    }
    const broken = observations.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) {
      throw new ConfigurationError(
        `${this.#name}: restore: number ${broken} of the observations is ${observations[broken]}; it has to be finite`,
      );
    }
    for (const [index, env] of this.#envs.entries()) {
      if (env.restore === undefined) throw this.#unsupported("restore");
      env.restore(envs[index] as JsonValue);
    }
    this.observations.set(observations);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.#isReset = isReset;
    this.#steps = steps;
  }

  #resetOne(index: number, options: { seed: number } | undefined): void {
    this.#takeObservation(index, (this.#envs[index] as Env).reset(options, this.#rows[index]));
  }

  /** Checks an observation, and copies it from an environment that did not write where it was told. */
  #takeObservation(index: number, observation: Float32Array): void {
    const row = this.#rows[index] as Float32Array;
    if (observation !== row) {
      if (observation.length !== row.length) {
        const found = `an observation of ${observation.length} numbers ${this.#place(index)}`;
        throw new ShapeError(`${this.#name}: ${found}; its space has ${row.length}`);
      }
      row.set(observation);
    }
    for (let element = 0; element < row.length; element++) {
      if (!Number.isFinite(row[element] as number)) {
        throw new NonFiniteError(`${this.#name}: observation[${element}] is ${row[element]} ${this.#place(index)}`);
      }
    }
  }

  /** All before the first step: a step that is refused leaves every environment where it was. */
  #checkActions(actions: Int32Array | Float32Array): void {
    const space = this.singleActionSpace;
    if (space instanceof Discrete) {
      if (actions.length !== this.numEnvs) {
        throw new ShapeError(
          `${this.#name}: ${actions.length} actions; there have to be ${this.numEnvs}, one for each environment`,
        );
      }
      for (let index = 0; index < this.numEnvs; index++) {
        const action = actions[index] as number;
        if (space.contains(action)) continue;
        const last = space.start + space.n - 1;
        throw new EnvironmentError(
          `${this.#name}: action ${action} in environment ${index}; it has to be an integer from ${space.start} to ${last}`,
        );
      }
      return;
    }
    if (actions.length !== this.#actions.length) {
      const right = `[${this.numEnvs}, ${space.low.length}]`;
      throw new ShapeError(`${this.#name}: ${actions.length} numbers of actions; they have to be ${right}`);
    }
    this.#actions.set(actions);
    for (let index = 0; index < this.numEnvs; index++) {
      const row = this.#actionRows[index] as Float32Array;
      for (let element = 0; element < row.length; element++) {
        const value = row[element] as number;
        const low = space.low[element] as number;
        const high = space.high[element] as number;
        if (value >= low && value <= high) continue;
        throw new EnvironmentError(
          `${this.#name}: action[${element}] is ${value} in environment ${index}; it has to be from ${low} to ${high}`,
        );
      }
    }
  }

  #place(index: number): string {
    return `in environment ${index} at step ${this.#steps}`;
  }

  #unsupported(method: string): UnsupportedError {
    return new UnsupportedError(`${this.#name}: it has no ${method}(), so that it cannot be saved and resumed`);
  }
}

/**
 * `numEnvs` environments of a name, or as a function makes them.
 * @param options.seed for the first `reset`: environment i gets seed + i. It is 1 unless given, so that a run can be repeated.
 * @throws UnknownEnvironmentError; ConfigurationError unless numEnvs is an integer of at least 1 and `env` one of the two
 */
export async function makeVec(
  env: string | ((index: number) => Env | Promise<Env>),
  options: { numEnvs?: number; seed?: number; engine?: Engine } = {},
): Promise<SyncVectorEnv> {
  const { numEnvs = 1, seed = 1, engine } = options;
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) {
    throw new ConfigurationError(`numEnvs: ${numEnvs} is not an integer of at least 1`);
  }
  checkSeed(seed, numEnvs);
  if (typeof env !== "string" && typeof env !== "function") {
    throw new ConfigurationError(
      `makeVec: env is of type ${typeof env}; it has to be the id of an environment or a function that makes one`,
    );
  }
  const create = typeof env === "string" ? () => make(env, { seed, ...(engine && { engine }) }) : env;
  const envs: Env[] = [];
  for (let index = 0; index < numEnvs; index++) envs.push(await create(index));
  return new SyncVectorEnv(envs, { seed, ...(typeof env === "string" && { spec: findSpec(env) }) });
}

/** @throws ConfigurationError for what is no vector environment, such as an environment on its own */
export function checkVectorEnv(env: VectorEnv): void {
  if (typeof env?.step === "function" && env.singleObservationSpace !== undefined) return;
  throw new ConfigurationError(
    "env: it is no vector environment, which has singleObservationSpace and step; makeVec makes one",
  );
}

function checkSeed(seed: number, numEnvs: number): number {
  const largest = Number.MAX_SAFE_INTEGER - numEnvs + 1;
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > largest) {
    throw new ConfigurationError(`seed: ${seed} is not an integer from 0 to ${largest}`);
  }
  return seed;
}

/** The environment inside a time limit. */
function unwrapped(env: Env): Env {
  return env instanceof TimeLimit ? unwrapped(env.env) : env;
}

/** One view for each row of an array [count, size]. */
function rowsOf(array: Float32Array, count: number, size: number): Float32Array[] {
  return Array.from({ length: count }, (_, row) => array.subarray(row * size, (row + 1) * size));
}
