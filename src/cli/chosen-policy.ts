// The policy that a command line names, and the options by which it does.

import { dirname } from "node:path";
import { ConfigurationError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { makeVec } from "../envs/make-vec.ts";
import { PPO } from "../ppo/agent.ts";
import { Policy } from "../ppo/saved-policy.ts";
import { registerEnvironment } from "./families.ts";
import { type Arguments, type Command, integerOption, textOption } from "./options.ts";
import { kindOf, RunFolder, runFiles } from "./run-folder.ts";

/** Which policy plays, where, and how. */
export const policyOptions = [
  { flag: "seed", value: "N", meaning: "which episodes; none is of a training", fallback: "1" },
  { flag: "stochastic", meaning: "draw actions instead of taking the most likely one" },
  { flag: "best", meaning: "the best that train --eval-every found, not the last" },
  { flag: "env", value: "ENV", meaning: "environment of a file on its own", fallback: "that of its run" },
] as const satisfies Command["options"];

export interface ChosenPolicy {
  readonly policy: Policy;
  readonly spec: EnvSpec;
  readonly seed: number;
  readonly deterministic: boolean;
}

/**
 * What those options and the first operand say; the environment can then be made.
 * @throws ConfigurationError, FileFormatError, UnknownEnvironmentError
 */
export async function chosenPolicy(args: Arguments): Promise<ChosenPolicy> {
  const seed = integerOption(args, "seed", 0) ?? 1;
  const deterministic = !args.options.has("stochastic");
  const { policy, name } = await policyOf(args);
  return { policy, spec: await registerEnvironment(name), seed, deterministic };
}

/** The policy that was named, and the name of its environment. */
async function policyOf(args: Arguments): Promise<{ readonly policy: Policy; readonly name: string }> {
  const path = args.operands[0] as string;
  const kind = args.options.has("best") ? "best" : "policy";
  const given = textOption(args, "env");
  if (kindOf(path) === "file") {
    if (kind === "best") throw new ConfigurationError(`--best: ${path} is a file; name the folder of its run`);
    const folder = new RunFolder(dirname(path));
    if (given === undefined && !folder.isRun)
      throw new ConfigurationError(`${path}: it is not in the folder of a run; name its environment with --env`);
    return { name: given ?? (await folder.readConfig()).env, policy: await Policy.load(path) };
  }
  const { folder, file } = RunFolder.at(path, kind);
  const { env, numEnvs, seed } = await folder.readConfig();
  const name = given ?? env;
  if (folder.has(kind)) return { name, policy: await Policy.load(file) };
  if (kind === "best")
    throw new ConfigurationError(`--best: ${path} has no ${runFiles.best}; train --eval-every writes it`);
  if (folder.readResult()?.thinned)
    throw new ConfigurationError(`${path}: a published run, of which there are figures alone; verify trains it again`);
  // Of a run that is under way, or was killed.
  const vector = await makeVec(env, { numEnvs, seed });
  const { policy } = await PPO.resume(vector, folder.file("checkpoint"));
  vector.close?.();
  return { name, policy };
}
