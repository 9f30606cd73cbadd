// `proximal train --seeds`: the same training with several seeds, as many at once as there are cores.

import { availableParallelism } from "node:os";
import { writeFile } from "../../io/files.ts";
import { Interruption } from "../interruption.ts";
import { counted, grouped } from "../numbers.ts";
import { type Arguments, integerOption } from "../options.ts";
import { canBeRedrawn } from "../reporters.ts";
import { seedChart } from "../seed-curves.ts";
import { encodeSummary, type SeedSummary, summaryOf } from "../seed-summary.ts";
import { svgPlot } from "../svg-plot.ts";
import { standardOutput } from "../terminal.ts";
import { goOnWith, printable } from "../text.ts";
import type { Manner } from "../training/loop.ts";
import { type HeldFolder, resumeSeeds, startSeeds } from "./folder.ts";
import { Pool } from "./pool.ts";
import { jsonPoolReporter, linePoolReporter, livePoolReporter, type PoolReporter } from "./reporters.ts";
import { SeedRun, SeedRuns } from "./runs.ts";
import { listOf } from "./seeds.ts";

/** What each run is given of the options. */
const passedOn = ["total-steps", "checkpoint-interval", "tensorboard", "strict-monitor", "stop-when-solved"];

/** @returns the exit code: 0, 1 where a run failed, or that of the signal by which they were interrupted */
export async function trainSeeds(args: Arguments, { stopWhenSolved }: Manner): Promise<number> {
  const asked = integerOption(args, "workers", 1) ?? availableParallelism();
  const held = await (args.options.has("resume") ? resumeSeeds(args, stopWhenSolved) : startSeeds(args));
  const { folder, lock } = held;
  const runs = new SeedRuns(held.runs.map((run) => runOf(run)));
  const waiting = runs.all.filter((run) => run.stage === "waiting");
  const workers = Math.min(asked, waiting.length);
  const reporter = reporterFor(args, runs);
  const pool = new Pool(folder, waiting, optionsFor(args), reporter);
  const interruption = new Interruption(reporter.note, {
    first: "stopping each run after its iteration, then saving",
    stop: () => pool.stop(),
  });
  try {
    reporter.begin(beginningOf(held, workers));
    await pool.train(workers);
    reporter.clear();
    const summary = await summaryOf(folder, stopWhenSolved);
    await writeFile(folder.summaryFile, encodeSummary(summary));
    if (interruption.exitCode !== undefined) {
      interruption.say(interruptedText(runs));
      interruption.say(goOnWith(folder.path));
      return interruption.exitCode;
    }
    const curve = hasCurve(summary) ? await seedChart([folder]) : undefined;
    if (curve !== undefined) await writeFile(folder.curveFile, svgPlot(curve));
    const files = `${curve === undefined ? "" : "curve.svg, "}summary.json, and a folder for each seed`;
    reporter.end(summary, `files in ${printable(folder.path)}: ${files}`, curve);
    if (runs.count("failed") === 0) return 0;
    reporter.note(goOnWith(folder.path));
    return 1;
  } finally {
    reporter.clear();
    interruption.stopListening();
    lock.release();
  }
}

/** Whether every run has come to its end, and an episode has ended in each. */
function hasCurve({ runs }: SeedSummary): boolean {
  return runs.every(({ finished, meanReturn }) => finished && meanReturn !== null);
}

function runOf({ seed, totalSteps, steps, meanReturn, finished }: HeldFolder["runs"][number]): SeedRun {
  const run = new SeedRun(seed, totalSteps, steps, meanReturn);
  if (finished) run.stage = "done";
  return run;
}

function optionsFor({ options }: Arguments): string[] {
  return passedOn
    .filter((flag) => options.has(flag))
    .map((flag) => (options.get(flag) === true ? `--${flag}` : `--${flag}=${options.get(flag)}`));
}

function reporterFor(args: Arguments, runs: SeedRuns): PoolReporter {
  const output = standardOutput();
  if (args.options.has("json")) return jsonPoolReporter(output);
  return (canBeRedrawn(output) ? livePoolReporter : linePoolReporter)(output, runs);
}

function beginningOf({ folder, config, runs }: HeldFolder, workers: number): string {
  const seeds = listOf(runs.map(({ seed }) => seed));
  const before = runs.reduce((sum, { steps }) => sum + steps, 0);
  const all = runs.reduce((sum, { totalSteps }) => sum + totalSteps, 0);
  const steps = before > 0 ? `going on after ${before} of ${all} steps` : `${all} steps`;
  return `training ${config.env}, seeds ${seeds}, ${workers} at once, ${steps}, in ${folder.path}`;
}

function interruptedText(runs: SeedRuns): string {
  const { done, saved, failed, waiting } = {
    ...{ done: runs.count("done"), saved: runs.count("saved") },
    ...{ failed: runs.count("failed"), waiting: runs.count("waiting") },
  };
  const others = [
    ...(done > 0 ? [`${done} done`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(waiting > 0 ? [`${waiting} not begun`] : []),
  ];
  return [`interrupted after ${grouped(runs.steps)} steps; saved ${counted(saved, "run")}`, ...others].join(", ");
}
