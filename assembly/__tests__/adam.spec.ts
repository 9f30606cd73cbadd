import { adam } from "../adam";
import { aligned, damage, fraction, get, isNotANumber, put, reset, same, UNIT, within } from "./support";

/** n numbers between -1 and 1, with zeros up to a whole vector behind them. */
function padded(n: i32, salt: u32): usize {
  const size = (n + 3) & ~3;
  const start = aligned(size);
  for (let i = 0; i < size; i++) put(start, i, i < n ? 2 * fraction(i, salt) - 1 : 0);
  return start;
}

let parameters: usize = 0;
let m: usize = 0;
let v: usize = 0;
let gradients: usize = 0;
let settings: usize = 0;

function prepare(n: i32): void {
  reset();
  parameters = padded(n, 1);
  m = padded(n, 2);
  v = padded(n, 3);
  for (let i = 0; i < n; i++) put(v, i, abs(get(v, i)));
  gradients = padded(n, 4);
  settings = aligned(9);
  put(settings, 0, 0.01); // α / (1 - β1^t) in the first step
  put(settings, 1, 0.9);
  put(settings, 2, 0.1);
  put(settings, 3, 0.999);
  put(settings, 4, 0.001);
  put(settings, 5, <f32>(1 / sqrt<f64>(0.001)));
  put(settings, 6, 1e-5);
  put(settings, 7, 0.5);
  put(settings, 8, 1); // 1 - αλ, without decay
}

describe("adam", () => {
  it("has the bits of its formulas in float32, at any size, and leaves zeros behind the end", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      prepare(n);
      put(settings, 8, n & 1 ? 1 : 0.9375);
      const size = (n + 3) & ~3;
      const expected = aligned(3 * size);
      for (let i = 0; i < size; i++) {
        const g = get(gradients, i) * get(settings, 7);
        const first = get(settings, 1) * get(m, i) + get(settings, 2) * g;
        const second = get(settings, 3) * get(v, i) + get(settings, 4) * (g * g);
        const denominator = f32.sqrt(second) * get(settings, 5) + get(settings, 6);
        put(expected, 3 * i, first);
        put(expected, 3 * i + 1, second);
        put(expected, 3 * i + 2, get(settings, 8) * get(parameters, i) - (get(settings, 0) * first) / denominator);
      }
      adam(parameters, m, v, gradients, settings, n);
      for (let i = 0; i < size; i++) {
        if (!same(get(m, i), get(expected, 3 * i))) count++;
        if (!same(get(v, i), get(expected, 3 * i + 1))) count++;
        if (!same(get(parameters, i), get(expected, 3 * i + 2))) count++;
        if (i >= n && (get(parameters, i) != 0 || get(m, i) != 0 || get(v, i) != 0)) count++;
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("moves each parameter by the step size at first, against its gradient", () => {
    prepare(8);
    for (let i = 0; i < 8; i++) {
      put(m, i, 0);
      put(v, i, 0);
      put(parameters, i, 0);
      put(gradients, i, i < 4 ? 3 : -0.2);
    }
    put(settings, 6, 0);
    put(settings, 7, 1);
    adam(parameters, m, v, gradients, settings, 8);
    expect(abs(get(parameters, 0) + <f32>1e-3)).toBeLessThan(1e-9);
    expect(abs(get(parameters, 7) - <f32>1e-3)).toBeLessThan(1e-9);
  });

  it("is within its roundings of float64 over several steps", () => {
    const n = 37;
    const alpha = 0.01;
    const beta1 = 0.9;
    const beta2 = 0.999;
    const epsilon = 1e-8;
    const scale = 0.75;
    const steps = 20;
    prepare(n);
    put(settings, 1, <f32>beta1);
    put(settings, 2, <f32>(1 - beta1));
    put(settings, 3, <f32>beta2);
    put(settings, 4, <f32>(1 - beta2));
    put(settings, 6, <f32>epsilon);
    put(settings, 7, <f32>scale);
    const exact = new StaticArray<f64>(3 * n);
    for (let i = 0; i < n; i++) {
      put(m, i, 0);
      put(v, i, 0);
      exact[3 * i] = <f64>get(parameters, i);
    }
    let count = 0;
    let power1: f64 = 1;
    let power2: f64 = 1;
    for (let t = 1; t <= steps; t++) {
      power1 *= beta1;
      power2 *= beta2;
      put(settings, 0, <f32>(alpha / (1 - power1)));
      put(settings, 5, <f32>(1 / sqrt<f64>(1 - power2)));
      for (let i = 0; i < n; i++) {
        // Of one sign for each parameter: where gradients cancel in m, the error is not a share of m.
        const magnitude = <f32>0.1 + fraction(i, 10 + t);
        put(gradients, i, i & 1 ? -magnitude : magnitude);
        const g = scale * <f64>get(gradients, i);
        exact[3 * i + 1] = beta1 * exact[3 * i + 1] + (1 - beta1) * g;
        exact[3 * i + 2] = beta2 * exact[3 * i + 2] + (1 - beta2) * g * g;
        const denominator = sqrt<f64>(exact[3 * i + 2] / (1 - power2)) + epsilon;
        exact[3 * i] -= ((alpha / (1 - power1)) * exact[3 * i + 1]) / denominator;
      }
      adam(parameters, m, v, gradients, settings, n);
      for (let i = 0; i < n; i++) {
        // A step adds at most 4 roundings to a moment: the factor's, the product's, the gradient's and the sum's; 6 to
        // v, for the square.
        if (!within(get(m, i), exact[3 * i + 1], 4 * t * UNIT * abs(exact[3 * i + 1]))) count++;
        if (!within(get(v, i), exact[3 * i + 2], 6 * t * UNIT * exact[3 * i + 2])) count++;
        // So the t-th update, below 2 α, is off by 4t + 3t and the 7 roundings of its own formula; the difference,
        // below 2, rounds once.
        const updates = 2 * alpha * (3.5 * t * (t + 1) + 7 * t);
        if (!within(get(parameters, i), exact[3 * i], UNIT * (updates + 2 * t))) count++;
      }
    }
    for (let i = n; i < 40; i++) if (get(parameters, i) != 0 || get(m, i) != 0 || get(v, i) != 0) count++;
    expect(count + damage()).toBe(0);
  });

  it("lets moments without a gradient become 0 rather than subnormal", () => {
    prepare(9);
    for (let i = 0; i < 9; i++) {
      put(gradients, i, 0);
      // 0.9 and 0.999 of these are subnormal but in the odd places.
      put(m, i, i & 1 ? -1.4e-38 : i & 2 ? -1.2e-38 : 1.2e-38);
      put(v, i, i & 1 ? 1.2e-38 : 1.176e-38);
    }
    const before = get(parameters, 0);
    adam(parameters, m, v, gradients, settings, 9);
    let count = 0;
    for (let i = 0; i < 9; i++) {
      if (!same(get(m, i), i & 1 ? get(settings, 1) * <f32>-1.4e-38 : 0)) count++;
      if (!same(get(v, i), i & 1 ? get(settings, 3) * <f32>1.2e-38 : 0)) count++;
    }
    expect(count + damage()).toBe(0);
    expect(get(parameters, 0)).toBe(before);
  });

  it("is NaN for an infinite gradient, whose square no step can be measured by", () => {
    prepare(9);
    put(gradients, 5, Infinity);
    adam(parameters, m, v, gradients, settings, 9);
    let finite = 0;
    for (let i = 0; i < 9; i++) if (!isNotANumber(get(parameters, i))) finite++;
    expect(finite).toBe(8);
    expect(get(parameters, 5)).toBeNaN();
    expect(get(m, 5)).toBe(Infinity);
    expect(get(v, 5)).toBe(Infinity);
  });

  it("carries NaN from a gradient into its own parameter only", () => {
    prepare(9);
    put(gradients, 5, NaN);
    adam(parameters, m, v, gradients, settings, 9);
    let finite = 0;
    for (let i = 0; i < 9; i++) if (!isNotANumber(get(parameters, i))) finite++;
    expect(finite).toBe(8);
    expect(get(parameters, 5)).toBeNaN();
  });
});
