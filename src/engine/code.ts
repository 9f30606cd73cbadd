// A program as plain data: which kernels run on which numbers. It holds nothing but names and integers, so that it can
// be posted to a worker, which needs the module, the memory and this, and no more.

import { UnsupportedError } from "../base/errors.ts";
import type { Kernels } from "./generated/kernels.ts";

/** The name of a kernel. */
export type KernelName = keyof Kernels;

/** Kernel calls in the order in which they run. */
export interface Code {
  /** The kernel of each call. */
  readonly kernels: readonly KernelName[];
  /** Twelve for each call, addresses and sizes; zeros behind those that the kernel has. */
  readonly operands: Int32Array;
}

/** The operands that a call has room for. */
const ROOM = 12;

/** Calls with their addresses settled as code. */
export function encode(calls: readonly { readonly kernel: KernelName; readonly operands: readonly number[] }[]): Code {
  const operands = new Int32Array(ROOM * calls.length);
  for (const [index, call] of calls.entries()) {
    if (call.operands.length > ROOM) {
      throw new Error(`kernel ${call.kernel}: ${call.operands.length} operands; a call has room for ${ROOM}`);
    }
    operands.set(call.operands, ROOM * index);
  }
  return { kernels: calls.map(({ kernel }) => kernel), operands };
}

/** @throws UnsupportedError for a kernel that the module does not have */
export function kernelOf<K extends KernelName>(kernels: Kernels, name: K): Kernels[K] {
  const kernel = kernels[name] as Kernels[K] | undefined;
  if (kernel !== undefined) return kernel;
  throw new UnsupportedError(
    `kernel ${name}: this engine has only the kernels of acting; one of Engine.create() has all, given as { engine }`,
  );
}

/**
 * A function that runs the code with these kernels, on the memory that they were instantiated with. It allocates
 * nothing.
 * @throws UnsupportedError for a kernel that the module does not have
 */
export function replayer(kernels: Kernels, code: Code): () => void {
  // Fields rather than an array: a call of them needs no spreading, and a kernel ignores what it has no parameter for.
  const instructions = code.kernels.map((name, index) => {
    const kernel = kernelOf(kernels, name) as (...operands: unknown[]) => void;
    const [a, b, c, d, e, f, g, h, i, j, k, l] = code.operands.subarray(ROOM * index, ROOM * (index + 1));
    return { kernel, a, b, c, d, e, f, g, h, i, j, k, l };
  });
  return () => {
    for (let index = 0; index < instructions.length; index++) {
      const { kernel, a, b, c, d, e, f, g, h, i, j, k, l } = instructions[index] as (typeof instructions)[number];
      kernel(a, b, c, d, e, f, g, h, i, j, k, l);
    }
  };
}
