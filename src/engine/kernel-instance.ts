// One instance of the kernels with a linear memory of its own. Everything above this floor reaches WebAssembly through
// it.

import { type DataOf, type DataType, dataTypes } from "../base/spec.ts";
import type { Kernels } from "./generated/kernels.ts";
import { Heap, type LinearMemory } from "./heap.ts";

/** The kernels' constants lie below this address, and zeros in the first 64 bytes (assembly/constants.ts). */
const HEAP_BASE = 4096;

/**
 * Which of the two modules runs. `strict` multiplies, then adds: the same bits on every engine. `fma` uses relaxed
 * SIMD: faster where it fuses the two, which the processor and the engine decide (JavaScriptCore does not fuse). Its
 * bits are the same only among machines and engines that decide alike.
 */
export type KernelVariant = "strict" | "fma";

/** What instantiating a module gives: functions, and the memory that they work on. */
export interface InstantiatedKernels {
  /** Of which module. */
  readonly variant: KernelVariant;
  /** What they read and write. */
  readonly memory: LinearMemory;
  /** The functions. */
  readonly kernels: Kernels;
}

/** The kernels and the memory that they work on. */
export class KernelInstance {
  /** Which of the two modules runs. */
  readonly variant: KernelVariant;
  /** Everything that the kernels read and write: a `WebAssembly.Memory`. */
  readonly memory: LinearMemory;
  /** The functions of the module. */
  readonly kernels: Kernels;
  readonly #heap: Heap;

  /** Of kernels that were instantiated with this memory. */
  protected constructor({ variant, memory, kernels }: InstantiatedKernels) {
    this.variant = variant;
    this.memory = memory;
    this.kernels = kernels;
    this.#heap = new Heap(memory, HEAP_BASE);
    kernels.initialize();
  }

  /**
   * The address, a multiple of 64, of `bytes` zero bytes that are given back when `owner` is collected. The memory may
   * grow, which detaches every view made before.
   */
  allocate(bytes: number, owner: object, name?: string): number {
    return this.#heap.allocate(bytes, owner, name);
  }

  /** A view of `length` elements at `address`, good until the memory grows. */
  view<D extends DataType>(dtype: D, address: number, length: number): DataOf<D> {
    return new dataTypes[dtype].array(this.memory.buffer, address, length) as DataOf<D>;
  }
}
