// A program as plain data: which kernels run on which numbers. It holds nothing but names and integers, so that it can
// be posted to a worker, which needs the module, the memory and this, and no more.

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

/**
 * Twelve fields rather than an array: a call of them needs no spreading, and a kernel ignores what it has no parameter
 * for.
 */
class Instruction {
  readonly kernel: (...args: number[]) => void;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
  readonly i: number;
  readonly j: number;
  readonly k: number;
  readonly l: number;

  constructor(kernel: (...args: number[]) => void, operands: Int32Array) {
    const at = (index: number): number => operands[index] as number;
    this.kernel = kernel;
    this.a = at(0);
    this.b = at(1);
    this.c = at(2);
    this.d = at(3);
    this.e = at(4);
    this.f = at(5);
    this.g = at(6);
    this.h = at(7);
    this.i = at(8);
    this.j = at(9);
    this.k = at(10);
    this.l = at(11);
  }
}

/**
 * A function that runs the code with these kernels, on the memory that they were instantiated with. It allocates
 * nothing.
 */
export function replayer(kernels: Kernels, code: Code): () => void {
  const instructions = code.kernels.map(
    (name, index) =>
      new Instruction(
        kernels[name] as (...args: number[]) => void,
        code.operands.subarray(ROOM * index, ROOM * (index + 1)),
      ),
  );
  return () => {
    for (let index = 0; index < instructions.length; index++) {
      const { kernel, a, b, c, d, e, f, g, h, i, j, k, l } = instructions[index] as Instruction;
      kernel(a, b, c, d, e, f, g, h, i, j, k, l);
    }
  };
}
