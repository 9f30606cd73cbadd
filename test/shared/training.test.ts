// The same bytes on every engine: twenty iterations of training end in the parameters recorded here, in Node, Chromium and Firefox alike.

import { describe, expect, it } from "vitest";
import { makeVec, PPO } from "../../src/index.ts";
import { decodeSafetensors } from "../../src/io/index.ts";

/** SHA-256 of the parameters' bytes, in the order of the policy's file. It changes when the arithmetic does, and then has to be the new one on every engine. */
const CHECKSUM = "a2b70876f9518076bca2d94495016909fc774ed3bc14003cd70d8d3670f2fea0";

async function checksum(agent: PPO): Promise<string> {
  const { tensors } = decodeSafetensors(agent.policy.toBytes(), "policy");
  const parameters = await new Blob(tensors.map(({ data }) => new Uint8Array(data.slice().buffer))).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", parameters);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("training", () => {
  it("gives the recorded parameters after twenty iterations", async () => {
    const env = await makeVec("CartPole-v1", { numEnvs: 4, seed: 1 });
    const agent = await PPO.create(env, { seed: 1, numSteps: 64 });
    for await (const { iteration } of agent.train({ totalSteps: 20 * 4 * 64 }))
      expect(iteration).toBeLessThanOrEqual(20);
    expect(await checksum(agent)).toBe(CHECKSUM);
  });
});
