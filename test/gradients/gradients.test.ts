// Every operator and its gradient, in both kernel modules, against two references in float64: the one written for these
// tests, which also bounds the error of each element, and PyTorch (test/fixtures/gradients.py). The same of long sums.

import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { hasRelaxedSimd } from "../../src/engine/features.ts";
import * as ops from "../../src/tensor/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import { firstBeyond } from "./bounds.ts";
import { type Case, cases } from "./cases.ts";
import { type Expected, expected } from "./expected.ts";
import { fixtureSizes, inputsOf, type Sizes, weightsOf } from "./inputs.ts";
import { expectedLong, longCases } from "./long.ts";
import { Value } from "./value.ts";

/** Output and gradients of a case by the kernels. */
function compute(engine: Engine, entry: Case, sizes: Sizes) {
  const inputs = inputsOf(entry, sizes).map(({ name, shape, dtype, constant, values }) => {
    const { storage } = ops.zeros(engine, { shape, dtype });
    const tensor = new Tensor(engine, { shape, dtype }, { storage, requiresGradient: !constant }).set(values);
    return { name, constant, tensor, gradient: ops.zeros(engine, ops.float32(shape)) };
  });
  const variables = inputs.filter(({ constant }) => !constant);
  const program = ops.program(
    engine,
    {},
    () => {
      const output = entry.operator(ops, ...inputs.map(({ tensor }) => tensor as Tensor));
      const weights = ops.zeros(engine, output).set(weightsOf(entry, output.size));
      return { output, loss: ops.sum(ops.multiply(output, weights)) };
    },
    {
      differentiate: {
        tensors: variables.map(({ tensor }) => tensor as Tensor),
        gradients: variables.map(({ gradient }) => gradient),
      },
    },
  );
  program.run();
  return {
    output: [...program.outputs.output.data],
    gradients: Object.fromEntries(variables.map(({ name, gradient }) => [name, [...gradient.data]])),
  };
}

/** The same in float64, each element with the bound of a float32 result's error. */
function reference(entry: Case, sizes: Sizes) {
  const inputs = inputsOf(entry, sizes).map(({ name, shape, constant, values }) => ({
    name,
    constant,
    shape,
    values: values.map((value) => Value.of(value)),
  }));
  const output = entry.reference(...inputs);
  const weights = weightsOf(entry, output.length);
  Value.sum(output.map((element, index) => element.multiply(Value.of(weights[index] as number)))).backward();
  const variables = inputs.filter(({ constant }) => !constant);
  return { output, gradients: Object.fromEntries(variables.map(({ name, values }) => [name, values])) };
}

type Computed = ReturnType<typeof compute>;
type Exact = ReturnType<typeof reference>;

function expectGradients({ gradients }: Computed, exact: Exact, torch: Pick<Expected, "gradients">): void {
  expect(Object.keys(gradients)).toEqual(Object.keys(torch.gradients));
  for (const [name, gradient] of Object.entries(gradients)) {
    const values = exact.gradients[name] as readonly Value[];
    const errors = values.map(({ gradientError }) => gradientError);
    expect(
      firstBeyond(
        gradient,
        values.map((value) => value.gradient),
        errors,
      ),
      name,
    ).toBeUndefined();
    expect(firstBeyond(gradient, torch.gradients[name] as readonly number[], errors), name).toBeUndefined();
  }
}

/** The reference in scalars would take minutes for the largest, which the benchmark measures. */
const ofLimitedSize = longCases
  .map((entry, index) => ({ entry, torch: expectedLong[index] as (typeof expectedLong)[number], name: entry.name }))
  .filter(({ entry }) => entry.sizes.m <= 2048);

it("has a fixture for every case", () => {
  expect(expected.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
  expect(expectedLong.map(({ name }) => name)).toEqual(longCases.map(({ name }) => name));
});

for (const variant of ["strict", "fma"] as const) {
  describe.skipIf(variant === "fma" && !hasRelaxedSimd())(`${variant} kernels`, () => {
    it.each(cases.map((entry, index) => ({ entry, index, name: entry.name })))("$name", async ({ entry, index }) => {
      const actual = compute(await Engine.create({ kernels: variant }), entry, fixtureSizes);
      const exact = reference(entry, fixtureSizes);
      const torch = expected[index] as Expected;

      const bounds = exact.output.map(({ error }) => error);
      expect(
        firstBeyond(
          actual.output,
          exact.output.map(({ value }) => value),
          bounds,
        ),
      ).toBeUndefined();
      expect(firstBeyond(actual.output, torch.output, bounds)).toBeUndefined();

      expectGradients(actual, exact, torch);
    });

    it.each(ofLimitedSize)("$name", async ({ entry, torch }) => {
      const actual = compute(await Engine.create({ kernels: variant }), entry, entry.sizes);
      expect(actual.output.length).toBe(entry.outputs);
      expectGradients(actual, reference(entry, entry.sizes), torch);
    });
  });
}
