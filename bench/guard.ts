// Fails where something became much slower. It compares within one run only, each figure with the peak that is measured
// in turn with it, so that a slow or busy machine changes nothing; and its limits leave so much room that noise does
// not reach them. CI runs it.
//   node tools/run.mjs bench/guard.ts

import { makeVec, PPO } from "proximal";
import { Engine, type KernelVariant } from "proximal/engine";
import { variants } from "./machine.ts";
import { measure, median, timedIterations } from "./measure.ts";
import { peakOf, probesOf, workOfStep } from "./peak.ts";
import { place } from "./place.ts";
import { asText, significant } from "./table.ts";

/** A busy machine may spoil one attempt; a slower kernel spoils all of them. */
const ATTEMPTS = 3;
const TIME = 150;

interface Figure {
  readonly name: string;
  /** Of the peak. */
  readonly share: number;
  /**
   * The least that the share may be: about two thirds of what was recorded (bench/results) on the slowest of engines.
   */
  readonly limit: number;
}

interface GuardedKernel {
  readonly name: string;
  /** Floating-point, of one run; an elementwise kernel's are those that it may cost an element. */
  readonly operations: number;
  readonly limit: number;
  readonly run: () => void;
}

async function kernels(variant: KernelVariant): Promise<Figure[]> {
  const engine = await Engine.create({ kernels: variant });
  const { kernels } = engine;
  const probes = await probesOf(variant);
  const owner = {};
  const largest = 1024 * 256;
  const a = place(engine, largest, owner);
  const b = place(engine, largest, owner);
  const c = place(engine, largest, owner);
  const scratch = engine.allocate(kernels.matmulScratch(256, 256), owner);
  const guarded: GuardedKernel[] = [
    {
      name: "x W + b, 4 x 64 x 64",
      operations: 2 * 4 * 64 * 64,
      limit: 0.5,
      run: () => kernels.matmul(c, a, b, 0, 4, 64, 64, 0, scratch),
    },
    {
      name: "x W + b, 128 x 64 x 64",
      operations: 2 * 128 * 64 * 64,
      limit: 0.6,
      run: () => kernels.matmul(c, a, b, 0, 128, 64, 64, 0, scratch),
    },
    {
      name: "dY Wᵀ, 128 x 64 x 64",
      operations: 2 * 128 * 64 * 64,
      limit: 0.55,
      run: () => kernels.matmulNT(c, a, b, 128, 64, 64, scratch),
    },
    {
      name: "Xᵀ dY, 128 x 64 x 64",
      operations: 2 * 128 * 64 * 64,
      limit: 0.55,
      run: () => kernels.matmulTN(c, a, b, 64, 128, 64, scratch),
    },
    {
      name: "x W + b, 256 x 256 x 256",
      operations: 2 * 256 ** 3,
      limit: 0.6,
      run: () => kernels.matmul(c, a, b, 0, 256, 256, 256, 0, scratch),
    },
    {
      name: "Xᵀ dY, 256 x 1024 x 256",
      operations: 2 * 1024 * 256 ** 2,
      limit: 0.55,
      run: () => kernels.matmulTN(c, a, b, 1024, 256, 256, scratch),
    },
    {
      name: "tanh, as 64 operations an element",
      operations: 64 * 4096,
      limit: 0.55,
      run: () => kernels.tanh(c, a, 4096),
    },
    {
      name: "exp, as 48 operations an element",
      operations: 48 * 4096,
      limit: 0.5,
      run: () => kernels.exp(c, a, 4096),
    },
  ];
  const seconds = await measure<string>([...probes, ...guarded], { time: TIME });
  const peak = peakOf(probes, seconds);
  return guarded.map(({ name, operations, limit }) => ({
    name: `${name}, ${variant}`,
    share: operations / (seconds[name] ?? Number.NaN) / peak,
    limit,
  }));
}

/** PPO beside its roofline, with tanh counted as 64 operations. */
async function iteration(variant: KernelVariant): Promise<Figure> {
  const probes = await probesOf(variant);
  const numEnvs = 4;
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), { seed: 1, kernels: variant });
  const { numSteps, numEpochs, hiddenSizes } = agent.config;
  const durations: number[] = [];
  const peaks: number[] = [];
  for await (const { iteration, seconds } of timedIterations(agent, 300 * numEnvs * numSteps)) {
    if (iteration > 50) durations.push(seconds);
    if (iteration % 50 === 0) peaks.push(peakOf(probes, await measure(probes, { time: TIME / 5, rounds: 1 })));
  }
  const { operations, tanh } = workOfStep({ observation: 4, hiddenSizes, outputs: 2, numEpochs });
  const perStep = median(durations) / (numEnvs * numSteps);
  return {
    name: `an iteration of PPO, ${variant}`,
    share: (operations + 64 * tanh) / perStep / median(peaks),
    limit: 0.45,
  };
}

for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
  const figures: Figure[] = [];
  for (const variant of variants) figures.push(...(await kernels(variant)), await iteration(variant));
  // A share that is not a number has to fail, too.
  const failed = figures.filter(({ share, limit }) => !(share >= limit));
  process.stdout.write(
    asText({
      title: "Shares of the peak, and the least that they may be",
      columns: ["what", "share", "limit"],
      rows: figures.map(({ name, share, limit }) => [name, significant(share), significant(limit)]),
    }),
  );
  if (failed.length === 0) break;
  const names = failed.map(({ name }) => name).join("; ");
  process.stdout.write(`\nbelow the limit in attempt ${attempt} of ${ATTEMPTS}: ${names}\n\n`);
  if (attempt === ATTEMPTS) process.exitCode = 1;
}
