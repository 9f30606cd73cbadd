// One instance of the kernels with a linear memory of its own. Everything above this floor reaches WebAssembly through it.

import { ConfigurationError, UnsupportedError } from "./errors.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { wasm as fma } from "./generated/fma.ts";
import type { Kernels } from "./generated/kernels.ts";
import { wasm as strict } from "./generated/strict.ts";
import { Heap } from "./heap.ts";

/**
 * Which of the two modules runs. `strict` multiplies, then adds: the same bits on every engine. `fma` uses relaxed SIMD: faster where the
 * processor fuses, and reproducible only among machines that fuse.
 */
export type KernelVariant = "strict" | "fma";

/** The kernels' constants lie below this address, and zeros in the first 64 bytes (assembly/constants.ts). */
const HEAP_BASE = 4096;
const INITIAL_PAGES = 16;

const modules = new Map<KernelVariant, Promise<WebAssembly.Module>>();

/** The modules are hexadecimal: gzip makes of them a quarter less than of base64, where equal bytes differ at two places of three. */
function bytesOf(hexadecimal: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hexadecimal.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hexadecimal.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function compile(variant: KernelVariant): Promise<WebAssembly.Module> {
  let module = modules.get(variant);
  if (module === undefined) {
    module = WebAssembly.compile(bytesOf(variant === "fma" ? fma : strict));
    modules.set(variant, module);
  }
  return module;
}

export class Engine {
  readonly variant: KernelVariant;
  readonly memory: WebAssembly.Memory;
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
   * @throws UnsupportedError where WebAssembly lacks SIMD, or relaxed SIMD for `fma`; ConfigurationError for kernels of another name.
   */
  static async create(options: { kernels?: KernelVariant } = {}): Promise<Engine> {
    const variant = options.kernels ?? "strict";
    if (variant !== "strict" && variant !== "fma") {
      throw new ConfigurationError(`kernels: ${JSON.stringify(variant)} is not strict or fma`);
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
   * The address, a multiple of 64, of `bytes` zero bytes that are given back when `owner` is collected. The memory may grow, which detaches
   * every view made before.
   */
  allocate(bytes: number, owner: object): number {
    return this.#heap.allocate(bytes, owner);
  }

  /** A view of `length` float32 at `address`, good until the memory grows. */
  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** A view of `length` float64 at `address`, good until the memory grows. */
  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  /** A view of `length` int32 at `address`, good until the memory grows. */
  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  /** A view of `length` uint32 at `address`, good until the memory grows. */
  uint32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  /** A view of `length` bytes at `address`, good until the memory grows. */
  uint8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** A view of `length` uint64 at `address`, good until the memory grows. */
  biguint64(address: number, length: number): BigUint64Array {
    return new BigUint64Array(this.memory.buffer, address, length);
  }
}
