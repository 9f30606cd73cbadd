// `proximal train`: trains a policy, shows how it goes, and leaves a folder from which the training can go on.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { ConfigurationError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { makeVec } from "../envs/make-vec.ts";
import { findSpec } from "../envs/registry.ts";
import { writeFile } from "../io/files.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { PPO } from "../ppo/ppo.ts";
import { presetFor } from "../ppo/presets.ts";
import type { Chart } from "./chart.ts";
import { Interruption } from "./interruption.ts";
import { courseOf, learningCurve, type Progress, seriesOf } from "./learning-curve.ts";
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
    { flag: "checkpoint-interval", value: "N", meaning: "iterations between checkpoints", fallback: "by time" },
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
  /** What has to be said of how it goes on. */
  readonly notes: readonly string[];
}

/** @returns the exit code: 0, or that of the signal by which it was interrupted */
export async function train(args: Arguments): Promise<number> {
  const interval = integerOption(args, "checkpoint-interval", 1);
  const reporter = reporterFor(args);
  const { agent, folder, config, earlier, notes } = await (args.options.has("resume") ? resumeRun : startRun)(args);
  const { totalSteps } = config;
  const interruption = new Interruption(reporter.note);
  const clock = new CheckpointClock(interval);
  const stopsWhenSolved = args.options.has("stop-when-solved");

  const course = courseOf(earlier);
  const curve = () => curveOf(config, agent.env.spec, course.elements);
  const start = performance.now();
  const startSteps = agent.steps;
  let last = earlier.at(-1);
  const elapsed = (): number => (performance.now() - start) / 1000;

  reporter.begin(beginningOf(config, folder, agent));
  for (const note of notes) reporter.note(note);
  try {
    for await (const iteration of agent.train({ totalSteps })) {
      last = iteration;
      course.add(iteration);
      folder.append(iteration);
      reporter.iteration(iteration, { totalSteps, stepsPerSecond: (agent.steps - startSteps) / elapsed() });
      if (interruption.exitCode !== undefined || (stopsWhenSolved && iteration.solvedAtStep !== null)) break;
      if (clock.isDue(iteration.iteration)) await clock.time(() => folder.saveCheckpoint(agent.checkpoint()));
    }
  } catch (error) {
    reporter.clear();
    await keepFailed(folder, agent, curve(), reporter);
    throw error;
  }
  const seconds = elapsed();
  await folder.saveCheckpoint(agent.checkpoint());
  folder.close();
  agent.env.close?.();
  await agent.save(folder.policyPath);
  await writeFile(folder.curvePath, svgPlot(curve()));
  if (interruption.exitCode !== undefined) {
    reporter.clear();
    reporter.note(`interrupted after ${agent.steps} steps; saved ${folder.checkpointPath}`);
    reporter.note(`go on with: proximal train --resume ${folder.path}`);
    return interruption.exitCode;
  }
  reporter.end(
    resultOf(config, agent, last, seconds, agent.steps - startSteps),
    curve(),
    `files in ${folder.path}:\n  policy.safetensors, curve.svg, metrics.jsonl, config.json, checkpoint.safetensors`,
  );
  return 0;
}

/** When a checkpoint is due: every so many iterations where that was asked for, else by time. */
class CheckpointClock {
  readonly #interval: number | undefined;
  #savedAt = performance.now();
  #cost = 0;

  constructor(interval: number | undefined) {
    this.#interval = interval;
  }

  isDue(iteration: number): boolean {
    if (this.#interval !== undefined) return iteration % this.#interval === 0;
    // Every five seconds, and for at most a hundredth of the time.
    return performance.now() - this.#savedAt >= Math.max(5000, 100 * this.#cost);
  }

  async time(save: () => Promise<void>): Promise<void> {
    const start = performance.now();
    await save();
    this.#savedAt = performance.now();
    this.#cost = this.#savedAt - start;
  }
}

/** Writes what a failed training came to beside the last good policy and checkpoint, which stay as they are. */
async function keepFailed(folder: RunFolder, agent: PPO, curve: Chart, reporter: Reporter): Promise<void> {
  try {
    folder.close();
    await writeFile(folder.curvePath, svgPlot(curve));
    await agent.save(folder.failedPolicyPath);
    reporter.note(`the training failed; its policy is in ${folder.failedPolicyPath}, the last good checkpoint stays`);
  } catch (error) {
    reporter.note(`the training failed, and so did saving what it came to: ${(error as Error).message}`);
  }
}

function reporterFor(args: Arguments): Reporter {
  const output = standardOutput();
  if (args.options.has("json")) return jsonReporter(output);
  const canBeRedrawn = output.isTerminal && process.env.TERM !== "dumb" && output.width >= 40;
  return (canBeRedrawn ? liveReporter : lineReporter)(output);
}

function beginningOf({ env, seed, numEnvs, totalSteps }: RunConfig, folder: RunFolder, agent: PPO): string {
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
  const path = textOption(args, "out") ?? unusedFolder(env, config.seed);
  const folder = await RunFolder.create(path, config, agent.checkpoint());
  return { agent, folder, config, earlier: [], notes: [] };
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
  const hasCheckpoint = existsSync(file);
  const agent = await (hasCheckpoint ? PPO.resume(vector, file) : PPO.create(vector, config.hyperparameters));
  const dropped = await folder.rewind(agent.iteration, config);
  const notes = [
    ...(hasCheckpoint ? [] : [`${file}: no such file; the run begins again from its configuration`]),
    ...(dropped === 0 ? [] : [`dropped the metrics of ${dropped} iterations after the checkpoint`]),
  ];
  return { agent, folder, config, earlier: folder.readMetrics(), notes };
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
