// Sweeps: what a plan may be, what is trained of it, and what is kept.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeVec, PPO, presetFor } from "proximal";
import { afterAll, describe, expect, it } from "vitest";
import { checksumOf } from "../../src/cli/checksum.ts";
import { type Log, type Trial, withTrial } from "../../tools/results/sweep/log.ts";
import { type Plan, readPlan } from "../../tools/results/sweep/plan.ts";
import { tableOf } from "../../tools/results/sweep/table.ts";
import { emptyFolder, finished, jsonLines } from "../cli/run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = emptyFolder();
afterAll(() => folder.remove());

const plan = {
  ...{ env: "CartPole-v1", totalSteps: 8192, at: [1024, 2048], seeds: "101-102" },
  settings: [{}, { numEnvs: 4, learningRate: 1e-3 }],
};

const read = (given: object) => readPlan(JSON.stringify(given));

describe("a plan", () => {
  it("has its settings, and those that are drawn, by the same seed the same", async () => {
    const among = { learningRate: [1e-3, 1e-4, 1e-5], hiddenSizes: [[8], [8, 8]] };
    const drawn = async (seed: number) => (await read({ ...plan, draw: { count: 4, seed, among } })).settings;
    const settings = await drawn(1);
    expect(settings.slice(0, 2)).toEqual(plan.settings);
    expect(settings).toHaveLength(6);
    expect(new Set(settings.map((each) => JSON.stringify(each))).size).toBe(6);
    for (const { learningRate, hiddenSizes } of settings.slice(2)) {
      expect(among.learningRate).toContain(learningRate);
      expect(among.hiddenSizes).toContainEqual(hiddenSizes);
    }
    expect(await drawn(1)).toEqual(settings);
    expect(await drawn(2)).not.toEqual(settings);
  });

  const refused: readonly [string, object, string][] = [
    ["no environment", { env: "CartPol-v1" }, 'unknown environment "CartPol-v1"; did you mean CartPole-v1?'],
    ["seeds that are reported", { seeds: "1-4" }, "seeds: 1 is of those that are reported; sweeps have 101 and above"],
    ["no seeds", { seeds: "x" }, 'seeds: --seeds: "x" is no seed and no range'],
    ["no steps", { at: [] }, "at: there are none; it has the steps at which returns are noted"],
    ["steps out of order", { at: [2048, 1024] }, "at: 1024 is out of order or beyond totalSteps"],
    ["steps beyond the end", { at: [1024, 9000] }, "at: 9000 is out of order or beyond totalSteps"],
    ["a name that there is not", { stepz: 1 }, "there is no field stepz"],
    ["no settings", { settings: [] }, "settings: there are none, and none are drawn"],
    ["settings that are no list", { settings: {} }, "settings: {} is no list"],
    ["something in common that is none", { common: { gama: 1 } }, "common: hyper-parameters: there is no option gama"],
    ["a setting that is none", { settings: [1] }, "settings[0]: 1 is no setting"],
    ["a misspelt hyper-parameter", { settings: [{ learningrate: 1 }] }, "settings[0]: hyper-parameters: there is no"],
    ["a wrong value", { settings: [{}, { gamma: 2 }] }, "settings[1]: gamma: 2 is not"],
    ["a seed", { settings: [{ seed: 3 }] }, "settings[0]: seed: a plan has seeds of its own"],
    ["no environments", { settings: [{ numEnvs: 0 }] }, "settings[0]: numEnvs: 0 is not"],
    [
      "a setting twice",
      {
        settings: [
          { gamma: 1, numEnvs: 2 },
          { numEnvs: 2, gamma: 1 },
        ],
      },
      "settings[1]: it is there",
    ],
    ["nothing to draw", { draw: { count: 1, seed: 1, among: {} } }, "draw: among names nothing"],
    ["no values", { draw: { count: 1, seed: 1, among: { gamma: [] } } }, "draw: among gamma: [] is no list of values"],
    ["a wrong one", { draw: { count: 1, seed: 1, among: { gamma: [2] } } }, "draw: among gamma: gamma: 2 is not"],
    ["too many", { draw: { count: 3, seed: 1, among: { gamma: [0.9, 1] } } }, "there are no 3 settings to draw, but 2"],
  ];
  it.each(refused)("is refused with %s", async (_, change, message) => {
    await expect(read({ ...plan, ...change })).rejects.toThrow(message);
  });

  it("is refused where it is not JSON", async () => {
    await expect(readPlan("{")).rejects.toThrow("not JSON");
  });
});

describe("a log", () => {
  const head = {
    format: "sweep",
    version: 1,
    env: "CartPole-v1",
    totalSteps: 8192,
    at: [1024, 2048],
    common: {},
    base: { numEnvs: 1 },
  } as const;
  const trial = (gamma: number, seed: number, last: number): Trial => ({
    ...{ setting: { gamma }, seed, returns: [null, last], checksum: "" },
  });
  const own: Plan = { ...head, seeds: [101, 102], settings: [{ gamma: 0.9 }, { gamma: 0.5 }] };

  it("is in the order of the plan, however the trials came, and what the plan has no longer comes last", () => {
    const trials = [trial(0.5, 102, 4), trial(0.1, 101, 5), trial(0.9, 102, 2), trial(0.5, 101, 3), trial(0.9, 101, 1)];
    let log: Log = { head, trials: [] };
    for (const each of trials) log = withTrial(log, each, own);
    expect(log.trials.map(({ returns }) => returns?.[1])).toEqual([1, 2, 3, 4, 5]);
  });

  it("is a table, the best first, and where some seeds failed after where none did", () => {
    const failed: Trial = { setting: { gamma: 0.2 }, seed: 102, error: "loss is NaN" };
    const trials = [trial(0.1, 101, 5), trial(0.1, 102, 7), trial(0.9, 101, 1500), trial(0.2, 101, 9999), failed];
    expect(tableOf({ head, trials })).toBe(
      [
        "| setting | 1,024 | 2,048 | by seed, after 2,048 |",
        "| --- | ---: | ---: | ---: |",
        "| gamma 0.9 |  | 1,500 | 101: 1,500 |",
        "| gamma 0.1 |  | 6.00 | 101: 5.00, 102: 7.00 |",
        "| gamma 0.2 |  | 9,999 | 101: 9,999, 102: failed |",
      ].join("\n"),
    );
  });
});

describe("a sweep", () => {
  const path = join(folder.path, "plan.json");
  const log = `${path}l`;
  const start = (...args: string[]) =>
    spawn(process.execPath, ["tools/run.mjs", "tools/results/sweep/main.ts", ...args], { cwd: root });
  const sweep = (...args: string[]) => finished(start(...args));
  const write = (given: object) => writeFileSync(path, JSON.stringify(given));

  it("trains what the plan has, as the seed alone is trained, and keeps it", async () => {
    write(plan);
    const { code, stdout } = await sweep(path, "--workers", "2");
    expect(code).toBe(0);
    expect(stdout).toContain("4/4 ");
    expect(stdout).toMatch(/^numEnvs 4, learningRate 0.001, seed 102: [\d.]+ after 1,024\n/m);
    expect(stdout).toMatch(/\| numEnvs 4, learningRate 0.001 \| [\d.]+ \| [\d.]+ \| 101: [\d.]+, 102: [\d.]+ \|\n/);
    const [head, ...trials] = jsonLines(readFileSync(log, "utf8"));
    const { numEnvs, hyperparameters } = presetFor("CartPole-v1");
    expect(head).toMatchObject({ env: "CartPole-v1", at: [1024, 2048], base: { numEnvs, ...hyperparameters } });
    expect(trials.map(({ seed }) => seed)).toEqual([101, 102, 101, 102]);

    const env = await makeVec("CartPole-v1", { numEnvs: 4, seed: 102 });
    const agent = await PPO.create(env, { ...hyperparameters, learningRate: 1e-3, seed: 102 });
    let last = 0;
    for await (const { steps, meanReturn } of agent.train({ totalSteps: 8192 })) {
      last = meanReturn;
      if (steps >= 2048) break;
    }
    const { returns, checksum } = trials[3] as unknown as Required<Trial>;
    expect(returns[1]).toBeCloseTo(last, 2);
    expect(checksum).toBe(checksumOf(agent.policy));
  });

  it("goes on with what is missing alone, and tells what there is", async () => {
    const before = readFileSync(log, "utf8");
    const { stdout } = await sweep(path);
    expect(stdout.startsWith("| setting |")).toBe(true);
    write({
      ...plan,
      seeds: "101-103",
      settings: [{ learningRate: 1e30, annealLearningRate: false }, ...plan.settings],
    });
    const more = await sweep(path);
    expect(more.code).toBe(0);
    expect(more.stdout).toContain("5/5 ");
    const lines = readFileSync(log, "utf8").split("\n");
    for (const line of before.split("\n")) expect(lines).toContain(line);
    expect(JSON.parse(lines[1] as string)).toMatchObject({ seed: 101, error: expect.stringContaining("is") });
    const table = (await sweep(path, "--table")).stdout;
    expect(more.stdout.endsWith(table)).toBe(true);
    expect(table.trimEnd().split("\n").at(-1)).toContain("101: failed, 102: failed, 103: failed");
  });

  it("refuses the log of another plan, and what is none", async () => {
    write({ ...plan, totalSteps: 4096 });
    const { code, stderr } = await sweep(path);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `sweep: ${log}: totalSteps is 8192, that of the plan 4096; another plan is another file\n`,
    });
    write({ ...plan, common: { gamma: 0.5 } });
    expect((await sweep(path)).stderr).toContain('common is {}, that of the plan {"gamma":0.5}; another plan');
    expect((await sweep()).stderr).toContain("one plan is to be named");
    expect((await sweep("plan.yaml")).stderr).toContain('"plan.yaml": a plan is a file as sweep.json');
    expect((await sweep("none.json")).stderr).toContain("none.json: no such file");
    expect((await sweep(path, "--workers", "0")).stderr).toContain('--workers: "0" has to be');
    expect((await sweep(path, "--worker", "1")).stderr).toContain("Unknown option '--worker'");
    writeFileSync(log, "{}\n");
    expect((await sweep(path)).stderr).toContain(`${log}: line 1: not a sweep of version 1`);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "that %s ends has what had come to its end, and leaves no process",
    async (signal) => {
      const other = join(folder.path, `${signal}.json`);
      const settings = [{}, { numSteps: 64 }];
      writeFileSync(other, JSON.stringify({ ...plan, totalSteps: 1e9, at: [1e9], seeds: "101", settings }));
      const child = start(other, "--workers", "2");
      const ended = finished(child);
      await new Promise((resolve) => child.stdout.once("data", resolve));
      // Until they train: one that has not been told what to ends by itself.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      child.kill(signal);
      // It ends once nobody holds its output any more, trials included.
      const { code, stdout } = await ended;
      expect(code).toBe(signal === "SIGINT" ? 130 : null);
      expect(stdout).toBe("CartPole-v1: 2 trials of 1,000,000,000 steps, 2 at once\n");
      expect(existsSync(`${other}l`)).toBe(false);
    },
  );
});
