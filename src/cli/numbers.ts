// How numbers are written for people.

/** 1234567 -> "1,234,567" */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 1, "iteration" -> "1 iteration"; 2, "iteration" -> "2 iterations" */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
