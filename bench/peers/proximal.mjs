// @ts-check
// proximal itself, measured as its peers are.

import { readFileSync } from "node:fs";
import { Engine, makeVec, PPO, Stream } from "../../dist/index.js";
import { MLP, Parameters } from "../../dist/nn/index.js";
import { Adam } from "../../dist/optim/index.js";
import { gather, int32, logSoftmax, mean, negate, program } from "../../dist/tensor/index.js";

/** @param {"strict" | "fma"} variant @returns {Promise<import("./measure-peer.mjs").Peer>} */
export async function proximal(variant) {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const engine = await Engine.create({ kernels: variant });
  const parameters = new Parameters(engine);
  const network = new MLP(parameters, "network", [4, 64, 64, 2]);
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const step = program(
    engine,
    { x: [64, 4], actions: int32([64]) },
    ({ x, actions }) => ({ loss: negate(mean(gather(logSoftmax(network.forward(x)), actions))) }),
    { differentiate: parameters },
  );
  step.inputs.x.set(Array.from({ length: 256 }, (_, index) => (index % 17) / 17 - 0.5));
  step.inputs.actions.set(Array.from({ length: 64 }, (_, index) => index % 2));
  const adam = new Adam(parameters, { learningRate: 1e-4 });
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
    trainStep() {
      step.run();
      adam.step();
    },
    act: () => agent.act(observation),
  };
}
