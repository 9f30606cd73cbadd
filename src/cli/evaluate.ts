// `proximal eval`: what a policy is worth over some episodes.

import { dirname } from "node:path";
import { ConfigurationError } from "../base/errors.ts";
import type { AnyEnv } from "../envs/env.ts";
import { makeVec } from "../envs/make-vec.ts";
import { make } from "../envs/registry.ts";
import { PPO } from "../ppo/agent.ts";
import { evaluate } from "../ppo/evaluate.ts";
import { Policy } from "../ppo/saved-policy.ts";
import { figuresOf } from "./evaluations.ts";
import { registerEnvironment } from "./families.ts";
import { type Arguments, type Command, expectOperands, integerOption, textOption } from "./options.ts";
import { kindOf, RunFolder, runFiles } from "./run-folder.ts";
import { standardOutput } from "./terminal.ts";

export const evalCommand: Command = {
  name: "eval",
  operands: "<run>",
  summary: "Plays episodes that training has not seen with a policy: that of a run's folder, or a file.",
  example: "proximal eval runs/CartPole-v1-seed1 --episodes 20",
  options: [
    { flag: "episodes", value: "N", meaning: "episodes to play", fallback: "100" },
    {
      flag: "seed",
      value: "N",
      meaning: "which episodes; none is of a training",
      fallback: "1",
    },
    { flag: "stochastic", meaning: "draw actions instead of taking the most likely one" },
    { flag: "best", meaning: "the best that train --eval-every found, not the last" },
    { flag: "env", value: "ENV", meaning: "environment of a file on its own", fallback: "that of its run" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

export async function evaluateRun(args: Arguments): Promise<number> {
  expectOperands(evalCommand, args, 1, 1);
  const episodes = integerOption(args, "episodes", 1) ?? 100;
  const seed = integerOption(args, "seed", 0) ?? 1;
  const deterministic = !args.options.has("stochastic");
  const { policy, name } = await policyOf(args);

  const { id } = await registerEnvironment(name);
  const env = await make<AnyEnv>(id, { seed });
  const outcomes = evaluate(policy, env, { episodes, seed, deterministic });
  env.close?.();

  const figures = figuresOf(outcomes);
  const output = standardOutput();
  if (args.options.has("json")) output.write(`${JSON.stringify({ env: id, seed, deterministic, ...figures })}\n`);
  else {
    const { meanReturn, stdReturn, minReturn, maxReturn, medianReturn, meanLength } = figures;
    const shown = (value: number) => value.toFixed(1);
    const interval = `${shown(figures.intervalLow)} to ${shown(figures.intervalHigh)}`;
    output.write(`${id}, ${episodes} episodes, ${deterministic ? "most likely" : "drawn"} actions\n`);
    output.write(
      `return ${shown(meanReturn)} ± ${shown(stdReturn)} (from ${minReturn} to ${maxReturn}), mean length ${shown(meanLength)}\n`,
    );
    output.write(
      `median ${shown(medianReturn)}, interquartile mean ${shown(figures.interquartileMeanReturn)} (95% interval ${interval})\n`,
    );
  }
  return 0;
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
  // Of a run that is under way, or was killed.
  const vector = await makeVec(env, { numEnvs, seed });
  const { policy } = await PPO.resume(vector, folder.file("checkpoint"));
  vector.close?.();
  return { name, policy };
}
