// Gradients that are long sums, of thousands of rows, inputs, outputs or classes: the largest error beside that of
// PyTorch's float32 on the same case.

import { Engine, type KernelVariant } from "proximal/engine";
import { expectedLong, longCases } from "../../test/gradients/long.ts";
import { scientific, type Table } from "../table.ts";
import { capture, type GradientResult, largestError } from "./gradients.ts";

export type SumResult = Pick<GradientResult, "name" | "error" | "torchError">;

export async function sums(variant: KernelVariant): Promise<SumResult[]> {
  const engine = await Engine.create({ kernels: variant });
  return longCases.map((entry, index) => {
    const { program, parameters } = capture(engine, entry, entry.sizes, true);
    program.run();
    const torch = expectedLong[index];
    return {
      name: entry.name,
      error: largestError(parameters, torch?.gradients ?? {}),
      torchError: torch?.float32Error.gradient ?? Number.NaN,
    };
  });
}

export function sumTables(variant: KernelVariant, results: readonly SumResult[]): Table[] {
  return [
    {
      title: `Gradients that are long sums, ${variant}: largest error relative to the largest element, against float64`,
      columns: ["case", "proximal", "PyTorch float32"],
      rows: results.map(({ name, error, torchError }) => [name, scientific(error), scientific(torchError)]),
    },
  ];
}
