/** A value over the course of training, of the fraction of it that is still to come: 1 at the start, towards 0 at the end. */
export type Schedule = (remaining: number) => number;

export function constantSchedule(value: number): Schedule {
  return () => value;
}

/** From `initial` in a straight line to 0. */
export function linearSchedule(initial: number): Schedule {
  return (remaining) => initial * remaining;
}
