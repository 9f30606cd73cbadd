// The PPO loss, its parts and its gradients, against the float64 reference of test/gradients, which bounds the error of
// each number, and against PyTorch in float64 (test/fixtures/ppo-loss.py).

import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { hasRelaxedSimd } from "../../src/engine/features.ts";
import * as library from "../../src/index.ts";
import * as ops from "../../src/tensor/index.ts";
import fixture from "../fixtures/ppo-loss.json" with { type: "json" };
import { firstBeyond } from "../gradients/bounds.ts";
import { affine, entropy, gaussianLogProb, logSoftmax, type Matrix, matrixOf, Value } from "../gradients/value.ts";
import { kinds, lossPrograms, settings } from "./loss-fixture.ts";

type Kind = (typeof kinds)[number];
type Entry = (typeof fixture)[Kind]["cases"][number];

const values = (numbers: readonly number[]) => numbers.map((number) => Value.of(number));
const mean = (terms: readonly Value[]) => Value.sum(terms).multiply(Value.of(1 / terms.length, 1 / terms.length));

/** The loss as ppoLoss defines it, number by number. */
function reference(kind: Kind, { clipValueLoss, normalizeAdvantages }: Entry) {
  const { clipRange, entropyCoefficient, valueCoefficient, observation, hiddenSizes } = settings;
  const minibatch: Record<string, readonly number[]> = fixture[kind].minibatch;
  const parameters = Object.fromEntries(
    Object.entries(fixture[kind].parameters as Record<string, number[]>).map(([name, numbers]) => [
      name,
      values(numbers),
    ]),
  );
  const column = (name: string) => values(minibatch[name] as readonly number[]);
  const network = (name: string, input: Matrix): Matrix =>
    hiddenSizes.concat(0).reduce<Matrix>((x, _, layer) => {
      const bias = parameters[`${name}.${layer}.bias`] as Value[];
      const y = affine(x, matrixOf(parameters[`${name}.${layer}.weight`] as Value[], bias.length), bias);
      return layer === hiddenSizes.length ? y : y.map((row) => row.map((element) => element.tanh()));
    }, input);

  const observations = matrixOf(column("observations"), observation);
  const output = network("actor", observations);
  const value = network("critic", observations).flat();
  const actions = minibatch.actions as readonly number[];
  const logStd = parameters["actor.logStd"];
  const logProbs = output.map((row, index) => {
    if (logStd === undefined) return logSoftmax(row)[actions[index] as number] as Value;
    return gaussianLogProb(row, logStd, matrixOf(values(actions), logStd.length)[index] as Value[]);
  });
  const entropies =
    logStd === undefined
      ? output.map((row) => entropy(logSoftmax(row)))
      : [Value.sum(logStd.map((x) => x.add(Value.of(0.5 * Math.log(2 * Math.PI * Math.E), 1))))];

  const logRatios = logProbs.map((logProb, index) => logProb.subtract(column("logProbs")[index] as Value));
  const ratios = logRatios.map((logRatio) => logRatio.exp());
  const advantages = normalizeAdvantages ? standardized(minibatch.advantages as number[]) : column("advantages");
  const objective = ratios.map((ratio, index) => {
    const advantage = advantages[index] as Value;
    return ratio.multiply(advantage).minimum(ratio.clamp(1 - clipRange, 1 + clipRange).multiply(advantage));
  });
  const errors = value.map((v, index) => {
    const [old, target] = [column("values")[index] as Value, column("returns")[index] as Value];
    const plain = squared(v.subtract(target));
    const clipped = old.add(v.subtract(old).clamp(-clipRange, clipRange));
    return clipValueLoss ? plain.maximum(squared(clipped.subtract(target))) : plain;
  });

  const policyLoss = mean(objective).negate();
  const valueLoss = mean(errors).multiply(Value.of(0.5));
  const meanEntropy = mean(entropies);
  const loss = Value.sum([
    policyLoss,
    meanEntropy.multiply(Value.of(-entropyCoefficient, entropyCoefficient)),
    valueLoss.multiply(Value.of(valueCoefficient)),
  ]);
  loss.backward();
  const one = Value.of(1);
  const approxKl = mean(ratios.map((ratio, index) => ratio.subtract(one).subtract(logRatios[index] as Value)));
  const clipped = ratios.filter((ratio) => Math.abs(ratio.value - 1) > clipRange).length;
  const clipFraction = Value.of(clipped / ratios.length, 1);
  return { outputs: { loss, policyLoss, valueLoss, entropy: meanEntropy, approxKl, clipFraction }, parameters };
}

const squared = (x: Value) => x.multiply(x);

/** Computed in float64 and rounded once, as by the kernel. No derivative flows through it. */
function standardized(numbers: readonly number[]): Value[] {
  const center = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - center) ** 2, 0) / (numbers.length - 1);
  return numbers.map((x) => (x - center) / (Math.sqrt(variance) + 1e-8)).map((x) => Value.of(x, Math.abs(x)));
}

for (const variant of ["strict", "fma"] as const) {
  describe.skipIf(variant === "fma" && !hasRelaxedSimd())(`ppoLoss, ${variant} kernels`, async () => {
    const engine = await Engine.create({ kernels: variant });
    const titled = lossPrograms(library, ops, engine).map((entry) => {
      const { clipValueLoss, normalizeAdvantages } = entry.entry;
      const value = clipValueLoss ? "clipped" : "plain";
      return { ...entry, title: `${entry.kind}, ${value} value loss, ${normalizeAdvantages ? "" : "not "}normalised` };
    });

    it.each(titled)("$title", ({ kind, entry, parameters, program }) => {
      program.run();
      const exact = reference(kind, entry);
      for (const [name, { value, error }] of Object.entries(exact.outputs)) {
        const actual = program.outputs[name as keyof typeof program.outputs].data;
        expect(firstBeyond(actual, [value], [error]), name).toBeUndefined();
        expect(firstBeyond(actual, [entry.outputs[name as keyof typeof entry.outputs]], [error]), name).toBeUndefined();
      }
      for (const [index, name] of parameters.names.entries()) {
        const actual = parameters.gradients[index]?.data as Float32Array;
        const variables = exact.parameters[name] as readonly Value[];
        const bounds = variables.map(({ gradientError }) => gradientError);
        const torch = (entry.gradients as Record<string, number[]>)[name] as number[];
        expect(
          firstBeyond(
            actual,
            variables.map(({ gradient }) => gradient),
            bounds,
          ),
          name,
        ).toBeUndefined();
        expect(firstBeyond(actual, torch, bounds), name).toBeUndefined();
      }
    });
  });
}

it("covers both policies, both value losses, normalised and not", () => {
  expect(kinds.map((kind) => fixture[kind].cases.length)).toEqual([4, 4]);
});
