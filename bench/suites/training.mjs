// @ts-check
// Training: a train step, acting, environments, and PPO as a whole beside its roofline.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Box, CartPole, Discrete, Engine, makeVec, PPO } from "../../dist/index.js";
import { measure, median, timedIterations } from "../measure.mjs";
import { peakOf, probesOf, workOfStep } from "../peak.mjs";
import { duration, grouped, percent, significant } from "../table.mjs";
import { makeTrainStep } from "../train-step.mjs";

/** The two workloads; the first is CleanRL's ppo.py on CartPole, whose hyper-parameters are the defaults. */
const WORKLOADS = /** @type {const} */ ([
  { name: "two 2x64 networks, 4 x 128 steps, 4 epochs of 4", numEnvs: 4, options: {} },
  {
    name: "two 2x256 networks, 16 x 256 steps, 4 epochs of 4",
    numEnvs: 16,
    options: { numSteps: 256, hiddenSizes: [256, 256] },
  },
]);

/** Parts of a run after its warm-up, between which the heap is measured. The figure is their median: what the engine compiles counts, too. */
const PARTS = 5;
/** The engine goes on compiling code for some 2,000 iterations, and each time the heap grows. */
const WARMUP_PARTS = 11;

/**
 * @typedef {{ name: string, stepsPerSecond: number, roofline: number, heapBytesPerIteration: number, memoryGrew: boolean }} PPOResult roofline in steps/s
 * @typedef {{ trainStep: number, act: number, envStep: number, ppo: PPOResult[] }} TrainingResults
 */

/**
 * @param {"strict" | "fma"} variant
 * @param {{ time: number, iterations: number }} options
 * @returns {Promise<TrainingResults>}
 */
export async function training(variant, options) {
  const ppo = [];
  for (const workload of WORKLOADS) ppo.push(await ppoSpeed(variant, workload, options));
  return { ...(await latencies(variant, options)), ppo };
}

/** @param {"strict" | "fma"} variant @param {{ time: number }} options */
async function latencies(variant, options) {
  const engine = await Engine.create({ kernels: variant });
  const agent = await PPO.create(await makeVec("CartPole-v1", { seed: 1 }), { kernels: variant });
  const observation = Float32Array.of(0.01, -0.02, 0.03, 0.04);

  const env = new CartPole(await Engine.create(), { seed: 1 });
  /** @type {import("../../dist/envs/index.js").StepResult} */
  const result = { observation: env.reset(), reward: 0, terminated: false, truncated: false };
  let count = 0;

  const seconds = await measure(
    [
      {
        name: "trainStep",
        run: makeTrainStep(engine),
      },
      { name: "act", run: () => void agent.act(observation) },
      {
        name: "envStep",
        run: () => {
          env.step((count++ >> 1) & 1, result);
          if (result.terminated) env.reset({}, /** @type {Float32Array<ArrayBuffer>} */ (result.observation));
        },
      },
    ],
    options,
  );
  return /** @type {{ trainStep: number, act: number, envStep: number }} */ (seconds);
}

/**
 * @param {"strict" | "fma"} variant
 * @param {(typeof WORKLOADS)[number]} workload
 * @param {{ time: number, iterations: number }} options
 * @returns {Promise<PPOResult>}
 */
async function ppoSpeed(variant, { name, numEnvs, options: hyperparameters }, { time, iterations }) {
  const env = await makeVec("CartPole-v1", { numEnvs, seed: 1 });
  const agent = await PPO.create(env, { ...hyperparameters, kernels: variant });
  const { numSteps, numEpochs, hiddenSizes } = agent.config;
  const batchSize = numSteps * numEnvs;
  // As much work for each network; the larger one gets fewer iterations.
  const part = Math.max(2, Math.round(iterations / (hiddenSizes.includes(256) ? 300 : 5)));
  const warmup = WARMUP_PARTS * part;
  const durations = new Float64Array(PARTS * part);
  const heap = new Float64Array(PARTS + 1);
  const limitsBefore = await limitsOf(variant, time / 2);
  let memory;
  for await (const { iteration, seconds } of timedIterations(agent, (warmup + PARTS * part) * batchSize)) {
    const done = iteration - warmup;
    if (done > 0) durations[done - 1] = seconds;
    if (done === 0) memory = memoryOf(agent);
    if (done >= 0 && done % part === 0) heap[done / part] = heapUsed();
  }
  const growth = Array.from(heap.subarray(1), (bytes, index) => bytes - /** @type {number} */ (heap[index]));

  const observation = env.singleObservationSpace instanceof Box ? env.singleObservationSpace.low.length : 0;
  const outputs = env.singleActionSpace instanceof Discrete ? env.singleActionSpace.n : 0;
  const { operations, tanh } = workOfStep({ observation, hiddenSizes, outputs, numEpochs });
  const rooflines = [limitsBefore, await limitsOf(variant, time / 2)].map(
    ({ operationsPerSecond, tanhPerSecond }) => 1 / (operations / operationsPerSecond + tanh / tanhPerSecond),
  );
  return {
    name,
    stepsPerSecond: batchSize / median([...durations]),
    roofline: median(rooflines),
    heapBytesPerIteration: median(growth) / part,
    memoryGrew: memoryOf(agent) !== memory,
  };
}

/** What the machine does at most, measured before and after the workload. @param {"strict" | "fma"} variant @param {number} time */
async function limitsOf(variant, time) {
  const engine = await Engine.create({ kernels: variant });
  const owner = {};
  const [x, y] = [engine.allocate(4 * 4096, owner), engine.allocate(4 * 4096, owner)];
  engine.float32(x, 4096).forEach((_, index, all) => {
    all[index] = (index % 200) / 100 - 1;
  });
  const probes = await probesOf(variant);
  const tanh = { name: "tanh", run: () => engine.kernels.tanh(y, x, 4096) };
  const seconds = await measure([...probes, tanh], { time });
  return {
    operationsPerSecond: peakOf(probes, seconds),
    tanhPerSecond: 4096 / (seconds.tanh ?? Number.NaN),
  };
}

/** The linear memory of an agent: another object once it has grown. @param {PPO} agent */
const memoryOf = (agent) => agent.policy.tensors[0]?.data.buffer;

function heapUsed() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** @typedef {{ seeds: number, median: number, worst: number, worstSteps: number, unsolved: number }} SolvedResults seconds of a process's life */

/**
 * From the start of a process to a solved CartPole, by the preset.
 * @param {{ seeds: number }} options
 * @returns {Promise<SolvedResults>}
 */
export async function timeToSolved({ seeds }) {
  const folder = mkdtempSync(join(tmpdir(), "proximal-bench-"));
  const bin = fileURLToPath(new URL("../../bin/proximal.js", import.meta.url));
  const [seconds, steps] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      const start = performance.now();
      const args = ["train", "CartPole-v1", "--stop-when-solved", "--json", "--seed", `${seed}`];
      const child = spawn(process.execPath, [bin, ...args, "--out", join(folder, `${seed}`)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (text) => {
        output += text;
      });
      await new Promise((resolve) => child.on("close", resolve));
      const result = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "{}");
      if (result.solvedAtStep === null) continue;
      seconds.push((performance.now() - start) / 1000);
      steps.push(result.solvedAtStep);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return {
    seeds,
    median: median(seconds),
    worst: Math.max(...seconds),
    worstSteps: Math.max(...steps),
    unsolved: seeds - seconds.length,
  };
}

/** @param {string} variant @param {TrainingResults} results @returns {import("../table.mjs").Table[]} */
export function trainingTables(variant, { trainStep, act, envStep, ppo }) {
  return [
    {
      title: `Latencies, ${variant}`,
      columns: ["what", "time"],
      rows: [
        ["train step: 4-64-64-2 tanh network, 64 rows, Adam", duration(trainStep)],
        ["act: one observation in, one action out, two hidden layers of 64", duration(act)],
        ["CartPole-v1 step", duration(envStep)],
      ],
    },
    {
      title: `PPO on CartPole-v1, ${variant}`,
      columns: ["workload", "steps/s", "roofline", "reached", "heap growth an iteration", "linear memory"],
      rows: ppo.map(({ name, stepsPerSecond, roofline, heapBytesPerIteration, memoryGrew }) => [
        name,
        grouped(stepsPerSecond),
        grouped(roofline),
        percent(stepsPerSecond / roofline),
        `${heapBytesPerIteration < 10 ? significant(Math.max(0, heapBytesPerIteration)) : grouped(heapBytesPerIteration)} B`,
        memoryGrew ? "grew" : "constant",
      ]),
      note: "The roofline is the time of the matrix products at the peak and of tanh at its kernel's speed, both measured beside it.",
    },
  ];
}

/** @param {SolvedResults} results @returns {import("../table.mjs").Table[]} */
export function solvedTables({ seeds, median: typical, worst, worstSteps, unsolved }) {
  return [
    {
      title: "From process start to a solved CartPole-v1, by the preset",
      columns: ["seeds", "median", "slowest", "most steps", "unsolved"],
      rows: [[`1 to ${seeds}`, `${typical.toFixed(2)} s`, `${worst.toFixed(2)} s`, grouped(worstSteps), `${unsolved}`]],
    },
  ];
}
