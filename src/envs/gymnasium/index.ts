// proximal/envs/gymnasium: any environment of Gymnasium, in a Python process. In Node only.

import { ConfigurationError } from "../../base/errors.ts";
import { checkNames, shown } from "../../base/ranges.ts";
import type { EnvSpec } from "../env.ts";
import type { Registration } from "../registration.ts";
import { GymnasiumEnv } from "./environment.ts";
import { PythonEnvironments } from "./environments.ts";
import { PythonProcess } from "./python.ts";
import { GymnasiumVectorEnv } from "./vector-env.ts";

/** How environments are made in Python. */
export interface GymnasiumOptions {
  /** The Python that has Gymnasium: that of the variable PROXIMAL_PYTHON unless given, or else "python3". */
  readonly python?: string;
}

/**
 * An environment of Gymnasium, which `register` makes available under its name with "gymnasium:" before it.
 *
 * ```ts
 * register(await gymnasium("CartPole-v1"), await gymnasium("ale_py:ALE/Pong-v5", { python: ".venv/bin/python" }));
 * const env = await makeVec("gymnasium:CartPole-v1", { numEnvs: 8, seed: 1 });
 * ```
 *
 * Environments of one vector are stepped by one Python process, which ends when it is closed or when this process ends.
 * Environment i gets seed + i on the first reset; float64 becomes float32; the action_mask of an info is the mask.
 * What Python can pickle can be saved, and resuming unpickles it, which may run any code: resume what you trust. A
 * vector of environments that cannot be pickled goes on with new episodes.
 *
 * @param name what Gymnasium calls it, behind the package that registers it, as in "ale_py:ALE/Pong-v5", where that is
 * not its own
 * @throws MissingPackageError without Python, Gymnasium, or a package that the environment needs;
 * UnknownEnvironmentError; UnsupportedError for spaces that there are not here, and on Windows; EnvironmentError where
 * Python cannot make it
 */
export async function gymnasium(name: string, options: GymnasiumOptions = {}): Promise<Registration> {
  checkNames("gymnasium", options, ["python"]);
  if (typeof name !== "string" || name === "")
    throw new ConfigurationError(`gymnasium: ${shown(name)} is not the name of an environment`);
  const python = options.python ?? (process.env.PROXIMAL_PYTHON || "python3");
  const id = `gymnasium:${name}`;
  const start = () => PythonProcess.start(id, name, python, false);
  // The process that told what it is makes the first environments that are asked for.
  let idle: PythonProcess | undefined = await start();
  const spec = specOf(id, idle);
  const taken = async (): Promise<PythonEnvironments> => {
    const first = idle;
    idle = undefined;
    return new PythonEnvironments(spec, first ?? (await start()));
  };
  return {
    ...spec,
    create: async ({ seed }) => new GymnasiumEnv(await taken(), 0, seed),
    createVec: async ({ numEnvs, seed }) => new GymnasiumVectorEnv(await taken(), numEnvs, seed),
  };
}

function specOf(id: string, { greeting }: PythonProcess): EnvSpec {
  const { rewardThreshold, maxEpisodeSteps, versions } = greeting;
  return {
    id,
    family: "Gymnasium",
    requires: versions.join(", "),
    ...(rewardThreshold !== null && { rewardThreshold }),
    ...(maxEpisodeSteps !== null && { maxEpisodeSteps }),
  };
}
