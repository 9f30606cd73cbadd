// What the environments of this package are made from: random numbers from a seed, the order in which an episode
// happens, what is refused, and a state of typed arrays. What is left to each is its task: how an episode begins, what
// a step does, and what is seen.

import { EnvironmentError } from "../base/errors.ts";
import { anyState, checkNames } from "../base/ranges.ts";
import { type DataOf, type DataType, dataTypeOf } from "../base/spec.ts";
import { fields } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import { PCG64 } from "../engine/random.ts";
import type { ObservationSpace, Space } from "../spaces/space.ts";
import { type Env, refusedAction, type StepResult } from "./env.ts";

/** What an environment of this package is made with. */
export interface SimulationOptions {
  /** Of the random numbers, until `reset` gives another: 1 unless given. */
  readonly seed?: number;
}

/** An array that is part of the state. */
export interface Part {
  /** Its numbers, all finite. */
  readonly data: DataOf<DataType>;
  /** The least that each may be. */
  readonly from?: number;
  /** The greatest that each may be. */
  readonly to?: number;
}

const PHASES = ["new", "running", "terminated"] as const;

/**
 * An environment of this package.
 * @typeParam Action what an action is
 * @typeParam Observation what an observation is
 */
export abstract class Simulation<Action = number, Observation = Float32Array> implements Env<Action, Observation> {
  abstract readonly observationSpace: ObservationSpace;
  abstract readonly actionSpace: Space;
  /** The name by which errors know it. */
  readonly id: string;
  /** Whose random numbers, sine and cosine it uses. */
  protected readonly engine: Engine;
  /** Where it draws from. */
  protected random: PCG64;
  /** What the last step was worth. */
  protected reward = 0;
  /** Whether the last step ended the episode; false where an episode begins. */
  protected terminated = false;
  #phase: (typeof PHASES)[number] = "new";

  /**
   * @param engine whose random numbers, sine and cosine to use: they are the same on every machine
   * @param optionNames what there may be in `options` beside what `make` hands to a registration
   * @throws ConfigurationError for an unknown option, or a seed that is not an integer of at least 0
   */
  constructor(id: string, engine: Engine, options: SimulationOptions = {}, optionNames: readonly string[] = []) {
    checkNames(id, options, ["seed", "engine", ...optionNames]);
    this.id = id;
    this.engine = engine;
    this.random = new PCG64(engine, options.seed ?? 1);
  }

  /** The arrays that, with the random numbers, the future depends on, by name. */
  protected abstract readonly parts: Readonly<Record<string, Part>>;

  /** Begins an episode. */
  protected abstract begin(): void;

  /** Takes a step, and says what it came to in `reward` and `terminated`. @param action is in the action space */
  protected abstract advance(action: Action): void;

  /** Shows what is to be seen. @param into where to write it, where it is an array or an object */
  protected abstract observe(into: Observation): Observation;

  /** Makes of the parts, which have just been restored, whatever else there is. */
  protected restored(): void {}

  reset(options?: { seed?: number }, into?: Observation): Observation {
    if (options?.seed !== undefined) this.random = new PCG64(this.engine, options.seed);
    this.terminated = false;
    this.begin();
    this.#phase = "running";
    return this.observe(into ?? (this.observationSpace.empty() as Observation));
  }

  /** @throws EnvironmentError for what is no action, and when no episode is under way */
  step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    if (this.#phase !== "running") throw this.#outOfOrder();
    if (!this.actionSpace.contains(action)) throw refusedAction(this.id, this.actionSpace, action);
    this.advance(action);
    if (this.terminated) this.#phase = "terminated";
    const result = into ?? {
      observation: this.observationSpace.empty() as Observation,
      reward: 0,
      terminated: false,
      truncated: false,
    };
    result.observation = this.observe(result.observation);
    result.reward = this.reward;
    result.terminated = this.terminated;
    result.truncated = false;
    return result;
  }

  state(): object {
    const parts = Object.entries(this.parts).map(([name, { data }]) => [name, data.slice()]);
    return { phase: this.#phase, random: this.random.state(), ...Object.fromEntries(parts) };
  }

  /** @throws FileFormatError for what `state` did not give */
  restore(state: unknown): void {
    const arrays = Object.entries(this.parts).map(([name, { data, ...range }]) => {
      const { length } = data;
      return [name, { kind: "array", dtype: dataTypeOf(data), length, finite: true, ...range }] as const;
    });
    const saved: Readonly<Record<string, unknown>> = fields(state, {
      phase: { kind: "choice", choices: PHASES },
      random: anyState,
      ...Object.fromEntries(arrays),
    });
    this.random.restore(saved.random);
    for (const [name, { data }] of Object.entries(this.parts)) data.set(saved[name] as DataOf<DataType>);
    this.#phase = saved.phase as (typeof PHASES)[number];
    this.terminated = this.#phase === "terminated";
    this.restored();
  }

  #outOfOrder(): EnvironmentError {
    return new EnvironmentError(
      this.#phase === "new"
        ? `${this.id}: step before the first reset`
        : `${this.id}: step after the episode terminated; reset has to come first`,
    );
  }
}
