// Timing by tinybench: the median over many samples, each of them long enough for the clock.

import type { PPO } from "proximal";
import { Bench } from "tinybench";

export interface Task<Name extends string = string> {
  readonly name: Name;
  /** A promise that it returns is waited for. */
  readonly run: () => unknown;
}

/** The least a sample takes, in milliseconds: a thousand times what the clock resolves. */
const SAMPLE = 0.2;

/**
 * The median seconds of one run of each task. The tasks take turns in `rounds`, so that a machine that slows down slows
 * all of them.
 * @param options.time milliseconds for each task, all rounds together
 */
export async function measure<Name extends string>(
  tasks: readonly Task<Name>[],
  { time, rounds = 3 }: { readonly time: number; readonly rounds?: number },
): Promise<Record<Name, number>> {
  const sampled: { task: Task<Name>; repeats: number; medians: number[] }[] = [];
  for (const task of tasks) sampled.push({ task, repeats: await repeatsOf(task), medians: [] });
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: time / rounds, warmupTime: time / rounds / 4, iterations: 5, warmupIterations: 2 });
    for (const { task, repeats } of sampled) {
      const { name, run } = task;
      bench.add(
        name,
        run() instanceof Promise
          ? async () => {
              for (let count = 0; count < repeats; count++) await run();
            }
          : () => {
              for (let count = 0; count < repeats; count++) run();
            },
      );
    }
    await bench.run();
    for (const { task, repeats, medians } of sampled) {
      const result = bench.getTask(task.name)?.result;
      if (result?.state !== "completed") throw new Error(`${task.name}: ${result?.state}`);
      medians.push((result.latency.p50 ?? Number.NaN) / 1000 / repeats);
    }
  }
  return Object.fromEntries(sampled.map(({ task, medians }) => [task.name, median(medians)])) as Record<Name, number>;
}

/** Trains, and yields after each iteration, with the seconds that it took. What is done with them is not timed. */
export async function* timedIterations(
  agent: PPO,
  totalSteps: number,
): AsyncGenerator<{ readonly iteration: number; readonly seconds: number }> {
  let start = performance.now();
  for await (const { iteration } of agent.train({ totalSteps })) {
    yield { iteration, seconds: (performance.now() - start) / 1000 };
    start = performance.now();
  }
}

/** How often a task has to run in one sample. */
async function repeatsOf({ run }: Task): Promise<number> {
  for (let repeats = 1; ; repeats *= 2) {
    const start = performance.now();
    for (let count = 0; count < repeats; count++) await run();
    if (performance.now() - start > SAMPLE) return repeats;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
