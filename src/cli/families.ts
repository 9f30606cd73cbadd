// The environments that the command line knows: those of every family, which a library or a page would register itself.

import { box2d } from "../envs/box2d/index.ts";
import type { EnvSpec } from "../envs/env.ts";
import { minatar } from "../envs/minatar/index.ts";
import { mujoco } from "../envs/mujoco/index.ts";
import type { Registration } from "../envs/registration.ts";
import { environments, findSpec, register } from "../envs/registry.ts";

/** The families that are no part of `proximal` but have an entry of their own. */
const families: readonly (readonly Registration[])[] = [mujoco, box2d, minatar];

/** What the names of environments in Python begin with. */
const PYTHON = "gymnasium:";

/** Whether an environment is one of Gymnasium in Python, which may be any. */
export function isOfPython(name: string): boolean {
  return name.startsWith(PYTHON);
}

/**
 * Makes an environment available to `make` by the name that a person gave it.
 * @throws UnknownEnvironmentError; of an environment in Python, as `gymnasium`; of NATS-Bench, as `natsBenchOf`
 */
export async function registerEnvironment(name: string): Promise<EnvSpec> {
  registerFamilies();
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

/** Makes all families available. */
export function registerFamilies(): void {
  for (const family of families) register(...family);
}
