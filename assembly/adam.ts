// Adam (Kingma and Ba, 2015, arXiv 1412.6980, algorithm 1) over one flat buffer.

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

/**
 * One step over n parameters. `settings` are nine float32: α / (1 - β1^t), β1, 1 - β1, β2, 1 - β2, 1 / sqrt(1 - β2^t),
 * ε, the scale that clips the gradient, and 1 - αλ, which the parameters decay by (Loshchilov and Hutter, 2019, arXiv
 * 1711.05101).
 *
 *   g = scale * gradient
 *   m = β1 m + (1 - β1) g,   v = β2 v + (1 - β2) g²
 *   parameter = (1 - αλ) parameter - α / (1 - β1^t) * m / (sqrt(v) / sqrt(1 - β2^t) + ε)
 *
 * A moment below the smallest normal number becomes 0. The gradients of a unit that ReLU has switched off are 0 for
 * good, and its moments would end among the subnormal numbers, with which processors are ten times slower. What such a
 * moment moves a parameter by is far below a rounding of it.
 *
 * n is taken up to a multiple of four: the four buffers are padded with zeros to whole vectors, and with ε > 0 a zero
 * stays zero.
 */
export function adam(parameters: usize, m: usize, v: usize, gradients: usize, settings: usize, n: i32): void {
  const stepSize = v128.load32_splat(settings);
  const beta1 = v128.load32_splat(settings, 4);
  const oneMinusBeta1 = v128.load32_splat(settings, 8);
  const beta2 = v128.load32_splat(settings, 12);
  const oneMinusBeta2 = v128.load32_splat(settings, 16);
  const correction = v128.load32_splat(settings, 20);
  const epsilon = v128.load32_splat(settings, 24);
  const scale = v128.load32_splat(settings, 28);
  const decay = v128.load32_splat(settings, 32);
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) {
    const gradient = f32x4.mul(v128.load(gradients + i), scale);
    const first = normal(f32x4.add(f32x4.mul(beta1, v128.load(m + i)), f32x4.mul(oneMinusBeta1, gradient)));
    const square = f32x4.mul(gradient, gradient);
    const second = normal(f32x4.add(f32x4.mul(beta2, v128.load(v + i)), f32x4.mul(oneMinusBeta2, square)));
    v128.store(m + i, first);
    v128.store(v + i, second);
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(second), correction), epsilon);
    const step = f32x4.div(f32x4.mul(stepSize, first), denominator);
    v128.store(parameters + i, f32x4.sub(f32x4.mul(decay, v128.load(parameters + i)), step));
  }
}

/** x, or 0 where it is subnormal. */
function normal(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(SMALLEST_NORMAL)));
}
