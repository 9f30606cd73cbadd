// proximal/optim: the optimiser and its schedules.

export { Adam, type AdamOptions } from "./adam.ts";
export { constantSchedule, klAdaptiveSchedule, klPenaltySchedule, linearSchedule, type Schedule } from "./schedules.ts";
