// @ts-check
// Environments that say the same whatever is done: for tests that have to know every observation, reward and end of an episode beforehand.

import { fraction } from "../gradients/cases.mjs";

/** @typedef {import("../../src/envs/index.ts").VectorEnv} VectorEnv */
/** @typedef {import("../../src/envs/index.ts").Box} Box */
/** @typedef {import("../../src/envs/index.ts").Space} Space */

/** @implements {VectorEnv} */
export class ScriptedVectorEnv {
  spec = undefined;
  /** What was done: the actions of every step, one after the other. @type {number[]} */
  actions = [];
  /** Before the first step, then after each: [steps + 1, numEnvs, observation] @type {number[]} */
  history = [];
  /** The last observations and the rewards of every step. @type {{ finalObservations: number[], rewards: number[] }} */
  outcomes = { finalObservations: [], rewards: [] };
  #step = 0;

  /**
   * @param {{ numEnvs: number, observationSpace: Box, actionSpace: Space, terminated: [number, number][], truncated: [number, number][] }} script
   *   terminated and truncated: the [step, environment] where it happens
   */
  constructor({ numEnvs, observationSpace, actionSpace, terminated, truncated }) {
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
  }

  reset() {
    this.#step = 0;
    this.#observe(this.observations, 1);
    this.history.push(...this.observations);
  }

  /** @param {ArrayLike<number>} actions */
  step(actions) {
    this.actions.push(...Array.from(actions));
    for (let env = 0; env < this.numEnvs; env++) {
      const happens = (/** @type {[number, number][]} */ list) => list.some(([t, e]) => t === this.#step && e === env);
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
  }

  /** @returns {never} */
  state() {
    throw new Error("a scripted environment has no state");
  }

  /** @returns {never} */
  restore() {
    return this.state();
  }

  /** @param {Float32Array} into @param {number} salt */
  #observe(into, salt) {
    for (let index = 0; index < into.length; index++) {
      into[index] = 3 * fraction(this.#step * into.length + index, salt) - 1.5;
    }
  }
}
