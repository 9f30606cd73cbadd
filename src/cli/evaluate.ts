// `proximal eval`: what a policy is worth over some episodes.

import { make } from "../envs/registry.ts";
import { evaluate } from "../ppo/evaluate.ts";
import { Policy } from "../ppo/saved-policy.ts";
import { type Arguments, type Command, expectOperands, integerOption } from "./options.ts";
import { RunFolder } from "./run-folder.ts";
import { standardOutput } from "./terminal.ts";

export const evalCommand: Command = {
  name: "eval",
  operands: "<run>",
  summary: "Plays episodes with the policy of a run: a folder, or the policy.safetensors in it.",
  example: "proximal eval runs/CartPole-v1-seed1 --episodes 20",
  options: [
    { flag: "episodes", value: "N", meaning: "episodes to play", fallback: "100" },
    { flag: "seed", value: "N", meaning: "seed of the environment", fallback: "1" },
    { flag: "stochastic", meaning: "draw actions instead of taking the most likely one" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

export async function evaluateRun(args: Arguments): Promise<number> {
  expectOperands(evalCommand, args, 1, 1);
  const episodes = integerOption(args, "episodes", 1) ?? 100;
  const seed = integerOption(args, "seed", 0) ?? 1;
  const path = args.operands[0] as string;
  const { folder, file } = RunFolder.at(path, "policy");
  const policy = await Policy.load(file);
  const { env: id } = folder.readConfig();
  const deterministic = !args.options.has("stochastic");

  const env = await make(id, { seed });
  const { returns, lengths } = evaluate(policy, env, { episodes, seed, deterministic });
  env.close?.();

  const report = {
    env: id,
    episodes,
    seed,
    deterministic,
    meanReturn: returns.mean,
    stdReturn: returns.std,
    minReturn: returns.min,
    maxReturn: returns.max,
    meanLength: lengths.mean,
  };
  const output = standardOutput();
  if (args.options.has("json")) output.write(`${JSON.stringify(report)}\n`);
  else {
    const spread = `${report.meanReturn.toFixed(1)} ± ${report.stdReturn.toFixed(1)}`;
    output.write(`${id}, ${episodes} episodes, ${deterministic ? "most likely" : "drawn"} actions\n`);
    output.write(
      `return ${spread} (from ${report.minReturn} to ${report.maxReturn}), mean length ${report.meanLength.toFixed(1)}\n`,
    );
  }
  return 0;
}
