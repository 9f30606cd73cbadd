// What happened in an environment, kept to be compared: each reset and each step, with everything that came of it.

import { shown } from "../../base/ranges.ts";
import { type DataOf, type DataType, dataTypeOf, newArray, type Spec } from "../../base/spec.ts";
import { maskSizeOf, maskViolation } from "../../spaces/mask.ts";
import { isFlat } from "../../spaces/space.ts";
import type { AnyEnv, StepResult } from "../env.ts";
import type { Action } from "./actions.ts";

/** What came of a step, or of a reset. */
export interface Moment {
  /** What was done; undefined where it was a reset. */
  readonly action: Action | undefined;
  /** What that reset was given. */
  readonly seed?: number | undefined;
  /** In the flat form of its space, a copy. */
  readonly observation: DataOf;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** What may be done next; undefined where there are no masks. */
  readonly mask: Uint8Array | undefined;
}

/** What an environment does that ends all comparing: what it gave cannot be read. */
export class Unreadable extends Error {
  readonly rule: string;
  readonly expected: string;

  constructor(rule: string, found: string, expected: string) {
    super(found);
    this.rule = rule;
    this.expected = expected;
  }
}

/** Where to write: nothing, or what is full of other numbers. */
export type Into = "none" | "given";

/** Says what else is wrong with an observation, a result or a mask, beside what cannot be read at all. */
export type Report = (rule: string, found: string, expected: string, kind?: "note") => void;

const nothing: Report = () => {};

/** Does what was done in `moment`, and says what comes of it. @throws Unreadable */
export function moved(
  env: AnyEnv,
  { action, seed }: Pick<Moment, "action" | "seed">,
  into: Into = "none",
  report: Report = nothing,
): Moment {
  const place = into === "none" ? undefined : overwritten(env.observationSpace.empty());
  if (action === undefined) {
    const given = env.reset(seed === undefined ? undefined : { seed }, place);
    const observation = flattened(env, given, "reset returned", report);
    return { action, seed, observation, reward: 0, terminated: false, truncated: false, mask: maskOf(env, into) };
  }
  const own = { observation: place, reward: Number.NaN, terminated: true, truncated: true };
  const result: StepResult<unknown> = env.step(action, into === "none" ? undefined : own);
  const { reward, terminated, truncated } = readable(result, report);
  const observation = flattened(env, result.observation, "the observation of step is", report);
  const isOver = terminated || truncated;
  return { action, observation, reward, terminated, truncated, mask: isOver ? undefined : maskOf(env, into) };
}

function readable(result: StepResult<unknown>, report: Report): StepResult<unknown> {
  const right = "{ observation, reward, terminated, truncated }, at once";
  if (typeof result !== "object" || result === null || !("observation" in result))
    throw new Unreadable("results", `step returned ${shown(result)}`, `it has to return ${right}`);
  for (const name of ["terminated", "truncated"] as const) {
    if (typeof result[name] === "boolean") continue;
    const found = `${name} is ${shown(result[name])}`;
    const expected = "it has to be true or false: terminated at an end of its own, truncated where it is cut off";
    report("ends", found, expected);
  }
  const { reward } = result;
  if (typeof reward !== "number" || !Number.isFinite(Math.fround(reward)))
    report("rewards", `the reward is ${shown(reward)}`, "it has to be a finite float32");
  return result;
}

function flattened(env: AnyEnv, given: unknown, subject: string, report: Report): DataOf {
  const { observationSpace: space } = env;
  const row = newArray(space.flat);
  const violation = given === undefined ? { at: "", value: given, expected: "" } : space.flatten(given, row);
  if (violation !== undefined) {
    const found = violation.at === "" ? subject : `${subject} one whose ${violation.at.replace(/^\./, "")} is`;
    const expected = `it has to be ${violation.expected || `in ${space}`}`;
    throw new Unreadable("observations", `${found} ${shown(violation.value)}`, expected);
  }
  if (isFlat(space) && typeof given !== "number" && dataTypeOf(given) !== space.flat.dtype)
    report("observations", `${subject} ${shown(given)}`, `it has to be ${arrayOf(space.flat)}`);
  else if (!space.contains(given)) beyond(env, row, report);
  return row;
}

function arrayOf({ dtype, shape }: Spec<DataType>): string {
  return `a ${newArray({ shape: [0], dtype }).constructor.name} of ${shape.reduce((a, b) => a * b, 1)}`;
}

/** Environments overstep bounds by a rounding, which is no matter. */
function beyond(env: AnyEnv, row: DataOf, report: Report): void {
  const { observationSpace: space } = env;
  const { low, high } = space as { low?: DataOf; high?: DataOf };
  const right = "bounds are best those of what can be seen";
  if (low === undefined || high === undefined) {
    report("observations", `one is not in ${space}`, right, "note");
    return;
  }
  const bounds = (index: number) => [low[index], high[index]] as [number, number];
  for (const [index, number] of row.entries()) {
    const [from, to] = bounds(index);
    if (number >= from - 1e-5 * (1 + Math.abs(from)) && number <= to + 1e-5 * (1 + Math.abs(to))) continue;
    report("observations", `observation[${index}] is ${number}, and its bounds ${from} and ${to}`, right, "note");
    return;
  }
}

/** @throws Unreadable for what is no mask */
function maskOf(env: AnyEnv, into: Into): Uint8Array | undefined {
  if (env.actionMask === undefined) return undefined;
  const { actionSpace: space } = env;
  const length = maskSizeOf(space);
  if (length === 0) throw new Unreadable("masks", `it has actionMask`, `actions of ${space} cannot be masked`);
  const mask = env.actionMask(into === "none" ? undefined : new Uint8Array(length).fill(1));
  const violation = maskViolation(space, mask);
  if (violation === undefined) return Uint8Array.from(mask);
  throw new Unreadable(
    "masks",
    `actionMask${violation.at} is ${shown(violation.value)}`,
    `it has to be ${violation.expected}`,
  );
}

/** Other numbers than an environment would write, as far as that can be said of a space. */
function overwritten(element: unknown): unknown {
  if (dataTypeOf(element) !== undefined) (element as DataOf).fill(77);
  else if (typeof element === "object" && element !== null) Object.values(element).forEach(overwritten);
  return element;
}

/** The first difference between what happened and what was to happen, in words; undefined where there is none. */
export function difference(now: Moment, then: Moment): string | undefined {
  for (let index = 0; index < now.observation.length; index++) {
    const [is, was] = [now.observation[index], then.observation[index]];
    if (!Object.is(is, was)) return `observation[${index}] is ${is} instead of ${was}`;
  }
  for (const name of ["reward", "terminated", "truncated"] as const) {
    if (!Object.is(now[name], then[name])) return `${name} is ${now[name]} instead of ${then[name]}`;
  }
  if (String(now.mask) === String(then.mask)) return undefined;
  return `actionMask is [${now.mask}] instead of [${then.mask}]`;
}

/** Whether an episode is over with it. */
export function isEnd({ terminated, truncated }: Moment): boolean {
  return terminated || truncated;
}

/** `at step 7` or `in the reset after step 7` */
export function placeOf(trace: readonly Moment[], index: number): string {
  const steps = trace.slice(0, index + 1).filter(({ action }) => action !== undefined).length;
  if (trace[index]?.action !== undefined) return `at step ${steps}`;
  return steps === 0 ? "in the first reset" : `in the reset after step ${steps}`;
}

/**
 * Does all that was done in a trace, from `from` to before `to`, in another environment or again.
 * @returns the first difference and its place; undefined where everything is as it was, bit by bit
 */
export function replayed(
  env: AnyEnv,
  trace: readonly Moment[],
  { from = 0, to = trace.length, into = "none" as Into } = {},
): string | undefined {
  for (let index = from; index < Math.min(to, trace.length); index++) {
    const then = trace[index] as Moment;
    const differs = difference(moved(env, then, into), then);
    if (differs !== undefined) return `${differs} ${placeOf(trace, index)}`;
  }
  return undefined;
}
