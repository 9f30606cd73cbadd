// The loop of a training: an iteration, what is written and shown of it, and what is saved.

import type { EnvSpec } from "../../envs/env.ts";
import { writeFile } from "../../io/files.ts";
import type { PPO } from "../../ppo/agent.ts";
import { eventFilesIn } from "../event-files.ts";
import type { Interruption } from "../interruption.ts";
import { courseOf, learningCurve, type Progress, seriesOf } from "../learning-curve.ts";
import { type Arguments, integerOption } from "../options.ts";
import type { Reporter } from "../reporters.ts";
import { outcomeOf } from "../result.ts";
import type { RunConfig } from "../run-config.ts";
import { type RunFolder, runFiles } from "../run-folder.ts";
import { svgPlot } from "../svg-plot.ts";
import { goOnWith, printable } from "../text.ts";
import { CheckpointClock } from "./checkpoint-clock.ts";
import { keepUnfinished } from "./failures.ts";
import type { Run } from "./run.ts";

/** What was asked of a training that is no part of the run: when it saves, and when it ends before its end. */
export interface Manner {
  /** Iterations from one checkpoint to the next; by time where there is none. */
  readonly checkpointInterval: number | undefined;
  readonly strictMonitor: boolean;
  readonly stopWhenSolved: boolean;
}

export function mannerOf(args: Arguments): Manner {
  return {
    checkpointInterval: integerOption(args, "checkpoint-interval", 1),
    strictMonitor: args.options.has("strict-monitor"),
    stopWhenSolved: args.options.has("stop-when-solved"),
  };
}

/** @returns the exit code: 0, or that of the signal by which it was interrupted */
export async function trainRun(
  run: Run,
  { checkpointInterval, strictMonitor, stopWhenSolved }: Manner,
  reporter: Reporter,
  interruption: Interruption,
): Promise<number> {
  const { agent, writer, config, evaluator, earlier, notes } = run;
  const { folder } = writer;
  const { totalSteps } = config;
  const clock = new CheckpointClock(checkpointInterval);
  const course = courseOf(earlier);
  const curve = () => curveOf(config, agent.env.spec, course.elements);
  const start = performance.now();
  const startSteps = agent.steps;
  const elapsed = (): number => (performance.now() - start) / 1000;
  let last = earlier.at(-1);
  const isDone = (): boolean =>
    interruption.exitCode !== undefined || (stopWhenSolved && (last?.solvedAtStep ?? null) !== null);

  reporter.begin(beginningOf(config, folder, agent));
  for (const note of notes) reporter.note(note);
  let seconds = 0;
  try {
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
    await keepUnfinished(run, error, curve(), reporter);
    throw error;
  }
  if (interruption.exitCode !== undefined) {
    reporter.clear();
    interruption.say(`interrupted after ${agent.steps} steps; saved ${folder.file("checkpoint")}`);
    interruption.say(goOnWith(folder.path));
    return interruption.exitCode;
  }
  reporter.end(
    { ...outcomeOf(config, agent, last, evaluator), seconds, stepsPerSecond: (agent.steps - startSteps) / seconds },
    curve(),
    `files in ${printable(folder.path)}:\n  ${filesOf(folder).join(", ")}`,
  );
  return 0;
}

function beginningOf({ env, seed, numEnvs, totalSteps }: RunConfig, folder: RunFolder, agent: PPO): string {
  const steps = agent.steps > 0 ? `going on after ${agent.steps} steps` : `${totalSteps} steps`;
  return `training ${env}, seed ${seed}, ${numEnvs} environments, ${steps}, in ${folder.path}`;
}

/** What a run has left, for people: the policies first. */
function filesOf(folder: RunFolder): string[] {
  const kinds = ["policy", "best", "curve", "metrics", "evaluations", "config", "result", "checkpoint"] as const;
  return [...kinds.filter((kind) => folder.has(kind)).map((kind) => runFiles[kind]), ...eventFilesIn(folder.path)];
}

function curveOf({ env, seed }: RunConfig, spec: EnvSpec | undefined, progress: readonly Progress[]) {
  return learningCurve(`${env}, seed ${seed}`, [seriesOf(`seed ${seed}`, progress)], spec);
}
