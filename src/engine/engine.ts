// One instance of the kernels with a linear memory of its own. Everything above this floor reaches WebAssembly through
// it.

import { ConfigurationError, UnsupportedError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import { type DataOf, type DataType, dataTypes } from "../base/spec.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import type { Kernels } from "./generated/kernels.ts";
import { wasm as strict } from "./generated/strict.ts";
import { Heap } from "./heap.ts";

/**
 * Which of the two modules runs. `strict` multiplies, then adds: the same bits on every engine. `fma` uses relaxed
 * SIMD: faster where the processor fuses, and reproducible only among machines that fuse.
 */
export type KernelVariant = "strict" | "fma";

/** The kernels' constants lie below this address, and zeros in the first 64 bytes (assembly/constants.ts). */
const HEAP_BASE = 4096;
/** 1 MiB: what CartPole's agent takes, so that its memory never grows. */
const INITIAL_PAGES = 16;

const modules = new Map<KernelVariant, Promise<WebAssembly.Module>>();

/** The text of each module. That of fma is loaded where it is asked for: a page that does not ask never has it. */
const texts: Readonly<Record<KernelVariant, () => Promise<string>>> = {
  strict: async () => strict,
  fma: async () => (await import("./generated/fma.ts")).wasm,
};

/**
 * The modules are hexadecimal: gzip makes of them a quarter less than of base64, where equal bytes differ at two places
 * of three.
 */
function bytesOf(hexadecimal: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hexadecimal.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hexadecimal.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function compile(variant: KernelVariant): Promise<WebAssembly.Module> {
  let module = modules.get(variant);
  if (module === undefined) {
    module = texts[variant]().then((text) => WebAssembly.compile(bytesOf(text)));
    modules.set(variant, module);
  }
  return module;
}

/**
 * The kernels, and the memory that they work on. Whatever computes together has to share one.
 *
 * ```ts
 * const engine = await Engine.create({ kernels: "fma" });
 * ```
 */
export class Engine {
  /** Which of the two modules runs. */
  readonly variant: KernelVariant;
  /** Everything that the kernels read and write. */
  readonly memory: WebAssembly.Memory;
  /** The functions of the module. */
  readonly kernels: Kernels;
  readonly #heap: Heap;

  private constructor(variant: KernelVariant, memory: WebAssembly.Memory, kernels: Kernels) {
    this.variant = variant;
    this.memory = memory;
    this.kernels = kernels;
    this.#heap = new Heap(memory, HEAP_BASE);
    kernels.initialize();
  }

  /**
   * Compiles the kernels, once for all engines of a realm, and gives them a memory.
   * @throws UnsupportedError where WebAssembly lacks SIMD, or relaxed SIMD for `fma`; ConfigurationError for kernels of
   * another name.
   */
  static async create(options: { kernels?: KernelVariant } = {}): Promise<Engine> {
    checkNames("Engine.create", options, ["kernels"]);
    const variant = options.kernels ?? "strict";
    if (variant !== "strict" && variant !== "fma") {
      throw new ConfigurationError(`kernels: ${shown(variant)} is not strict or fma`);
    }
    if (!hasSimd()) {
      throw new UnsupportedError(
        "WebAssembly SIMD is missing in this engine: Node 20, Chrome 91, Firefox 89, Safari 16.4 or later have it",
      );
    }
    if (variant === "fma" && !hasRelaxedSimd()) {
      throw new UnsupportedError(
        'kernels "fma": this engine has no relaxed SIMD (Node 22, Chrome 114, Firefox 145 or later have it); "strict" runs everywhere',
      );
    }
    const module = await compile(variant);
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    return new Engine(variant, memory, instance.exports as unknown as Kernels);
  }

  /**
   * The address, a multiple of 64, of `bytes` zero bytes that are given back when `owner` is collected. The memory may
   * grow, which detaches every view made before.
   */
  allocate(bytes: number, owner: object): number {
    return this.#heap.allocate(bytes, owner);
  }

  /** A view of `length` elements at `address`, good until the memory grows. */
  view<D extends DataType>(dtype: D, address: number, length: number): DataOf<D> {
    return new dataTypes[dtype].array(this.memory.buffer, address, length) as DataOf<D>;
  }
}
