// How numbers are written for people.

/** 1234567 -> "1,234,567" */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 500 -> "500"; 856.8162860850055 -> "856.8" */
export function brief(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** 1, "iteration" -> "1 iteration"; 2, "iteration" -> "2 iterations" */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 75 seconds -> "1:15"; 3600 -> "1:00:00" */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "-";
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
