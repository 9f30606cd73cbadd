// Training: a train step, acting, environments, and PPO as a whole beside its roofline.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Box, CartPole, Discrete, type Hyperparameters, makeVec, PPO } from "proximal";
import { Engine, type KernelVariant } from "proximal/engine";
import { grouped } from "#cli/numbers";
import type { Result } from "#cli/result";
import { measure, median, timedIterations } from "../measure.ts";
import { peakOf, probesOf, workOfStep } from "../peak.ts";
import { at } from "../repository.ts";
import { duration, percent, significant, type Table } from "../table.ts";
import { makeTrainStep } from "../train-step.ts";

interface Workload {
  readonly name: string;
  readonly numEnvs: number;
  readonly options: Partial<Hyperparameters>;
}

/** The first is CleanRL's ppo.py on CartPole, whose hyper-parameters are the defaults. */
const WORKLOADS: readonly Workload[] = [
  { name: "two 2x64 networks, 4 x 128 steps, 4 epochs of 4", numEnvs: 4, options: {} },
  {
    name: "two 2x256 networks, 16 x 256 steps, 4 epochs of 4",
    numEnvs: 16,
    options: { numSteps: 256, hiddenSizes: [256, 256] },
  },
];

/**
 * Parts of a run after its warm-up, between which the heap is measured. The figure is their median: what the engine
 * compiles counts, too.
 */
const PARTS = 5;
/** The engine goes on compiling code for some 2,000 iterations, and each time the heap grows. */
const WARMUP_PARTS = 11;

interface Latencies {
  readonly trainStep: number;
  readonly act: number;
  readonly envStep: number;
}

interface PPOResult {
  readonly name: string;
  readonly stepsPerSecond: number;
  /** In steps a second. */
  readonly roofline: number;
  readonly heapBytesPerIteration: number;
  readonly memoryGrew: boolean;
}

/** Latencies in seconds. */
export interface TrainingResults extends Latencies {
  readonly ppo: readonly PPOResult[];
}

interface Options {
  readonly time: number;
  readonly iterations: number;
}

export async function training(variant: KernelVariant, options: Options): Promise<TrainingResults> {
  const ppo: PPOResult[] = [];
  for (const workload of WORKLOADS) ppo.push(await ppoSpeed(variant, workload, options));
  return { ...(await latencies(variant, options)), ppo };
}

async function latencies(variant: KernelVariant, options: Options): Promise<Latencies> {
  const engine = await Engine.create({ kernels: variant });
  const agent = await PPO.create(await makeVec("CartPole-v1", { seed: 1 }), { kernels: variant });
  const observation = Float32Array.of(0.01, -0.02, 0.03, 0.04);

  const env = new CartPole(await Engine.create(), { seed: 1 });
  const result = { observation: new Float32Array(4), reward: 0, terminated: false, truncated: false };
  env.reset({}, result.observation);
  let count = 0;

  return measure(
    [
      { name: "trainStep", run: makeTrainStep(engine) },
      { name: "act", run: () => void agent.act(observation) },
      {
        name: "envStep",
        run: () => {
          env.step((count++ >> 1) & 1, result);
          if (result.terminated) env.reset({}, result.observation);
        },
      },
    ],
    options,
  );
}

async function ppoSpeed(
  variant: KernelVariant,
  { name, numEnvs, options: hyperparameters }: Workload,
  { time, iterations }: Options,
): Promise<PPOResult> {
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
  let memory: ArrayBufferLike | undefined;
  for await (const { iteration, seconds } of timedIterations(agent, (warmup + PARTS * part) * batchSize)) {
    const done = iteration - warmup;
    if (done > 0) durations[done - 1] = seconds;
    if (done === 0) memory = memoryOf(agent);
    if (done >= 0 && done % part === 0) heap[done / part] = heapUsed();
  }
  const growth = Array.from(heap.subarray(1), (bytes, index) => bytes - (heap[index] ?? Number.NaN));

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

interface Limits {
  readonly operationsPerSecond: number;
  readonly tanhPerSecond: number;
}

/** What the machine does at most, measured before and after the workload. */
async function limitsOf(variant: KernelVariant, time: number): Promise<Limits> {
  const engine = await Engine.create({ kernels: variant });
  const owner = {};
  const x = engine.allocate(4 * 4096, owner);
  const y = engine.allocate(4 * 4096, owner);
  engine.view("float32", x, 4096).forEach((_, index, all) => {
    all[index] = (index % 200) / 100 - 1;
  });
  const probes = await probesOf(variant);
  const seconds = await measure([...probes, { name: "tanh", run: () => engine.kernels.tanh(y, x, 4096) }], { time });
  return {
    operationsPerSecond: peakOf(probes, seconds),
    tanhPerSecond: 4096 / seconds.tanh,
  };
}

/** The linear memory of an agent: another object once it has grown. */
function memoryOf(agent: PPO): ArrayBufferLike | undefined {
  return agent.policy.tensors[0]?.data.buffer;
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Times are seconds of a process's life. */
export interface SolvedResults {
  readonly seeds: number;
  readonly median: number;
  readonly worst: number;
  readonly worstSteps: number;
  readonly unsolved: number;
}

/** From the start of a process to a solved CartPole, by the preset. */
export async function timeToSolved({ seeds }: { readonly seeds: number }): Promise<SolvedResults> {
  const folder = mkdtempSync(join(tmpdir(), "proximal-bench-"));
  const bin = fileURLToPath(at("bin/proximal.js"));
  const seconds: number[] = [];
  const steps: number[] = [];
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      const start = performance.now();
      const args = ["train", "CartPole-v1", "--stop-when-solved", "--json", "--seed", `${seed}`];
      const child = spawn(process.execPath, [bin, ...args, "--out", join(folder, `${seed}`)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (text: Buffer) => {
        output += text;
      });
      await new Promise((resolve) => child.on("close", resolve));
      const { solvedAtStep }: Result = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
      if (solvedAtStep === null) continue;
      seconds.push((performance.now() - start) / 1000);
      steps.push(solvedAtStep);
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

export function trainingTables(variant: KernelVariant, { trainStep, act, envStep, ppo }: TrainingResults): Table[] {
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
        bytes(heapBytesPerIteration),
        memoryGrew ? "grew" : "constant",
      ]),
      note:
        "The roofline is the time of the matrix products at the peak and of tanh at its kernel's speed, " +
        "both measured beside it.",
    },
  ];
}

function bytes(count: number): string {
  return `${count < 10 ? significant(Math.max(0, count)) : grouped(count)} B`;
}

export function solvedTables({ seeds, median: typical, worst, worstSteps, unsolved }: SolvedResults): Table[] {
  return [
    {
      title: "From process start to a solved CartPole-v1, by the preset",
      columns: ["seeds", "median", "slowest", "most steps", "unsolved"],
      rows: [[`1 to ${seeds}`, `${typical.toFixed(2)} s`, `${worst.toFixed(2)} s`, grouped(worstSteps), `${unsolved}`]],
    },
  ];
}
