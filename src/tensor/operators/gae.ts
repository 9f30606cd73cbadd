// Generalized advantage estimation (Schulman et al., 2016, arXiv 1506.02438).

import { ShapeError } from "../../base/errors.ts";
import { type DataType, formatShape, sameNumbers } from "../../base/spec.ts";
import { callMany, constants64 } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { matrix, ofType } from "./shapes.ts";

/** What happened in a rollout: each [numSteps, numEnvs]. */
export interface Trajectories {
  /** r_t */
  readonly rewards: Tensor;
  /** V(s_t), as estimated when the action was taken. */
  readonly values: Tensor;
  /** 1 where the environment ended the episode after this step. */
  readonly terminated: Tensor<"uint8">;
  /** 1 where a time limit cut the episode off after this step. */
  readonly truncated: Tensor<"uint8">;
  /** The value of the episode's last observation; read where the episode was truncated and not terminated. */
  readonly finalValues: Tensor;
}

/**
 * δ_t = r_t + γ V(s_{t+1}) - V(s_t) and Â_t = δ_t + γλ Â_{t+1} (equations 11 and 16 there, 12 and 11 in the PPO paper),
 * with the returns Â_t + V(s_t) that the value function learns. The end of an episode, of either kind, stops the
 * recursion; a truncated episode goes on from the value of its last observation, a terminated one from 0.
 *
 * @param nextValues the value of the observation after the last step: [numEnvs]
 */
export function generalizedAdvantages(
  trajectories: Trajectories,
  nextValues: Tensor,
  discounts: { readonly gamma: number; readonly gaeLambda: number },
): { advantages: Tensor; returns: Tensor } {
  const { rewards, values, terminated, truncated, finalValues } = trajectories;
  const [numSteps, numEnvs] = matrix("generalizedAdvantages", rewards);
  for (const [name, tensor] of Object.entries<Tensor<DataType>>({ values, terminated, truncated, finalValues })) {
    if (!sameNumbers(tensor.shape, rewards.shape)) {
      throw new ShapeError(
        `generalizedAdvantages: ${name} ${formatShape(tensor.shape)} and rewards ${formatShape(rewards.shape)} differ in shape`,
      );
    }
  }
  for (const flags of [terminated, truncated]) ofType("generalizedAdvantages", flags, "uint8");
  if (nextValues.size !== numEnvs) {
    throw new ShapeError(
      `generalizedAdvantages: nextValues ${formatShape(nextValues.shape)} for ${numEnvs} environments`,
    );
  }
  const constants = constants64(discounts.gamma, discounts.gaeLambda);
  const inputs = [rewards, values, terminated, truncated, finalValues, nextValues, constants];
  const [advantages, returns] = callMany("gae", [rewards, rewards], ...inputs, numSteps, numEnvs);
  return { advantages: advantages as Tensor, returns: returns as Tensor };
}
