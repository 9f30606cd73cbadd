// Environments by their names.

import { Engine } from "../engine/engine.ts";
import { ConfigurationError, UnknownEnvironmentError } from "../engine/errors.ts";
import { suggestion } from "../engine/nearest.ts";
import { CartPole } from "./cartpole.ts";
import type { Env, EnvSpec } from "./env.ts";
import { TimeLimit } from "./time-limit.ts";

export interface MakeOptions {
  /** Of the environment's random numbers until `reset` gives another: 1 unless given, so that a run can be repeated. */
  readonly seed?: number;
  /** Whose random numbers, sine and cosine the environment uses; by default one that all environments share. */
  readonly engine?: Engine;
}

export interface Registration extends EnvSpec {
  create(options: Required<MakeOptions>): Env | Promise<Env>;
}

// Entered here, not by a call of `register` at the top of a module: a bundler may drop such calls (package.json says "sideEffects": false).
const registry = new Map<string, Registration>([
  [
    "CartPole-v1",
    {
      id: "CartPole-v1",
      rewardThreshold: 475,
      maxEpisodeSteps: 500,
      create: ({ engine, seed }) => new CartPole(engine, { seed }),
    },
  ],
]);

let sharedEngine: Promise<Engine> | undefined;

/**
 * Makes an environment available to `make` and `makeVec`. With `maxEpisodeSteps` its episodes are truncated after so many steps.
 * @throws ConfigurationError for an id that is empty or taken, a `create` that is no function, a limit that is not an integer of at least 1
 */
export function register(registration: Registration): void {
  const { id, maxEpisodeSteps, create } = registration;
  if (typeof id !== "string" || id === "") throw new ConfigurationError("register: an environment has to have an id");
  if (registry.has(id)) throw new ConfigurationError(`register: there is an environment "${id}" already`);
  if (typeof create !== "function") {
    throw new ConfigurationError(
      `register: "${id}" has create ${create}, which is not a function that makes an environment`,
    );
  }
  if (maxEpisodeSteps !== undefined && (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1)) {
    throw new ConfigurationError(
      `register: "${id}" has maxEpisodeSteps ${maxEpisodeSteps}, which is not an integer of at least 1`,
    );
  }
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
 * @throws UnknownEnvironmentError
 */
export async function make(id: string, options: MakeOptions = {}): Promise<Env> {
  const { create, maxEpisodeSteps } = find(id);
  sharedEngine ??= options.engine === undefined ? Engine.create() : undefined;
  const engine = options.engine ?? (await (sharedEngine as Promise<Engine>));
  const env = await create({ engine, seed: options.seed ?? 1 });
  return maxEpisodeSteps === undefined ? env : new TimeLimit(env, maxEpisodeSteps);
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
