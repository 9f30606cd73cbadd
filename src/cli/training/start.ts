// A training that starts: what it is to be, all of it checked before there is a folder, and then the run.

import { ConfigurationError } from "../../base/errors.ts";
import { makeVec } from "../../envs/make-vec.ts";
import { PPO } from "../../ppo/agent.ts";
import { changed, type Preset, presetFor } from "../../ppo/presets.ts";
import { presetOf, type System } from "../../ppo/system-presets.ts";
import { Evaluator } from "../evaluations.ts";
import { isOfPython, presetId, registerEnvironment } from "../families.ts";
import { type Arguments, integerOption, textOption } from "../options.ts";
import { taskOfEnvironment } from "../presets.ts";
import { type EvaluationPlan, type RunConfig, versions } from "../run-config.ts";
import { RunWriter } from "../run-writer.ts";
import type { Run } from "./run.ts";

/** A training as it was asked for, before there is a run of it. */
export interface Planned {
  readonly agent: PPO;
  readonly config: RunConfig;
  readonly notes: readonly string[];
}

/** @throws ProximalError for whatever is wrong with what was asked for */
export async function planned(args: Arguments): Promise<Planned> {
  const spec = await registerEnvironment(args.operands[0] as string);
  const env = spec.id;
  const { numEnvs, totalSteps, hyperparameters } = await chosenPreset(args, env);
  const evaluation = evaluationPlanOf(args);
  const vector = await makeVec(env, { numEnvs, seed: hyperparameters.seed ?? 1 });
  const agent = await PPO.create(vector, hyperparameters);
  const config: RunConfig = {
    env,
    seed: agent.config.seed,
    numEnvs,
    totalSteps,
    ...(evaluation !== undefined && { evaluation }),
    ...(args.options.has("tensorboard") && { tensorboard: true }),
    hyperparameters: agent.config,
    versions: versions(spec),
  };
  return { agent, config, notes: vector.notes ?? [] };
}

export async function startRun(args: Arguments): Promise<Run> {
  const { agent, config, notes } = await planned(args);
  const evaluator = await Evaluator.create(config, []);
  const writer = await RunWriter.create(textOption(args, "out"), config, agent.checkpoint());
  return { agent, writer, config, evaluator, earlier: [], notes };
}

/** @throws ConfigurationError for episodes of no evaluation */
function evaluationPlanOf(args: Arguments): EvaluationPlan | undefined {
  const every = integerOption(args, "eval-every", 1);
  const episodes = integerOption(args, "eval-episodes", 1);
  if (every !== undefined) return { every, episodes: episodes ?? 20 };
  if (episodes === undefined) return undefined;
  throw new ConfigurationError("--eval-episodes: there are no evaluations without --eval-every");
}

/** What an environment is trained with: its preset or that of a system, with what the options say in its place. */
export async function chosenPreset(args: Arguments, env: string): Promise<Preset> {
  // One in Python may be of any kind, of which CleanRL has presets.
  const system = textOption(args, "preset") ?? (isOfPython(env) ? "cleanrl" : undefined);
  const numEnvs = integerOption(args, "num-envs", 1);
  const totalSteps = integerOption(args, "total-steps", 1);
  const { hyperparameters } = args;
  const given = { ...(numEnvs && { numEnvs }), ...(totalSteps && { totalSteps }), hyperparameters };
  if (system === undefined) return changed(presetFor(presetId(env)), given);
  return presetOf(system as System, await taskOfEnvironment(env), given);
}
