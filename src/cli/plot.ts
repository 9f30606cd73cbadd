// `proximal plot`: what runs have learnt, as a picture.

import { join } from "node:path";
import { ConfigurationError } from "../base/errors.ts";
import { writeFile } from "../io/files.ts";
import type { Chart } from "./chart.ts";
import { registerEnvironment } from "./families.ts";
import { learningCurve, savedCourse, seriesOf } from "./learning-curve.ts";
import { type Arguments, type Command, expectOperands, textOption } from "./options.ts";
import { RunFolder, runFiles } from "./run-folder.ts";
import { seedChart } from "./seed-curves.ts";
import { SeedFolder } from "./seed-folder.ts";
import { svgPlot } from "./svg-plot.ts";
import { standardOutput } from "./terminal.ts";
import { terminalPlot } from "./terminal-plot.ts";
import { printable } from "./text.ts";

export const plotCommand: Command = {
  name: "plot",
  operands: "<run...>",
  summary: "Draws the learning curves of runs, or of folders of seeds, on the terminal and as SVG.",
  example: "proximal plot runs/CartPole-v1-seed1 runs/CartPole-v1-seed2 --out curves.svg",
  options: [{ flag: "out", value: "FILE", meaning: "the SVG file", fallback: "curve.svg of a single run or folder" }],
};

export async function plot(args: Arguments): Promise<number> {
  expectOperands(plotCommand, args, 1, Number.POSITIVE_INFINITY);
  const { operands } = args;
  const chart = await (chartsSeeds(operands)
    ? seedChart(operands.map((path) => SeedFolder.open(path)))
    : runChart(operands.map((path) => RunFolder.open(path))));
  const own = operands.length === 1 ? join(operands[0] as string, runFiles.curve) : undefined;
  const path = textOption(args, "out") ?? own;
  if (path !== undefined) await writeFile(path, svgPlot(chart));
  const output = standardOutput();
  output.write(`${terminalPlot(chart, Math.max(40, Math.min(output.width, 100)), 18)}\n`);
  if (path !== undefined) output.write(`wrote ${printable(path)}\n`);
  return 0;
}

/**
 * Whether folders of seeds are named, and not runs.
 * @throws ConfigurationError where both are
 */
function chartsSeeds(paths: readonly string[]): boolean {
  const isOfSeeds = (path: string) => !new RunFolder(path).isRun && new SeedFolder(path).seeds.length > 0;
  const folder = paths.find(isOfSeeds);
  const other = paths.find((path) => !isOfSeeds(path));
  if (folder === undefined || other === undefined) return folder !== undefined;
  throw new ConfigurationError(`plot: ${folder} is a folder of seeds, and ${other} is none; plot them apart`);
}

/** @throws ConfigurationError where they are of several environments, or no episode has ended */
async function runChart(folders: readonly RunFolder[]): Promise<Chart> {
  const configs = await Promise.all(folders.map((folder) => folder.readConfig()));
  const { env } = configs[0] as (typeof configs)[number];
  const other = configs.findIndex((config) => config.env !== env);
  if (other >= 0) {
    throw new ConfigurationError(
      `plot: ${folders[other]?.path} is of ${configs[other]?.env}, the first run of ${env}; plot them apart`,
    );
  }
  const seeds = configs.map(({ seed }) => seed);
  const areToldApart = new Set(seeds).size === folders.length;
  const series = folders.map((folder, index) => {
    const label = areToldApart ? `seed ${seeds[index]}` : printable(folder.path);
    const progress = seriesOf(label, savedCourse(folder));
    if (progress.points.length === 0) throw new ConfigurationError(`plot: no episode has ended in ${folder.path}`);
    return progress;
  });
  const title = folders.length === 1 ? `${env}, ${series[0]?.label}` : `${env}, ${folders.length} runs`;
  return learningCurve(title, series, await registerEnvironment(env));
}
