// proximal/policy: acting with a saved policy, and no more: a page that does not learn carries half as much.

import { actingEngine } from "../engine/acting.ts";
import { ActingPolicy, type PolicyChoice } from "../ppo/policy.ts";
import { readPolicy } from "../ppo/policy-file.ts";

export type { EngineChoice } from "../ppo/engine-choice.ts";
export type { ActionBatch, ActOptions } from "../ppo/policy.ts";

/**
 * What chooses actions: the `Policy` of `proximal`, whose kernels are those of acting only.
 *
 * ```ts
 * import { Policy } from "proximal/policy";
 *
 * const response = await fetch("cartpole.safetensors");
 * const policy = await Policy.load(new Uint8Array(await response.arrayBuffer()));
 * const action = policy.act([0.01, 0.02, 0.03, 0.04]); // 0 or 1
 * ```
 */
export class Policy<Action = number | Int32Array | Float32Array> extends ActingPolicy<Action> {
  /**
   * The policy in a file that `save` wrote; in a page there are no files, and `load` takes what was fetched.
   *
   * ```ts
   * import { Policy } from "proximal/policy";
   *
   * const policy = await Policy.load<number>("cartpole.safetensors");
   * const action: number = policy.act([0.01, 0.02, 0.03, 0.04]);
   * ```
   * @typeParam Action what its actions are known to be: number for Discrete, Float32Array for Box
   * @throws FileFormatError for what is not the file of a policy; ConfigurationError for an engine of other kernels;
   * UnsupportedError for convolutions, memory and normalised layers, whose kernels are not among those of acting: give
   * `{ engine: await Engine.create() }`, which has all
   */
  static load<Action = number | Int32Array | Float32Array>(
    policy: string | Uint8Array,
    options: PolicyChoice = {},
  ): Promise<Policy<Action>> {
    return readPolicy(Policy<Action>, policy, options, actingEngine);
  }
}
