// The engine that learns: all kernels, from the text that travels with this package or from a module of the host.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import { wasm as strict } from "./generated/strict.ts";
import { KernelInstance, type KernelVariant } from "./kernel-instance.ts";
import { compileGiven, compileText, instantiate } from "./modules.ts";

/** Which kernels an engine has. */
export interface EngineOptions {
  /** Which of the two modules runs: strict unless given, or that of `module`. */
  readonly kernels?: KernelVariant;
  /**
   * A `WebAssembly.Module`, or its bytes, of `proximal/kernels/strict.wasm`, `fma.wasm`, or `acting.wasm`, whose
   * kernels are those of a policy that only acts. For hosts that do not compile, such as Cloudflare Workers.
   */
  readonly module?: object;
}

/** The text of each module. That of fma is loaded where it is asked for: a page that does not ask never has it. */
const texts: Readonly<Record<KernelVariant, () => Promise<string>>> = {
  strict: async () => strict,
  fma: async () => (await import("./generated/fma.ts")).wasm,
};

/** The module of a variant, for `Engine.create({ module })` in another thread. @throws as `Engine.create` */
export async function compiledKernels(variant: KernelVariant): Promise<object> {
  return (await compileText(variant, texts[variant])).module;
}

/**
 * The kernels, and the memory that they work on. Whatever computes together has to share one.
 *
 * ```ts
 * const engine = await Engine.create({ kernels: "fma" });
 * ```
 */
export class Engine extends KernelInstance {
  /**
   * Compiles the kernels, once for all engines of a realm, and gives them a memory.
   *
   * ```ts
   * import module from "proximal/kernels/strict.wasm"; // where a host compiles it
   * const engine = await Engine.create({ module });
   * ```
   * @throws UnsupportedError where WebAssembly lacks SIMD, or relaxed SIMD for `fma`, or is forbidden, as by a content
   * security policy; OutOfMemoryError where the engine gives no memory; ConfigurationError for kernels of another name,
   * and for a module that is none of this package
   */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    checkNames("Engine.create", options, ["kernels", "module"]);
    const { kernels, module } = options;
    if (kernels !== undefined && kernels !== "strict" && kernels !== "fma")
      throw new ConfigurationError(`kernels: ${shown(kernels)} is not strict or fma`);
    if (module === undefined) {
      const variant = kernels ?? "strict";
      return new Engine(await instantiate(await compileText(variant, texts[variant])));
    }
    const compiled = await compileGiven(module);
    if (kernels !== undefined && kernels !== compiled.variant)
      throw new ConfigurationError(`module: its kernels are ${compiled.variant}, and kernels says ${kernels}`);
    return new Engine(await instantiate(compiled));
  }
}
