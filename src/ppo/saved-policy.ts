// A policy as an agent has it, and as it is read where all kernels are at hand.

import { Engine } from "../engine/engine.ts";
import type { EngineChoice } from "./engine-choice.ts";
import { ActingPolicy, readPolicy } from "./policy.ts";

/**
 * What chooses actions.
 *
 * ```ts
 * const policy = await Policy.load("cartpole.safetensors");
 * const action = policy.act([0.01, 0.02, 0.03, 0.04]); // 0 or 1
 * ```
 */
export class Policy extends ActingPolicy {
  /**
   * The policy in a file that `save` wrote.
   * @throws FileFormatError for what is not the file of a policy; ConfigurationError for an engine of other kernels
   */
  static async load(path: string, options: EngineChoice = {}): Promise<Policy> {
    const { readFile } = await import("../io/files.ts");
    return Policy.fromBytes(await readFile(path), path, options);
  }

  /**
   * The policy that `toBytes` gave.
   * @param source what the bytes are called in errors
   * @throws as `load`
   */
  static fromBytes(bytes: Uint8Array, source = "policy", options: EngineChoice = {}): Promise<Policy> {
    return readPolicy(Policy, bytes, source, options, (kernels) => Engine.create({ kernels }));
  }
}
