// What a number of results come to. The interquartile mean and its interval as Agarwal et al. (2021, "Deep
// Reinforcement Learning at the Edge of the Statistical Precipice", rliable) recommend them: unlike the mean it is not
// ruled by a few results, and unlike the median it uses half of them.

import { Resampling } from "./resampling.ts";

/** How often an interval draws as many values with replacement as there are. */
export const RESAMPLES = 2000;

/** The mean, summed from the left. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return sum / values.length;
}

/** The standard deviation: the root of the mean squared difference from the mean. */
export function stdOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) * (value - mean))));
}

/** The value in the middle, or the mean of the two there. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}

/**
 * The mean without the least and the greatest quarter, each rounded down to whole values: scipy.stats.trim_mean(values,
 * 0.25).
 */
export function interquartileMeanOf(values: ArrayLike<number>): number {
  return meanOf(middleOf(Float64Array.from(values).sort()));
}

/**
 * The 95% confidence interval of the interquartile mean, by percentile bootstrap: the 0.025 and 0.975 quantiles of what
 * it is for 2000 resamples. They are drawn from one seed, so that the same values have the same interval.
 */
export function interquartileMeanInterval(values: ArrayLike<number>): readonly [low: number, high: number] {
  return interquartileMeanIntervals([values])[0] as readonly [number, number];
}

/** That of several lists of one length, which are resampled together, so that there is one sequence of draws. */
export function interquartileMeanIntervals(
  lists: readonly ArrayLike<number>[],
): (readonly [low: number, high: number])[] {
  const sorted = lists.map((values) => Float64Array.from(values).sort());
  const length = sorted[0]?.length ?? 0;
  const random = new Resampling();
  const resample = new Float64Array(length);
  const counts = new Uint32Array(length);
  const resampled = sorted.map(() => new Float64Array(RESAMPLES));
  for (let index = 0; index < RESAMPLES; index++) {
    counts.fill(0);
    for (let draw = 0; draw < length; draw++) {
      const drawn = random.index(length);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    for (const [list, values] of sorted.entries()) {
      // In order without being sorted.
      for (let from = 0, place = 0; from < length; from++) {
        const to = place + (counts[from] as number);
        resample.fill(values[from] as number, place, to);
        place = to;
      }
      (resampled[list] as Float64Array)[index] = meanOf(middleOf(resample));
    }
  }
  return resampled.map((means) => {
    means.sort();
    return [quantileOf(means, 0.025), quantileOf(means, 0.975)];
  });
}

/** Without a quarter at each end. */
function middleOf(sorted: Float64Array): Float64Array {
  const cut = Math.floor(sorted.length / 4);
  return sorted.subarray(cut, sorted.length - cut);
}

/** The value below which such a share of them lies, linear between two: numpy.quantile. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [Math.floor(place), Math.ceil(place)].map((index) => sorted[index] as number) as [
    number,
    number,
  ];
  return below + (above - below) * (place % 1);
}
