// What a process that knows nothing but files does: it goes on from each checkpoint of a folder to the end, and leaves
// what came of it.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Iteration, PPO } from "../../src/index.ts";
import { stringify } from "../../src/io/json.ts";
import { configurations, environmentsOf, stepsOf } from "./configurations.ts";

/** Of a whole training. */
export const ITERATIONS = 6;

/** @param folder of files `${name}.${iterations}.checkpoint`; beside each come `.metrics` and `.end` */
export async function resumeAll(folder: string): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".checkpoint"))) {
    const at = join(folder, file);
    const configuration = configurations[file.split(".")[0] as string];
    if (configuration === undefined) throw new Error(`${file}: there is no such configuration`);
    const agent = await PPO.resume(await environmentsOf(configuration), at);
    const totalSteps = stepsOf(configuration, ITERATIONS);
    const metrics: Iteration[] = [];
    for await (const iteration of agent.train({ totalSteps, minibatches: true })) metrics.push(iteration);
    writeFileSync(`${at}.metrics`, stringify(metrics));
    await agent.saveCheckpoint(`${at}.end`);
  }
}
