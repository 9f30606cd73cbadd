// `proximal train`: trains a policy, shows how it goes, and leaves a folder from which the training can go on.

import { ConfigurationError, FileFormatError, TrainingError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { makeVec } from "../envs/make-vec.ts";
import { findSpec } from "../envs/registry.ts";
import { writeFile } from "../io/files.ts";
import { PPO } from "../ppo/agent.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { changed, type Preset, presetFor } from "../ppo/presets.ts";
import { presetOf, type System, systemNames } from "../ppo/system-presets.ts";
import type { Chart } from "./chart.ts";
import { Evaluator } from "./evaluations.ts";
import { eventFilesIn } from "./event-files.ts";
import { isOfPython, registerEnvironment } from "./families.ts";
import { Interruption } from "./interruption.ts";
import { courseOf, learningCurve, type Progress, seriesOf } from "./learning-curve.ts";
import { type Arguments, type Command, expectOperands, integerOption, textOption } from "./options.ts";
import { taskOfEnvironment } from "./presets.ts";
import { jsonReporter, lineReporter, liveReporter, type Reporter } from "./reporters.ts";
import { outcomeOf } from "./result.ts";
import { checkSameRun, type EvaluationPlan, lengthened, type RunConfig, versions } from "./run-config.ts";
import { kindOf, RunFolder, runFiles } from "./run-folder.ts";
import { RunWriter } from "./run-writer.ts";
import { svgPlot } from "./svg-plot.ts";
import { standardOutput } from "./terminal.ts";
import { pasteable, printable } from "./text.ts";

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
    { flag: "out", value: "DIR", meaning: "folder for the run", fallback: "runs/<env>-seed<seed>" },
    { flag: "resume", value: "DIR", meaning: "go on with a run that was interrupted, in its folder" },
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

interface Run {
  readonly agent: PPO;
  readonly writer: RunWriter;
  readonly config: RunConfig;
  /** Of a run with evaluations. */
  readonly evaluator: Evaluator | undefined;
  /** The iterations before this start, of a run that goes on. */
  readonly earlier: readonly Iteration[];
  /** What has to be said of how it goes on. */
  readonly notes: readonly string[];
}

/** @returns the exit code: 0, or that of the signal by which it was interrupted */
export async function train(args: Arguments): Promise<number> {
  const interval = integerOption(args, "checkpoint-interval", 1);
  const reporter = reporterFor(args);
  const run = await (args.options.has("resume") ? resumeRun : startRun)(args);
  const interruption = new Interruption(reporter.note);
  try {
    return await trainRun(run, reporter, interruption, interval, args);
  } finally {
    interruption.stopListening();
    run.writer.close();
    run.agent.env.close?.();
    run.evaluator?.close();
  }
}

async function trainRun(
  { agent, writer, config, evaluator, earlier, notes }: Run,
  reporter: Reporter,
  interruption: Interruption,
  interval: number | undefined,
  { options }: Arguments,
): Promise<number> {
  const { folder } = writer;
  const { totalSteps } = config;
  const clock = new CheckpointClock(interval);
  const course = courseOf(earlier);
  const curve = () => curveOf(config, agent.env.spec, course.elements);
  const start = performance.now();
  const startSteps = agent.steps;
  const elapsed = (): number => (performance.now() - start) / 1000;
  let last = earlier.at(-1);
  const isDone = (): boolean =>
    interruption.exitCode !== undefined || (options.has("stop-when-solved") && (last?.solvedAtStep ?? null) !== null);

  reporter.begin(beginningOf(config, folder, agent));
  for (const note of notes) reporter.note(note);
  let seconds = 0;
  try {
    const strictMonitor = options.has("strict-monitor");
    const training = agent.train({ totalSteps, strictMonitor });
    let findings = 0;
    while (!isDone()) {
      const { value: iteration } = await training.next();
      if (iteration === undefined) break;
      last = iteration;
      course.add(iteration);
      writer.append(iteration);
      reporter.iteration(iteration, {
        totalSteps,
        stepsPerSecond: (agent.steps - startSteps) / elapsed(),
        best: evaluator?.best?.meanReturn,
      });
      for (const { since, message } of strictMonitor ? [] : agent.findings.slice(findings))
        reporter.note(`since iteration ${since}: ${message}`);
      findings = agent.findings.length;
      const evaluation = evaluator?.evaluate(agent.policy, iteration);
      if (evaluation !== undefined) {
        const isBest = evaluation === evaluator?.best;
        writer.appendEvaluation(evaluation);
        reporter.evaluation(evaluation, isBest);
        if (isBest) await writer.saveBest(agent);
      }
      if (!isDone() && clock.isDue(iteration.iteration))
        await clock.time(() => writer.saveCheckpoint(agent.checkpoint()));
    }
    seconds = elapsed();
    await writer.saveCheckpoint(agent.checkpoint());
    await agent.savePolicy(folder.file("policy"));
    await writeFile(folder.file("curve"), svgPlot(curve()));
    await writer.saveResult(outcomeOf(config, agent, last, evaluator), seconds);
  } catch (error) {
    reporter.clear();
    // A disk that is full, say: the training itself is all right, and goes on from its last checkpoint.
    if (error instanceof FileFormatError) reporter.note(goOnWith(folder));
    else if (error instanceof TrainingError) await keepStopped(writer, agent, reporter);
    else await keepFailed(folder, agent, curve(), reporter);
    throw error;
  }
  if (interruption.exitCode !== undefined) {
    reporter.clear();
    reporter.note(`interrupted after ${agent.steps} steps; saved ${folder.file("checkpoint")}`);
    reporter.note(goOnWith(folder));
    return interruption.exitCode;
  }
  reporter.end(
    { ...outcomeOf(config, agent, last, evaluator), seconds, stepsPerSecond: (agent.steps - startSteps) / seconds },
    curve(),
    `files in ${printable(folder.path)}:\n  ${filesOf(folder).join(", ")}`,
  );
  return 0;
}

/** What a run has left, for people: the policies first. */
function filesOf(folder: RunFolder): string[] {
  const kinds = ["policy", "best", "curve", "metrics", "evaluations", "config", "result", "checkpoint"] as const;
  return [...kinds.filter((kind) => folder.has(kind)).map((kind) => runFiles[kind]), ...eventFilesIn(folder.path)];
}

function goOnWith({ path }: RunFolder): string {
  // What begins with a dash would be an option.
  return `go on with: ${pasteable(["train", "--resume", path.startsWith("-") ? `./${path}` : path])}`;
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

/** Writes all of a training that the monitor has stopped, which could go on. */
async function keepStopped(writer: RunWriter, agent: PPO, reporter: Reporter): Promise<void> {
  await writer.saveCheckpoint(agent.checkpoint());
  await agent.savePolicy(writer.folder.file("policy"));
  reporter.note(`stopped by the monitor after ${agent.steps} steps; saved ${writer.folder.file("checkpoint")}`);
  reporter.note(goOnWith(writer.folder));
}

/** Writes what a failed training came to beside the last good policy and checkpoint, which stay as they are. */
async function keepFailed(folder: RunFolder, agent: PPO, curve: Chart, reporter: Reporter): Promise<void> {
  try {
    const path = folder.file("failedPolicy");
    await writeFile(folder.file("curve"), svgPlot(curve));
    await agent.savePolicy(path);
    reporter.note(`the training failed; its policy is in ${path}, the last good checkpoint stays`);
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
  const evaluator = await Evaluator.create(config, []);
  const writer = await RunWriter.create(textOption(args, "out"), config, agent.checkpoint());
  return { agent, writer, config, evaluator, earlier: [], notes: vector.notes ?? [] };
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
  if (system === undefined) return changed(presetFor(env), given);
  return presetOf(system as System, await taskOfEnvironment(env), given);
}

async function resumeRun(args: Arguments): Promise<Run> {
  expectOperands({ ...trainCommand, operands: "--resume DIR" }, args, 0, 0);
  const flags = ["num-envs", "preset", "out", "eval-every", "eval-episodes"];
  const fixed = [...Object.keys(args.hyperparameters), ...flags.filter((flag) => args.options.has(flag))];
  if (fixed.length > 0) {
    throw new ConfigurationError(
      `--resume: ${fixed.join(", ")} cannot change, the run goes on with what it has; only --total-steps can`,
    );
  }
  const { folder, file } = RunFolder.at(textOption(args, "resume") as string, "checkpoint");
  const writer = RunWriter.resume(folder);
  try {
    const saved = await folder.readConfig();
    if (folder.readResult()?.thinned)
      throw new ConfigurationError(`--resume: ${folder.path} is a published run, of which there are figures alone`);
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
    if (!hasCheckpoint) notes.unshift(`${file}: no such file; the run begins again from its configuration`);
    return { agent, writer, config, evaluator, earlier: iterations, notes: [...notes, ...(vector.notes ?? [])] };
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** What has been trained cannot be taken back; to ask for what the run was to have anyway is no mistake. */
function checkTotalSteps(totalSteps: number, agent: PPO, saved: RunConfig): void {
  const { numSteps } = agent.config;
  const needed = Math.ceil(totalSteps / (saved.numEnvs * numSteps));
  if (totalSteps === saved.totalSteps || needed >= agent.iteration) return;
  throw new ConfigurationError(
    `--total-steps: ${totalSteps} is less than the ${agent.steps} that the run has behind it`,
  );
}

function curveOf({ env, seed }: RunConfig, spec: EnvSpec | undefined, progress: readonly Progress[]) {
  return learningCurve(`${env}, seed ${seed}`, [seriesOf(`seed ${seed}`, progress)], spec);
}
