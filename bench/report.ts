// Writes the tables of README.md and bench/README.md from the recorded results, between the comments that name them,
// and the pictures:
//   node tools/run.mjs bench/report.ts

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { KernelVariant } from "proximal/engine";
import { grouped } from "#cli/numbers";
import ulp from "../tools/fit/ulp.json" with { type: "json" };
import { type Bar, barsSvg } from "./bars.ts";
import { type LearningResults, learningTable } from "./learning/results.ts";
import { majorOf } from "./machine.ts";
import type { PeerResults } from "./peers/results.ts";
import { peerTables } from "./peers/tables.ts";
import { at } from "./repository.ts";
import type { Results, SuiteResults } from "./results.ts";
import { type GradientResult, gradientTables } from "./suites/gradients.ts";
import { kernelTables } from "./suites/kernels.ts";
import { sumTables } from "./suites/sums.ts";
import { type SolvedResults, solvedTables, trainingTables } from "./suites/training.ts";
import { asMarkdown, duration, scientific } from "./table.ts";

/** The figures of one engine with one module. */
interface Column {
  readonly title: string;
  readonly variant: KernelVariant;
  readonly results: SuiteResults;
  readonly solved: SolvedResults;
}

const recorded = recordedAs<Results>("node");
const comparisons = recordedAs<PeerResults>("peers-node");

replace("README.md", "figures", figures(recorded.flatMap(columnsOf)));
replace("README.md", "ulp", elementary());
replace("bench/README.md", "results", recorded.map(everyTable).join("\n\n"));
replace("bench/README.md", "peers", comparisons.map(comparison).join("\n\n"));
replace("bench/README.md", "learning", learning());
draw(latest(comparisons));

/** The recorded results of this kind, oldest engine first. */
function recordedAs<R extends Results | PeerResults>(kind: string): R[] {
  const pattern = new RegExp(`^${kind}-\\d+\\.json$`);
  return readdirSync(at("bench/results"))
    .filter((name) => pattern.test(name))
    .map((name): R => JSON.parse(readFileSync(at(`bench/results/${name}`), "utf8")))
    .sort((a, b) => Number(majorOf(a.machine.node)) - Number(majorOf(b.machine.node)));
}

function latest<R>(results: readonly R[]): R {
  const last = results.at(-1);
  if (last === undefined) throw new Error("bench/results has nothing recorded: npm run bench -- --record");
  return last;
}

function columnsOf(result: Results): Column[] {
  const { machine, solved } = result;
  return (["strict", "fma"] as const).flatMap((variant) => {
    const results = result[variant];
    return results === undefined
      ? []
      : [{ title: `Node ${majorOf(machine.node)}, ${variant}`, variant, results, solved }];
  });
}

/** The figures that matter most, one row each. */
function figures(columns: readonly Column[]): string {
  const product = ({ kernels }: SuiteResults, shape: string): string =>
    `${kernels.products.find((entry) => entry.shape === shape)?.forward.toFixed(0)} GFLOP/s`;
  const steps = ({ training }: SuiteResults, workload: number): string =>
    `${grouped(training.ppo[workload]?.stepsPerSecond ?? Number.NaN)} steps/s`;
  const gradientError = ({ gradients }: SuiteResults, name: keyof GradientResult & `${string}rror`): string =>
    scientific(Math.max(...gradients.map((entry) => entry[name])));
  const rows: readonly (readonly [name: string, cell: (column: Column) => string])[] = [
    ["PPO on CartPole, CleanRL's hyper-parameters", ({ results }) => steps(results, 0)],
    ["the same with two 2x256 networks, 16 x 256 steps", ({ results }) => steps(results, 1)],
    [
      "from process start to a solved CartPole, median of 10 seeds",
      ({ solved, variant }) => (variant === "strict" ? `${solved.median.toFixed(2)} s` : ""),
    ],
    ["train step of a 4-64-64-2 network, 64 rows, Adam", ({ results }) => duration(results.training.trainStep)],
    ["`act`: one observation in, one action out", ({ results }) => duration(results.training.act)],
    ["matrix product 128 x 64 x 64", ({ results }) => product(results, "128 x 64 x 64")],
    ["matrix product 512 x 512 x 512", ({ results }) => product(results, "512 x 512 x 512")],
    ["largest gradient error of any operator or loss", ({ results }) => gradientError(results, "error")],
    ["the same of PyTorch's float32", ({ results }) => gradientError(results, "torchError")],
  ];
  const { processor, date } = latest(recorded).machine;
  return asMarkdown({
    columns: ["", ...columns.map(({ title }) => title)],
    rows: rows.map(([name, cell]) => [name, ...columns.map(cell)]),
    note: `One thread of an ${processor} server core, ${date}.`,
  });
}

function elementary(): string {
  return asMarkdown({
    columns: ["kernel", "strict", "fma"],
    rows: Object.entries(ulp).map(([name, { strict, fma }]) => [name, strict.ulp.toFixed(3), fma.ulp.toFixed(3)]),
  });
}

function everyTable(result: Results): string {
  const { processor, node, v8, date } = result.machine;
  const tables = columnsOf(result).flatMap(({ variant, results: { training, kernels, gradients, sums } }) => [
    ...trainingTables(variant, training),
    ...kernelTables(variant, kernels),
    ...gradientTables(variant, gradients),
    ...sumTables(variant, sums),
  ]);
  const sections = [...solvedTables(result.solved), ...tables].map(
    (table) => `### ${table.title}\n\n${asMarkdown(table)}`,
  );
  return [`## Node ${node}`, `${processor}, V8 ${v8}, one thread, ${date}.`, ...sections].join("\n\n");
}

function comparison(results: PeerResults): string {
  const { processor, node, date } = results.machine;
  const sections = peerTables(results).map((table) => `### ${table.title}\n\n${asMarkdown(table)}`);
  const left = results.left.map((line) => `Left out: ${line}.`);
  return [`## Beside its peers, Node ${node}`, `${processor}, one thread, ${date}.`, ...sections, ...left].join("\n\n");
}

/** Nothing where it has not been recorded. */
function learning(): string {
  if (!existsSync(at("bench/results/learning.json"))) return "";
  const results: LearningResults = JSON.parse(readFileSync(at("bench/results/learning.json"), "utf8"));
  const { processor, node, date } = results.machine;
  const { title, ...table } = learningTable(results);
  const left = results.left.map((line) => `Left out: ${line}.`);
  return [`## ${title}`, `${processor}, Node ${node}, ${date}.`, asMarkdown(table), ...left].join("\n\n");
}

/** The comparison as pictures. */
function draw({ machine, peak, measured, trained }: PeerResults): void {
  const barOf = (label: string, value: number): Bar => ({ label, value, own: label.startsWith("proximal") });
  const major = majorOf(machine.node);
  const steps = barsSvg(
    {
      title: `PPO on CartPole-v1, steps a second, one thread (Node ${major})`,
      unit: "environment steps a second",
      groups: [
        {
          bars: trained
            .map(({ name, stepsPerSecond }) => barOf(name, stepsPerSecond))
            .sort((a, b) => b.value - a.value),
        },
      ],
    },
    grouped,
  );
  const scripts = measured.filter(({ name }) => !name.includes("native"));
  const products = barsSvg(
    {
      title: `Matrix products in WebAssembly, GFLOP/s, one thread (Node ${major})`,
      unit: "GFLOP/s",
      groups: Object.keys(measured[0]?.products ?? {}).map((shape) => ({
        title: shape,
        bars: scripts.map(({ name, products }) => barOf(name, products[shape] ?? Number.NaN)),
      })),
      limit: { value: peak, label: `the peak of 128-bit vectors, ${peak.toFixed(0)} GFLOP/s` },
    },
    (value) => value.toFixed(1),
  );
  writeFileSync(at("bench/results/steps-per-second.svg"), steps);
  writeFileSync(at("bench/results/matrix-products.svg"), products);
}

/** Puts a text between `<!-- name ... -->` and `<!-- /name -->`. */
function replace(path: string, name: string, text: string): void {
  const document = readFileSync(at(path), "utf8");
  const pattern = new RegExp(`(<!-- ${name}\\b[^>]*-->)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(document)) throw new Error(`${path} has no place for ${name}`);
  writeFileSync(
    at(path),
    document.replace(pattern, (_, start: string, end: string) => `${start}\n\n${text}\n\n${end}`),
  );
}
