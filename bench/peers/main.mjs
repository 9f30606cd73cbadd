// @ts-check
// proximal beside its peers, in one run and on one thread: matrix products, a train step, acting, and PPO on CartPole-v1. Runs what the
// machine has and names what it left out.
//   cd bench/peers && npm ci && pip install -r python/requirements.txt      (each optional)
//   npm run bench:peers -- [--quick] [--record]        PYTHON names the interpreter, by default python3

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { makeVec, PPO } from "../../dist/index.js";
import { machine, variants } from "../machine.mjs";
import { median, timedIterations } from "../measure.mjs";
import { asText } from "../table.mjs";
import { peerTables } from "./tables.mjs";

/**
 * @typedef {{ name: string, version: string, products: Record<string, number>, peak?: number, trainStep?: number, act?: number }} Measured products in GFLOP/s, the rest in s; proximal also has the peak
 * @typedef {{ name: string, version: string, stepsPerSecond: number }} Trained
 */

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, record: { type: "boolean", default: false } },
});
const time = options.quick ? 60 : 300;
/** The peers take turns, because a process may be unlucky with how its engine compiles it. */
const ROUNDS = options.quick ? 1 : 3;
/** What was not measured, and why. @type {string[]} */
const left = [];

/** @param {"strict" | "fma"} variant @returns {Promise<Trained>} */
async function trainProximal(variant) {
  const numEnvs = 4;
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), { kernels: variant });
  const durations = [];
  for await (const { seconds } of timedIterations(agent, options.quick ? 50_000 : 500_000)) durations.push(seconds);
  const stepsPerSecond = (numEnvs * agent.config.numSteps) / median(durations.slice(10));
  return { name: `proximal, ${variant}`, version: machine().proximal, stepsPerSecond };
}

/** A peer, or undefined and a line about why not. @template T @param {string} name @param {() => Promise<T>} make */
async function orLeaveOut(name, make) {
  try {
    return await make();
  } catch (error) {
    const why = /** @type {Error} */ (error).message.split("\n")[0];
    left.push(`${name}: ${why}`);
    return undefined;
  }
}

/** A JavaScript peer in a process of its own: some of them do not get on with each other. @param {string} peer @returns {Promise<Measured>} */
async function measureApart(peer) {
  const script = fileURLToPath(new URL("measure-peer.mjs", import.meta.url));
  return lastLine(process.execPath, [script, peer, String(time)], process.env);
}

/** The median of every figure. @param {readonly [Measured, ...Measured[]]} results of one peer @returns {Measured} */
function medians(results) {
  const [{ name, version, products }] = results;
  const figure = (/** @type {"peak" | "trainStep" | "act"} */ key) =>
    results[0][key] === undefined ? {} : { [key]: median(results.map((result) => result[key] ?? Number.NaN)) };
  const shapes = Object.keys(products).map((shape) => [
    shape,
    median(results.map((result) => result.products[shape] ?? Number.NaN)),
  ]);
  return {
    name,
    version,
    products: Object.fromEntries(shapes),
    ...figure("peak"),
    ...figure("trainStep"),
    ...figure("act"),
  };
}

/** What a Python script prints. @param {string} script @returns {Promise<any>} */
async function python(script) {
  const path = fileURLToPath(new URL(`python/${script}.py`, import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", PYTHONWARNINGS: "ignore" };
  return lastLine(process.env.PYTHON ?? "python3", [path], env);
}

/**
 * The JSON in the last line that a program prints.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<any>}
 */
async function lastLine(command, args, env) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { env });
    return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  } catch (error) {
    const { stderr = "", message } = /** @type {{ stderr?: string, message: string }} */ (error);
    const lines = stderr.split("\n").filter((line) => /error/i.test(line));
    throw new Error(lines.at(-1)?.trim() ?? message);
  }
}

const peers = [...variants.map((variant) => `proximal-${variant}`), "tfjs", "jax-js", "onnxruntime-web"];
/** @type {Map<string, Measured[]>} */
const rounds = new Map(peers.map((peer) => [peer, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [peer, results] of rounds) {
    const result = await orLeaveOut(peer, () => measureApart(peer));
    if (result === undefined) rounds.delete(peer);
    else results.push(result);
  }
}
const measured = [...rounds.values()].map((results) => medians(/** @type {[Measured]} */ (results)));

/** @type {Trained[]} */
const trained = [];
for (const variant of variants) trained.push(await trainProximal(variant));
const torch = await orLeaveOut("PyTorch", () => python("pytorch_ppo"));
if (torch !== undefined) {
  const version = torch.version.split("+")[0];
  measured.push({ name: "PyTorch (native)", version, products: torch.products });
  trained.push({ name: "PyTorch loop", version, stepsPerSecond: torch.stepsPerSecond });
}
const baselines = await orLeaveOut("Stable-Baselines3", () => python("stable_baselines3_ppo"));
if (baselines !== undefined) trained.push({ name: "Stable-Baselines3", ...baselines });
const jax = await orLeaveOut("JAX", () => python("jax_ppo"));
if (jax !== undefined) {
  const { version, stepsPerSecond, withCompilation } = jax;
  trained.push({ name: "JAX, 500,000 steps with compilation", version, stepsPerSecond: withCompilation });
  trained.push({ name: "JAX, once compiled", version, stepsPerSecond });
}

const results = { machine: machine(), peak: measured[0]?.peak ?? Number.NaN, measured, trained, left };
const { processor, node } = results.machine;
process.stdout.write(`${processor}, Node ${node}, one thread\n\n${peerTables(results).map(asText).join("\n")}\n`);
for (const line of left) process.stdout.write(`left out: ${line}\n`);
const name = options.record ? `peers-node-${node.split(".")[0]}` : "latest-peers";
mkdirSync(new URL("../results/", import.meta.url), { recursive: true });
writeFileSync(new URL(`../results/${name}.json`, import.meta.url), `${JSON.stringify(results, null, 1)}\n`);
process.stdout.write(`wrote bench/results/${name}.json\n`);
