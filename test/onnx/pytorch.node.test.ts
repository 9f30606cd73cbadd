// A policy's file in PyTorch: modules that test/fixtures/pytorch-modules.py made of files of these policies say the
// same as `evaluate` and `act`.

import { expect, it } from "vitest";
import { Engine } from "../../src/index.ts";
import fixture from "../fixtures/pytorch-modules.json" with { type: "json" };
import { RECORDED } from "./fixture.ts";
import { observationsOf, type PolicyName, policyNames, policyOf, saidBy } from "./policies.ts";

/** That of the script, relative to the size of what is larger than 1. */
const TOLERANCE = 1e-5;

const engine = await Engine.create();

it("PyTorch has loaded every policy", () => {
  expect(fixture.map(({ name }) => name)).toEqual(policyNames);
});

it.each(fixture)("$name", ({ name, outputs }) => {
  const policy = policyOf(engine, name as PolicyName);
  const said = saidBy(policy, observationsOf(engine, name as PolicyName, RECORDED)).outputs;
  expect(Object.keys(said).sort()).toEqual(Object.keys(outputs).sort());
  for (const [output, expected] of Object.entries(outputs)) {
    const numbers = said[output]?.flat() as number[];
    expect(numbers, output).toHaveLength(expected.length);
    for (const [index, number] of expected.entries())
      expect(Math.abs((numbers[index] as number) - number), `${output}[${index}]`).toBeLessThanOrEqual(
        TOLERANCE * Math.max(1, Math.abs(number)),
      );
  }
});
