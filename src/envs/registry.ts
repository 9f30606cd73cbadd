// Environments by their names.

import { ConfigurationError, UnknownEnvironmentError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { atLeastOne, checkNames, checkValue, frameRate, shown } from "../base/ranges.ts";
import { Engine } from "../engine/engine.ts";
import { classicControl } from "./classic-control/registrations.ts";
import { type AnyEnv, checkEnv, type Env, type EnvSpec } from "./env.ts";
import type { EnvironmentActions, MakeOptions, ObservationOf, Registration } from "./registration.ts";
import { toyText } from "./toy-text/registrations.ts";
import { TimeLimit } from "./wrappers/time-limit.ts";

// The families, entered here and not by calls of `register` in their own modules: a bundler may drop such calls
// (package.json says "sideEffects": false). What is entered is names and numbers; the environments are loaded when they
// are made.
const registry = new Map<string, Registration>(
  [...classicControl, ...toyText].map((registration) => [registration.id, registration]),
);

let engine: Promise<Engine> | undefined;

/**
 * Makes environments available to `make` and `makeVec`, such as a family that has an entry of its own. With
 * `maxEpisodeSteps` episodes are truncated after so many steps. What is registered twice is registered once.
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
 * integer of at least 1, frames that are not more than 0 a second; then none of them is registered
 */
export function register(...registrations: readonly Registration[]): void {
  for (const registration of registrations) checkRegistration(registration);
  for (const registration of registrations) registry.set(registration.id, registration);
}

const fieldNames = [
  ...["id", "rewardThreshold", "maxEpisodeSteps", "framesPerSecond"],
  ...["family", "requires", "data", "create", "createVec"],
];

function checkRegistration(registration: Registration): void {
  checkNames("register", registration, fieldNames);
  const { id, maxEpisodeSteps, framesPerSecond, create, createVec = create } = registration;
  if (typeof id !== "string" || id === "") throw new ConfigurationError("register: an environment has to have an id");
  if ((registry.get(id) ?? registration) !== registration)
    throw new ConfigurationError(`register: there is an environment "${id}" already`);
  for (const [name, value] of Object.entries({ create, createVec })) {
    if (typeof value === "function") continue;
    throw new ConfigurationError(
      `register: "${id}" has ${name} ${shown(value)}, which is not a function that makes an environment`,
    );
  }
  const limits = { maxEpisodeSteps, framesPerSecond };
  for (const [name, range] of Object.entries({ maxEpisodeSteps: atLeastOne, framesPerSecond: frameRate })) {
    const value = limits[name as keyof typeof limits];
    if (value !== undefined) checkValue(`register: "${id}": ${name}`, range, value);
  }
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
): Promise<Env<EnvironmentActions[Id], ObservationOf<Id>>>;

/**
 * The environment of a name that `EnvironmentActions` does not know.
 * @typeParam E what it is known to be; one of float32 observations unless said
 */
export function make<E extends AnyEnv = Env>(id: string, options?: MakeOptions): Promise<E>;

export async function make(id: string, options: MakeOptions = {}): Promise<AnyEnv> {
  checkNames("make", options, ["seed", "engine"]);
  const { create, maxEpisodeSteps } = find(id);
  const env = await create({ engine: options.engine ?? (await sharedEngine()), seed: options.seed ?? 1 });
  checkEnv(`${id}: create`, env);
  return (maxEpisodeSteps === undefined ? env : new TimeLimit(env, maxEpisodeSteps)) as AnyEnv;
}

/** That of all environments that are given no other. What fails is not kept: the next call tries again. */
export function sharedEngine(): Promise<Engine> {
  engine ??= Engine.create().catch((error) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

function specOf({ create: _, createVec: __, ...spec }: Registration): EnvSpec {
  return spec;
}

/** @throws UnknownEnvironmentError */
export function find(id: string): Registration {
  const registration = registry.get(id);
  if (registration !== undefined) return registration;
  throw new UnknownEnvironmentError(`unknown environment "${id}"; ${suggestion(String(id), [...registry.keys()])}`);
}
