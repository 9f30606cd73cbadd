// One environment of a Python process.

import { EnvironmentError } from "../../base/errors.ts";
import { anyState, count, shown } from "../../base/ranges.ts";
import { dataTypes } from "../../base/spec.ts";
import { fields } from "../../base/state.ts";
import type { Observation, ObservationSpace, Space } from "../../spaces/space.ts";
import type { Env, StepResult } from "../env.ts";
import type { Scene } from "../scene.ts";
import type { PythonEnvironments } from "./environments.ts";
import { copied, type ResultRecord } from "./records.ts";

/** What an action of it is: a number where the action space has the shape [], else an array. */
type Action = number | Int32Array | Float32Array;

/** An environment of Gymnasium, by itself. */
export class GymnasiumEnv implements Env<Action, Observation> {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;
  /** What its actions do, where it says so, as in "FIRE". */
  readonly actionMeanings: readonly string[];
  /** The lives that are left, of a game that has lives. */
  lives = 0;
  readonly #envs: PythonEnvironments;
  readonly #index: number;
  readonly #action: InstanceType<(typeof dataTypes)[Space["dtype"]]["array"]>;
  readonly #mask: Uint8Array;
  #seed: number;
  #steps = 0;
  #phase: "new" | "running" | "over" = "new";

  /** The one at `index`. @param seed of the first reset, unless that gives another */
  constructor(envs: PythonEnvironments, index: number, seed: number) {
    this.observationSpace = envs.observationSpace;
    this.actionSpace = envs.actionSpace;
    this.actionMeanings = envs.process.greeting.actionMeanings;
    this.#envs = envs;
    this.#index = index;
    this.#seed = seed;
    const { shape, dtype } = envs.actionSpace;
    this.#action = new dataTypes[dtype].array(shape.reduce((product, size) => product * size, 1));
    this.#mask = new Uint8Array(envs.process.greeting.maskSize);
    // Who has these methods has masks, can be seen, and can be saved.
    if (this.#mask.length > 0) this.actionMask = () => this.#mask.slice();
    if (envs.process.greeting.isSeen) this.render = () => this.#render();
    if (envs.process.greeting.unsaved !== "") return;
    this.state = () => this.#state();
    this.restore = (state) => this.#restore(state);
  }

  /** Of an environment whose info has an action_mask. */
  actionMask?(): Uint8Array;
  /** Of an environment that Python can draw: one image, a pixel of which is a unit. */
  render?(): Scene;
  /** Of an environment that Python can pickle: its bytes, beside the order of the episode. */
  state?(): object;
  /** Takes back what `state` gave. It is unpickled, which may run any code: restore what you trust. */
  restore?(state: unknown): void;

  reset(options: { seed?: number } = {}, into?: Observation): Observation {
    const seed = options.seed ?? this.#seed;
    this.#seed = Number.NaN;
    const record = this.#envs.reset(this.#index, Float64Array.of(seed), this.#steps)[0] as ResultRecord;
    this.#phase = "running";
    this.#note(record);
    return written(record.observation, into);
  }

  /** @throws EnvironmentError for what is no action, when no episode is under way, and for what Python raises */
  step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const { id } = this.#envs.spec;
    if (this.#phase === "new") throw new EnvironmentError(`${id}: step before the first reset`);
    if (this.#phase === "over")
      throw new EnvironmentError(`${id}: step after the episode ended; reset has to come first`);
    if (!this.actionSpace.contains(action))
      throw new EnvironmentError(`${id}: action is ${shown(action)}; it has to be in ${this.actionSpace}`);
    if (typeof action === "number") this.#action[0] = action;
    else this.#action.set(action);
    const record = this.#envs.step(this.#index, 1, this.#action, ++this.#steps)[0] as ResultRecord;
    this.#note(record);
    const { reward, terminated, truncated } = record;
    if (terminated || truncated) this.#phase = "over";
    const observation = written(record.observation, into?.observation);
    return Object.assign(into ?? {}, { observation, reward, terminated, truncated });
  }

  /** Ends the process of all of its environments. */
  close(): void {
    this.#envs.process.close();
  }

  #note({ lives, mask }: ResultRecord): void {
    this.lives = lives;
    this.#mask.set(mask);
  }

  #render(): Scene {
    const { rows, columns, pixels } = this.#envs.render(this.#index, this.#steps);
    const image = { kind: "image", width: columns, height: rows, columns, pixels } as const;
    return { view: { left: 0, bottom: 0, right: columns, top: rows }, shapes: [image] };
  }

  #state(): object {
    const { lives } = this;
    const env = this.#envs.state(this.#index, this.#steps);
    return { phase: this.#phase, steps: this.#steps, lives, mask: this.#mask.slice(), env };
  }

  #restore(state: unknown): void {
    const { phase, steps, lives, mask, env } = fields(state, {
      phase: { kind: "choice", choices: ["new", "running", "over"] },
      ...{ steps: count, lives: { ...count, from: -(2 ** 31) } },
      mask: { kind: "array", dtype: "uint8", length: this.#mask.length },
      env: anyState,
    });
    this.#envs.restore(this.#index, env, steps);
    this.#phase = phase;
    this.#steps = steps;
    this.lives = lives;
    this.#mask.set(mask);
    if (phase !== "new") this.#seed = Number.NaN;
  }
}

/** An observation that later replies leave alone: `into`, where that is an array, else a copy. */
function written(observation: Observation, into: Observation | undefined): Observation {
  if (!ArrayBuffer.isView(into) || !ArrayBuffer.isView(observation)) return copied(observation);
  (into as Float32Array).set(observation as Float32Array);
  return into;
}
