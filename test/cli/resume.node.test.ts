// Runs that go on: what may change and what may not, what is written down, and which checkpoint a run has
// that is killed.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeVec, PPO } from "../../src/index.ts";
import { emptyFolder, finished, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

const inFolder = (...path: string[]) => join(folder.path, ...path);
const train = (...args: string[]) => folder.run("train", "CartPole-v1", "--seed", "4", "--json", ...args);
const resultOf = (stdout: string) => jsonLines(stdout).at(-1) as Record<string, number | string | null>;
const configOf = (run: string) => JSON.parse(readFileSync(inFolder(run, "config.json"), "utf8"));

let first: string;
beforeAll(async () => {
  first = (await train("--steps", "3000", "--num-envs", "5", "--num-minibatches", "4", "--out", "run")).stdout;
});

describe("a run", () => {
  it("has as many environments as it was asked for", () => {
    expect(jsonLines(first).map(({ steps }) => steps)).toEqual([640, 1280, 1920, 2560, 3200, 3200]);
    expect(configOf("run")).toMatchObject({ numEnvs: 5, totalSteps: 3000, seed: 4 });
  });

  it("seeds its environments, too", async () => {
    const child = folder.start(["train", "CartPole-v1", "--steps", "1e9", "--seed", "11", "--json", "--out", "seeded"]);
    child.stdout?.resume();
    while (!existsSync(inFolder("seeded", "config.json"))) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await finished(child);
    const [env, seeded] = [await makeVec("CartPole-v1", { numEnvs: 8 }), await makeVec("CartPole-v1", { numEnvs: 8 })];
    // The checkpoint that is there before the first iteration.
    expect((await PPO.resume(env, inFolder("seeded", "checkpoint.safetensors"))).iteration).toBe(0);
    seeded.reset({ seed: 11 });
    expect(env.observations).toEqual(seeded.observations);
  });

  it("saves a checkpoint after as many iterations as it was asked for", async () => {
    const out = "interval";
    const args = ["CartPole-v1", "--seed", "4", "--steps", "1e7", "--json", "--checkpoint-interval", "3", "--out", out];
    const child = folder.start(["train", ...args]);
    let lines = 0;
    child.stdout?.on("data", (text) => {
      lines += String(text).split("\n").length - 1;
      if (lines > 7) child.kill("SIGKILL");
    });
    await finished(child);
    const env = await makeVec("CartPole-v1", { numEnvs: 8 });
    const { iteration } = await PPO.resume(env, inFolder(out, "checkpoint.safetensors"));
    expect(iteration).toBeGreaterThanOrEqual(6);
    expect(iteration % 3).toBe(0);
  });

  it("saves one every few seconds where it was not asked", async () => {
    const child = folder.start(["train", "CartPole-v1", "--steps", "1e9", "--json", "--out", "timed"]);
    child.stdout?.resume();
    const file = inFolder("timed", "checkpoint.safetensors");
    while (!existsSync(inFolder("timed", "config.json"))) await new Promise((resolve) => setTimeout(resolve, 20));
    const begun = statSync(file).mtimeMs;
    const deadline = performance.now() + 40_000;
    while (statSync(file).mtimeMs === begun && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await finished(child);
    const env = await makeVec("CartPole-v1", { numEnvs: 8 });
    expect((await PPO.resume(env, file)).iteration).toBeGreaterThan(0);
    expect(statSync(file).mtimeMs - begun).toBeGreaterThan(4000);
  });
});

describe("a run that has ended", () => {
  it("says its result again, and that nothing more was done", async () => {
    const { code, stdout } = await folder.run("train", "--resume", "run", "--json");
    expect(code).toBe(0);
    const { seconds, ...result } = resultOf(stdout);
    const { seconds: before, ...expected } = resultOf(first);
    expect(result).toEqual({ ...expected, stepsPerSecond: 0 });
    expect(result.meanReturn).toBeGreaterThan(0);
  });

  it("goes on to more steps, at the pace of those, and writes them down", async () => {
    const { code, stdout } = await folder.run("train", "--resume", "run", "--steps", "5000", "--json");
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines.map(({ steps }) => steps)).toEqual([3840, 4480, 5120, 5120]);
    const { seconds, stepsPerSecond } = resultOf(stdout);
    expect(Number(seconds) * Number(stepsPerSecond)).toBeCloseTo(5120 - 3200, 3);
    expect(configOf("run")).toMatchObject({ numEnvs: 5, totalSteps: 5000 });
    // The curve is that of all of the run.
    const { length } = readFileSync(inFolder("run", "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(length).toBe(8);
    const [, line] = /class="line c0" d="([^"]*)"/.exec(readFileSync(inFolder("run", "curve.svg"), "utf8")) ?? [];
    expect(line?.match(/[ML]/g)?.length).toBe(8);
  });

  it("shows the pace of what it does now, not of what was there before", async () => {
    const { stdout } = await folder.run("train", "--resume", "run", "--steps", "5760");
    const paceIn = (line: string | undefined) => Number(/([\d,]+) steps\/s/.exec(line ?? "")?.[1]?.replaceAll(",", ""));
    const lines = stdout.split("\n").filter((line) => line.includes("steps/s"));
    const [shown, summed] = [paceIn(lines.at(-2)), paceIn(lines.at(-1))];
    // One iteration more, and nine in all; the files of the end are written between the two.
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(4 * summed);
  });

  it("removes what writes left that were cut off, and nothing of a process that is there", async () => {
    const cutOff = (pid: number) => inFolder("run", `policy.safetensors.${pid}-1.tmp`);
    const gone = folder.start(["--version"]);
    await finished(gone);
    const files = [cutOff(gone.pid as number), cutOff(process.pid)];
    for (const file of files) writeFileSync(file, "half");
    expect((await folder.run("train", "--resume", "run", "--json")).code).toBe(0);
    expect(files.map((file) => existsSync(file))).toEqual([false, true]);
    rmSync(cutOff(process.pid));
  });

  it("goes on though it is solved, unless it is to stop then", async () => {
    const { stdout } = await train("--stop-when-solved", "--out", "solved");
    const { steps, solvedAtStep } = resultOf(stdout) as { steps: number; solvedAtStep: number };
    expect(steps - solvedAtStep).toBeLessThan(1024);
    const more = ["--resume", "solved", "--steps", String(steps + 1024), "--json"];
    const resume = async (...args: string[]) => resultOf((await folder.run("train", ...more, ...args)).stdout).steps;
    expect(await resume("--stop-when-solved")).toBe(steps);
    expect(await resume()).toBe(steps + 1024);
  });

  it.each([
    [["--out", "elsewhere"], "out"],
    [["--num-envs", "8"], "num-envs"],
    [["--gamma", "0.9", "--num-envs", "8"], "gamma, num-envs"],
  ])("takes no %j", async (args, names) => {
    const { code, stderr } = await folder.run("train", "--resume", "run", ...args);
    expect(code).toBe(2);
    expect(stderr.startsWith(`proximal: --resume: ${names} cannot change`), stderr).toBe(true);
    expect(existsSync(inFolder("elsewhere"))).toBe(false);
  });
});

it("a bug of ours keeps its stack, and is no error of the input", async () => {
  const program = fileURLToPath(new URL("../../bin/proximal.js", import.meta.url));
  const bug = "data:text/javascript,JSON.stringify=()=>{throw new TypeError('a bug of ours')}";
  const child = spawn(process.execPath, ["--import", bug, program, "envs", "--json"], { cwd: folder.path });
  const { code, stderr } = await finished(child);
  expect(code).toBe(1);
  expect(stderr).toMatch(/TypeError: a bug of ours\n +at /);
  expect(stderr).not.toContain("proximal: ");
});
