// The rules, one after the other. The first environment is played with random actions, and all that happens is
// recorded; what every other does is measured by that record.

import { ProximalError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";
import { type DataOf, newArray } from "../../base/spec.ts";
import { Engine } from "../../engine/engine.ts";
import { Discrete } from "../../spaces/discrete.ts";
import { maskSizeOf } from "../../spaces/mask.ts";
import { type AnyEnv, restoreTo, type StepResult, stateOf } from "../env.ts";
import { SyncVectorEnv } from "../sync-vector-env.ts";
import { drawAction, nonActions } from "./actions.ts";
import type { ConformanceFinding } from "./finding.ts";
import { stateDifference, strangeIn } from "./plain-state.ts";
import { sceneViolation } from "./scene-violation.ts";
import { difference, isEnd, type Moment, moved, placeOf, replayed, Unreadable } from "./trace.ts";
import { errorText, Trial, type TrialOptions } from "./trial.ts";

/** In the order in which they are looked at; the first makes the record, without which there are no others. */
const rules: Readonly<Record<string, (trial: Trial) => void | Promise<void>>> = {
  steps: (trial) => trial.record(),
  ends,
  seeds,
  "written results": writtenResults,
  state: states,
  refusals,
  masks,
  render,
  autoreset,
  allocation,
  close,
};

/** What is found in the environments that `make` makes. @throws what `make` throws */
export async function findingsOf(
  make: () => AnyEnv | Promise<AnyEnv>,
  options: TrialOptions,
): Promise<readonly ConformanceFinding[]> {
  const trial = new Trial(make, options, options.engine ?? (await Engine.create()));
  try {
    await trial.create();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    trial.report(error.rule, error.message, error.expected);
    return trial.findings;
  }
  for (const [name, check] of Object.entries(rules)) {
    try {
      await check(trial);
    } catch (error) {
      if (error instanceof Unreadable) trial.report(error.rule, error.message, error.expected);
      else trial.report(name, errorText(error).replace(/^threw Error: threw /, "it threw "), "it has to go on");
      if (trial.trace.length === 0 || name === "steps") break;
    }
  }
  return trial.findings;
}

function ends({ trace, report }: Trial): void {
  const over = trace.filter(isEnd);
  const steps = trace.filter(({ action }) => action !== undefined).length;
  if (over.length === 0) {
    const right = "more steps show what happens at an end";
    report("ends", `no episode ended in ${steps} steps of random actions`, right, "note");
  }
  if (over.length < 3 || over.some(({ terminated, truncated }) => terminated !== truncated)) return;
  const right = "an end of its own is terminated, one by a limit truncated, and only both at once are both";
  report("ends", `terminated and truncated are both true at each of ${over.length} ends`, right);
}

async function seeds(trial: Trial): Promise<void> {
  const { trace, report, first, seed } = trial;
  const right = "the same seed and actions have to give the same bytes: random numbers come from the seed alone";
  const other = replayed(await trial.create(), trace);
  if (other !== undefined) report("seeds", `in a second object with the same seed, ${other}`, right);
  const again = replayed(first, trace);
  if (again !== undefined)
    report("seeds", `after reset({ seed: ${seed} }) in an object that was used before, ${again}`, right);
  if (other !== undefined || again !== undefined) return;

  const bySeed = [seed, seed + 1, seed + 2].map((each) => beginning(trial, first, each));
  const goingOn = [0, 1, 2].map(() => beginning(trial, first));
  const isSeeded = bySeed.every((each, index) => index === 0 || !same(each, bySeed[index - 1]));
  if (isSeeded && goingOn.every((each) => same(each, goingOn[0])))
    report("seeds", "reset without a seed begins the same episode each time", "it has to let random numbers go on");
}

/** The first steps of an episode, with the same draws of actions each time. */
function beginning(trial: Trial, env: AnyEnv, seed?: number): Moment[] {
  const rng = trial.random();
  const trace = [moved(env, { action: undefined, seed })];
  while (trace.length < 20 && !isEnd(trace.at(-1) as Moment))
    trace.push(moved(env, { action: drawAction(env.actionSpace, rng, trace.at(-1)?.mask) }));
  return trace;
}

function same(a: readonly Moment[], b: readonly Moment[] | undefined): boolean {
  return a.length === b?.length && a.every((moment, index) => difference(moment, b[index] as Moment) === undefined);
}

async function writtenResults(trial: Trial): Promise<void> {
  const { trace, report } = trial;
  const written = replayed(await trial.create(), trace, { into: "given" });
  if (written !== undefined) {
    const right = "observation, reward, terminated and truncated all have to be written, or a result of its own given";
    report("written results", `where there are arrays to write into, ${written}`, right);
  }
  const env = await trial.create();
  const { observationSpace } = env;
  const kept = newArray(observationSpace.flat);
  let last: unknown;
  for (const [index, { action, seed }] of trace.slice(0, 50).entries()) {
    const given =
      action === undefined ? env.reset(seed === undefined ? undefined : { seed }) : env.step(action).observation;
    if (last !== undefined) {
      observationSpace.flatten(last, kept);
      const before = { ...(trace[index - 1] as Moment), observation: kept };
      const differs = difference(before, trace[index - 1] as Moment);
      if (differs !== undefined) {
        const found = `the next call wrote into an observation that was given ${placeOf(trace, index - 1)}: ${differs}`;
        report("written results", found, "without an array to write into, each observation is a new one");
        return;
      }
    }
    last = given;
  }
}

async function states(trial: Trial): Promise<void> {
  const { trace, report, first } = trial;
  const { state, restore } = first;
  if (typeof state !== typeof restore)
    return report("state", `it has ${state ? "state and no restore" : "restore and no state"}`, "it has both or none");
  if (state === undefined) return noState(trial);
  const strange = strangeIn(stateOf(first));
  if (strange !== undefined) {
    report("state", strange, "a state is numbers, texts, booleans, null, lists, plain objects and typed arrays");
    return;
  }
  const fresh = (await trial.create()) as AnyEnv;
  const beginning = structuredClone(stateOf(fresh));
  const env = await trial.create();
  const points = pointsIn(trial).map((index) => ({ index, given: {} as object, copy: {} as object }));
  for (const index of trace.keys()) {
    moved(env, trace[index] as Moment);
    const point = points.find((each) => each.index === index);
    if (point !== undefined) Object.assign(point, { given: stateOf(env), copy: structuredClone(stateOf(env)) });
    if (index > (points.at(-1)?.index as number)) break;
  }
  // The other object is new where it is restored for the first time: in the last episode.
  const envs = { "the same object": env, "a new object": await trial.create() };
  for (const point of points.reverse()) goesOn(trial, envs, point);
  restoreTo(env, beginning);
  const [one, other] = [fresh, env].map((each) => moved(each, { action: undefined })) as [Moment, Moment];
  const differs = difference(other, one);
  if (differs === undefined) return;
  report("state", `with the state from before the first reset, ${differs} in the first reset`, GOES_ON);
}

const GOES_ON = "a restored environment has to go on to the same bytes";

function noState({ report }: Trial): void {
  report("state", "it has no state and restore", "with them a training in it can be resumed", "note");
}

/** At the beginning, in the middle and around the end of an episode, and in the last. */
function pointsIn({ trace, end }: Trial): number[] {
  const last = end < 0 ? trace.length - 1 : end;
  const points = [0, 1, last >> 1, last - 1, last, last + 1, trace.length - 2];
  return [...new Set(points)].filter((index) => index >= 0 && index < trace.length).sort((a, b) => a - b);
}

function goesOn(
  trial: Trial,
  envs: Readonly<Record<string, AnyEnv>>,
  { index, given, copy }: { readonly index: number; readonly given: object; readonly copy: object },
): void {
  const { trace, report } = trial;
  const changed = stateDifference(given, copy);
  if (changed !== undefined) {
    const found = `what came later changed the state from ${placeOf(trace, index)}: ${changed}`;
    report("state", found, "a state has to be a copy");
  }
  const to = index + 100;
  for (const [name, each] of Object.entries(envs)) {
    restoreTo(each, structuredClone(copy));
    const differs = stateDifference(stateOf(each), copy);
    if (differs !== undefined) {
      const found = `the state right after restore is another in ${name}: ${differs}, from ${placeOf(trace, index)}`;
      report("state", found, "restore has to take back all that state gave");
    }
    if (threw(() => restoreTo(each, null)) === undefined)
      report("state", "restore(null) was taken", "what is no state has to be refused by an error");
    const mask = index < trace.length && !isEnd(trace[index] as Moment) ? trace[index]?.mask : undefined;
    const shows = mask && each.actionMask?.();
    const place = `restored in ${name} to what it was ${placeOf(trace, index)}`;
    if (shows && String(Array.from(shows)) !== String(Array.from(mask)))
      report("state", `${place}, actionMask is [${Array.from(shows)}] instead of [${mask}]`, GOES_ON);
    const then = replayed(each, trace, { from: index + 1, to });
    if (then !== undefined) report("state", `${place}, ${then}`, GOES_ON);
  }
}

async function refusals(trial: Trial): Promise<void> {
  const { trace, report, end } = trial;
  const env = await trial.create();
  refused(trial, env, trial.action(), "a step before the first reset");
  for (const [index, moment] of trace.entries()) {
    const differs = difference(moved(env, moment), moment);
    if (differs !== undefined) {
      const found = `after an action was refused, ${differs} ${placeOf(trace, index)}`;
      return report("refusals", found, "what is refused has to change nothing");
    }
    if (index === end) refused(trial, env, trial.action(), "a step after the end of an episode");
    if (index > 2 || isEnd(moment)) continue;
    for (const { name, value } of nonActions(env.actionSpace, trial.action()))
      if (!refused(trial, env, value, `step(${name})`)) return;
  }
}

/** Whether it was. */
function refused({ report }: Trial, env: AnyEnv, action: unknown, what: string): boolean {
  const error = threw(() => env.step(action));
  if (error === undefined) {
    report("refusals", `${what} was taken`, `it has to be refused by an error: ${what.replace(/\(.*/, "")}`);
  } else if (!(error instanceof ProximalError)) {
    const right = "an EnvironmentError that names the action says more";
    report("refusals", `${what} ${errorText(error)}`, right, "note");
  }
  return error !== undefined;
}

/** What it throws; undefined where it does not. */
function threw(body: () => unknown): unknown {
  try {
    body();
    return undefined;
  } catch (error) {
    return error ?? "nothing";
  }
}

/** That masks are right is seen with each step. */
function masks({ first, report }: Trial): void {
  if (first.actionMask !== undefined || first.actionSpace.choices.length === 0) return;
  report("masks", "it has no actionMask", "every action is then always allowed", "note");
}

async function render(trial: Trial): Promise<void> {
  const { trace, report, first } = trial;
  if (first.render === undefined)
    return report("render", "it has no render", "with it an episode can be looked at", "note");
  const env = await trial.create();
  for (const [index, moment] of trace.slice(0, 100).entries()) {
    const differs = difference(moved(env, moment), moment);
    if (differs !== undefined)
      return report("render", `after render, ${differs} ${placeOf(trace, index)}`, "it has to change nothing");
    const [scene, again] = [env.render?.(), env.render?.()];
    const violation = sceneViolation(scene);
    if (violation !== undefined) {
      const found = `render()${violation.at} is ${shown(violation.value)} ${placeOf(trace, index)}`;
      return report("render", found, `it has to be ${violation.expected}`);
    }
    const changed = stateDifference(again, scene, "render()");
    if (changed !== undefined)
      return report("render", `${changed} differs between two pictures of one moment`, "it has to be the same");
  }
}

/** Two side by side have to do what each does alone. */
async function autoreset(trial: Trial): Promise<void> {
  const { trace, report, seed } = trial;
  const vector = new SyncVectorEnv([await trial.create(), await trial.create()], { seed });
  const alone = [await trial.create(), await trial.create()];
  const { singleActionSpace: space, singleObservationSpace } = vector;
  const rng = trial.random();
  const actions = newArray({ shape: [2, ...space.shape], dtype: space.dtype });
  const size = actions.length / 2;
  const right =
    "side by side each has to do what it does alone, the last observation of an episode apart from the next";
  const rowOf = (array: DataOf, index: number) => {
    const { length } = newArray(singleObservationSpace.flat);
    return array.slice(index * length, (index + 1) * length) as DataOf;
  };
  vector.reset();
  let now = alone.map((env, index) => moved(env, { action: undefined, seed: seed + index }));
  for (let t = 0; t < trace.length; t++) {
    const drawn = now.map(({ mask }) => drawAction(space, rng, mask));
    for (const [index, action] of drawn.entries())
      if (typeof action === "number") actions[index] = action;
      else actions.set(action, index * size);
    vector.step(actions);
    for (const [index, env] of alone.entries()) {
      const last = moved(env, { action: drawn[index] });
      const next = isEnd(last) ? moved(env, { action: undefined }) : last;
      now = now.map((each, other) => (other === index ? next : each));
      const row: Moment = {
        ...last,
        observation: rowOf(isEnd(last) ? vector.finalObservations : vector.observations, index),
        reward: vector.rewards[index] as number,
        terminated: vector.terminated[index] === 1,
        truncated: vector.truncated[index] === 1,
      };
      const begun = { ...next, observation: rowOf(vector.observations, index) };
      const differs =
        difference(row, { ...last, reward: Math.fround(last.reward) }) ??
        (isEnd(last) ? difference(begun, next) : undefined);
      if (differs === undefined) continue;
      return report(
        "autoreset",
        `as environment ${index} of two in a SyncVectorEnv, ${differs} at step ${t + 1}`,
        right,
      );
    }
  }
}

/** Hot code is compiled within so many steps, or so many milliseconds. */
const WARM_UP = { steps: 30_000, milliseconds: 1500 };
const ATTEMPTS = 4;
const WINDOWS = 8;
const WINDOW_STEPS = 2000;
/**
 * Of a step, on average, in the best window: what compiling leaves comes in some of them, what a step leaves in all. It
 * is less than an array or a result takes; a number or two are the engine's affair.
 */
const MOST_BYTES = 32;

async function allocation(trial: Trial): Promise<void> {
  const { heapUsed, report, seed } = trial;
  if (heapUsed === undefined) return;
  const env = await trial.create();
  const actionAt = untouchedActions(trial, env);
  // Options that default to an object would make one.
  const noOptions = {};
  const observation = env.observationSpace.empty();
  const into: StepResult<unknown> = { observation, reward: 0, terminated: false, truncated: false };
  const run = (steps: number, milliseconds = Number.POSITIVE_INFINITY): number => {
    const start = milliseconds < Number.POSITIVE_INFINITY ? performance.now() : 0;
    for (let step = 0; step < steps; step++) {
      const { terminated, truncated } = env.step(actionAt(step), into);
      if (terminated || truncated) env.reset(noOptions, observation);
      if (start > 0 && step % 64 === 0 && performance.now() - start > milliseconds) return step;
    }
    return steps;
  };
  env.reset({ seed }, observation);
  let least = Number.POSITIVE_INFINITY;
  // An engine that has not compiled a function yet makes objects of its numbers.
  for (let attempt = 0; attempt < ATTEMPTS && least > MOST_BYTES; attempt++) {
    const done = run(WARM_UP.steps, WARM_UP.milliseconds);
    const steps = Math.min(WINDOW_STEPS, Math.max(64, Math.ceil(done / 10)));
    for (let window = 0; window < WINDOWS; window++) {
      const idle = heapUsed();
      const before = heapUsed();
      run(steps);
      // Asking allocates as well, which is no part of a step.
      const growth = heapUsed() - before - Math.max(0, before - idle);
      // Where the garbage collector ran in between, nothing can be said.
      if (growth >= 0) least = Math.min(least, growth / steps);
    }
  }
  if (least <= MOST_BYTES || least === Number.POSITIVE_INFINITY) return;
  const found = `a step allocates ${Math.round(least)} bytes`;
  report("allocation", found, "what writes into the arrays that it is given allocates nothing", "note");
}

/** Actions that are allowed, found without allocating anything. */
function untouchedActions(trial: Trial, env: AnyEnv): (step: number) => unknown {
  const rng = trial.random();
  const drawn = Array.from({ length: 64 }, () => trial.action(rng));
  if (env.actionMask === undefined) return (step) => drawn[step % 64];
  const { choices } = env.actionSpace;
  const place = new Uint8Array(maskSizeOf(env.actionSpace));
  const chosen = newArray(env.actionSpace);
  const start = env.actionSpace instanceof Discrete ? env.actionSpace.start : 0;
  return (step) => {
    const mask = env.actionMask?.(place.fill(1)) ?? place;
    for (let choice = 0, offset = 0; choice < choices.length; choice++) {
      const n = choices[choice] as number;
      let index = step % n;
      while (mask[offset + index] === 0) index = (index + 1) % n;
      chosen[choice] = start + index;
      offset += n;
    }
    return env.actionSpace.shape.length === 0 ? chosen[0] : chosen;
  };
}

function close({ made, report }: Trial): void {
  for (const env of made) {
    for (const time of ["close", "close for the second time"]) {
      const error = threw(() => env.close?.());
      if (error !== undefined) report("close", `${time} ${errorText(error)}`, "it may be called more than once");
    }
  }
}
