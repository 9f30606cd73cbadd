// A process that trains one trial: it is sent what to train, says how it goes, and answers with what it came to.

import { makeVec, PPO } from "proximal";
import { checksumOf } from "#cli/checksum";
import { registerEnvironment } from "#cli/families";
import type { Head, Trial } from "./log.ts";
import type { Setting } from "./plan.ts";

/** What is sent to it. */
export interface Order {
  readonly head: Head;
  readonly setting: Setting;
  readonly seed: number;
}

/** What it says on the way, after the first steps of `at` and before the last. */
export interface Progress {
  readonly steps: number;
  readonly meanReturn: number | null;
}

/** Returns are told to a hundredth: they are compared, and the checksum says whether they are the same. */
const HUNDREDTHS = 100;

process.once("message", async (order: Order) => {
  const { setting, seed } = order;
  let trial: Trial;
  try {
    trial = { setting, seed, ...(await trained(order)) };
  } catch (error) {
    trial = { setting, seed, error: (error as Error).message };
  }
  process.send?.(trial, () => process.disconnect());
});
// Whoever ordered it is gone, and with him the log.
process.on("disconnect", () => process.exit());

async function trained({ head, setting, seed }: Order): Promise<Pick<Trial, "returns" | "checksum">> {
  const { env, totalSteps, at, base } = head;
  const { numEnvs, ...hyperparameters } = { ...base, ...setting };
  await registerEnvironment(env);
  const agent = await PPO.create(await makeVec(env, { numEnvs, seed }), { ...hyperparameters, seed });
  const returns: (number | null)[] = [];
  for await (const { steps, meanReturn } of agent.train({ totalSteps })) {
    const rounded = Number.isFinite(meanReturn) ? Math.round(meanReturn * HUNDREDTHS) / HUNDREDTHS : null;
    while (returns.length < at.length && steps >= (at[returns.length] as number)) {
      const progress: Progress = { steps: at[returns.length] as number, meanReturn: rounded };
      if (returns.push(rounded) < at.length) process.send?.(progress);
    }
    if (returns.length === at.length) break;
  }
  return { returns, checksum: checksumOf(agent.policy) };
}
