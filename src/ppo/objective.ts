// The objectives of the policy: those of table 1 of the paper.

import { add, maximum, minimum, multiply, subtract } from "../tensor/operators/arithmetic.ts";
import { clamp } from "../tensor/operators/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What an objective is made of. */
export interface ObjectiveTerms {
  /** r(θ) = π_θ(a | s) / π_old(a | s), equation 6: [rows] */
  readonly ratio: Tensor;
  /** Â: [rows] */
  readonly advantages: Tensor;
  /** KL[π_old(· | s), π_θ(· | s)] in closed form: [rows] */
  readonly kl: () => Tensor;
  /** ε */
  readonly clipRange: Tensor | number;
  /** c of the dual clip, or null for none. */
  readonly dualClip: number | null;
  /** β */
  readonly klPenalty: Tensor | number;
}

/** L^CPI: r Â, equation 6. */
const surrogate = ({ ratio, advantages }: ObjectiveTerms): Tensor => multiply(ratio, advantages);

/** L^CLIP: min(r Â, clip(r, 1 - ε, 1 + ε) Â), equation 7; with a dual clip no less than cÂ where Â < 0. */
function clipped(terms: ObjectiveTerms): Tensor {
  const { ratio, advantages, clipRange, dualClip } = terms;
  const clippedRatio = clamp(ratio, subtract(1, clipRange), add(1, clipRange));
  const objective = minimum(surrogate(terms), multiply(clippedRatio, advantages));
  return dualClip === null ? objective : maximum(objective, multiply(minimum(advantages, 0), dualClip));
}

/** L^KLPEN: r Â - β KL[π_old, π_θ], equation 8. */
const penalized = (terms: ObjectiveTerms): Tensor => subtract(surrogate(terms), multiply(terms.kl(), terms.klPenalty));

const byName = { clip: clipped, none: surrogate, "fixed-kl": penalized, "adaptive-kl": penalized } as const;

/** The name of an objective. */
export type Objective = keyof typeof byName;

/** Every objective. */
export const objectives = Object.keys(byName) as readonly Objective[];

/** What the policy is to maximise the mean of: [rows] */
export function policyObjective(objective: Objective, terms: ObjectiveTerms): Tensor {
  return byName[objective](terms);
}

/** Whether an objective needs to know the old policy's distributions, not only its log-probabilities. */
export function isPenalized(objective: Objective): boolean {
  return byName[objective] === penalized;
}
