// proximal/optim: the optimiser and its schedules.

export { Adam, type AdamOptions, type AdamState } from "./adam.ts";
export { constantSchedule, linearSchedule, type Schedule } from "./schedules.ts";
