// Environments that say the same whatever is done: for tests that have to know every observation, reward and end of an
// episode beforehand.

import type { Box, Space, VectorEnv } from "proximal/envs";
import { fraction } from "../gradients/inputs.ts";

/** A step, counted from 0, and the environment in which something happens in it. */
type Place = readonly [step: number, env: number];

export interface Script {
  readonly terminated: readonly Place[];
  readonly truncated: readonly Place[];
}

interface Options extends Script {
  readonly numEnvs: number;
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  /** The sizes of the choices of a mask, of which some are forbidden in every step; without them there is none. */
  readonly choices?: readonly number[];
}

export class ScriptedVectorEnv implements VectorEnv {
  readonly spec = undefined;
  readonly numEnvs: number;
  readonly singleObservationSpace: Box;
  readonly singleActionSpace: Space;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly actionMasks: Uint8Array | undefined;
  readonly script: Script;
  /** What could be done in every step. */
  readonly masks: number[] = [];
  /** What was done: the actions of every step, one after the other. */
  readonly actions: number[] = [];
  /** Before the first step, then after each: [steps + 1, numEnvs, observation] */
  readonly history: number[] = [];
  /** The last observations and the rewards of every step. */
  readonly outcomes: { readonly finalObservations: number[]; readonly rewards: number[] } = {
    finalObservations: [],
    rewards: [],
  };
  readonly choices: readonly number[];
  #step = 0;

  constructor({ numEnvs, observationSpace, actionSpace, terminated, truncated, choices = [] }: Options) {
    const size = observationSpace.low.length;
    this.numEnvs = numEnvs;
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.observations = new Float32Array(numEnvs * size);
    this.finalObservations = new Float32Array(numEnvs * size);
    this.rewards = new Float32Array(numEnvs);
    this.terminated = new Uint8Array(numEnvs);
    this.truncated = new Uint8Array(numEnvs);
    this.script = { terminated, truncated };
    this.choices = choices;
    const maskSize = choices.reduce((sum, n) => sum + n, 0);
    this.actionMasks = maskSize > 0 ? new Uint8Array(numEnvs * maskSize) : undefined;
  }

  reset(): void {
    this.#step = 0;
    this.#observe(this.observations, 1);
    this.history.push(...this.observations);
    this.#forbid();
  }

  step(actions: ArrayLike<number>): void {
    this.masks.push(...(this.actionMasks ?? []));
    this.actions.push(...Array.from(actions));
    for (let env = 0; env < this.numEnvs; env++) {
      const happens = (places: readonly Place[]): boolean => places.some(([t, e]) => t === this.#step && e === env);
      this.terminated[env] = happens(this.script.terminated) ? 1 : 0;
      this.truncated[env] = happens(this.script.truncated) ? 1 : 0;
      this.rewards[env] = 2 * fraction(this.#step * this.numEnvs + env, 2) - 0.5;
    }
    this.#step++;
    this.#observe(this.observations, 1);
    this.#observe(this.finalObservations, 3);
    this.history.push(...this.observations);
    this.outcomes.finalObservations.push(...this.finalObservations);
    this.outcomes.rewards.push(...this.rewards);
    this.#forbid();
  }

  /** Of each choice one action is allowed by turns, and the others by chance. */
  #forbid(): void {
    let at = 0;
    for (let env = 0; at < (this.actionMasks?.length ?? 0); env++) {
      for (const n of this.choices) {
        for (let action = 0; action < n; action++, at++) {
          const isAllowed = action === (this.#step + env) % n || fraction(this.#step * 100 + at, 4) < 0.5;
          (this.actionMasks as Uint8Array)[at] = isAllowed ? 1 : 0;
        }
      }
    }
  }

  #observe(into: Float32Array, salt: number): void {
    for (let index = 0; index < into.length; index++) {
      into[index] = 3 * fraction(this.#step * into.length + index, salt) - 1.5;
    }
  }
}
