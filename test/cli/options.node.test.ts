// The options of a command line: what each text is read as, and what is refused before anything begins.

import { describe, expect, it } from "vitest";
import {
  type Command,
  expectOperands,
  helpOf,
  integerOption,
  parseCommand,
  textOption,
} from "../../src/cli/options.ts";
import { ConfigurationError } from "../../src/index.ts";

const command: Command = {
  ...{ name: "train", operands: "<env>", summary: "Trains.", example: "proximal train X", hyperparameters: true },
  options: [
    { flag: "total-steps", alias: "steps", value: "N", meaning: "steps" },
    { flag: "out", value: "DIR", meaning: "folder" },
    { flag: "json", meaning: "print JSON" },
  ],
};
const parse = (...args: string[]) => parseCommand(command, args);

describe("hyper-parameters", () => {
  it.each<[string[], object]>([
    [["--clip-value-loss"], { clipValueLoss: true }],
    [["--no-clip-value-loss"], { clipValueLoss: false }],
    [["--no-anneal-learning-rate", "--anneal-clip-range"], { annealLearningRate: false, annealClipRange: true }],
    [["--gamma", "0.5"], { gamma: 0.5 }],
    [["--gamma=0"], { gamma: 0 }],
    [["--target-kl", "none"], { targetKl: null }],
    [["--max-grad-norm", "Infinity"], { maxGradNorm: Number.POSITIVE_INFINITY }],
    [["--hidden-sizes", "32,16"], { hiddenSizes: [32, 16] }],
    [["--hidden-sizes", "none"], { hiddenSizes: [] }],
    [["--activation", "relu", "--seed", "7"], { activation: "relu", seed: 7 }],
    [["--seed", "7", "--seed", "8"], { seed: 8 }],
  ])("%j", (args, hyperparameters) => {
    expect(parse(...args).hyperparameters).toEqual(hyperparameters);
    expect(parse(...args).options.size).toBe(0);
  });

  it.each<[string[], string]>([
    [["--gamma", " "], '--gamma: " " is not a number from 0 to 1'],
    [["--gamma", "none"], '--gamma: "none" is not a number from 0 to 1'],
    [["--gamma="], "--gamma: it needs a value"],
    [["--num-steps", "1.5"], "--num-steps: 1.5 is not an integer of at least 1"],
    [["--hidden-sizes", "32,"], '--hidden-sizes: "32," is not a list of integers of 1 or more'],
    [["--no-gamma"], "unknown option --no-gamma; did you mean --gamma?"],
    [["--no-clip-value-loss=1"], '--no-clip-value-loss: it takes no value, and was given "1"'],
  ])("%j is refused", (args, message) => {
    expect(() => parse(...args)).toThrow(new ConfigurationError(message));
  });
});

describe("options", () => {
  it("are kept by their names, whichever they were given under, the last of several", () => {
    const { options, operands } = parse("A", "--steps", "5", "--json", "--total-steps=6", "B");
    expect(operands).toEqual(["A", "B"]);
    expect([...options]).toEqual([
      ["total-steps", "6"],
      ["json", true],
    ]);
  });

  it.each([["--out"], ["--out="], ["--out", ""]])("%s %s needs a value", (...args) => {
    expect(() => parse(...args)).toThrow(new ConfigurationError("--out: it needs a value"));
  });

  it("are integers of at least so much where they are numbers", () => {
    const read = (text: string) => integerOption(parse("--steps", text), "total-steps", 1);
    expect([read("1"), read("1e5"), integerOption(parse(), "total-steps", 1)]).toEqual([1, 100_000, undefined]);
    for (const text of ["0", "-1", "1.5", "1e99", "NaN", "five"])
      expect(() => read(text)).toThrow(/^--total-steps: .* is not an integer /);
    expect([textOption(parse("--out", "5"), "out"), textOption(parse(), "out")]).toEqual(["5", undefined]);
  });
});

it("operands are as many as a command takes", () => {
  const check = (operands: string[], least: number, most: number) => () =>
    expectOperands(command, { ...parse(), operands }, least, most);
  for (const operands of [["a"], ["a", "b"]]) expect(check(operands, 1, 2)).not.toThrow();
  expect(check([], 1, 2)).toThrow(new ConfigurationError("train: <env> is missing, as in: proximal train <env>"));
  expect(check(["a", "b", "c"], 1, 2)).toThrow(
    new ConfigurationError('train: "c" is one too many, as in: proximal train <env>'),
  );
});

it("help shows what a preset holds in place of the defaults, and the defaults of the rest", () => {
  const help = helpOf(command, { title: "as X", values: { gamma: 0.5, clipValueLoss: false } });
  expect(help).toMatch(/--gamma X +discount \[0\.5\]/);
  expect(help).toMatch(/--\[no-\]clip-value-loss +.*\[no\]/);
  expect(help).toMatch(/--gae-lambda X +.*\[0\.95\]/);
  expect(helpOf(command)).toMatch(/--gamma X +discount \[0\.99\]/);
});
