// `proximal train`: trains a policy, shows how it goes, and leaves a folder from which the training can go on.

import { ConfigurationError } from "../base/errors.ts";
import { systemNames } from "../ppo/system-presets.ts";
import { Interruption } from "./interruption.ts";
import { type Arguments, type Command, expectOperands, textOption } from "./options.ts";
import { trainSeeds } from "./pool/train-seeds.ts";
import { canBeRedrawn, jsonReporter, lineReporter, liveReporter, type Reporter } from "./reporters.ts";
import { SeedFolder } from "./seed-folder.ts";
import { standardOutput } from "./terminal.ts";
import { mannerOf, trainRun } from "./training/loop.ts";
import { resumeRun } from "./training/resume.ts";
import { closeRun } from "./training/run.ts";
import { startRun } from "./training/start.ts";

export const trainCommand: Command = {
  name: "train",
  operands: "<env>",
  summary: "Trains a policy and writes what came of it to a folder.",
  example: "proximal train CartPole-v1 --seed 7 --learning-rate 1e-3 --out runs/first",
  options: [
    {
      ...{ flag: "total-steps", alias: "steps", value: "N" },
      ...{ meaning: "steps of all environments together", fallback: "preset" },
    },
    { flag: "num-envs", value: "N", meaning: "environments side by side", fallback: "preset" },
    {
      ...{ flag: "preset", value: systemNames.join("|") },
      ...{ meaning: "what that system trains with", fallback: "the environment's own" },
    },
    { flag: "seeds", value: "LIST", meaning: "a run of each, as 1-10 or 1,4,7-9, several at once" },
    { flag: "workers", value: "N", meaning: "how many of them at once", fallback: "as many as cores" },
    { flag: "out", value: "DIR", meaning: "folder for the run, or for all seeds", fallback: "in runs/" },
    { flag: "resume", value: "DIR", meaning: "go on with an interrupted run, or all seeds, in its folder" },
    { flag: "checkpoint-interval", value: "N", meaning: "iterations between checkpoints", fallback: "by time" },
    { flag: "eval-every", value: "N", meaning: "steps between evaluations, of which the best policy is kept" },
    { flag: "eval-episodes", value: "N", meaning: "episodes of an evaluation", fallback: "20" },
    { flag: "tensorboard", meaning: "write event files for TensorBoard as well" },
    { flag: "strict-monitor", meaning: "stop once the monitor finds something wrong" },
    { flag: "stop-when-solved", meaning: "stop once 100 episodes reach the threshold" },
    { flag: "json", meaning: "print one JSON object a line, the result last" },
  ],
  hyperparameters: true,
};

/** @returns the exit code: 0, or that of the signal by which it was interrupted */
export async function train(args: Arguments): Promise<number> {
  const isResumed = args.options.has("resume");
  if (isResumed) expectOperands({ ...trainCommand, operands: "--resume DIR" }, args, 0, 0);
  else expectOperands(trainCommand, args, 1, 1);
  const manner = mannerOf(args);
  if (isOfSeeds(args)) return await trainSeeds(args, manner);
  if (args.options.has("workers"))
    throw new ConfigurationError("--workers: it is of several seeds, as --seeds 1-10 has them");
  const reporter = reporterFor(args);
  const run = await (isResumed ? resumeRun : startRun)(args);
  const interruption = new Interruption(reporter.note);
  try {
    return await trainRun(run, manner, reporter, interruption);
  } finally {
    interruption.stopListening();
    closeRun(run);
  }
}

/** Whether there are several runs, to be started or in a folder. */
function isOfSeeds(args: Arguments): boolean {
  const path = textOption(args, "resume");
  return args.options.has("seeds") || (path !== undefined && SeedFolder.isAt(path));
}

function reporterFor(args: Arguments): Reporter {
  const output = standardOutput();
  if (args.options.has("json")) return jsonReporter(output);
  return (canBeRedrawn(output) ? liveReporter : lineReporter)(output);
}
