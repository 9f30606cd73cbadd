// @ts-check
// Measures one JavaScript peer and prints the result as JSON: main.mjs runs it once for each.
//   node bench/peers/measure-peer.mjs NAME MILLISECONDS

import { measure, median } from "../measure.mjs";
import { peakOf, probesOf } from "../peak.mjs";

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} version
 * @property {(m: number, k: number, n: number) => () => unknown} product what multiplies two matrices
 * @property {() => unknown} [trainStep] forward, backward and Adam of a 4-64-64-2 tanh network on 64 rows
 * @property {() => unknown} [act] an observation in, an action out, by a network of that kind
 */

/** @type {Record<string, () => Promise<Peer>>} */
const peers = {
  "proximal-strict": async () => (await import("./proximal.mjs")).proximal("strict"),
  "proximal-fma": async () => (await import("./proximal.mjs")).proximal("fma"),
  tfjs: async () => (await import("./tfjs.mjs")).tfjs(),
  "jax-js": async () => (await import("./jax-js.mjs")).jaxJs(),
  "onnxruntime-web": async () => (await import("./onnxruntime-web.mjs")).onnxruntimeWeb(),
};

/** m, k, n. */
const PRODUCTS = /** @type {const} */ ([
  [128, 64, 64],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
]);

const [name = "", milliseconds = ""] = process.argv.slice(2);
const peer = await /** @type {() => Promise<Peer>} */ (peers[name])();
const time = Number(milliseconds);
const probes = name === "proximal-strict" ? await probesOf("strict") : [];
/** @type {Record<string, number>} */
const products = {};
const peaks = [];
for (const [m, k, n] of PRODUCTS) {
  const seconds = await measure([...probes, { name: "product", run: peer.product(m, k, n) }], { time });
  products[`${m} x ${k} x ${n}`] = (2 * m * k * n) / /** @type {number} */ (seconds.product) / 1e9;
  if (probes.length > 0) peaks.push(peakOf(probes, seconds) / 1e9);
}
const result = { name: peer.name, version: peer.version, products, ...(peaks.length > 0 && { peak: median(peaks) }) };
const { trainStep, act } = peer;
const tasks = Object.entries({ trainStep, act }).flatMap(([task, run]) =>
  run === undefined ? [] : [{ name: task, run }],
);
const seconds = await measure(tasks, { time });
process.stdout.write(`${JSON.stringify({ ...result, ...seconds })}\n`, () => process.exit()); // some peers leave workers behind
