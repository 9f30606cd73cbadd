// Generalized advantage estimation (Schulman et al., 2016, arXiv 1506.02438).

import { ShapeError } from "../../engine/errors.ts";
import { callMany, constants64 } from "../tape.ts";
import { type DataType, formatShape, sameShape, type Tensor } from "../tensor.ts";
import { matrix } from "./reduce.ts";

/** What happened in a rollout: each [steps, envs]. */
export interface Trajectories {
  readonly rewards: Tensor;
  /** V(s_t), as estimated when the action was taken. */
  readonly values: Tensor;
  /** 1 where the environment ended the episode after this step. */
  readonly terminated: Tensor<"int32">;
  /** 1 where a time limit cut the episode off after this step. */
  readonly truncated: Tensor<"int32">;
  /** The value of the episode's last observation; read where the episode was truncated and not terminated. */
  readonly finalValues: Tensor;
}

/**
 * δ_t = r_t + γ V(s_{t+1}) - V(s_t) and Â_t = δ_t + γλ Â_{t+1} (equations 11 and 16), with the returns Â_t + V(s_t) that the value function
 * learns. The end of an episode, of either kind, stops the recursion; a truncated episode goes on from the value of its last observation, a
 * terminated one from 0.
 *
 * @param nextValues the value of the observation after the last step: [envs]
 */
export function generalizedAdvantages(
  trajectories: Trajectories,
  nextValues: Tensor,
  discounts: { readonly gamma: number; readonly gaeLambda: number },
): { advantages: Tensor; returns: Tensor } {
  const { rewards, values, terminated, truncated, finalValues } = trajectories;
  const [steps, envs] = matrix("generalizedAdvantages", rewards);
  for (const [name, tensor] of Object.entries<Tensor<DataType>>({ values, terminated, truncated, finalValues })) {
    if (!sameShape(tensor.shape, rewards.shape)) {
      throw new ShapeError(
        `generalizedAdvantages: ${name} ${formatShape(tensor.shape)} and rewards ${formatShape(rewards.shape)} differ in shape`,
      );
    }
  }
  if (nextValues.size !== envs) {
    throw new ShapeError(`generalizedAdvantages: nextValues ${formatShape(nextValues.shape)} for ${envs} environments`);
  }
  const constants = constants64(discounts.gamma, discounts.gaeLambda);
  const inputs = [rewards, values, terminated, truncated, finalValues, nextValues, constants];
  const [advantages, returns] = callMany("gae", 2, rewards.shape, ...inputs, steps, envs);
  return { advantages: advantages as Tensor, returns: returns as Tensor };
}
