// How sums along rows and columns run. A float32 accumulator over n numbers is off by up to n - 1 roundings of Σ|x|,
// which is little where n is a minibatch or a layer of PPO. Where there are more, an accumulator adds up a block of
// them, and the blocks are added up: in float64, which makes BLOCK roundings of it however many there are, or, among
// the many choices of a distribution, in float32, which makes it one more for each block. Both orders are ascending,
// and n alone decides where a block begins.

/** The most numbers that are one block. */
export const SHORT: i32 = 256;
/** The numbers of a block where there are more. */
export const BLOCK: i32 = 64;

/** How many of n numbers an accumulator adds up. */
export function blockOf(n: i32): i32 {
  return n <= SHORT ? n : BLOCK;
}
