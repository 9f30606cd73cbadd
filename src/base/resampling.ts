// Draws with replacement: the numbers of numpy.random.default_rng(0).integers(bound), PCG64 with Lemire's method, as
// assembly/pcg64.ts has them. Statistics are asked for where there may be no kernels, and wait for none.

/** 128 bits as eight words of 16, low first, whose products and sums are exact in float64. */
function words(hexadecimal: string): Uint16Array {
  const digits = hexadecimal.padStart(32, "0");
  return Uint16Array.from({ length: 8 }, (_, word) => Number.parseInt(digits.slice(28 - 4 * word, 32 - 4 * word), 16));
}

const MULTIPLIER = words("2360ed051fc65da44385df649fccf645");
/** Of default_rng(0), as `bit_generator.state` says them. */
const STATE = words("1aa1b5345996452d09585eb7a69561e3");
const INCREMENT = words("418ddadb3af71a82588133bc447873a9");

/** Draws of integers, from the first on. */
export class Resampling {
  #state = STATE;
  /** The half of an output of 64 bits that is not used yet. */
  #upper: number | undefined;

  /** An integer below `bound`, an integer from 1 to 2^21, all equally likely. */
  index(bound: number): number {
    const unfair = 2 ** 32 % bound;
    let product: number;
    do product = this.#next32() * bound;
    while (product % 2 ** 32 < unfair);
    return Math.floor(product / 2 ** 32);
  }

  #next32(): number {
    const upper = this.#upper;
    if (upper !== undefined) {
      this.#upper = undefined;
      return upper;
    }
    this.#step();
    const state = this.#state;
    const word = (index: number) => ((state[index] as number) ^ (state[index + 4] as number)) >>> 0;
    let [low, high] = [word(0) + word(1) * 65536, word(2) + word(3) * 65536];
    // To the right by the six highest bits of the state; by 32 is an exchange.
    const rotation = (state[7] as number) >> 10;
    if (rotation >= 32) [low, high] = [high, low];
    const rest = rotation % 32;
    const rotated = (own: number, other: number) => ((own >>> rest) | (rest === 0 ? 0 : other << (32 - rest))) >>> 0;
    this.#upper = rotated(high, low);
    return rotated(low, high);
  }

  /** state = state · multiplier + increment, modulo 2^128 */
  #step(): void {
    const next = new Uint16Array(8);
    let sum = 0;
    for (let index = 0; index < 8; index++) {
      sum += INCREMENT[index] as number;
      for (let other = 0; other <= index; other++)
        sum += (this.#state[other] as number) * (MULTIPLIER[index - other] as number);
      next[index] = sum % 65536;
      sum = Math.floor(sum / 65536);
    }
    this.#state = next;
  }
}
