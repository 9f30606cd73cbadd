// What a policy has learnt, as plain arrays by name: out of it, and into a new one.

import { FileFormatError } from "../base/errors.ts";
import { checkNames } from "../base/ranges.ts";
import type { NamedTensor } from "../base/spec.ts";
import { within } from "../base/state.ts";
import { makersFor } from "../nn/makers.ts";
import type { ObservationSpace, Space } from "../spaces/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { chosenEngine, type EngineChoice } from "./engine-choice.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";
import { newEngine, Policy } from "./saved-policy.ts";

/**
 * Arrays by their names: "actor.0.weight" [inputs, outputs], "actor.0.bias" [outputs], and so on for each layer of
 * actor and critic; with actions of a Box, "actor.logStd" [size] as well. All are Float32Arrays.
 */
export type Weights = Readonly<Record<string, Omit<NamedTensor, "name">>>;

/** What a policy looks at and chooses from, as an environment says it. */
export interface PolicySpaces {
  /** What it looks at. */
  readonly observationSpace: ObservationSpace;
  /** What it chooses from. */
  readonly actionSpace: Space;
}

/**
 * The weights of a policy: copies, which later training does not change.
 *
 * ```ts
 * const { hiddenSizes, activation } = policy.config;
 * const agent = await PPO.create(env, { hiddenSizes, activation }, { weights: weightsOf(policy) });
 * ```
 */
export function weightsOf(policy: Pick<Policy<unknown>, "tensors">): Weights {
  return Object.fromEntries(policy.tensors.map(({ name, shape, data }) => [name, { shape, data: data.slice() }]));
}

/**
 * A policy of these weights, which it copies; the hidden sizes are theirs.
 *
 * ```ts
 * const { tensors } = decodeSafetensors(bytes, "cleanrl.safetensors");
 * const policy = await policyFrom(fromStateDict(tensors, "cleanrl"), await make("CartPole-v1"));
 * ```
 *
 * @param options what else was trained with: `activation`, where it is not tanh
 * @param choice `{ engine }` to compute in one of your own
 * @typeParam Action what its actions are known to be: number for Discrete, Float32Array for Box
 * @throws FileFormatError for an array that is missing, unknown, of another shape, or not all finite float32;
 * ConfigurationError for a hyper-parameter that is unknown or out of range, and for the engine
 */
export async function policyFrom<Action = number | Int32Array | Float32Array>(
  weights: Weights,
  { observationSpace, actionSpace }: PolicySpaces,
  options: Partial<Hyperparameters> = {},
  choice: EngineChoice = {},
): Promise<Policy<Action>> {
  checkNames("policyFrom: weights", weights, Object.keys(Object(weights)));
  const hiddenSizes = hiddenSizesOf(weights);
  const kernels = choice?.engine ? { kernels: choice.engine.variant } : {};
  const config = completeHyperparameters({ hiddenSizes, ...kernels, ...options });
  const engine = await chosenEngine("policyFrom", choice, config.kernels, newEngine);
  const makers = await makersFor(actionSpace, config);
  return within("weights", () => {
    const actorCritic = new ActorCritic(engine, observationSpace, actionSpace, config, makers, { weights });
    return new Policy<Action>(actorCritic, config);
  });
}

/** The outputs of all layers of the actor but the last. */
function hiddenSizesOf(weights: Weights): number[] {
  const sizes: number[] = [];
  for (let layer = 0; Object.hasOwn(weights, `actor.${layer}.bias`); layer++) {
    const { shape } = Object(weights[`actor.${layer}.bias`]) as Weights[string];
    if (!Array.isArray(shape) || shape.length !== 1)
      throw new FileFormatError(`weights: actor.${layer}.bias has no shape of one size`);
    sizes.push(shape[0] as number);
  }
  return sizes.slice(0, -1);
}
