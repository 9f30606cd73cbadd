// The environments that the command line knows: those of every family, which a library or a page would register itself.

import { box2d } from "../envs/box2d/index.ts";
import type { EnvSpec } from "../envs/env.ts";
import { minatar } from "../envs/minatar/registrations.ts";
import { mujoco } from "../envs/mujoco/index.ts";
import type { Registration } from "../envs/registration.ts";
import { environments, findSpec, register } from "../envs/registry.ts";

/** The families that are no part of `proximal` but have an entry of their own. */
const families: readonly (readonly Registration[])[] = [mujoco, box2d, minatar];

/** What the names of environments in Python begin with. */
const PYTHON = "gymnasium:";
/** A table of NATS-Bench and one of its datasets. */
const NATS_BENCH = /^nats-bench:.*#(.*)$/;

/** Whether an environment is one of Gymnasium in Python, which may be any. */
export function isOfPython(name: string): boolean {
  return name.startsWith(PYTHON);
}

/**
 * Makes an environment available to `make` by the name that a person gave it: an id, the path of a module, the name of
 * one in Python, or a table of NATS-Bench.
 * @returns what is known of it; its id is what `make` takes, and what a run keeps
 * @throws UnknownEnvironmentError; ConfigurationError for a module that has none; of one in Python, as `gymnasium`; of
 * NATS-Bench, as `natsBenchOf`
 */
export async function registerEnvironment(name: string): Promise<EnvSpec> {
  registerFamilies();
  if (isPath(name)) return (await import("./own-environment.ts")).registerModule(name);
  const isNew = environments().every(({ id }) => id !== name);
  if (isNew && isOfPython(name)) {
    const { gymnasium } = await import("../envs/gymnasium/index.ts");
    register(await gymnasium(name.slice(PYTHON.length)));
  }
  if (isNew && name.startsWith("nats-bench:")) {
    const { natsBenchOf } = await import("./nats-bench.ts");
    register(await natsBenchOf(name));
  }
  return findSpec(name);
}

/** Whether a name is a path, and not an id: it begins as one, or ends as the name of a module. */
export function isPath(name: string): boolean {
  return /^\.{0,2}[/\\]|\.[cm]?[jt]s$/.test(name) && !isOfPython(name);
}

/** By which id the environment of a name has its preset. */
export function presetId(name: string): string {
  return name.replace(NATS_BENCH, "NATS-Bench/$1");
}

/** Makes all families available. */
export function registerFamilies(): void {
  for (const family of families) register(...family);
}
