// `proximal train`: trains a policy, shows how it goes, and leaves a folder from which the training can go on.

import { createHash } from "node:crypto";
import { ConfigurationError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { makeVec } from "../envs/make-vec.ts";
import { findSpec } from "../envs/registry.ts";
import { writeFile } from "../io/files.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { PPO } from "../ppo/ppo.ts";
import { presetFor } from "../ppo/presets.ts";
import { learningCurve, type Progress, seriesOf } from "./learning-curve.ts";
import { type Arguments, type Command, expectOperands, integerOption, textOption } from "./options.ts";
import { packageVersion } from "./package-version.ts";
import { jsonReporter, lineReporter, liveReporter, type Reporter, type Result } from "./reporters.ts";
import { type RunConfig, RunFolder, unusedFolder } from "./run-folder.ts";
import { svgPlot } from "./svg-plot.ts";
import { standardOutput } from "./terminal.ts";

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
    { flag: "out", value: "DIR", meaning: "folder for the run", fallback: "runs/<env>-seed<seed>" },
    { flag: "resume", value: "DIR", meaning: "go on with a run that was interrupted, in its folder" },
    { flag: "checkpoint-interval", value: "N", meaning: "iterations between checkpoints", fallback: "100" },
    { flag: "stop-when-solved", meaning: "stop once 100 episodes reach the threshold" },
    { flag: "json", meaning: "print one JSON object a line, the result last" },
  ],
  hyperparameters: true,
};

interface Run {
  readonly agent: PPO;
  readonly folder: RunFolder;
  readonly config: RunConfig;
  /** The iterations before this start, of a run that goes on. */
  readonly earlier: readonly Iteration[];
}

/** @returns the exit code: 0, or 130 where it was interrupted */
export async function train(args: Arguments): Promise<number> {
  const interval = integerOption(args, "checkpoint-interval", 1) ?? 100;
  const run = await (args.options.has("resume") ? resumeRun(args) : startRun(args));
  const { agent, folder, config, earlier } = run;
  const { totalSteps } = config;
  const spec = agent.env.spec;
  const reporter = reporterFor(args);
  const interrupted = interruption();

  const progress: Progress[] = [...earlier];
  const start = performance.now();
  const startSteps = agent.steps;
  let last = earlier.at(-1);
  const elapsed = (): number => (performance.now() - start) / 1000;
  const finish = async (): Promise<void> => {
    folder.close();
    agent.env.close?.();
    await agent.save(folder.policyPath);
    await writeFile(folder.curvePath, svgPlot(curveOf(config, spec, progress)));
  };

  reporter.begin(beginningOf(run));
  try {
    for await (const iteration of agent.train({ totalSteps })) {
      last = iteration;
      progress.push(iteration);
      folder.append(iteration);
      reporter.iteration(iteration, { totalSteps, stepsPerSecond: (agent.steps - startSteps) / elapsed() });
      if (interrupted() || (args.options.has("stop-when-solved") && iteration.solvedAtStep !== null)) break;
      if (iteration.iteration % interval === 0) await writeFile(folder.checkpointPath, agent.checkpoint());
    }
  } catch (error) {
    reporter.clear();
    await finish();
    throw error;
  }
  const seconds = elapsed();
  await writeFile(folder.checkpointPath, agent.checkpoint());
  await finish();
  if (interrupted()) {
    reporter.clear();
    reporter.note(`interrupted after ${agent.steps} steps; saved ${folder.checkpointPath}`);
    reporter.note(`go on with: proximal train --resume ${folder.path}`);
    return 130;
  }
  reporter.end(
    resultOf(config, agent, last, seconds, agent.steps - startSteps),
    curveOf(config, spec, progress),
    `files in ${folder.path}:\n  policy.safetensors, curve.svg, metrics.jsonl, config.json, checkpoint.safetensors`,
  );
  return 0;
}

function reporterFor(args: Arguments): Reporter {
  const output = standardOutput();
  if (args.options.has("json")) return jsonReporter(output);
  return (output.isTerminal ? liveReporter : lineReporter)(output);
}

/** Whether the first Ctrl-C or SIGTERM has come; a second one ends the process. */
function interruption(): () => boolean {
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return () => interrupted;
}

function beginningOf({ agent, folder, config }: Run): string {
  const { env, seed, numEnvs, totalSteps } = config;
  const steps = agent.steps > 0 ? `going on after ${agent.steps} steps` : `${totalSteps} steps`;
  return `training ${env}, seed ${seed}, ${numEnvs} environments, ${steps}, in ${folder.path}`;
}

async function startRun(args: Arguments): Promise<Run> {
  expectOperands(trainCommand, args, 1, 1);
  const env = args.operands[0] as string;
  findSpec(env);
  const preset = presetFor(env);
  const numEnvs = integerOption(args, "num-envs", 1) ?? preset.numEnvs;
  const totalSteps = integerOption(args, "total-steps", 1) ?? preset.totalSteps;
  const given = { ...preset.hyperparameters, ...args.hyperparameters };
  const vector = await makeVec(env, { numEnvs, seed: given.seed ?? 1 });
  const agent = await PPO.create(vector, given);
  const config: RunConfig = {
    env,
    seed: agent.config.seed,
    numEnvs,
    totalSteps,
    hyperparameters: agent.config,
    versions: versions(),
  };
  const folder = await RunFolder.create(textOption(args, "out") ?? unusedFolder(env, config.seed), config);
  return { agent, folder, config, earlier: [] };
}

async function resumeRun(args: Arguments): Promise<Run> {
  expectOperands({ ...trainCommand, operands: "--resume DIR" }, args, 0, 0);
  const fixed = [...Object.keys(args.hyperparameters), ...["num-envs", "out"].filter((flag) => args.options.has(flag))];
  if (fixed.length > 0) {
    throw new ConfigurationError(
      `--resume: ${fixed.join(", ")} cannot change, the run goes on with what it has; only --total-steps can`,
    );
  }
  const { folder, file } = RunFolder.at(textOption(args, "resume") as string, "checkpoint");
  const saved = folder.readConfig();
  const config: RunConfig = {
    ...saved,
    totalSteps: integerOption(args, "total-steps", 1) ?? saved.totalSteps,
    versions: versions(),
  };
  const vector = await makeVec(config.env, { numEnvs: config.numEnvs, seed: config.seed });
  const agent = await PPO.resume(vector, file);
  await folder.rewind(agent.iteration, config);
  return { agent, folder, config, earlier: folder.readMetrics() };
}

function curveOf({ env, seed }: RunConfig, spec: EnvSpec | undefined, progress: readonly Progress[]) {
  return learningCurve(`${env}, seed ${seed}`, [seriesOf(`seed ${seed}`, progress)], spec);
}

function resultOf(config: RunConfig, agent: PPO, last: Iteration | undefined, seconds: number, steps: number): Result {
  const hash = createHash("sha256");
  for (const { data } of agent.policy.tensors)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const meanReturn = last?.meanReturn ?? Number.NaN;
  return {
    type: "result",
    env: config.env,
    seed: config.seed,
    steps: agent.steps,
    seconds,
    stepsPerSecond: steps / seconds,
    meanReturn: Number.isFinite(meanReturn) ? meanReturn : null,
    solvedAtStep: last?.solvedAtStep ?? null,
    checksum: hash.digest("hex"),
    kernels: agent.config.kernels,
  };
}

function versions(): RunConfig["versions"] {
  const { node, v8 } = process.versions;
  return { proximal: packageVersion(), node, v8, platform: `${process.platform}-${process.arch}` };
}
