// The engine that only acts. Its module has a third of the kernels, and nothing here names the one with all of them, so
// that a page which acts with a saved policy does not carry it.

import type { Engine } from "./engine.ts";
import { KernelInstance, type KernelVariant } from "./kernel-instance.ts";
import { compileText, instantiate } from "./modules.ts";

const texts: Readonly<Record<KernelVariant, () => Promise<string>>> = {
  strict: async () => (await import("./generated/acting.ts")).wasm,
  fma: async () => (await import("./generated/fma.ts")).wasm,
};

class ActingEngine extends KernelInstance {
  static async create(variant: KernelVariant): Promise<Engine> {
    return new ActingEngine(await instantiate(await compileText(variant, texts[variant])));
  }
}

/** @throws UnsupportedError, OutOfMemoryError as `Engine.create` does */
export const actingEngine = ActingEngine.create;
