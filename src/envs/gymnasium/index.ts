// proximal/envs/gymnasium: any environment of Gymnasium, in a Python process. In Node only.

import { ConfigurationError } from "../../base/errors.ts";
import { boolean, checkNames, checkValue, shown } from "../../base/ranges.ts";
import type { Stateful } from "../../base/state.ts";
import type { AnyEnv, EnvSpec } from "../env.ts";
import type { MakeOptions, Registration, VecOptions } from "../registration.ts";
import { SyncVectorEnv } from "../sync-vector-env.ts";
import type { VectorEnv } from "../vector-env.ts";
import { AtariPreprocessing, type ScreenEnv } from "../wrappers/atari.ts";
import { GymnasiumEnv } from "./environment.ts";
import { PythonEnvironments } from "./environments.ts";
import { PythonProcess } from "./python.ts";
import { GymnasiumVectorEnv } from "./vector-env.ts";

/** How environments are made in Python. */
export interface GymnasiumOptions {
  /** The Python that has Gymnasium: that of the variable PROXIMAL_PYTHON unless given, or else "python3". */
  readonly python?: string;
  /**
   * Whether games of Atari are shown by `AtariPreprocessing`, which they are unless given; otherwise they are as
   * Gymnasium makes them.
   */
  readonly preprocess?: boolean;
}

/**
 * An environment of Gymnasium, which `register` makes available under its name with "gymnasium:" before it.
 *
 * ```ts
 * import { gymnasium } from "proximal/envs/gymnasium";
 * register(await gymnasium("CartPole-v1"), await gymnasium("ale_py:ALE/Pong-v5", { python: ".venv/bin/python" }));
 * const env = await makeVec("gymnasium:CartPole-v1", { numEnvs: 8, seed: 1 });
 * ```
 *
 * Environments of one vector are stepped by one Python process, which ends when it is closed or when this process ends.
 * Environment i gets seed + i on the first reset; float64 becomes float32; the action_mask of an info is the mask.
 * What Python can pickle can be saved, and resuming unpickles it, which may run any code: resume what you trust. A
 * vector of environments that cannot be pickled goes on with new episodes. What draws `rgb_array` has `render()`: an
 * image of those pixels, as small as the screen of an Atari.
 *
 * @param name what Gymnasium calls it, behind the package that registers it, as in "ale_py:ALE/Pong-v5", where that is
 * not its own
 * @throws MissingPackageError without Python, Gymnasium, or a package that the environment needs;
 * UnknownEnvironmentError; UnsupportedError for spaces that there are not here, and on Windows; EnvironmentError where
 * Python cannot make it
 */
export async function gymnasium(name: string, options: GymnasiumOptions = {}): Promise<Registration> {
  checkNames("gymnasium", options, ["python", "preprocess"]);
  if (typeof name !== "string" || name === "")
    throw new ConfigurationError(`gymnasium: ${shown(name)} is not the name of an environment`);
  const python = options.python ?? (process.env.PROXIMAL_PYTHON || "python3");
  const id = `gymnasium:${name}`;
  const { preprocess = true } = options;
  checkValue("gymnasium: preprocess", boolean, preprocess);
  const start = () => PythonProcess.start(id, name, python, !preprocess);
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
    create: async (options) => one(await taken(), 0, options),
    createVec: async (options) => several(await taken(), options),
  };
}

/** The environment at `index`. */
function one(envs: PythonEnvironments, index: number, { seed, engine }: Required<MakeOptions>): AnyEnv {
  const env = new GymnasiumEnv(envs, index, seed);
  return envs.process.greeting.isGame ? new AtariPreprocessing(env as ScreenEnv, engine, { seed }) : env;
}

/** Games are stepped one after the other, four frames each. */
function several(envs: PythonEnvironments, options: Required<VecOptions>): VectorEnv & Stateful {
  const { numEnvs, seed, engine } = options;
  if (!envs.process.greeting.isGame) return new GymnasiumVectorEnv(envs, numEnvs, seed);
  envs.grow(numEnvs);
  const games = Array.from({ length: numEnvs }, (_, index) => one(envs, index, { seed: seed + index, engine }));
  return new SyncVectorEnv(games, { seed, spec: envs.spec });
}

function specOf(id: string, { greeting }: PythonProcess): EnvSpec {
  const { rewardThreshold, maxEpisodeSteps, framesPerSecond, versions, isGame } = greeting;
  return {
    id,
    family: "Gymnasium",
    requires: versions.join(", "),
    ...(rewardThreshold !== null && { rewardThreshold }),
    ...(framesPerSecond !== null && { framesPerSecond }),
    // A limit to a game is one of frames, which Python keeps.
    ...(maxEpisodeSteps !== null && !isGame && { maxEpisodeSteps }),
  };
}
