// A run as it is published: what it ran with, what it has come to, and a thinned course of it. That is a few kilobytes,
// and enough to train it again and compare: a different bit anywhere is a different checksum in the end.

import { writeFileSync } from "node:fs";
import { ConfigurationError, type Iteration } from "proximal";
import { encodeLine, published } from "#cli/metrics-file";
import { encodeResult } from "#cli/result";
import { encodeConfig } from "#cli/run-config";
import { makeFolder, RunFolder } from "#cli/run-folder";
import { Thinned } from "#cli/thinned";

/**
 * Publishes a run that has come to its end in a folder of its own, in place of what was published there.
 * @param lines of its metrics about so many are kept, the first and the last among them
 * @param at beside them the last lines by these steps
 * @throws ConfigurationError for a run that has not; FileFormatError where a file cannot be read or written
 */
export async function publish(
  run: RunFolder,
  path: string,
  { lines: most, at }: { readonly lines: number; readonly at: readonly number[] },
): Promise<void> {
  const config = await run.readConfig();
  const result = run.readResult();
  if (result?.thinned) throw new ConfigurationError(`${run.path}: it is published already`);
  const { lines } = run.readLines("metrics");
  const last = lines.at(-1);
  if (last === undefined || result?.steps !== last.steps || last.steps < config.totalSteps)
    throw new ConfigurationError(`${run.path}: it has not come to its end; go on with it first`);
  const course = new Thinned<Iteration>(most);
  for (const line of lines) course.add(line);
  const kept = new Set([...course.elements, ...at.map((steps) => lines.findLast((line) => line.steps <= steps))]);
  const to = new RunFolder(path);
  makeFolder(path);
  const texts = lines.filter((line) => kept.has(line)).map((line) => encodeLine(published(line)));
  writeFileSync(to.file("metrics"), texts.join(""));
  if (run.has("evaluations")) writeFileSync(to.file("evaluations"), run.readText("evaluations"));
  writeFileSync(to.file("result"), encodeResult({ ...result, thinned: true }));
  writeFileSync(to.file("config"), encodeConfig(config));
}
