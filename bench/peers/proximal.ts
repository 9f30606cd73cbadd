// proximal itself, measured as its peers are.

import { makeVec, PPO } from "proximal";
import { Engine, type KernelVariant } from "proximal/engine";
import { machine } from "../machine.ts";
import { place } from "../place.ts";
import { makeTrainStep } from "../train-step.ts";
import type { Peer } from "./peer.ts";

export async function proximal(variant: KernelVariant): Promise<Peer> {
  const engine = await Engine.create({ kernels: variant });
  const agent = await PPO.create(await makeVec("CartPole-v1", { seed: 1 }), { kernels: variant });
  const observation = Float32Array.of(0.01, -0.02, 0.03, 0.04);
  return {
    name: `proximal, ${variant}`,
    version: machine().proximal,
    product(m, k, n) {
      const owner = {};
      const a = place(engine, m * k, owner);
      const b = place(engine, k * n, owner);
      const c = place(engine, m * n, owner);
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
