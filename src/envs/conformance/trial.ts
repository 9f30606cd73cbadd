// One environment under trial: what makes it, what was recorded of it, and what was found so far.

import { ConfigurationError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import { PCG64 } from "../../engine/random.ts";
import { checkActionSpace, checkSpace } from "../../spaces/check.ts";
import { type AnyEnv, checkEnv } from "../env.ts";
import { unwrapped } from "../wrappers/wrapper.ts";
import { type Action, drawAction } from "./actions.ts";
import type { ConformanceFinding, ConformanceOptions } from "./finding.ts";
import { isEnd, type Moment, moved, placeOf, type Report, Unreadable } from "./trace.ts";

/** The options, with seed and steps filled in. */
export type TrialOptions = ConformanceOptions & Required<Pick<ConformanceOptions, "seed" | "steps">>;

/** Steps are at most so many times as many as asked for, while no episode ends. */
const PATIENCE = 4;

/** What all rules share. */
export class Trial {
  readonly findings: ConformanceFinding[] = [];
  readonly seed: number;
  readonly heapUsed: (() => number) | undefined;
  /** All that happened in the first environment from its first reset on: the measure of all others. */
  readonly trace: Moment[] = [];
  readonly #make: () => AnyEnv | Promise<AnyEnv>;
  readonly #steps: number;
  readonly #engine: Engine;
  readonly #made: AnyEnv[] = [];

  constructor(make: () => AnyEnv | Promise<AnyEnv>, options: TrialOptions, engine: Engine) {
    this.#make = make;
    this.#steps = options.steps;
    this.#engine = engine;
    this.seed = options.seed;
    this.heapUsed = options.heapUsed;
  }

  /** The environment that was made first. */
  get first(): AnyEnv {
    return this.#made[0] as AnyEnv;
  }

  /** Every environment that was made. */
  get made(): readonly AnyEnv[] {
    return this.#made;
  }

  /** Where the first episode ends in the trace; -1 where none does. */
  get end(): number {
    return this.trace.findIndex(isEnd);
  }

  /** Says what was found; what breaks the same rule in the same way once more is not said again. */
  readonly report: Report = (rule, found, expected, kind) => {
    if (this.findings.some((other) => other.rule === rule && other.expected === expected)) return;
    this.findings.push({ kind: kind ?? "fault", rule, found, expected });
  };

  /** Random numbers for actions: the same each time. */
  random(): PCG64 {
    return new PCG64(this.#engine, this.seed);
  }

  /** A random action of the first environment, whatever is allowed. */
  action(rng: PCG64 = this.random()): Action {
    return drawAction(this.first.actionSpace, rng);
  }

  /** Another environment. @throws what `make` throws */
  async create(): Promise<AnyEnv> {
    const env = await this.#make();
    try {
      checkEnv("make", env);
      checkSpace("observationSpace", env.observationSpace);
      checkActionSpace("actionSpace", env.actionSpace);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new Unreadable("spaces", error.message, "an environment has reset, step and two spaces");
    }
    if (this.#made.some((other) => unwrapped(other) === unwrapped(env)))
      throw new Unreadable("seeds", "the same object was made twice", "each has to be an object of its own");
    this.#made.push(env);
    for (const name of ["observationSpace", "actionSpace"] as const) {
      if (env[name].equals(this.first[name])) continue;
      const found = `${name} is ${this.first[name]} in one object and ${shown(env[name].toString())} in another`;
      this.report("spaces", found, "all that are made alike have the same spaces");
    }
    return env;
  }

  /** Fills the trace. @throws Unreadable */
  record(): void {
    const env = this.first;
    const rng = this.random();
    const { trace } = this;
    const move = (action?: Action, seed?: number): void => {
      const report: Report = (rule, found, expected, kind) =>
        this.report(rule, `${found} ${action === undefined ? "in a reset" : `at step ${steps + 1}`}`, expected, kind);
      try {
        trace.push(moved(env, { action, seed }, "none", report));
      } catch (error) {
        throw located(error, action === undefined ? placeOf(trace, trace.length) : `at step ${steps + 1}`);
      }
    };
    let steps = 0;
    move(undefined, this.seed);
    while (steps < this.#steps || (this.end < 0 && steps < PATIENCE * this.#steps)) {
      const last = trace.at(-1) as Moment;
      if (isEnd(last)) {
        move();
        continue;
      }
      move(drawAction(env.actionSpace, rng, last.mask));
      steps++;
    }
  }
}

/** An error that says where it happened. */
function located(error: unknown, place: string): unknown {
  if (error instanceof Unreadable) return new Unreadable(error.rule, `${error.message} ${place}`, error.expected);
  return new Error(`${errorText(error)} ${place}`);
}

/** `TypeError: x is undefined` */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${shown(error)}`;
  return `threw ${error.name === error.constructor.name ? error.name : error.constructor.name}: ${error.message}`;
}
