// What a sweep has come to: a line of what its trials have in common, and a line of each, in the order of the plan.

import { FileFormatError } from "../../../src/base/errors.ts";
import { within } from "../../../src/base/state.ts";
import { type Base, keyOf, type Plan, type Setting } from "./plan.ts";

/** The first line. */
export interface Head {
  readonly format: "sweep";
  readonly version: 1;
  readonly env: string;
  readonly totalSteps: number;
  readonly at: readonly number[];
  readonly common: Setting;
  /** What settings differ from, complete, by the environment's preset of when the sweep began. */
  readonly base: Base;
}

/** One setting by one seed. */
export interface Trial {
  readonly setting: Setting;
  readonly seed: number;
  /** The mean return of 100 episodes by each of the steps of `at`; null before the first episode ended. */
  readonly returns?: readonly (number | null)[];
  /** SHA-256 of the weights at the last of them. */
  readonly checksum?: string;
  /** Why the training failed, in the place of both. */
  readonly error?: string;
}

export interface Log {
  readonly head: Head;
  readonly trials: readonly Trial[];
}

export function encodeLog({ head, trials }: Log): string {
  return [head, ...trials].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** @throws FileFormatError for a text that is something else */
export function readLog(text: string): Log {
  const [head, ...trials] = text
    .trimEnd()
    .split("\n")
    .map((line, index) => within(`line ${index + 1}`, () => parsed(line))) as [Head, ...Trial[]];
  if (head?.format !== "sweep" || head.version !== 1) throw new FileFormatError("line 1: not a sweep of version 1");
  const wrong = trials.findIndex(
    ({ setting, seed, returns, error }) =>
      typeof setting !== "object" ||
      !Number.isSafeInteger(seed) ||
      !(typeof error === "string" || returns?.length === head.at.length),
  );
  if (wrong >= 0) throw new FileFormatError(`line ${wrong + 2}: not a trial`);
  return { head, trials };
}

/** @throws FileFormatError for the log of another plan */
export function checkLog({ head }: Log, plan: Plan): void {
  for (const name of ["env", "totalSteps", "at", "common"] as const) {
    const [before, now] = [head, plan].map((each) => JSON.stringify(each[name]));
    if (before === now) continue;
    throw new FileFormatError(`${name} is ${before}, that of the plan ${now}; another plan is another file`);
  }
}

/** The trials of a plan that a log has not. All settings by the first seed come first. */
export function missingIn({ trials }: Log, { seeds, settings }: Plan): { setting: Setting; seed: number }[] {
  const known = new Set(trials.map(nameOf));
  return seeds
    .flatMap((seed) => settings.map((setting) => ({ setting, seed })))
    .filter((trial) => !known.has(nameOf(trial)));
}

/** The log with one more trial: settings in the order of the plan, those that it no longer has after them. */
export function withTrial({ head, trials }: Log, trial: Trial, { settings }: Plan): Log {
  const keys = settings.map(keyOf);
  const all = [...trials, trial].map((each) => {
    const key = keyOf(each.setting);
    const at = keys.indexOf(key);
    return { each, key, at: at < 0 ? keys.length : at };
  });
  all.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : Number(a.key > b.key)) || a.each.seed - b.each.seed);
  return { head, trials: all.map(({ each }) => each) };
}

function nameOf({ setting, seed }: { readonly setting: Setting; readonly seed: number }): string {
  return `${keyOf(setting)} ${seed}`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FileFormatError("not JSON");
  }
}
