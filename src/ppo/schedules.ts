// Which schedules the hyper-parameters name.

import { constantSchedule, klAdaptiveSchedule, linearSchedule, type Schedule } from "../optim/schedules.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** What changes over a training, or may. */
export interface Schedules {
  readonly learningRate: Schedule;
  readonly clipRange: Schedule;
}

/** The schedules of a training. */
export function schedulesFor(config: Hyperparameters): Schedules {
  const { learningRate, annealLearningRate, desiredKl, clipRange, annealClipRange } = config;
  const annealed = (value: number, anneal: boolean) => (anneal ? linearSchedule : constantSchedule)(value);
  return {
    learningRate:
      desiredKl === null ? annealed(learningRate, annealLearningRate) : klAdaptiveSchedule(learningRate, desiredKl),
    clipRange: annealed(clipRange, annealClipRange),
  };
}
