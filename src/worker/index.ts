// proximal/worker: PPO in a thread of its own.

export { Policy } from "../ppo/saved-policy.ts";
export { makeVec, PPO, type ThreadChoice } from "./client.ts";
export type { EnvsById } from "./messages.ts";
export type { AnyWorker } from "./port.ts";
