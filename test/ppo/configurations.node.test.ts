// What holds in every configuration: another process goes on from a checkpoint to the same bytes, a policy's file is
// the policy, the first ratio is exactly 1, and memory does not grow.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine, hasRelaxedSimd, type Iteration, Policy, PPO, UnsupportedError } from "../../src/index.ts";
import { stringify } from "../../src/io/json.ts";
import { Policy as Acting } from "../../src/policy/index.ts";
import { hyperparameters } from "../../src/ppo/hyperparameters.ts";
import { runTypeScript } from "../child.ts";
import { type Configuration, configurations, environmentsOf, stepsOf } from "./configurations.ts";
import { ITERATIONS } from "./resume.ts";

const table = Object.entries(configurations);
/** After how many iterations another process goes on: before the first, and before the last, too. */
const STOPS = [0, 1, 3, 5];

const folder = mkdtempSync(join(tmpdir(), "proximal-configurations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function agentOf(configuration: Configuration, options: Configuration["options"] = {}): Promise<PPO> {
  return PPO.create(await environmentsOf(configuration), { ...configuration.options, ...options });
}

it("the configurations have every option, and every choice of each", () => {
  for (const [name, { default: fallback, range }] of Object.entries(hyperparameters)) {
    if (name === "kernels") continue;
    const used = table.map(([, { options }]) => ({ [name]: fallback, ...options })[name]);
    if (range.kind === "choice") expect(new Set(used), name).toEqual(new Set(range.choices));
    else
      expect(
        used.some((value) => stringify(value) !== stringify(fallback)),
        name,
      ).toBe(true);
  }
});

describe("in another process", () => {
  const whole = new Map<string, { readonly metrics: Iteration[]; readonly end: Uint8Array }>();

  beforeAll(async () => {
    for (const [name, configuration] of table) {
      const agent = await agentOf(configuration);
      const metrics: Iteration[] = [];
      // What is done between iterations makes no difference: who goes on does none of it.
      const between = async () => {
        const observation = agent.policy.actorCritic.observationSpace.empty() as Float32Array;
        if (STOPS.includes(metrics.length))
          await agent.saveCheckpoint(join(folder, `${name}.${metrics.length}.checkpoint`));
        agent.act(observation);
        agent.act(observation, { deterministic: false });
        agent.policy.evaluate(observation);
        agent.policy.toBytes();
      };
      await between();
      const totalSteps = stepsOf(configuration, ITERATIONS);
      for await (const iteration of agent.train({ totalSteps, minibatches: true })) {
        metrics.push(iteration);
        await between();
      }
      whole.set(name, { metrics, end: agent.checkpoint() });
    }
    await runTypeScript(fileURLToPath(new URL("resume.ts", import.meta.url)), "resumeAll", folder);
  });

  it.each(table)("%s goes on to the same bytes", (name) => {
    const { metrics, end } = whole.get(name) as { metrics: Iteration[]; end: Uint8Array };
    expect(metrics).toHaveLength(ITERATIONS);
    for (const stop of STOPS) {
      const at = join(folder, `${name}.${stop}.checkpoint`);
      expect(readFileSync(`${at}.metrics`, "utf8"), `metrics after ${stop}`).toBe(stringify(metrics.slice(stop)));
      expect(Buffer.compare(readFileSync(`${at}.end`), end), `bytes after ${stop}`).toBe(0);
    }
  });
});

describe("the first ratio", () => {
  it.each(table)("is exactly 1: %s", async (_, configuration) => {
    for (const kernels of hasRelaxedSimd() ? (["strict", "fma"] as const) : (["strict"] as const)) {
      const agent = await agentOf(configuration, { kernels });
      for await (const { minibatches = [] } of agent.train({
        totalSteps: stepsOf(configuration, 4),
        minibatches: true,
      }))
        expect(minibatches[0], kernels).toMatchObject({ approxKl: 0, clipFraction: 0 });
    }
  });
});

describe("the policy's file", () => {
  it.each(table)("is the policy: %s", async (_, configuration) => {
    const agent = await agentOf(configuration);
    for await (const _ of agent.train({ totalSteps: stepsOf(configuration, 2) }));
    const bytes = agent.policy.toBytes();
    const loaded = await Policy.load(bytes);
    expect(Buffer.compare(loaded.toBytes(), bytes)).toBe(0);
    const acting = await actingOf(bytes, configuration);
    const env = await environmentsOf(configuration);
    env.reset();
    const row = env.observations.length / configuration.numEnvs;
    const observation = () => env.observations.slice(0, row);
    for (const policy of [agent, loaded, acting]) policy.beginEpisode();
    for (let step = 0; step < 12; step++) {
      expect(loaded.evaluate(observation())).toEqual(agent.policy.evaluate(observation()));
      const mask = env.actionMasks?.slice(0, env.actionMasks.length / configuration.numEnvs);
      const options = { deterministic: step % 2 === 0, ...(mask && { mask }) };
      const action = agent.act(observation(), options);
      for (const policy of [loaded, acting]) expect(policy.act(observation(), options)).toEqual(action);
      const actions = [...Array(configuration.numEnvs)].flatMap(() =>
        typeof action === "number" ? [action] : [...action],
      );
      env.step(action instanceof Float32Array ? Float32Array.from(actions) : Int32Array.from(actions));
      expect(loaded.actBatch(env.observations)).toEqual(agent.policy.actBatch(env.observations));
    }
  });

  /** By the kernels of acting alone, where these are enough. */
  async function actingOf(bytes: Uint8Array, { options }: Configuration): Promise<Acting> {
    const { network = "mlp", memory = "none", layerNorm = false } = options;
    if (network === "mlp" && memory === "none" && !layerNorm) return Acting.load(bytes);
    const refused = Acting.load(bytes);
    await expect(refused).rejects.toBeInstanceOf(UnsupportedError);
    await expect(refused).rejects.toThrow(
      /^kernel \w+: this engine has only the kernels of acting; one of Engine\.create\(\) has all, given as \{ engine \}$/,
    );
    return Acting.load(bytes, { engine: await Engine.create() });
  }
});

describe("memory", () => {
  const heapUsed = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };

  it.each(table)("does not grow, iteration by iteration: %s", async (_, configuration) => {
    const agent = await agentOf(configuration);
    const buffer = () => agent.policy.tensors[0]?.data.buffer;
    const [WINDOW, windows] = [20, 75];
    let [heap, memory, isEven] = [Number.NaN, buffer(), false];
    for await (const { iteration } of agent.train({ totalSteps: stepsOf(configuration, windows * WINDOW) })) {
      if (iteration % WINDOW !== 0) continue;
      if (iteration === WINDOW) memory = buffer();
      const before = heap;
      heap = heapUsed();
      // What compiling hot code leaves and takes comes in some of the windows. An object more in each iteration, of 16
      // bytes at least, would come in all of them.
      isEven = Math.abs(heap - before) < 8 * WINDOW;
      if (isEven) break;
    }
    expect(globalThis.gc).toBeDefined();
    expect(isEven).toBe(true);
    expect(buffer()).toBe(memory);
  });
});
