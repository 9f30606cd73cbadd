// Sine and cosine for planck. It takes those of `Math` once, as it is evaluated, and these differ between engines by a
// rounding. This file is evaluated just before planck (planck.ts imports the two in this order) and puts others in
// their place; planck.ts puts back those of `Math` just after. All three happen in one go: modules that wait for
// nothing are evaluated one after the other, and no other code runs in between.

import type { Engine } from "../../engine/engine.ts";

const names = ["sin", "cos"] as const;
const ofMath = { sin: Math.sin, cos: Math.cos };
/** Whose sine and cosine planck computes with: until an environment is made, those of `Math`. */
let current: Pick<Engine["kernels"], "sin" | "cos"> = ofMath;

Math.sin = (x) => current.sin(x);
Math.cos = (x) => current.cos(x);

/** Puts back those of `Math`. */
export function restoreMath(): void {
  for (const name of names) Math[name] = ofMath[name];
}

/** From here on planck's sine and cosine are those of this engine, which have the same bits everywhere. */
export function useTrigonometry({ kernels }: Engine): void {
  current = kernels;
}
