// Memory for the operands of kernels that are timed by themselves.

import type { Engine } from "proximal/engine";

/** The address of so many float32 between 0.5 and 1.5, which live as long as `owner`. */
export function place(engine: Engine, length: number, owner: object): number {
  const address = engine.allocate(4 * length, owner);
  const values = engine.view("float32", address, length);
  for (const index of values.keys()) values[index] = 0.5 + (index % 97) / 97;
  return address;
}
