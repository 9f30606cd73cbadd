// Vector environments by name, or by a function that makes one environment after the other.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames, checkValue } from "../base/ranges.ts";
import type { Stateful } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { AnyEnv, EnvOf } from "./env.ts";
import type { EnvironmentActions } from "./registration.ts";
import { find, findSpec, make, sharedEngine } from "./registry.ts";
import { checkSeed, SyncVectorEnv } from "./sync-vector-env.ts";
import type { VectorEnv } from "./vector-env.ts";

/** Each is an object of a kilobyte or two: more would be gigabytes before the first step. */
const MOST_ENVS = 65_536;

/** What vector environments are made with. */
export interface MakeVecOptions {
  /** How many environments, up to 65,536: 1 unless given. */
  readonly numEnvs?: number;
  /** For the first `reset`: environment i gets seed + i. It is 1 unless given, so that a run can be repeated. */
  readonly seed?: number;
  /** Whose random numbers, sine and cosine they use; by default one that all environments share. */
  readonly engine?: Engine;
}

/**
 * `numEnvs` environments of a name.
 *
 * ```ts
 * const env = await makeVec("CartPole-v1", { numEnvs: 8, seed: 1 });
 * ```
 *
 * @throws UnknownEnvironmentError; ConfigurationError unless numEnvs is an integer from 1 to 65,536 and `env` one of
 * the two
 */
export function makeVec<Id extends keyof EnvironmentActions>(
  env: Id,
  options?: MakeVecOptions,
): Promise<VectorEnv<EnvironmentActions[Id]> & Stateful>;

/** `numEnvs` environments as a function makes them, or of a name that `EnvironmentActions` does not know. */
export function makeVec<Action = number | Int32Array | Float32Array>(
  env: string | ((index: number) => EnvOf<Action> | Promise<EnvOf<Action>>),
  options?: MakeVecOptions,
): Promise<VectorEnv<Action> & Stateful>;

export async function makeVec(
  env: string | ((index: number) => AnyEnv | Promise<AnyEnv>),
  options: MakeVecOptions = {},
): Promise<VectorEnv & Stateful> {
  checkNames("makeVec", options, ["numEnvs", "seed", "engine"]);
  const { numEnvs = 1, seed = 1, engine } = options;
  checkValue("numEnvs", { kind: "integer", from: 1, to: MOST_ENVS }, numEnvs);
  checkSeed(seed, numEnvs);
  if (typeof env !== "string" && typeof env !== "function") {
    throw new ConfigurationError(
      `makeVec: env is of type ${typeof env}; it has to be the id of an environment or a function that makes one`,
    );
  }
  if (typeof env === "string") {
    const { createVec } = find(env);
    if (createVec !== undefined) return await createVec({ numEnvs, seed, engine: engine ?? (await sharedEngine()) });
  }
  const create = typeof env === "string" ? () => make(env, { seed, ...(engine && { engine }) }) : env;
  const envs: AnyEnv[] = [];
  for (let index = 0; index < numEnvs; index++) envs.push(await create(index));
  return new SyncVectorEnv(envs, { seed, ...(typeof env === "string" && { spec: findSpec(env) }) });
}
