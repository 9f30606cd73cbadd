// What test/fixtures/onnx-models.py ran in onnxruntime.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { PolicyName } from "./policies.ts";

interface Run {
  /** The SHA-256 of the model. */
  readonly model: string;
  /** What onnxruntime gave, flat, in the fewest digits that are the same float32. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Of each output that may differ by how much. */
  readonly tolerances: Readonly<Record<string, number>>;
}

interface Fixture {
  readonly policies: readonly (Run & { readonly name: PolicyName })[];
  readonly computation: Run;
}

const file = new URL("../fixtures/onnx-models.json", import.meta.url);
export const fixture: Fixture = JSON.parse(readFileSync(file, "utf8"));

/** Of how many observations the fixture has outputs. */
export const RECORDED = 16;

export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Expects of each output as many numbers as onnxruntime gave, none of them further away than it may be. */
export function expectNear(said: Readonly<Record<string, ArrayLike<number>>>, { outputs, tolerances }: Run): void {
  expect(Object.keys(said).sort()).toEqual(Object.keys(outputs).sort());
  for (const [name, numbers] of Object.entries(said)) {
    const others = outputs[name] as readonly number[];
    expect(numbers, name).toHaveLength(others.length);
    for (const [index, other] of others.entries())
      expect(Math.abs((numbers[index] as number) - Math.fround(other)), `${name}[${index}]`).toBeLessThanOrEqual(
        tolerances[name] ?? 0,
      );
  }
}
