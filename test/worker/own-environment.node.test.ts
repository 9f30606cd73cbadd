// A thread of a script of one's own, in which environments of one's own are registered.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, expect, it } from "vitest";
import type * as threaded from "../../src/worker/index.ts";

const folder = mkdtempSync(join(tmpdir(), "proximal-worker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dist = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
const script = `
import { Box, Discrete, register } from ${JSON.stringify(dist("index.js"))};
import { serve } from ${JSON.stringify(dist("worker/thread.js"))};

class Coin {
  observationSpace = new Box(0, 1, [1]);
  actionSpace = new Discrete(2);
  reset() { return [0]; }
  step(action) { return { observation: [0], reward: action, terminated: true, truncated: false }; }
}
register({ id: "Coin-v0", create: () => new Coin() });
serve();
`;

it("trains there", async () => {
  const path = join(folder, "thread.mjs");
  writeFileSync(path, script);
  const { makeVec, PPO } = (await import(dist("worker/index.js"))) as typeof threaded;
  const env = await makeVec("Coin-v0", { numEnvs: 4 });
  const agent = await PPO.create(env, { learningRate: 1e-2 }, { worker: new Worker(pathToFileURL(path)) });
  let meanReturn = 0;
  for await (const iteration of agent.train({ totalSteps: 10_000 })) ({ meanReturn } = iteration);
  expect(meanReturn).toBeGreaterThan(0.95);
  expect(agent.act([0])).toBe(1);
  agent.close();
});

it("is told of by name where its script fails", async () => {
  const { makeVec, PPO } = (await import(dist("worker/index.js"))) as typeof threaded;
  const worker = new Worker("throw new Error('no such thing')", { eval: true });
  await expect(PPO.create(await makeVec("CartPole-v1"), {}, { worker })).rejects.toThrow(/^worker: no such thing$/);
});
