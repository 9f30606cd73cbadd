// proximal beside its peers, in one run and on one thread: matrix products, a train step, acting, and PPO on
// CartPole-v1. Runs what the machine has and names what it left out.
//   npm ci --prefix bench/peers/javascript && pip install -r bench/peers/python/requirements.txt      (each optional)
//   npm run bench:peers -- [--quick] [--record]        PYTHON names the interpreter, by default python3

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { makeVec, PPO } from "proximal";
import type { KernelVariant } from "proximal/engine";
import { machine, majorOf, variants } from "../machine.ts";
import { median, timedIterations } from "../measure.ts";
import { at } from "../repository.ts";
import { asText } from "../table.ts";
import type { Measured, PeerResults, Trained } from "./results.ts";
import { compileRLtools, trainPendulum } from "./rltools.ts";
import { peerTables } from "./tables.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, record: { type: "boolean", default: false } },
});
const time = options.quick ? 60 : 300;
/** The peers take turns, because a process may be unlucky with how its engine compiles it. */
const ROUNDS = options.quick ? 1 : 3;
/** What was not measured, and why. */
const left: string[] = [];

async function trainProximal(variant: KernelVariant): Promise<Trained> {
  const numEnvs = 4;
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1 }), { kernels: variant });
  const durations: number[] = [];
  for await (const { seconds } of timedIterations(agent, options.quick ? 50_000 : 500_000)) durations.push(seconds);
  const stepsPerSecond = (numEnvs * agent.config.numSteps) / median(durations.slice(10));
  return { name: `proximal, ${variant}`, version: machine().proximal, stepsPerSecond };
}

/** A peer, or undefined and a line about why not. */
async function orLeaveOut<T>(name: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    left.push(`${name}: ${(error as Error).message.split("\n")[0]}`);
    return undefined;
  }
}

/** A JavaScript peer in a process of its own: some of them do not get on with each other. */
function measureApart(peer: string): Promise<Measured> {
  const script = fileURLToPath(new URL("measure-peer.js", import.meta.url));
  return lastLine<Measured>(process.execPath, [script, peer, String(time)], process.env);
}

/** The median of every figure of one peer. */
function medians(results: readonly Measured[]): Measured[] {
  const [first] = results;
  if (first === undefined) return [];
  const figure = (key: "peak" | "trainStep" | "act"): Partial<Measured> =>
    first[key] === undefined ? {} : { [key]: median(results.map((result) => result[key] ?? Number.NaN)) };
  const products = Object.keys(first.products).map((shape) => [
    shape,
    median(results.map((result) => result.products[shape] ?? Number.NaN)),
  ]);
  return [
    {
      name: first.name,
      version: first.version,
      products: Object.fromEntries(products),
      ...figure("peak"),
      ...figure("trainStep"),
      ...figure("act"),
    },
  ];
}

/** What a Python script prints. */
function python<R>(script: string): Promise<R> {
  const path = fileURLToPath(at(`bench/peers/python/${script}.py`));
  const env = { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", PYTHONWARNINGS: "ignore" };
  return lastLine<R>(process.env.PYTHON ?? "python3", [path], env);
}

/** The JSON in the last line that a program prints. */
async function lastLine<R>(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<R> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { env });
    return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  } catch (error) {
    const { stderr = "", message } = error as { readonly stderr?: string; readonly message: string };
    const lines = stderr.split("\n").filter((line) => /error/i.test(line));
    throw new Error(lines.at(-1)?.trim() ?? message);
  }
}

const peers = [...variants.map((variant) => `proximal-${variant}`), "tfjs", "jax-js", "onnxruntime-web"];
const rounds = new Map(peers.map((peer): [string, Measured[]] => [peer, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [peer, results] of rounds) {
    const result = await orLeaveOut(peer, () => measureApart(peer));
    if (result === undefined) rounds.delete(peer);
    else results.push(result);
  }
}
const measured = [...rounds.values()].flatMap(medians);

const trained: Trained[] = [];
for (const variant of variants) trained.push(await trainProximal(variant));
const torch = await orLeaveOut("PyTorch", () => python<Omit<Measured & Trained, "name">>("pytorch_ppo"));
if (torch !== undefined) {
  const version = torch.version.replace(/\+.*/, "");
  measured.push({ name: "PyTorch (native)", version, products: torch.products });
  trained.push({ name: "PyTorch loop", version, stepsPerSecond: torch.stepsPerSecond });
}
const baselines = await orLeaveOut("Stable-Baselines3", () => python<Omit<Trained, "name">>("stable_baselines3_ppo"));
if (baselines !== undefined) trained.push({ name: "Stable-Baselines3", ...baselines });
const jax = await orLeaveOut("JAX", () => python<Omit<Trained, "name"> & { withCompilation: number }>("jax_ppo"));
if (jax !== undefined) {
  const { version, stepsPerSecond, withCompilation } = jax;
  trained.push({ name: "JAX, 500,000 steps with compilation", version, stepsPerSecond: withCompilation });
  trained.push({ name: "JAX, once compiled", version, stepsPerSecond });
}

// In turn, so that all of them have the same machine.
const rltools = await orLeaveOut("RLtools", compileRLtools);
const pendulum = new Map<string, number[]>([
  ["RLtools", []],
  ...variants.map((variant): [string, number[]] => [variant, []]),
]);
for (let round = 0; rltools !== undefined && round < ROUNDS; round++) {
  pendulum.get("RLtools")?.push(await rltools.train());
  for (const variant of variants) pendulum.get(variant)?.push(await trainPendulum(variant));
}

const on = machine();
const results: PeerResults = {
  ...{ machine: on, peak: measured[0]?.peak ?? Number.NaN, measured, trained, left },
  pendulum: [...pendulum].flatMap(([name, rates]) => {
    if (rltools === undefined) return [];
    const isPeer = name === "RLtools";
    const version = isPeer ? rltools.version : on.proximal;
    return [{ name: isPeer ? name : `proximal, ${name}`, version, stepsPerSecond: median(rates) }];
  }),
};
process.stdout.write(`${on.processor}, Node ${on.node}, one thread\n\n${peerTables(results).map(asText).join("\n")}\n`);
for (const line of left) process.stdout.write(`left out: ${line}\n`);
const path = `bench/results/${options.record ? `peers-node-${majorOf(on.node)}` : "latest-peers"}.json`;
mkdirSync(at("bench/results/"), { recursive: true });
writeFileSync(at(path), `${JSON.stringify(results, null, 1)}\n`);
process.stdout.write(`wrote ${path}\n`);
