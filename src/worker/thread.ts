// proximal/worker/thread: the thread in which an agent of `proximal/worker` lives. It does what the other side asks
// for.

import { Engine } from "../engine/engine.ts";
import { makeVec } from "../envs/make-vec.ts";
import { PPO } from "../ppo/agent.ts";
import type { Hyperparameters } from "../ppo/hyperparameters.ts";
import type { Iteration } from "../ppo/metrics.ts";
import type { TrainOptions } from "../ppo/progress.ts";
import { answer, type Given } from "./calls.ts";
import { type About, bytesOf, type EnvsById, type Modules, type Trained } from "./messages.ts";
import { parentPort } from "./port.ts";

/**
 * Serves the thread that started this one. A script of your own calls it after it has registered environments of your
 * own, and is given to `PPO.create` of `proximal/worker` as `{ worker }`.
 *
 * ```ts
 * import { register } from "proximal";
 * import { serve } from "proximal/worker/thread";
 * import { Coin } from "my-environments";
 *
 * register({ id: "Coin-v0", create: () => new Coin() });
 * serve();
 * ```
 */
export function serve(): void {
  let agent: PPO;
  const loops: AsyncGenerator<Iteration, void, void>[] = [];
  const start = async ({ id, ...options }: EnvsById, modules: Modules) => ({
    env: await makeVec(id, { ...options, engine: await Engine.create({ module: modules.envs }) }),
    engine: await Engine.create({ module: modules.agent }),
  });
  const about = (): Given => {
    const { config, iteration, steps, totalSteps } = agent;
    const value: About = { config, policy: agent.policy.toBytes(), iteration, steps, totalSteps };
    return { value };
  };
  answer(parentPort(), {
    async create(envs: EnvsById, modules: Modules, options: Partial<Hyperparameters>) {
      const { env, engine } = await start(envs, modules);
      agent = await PPO.create(env, options, { engine });
      return about();
    },
    async resume(envs: EnvsById, modules: Modules, checkpoint: Uint8Array) {
      const { env, engine } = await start(envs, modules);
      agent = await PPO.resume(env, checkpoint, { engine });
      return about();
    },
    async train(options: TrainOptions) {
      return { value: loops.push(agent.train(options)) - 1 };
    },
    async next(loop: number) {
      const { value } = await (loops[loop] as (typeof loops)[number]).next();
      const parameters = concatenated(agent.policy.tensors.map(({ data }) => bytesOf(data)));
      const { totalSteps, findings } = agent;
      const trained: Trained = { iteration: value ?? undefined, totalSteps, findings, parameters };
      return { value: trained, transfer: [parameters.buffer as ArrayBuffer] };
    },
    async checkpoint() {
      const value = agent.checkpoint();
      return { value, transfer: [value.buffer] };
    },
  });
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
