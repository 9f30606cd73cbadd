// A run that goes on.

import { ConfigurationError } from "../../base/errors.ts";
import { makeVec } from "../../envs/make-vec.ts";
import { findSpec } from "../../envs/registry.ts";
import { PPO } from "../../ppo/agent.ts";
import { Evaluator } from "../evaluations.ts";
import { type Arguments, integerOption, textOption } from "../options.ts";
import { checkSameRun, lengthened, type RunConfig, versions } from "../run-config.ts";
import { kindOf, RunFolder } from "../run-folder.ts";
import { RunWriter } from "../run-writer.ts";
import type { Run } from "./run.ts";

export async function resumeRun(args: Arguments): Promise<Run> {
  checkFixed(args);
  const { folder, file } = RunFolder.at(textOption(args, "resume") as string, "checkpoint");
  const writer = RunWriter.resume(folder);
  try {
    const saved = await folder.readConfig();
    checkUnpublished(folder);
    const totalSteps = integerOption(args, "total-steps", 1) ?? saved.totalSteps;
    const vector = await makeVec(saved.env, { numEnvs: saved.numEnvs, seed: saved.seed });
    const hasCheckpoint = kindOf(file) !== undefined;
    const agent = await (hasCheckpoint ? PPO.resume(vector, file) : PPO.create(vector, saved.hyperparameters));
    checkSameRun(file, agent.config, saved);
    checkTotalSteps(totalSteps, agent, saved);
    const config: RunConfig = {
      ...lengthened(saved, totalSteps, agent.iteration),
      ...(args.options.has("tensorboard") && { tensorboard: true }),
      versions: versions(findSpec(saved.env)),
    };
    const { iterations, evaluations, notes } = await writer.rewind(agent.iteration, config);
    const evaluator = await Evaluator.create(config, evaluations);
    await writer.rewindBest(evaluator?.best, agent);
    if (!hasCheckpoint) await writer.saveCheckpoint(agent.checkpoint());
    // One that has a configuration alone, as those of several seeds have at first, begins as it was to.
    if (!hasCheckpoint && folder.has("metrics"))
      notes.unshift(`${file}: no such file; the run begins again from its configuration`);
    return { agent, writer, config, evaluator, earlier: iterations, notes: [...notes, ...(vector.notes ?? [])] };
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** @throws ConfigurationError for what a run, or those of several seeds, cannot change when they go on */
export function checkFixed(args: Arguments): void {
  const flags = ["num-envs", "preset", "out", "eval-every", "eval-episodes"];
  const fixed = [...Object.keys(args.hyperparameters), ...flags.filter((flag) => args.options.has(flag))];
  if (fixed.length === 0) return;
  throw new ConfigurationError(
    `--resume: ${fixed.join(", ")} cannot change, the run goes on with what it has; only --total-steps can`,
  );
}

/** @throws ConfigurationError for a published run */
export function checkUnpublished(folder: RunFolder): void {
  if (folder.readResult()?.thinned)
    throw new ConfigurationError(`--resume: ${folder.path} is a published run, of which there are figures alone`);
}

/** What has been trained cannot be taken back; to ask for what the run was to have anyway is no mistake. */
export function checkTotalSteps(
  totalSteps: number,
  { iteration, steps }: { readonly iteration: number; readonly steps: number },
  { totalSteps: before, numEnvs, hyperparameters }: RunConfig,
  run = "the run",
): void {
  const needed = Math.ceil(totalSteps / (numEnvs * hyperparameters.numSteps));
  if (totalSteps === before || needed >= iteration) return;
  throw new ConfigurationError(`--total-steps: ${totalSteps} is less than the ${steps} that ${run} has behind it`);
}
