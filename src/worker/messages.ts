// What the two sides of `proximal/worker` tell each other.

import type { Hyperparameters } from "../ppo/hyperparameters.ts";
import type { Iteration } from "../ppo/metrics.ts";
import type { Finding } from "../ppo/monitor.ts";

/** Environments by their id, from which another thread makes them. */
export interface EnvsById {
  /** The id under which they are registered there. */
  readonly id: string;
  /** How many of them. */
  readonly numEnvs: number;
  /** For the first `reset`: environment i gets seed + i. */
  readonly seed: number;
}

/** Compiled kernels: those of the agent, and the strict ones that environments have. */
export interface Modules {
  readonly agent: object;
  readonly envs: object;
}

/** What the other side has to know of an agent. */
export interface About {
  readonly config: Hyperparameters;
  readonly policy: Uint8Array;
  readonly iteration: number;
  readonly steps: number;
  readonly totalSteps: number;
}

/** What an iteration came to, and the bytes of the policy's tensors after it, one after the other. */
export interface Trained {
  /** Undefined at the end of the training. */
  readonly iteration: Iteration | undefined;
  readonly totalSteps: number;
  readonly findings: readonly Finding[];
  readonly parameters: Uint8Array;
}

/** The bytes of an array, which share its memory. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
