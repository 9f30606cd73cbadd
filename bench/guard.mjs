// @ts-check
// Fails where something became much slower. It compares within one run only, each figure with the peak that is measured in turn with it, so
// that a slow or busy machine changes nothing; and its limits leave so much room that noise does not reach them. CI runs it.
//   node bench/guard.mjs

import { Engine, makeVec, PPO } from "../dist/index.js";
import { variants } from "./machine.mjs";
import { measure, median, timedIterations } from "./measure.mjs";
import { peakOf, probesOf, workOfStep } from "./peak.mjs";
import { asText, significant } from "./table.mjs";

/** A busy machine may spoil one attempt; a slower kernel spoils all of them. */
const ATTEMPTS = 3;
const TIME = 150;

/** @typedef {{ name: string, ratio: number, limit: number }} Figure ratio: of the peak, at least the limit */

/** Shares of the peak. @param {"strict" | "fma"} variant @returns {Promise<Figure[]>} */
async function kernels(variant) {
  const engine = await Engine.create({ kernels: variant });
  const { kernels } = engine;
  const probes = await probesOf(variant);
  const owner = {};
  const place = (/** @type {number} */ length) => {
    const address = engine.allocate(4 * length, owner);
    engine.float32(address, length).fill(0.5);
    return address;
  };
  const largest = 1024 * 256;
  const [a, b, c] = [place(largest), place(largest), place(largest)];
  const scratch = engine.allocate(kernels.matmulScratch(256, 256), owner);
  /** Operations of each task; an elementwise kernel's are those that it may cost an element. @type {[string, number, number, () => void][]} */
  const tasks = [
    ["x W + b, 4 x 64 x 64", 2 * 4 * 64 * 64, 0.5, () => kernels.matmul(c, a, b, 0, 4, 64, 64, 0, scratch)],
    ["x W + b, 128 x 64 x 64", 2 * 128 * 64 * 64, 0.6, () => kernels.matmul(c, a, b, 0, 128, 64, 64, 0, scratch)],
    ["dY Wᵀ, 128 x 64 x 64", 2 * 128 * 64 * 64, 0.55, () => kernels.matmulNT(c, a, b, 128, 64, 64, scratch)],
    ["Xᵀ dY, 128 x 64 x 64", 2 * 128 * 64 * 64, 0.55, () => kernels.matmulTN(c, a, b, 64, 128, 64, scratch)],
    ["x W + b, 256 x 256 x 256", 2 * 256 ** 3, 0.6, () => kernels.matmul(c, a, b, 0, 256, 256, 256, 0, scratch)],
    ["Xᵀ dY, 256 x 1024 x 256", 2 * 1024 * 256 ** 2, 0.55, () => kernels.matmulTN(c, a, b, 1024, 256, 256, scratch)],
    ["tanh, as 64 operations an element", 64 * 4096, 0.55, () => kernels.tanh(c, a, 4096)],
    ["exp, as 48 operations an element", 48 * 4096, 0.5, () => kernels.exp(c, a, 4096)],
  ];
  const seconds = await measure([...probes, ...tasks.map(([name, , , run]) => ({ name, run }))], { time: TIME });
  const peak = peakOf(probes, seconds);
  return tasks.map(([name, operations, limit]) => ({
    name: `${name}, ${variant}`,
    ratio: operations / /** @type {number} */ (seconds[name]) / peak,
    limit,
  }));
}

/** PPO beside its roofline, with tanh counted as 64 operations. @param {"strict" | "fma"} variant @returns {Promise<Figure[]>} */
async function iteration(variant) {
  const probes = await probesOf(variant);
  const numEnvs = 4;
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), { seed: 1, kernels: variant });
  const { numSteps, numEpochs, hiddenSizes } = agent.config;
  const durations = [];
  const peaks = [];
  for await (const { iteration, seconds } of timedIterations(agent, 300 * numEnvs * numSteps)) {
    if (iteration > 50) durations.push(seconds);
    if (iteration % 50 === 0) peaks.push(peakOf(probes, await measure(probes, { time: TIME / 5, rounds: 1 })));
  }
  const { operations, tanh } = workOfStep({ observation: 4, hiddenSizes, outputs: 2, numEpochs });
  const perStep = median(durations) / (numEnvs * numSteps);
  return [
    { name: `an iteration of PPO, ${variant}`, ratio: (operations + 64 * tanh) / perStep / median(peaks), limit: 0.45 },
  ];
}

for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
  const figures = [];
  for (const variant of variants) figures.push(...(await kernels(variant)), ...(await iteration(variant)));
  const failed = figures.filter(({ ratio, limit }) => ratio < limit);
  process.stdout.write(
    asText({
      title: "Shares of the peak, and the least that they may be",
      columns: ["what", "share", "limit"],
      rows: figures.map(({ name, ratio, limit }) => [name, significant(ratio), significant(limit)]),
    }),
  );
  if (failed.length === 0) break;
  const names = failed.map(({ name }) => name).join("; ");
  process.stdout.write(`\nbelow the limit in attempt ${attempt} of ${ATTEMPTS}: ${names}\n\n`);
  if (attempt === ATTEMPTS) process.exitCode = 1;
}
