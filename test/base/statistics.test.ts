// What results come to, against NumPy and SciPy: the same draws, the same values in the middle, sums in another order.

import { describe, expect, it } from "vitest";
import { Resampling } from "../../src/base/resampling.ts";
import { interquartileMeanInterval, interquartileMeanOf, meanOf, medianOf, stdOf } from "../../src/base/statistics.ts";
import fixture from "../fixtures/statistics.json" with { type: "json" };

it.each(fixture.draws)("draws below $bound are NumPy's", ({ bound, integers }) => {
  const random = new Resampling();
  expect(integers.map(() => random.index(bound))).toEqual(integers);
});

it("numbers that would make some more likely are drawn anew", () => {
  const { bound, count, sum } = fixture.many;
  const random = new Resampling();
  let drawn = 0;
  for (let index = 0; index < count; index++) drawn += random.index(bound);
  expect(drawn).toBe(sum);
});

describe.each(fixture.lists.map((list) => ({ ...list, length: list.values.length })))("of $length values", (list) => {
  const { values, length } = list;
  // A sum of n numbers is, in whichever order, within n - 1 roundings of u = 2^-53 of each of the n magnitudes, to the
  // first order; two such sums are twice that apart. A division and the step between two quantiles add a rounding each.
  const greatest = Math.max(...values.map(Math.abs));
  const tolerance = 2 * (length + 2) * 2 ** -53 * greatest;

  it("mean and interquartile mean are those of another order of summation", () => {
    expect(Math.abs(meanOf(values) - list.mean)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(interquartileMeanOf(values) - list.interquartileMean)).toBeLessThanOrEqual(tolerance);
  });

  it("the median is exact, and the standard deviation to its sums", () => {
    expect(medianOf(values)).toBe(list.median);
    // The mean's error is of second order in the sum of squares; the sum of n squares, each to 3 roundings, is off by
    // n + 3 of them, and the root halves that.
    const relative = (length + 5) * 2 ** -53;
    expect(Math.abs(stdOf(values) - list.std)).toBeLessThanOrEqual(relative * list.std + tolerance);
  });

  it("the interval is that of the same resamples", () => {
    const [low, high] = interquartileMeanInterval(values);
    expect(Math.abs(low - (list.interval[0] as number))).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(high - (list.interval[1] as number))).toBeLessThanOrEqual(tolerance);
  });

  it("leaves the values as they were, in whichever order they come", () => {
    const reversed = [...values].reverse();
    expect(interquartileMeanOf(reversed)).toBe(interquartileMeanOf(values));
    expect(interquartileMeanInterval(reversed)).toEqual(interquartileMeanInterval(values));
    expect(medianOf(reversed)).toBe(list.median);
    expect(reversed).toEqual([...values].reverse());
  });
});

it("quarters are rounded down to whole values", () => {
  expect(interquartileMeanOf([1, 2, 30])).toBe(11);
  expect(interquartileMeanOf([1, 2, 4, 1000])).toBe(3);
  expect(interquartileMeanOf([-1000, 1, 2, 6, 1000])).toBe(3);
  expect(interquartileMeanOf([-50, 1, 2, 3, 4, 5, 1000])).toBe(3);
  expect(interquartileMeanOf([-50, -9, 1, 3, 4, 4, 77, 1000])).toBe(3);
});
