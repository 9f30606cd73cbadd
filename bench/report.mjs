// @ts-check
// Writes the tables of README.md and bench/README.md from the recorded results, between the comments that name them, and the pictures:
//   node bench/report.mjs

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import ulp from "../tools/fit/ulp.json" with { type: "json" };
import { barsSvg } from "./bars.mjs";
import { peerTables } from "./peers/tables.mjs";
import { gradientTables } from "./suites/gradients.mjs";
import { kernelTables } from "./suites/kernels.mjs";
import { solvedTables, trainingTables } from "./suites/training.mjs";
import { asMarkdown, duration, grouped, scientific } from "./table.mjs";

const at = (/** @type {string} */ path) => new URL(path, import.meta.url);

/** The recorded results of this kind, oldest engine first. @param {RegExp} pattern */
const recordedAs = (pattern) =>
  readdirSync(at("results"))
    .filter((name) => pattern.test(name))
    .sort((a, b) => Number(a.match(/\d+/)) - Number(b.match(/\d+/)))
    .map((name) => JSON.parse(readFileSync(at(`results/${name}`), "utf8")));

const recorded = recordedAs(/^node-\d+\.json$/);
const comparisons = recordedAs(/^peers-node-\d+\.json$/);

/** One column of figures for each engine and module. */
const columns = recorded.flatMap((result) =>
  ["strict", "fma"]
    .filter((variant) => result[variant] !== undefined)
    .map((variant) => ({
      title: `Node ${result.machine.node.split(".")[0]}, ${variant}`,
      results: result[variant],
      solved: result.solved,
    })),
);

replace("../README.md", "figures", figures());
replace("../README.md", "ulp", elementary());
replace("README.md", "results", recorded.map(everyTable).join("\n\n"));
replace("README.md", "peers", comparisons.map(comparison).join("\n\n"));
draw(comparisons.at(-1));

/** The figures that matter most, one row each. */
function figures() {
  const product = (/** @type {any} */ results, /** @type {string} */ shape) => {
    const { products } = results.kernels;
    const { forward } = products.find((/** @type {any} */ entry) => entry.shape === shape);
    return `${forward.toFixed(0)} GFLOP/s`;
  };
  const gradientError = (/** @type {any} */ results, /** @type {"error" | "torchError"} */ name) =>
    scientific(Math.max(...results.gradients.map((/** @type {any} */ entry) => entry[name])));
  /** @type {[string, (column: any) => string][]} */
  const rows = [
    [
      "PPO on CartPole, CleanRL's hyper-parameters",
      ({ results }) => `${grouped(results.training.ppo[0].stepsPerSecond)} steps/s`,
    ],
    [
      "the same with two 2x256 networks, 16 x 256 steps",
      ({ results }) => `${grouped(results.training.ppo[1].stepsPerSecond)} steps/s`,
    ],
    [
      "from process start to a solved CartPole, median of 10 seeds",
      ({ solved, title }) => (title.endsWith("strict") ? `${solved.median.toFixed(2)} s` : ""),
    ],
    ["train step of a 4-64-64-2 network, 64 rows, Adam", ({ results }) => duration(results.training.trainStep)],
    ["`act`: one observation in, one action out", ({ results }) => duration(results.training.act)],
    ["matrix product 128 x 64 x 64", ({ results }) => product(results, "128 x 64 x 64")],
    ["matrix product 512 x 512 x 512", ({ results }) => product(results, "512 x 512 x 512")],
    ["largest gradient error of any operator or loss", ({ results }) => gradientError(results, "error")],
    ["the same of PyTorch's float32", ({ results }) => gradientError(results, "torchError")],
  ];
  const { processor, date } = recorded[0].machine;
  return asMarkdown({
    title: "",
    columns: ["", ...columns.map(({ title }) => title)],
    rows: rows.map(([name, cell]) => [name, ...columns.map(cell)]),
    note: `One thread of an ${processor} server core, ${date}.`,
  });
}

function elementary() {
  return asMarkdown({
    title: "",
    columns: ["kernel", "strict", "fma"],
    rows: Object.entries(ulp).map(([name, { strict, fma }]) => [name, strict.ulp.toFixed(3), fma.ulp.toFixed(3)]),
  });
}

/** @param {any} result */
function everyTable(result) {
  const { processor, node, v8, date } = result.machine;
  const tables = ["strict", "fma"]
    .filter((variant) => result[variant] !== undefined)
    .flatMap((variant) => {
      const { kernels, gradients, training } = result[variant];
      return [
        ...trainingTables(variant, training),
        ...kernelTables(variant, kernels),
        ...gradientTables(variant, gradients),
      ];
    });
  const sections = [...solvedTables(result.solved), ...tables].map(
    (table) => `### ${table.title}\n\n${asMarkdown(table)}`,
  );
  return [`## Node ${node}`, `${processor}, V8 ${v8}, one thread, ${date}.`, ...sections].join("\n\n");
}

/** @param {any} results */
function comparison(results) {
  const { processor, node, date } = results.machine;
  const sections = peerTables(results).map((table) => `### ${table.title}\n\n${asMarkdown(table)}`);
  const left = results.left.map((/** @type {string} */ line) => `Left out: ${line}.`);
  return [`## Beside its peers, Node ${node}`, `${processor}, one thread, ${date}.`, ...sections, ...left].join("\n\n");
}

/** The comparison as pictures. @param {any} results */
function draw({ machine, peak, measured, trained }) {
  const isOwn = (/** @type {string} */ name) => name.startsWith("proximal");
  const major = machine.node.split(".")[0];
  const steps = barsSvg(
    {
      title: `PPO on CartPole-v1, steps a second, one thread (Node ${major})`,
      unit: "environment steps a second",
      groups: [
        {
          bars: trained
            .map((/** @type {any} */ { name, stepsPerSecond }) => ({
              label: name,
              value: stepsPerSecond,
              own: isOwn(name),
            }))
            .sort((/** @type {any} */ a, /** @type {any} */ b) => b.value - a.value),
        },
      ],
    },
    grouped,
  );
  const scripts = measured.filter((/** @type {any} */ { name }) => !name.includes("native"));
  const products = barsSvg(
    {
      title: `Matrix products in WebAssembly, GFLOP/s, one thread (Node ${major})`,
      unit: "GFLOP/s",
      groups: Object.keys(measured[0].products).map((shape) => ({
        title: shape,
        bars: scripts.map((/** @type {any} */ peer) => ({
          label: peer.name,
          value: peer.products[shape],
          own: isOwn(peer.name),
        })),
      })),
      limit: { value: peak, label: `the peak of 128-bit vectors, ${peak.toFixed(0)} GFLOP/s` },
    },
    (value) => value.toFixed(1),
  );
  writeFileSync(at("results/steps-per-second.svg"), steps);
  writeFileSync(at("results/matrix-products.svg"), products);
}

/**
 * Puts a text between `<!-- name ... -->` and `<!-- /name -->`.
 * @param {string} path
 * @param {string} name
 * @param {string} text
 */
function replace(path, name, text) {
  const document = readFileSync(at(path), "utf8");
  const pattern = new RegExp(`(<!-- ${name}\\b[^>]*-->)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(document)) throw new Error(`${path} has no place for ${name}`);
  writeFileSync(
    at(path),
    document.replace(pattern, (_, start, end) => `${start}\n\n${text}\n\n${end}`),
  );
}
