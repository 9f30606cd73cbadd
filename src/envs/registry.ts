// Environments by their names.

import { ConfigurationError, UnknownEnvironmentError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { atLeastOne, checkNames, checkValue, shown } from "../base/ranges.ts";
import { Engine } from "../engine/engine.ts";
import { classicControl } from "./classic-control/index.ts";
import { type AnyEnv, checkEnv, type Env, type EnvSpec } from "./env.ts";
import type { EnvironmentActions, MakeOptions, Registration } from "./registration.ts";
import { TimeLimit } from "./time-limit.ts";

// The families, entered here and not by calls of `register` in their own modules: a bundler may drop such calls
// (package.json says "sideEffects": false). What is entered is names and numbers; the environments are loaded when they
// are made.
const registry = new Map<string, Registration>(
  [...classicControl].map((registration) => [registration.id, registration]),
);

let sharedEngine: Promise<Engine> | undefined;

/**
 * Makes an environment available to `make` and `makeVec`. With `maxEpisodeSteps` its episodes are truncated after so
 * many steps.
 *
 * ```ts
 * class Coin {
 *   observationSpace = new Box(0, 1, [1]);
 *   actionSpace = new Discrete(2);
 *   reset() {
 *     return new Float32Array(1);
 *   }
 *   step(action: number) {
 *     return { observation: new Float32Array(1), reward: action, terminated: true, truncated: false };
 *   }
 * }
 * register({ id: "Coin-v0", create: () => new Coin() });
 * ```
 * @throws ConfigurationError for an id that is empty or taken, a `create` that is no function, a limit that is not an
 * integer of at least 1
 */
export function register(registration: Registration): void {
  checkNames("register", registration, ["id", "rewardThreshold", "maxEpisodeSteps", "create"]);
  const { id, maxEpisodeSteps, create } = registration;
  if (typeof id !== "string" || id === "") throw new ConfigurationError("register: an environment has to have an id");
  if (registry.has(id)) throw new ConfigurationError(`register: there is an environment "${id}" already`);
  if (typeof create !== "function") {
    throw new ConfigurationError(
      `register: "${id}" has create ${shown(create)}, which is not a function that makes an environment`,
    );
  }
  if (maxEpisodeSteps !== undefined) checkValue(`register: "${id}": maxEpisodeSteps`, atLeastOne, maxEpisodeSteps);
  registry.set(id, registration);
}

/** What is known of every environment that `make` can make. */
export function environments(): readonly EnvSpec[] {
  return [...registry.values()].map(specOf);
}

/** @throws UnknownEnvironmentError */
export function findSpec(id: string): EnvSpec {
  return specOf(find(id));
}

/**
 * The environment of this name, its time limit included.
 *
 * ```ts
 * const env = await make("CartPole-v1", { seed: 7 });
 * let observation = env.reset();
 * ```
 *
 * @throws UnknownEnvironmentError; ConfigurationError where what is registered makes something else
 */
export function make<Id extends keyof EnvironmentActions>(
  id: Id,
  options?: MakeOptions,
): Promise<Env<EnvironmentActions[Id]>>;

/**
 * The environment of a name that `EnvironmentActions` does not know.
 * @typeParam E what it is known to be; one of float32 observations unless said
 */
export function make<E extends AnyEnv = Env>(id: string, options?: MakeOptions): Promise<E>;

export async function make(id: string, options: MakeOptions = {}): Promise<AnyEnv> {
  checkNames("make", options, ["seed", "engine"]);
  const { create, maxEpisodeSteps } = find(id);
  const engine = options.engine ?? (await shared());
  const env = await create({ engine, seed: options.seed ?? 1 });
  checkEnv(`${id}: create`, env);
  return (maxEpisodeSteps === undefined ? env : new TimeLimit(env, maxEpisodeSteps)) as AnyEnv;
}

/** What fails is not kept: the next call tries again. */
function shared(): Promise<Engine> {
  sharedEngine ??= Engine.create().catch((error) => {
    sharedEngine = undefined;
    throw error;
  });
  return sharedEngine;
}

function specOf({ id, rewardThreshold, maxEpisodeSteps }: Registration): EnvSpec {
  return {
    id,
    ...(rewardThreshold === undefined ? {} : { rewardThreshold }),
    ...(maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps }),
  };
}

function find(id: string): Registration {
  const registration = registry.get(id);
  if (registration !== undefined) return registration;
  throw new UnknownEnvironmentError(`unknown environment "${id}"; ${suggestion(String(id), [...registry.keys()])}`);
}
