// What is kept of a training that an error ends.

import { FileFormatError, TrainingError } from "../../base/errors.ts";
import { writeFile } from "../../io/files.ts";
import type { Chart } from "../chart.ts";
import type { Reporter } from "../reporters.ts";
import { svgPlot } from "../svg-plot.ts";
import { goOnWith } from "../text.ts";
import type { Run } from "./run.ts";

/** Saves what can be gone on with or looked at, and says where it is. */
export async function keepUnfinished(run: Run, error: unknown, curve: Chart, reporter: Reporter): Promise<void> {
  reporter.clear();
  // A disk that is full, say: the training itself is all right, and goes on from its last checkpoint.
  if (error instanceof FileFormatError) reporter.note(goOnWith(run.writer.folder.path));
  else if (error instanceof TrainingError) await keepStopped(run, reporter);
  else await keepFailed(run, curve, reporter);
}

/** Writes all of a training that the monitor has stopped, which could go on. */
async function keepStopped({ agent, writer }: Run, reporter: Reporter): Promise<void> {
  const { folder } = writer;
  await writer.saveCheckpoint(agent.checkpoint());
  await agent.savePolicy(folder.file("policy"));
  reporter.note(`stopped by the monitor after ${agent.steps} steps; saved ${folder.file("checkpoint")}`);
  reporter.note(goOnWith(folder.path));
}

/** Writes what a failed training came to beside the last good policy and checkpoint, which stay as they are. */
async function keepFailed({ agent, writer: { folder } }: Run, curve: Chart, reporter: Reporter): Promise<void> {
  try {
    const path = folder.file("failedPolicy");
    await writeFile(folder.file("curve"), svgPlot(curve));
    await agent.savePolicy(path);
    reporter.note(`the training failed; its policy is in ${path}, the last good checkpoint stays`);
  } catch (error) {
    reporter.note(`the training failed, and so did saving what it came to: ${(error as Error).message}`);
  }
}
