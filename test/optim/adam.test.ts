// Adam: to the bit what its formulas give in float32, and within their rounding errors what PyTorch gives in float64
// (test/fixtures/adam.py).

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine, FileFormatError, NonFiniteError, Stream } from "../../src/engine/index.ts";
import { constantInitializer, Parameters } from "../../src/nn/index.ts";
import { Adam, constantSchedule, klAdaptiveSchedule, linearSchedule, type Schedule } from "../../src/optim/index.ts";
import fixture from "../fixtures/adam.json" with { type: "json" };
import { fraction } from "../gradients/inputs.ts";

const { size, steps, learningRate, epsilon, maxGradNorm } = fixture.settings;
const [beta1, beta2] = [0.9, 0.999];
const f = Math.fround;
const UNIT = 2 ** -24;

/** The gradient of a step; the fixture's script has the same. */
const gradientAt = (step: number) =>
  Float32Array.from({ length: size }, (_, i) => 0.2 * (fraction(i, step) - fraction(i, steps + 1)));

async function makeParameters() {
  const parameters = new Parameters(await Engine.create());
  const tensor = parameters.declare("x", [size], constantInitializer(0));
  parameters.initialize(new Stream(parameters.engine, 1, "initialization"));
  tensor.set(Float32Array.from({ length: size }, (_, i) => 2 * fraction(i, 0) - 1));
  const gradient = parameters.gradients[0] as (typeof parameters.gradients)[number];
  return { parameters, tensor, gradient };
}

/** Algorithm 1 in float32, operation by operation. */
class Float32Adam {
  readonly x: Float32Array;
  readonly m = new Float32Array(size);
  readonly v = new Float32Array(size);
  #power1 = 1;
  #power2 = 1;

  constructor(x: Float32Array) {
    this.x = x.slice();
  }

  step(gradient: Float32Array): void {
    this.#power1 *= beta1;
    this.#power2 *= beta2;
    const norm = f(Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)));
    const scale = f(Math.min(1, maxGradNorm / (norm + 1e-6)));
    const stepSize = f(learningRate / (1 - this.#power1));
    const correction = f(1 / Math.sqrt(1 - this.#power2));
    for (const [i, raw] of gradient.entries()) {
      const g = f(raw * scale);
      const m = f(f(f(beta1) * (this.m[i] as number)) + f(f(1 - beta1) * g));
      const v = f(f(f(beta2) * (this.v[i] as number)) + f(f(1 - beta2) * f(g * g)));
      const denominator = f(f(f(Math.sqrt(v)) * correction) + f(epsilon));
      this.x[i] = f((this.x[i] as number) - f(f(stepSize * m) / denominator));
      this.m[i] = m;
      this.v[i] = v;
    }
  }
}

/**
 * The same in float64, with a bound of what float32 may be off: the roundings of each formula, and what m, v and x
 * carry over from the step before (Higham, 2002, section 3.3). In units of 2^-24.
 */
function errorBounds(start: Float32Array): Map<number, number[]> {
  const state = Array.from(start, () => ({ m: 0, v: 0, mError: 0, vError: 0, error: 0 }));
  const bounds = new Map<number, number[]>();
  for (let step = 1; step <= steps; step++) {
    const gradient = gradientAt(step);
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    const scale = Math.min(1, maxGradNorm / (norm + 1e-6));
    const [correction1, correction2] = [1 - beta1 ** step, Math.sqrt(1 - beta2 ** step)];
    for (const [i, element] of state.entries()) {
      const g = scale * (gradient[i] as number);
      // A coefficient, its product and the sum round, and the scaled gradient is off by three roundings: norm, scale
      // and product.
      element.mError = beta1 * element.mError + 3 * beta1 * Math.abs(element.m) + 6 * (1 - beta1) * Math.abs(g);
      element.vError = beta2 * element.vError + 3 * beta2 * element.v + 10 * (1 - beta2) * g * g;
      element.m = beta1 * element.m + (1 - beta1) * g;
      element.v = beta2 * element.v + (1 - beta2) * g * g;
      const root = Math.sqrt(element.v) / correction2;
      const denominator = root + epsilon;
      const rootError = root === 0 ? 0 : ((0.5 * element.vError) / element.v) * root + 3 * root;
      const rate = learningRate / correction1 / denominator;
      const stepError = rate * (element.mError + Math.abs(element.m) * (4 + rootError / denominator));
      element.error += stepError + 1 + Math.abs(rate * element.m);
    }
    bounds.set(
      step,
      state.map(({ error }) => error),
    );
  }
  return bounds;
}

describe("Adam over 1,000 steps", () => {
  it("gives the bits of its formulas in float32", async () => {
    const { parameters, tensor, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate, epsilon, maxGradNorm });
    const expected = new Float32Adam(tensor.data);
    let clipped = 0;
    for (let step = 1; step <= steps; step++) {
      gradient.set(gradientAt(step));
      adam.step();
      expected.step(gradientAt(step));
      if (adam.gradNorm > maxGradNorm) clipped++;
    }
    expect([...tensor.data]).toEqual([...expected.x]);
    expect([...adam.firstMoment.data.subarray(0, size)]).toEqual([...expected.m]);
    expect([...adam.secondMoment.data.subarray(0, size)]).toEqual([...expected.v]);
    // Both sides of the clipping were met.
    expect(clipped).toBeGreaterThan(100);
    expect(clipped).toBeLessThan(900);
  });

  it("stays with torch.optim.Adam in float64 to the roundings of float32", async () => {
    const { parameters, tensor, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate, epsilon, maxGradNorm });
    const bounds = errorBounds(tensor.data);
    for (let step = 1; step <= steps; step++) {
      gradient.set(gradientAt(step));
      adam.step();
      const exact = (fixture.parameters as Record<string, number[]>)[step];
      if (exact === undefined) continue;
      for (const [i, value] of exact.entries()) {
        const bound = UNIT * (bounds.get(step)?.[i] as number);
        expect(Math.abs((tensor.data[i] as number) - value), `step ${step}, element ${i}`).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe("Adam", () => {
  it("refuses a gradient that is not finite, and leaves everything as it was", async () => {
    const { parameters, tensor, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate });
    gradient.set(gradientAt(1));
    adam.step();
    const before = [tensor, adam.firstMoment, adam.secondMoment].map(({ data }) => data.slice());
    const state = adam.state();
    gradient.data[5] = Number.NaN;
    expect(() => adam.step()).toThrow(new NonFiniteError("gradient norm is NaN at optimiser step 2"));
    gradient.data[5] = Number.NEGATIVE_INFINITY;
    expect(() => adam.step()).toThrow(new NonFiniteError("gradient norm is Infinity at optimiser step 2"));
    expect([tensor, adam.firstMoment, adam.secondMoment].map(({ data }) => data)).toEqual(before);
    // The count of steps and the powers of β, on which the next bias correction depends, have not moved either.
    expect(adam.state()).toEqual(state);
  });

  it("refuses settings that are missing or out of range", async () => {
    const { parameters } = await makeParameters();
    const make = (options: object) => () => new Adam(parameters, { learningRate, ...options });
    const refused: [object, string][] = [
      [{ epsilon: 0 }, "epsilon: 0 is not a number above 0"],
      [{ epsilon: Number.NaN }, "epsilon: NaN is not a number above 0"],
      [{ beta1: 1 }, "beta1: 1 is not a number from 0 to 0.9999999999999998"],
      [{ beta2: -0.1 }, "beta2: -0.1 is not a number from 0 to 0.9999999999999998"],
      [{ learningRate: undefined }, "learningRate: undefined is not a number of at least 0"],
      [{ learningRate: -1 }, "learningRate: -1 is not a number of at least 0"],
      [{ learningRate: Number.POSITIVE_INFINITY }, "learningRate: Infinity is not a number of at least 0"],
      [{ maxGradNorm: 0 }, "maxGradNorm: 0 is not a number above 0"],
      [{ maxGradNorm: "0.5" }, 'maxGradNorm: "0.5" is not a number above 0'],
    ];
    for (const [options, message] of refused) expect(make(options)).toThrow(new ConfigurationError(`Adam: ${message}`));
  });

  it("has PyTorch's defaults", async () => {
    const [a, b] = [await makeParameters(), await makeParameters()];
    const adams = [
      new Adam(a.parameters, { learningRate }),
      new Adam(b.parameters, { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: Infinity }),
    ];
    // So small that epsilon counts.
    const gradients = [1, 2, 3].map((step) => gradientAt(step).map((element) => 1e-7 * element));
    for (const next of gradients) {
      for (const { gradient } of [a, b]) gradient.set(next);
      for (const adam of adams) adam.step();
    }
    expect([...a.tensor.data]).toEqual([...b.tensor.data]);
  });

  it("goes on from its state to the same bits", async () => {
    const [a, b] = [await makeParameters(), await makeParameters()];
    const adam = new Adam(a.parameters, { learningRate, maxGradNorm });
    for (let step = 1; step <= 10; step++) {
      a.gradient.set(gradientAt(step));
      adam.step();
    }
    const other = new Adam(b.parameters, { learningRate, maxGradNorm });
    b.tensor.set(a.tensor.data);
    other.restore(adam.state());
    for (let step = 11; step <= 20; step++) {
      for (const { gradient } of [a, b]) gradient.set(gradientAt(step));
      adam.step();
      other.step();
    }
    expect([...b.tensor.data]).toEqual([...a.tensor.data]);
    expect(other.state()).toEqual(adam.state());
  });

  it("refuses a state of which a part is wrong, and stays as it was", async () => {
    const { parameters, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate });
    gradient.set(gradientAt(1));
    adam.step();
    const state = adam.state() as Record<string, object>;
    adam.step();
    const before = adam.state();
    for (const [name, value] of [
      ["steps", -1],
      ["beta1Power", 2],
      ["beta1Power", 0.5],
      ["beta2Power", 0.9],
      ["steps", 2],
      ["steps", 1e15],
      ["firstMoment", {}],
      ["secondMoment", {}],
    ] as const) {
      expect(() => adam.restore({ ...state, [name]: value })).toThrow(FileFormatError);
      expect(adam.state()).toEqual(before);
    }
  });

  it("refuses a mean of squares that is negative, and powers of another number of steps", async () => {
    const { parameters, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate });
    for (let step = 1; step <= 3; step++) {
      gradient.set(gradientAt(step));
      adam.step();
    }
    const state = adam.state() as { secondMoment: { x: { shape: number[]; data: Float32Array } } };
    const { shape, data } = state.secondMoment.x;
    const negative = { x: { shape, data: data.with(3, -1e-30) } };
    expect(() => adam.restore({ ...state, secondMoment: negative })).toThrow(
      new FileFormatError("secondMoment: x: a tensor [37] is not a tensor [37] of finite numbers of at least 0"),
    );
    const power = 0.9 * 0.9 * 0.9;
    expect(() => adam.restore({ ...state, beta1Power: 0.5 })).toThrow(
      new FileFormatError(`beta1Power: 0.5 is not a number from ${power} to ${power}`),
    );
    expect(adam.state()).toEqual(state);
    const other = new Adam(parameters, { learningRate, beta2: 0.99 });
    expect(() => other.restore(state)).toThrow(/^beta2Power: /);
    adam.restore(state);
    expect(adam.state()).toEqual(state);
  });

  it("names the moment that is not finite, and gives no state of it", async () => {
    const { parameters, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate });
    // Its norm is finite, and its square is not.
    gradient.data[2] = 1e25;
    adam.step();
    expect(() => adam.state()).toThrow(new NonFiniteError("second moment of x[2] is Infinity"));
  });

  it("leaves the zeros between parameters alone", async () => {
    const { parameters, gradient } = await makeParameters();
    const adam = new Adam(parameters, { learningRate });
    gradient.set(gradientAt(1));
    adam.step();
    expect(parameters.flatValues.size).toBeGreaterThan(size);
    expect([...parameters.flatValues.data.subarray(size)].every((x) => x === 0)).toBe(true);
  });
});

describe("schedules", () => {
  it("stay, or fall in a line to 0", () => {
    const values = (schedule: Schedule) => [1, 0.5, 0].map((remaining) => schedule.value(remaining));
    expect(values(constantSchedule(3e-4))).toEqual([3e-4, 3e-4, 3e-4]);
    expect(values(linearSchedule(3e-4))).toEqual([3e-4, 1.5e-4, 0]);
  });

  it("that adapt move from beyond their limits towards them, and never the other way", () => {
    const after = (initial: number, kl: number) => {
      const schedule = klAdaptiveSchedule(initial, 0.01);
      schedule.observe?.(kl);
      return schedule.value(1);
    };
    expect([after(0.05, 0), after(0.05, 1)]).toEqual([0.05, 0.05 / 1.5]);
    expect([after(1e-6, 1), after(1e-6, 0)]).toEqual([1e-6, 1e-6 * 1.5]);
    expect([after(1.2e-5, 1), after(8e-3, 0)]).toEqual([1e-5, 1e-2]);
  });

  it("follow the KL of updates, within limits, and remember", () => {
    const schedule = klAdaptiveSchedule(3e-3, 0.01);
    const after = (...kls: number[]) => {
      for (const kl of kls) schedule.observe?.(kl);
      return schedule.value(1);
    };
    expect(after()).toBe(3e-3);
    expect(after(0.021)).toBe(3e-3 / 1.5);
    // Between half and twice the desired KL, both included, it stays.
    expect(after(0.02, 0.01, 0.005)).toBe(3e-3 / 1.5);
    expect(after(0.0049)).toBe((3e-3 / 1.5) * 1.5);
    const state = schedule.state?.();
    expect(after(...Array(20).fill(1))).toBe(1e-5);
    expect(after(...Array(40).fill(0))).toBe(1e-2);
    schedule.restore?.(state);
    expect(after()).toBe((3e-3 / 1.5) * 1.5);
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
      expect(() => schedule.restore?.({ value })).toThrow(FileFormatError);
    }
  });
});
