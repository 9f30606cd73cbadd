// What the next decisions depend on beside the observations: which actions may be chosen, and what is remembered.

import { uint8 } from "../base/spec.ts";
import { fields, type Stateful } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";
import type { ActorCritic, Context, Evaluation } from "./actor-critic.ts";

/** That of environments side by side, in memory that programs read where it is. */
export class EnvContext implements Context, Stateful {
  /** Which actions may be chosen now: [numEnvs, maskSize]; undefined where all may, always. */
  readonly masks: Tensor<"uint8"> | undefined;
  /** What is remembered of each environment: [numEnvs, memorySize]; undefined for networks without memory. */
  readonly memory: Tensor;
  /** 1 where an episode begins with the present observation: [1, numEnvs] */
  readonly starts: Tensor<"uint8">;

  /** That of environments that were reset. @param isMasked whether not all actions may always be chosen */
  constructor(actorCritic: ActorCritic, numEnvs: number, isMasked: boolean) {
    const { engine, head } = actorCritic;
    this.masks = isMasked ? zeros(engine, uint8([numEnvs, head.maskSize]), "masks") : undefined;
    this.memory = zeros(engine, actorCritic.memory(numEnvs), "memory");
    this.starts = zeros(engine, uint8([1, numEnvs]), "starts");
    this.forget();
  }

  /** Begins episodes in all environments. */
  forget(): void {
    this.starts.data.fill(1);
  }

  /** Looks at environments before a decision. */
  observe({ actionMasks }: VectorEnv<unknown>): void {
    if (actionMasks !== undefined) this.masks?.set(actionMasks);
  }

  /** Keeps what was remembered in a decision. */
  remember(memory: Evaluation["memory"]): void {
    if (memory === undefined) return;
    this.memory.copyFrom(memory);
    this.starts.data.fill(0);
  }

  /** Forgets what was remembered of episodes that have ended. */
  begin({ terminated, truncated }: VectorEnv<unknown>): void {
    const { data } = this.starts;
    for (let env = 0; env < data.length; env++) if (terminated[env] !== 0 || truncated[env] !== 0) data[env] = 1;
  }

  state(): object {
    const { memory, starts } = this;
    return { memory: { shape: memory.shape, data: memory.data.slice() }, starts: starts.data.slice() };
  }

  /** @throws FileFormatError for what `state` did not give, or for other environments or networks */
  restore(state: unknown): void {
    const { memory, starts } = this;
    const saved = fields(state, {
      memory: { kind: "tensor", spec: memory, finite: true },
      starts: { kind: "array", dtype: "uint8", length: starts.size, from: 0, to: 1 },
    });
    memory.set(saved.memory.data);
    starts.set(saved.starts);
  }
}
