// What test/fixtures/onnx-models.py ran in onnxruntime.

import { readFileSync } from "node:fs";
import { expect } from "vitest";

interface Outputs {
  /** What onnxruntime gave, nested as its shape is. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Of each output that may differ by how much. */
  readonly tolerances: Readonly<Record<string, number>>;
}

interface Fixture {
  readonly policies: readonly (Outputs & {
    readonly name: string;
    readonly policy: string;
    readonly model: string;
    readonly observations: readonly (readonly number[])[];
  })[];
  readonly computation: Outputs & { readonly model: string };
}

const file = new URL("../fixtures/onnx-models.json", import.meta.url);
export const fixture: Fixture = JSON.parse(readFileSync(file, "utf8"));

export const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** Expects of each output as many numbers as onnxruntime gave, none of them further away than it may be. */
export function expectNear(said: Readonly<Record<string, ArrayLike<number>>>, { outputs, tolerances }: Outputs): void {
  expect(Object.keys(said).sort()).toEqual(Object.keys(outputs).sort());
  for (const [name, numbers] of Object.entries(said)) {
    const others = [outputs[name]].flat(Number.POSITIVE_INFINITY) as number[];
    expect(numbers, name).toHaveLength(others.length);
    for (const [index, other] of others.entries())
      expect(Math.abs((numbers[index] as number) - other), `${name}[${index}]`).toBeLessThanOrEqual(
        tolerances[name] ?? 0,
      );
  }
}
