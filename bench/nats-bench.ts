// Searches in NATS-Bench, over many seeds: the mean test accuracy, in percent, of the best architecture that PPO, and
// for comparison random search, has found after some evaluations. A search sees the validation accuracy after 12 epochs
// of its own dataset; that of CIFAR-10 is also tested on the other two, as in NAS-Bench-201.
//   npm run bench:nats-bench -- FILE [RUNS]
// FILE is the table that `natsBench` describes.

import { readFileSync } from "node:fs";
import { Engine, makeVec, PCG64, PPO, register } from "proximal";
import { type NatsBenchSearch, natsBench } from "proximal/envs/nats-bench";

const datasets = ["cifar10", "cifar100", "ImageNet16-120"] as const;
const BUDGETS = [100, 200, 500] as const;
const NUM_ENVS = 10;
const CHOICES = 6;
/** Each update is of ten architectures. */
const options = { numSteps: CHOICES, numMinibatches: 1, learningRate: 3e-3 };

type Method = (env: NatsBenchSearch, seed: number, seen: () => void) => Promise<void>;

const engine = await Engine.create();
const last = Math.max(...BUDGETS);

const methods: Readonly<Record<string, Method>> = {
  async PPO(env, seed, seen) {
    const agent = await PPO.create(env, { ...options, seed });
    for await (const _ of agent.train({ totalSteps: CHOICES * last })) seen();
  },
  async random(env, seed, seen) {
    const rng = new PCG64(engine, seed);
    const actions = new Int32Array(NUM_ENVS);
    env.reset();
    for (let step = 0; step < (CHOICES * last) / NUM_ENVS; step++) {
      env.step(actions.map(() => rng.integer(5)));
      if (step % CHOICES === CHOICES - 1) seen();
    }
  },
};

/** Test accuracies on all three datasets, by what NATS-Bench calls an architecture. */
function testAccuracies(csv: string): ReadonlyMap<string, readonly number[]> {
  const names = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"];
  return new Map(
    csv
      .trimEnd()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => {
        const fields = line.split(",");
        const [a, b, c, d, e, f] = [...(fields[1] as string)].map((digit) => names[Number(digit)]);
        return [`|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`, fields.slice(5).map(Number)];
      }),
  );
}

/** "93.91 ± 0.35": mean and standard deviation. */
function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return `${mean.toFixed(2)} ± ${Math.sqrt(variance).toFixed(2)}`;
}

const [file, runs = "50"] = process.argv.slice(2);
if (file === undefined || !(Number(runs) >= 1)) {
  process.stderr.write("usage: npm run bench:nats-bench -- FILE [RUNS]\n");
  process.exit(2);
}
const csv = readFileSync(file, "utf8");
const tests = testAccuracies(csv);
for (const dataset of datasets) register(natsBench(csv, { dataset }));

process.stdout.write(
  `test accuracy over ${runs} seeds, of random search over 20 times as many, on ${datasets.join(", ")}\n`,
);
for (const [method, search] of Object.entries(methods)) {
  for (const dataset of datasets) {
    const found = new Map(BUDGETS.map((budget) => [budget as number, [] as string[]]));
    // What costs nothing is repeated until its mean stands still.
    const seeds = Number(runs) * (method === "random" ? 20 : 1);
    for (let seed = 1; seed <= seeds; seed++) {
      const env = (await makeVec(`NATS-Bench/${dataset}`, {
        numEnvs: NUM_ENVS,
        seed,
        engine,
      })) as unknown as NatsBenchSearch;
      await search(env, seed, () => {
        const { evaluations, bestArchitecture } = env.outcome();
        found.get(evaluations)?.push(bestArchitecture as string);
      });
    }
    const tested = dataset === "cifar10" ? datasets : [dataset];
    for (const [budget, architectures] of found) {
      const columns = tested.map((each) =>
        summary(architectures.map((name) => tests.get(name)?.[datasets.indexOf(each)] as number)),
      );
      process.stdout.write(`${method}, search on ${dataset}, ${budget} evaluations: ${columns.join(" / ")}\n`);
    }
  }
}
