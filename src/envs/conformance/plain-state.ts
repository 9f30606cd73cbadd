// Whether a state is plain, as a file can hold it, and whether two of them are the same.

import { dataTypeOf } from "../../base/spec.ts";

/** Where there is something that a file cannot hold, and what it is; undefined where there is nothing of that kind. */
export function strangeIn(value: unknown, at = "state()"): string | undefined {
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return undefined;
  if (dataTypeOf(value) !== undefined) return undefined;
  const isList = Array.isArray(value);
  if (!isList && Object.prototype.toString.call(value) !== "[object Object]")
    return `${at} is ${typeof value === "object" ? `a ${(value as object).constructor?.name}` : typeof value}`;
  for (const [name, part] of Object.entries(value as object)) {
    const strange = strangeIn(part, isList ? `${at}[${name}]` : `${at}.${name}`);
    if (strange !== undefined) return strange;
  }
  return undefined;
}

/** Where two states differ; undefined where they are the same, bit by bit. */
export function stateDifference(a: unknown, b: unknown, at = "state()"): string | undefined {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null)
    return Object.is(a, b) ? undefined : at;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || dataTypeOf(a) !== dataTypeOf(b)) return at;
  for (const name of names) {
    const [x, y] = [a, b].map((each) => (each as Record<string, unknown>)[name]);
    const differs = stateDifference(x, y, Array.isArray(a) || dataTypeOf(a) ? `${at}[${name}]` : `${at}.${name}`);
    if (differs !== undefined) return differs;
  }
  return undefined;
}
