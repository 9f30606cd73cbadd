// Gradients against the reference: for every operator and for the PPO loss, the largest error beside that of PyTorch's
// float32 on the same case, and the time of forward and backward at the size of a PPO minibatch.

import * as library from "proximal";
import { Engine, type KernelVariant, Stream } from "proximal/engine";
import { constantInitializer, Parameters } from "proximal/nn";
import * as ops from "proximal/tensor";
import { type Case, cases } from "../../test/gradients/cases.ts";
import { expected } from "../../test/gradients/expected.ts";
import { fixtureSizes, inputsOf, type Sizes, weightsOf } from "../../test/gradients/inputs.ts";
import { batchOf, type Kind, lossOf, lossPrograms } from "../../test/ppo/loss-fixture.ts";
import { measure } from "../measure.ts";
import { duration, scientific, type Table } from "../table.ts";

/** A hidden layer in a minibatch of CleanRL's ppo.py. */
const TIMING_SIZES = { m: 128, k: 64, n: 64 };
/** There are many cases: each gets this part of the time that a figure of another suite gets. */
const PART = 1 / 6;

export interface GradientResult {
  readonly name: string;
  /** The largest, relative to the largest element. */
  readonly error: number;
  readonly torchError: number;
  /** Seconds. */
  readonly forward: number;
  readonly backward: number;
}

interface Options {
  readonly time: number;
}

export async function gradients(variant: KernelVariant, { time }: Options): Promise<GradientResult[]> {
  const options = { time: time * PART };
  const engine = await Engine.create({ kernels: variant });
  const results: GradientResult[] = [];
  for (const [index, entry] of cases.entries()) {
    const torch = expected[index];
    const { program, parameters } = capture(engine, entry, fixtureSizes, true);
    program.run();
    results.push({
      name: entry.name,
      error: largestError(parameters, torch?.gradients ?? {}),
      torchError: torch?.float32Error.gradient ?? Number.NaN,
      ...(await times(
        capture(engine, entry, TIMING_SIZES, false).program,
        capture(engine, entry, TIMING_SIZES, true).program,
        options,
      )),
    });
  }
  return [...results, ...(await losses(engine, options))];
}

/** The program of a case, on parameters that hold its inputs. */
export function capture(engine: Engine, entry: Case, sizes: Sizes, differentiate: boolean) {
  const parameters = new Parameters(engine);
  const inputs = inputsOf(entry, sizes).map(({ name, shape, dtype, constant, values }) => ({
    tensor: constant ? ops.zeros(engine, { shape, dtype }) : parameters.declare(name, shape, constantInitializer(0)),
    values,
  }));
  parameters.initialize(new Stream(engine, 1, "initialization"));
  for (const { tensor, values } of inputs) tensor.set(values);
  const program = ops.program(
    engine,
    {},
    () => {
      const output = entry.operator(ops, ...inputs.map(({ tensor }) => tensor as ops.Tensor));
      const weights = ops.zeros(engine, output).set(weightsOf(entry, output.size));
      return { loss: ops.sum(ops.multiply(output, weights)) };
    },
    differentiate ? { differentiate: parameters } : {},
  );
  return { program, parameters };
}

/** The PPO loss of the fixture, and its time at the size of CleanRL's ppo.py. */
async function losses(engine: Engine, options: Options): Promise<GradientResult[]> {
  const results: GradientResult[] = [];
  for (const { kind, entry, parameters, program } of lossPrograms(library, ops, engine)) {
    program.run();
    const { clipValueLoss, normalizeAdvantages } = entry;
    const details = [kind, clipValueLoss && "value clipped", normalizeAdvantages && "normalised"].filter(Boolean);
    const forward = lossProgram(engine, kind, entry, false);
    const both = lossProgram(engine, kind, entry, true);
    results.push({
      name: `PPO loss: ${details.join(", ")}`,
      error: largestError(parameters, entry.gradients),
      torchError: entry.float32Error,
      ...(await times(forward, both, options)),
    });
  }
  return results;
}

type LossOptions = { readonly clipValueLoss: boolean; readonly normalizeAdvantages: boolean };

/** 128 rows, two networks of 4-64-64. */
function lossProgram(engine: Engine, kind: Kind, options: LossOptions, differentiate: boolean): { run(): void } {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const space = kind === "categorical" ? new library.Discrete(2) : new library.Box(low, high, [2]);
  const networks = { hiddenSizes: [64, 64], activation: "tanh", seed: 1 } as const;
  const actorCritic = new library.ActorCritic(engine, new library.Box(low, high, [4]), space, networks);
  const batch = TIMING_SIZES.m;
  const rows = ops.float32([batch]);
  const program = ops.program(
    engine,
    {
      observations: ops.float32([batch, 4]),
      actions: batchOf(batch, actorCritic.head.action),
      ...{ logProbs: rows, values: rows, advantages: rows, returns: rows },
    },
    lossOf(library, ops, actorCritic, {
      ...{ clipRange: 0.2, entropyCoefficient: 0.01, valueCoefficient: 0.5 },
      clipValueLoss: options.clipValueLoss,
      normalizeAdvantages: options.normalizeAdvantages,
    }),
    differentiate ? { differentiate: actorCritic.parameters } : {},
  );
  const { observations, advantages } = program.inputs;
  observations.set(Array.from({ length: observations.size }, (_, index) => (index % 13) / 13 - 0.5));
  advantages.set(Array.from({ length: advantages.size }, (_, index) => (index % 7) / 7 - 0.5));
  return program;
}

async function times(
  forward: { run(): void },
  both: { run(): void },
  options: Options,
): Promise<Pick<GradientResult, "forward" | "backward">> {
  const seconds = await measure(
    [
      { name: "forward", run: () => forward.run() },
      { name: "both", run: () => both.run() },
    ],
    options,
  );
  return { forward: seconds.forward, backward: Math.max(0, seconds.both - seconds.forward) };
}

/** Of all gradients the largest error, relative to the largest element of its gradient. */
export function largestError(
  parameters: Parameters,
  exact: Readonly<Record<string, readonly number[] | undefined>>,
): number {
  return Math.max(
    ...parameters.names.map((name, index) => errorOf(parameters.gradients[index]?.data ?? [], exact[name] ?? [])),
  );
}

function errorOf(actual: ArrayLike<number>, exact: readonly number[]): number {
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = exact.reduce(
    (most, value, index) => Math.max(most, Math.abs((actual[index] ?? Number.NaN) - value)),
    0,
  );
  return difference / largest;
}

export function gradientTables(variant: KernelVariant, results: readonly GradientResult[]): Table[] {
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
      note:
        "Errors are of the fixtures' cases; times of 128 rows and 64 columns, " +
        "and of two 4-64-64 networks for the loss.",
    },
  ];
}
