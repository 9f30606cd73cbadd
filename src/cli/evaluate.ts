// `proximal eval`: what a policy is worth over some episodes.

import type { AnyEnv } from "../envs/env.ts";
import { make } from "../envs/registry.ts";
import { evaluate } from "../ppo/evaluate.ts";
import { chosenPolicy, policyOptions } from "./chosen-policy.ts";
import { figuresOf } from "./evaluations.ts";
import { brief } from "./numbers.ts";
import { type Arguments, type Command, expectOperands, integerOption, textOption } from "./options.ts";
import { describeRecording, RECORDED_STEPS, Recorder, writeEpisodes } from "./recorder.ts";
import { standardOutput } from "./terminal.ts";

export const evalCommand: Command = {
  name: "eval",
  operands: "<run>",
  summary: "Plays episodes that training has not seen with a policy: that of a run's folder, or a file.",
  example: "proximal eval runs/CartPole-v1-seed1 --episodes 20",
  options: [
    { flag: "episodes", value: "N", meaning: "episodes to play", fallback: "100" },
    ...policyOptions,
    { flag: "record", value: "DIR", meaning: "draw the best and the worst episode; FILE.svg: the best" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

export async function evaluateRun(args: Arguments): Promise<number> {
  expectOperands(evalCommand, args, 1, 1);
  const episodes = integerOption(args, "episodes", 1) ?? 100;
  const { policy, spec, seed, deterministic } = await chosenPolicy(args);
  const { id } = spec;

  const made = await make<AnyEnv>(id, { seed });
  const record = textOption(args, "record");
  const recorder = record === undefined ? undefined : new Recorder(made, id, RECORDED_STEPS);
  const env = recorder ?? made;
  const outcomes = evaluate(policy, env, { episodes, seed, deterministic });
  env.close?.();
  const recordings = recorder === undefined ? [] : await writeEpisodes(record as string, recorder, spec);

  const figures = figuresOf(outcomes);
  const output = standardOutput();
  if (args.options.has("json"))
    output.write(`${JSON.stringify({ env: id, seed, deterministic, ...figures, ...(recorder && { recordings }) })}\n`);
  else {
    const { meanReturn, stdReturn, minReturn, maxReturn, medianReturn, meanLength } = figures;
    const shown = (value: number) => value.toFixed(1);
    const interval = `${shown(figures.intervalLow)} to ${shown(figures.intervalHigh)}`;
    output.write(`${id}, ${episodes} episodes, ${deterministic ? "most likely" : "drawn"} actions\n`);
    output.write(
      `return ${shown(meanReturn)} ± ${shown(stdReturn)} (from ${brief(minReturn)} to ${brief(maxReturn)}), mean length ${shown(meanLength)}\n`,
    );
    output.write(
      `median ${shown(medianReturn)}, interquartile mean ${shown(figures.interquartileMeanReturn)} (95% interval ${interval})\n`,
    );
    for (const recording of recordings) output.write(`${describeRecording(recording)}\n`);
  }
  return 0;
}
