// Values that change over the course of training: the learning rate, the clip range.

import { fields, type Stateful } from "../base/state.ts";

/**
 * A value over the course of training. One that follows what training does listens, and then has a state; others need
 * neither.
 */
export interface Schedule extends Partial<Stateful> {
  /**
   * What holds now.
   * @param remaining the fraction of the training that is still to come: 1 at the start, towards 0 at the end
   */
  value(remaining: number): number;
  /** Hears of an update. @param kl the mean KL divergence between the policies before and after it */
  observe?(kl: number): void;
}

/** The same throughout. */
export function constantSchedule(value: number): Schedule {
  return { value: () => value };
}

/** From `initial` in a straight line to `final`, which is 0 unless given. */
export function linearSchedule(initial: number, final = 0): Schedule {
  return { value: (remaining) => final + (initial - final) * remaining };
}

const positive = { kind: "number", from: 0, to: Number.MAX_VALUE, exclusive: true } as const;

/** The least and the greatest learning rate that adapts, as in rsl_rl. */
const [LEAST, GREATEST] = [1e-5, 1e-2];

/** What an update that moved too far divides the learning rate by, and one that hardly moved multiplies it by. */
const FACTOR = 1.5;

/**
 * A learning rate that keeps the policy's updates near a KL divergence, as rsl_rl has it (Rudin et al., 2022, arXiv
 * 2109.11978): after an update of more than twice `desiredKl` it is divided by 1.5, after one of less than half it is
 * multiplied by 1.5, within 1e-5 to 1e-2. It hears of whole updates, rsl_rl's of minibatches.
 */
export function klAdaptiveSchedule(initial: number, desiredKl: number): Schedule {
  let value = initial;
  return {
    value: () => value,
    observe(kl) {
      // From beyond a limit it moves towards it, and never the other way.
      if (kl > 2 * desiredKl) value = Math.min(value, Math.max(LEAST, value / FACTOR));
      else if (kl < desiredKl / 2) value = Math.max(value, Math.min(GREATEST, value * FACTOR));
    },
    state: () => ({ value }),
    restore(state) {
      value = fields(state, { value: positive }).value;
    },
  };
}

/** Between which the penalty stays, so that no run of small or large updates makes it 0 or infinite. */
const [LEAST_PENALTY, GREATEST_PENALTY] = [2 ** -60, 2 ** 60];

/**
 * β of the paper's adaptive KL penalty (section 4): after an update of less than `target` / 1.5 it is halved, after one
 * of more than 1.5 `target` it is doubled.
 */
export function klPenaltySchedule(initial: number, target: number): Schedule {
  let value = initial;
  return {
    value: () => value,
    observe(kl) {
      if (kl < target / 1.5) value = Math.min(value, Math.max(LEAST_PENALTY, value / 2));
      else if (kl > target * 1.5) value = Math.max(value, Math.min(GREATEST_PENALTY, value * 2));
    },
    state: () => ({ value }),
    restore(state) {
      value = fields(state, { value: positive }).value;
    },
  };
}
