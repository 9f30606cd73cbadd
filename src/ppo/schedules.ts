// Which schedules the hyper-parameters name.

import {
  constantSchedule,
  klAdaptiveSchedule,
  klPenaltySchedule,
  linearSchedule,
  type Schedule,
} from "../optim/schedules.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** What changes over a training, or may. */
export interface Schedules {
  readonly learningRate: Schedule;
  readonly clipRange: Schedule;
  readonly entropyCoefficient: Schedule;
  readonly klPenalty: Schedule;
  readonly logStd: Schedule;
}

/** What they say in an iteration. */
export type Scheduled = { readonly [name in keyof Schedules]: number };

/** The schedules of a training. */
export function schedulesFor(config: Hyperparameters): Schedules {
  const { learningRate, desiredKl, objective, klPenalty, klPenaltyTarget, initialLogStd, finalLogStd } = config;
  const annealed = (value: number, anneal: boolean) => (anneal ? linearSchedule : constantSchedule)(value);
  return {
    learningRate:
      desiredKl === null
        ? annealed(learningRate, config.annealLearningRate)
        : klAdaptiveSchedule(learningRate, desiredKl),
    clipRange: annealed(config.clipRange, config.annealClipRange),
    entropyCoefficient: annealed(config.entropyCoefficient, config.annealEntropyCoefficient),
    klPenalty:
      objective === "adaptive-kl" ? klPenaltySchedule(klPenalty, klPenaltyTarget) : constantSchedule(klPenalty),
    logStd: config.logStd === "annealed" ? linearSchedule(initialLogStd, finalLogStd) : constantSchedule(initialLogStd),
  };
}

/** What all of them say. */
export function scheduled(schedules: Schedules, remaining: number): Scheduled {
  return {
    learningRate: schedules.learningRate.value(remaining),
    clipRange: schedules.clipRange.value(remaining),
    entropyCoefficient: schedules.entropyCoefficient.value(remaining),
    klPenalty: schedules.klPenalty.value(remaining),
    logStd: schedules.logStd.value(remaining),
  };
}
