// `proximal plot`: what runs have learnt, as a picture.

import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { writeFile } from "../io/files.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { registerEnvironment } from "./families.ts";
import { courseOf, learningCurve, seriesOf } from "./learning-curve.ts";
import { type Arguments, type Command, expectOperands, textOption } from "./options.ts";
import { RunFolder } from "./run-folder.ts";
import { svgPlot } from "./svg-plot.ts";
import { standardOutput } from "./terminal.ts";
import { terminalPlot } from "./terminal-plot.ts";
import { printable } from "./text.ts";

export const plotCommand: Command = {
  name: "plot",
  operands: "<run...>",
  summary: "Draws the learning curves of one or several runs of an environment, on the terminal and as SVG.",
  example: "proximal plot runs/CartPole-v1-seed1 runs/CartPole-v1-seed2 --out curves.svg",
  options: [{ flag: "out", value: "FILE", meaning: "the SVG file", fallback: "curve.svg of a single run" }],
};

export async function plot(args: Arguments): Promise<number> {
  expectOperands(plotCommand, args, 1, Number.POSITIVE_INFINITY);
  const folders = args.operands.map((path) => RunFolder.open(path));
  const configs = await Promise.all(folders.map((folder) => folder.readConfig()));
  const { env } = configs[0] as (typeof configs)[number];
  const other = configs.findIndex((config) => config.env !== env);
  if (other >= 0) {
    throw new ConfigurationError(
      `plot: ${args.operands[other]} is of ${configs[other]?.env}, the first run of ${env}; plot them apart`,
    );
  }
  const series = folders.map((folder, index) => {
    const progress = seriesOf(labelOf(folders, index), courseOf(metricsOf(folder)).elements);
    if (progress.points.length === 0) throw new ConfigurationError(`plot: no episode has ended in ${folder.path}`);
    return progress;
  });
  const title = folders.length === 1 ? `${env}, ${series[0]?.label}` : `${env}, ${folders.length} runs`;
  const chart = learningCurve(title, series, await registerEnvironment(env));
  const path = textOption(args, "out") ?? (folders.length === 1 ? folders[0]?.file("curve") : undefined);
  if (path !== undefined) await writeFile(path, svgPlot(chart));
  const output = standardOutput();
  output.write(`${terminalPlot(chart, Math.max(40, Math.min(output.width, 100)), 18)}\n`);
  if (path !== undefined) output.write(`wrote ${printable(path)}\n`);
  return 0;

  /** By the seed where that tells the runs apart, else by the folder. */
  function labelOf(all: readonly RunFolder[], index: number): string {
    const seeds = new Set(configs.map(({ seed }) => seed));
    return seeds.size === all.length ? `seed ${configs[index]?.seed}` : printable(all[index]?.path ?? "");
  }
}

/** The iterations of a run. A last line that is cut short is being written, or was when the run was killed. */
function metricsOf(folder: RunFolder): readonly Iteration[] {
  const { lines, damage } = folder.readLines("metrics");
  if (damage === undefined || damage.endsWith("cut short")) return lines;
  throw new FileFormatError(`${folder.file("metrics")}: ${damage}`);
}
