// Lists of seeds, as people write them: 1-10, or 1,4,7-9.

import { ConfigurationError } from "../../base/errors.ts";
import { grouped } from "../numbers.ts";

/** More at once is a slip of the hand. */
const MOST = 1000;

/**
 * The seeds of a list, in order.
 * @throws ConfigurationError for what is no list, for a seed that is in it twice, and for more than 1000 of them
 */
export function seedsOf(list: string): number[] {
  const wrong = (why: string) =>
    new ConfigurationError(`--seeds: ${why}; it takes seeds and ranges, as 1-10 or 1,4,7-9`);
  const ranges = list.split(",").map((text) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw wrong(`"${text}" is no seed and no range`);
    if (to < from) throw wrong(`${text} ends before it begins`);
    return [from, to] as const;
  });
  const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (count > MOST) throw wrong(`${list} is ${grouped(count)} seeds, and ${grouped(MOST)} are the most`);
  const seeds = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
  const twice = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
  if (twice !== undefined) throw wrong(`${twice} is in ${list} twice`);
  return seeds.sort((a, b) => a - b);
}

/** [1, 2, 3, 7] -> "1-3,7" */
export function listOf(seeds: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const seed of seeds) {
    const last = ranges.at(-1);
    if (last?.[1] === seed - 1) last[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}
