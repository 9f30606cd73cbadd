// @ts-check
// Timing by tinybench: the median over many samples, each of them long enough for the clock.

import { Bench } from "tinybench";

/** @typedef {{ name: string, run: () => unknown }} Task a promise that `run` returns is waited for */

/** The least a sample takes, in milliseconds: a thousand times what the clock resolves. */
const SAMPLE = 0.2;

/**
 * The median seconds of one run of each task. The tasks take turns in `rounds`, so that a machine that slows down slows all of them.
 * @param {readonly Task[]} tasks
 * @param {{ time: number, rounds?: number }} options time: milliseconds for each task, all rounds together
 * @returns {Promise<Record<string, number>>}
 */
export async function measure(tasks, { time, rounds = 3 }) {
  const repeats = [];
  for (const task of tasks) repeats.push(await repeatsOf(task));
  /** @type {number[][]} */
  const medians = tasks.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: time / rounds, warmupTime: time / rounds / 4, iterations: 5, warmupIterations: 2 });
    for (const [index, { name, run }] of tasks.entries()) {
      const repeat = /** @type {number} */ (repeats[index]);
      bench.add(
        name,
        run() instanceof Promise
          ? async () => {
              for (let count = 0; count < repeat; count++) await run();
            }
          : () => {
              for (let count = 0; count < repeat; count++) run();
            },
      );
    }
    await bench.run();
    for (const [index, { name, result }] of bench.tasks.entries()) {
      if (result?.state !== "completed") throw new Error(`${name}: ${result?.state}`);
      medians[index]?.push((result.latency.p50 ?? Number.NaN) / 1000 / /** @type {number} */ (repeats[index]));
    }
  }
  return Object.fromEntries(tasks.map(({ name }, index) => [name, median(medians[index] ?? [])]));
}

/**
 * Trains, and yields after each iteration, with the seconds that it took. What is done with them is not timed.
 * @param {import("../dist/index.js").PPO} agent
 * @param {number} totalSteps
 * @returns {AsyncGenerator<{ iteration: number, seconds: number }>}
 */
export async function* timedIterations(agent, totalSteps) {
  let start = performance.now();
  for await (const { iteration } of agent.train({ totalSteps })) {
    yield { iteration, seconds: (performance.now() - start) / 1000 };
    start = performance.now();
  }
}

/** How often a task has to run in one sample. @param {Task} task */
async function repeatsOf({ run }) {
  for (let repeat = 1; ; repeat *= 2) {
    const start = performance.now();
    for (let count = 0; count < repeat; count++) await run();
    if (performance.now() - start > SAMPLE) return repeat;
  }
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
