// Random actions, and what is no action.

import { type DataOf, type DataType, dataTypes, newArray } from "../../base/spec.ts";
import type { PCG64 } from "../../engine/random.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Space } from "../../spaces/space.ts";

/** As an environment takes it. */
export type Action = number | DataOf;

/** Bounds that are none are taken as these. */
const FAR = 3;

/** An action drawn uniformly, among those that a mask allows; within three of the other bound where there is none. */
export function drawAction(space: Space, rng: PCG64, mask?: ArrayLike<number>): Action {
  const numbers = newArray(space);
  const start = space instanceof Discrete ? space.start : 0;
  let offset = 0;
  for (const [index, n] of space.choices.entries()) {
    const allowed = Array.from({ length: n }, (_, choice) => choice).filter((choice) => mask?.[offset + choice] !== 0);
    numbers[index] = start + (allowed[rng.integer(Math.max(1, allowed.length))] ?? 0);
    offset += n;
  }
  if (space.choices.length > 0) return actionOf(space, numbers);
  if (!(space instanceof Box)) return actionOf(space, space.sample(rng));
  const { isWhole } = dataTypes[space.dtype as DataType];
  for (let index = 0; index < numbers.length; index++) {
    const [from, to] = finite(space.low[index] as number, space.high[index] as number);
    numbers[index] = isWhole ? Math.floor(rng.uniform(from, to + 1)) : rng.uniform(from, to);
  }
  return actionOf(space, numbers);
}

function finite(low: number, high: number): [number, number] {
  if (Number.isFinite(low)) return [low, Number.isFinite(high) ? high : low + FAR];
  return Number.isFinite(high) ? [high - FAR, high] : [-FAR, FAR];
}

function actionOf(space: Space, drawn: Action): Action {
  return space.shape.length === 0 && typeof drawn !== "number" ? (drawn[0] as number) : drawn;
}

/** What is not in the space, though it looks like it: each with its name for a person. */
export function nonActions(
  space: Space,
  action: Action,
): readonly { readonly name: string; readonly value: unknown }[] {
  const strange = [Number.NaN, 0.5, -1e9, 1e9, Number.POSITIVE_INFINITY];
  const candidates: { name: string; value: unknown }[] = [{ name: "undefined", value: undefined }];
  if (typeof action === "number") {
    candidates.push(...strange.map((value) => ({ name: String(value), value })));
    candidates.push({ name: "an array of two numbers", value: [action, action] });
  } else {
    for (const number of strange) {
      const value = action.slice();
      value[0] = number;
      candidates.push({ name: `an action with [0] = ${value[0]}`, value });
    }
    for (const length of [action.length - 1, action.length + 1]) {
      const value = newArray({ shape: [length], dtype: space.dtype });
      value.set(action.subarray(0, length));
      candidates.push({ name: `an action of ${length} numbers instead of ${action.length}`, value });
    }
  }
  return candidates.filter(({ value }) => !space.contains(value));
}
