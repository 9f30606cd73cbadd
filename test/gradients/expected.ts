// What PyTorch makes of the cases, in their order.

import fixture from "../fixtures/gradients.json" with { type: "json" };

export interface Expected {
  readonly name: string;
  /** In float64. */
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** The largest errors of PyTorch's own float32, relative to the largest element. */
  readonly float32Error: { readonly output: number; readonly gradient: number };
}

// TypeScript reads the gradients as objects of every name that there is, where all but a case's own are undefined.
export const expected = fixture as readonly unknown[] as readonly Expected[];
