// A page that trains goes on drawing.

import { expect, it } from "vitest";
import { makeVec, PPO } from "../../src/index.ts";

it.runIf("document" in globalThis)("a page is drawn while it trains", async () => {
  const gaps: number[] = [];
  let before: number | undefined;
  let isOver = false;
  const frame = (time: number): void => {
    if (before !== undefined) gaps.push(time - before);
    before = time;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8 }));
  const start = performance.now();
  for await (const _ of agent.train({ totalSteps: 1e9 })) if (performance.now() - start > 2000) break;
  isOver = true;
  // Every other frame of 60 a second, half of the time, on a machine that has other things to do as well.
  const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  expect(median).toBeLessThan(40);
});
