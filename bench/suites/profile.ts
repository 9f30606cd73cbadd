// Where an iteration of PPO spends its time: every kernel call by kernel and size, and what JavaScript takes between
// them.

import { makeVec, PPO } from "proximal";
import type { KernelVariant } from "proximal/engine";
import { grouped } from "#cli/numbers";
import { median, timedIterations } from "../measure.ts";
import { duration, percent, type Table } from "../table.ts";

/** What the calls of a kernel with the same sizes add up to. */
interface Entry {
  readonly kernel: string;
  readonly sizes: string;
  calls: number;
  seconds: number;
  operations: number;
}

interface Profile {
  /** Seconds of an iteration that nothing is measured in. */
  readonly iteration: number;
  /** Of one iteration. */
  readonly entries: readonly Entry[];
}

type Kernel = (...args: number[]) => unknown;

const ITERATIONS = 200;
/** Where the kernels of matrix products have their sizes among their arguments. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  matmul: [4, 5, 6],
  matmulNT: [3, 4, 5],
  matmulTN: [3, 4, 5],
};

/** CleanRL's workload, timed as it is and then with every kernel wrapped in a clock. */
export async function profile(variant: KernelVariant): Promise<Profile> {
  const plain = await timed(variant, () => {});
  const entries = new Map<string, Entry>();
  let measuring = false;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function wrapping(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    const { exports } = new Instance(module, imports);
    const wrapped = Object.entries(exports).map(([name, kernel]) => [
      name,
      wrap(name, kernel as Kernel, entries, () => measuring),
    ]);
    return { exports: Object.fromEntries(wrapped) };
  } as unknown as typeof Instance;
  await timed(variant, (iteration) => {
    measuring = iteration > ITERATIONS / 4;
  });
  WebAssembly.Instance = Instance;

  const measured = ITERATIONS - Math.floor(ITERATIONS / 4) - 1;
  const overhead = clockOverhead();
  const list = [...entries.values()].map(({ kernel, sizes, calls, seconds, operations }) => ({
    kernel,
    sizes,
    calls: calls / measured,
    seconds: Math.max(0, seconds - calls * overhead) / measured,
    operations: operations / measured,
  }));
  list.sort((a, b) => b.seconds - a.seconds);
  return { iteration: plain, entries: list };
}

/** The median seconds of an iteration. */
async function timed(variant: KernelVariant, after: (iteration: number) => void): Promise<number> {
  const numEnvs = 4;
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), { kernels: variant });
  const durations: number[] = [];
  for await (const { iteration, seconds } of timedIterations(agent, ITERATIONS * numEnvs * agent.config.numSteps)) {
    durations.push(seconds);
    after(iteration);
  }
  return median(durations.slice(ITERATIONS / 4));
}

function wrap(name: string, kernel: Kernel, entries: Map<string, Entry>, isMeasuring: () => boolean): Kernel {
  const positions = SIZES[name] ?? [];
  return (...args) => {
    if (!isMeasuring()) return kernel(...args);
    const start = performance.now();
    const result = kernel(...args);
    const seconds = (performance.now() - start) / 1000;
    const sizes = positions.map((position) => args[position] ?? Number.NaN);
    const key = `${name} ${sizes.join(" x ")}`;
    const entry = entries.get(key) ?? { kernel: name, sizes: sizes.join(" x "), calls: 0, seconds: 0, operations: 0 };
    entry.calls++;
    entry.seconds += seconds;
    entry.operations += sizes.length === 0 ? 0 : 2 * sizes.reduce((product, size) => product * size, 1);
    entries.set(key, entry);
    return result;
  };
}

/** Seconds that two readings of the clock add to what lies between them. */
function clockOverhead(): number {
  const samples = Array.from({ length: 10_000 }, () => {
    const start = performance.now();
    return (performance.now() - start) / 1000;
  });
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

export function profileTables(variant: KernelVariant, { iteration, entries }: Profile): Table[] {
  const inKernels = entries.reduce((sum, { seconds }) => sum + seconds, 0);
  const row = ({ kernel, sizes, calls, seconds, operations }: Entry): string[] => [
    kernel,
    sizes,
    grouped(calls),
    duration(seconds / calls),
    duration(seconds),
    percent(seconds / iteration),
    operations === 0 ? "" : (operations / seconds / 1e9).toFixed(1),
  ];
  const rest = Math.max(0, iteration - inKernels);
  return [
    {
      title: `An iteration of PPO on CartPole-v1, ${variant}: ${duration(iteration)}`,
      columns: ["kernel", "sizes", "calls", "each", "all", "share", "GFLOP/s"],
      rows: [
        ...entries.filter(({ seconds }) => seconds > 0.001 * iteration).map(row),
        ["all kernels", "", "", "", duration(inKernels), percent(inKernels / iteration), ""],
        ["JavaScript between them", "", "", "", duration(rest), percent(rest / iteration), ""],
      ],
      note:
        "4 environments x 128 steps, 4 epochs of 4 minibatches, two 4-64-64 networks. " +
        "Kernels are timed one by one, " +
        "which costs them some of their speed: their sum is an upper bound.",
    },
  ];
}
