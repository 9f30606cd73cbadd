// How numbers are written for people.

/** 1234567 -> "1,234,567" */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
