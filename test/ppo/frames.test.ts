// A page that trains goes on drawing.

import { expect, it } from "vitest";
import { makeVec, PPO } from "../../src/index.ts";
import { medianFrame, trainForAWhile } from "./frames.ts";

it.runIf("document" in globalThis)("a page is drawn while it trains", async () => {
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8 }));
  const median = await medianFrame(() => trainForAWhile(agent.train({ totalSteps: 1e9 })));
  // Every other frame of 60 a second, half of the time, on a machine that has other things to do as well.
  expect(median).toBeLessThan(40);
});
