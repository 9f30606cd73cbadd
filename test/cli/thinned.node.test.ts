// Series in bounded memory, for displays and pictures of runs of any length.

import { describe, expect, it } from "vitest";
import { sparkline } from "../../src/cli/terminal-plot.ts";
import { Thinned } from "../../src/cli/thinned.ts";

const thinned = (count: number, most: number) => {
  const series = new Thinned<number>(most);
  for (let index = 0; index < count; index++) series.add(index);
  return series.elements;
};

describe("a thinned series", () => {
  it("is the series itself while it is short", () => {
    for (let count = 0; count < 8; count++) {
      expect(thinned(count, 8)).toEqual(Array.from({ length: count }, (_, index) => index));
    }
  });

  it("has elements at even distances, from the first to the last, and never more than it may", () => {
    for (const count of [8, 9, 15, 16, 17, 1000, 12_345]) {
      const elements = thinned(count, 8);
      expect(elements.length).toBeLessThanOrEqual(8);
      expect(elements.length).toBeGreaterThanOrEqual(4);
      expect([elements[0], elements.at(-1)]).toEqual([0, count - 1]);
      const distances = new Set(elements.slice(1, -1).map((element, index) => element - (elements[index] as number)));
      expect(distances.size).toBeLessThanOrEqual(1);
    }
  });
});

it("a sparkline takes as many values as there are", () => {
  const values = Array.from({ length: 300_000 }, (_, index) => index);
  expect(sparkline(values, 8)).toBe("▁▂▃▄▅▆▇█");
});
