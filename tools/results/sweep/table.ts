// A sweep as a table in Markdown, the best setting first.

import { grouped } from "#cli/numbers";
import { meanOf } from "../../../src/base/statistics.ts";
import { table, written } from "../markdown.ts";
import type { Log, Trial } from "./log.ts";
import { keyOf, type Setting } from "./plan.ts";

export function tableOf({ head, trials }: Log): string {
  const bySetting = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = keyOf(trial.setting);
    bySetting.set(key, [...(bySetting.get(key) ?? []), trial]);
  }
  const last = head.at.length - 1;
  const rows = [...bySetting.values()].map((own) => ({
    own,
    means: head.at.map((_, index) => meanAt(own, index)),
    failures: own.filter(({ error }) => error !== undefined).length,
  }));
  rows.sort((a, b) => a.failures - b.failures || (b.means[last] as number) - (a.means[last] as number));
  return table({
    columns: [
      "setting",
      ...head.at.map((steps) => grouped(steps)),
      `by seed, after ${grouped(head.at[last] as number)}`,
    ],
    rows: rows.map(({ own, means }) => [
      settingText((own[0] as Trial).setting),
      ...means.map((mean) => (Number.isFinite(mean) ? written(mean) : "")),
      own.map((trial) => `${trial.seed}: ${endOf(trial, last)}`).join(", "),
    ]),
  });
}

/** "numEnvs 64, hiddenSizes 128x128", or "the base" of what differs in nothing */
export function settingText(setting: Setting): string {
  const text = (value: unknown): string => (Array.isArray(value) ? value.join("x") : String(value));
  const names = Object.entries(setting).map(([name, value]) => `${name} ${text(value)}`);
  return names.length === 0 ? "the base" : names.join(", ");
}

function endOf({ returns, error }: Trial, last: number): string {
  if (error !== undefined) return "failed";
  const value = returns?.[last] ?? Number.NaN;
  return Number.isFinite(value) ? written(value) : "no episode";
}

/** Over the seeds whose training did not fail. */
function meanAt(trials: readonly Trial[], index: number): number {
  const returns = trials.flatMap(({ returns }) => (returns === undefined ? [] : [returns[index] ?? Number.NaN]));
  return returns.length === 0 ? Number.NEGATIVE_INFINITY : meanOf(returns);
}
