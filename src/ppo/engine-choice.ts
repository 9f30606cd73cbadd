// Where an agent or a policy computes: in an engine of its own, or in one that it is given.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames } from "../base/ranges.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";

/** The engine in which an agent or a policy computes. */
export interface EngineChoice {
  /**
   * One whose kernels are those of the hyper-parameter `kernels`; a new one unless given. It is for hosts that do not
   * compile WebAssembly (`Engine.create({ module })`), and for agents or policies that share one memory.
   */
  readonly engine?: Engine;
}

/**
 * The engine that was chosen, or a new one.
 * @param owner what takes the choice, for errors
 * @param others what it takes beside the engine
 * @throws ConfigurationError for an engine with other kernels
 */
export async function chosenEngine(
  owner: string,
  choice: EngineChoice,
  kernels: KernelVariant,
  newEngine: (kernels: KernelVariant) => Promise<Engine>,
  others: readonly string[] = [],
): Promise<Engine> {
  checkNames(owner, choice, ["engine", ...others]);
  const { engine } = choice;
  if (engine === undefined) return newEngine(kernels);
  if (engine.variant !== kernels)
    throw new ConfigurationError(`${owner}: engine: its kernels are ${engine.variant}, and kernels says ${kernels}`);
  return engine;
}
