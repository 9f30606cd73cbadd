// @ts-check
// proximal itself, measured as its peers are.

import { readFileSync } from "node:fs";
import { Engine, makeVec, PPO } from "../../dist/index.js";
import { makeTrainStep } from "../train-step.mjs";

/** @param {"strict" | "fma"} variant @returns {Promise<import("./measure-peer.mjs").Peer>} */
export async function proximal(variant) {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const engine = await Engine.create({ kernels: variant });
  const agent = await PPO.create(await makeVec("CartPole-v1", { seed: 1 }), { kernels: variant });
  const observation = Float32Array.of(0.01, -0.02, 0.03, 0.04);
  return {
    name: `proximal, ${variant}`,
    version,
    product(m, k, n) {
      const owner = {};
      const place = (/** @type {number} */ length) => {
        const address = engine.allocate(4 * length, owner);
        engine.float32(address, length).fill(0.5);
        return address;
      };
      const [c, a, b] = [place(m * n), place(m * k), place(k * n)];
      const scratch = engine.allocate(engine.kernels.matmulScratch(k, n), owner);
      return () => {
        engine.kernels.matmul(c, a, b, 0, m, k, n, 0, scratch);
        return owner;
      };
    },
    trainStep: makeTrainStep(engine),
    act: () => agent.act(observation),
  };
}
