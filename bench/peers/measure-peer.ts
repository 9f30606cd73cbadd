// Measures one JavaScript peer and prints the result as JSON, in a process of its own, which main.ts starts: NAME
// MILLISECONDS.

import { measure, median } from "../measure.ts";
import { peakOf, probesOf } from "../peak.ts";
import { jaxJs } from "./jax-js.ts";
import { onnxruntimeWeb } from "./onnxruntime-web.ts";
import type { Peer } from "./peer.ts";
import { proximal } from "./proximal.ts";
import type { Measured } from "./results.ts";
import { tfjs } from "./tfjs.ts";

const peers: Readonly<Record<string, () => Promise<Peer>>> = {
  "proximal-strict": () => proximal("strict"),
  "proximal-fma": () => proximal("fma"),
  tfjs,
  "jax-js": jaxJs,
  "onnxruntime-web": onnxruntimeWeb,
};

/** m, k, n. */
const PRODUCTS = [
  [128, 64, 64],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
] as const;

const [name = "", milliseconds = ""] = process.argv.slice(2);
const peer = await peers[name]?.();
if (peer === undefined) throw new Error(`no peer "${name}"; there are: ${Object.keys(peers).join(", ")}`);
const time = Number(milliseconds);
const probes = name === "proximal-strict" ? await probesOf("strict") : [];
const products: Record<string, number> = {};
const peaks: number[] = [];
for (const [m, k, n] of PRODUCTS) {
  const seconds = await measure([...probes, { name: "product", run: peer.product(m, k, n) }], { time });
  products[`${m} x ${k} x ${n}`] = (2 * m * k * n) / seconds.product / 1e9;
  if (probes.length > 0) peaks.push(peakOf(probes, seconds) / 1e9);
}
const { trainStep, act } = peer;
const tasks = Object.entries({ trainStep, act }).flatMap(([task, run]) =>
  run === undefined ? [] : [{ name: task, run }],
);
const seconds = await measure(tasks, { time });
const result: Measured = {
  name: peer.name,
  version: peer.version,
  products,
  ...(peaks.length > 0 && { peak: median(peaks) }),
  ...seconds,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit()); // some peers leave workers behind
