// Which actions are allowed: a mask has a 1 for each that is and a 0 for each that is not, choice after choice.

import type { Space, Violation } from "./space.ts";

/** The length of the mask of an action: n for Discrete, the sum of `nvec` for MultiDiscrete, 0 for other spaces. */
export function maskSizeOf({ choices }: Space): number {
  return choices.reduce((sum, n) => sum + n, 0);
}

/**
 * What is wrong with a mask [maskSizeOf(space)]; undefined, at no allocation, where nothing is. It has to allow at
 * least one action of each choice.
 */
export function maskViolation(space: Space, mask: ArrayLike<number>): Violation | undefined {
  const { choices } = space;
  let start = 0;
  for (let choice = 0; choice < choices.length; choice++) {
    const end = start + (choices[choice] as number);
    let allowed = 0;
    for (let index = start; index < end; index++) {
      const value = mask?.[index];
      if (value === 1) allowed++;
      else if (value !== 0) return unreadable(space, mask, index);
    }
    if (allowed === 0) {
      const at = choices.length === 1 ? "" : ` of choice ${choice}`;
      return { at, value: Array.from(mask).slice(start, end), expected: "1 for at least one action" };
    }
    start = end;
  }
  return mask.length === start ? undefined : unreadable(space, mask, start);
}

function unreadable(space: Space, mask: ArrayLike<number>, index: number): Violation {
  const size = maskSizeOf(space);
  if (mask?.length !== size) return { at: "", value: mask, expected: `an array of ${size} numbers` };
  return { at: `[${index}]`, value: mask[index], expected: "0 or 1" };
}
