// @ts-check
// Gradients against the reference: for every operator and for the PPO loss, the largest error beside that of PyTorch's float32 on the same
// case, and the time of forward and backward at the size of a PPO minibatch.

import * as library from "../../dist/index.js";
import * as nn from "../../dist/nn/index.js";
import * as ops from "../../dist/tensor/index.js";
import torch from "../../test/fixtures/gradients.json" with { type: "json" };
import { cases, fixtureSizes, inputsOf, operatorsOf, weightsOf } from "../../test/gradients/cases.mjs";
import { lossPrograms } from "../../test/ppo/loss-fixture.mjs";
import { measure } from "../measure.mjs";
import { duration, scientific } from "../table.mjs";

/** A hidden layer in a minibatch of CleanRL's ppo.py. */
const TIMING_SIZES = { m: 128, k: 64, n: 64 };
/** There are many cases: each gets this part of the time that a figure of another suite gets. */
const PART = 1 / 6;

/** @typedef {{ name: string, error: number, torchError: number, forward: number, backward: number }} GradientResult times in s */

/**
 * @param {"strict" | "fma"} variant
 * @param {{ time: number }} options
 * @returns {Promise<GradientResult[]>}
 */
export async function gradients(variant, { time }) {
  const options = { time: time * PART };
  const engine = await library.Engine.create({ kernels: variant });
  const results = [];
  for (const [index, entry] of cases.entries()) {
    const reference = /** @type {{ gradients: Record<string, number[]>, float32Error: { gradient: number } }} */ (
      torch[index]
    );
    const { program, parameters } = capture(engine, entry, fixtureSizes, true);
    program.run();
    const errors = parameters.names.map((name, at) =>
      errorOf(parameters.gradients[at]?.data ?? [], reference.gradients[name] ?? []),
    );
    results.push({
      name: entry.name,
      error: Math.max(...errors),
      torchError: reference.float32Error.gradient,
      ...(await times(
        capture(engine, entry, TIMING_SIZES, false).program,
        capture(engine, entry, TIMING_SIZES, true).program,
        options,
      )),
    });
  }
  return [...results, ...(await losses(engine, options))];
}

/**
 * The program of a case, on parameters that hold its inputs.
 * @param {any} engine
 * @param {(typeof cases)[number]} entry
 * @param {import("../../test/gradients/cases.mjs").Sizes} sizes
 * @param {boolean} differentiate
 */
function capture(engine, entry, sizes, differentiate) {
  const inputs = Object.entries(inputsOf(entry, sizes));
  const parameters = new nn.Parameters(engine);
  const tensors = inputs.map(([name, { shape, dtype, constant }]) =>
    constant ? ops.zeros(engine, shape, dtype) : parameters.declare(name, shape, nn.constantInitializer(0)),
  );
  parameters.initialize(new library.Stream(engine, 1, "initialization"));
  for (const [at, [, { values }]] of inputs.entries()) tensors[at]?.set(values);
  const program = ops.program(
    engine,
    {},
    () => {
      const output = /** @type {any} */ (operatorsOf(/** @type {any} */ (ops))[entry.operator]?.(...tensors));
      const weights = ops.zeros(engine, output.shape).set(weightsOf(entry, output.size));
      return { loss: ops.sum(ops.multiply(output, weights)) };
    },
    differentiate ? { differentiate: parameters } : {},
  );
  return { program, parameters };
}

/** The PPO loss of the fixture, and its time at the size of CleanRL's ppo.py. @param {any} engine @param {{ time: number }} options */
async function losses(engine, options) {
  const results = [];
  for (const { kind, entry, parameters, program } of lossPrograms(
    /** @type {any} */ (library),
    /** @type {any} */ (ops),
    engine,
  )) {
    program.run();
    const errors = parameters.names.map((name, at) =>
      errorOf(
        parameters.gradients[at]?.data ?? [],
        /** @type {Record<string, number[]>} */ (entry.gradients)[name] ?? [],
      ),
    );
    const { clipValueLoss, normalizeAdvantages } = entry;
    const details = [kind, clipValueLoss && "value clipped", normalizeAdvantages && "normalised"].filter(Boolean);
    const forward = lossProgram(engine, kind, entry, false);
    const both = lossProgram(engine, kind, entry, true);
    results.push({
      name: `PPO loss: ${details.join(", ")}`,
      error: Math.max(...errors),
      torchError: entry.float32Error,
      ...(await times(forward, both, options)),
    });
  }
  return results;
}

/**
 * 128 rows, two networks of 4-64-64.
 * @param {any} engine
 * @param {string} kind
 * @param {{ clipValueLoss: boolean, normalizeAdvantages: boolean }} options
 * @param {boolean} differentiate
 */
function lossProgram(engine, kind, { clipValueLoss, normalizeAdvantages }, differentiate) {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const space = kind === "categorical" ? new library.Discrete(2) : new library.Box(low, high, [2]);
  const networks = /** @type {const} */ ({ hiddenSizes: [64, 64], activation: "tanh", seed: 1 });
  const actorCritic = new library.ActorCritic(engine, new library.Box(low, high, [4]), space, networks);
  const rows = /** @type {const} */ ([TIMING_SIZES.m]);
  const program = ops.program(
    engine,
    {
      observations: [TIMING_SIZES.m, 4],
      actions: actorCritic.actions(TIMING_SIZES.m),
      ...{ logProbs: rows, values: rows, advantages: rows, returns: rows },
    },
    (inputs) =>
      library.ppoLoss(actorCritic, inputs, {
        ...{ clipRange: 0.2, entropyCoefficient: 0.01, valueCoefficient: 0.5, clipValueLoss, normalizeAdvantages },
      }),
    differentiate ? { differentiate: actorCritic.parameters } : {},
  );
  const { observations, advantages } = program.inputs;
  observations.set(Array.from({ length: observations.size }, (_, index) => (index % 13) / 13 - 0.5));
  advantages.set(Array.from({ length: advantages.size }, (_, index) => (index % 7) / 7 - 0.5));
  return program;
}

/** @param {{ run(): void }} forward @param {{ run(): void }} both @param {{ time: number }} options */
async function times(forward, both, options) {
  const seconds = await measure(
    [
      { name: "forward", run: () => forward.run() },
      { name: "both", run: () => both.run() },
    ],
    options,
  );
  const [first, all] = [seconds.forward ?? 0, seconds.both ?? 0];
  return { forward: first, backward: Math.max(0, all - first) };
}

/** The largest difference, relative to the largest element. @param {ArrayLike<number>} actual @param {readonly number[]} exact */
function errorOf(actual, exact) {
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    exact.reduce((most, value, index) => Math.max(most, Math.abs((actual[index] ?? Number.NaN) - value)), 0) / largest
  );
}

/** @param {string} variant @param {GradientResult[]} results @returns {import("../table.mjs").Table[]} */
export function gradientTables(variant, results) {
  return [
    {
      title: `Gradients, ${variant}: largest error relative to the largest element, against float64`,
      columns: ["case", "proximal", "PyTorch float32", "forward", "backward"],
      rows: results.map(({ name, error, torchError, forward, backward }) => [
        name,
        scientific(error),
        scientific(torchError),
        duration(forward),
        duration(backward),
      ]),
      note: "Errors are of the fixtures' cases; times of 128 rows and 64 columns, and of two 4-64-64 networks for the loss.",
    },
  ];
}
