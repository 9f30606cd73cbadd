// Pictures made smaller: each pixel is the mean of the area that it covers. In integers it is the same everywhere.

import { ConfigurationError } from "../../base/errors.ts";

/** Along one axis: for each target pixel the first source pixel that it covers, and how much it covers of each. */
interface Axis {
  readonly starts: Int32Array;
  /** [target, taps] */
  readonly weights: Int32Array;
  readonly taps: number;
  /** What the weights of a target pixel add up to. */
  readonly total: number;
}

/** Makes pictures of one size smaller. */
export class AreaResize {
  readonly #width: number;
  readonly #rows: Axis;
  readonly #columns: Axis;
  /** [width + taps]: a row of the picture that is as high as the target and as wide as the source. */
  readonly #row: Int32Array;

  /** @throws ConfigurationError where the target is larger than the source */
  constructor(source: readonly [height: number, width: number], target: readonly [height: number, width: number]) {
    if (target[0] > source[0] || target[1] > source[1])
      throw new ConfigurationError(`screens of ${source.join(" x ")} pixels cannot be made ${target.join(" x ")}`);
    this.#width = source[1];
    this.#rows = axis(source[0], target[0]);
    this.#columns = axis(source[1], target[1]);
    // What is behind its end counts for nothing.
    this.#row = new Int32Array(source[1] + this.#columns.taps);
  }

  /**
   * @param source [height, width]
   * @param into where pixel i of the target goes: into[offset + i * stride]
   */
  resize(source: Uint8Array, into: Uint8Array, offset: number, stride: number): void {
    const { starts, weights, taps } = this.#rows;
    const [width, row] = [this.#width, this.#row];
    let at = offset;
    for (let y = 0; y < starts.length; y++) {
      row.fill(0);
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[y * taps + tap] as number;
        if (weight === 0) continue;
        const start = ((starts[y] as number) + tap) * width;
        for (let x = 0; x < width; x++) row[x] = (row[x] as number) + weight * (source[start + x] as number);
      }
      at = this.#shrinkRow(into, at, stride);
    }
  }

  /** @returns where the next row goes */
  #shrinkRow(into: Uint8Array, offset: number, stride: number): number {
    const { starts, weights, taps } = this.#columns;
    const row = this.#row;
    const total = this.#rows.total * this.#columns.total;
    let at = offset;
    for (let x = 0; x < starts.length; x++) {
      const start = starts[x] as number;
      let sum = total >> 1;
      for (let tap = 0; tap < taps; tap++) sum += (weights[x * taps + tap] as number) * (row[start + tap] as number);
      into[at] = Math.floor(sum / total);
      at += stride;
    }
    return at;
  }
}

/** Lengths are counted in parts of which both a source and a target pixel have a whole number. */
function axis(source: number, target: number): Axis {
  const divisor = greatestCommonDivisor(source, target);
  const [pixel, total] = [target / divisor, source / divisor];
  const taps = Math.ceil(total / pixel) + 1;
  const starts = Int32Array.from({ length: target }, (_, index) => Math.floor((index * total) / pixel));
  const weights = new Int32Array(target * taps);
  for (const [index, start] of starts.entries()) {
    for (let tap = 0; tap < taps; tap++) {
      const from = Math.max(index * total, (start + tap) * pixel);
      const to = Math.min((index + 1) * total, (start + tap + 1) * pixel);
      weights[index * taps + tap] = Math.max(0, to - from);
    }
  }
  return { starts, weights, taps, total };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
