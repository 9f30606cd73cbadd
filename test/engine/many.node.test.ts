// Thousands of engines, one after another: asynchronous instantiation against the collector can hang Node 20.

import { expect, it, vi } from "vitest";
import { makeVec } from "../../src/envs/index.ts";
import { Policy, PPO } from "../../src/ppo/index.ts";

it("loads 2,000 policies, each instantiated at once", async () => {
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 2 }), { hiddenSizes: [4] });
  const bytes = agent.policy.toBytes();
  const instantiate = vi.spyOn(WebAssembly, "instantiate");
  for (let count = 0; count < 2000; count++) await Policy.load(bytes);
  expect(instantiate).not.toHaveBeenCalled();
});
