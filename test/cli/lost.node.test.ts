// Runs that something ends: a kill at any time, signals, a training that fails, a checkpoint that is gone. What was
// saved stays, and the run goes on to the bytes of the one that was never stopped.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeVec, Policy, PPO } from "../../src/index.ts";
import { emptyFolder, finished, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

const options = ["CartPole-v1", "--total-steps", "40960", "--seed", "2", "--json"];
const inFolder = (...path: string[]) => join(folder.path, ...path);
const checksumOf = (stdout: string) => jsonLines(stdout).at(-1)?.checksum;

let whole: string;
beforeAll(async () => {
  whole = (await folder.run("train", ...options, "--out", "whole")).stdout;
});

describe("a run that is killed", () => {
  it.each([0, 1, 7, 25])("after %i iterations goes on to the same bytes", async (iterations) => {
    const out = `killed${iterations}`;
    const child = folder.start(["train", ...options, "--out", out, "--checkpoint-interval", "5"]);
    let seen = 0;
    const kill = setInterval(() => {
      const isThere = iterations === 0 && existsSync(inFolder(out, "config.json"));
      if (isThere || (iterations > 0 && seen >= iterations)) child.kill("SIGKILL");
    }, 1);
    child.stdout?.on("data", (text) => {
      seen += String(text).split("\n").length - 1;
    });
    await finished(child);
    clearInterval(kill);
    expect(child.signalCode).toBe("SIGKILL");
    const { code, stdout } = await folder.run("train", "--resume", out, "--json");
    expect(code).toBe(0);
    expect(checksumOf(stdout)).toBe(checksumOf(whole));
    for (const file of ["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg"]) {
      const [a, b] = ["whole", out].map((run) => readFileSync(inFolder(run, file)));
      expect(a?.equals(b as Buffer), file).toBe(true);
    }
  });

  it("has a checkpoint before anything else, from which the library can go on", async () => {
    const child = folder.start(["train", ...options, "--out", "young"]);
    while (!existsSync(inFolder("young", "config.json"))) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await finished(child);
    const env = await makeVec("CartPole-v1", { numEnvs: 8 });
    const agent = await PPO.resume(env, inFolder("young", "checkpoint.safetensors"));
    expect(agent.iteration).toBe(0);
  });

  it("begins again from its configuration where its checkpoint is gone", async () => {
    await folder.run("train", ...options, "--total-steps", "4096", "--out", "gone");
    rmSync(inFolder("gone", "checkpoint.safetensors"));
    const { code, stdout, stderr } = await folder.run("train", "--resume", "gone", "--steps", "40960", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "gone/checkpoint.safetensors: no such file; the run begins again from its configuration\n" +
        "dropped the metrics of 4 iterations after the checkpoint\n",
    });
    expect(checksumOf(stdout)).toBe(checksumOf(whole));
  });
});

describe("a signal", () => {
  it.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s is answered, saves, and exits with %i", async (signal, exitCode) => {
    const child = folder.start(["train", ...options, "--total-steps", "10000000", "--out", signal]);
    // Twice at once, as where a process manager passes on what the terminal sent: that is one.
    child.stdout?.once("data", () => {
      child.kill(signal);
      setTimeout(() => child.kill(signal), 20);
    });
    const { code, stdout, stderr } = await finished(child);
    const last = jsonLines(stdout).at(-1) as { iteration: number; steps: number };
    expect({ code, stderr }).toEqual({
      code: exitCode,
      stderr:
        `${signal}: stopping after this iteration, then saving\n` +
        `interrupted after ${last.steps} steps; saved ${signal}/checkpoint.safetensors\n` +
        `go on with: ${folder.called} train --resume ${signal}\n`,
    });
    const env = await makeVec("CartPole-v1", { numEnvs: 8 });
    const agent = await PPO.resume(env, inFolder(signal, "checkpoint.safetensors"));
    expect(agent.iteration).toBe(last.iteration);
  });
});

describe("a training that fails", () => {
  it("says so in one line, keeps the checkpoint that was good, and leaves no policy that is none", async () => {
    const failing = ["--learning-rate", "1e30", "--out", "failed"];
    const { code, stderr } = await folder.run("train", "CartPole-v1", "--total-steps", "10240", ...failing);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^proximal: \w+ is (NaN|Infinity) in iteration \d+, epoch \d+, minibatch \d+, .*\n$/);
    const files = readdirSync(inFolder("failed"));
    expect(files).toContain("policy.failed.safetensors");
    expect(files).not.toContain("policy.safetensors");
    expect(files.some((file) => file.endsWith(".tmp"))).toBe(false);
    const env = await makeVec("CartPole-v1", { numEnvs: 8 });
    expect((await PPO.resume(env, inFolder("failed", "checkpoint.safetensors"))).iteration).toBe(0);
  });
});

describe("files", () => {
  it("are whole though several are written to one path at once", async () => {
    const agent = await PPO.create(await makeVec("CartPole-v1"), { hiddenSizes: [4] });
    const path = inFolder("policy.safetensors");
    await Promise.all([1, 2, 3, 4, 5].map(() => agent.savePolicy(path)));
    expect((await Policy.load(path)).tensors).toEqual(agent.policy.tensors);
    expect(readdirSync(folder.path).filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });
});
