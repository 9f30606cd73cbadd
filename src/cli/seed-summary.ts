// summary.json: what the runs of a folder of seeds have come to, one by one and together.

import { interquartileMeanInterval, interquartileMeanOf, meanOf, stdOf } from "../base/statistics.ts";
import { stringify } from "../io/json.ts";
import { stamped } from "../ppo/file-format.ts";
import type { RunConfig } from "./run-config.ts";
import type { RunFolder } from "./run-folder.ts";
import type { SeedFolder } from "./seed-folder.ts";

/** What the run of a seed has come to, so far or in the end. */
export interface SeedOutcome {
  readonly seed: number;
  /** Whether it has come to its end. */
  readonly finished: boolean;
  readonly steps: number;
  /** Over the last 100 training episodes; null where none has ended. */
  readonly meanReturn: number | null;
  readonly solvedAtStep: number | null;
  /** Of a finished run: SHA-256 of the final parameters' bytes, in the order of the policy's file. */
  readonly checksum: string | null;
}

/** What the runs of all seeds have come to. */
export interface SeedSummary {
  readonly env: string;
  /** In the order of the seeds. */
  readonly runs: readonly SeedOutcome[];
  /** The seeds of those that the figures are not of. */
  readonly unfinished: readonly number[];
  /** Of the mean returns of the runs that are finished; null where there is none. */
  readonly meanReturn: number | null;
  readonly stdReturn: number | null;
  readonly interquartileMeanReturn: number | null;
  /** The 95% bootstrap interval of the interquartile mean. */
  readonly intervalLow: number | null;
  readonly intervalHigh: number | null;
}

/**
 * What the runs of a folder have come to.
 * @param stopWhenSolved whether a run that is solved has come to its end
 * @throws FileFormatError where a file cannot be read; as `readConfig`
 */
export async function summaryOf(folder: SeedFolder, stopWhenSolved = false): Promise<SeedSummary> {
  const { seeds } = folder;
  const configs: RunConfig[] = [];
  for (const seed of seeds) configs.push(await folder.run(seed).readConfig());
  const runs = configs.map((config) => outcomeOfSeed(folder.run(config.seed), config, stopWhenSolved));
  const finished = runs.filter((run) => run.finished);
  const returns = finished.flatMap(({ meanReturn }) => meanReturn ?? []);
  const [intervalLow, intervalHigh] = returns.length === 0 ? [null, null] : interquartileMeanInterval(returns);
  const ofReturns = (statistic: (values: number[]) => number) => (returns.length === 0 ? null : statistic(returns));
  return {
    env: configs[0]?.env as string,
    runs,
    unfinished: runs.filter((run) => !run.finished).map(({ seed }) => seed),
    meanReturn: ofReturns(meanOf),
    stdReturn: ofReturns(stdOf),
    interquartileMeanReturn: ofReturns(interquartileMeanOf),
    intervalLow,
    intervalHigh,
  };
}

/** What a run has come to: by its result where it is finished, else by its last iteration. */
export function outcomeOfSeed(
  run: RunFolder,
  { seed, totalSteps }: Pick<RunConfig, "seed" | "totalSteps">,
  stopWhenSolved: boolean,
): SeedOutcome {
  const result = run.readResult();
  const isSolved = stopWhenSolved && (result?.solvedAtStep ?? null) !== null;
  if (result !== undefined && (result.steps >= totalSteps || isSolved)) {
    const { steps, meanReturn, solvedAtStep, checksum } = result;
    return { seed, finished: true, steps, meanReturn, solvedAtStep, checksum };
  }
  const { steps = 0, meanReturn = Number.NaN, solvedAtStep = null } = run.readLines("metrics").lines.at(-1) ?? {};
  const known = Number.isFinite(meanReturn) ? meanReturn : null;
  return { seed, finished: false, steps, meanReturn: known, solvedAtStep, checksum: null };
}

export function encodeSummary(summary: SeedSummary): string {
  return `${stringify(stamped("summary", summary), 2)}\n`;
}
