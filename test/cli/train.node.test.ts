// `proximal train`: what it prints, what it leaves in its folder, and that an interrupted run goes on to the same
// bytes.

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Policy } from "../../src/index.ts";
import { decodeSafetensors } from "../../src/io/index.ts";
import { emptyFolder, type Finished, finished, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

const short = ["--total-steps", "5120", "--seed", "3"];

describe("train --json", () => {
  let result: Finished;
  beforeAll(async () => {
    result = await folder.run("train", "CartPole-v1", ...short, "--json", "--out", "json");
  });

  it("prints an object for each iteration, and the result last", () => {
    expect(result).toMatchObject({ code: 0, stderr: "" });
    const lines = jsonLines(result.stdout);
    expect(lines.map(({ type }) => type)).toEqual([...Array(5).fill("iteration"), "result"]);
    expect(lines.slice(0, 5).map(({ steps }) => steps)).toEqual([1024, 2048, 3072, 4096, 5120]);
    for (const name of ["approxKl", "clipFraction", "explainedVariance", "entropy", "policyLoss", "valueLoss"]) {
      for (const line of lines.slice(0, 5)) expect(Number.isFinite(line[name]), name).toBe(true);
    }
    expect(Object.keys(lines[5] ?? {})).toEqual([
      ...["type", "env", "seed", "steps", "meanReturn", "solvedAtStep", "checksum", "kernels"],
      ...["seconds", "stepsPerSecond"],
    ]);
    expect(lines[5]).toMatchObject({
      ...{ env: "CartPole-v1", seed: 3, steps: 5120, solvedAtStep: null, kernels: "strict" },
      meanReturn: lines[4]?.meanReturn,
    });
  });

  it("leaves the files of a run", async () => {
    const path = join(folder.path, "json");
    expect(readdirSync(path).sort()).toEqual([
      ...["checkpoint.safetensors", "config.json", "curve.svg", "metrics.jsonl", "policy.safetensors", "result.json"],
    ]);
    const lines = jsonLines(result.stdout);
    const metrics = jsonLines(readFileSync(join(path, "metrics.jsonl"), "utf8"));
    expect(metrics).toEqual(lines.slice(0, 5).map(({ type, ...iteration }) => iteration));

    const config = JSON.parse(readFileSync(join(path, "config.json"), "utf8"));
    expect(config).toMatchObject({ env: "CartPole-v1", seed: 3, numEnvs: 8, totalSteps: 5120 });
    expect(config.hyperparameters).toMatchObject({ gaeLambda: 0.95, learningRate: 2e-3, kernels: "strict", seed: 3 });
    expect(config.versions).toMatchObject({ proximal: "0.1.0", node: process.versions.node });

    const curve = readFileSync(join(path, "curve.svg"), "utf8");
    for (const text of ["CartPole-v1, seed 3", "environment steps", "mean return of 100 episodes", "solved at 475"]) {
      expect(curve).toContain(text);
    }
    expect(curve).toContain("prefers-color-scheme:dark");

    const policy = await Policy.load(join(path, "policy.safetensors"));
    expect([0, 1]).toContain(policy.act([0, 0, 0, 0]));
  });

  it("ends with the checksum of the parameters in the policy's file", () => {
    const file = join(folder.path, "json", "policy.safetensors");
    const hash = createHash("sha256");
    for (const { data } of decodeSafetensors(readFileSync(file), file).tensors)
      hash.update(new Uint8Array(data.buffer));
    expect(hash.digest("hex")).toBe(jsonLines(result.stdout).at(-1)?.checksum);
  });

  it("gives the same checksum from the same seed, and another from another", async () => {
    const checksum = async (...args: string[]) => {
      const { stdout } = await folder.run("train", "CartPole-v1", "--steps", "5120", ...args, "--json");
      return jsonLines(stdout).at(-1)?.checksum;
    };
    expect(await checksum("--seed", "3")).toBe(jsonLines(result.stdout).at(-1)?.checksum);
    expect(await checksum("--seed", "4")).not.toBe(jsonLines(result.stdout).at(-1)?.checksum);
    expect(await checksum("--seed", "3", "--gamma", "0.9")).not.toBe(jsonLines(result.stdout).at(-1)?.checksum);
  });
});

describe("train, piped", () => {
  it("prints plain lines, the result, a curve and where the files are", async () => {
    const { code, stdout, stderr } = await folder.run("train", "CartPole-v1", "--steps", "40000", "--seed", "1");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(
      stdout.startsWith("training CartPole-v1, seed 1, 8 environments, 40000 steps, in runs/CartPole-v1-seed1\n"),
    ).toBe(true);
    expect(stdout).not.toContain("\x1b");
    expect(stdout).toMatch(/\d+ of 40,000 steps +.*steps\/s/);
    expect(stdout).toContain("mean return of 100 episodes over environment steps");
    expect(stdout).toContain("CartPole-v1, seed 1: not solved: no 100 episodes with a mean return of 475");
    expect(stdout).toMatch(/parameters [0-9a-f]{16} \(strict kernels\)/);
    expect(stdout).toContain("files in runs/CartPole-v1-seed1:");
  });

  it("numbers the folder where one of that name is taken", async () => {
    const { stdout } = await folder.run("train", "CartPole-v1", "--steps", "1024", "--seed", "1");
    expect(stdout).toContain("files in runs/CartPole-v1-seed1-2:");
  });

  it("makes one folder of a name with a slash", async () => {
    const steps = ["--steps", "32", "--num-envs", "2", "--num-steps", "16", "--network", "small-cnn"];
    const { code, stdout } = await folder.run("train", "MinAtar/Breakout-v1", ...steps);
    expect(code).toBe(0);
    expect(stdout).toContain("files in runs/MinAtar-Breakout-v1-seed1:");
    const config = readFileSync(join(folder.path, "runs", "MinAtar-Breakout-v1-seed1", "config.json"), "utf8");
    expect(JSON.parse(config).env).toBe("MinAtar/Breakout-v1");
  });

  it("stops once solved where it is asked to", async () => {
    const { stdout } = await folder.run("train", "CartPole-v1", "--stop-when-solved", "--json", "--out", "stopped");
    const result = jsonLines(stdout).at(-1) as { solvedAtStep: number; steps: number };
    expect(result.solvedAtStep).toBeGreaterThan(0);
    expect(result.steps - result.solvedAtStep).toBeLessThan(1024);
  });

  it("goes on quietly to its end where nobody reads on", async () => {
    const child = folder.start(["train", "CartPole-v1", ...short, "--json", "--out", "unread"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { code, stderr } = await finished(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(jsonLines(readFileSync(join(folder.path, "unread", "metrics.jsonl"), "utf8"))).toHaveLength(5);
    expect(existsSync(join(folder.path, "unread", "policy.safetensors"))).toBe(true);
  });
});

describe("an interrupted run", () => {
  const options = ["--steps", "60416", "--seed", "5"];
  let whole: string;
  let interrupted: Finished;

  beforeAll(async () => {
    whole = (await folder.run("train", "CartPole-v1", ...options, "--json", "--out", "whole")).stdout;
    const child = folder.start(["train", "CartPole-v1", ...options, "--json", "--out", "parts"]);
    child.stdout?.once("data", () => child.kill("SIGINT"));
    interrupted = await finished(child);
  });

  it("saves a checkpoint, says so, and exits with 130", () => {
    expect(interrupted.code).toBe(130);
    const steps = jsonLines(interrupted.stdout).at(-1)?.steps;
    expect(steps).toBeLessThan(60416);
    expect(interrupted.stderr).toBe(
      `SIGINT: stopping after this iteration, then saving\ninterrupted after ${steps} steps; saved parts/checkpoint.safetensors\ngo on with: ${folder.called} train --resume parts\n`,
    );
    expect(existsSync(join(folder.path, "parts", "policy.safetensors"))).toBe(true);
  });

  it("goes on to the bytes of the run that was not, also where it wrote on after its last checkpoint", async () => {
    const iterations = jsonLines(interrupted.stdout).length;
    const lost = readFileSync(join(folder.path, "whole", "metrics.jsonl"), "utf8")
      .split("\n")
      .slice(-4, -2);
    appendFileSync(join(folder.path, "parts", "metrics.jsonl"), `${lost.join("\n")}\n{"iteration":5`);
    const { code, stdout, stderr } = await folder.run("train", "--resume", "parts", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "dropped the metrics of 2 iterations after the checkpoint\n" +
        `dropped what was damaged in parts/metrics.jsonl, line ${iterations + 3}: cut short\n`,
    });
    const [expected, result] = [whole, stdout].map((text) => jsonLines(text).at(-1));
    const { seconds, stepsPerSecond, ...rest } = result ?? {};
    expect(expected).toMatchObject(rest);
    for (const file of ["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg"]) {
      const [a, b] = ["whole", "parts"].map((run) => readFileSync(join(folder.path, run, file)));
      expect(a?.equals(b as Buffer), file).toBe(true);
    }
  });

  it("goes on beyond its end where more steps are asked for", async () => {
    const { code, stdout } = await folder.run("train", "--resume", "parts", "--steps", "70000", "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)?.steps).toBe(70656);
  });
});

describe("bad input", () => {
  const files = folder.path;
  beforeAll(async () => {
    await folder.run("train", "CartPole-v1", "--steps", "1024", "--json", "--out", "taken");
    mkdirSync(join(files, "cut"));
    writeFileSync(join(files, "cut", "config.json"), readFileSync(join(files, "taken", "config.json")));
    const bytes = readFileSync(join(files, "taken", "checkpoint.safetensors"));
    writeFileSync(join(files, "cut", "checkpoint.safetensors"), bytes.subarray(0, 50_000));
    writeFileSync(join(files, "cut", "foreign.safetensors"), "GIF89a, or something like it");
    writeFileSync(join(files, "file"), "");
  });

  it.each([
    ["train Cartpole-v1", 'unknown environment "Cartpole-v1"; did you mean CartPole-v1?'],
    ["train CartPole-v7", 'unknown environment "CartPole-v7"; did you mean CartPole-v0?'],
    ["train", "train: <env> is missing, as in: proximal train <env>"],
    ["train CartPole-v1 again", 'train: "again" is one too many, as in: proximal train <env>'],
    ["train CartPole-v1 --gae-lamda 0.9", "unknown option --gae-lamda; did you mean --gae-lambda?"],
    ["train CartPole-v1 --gamma 1.5", "--gamma: 1.5 is not a number from 0 to 1"],
    ["train CartPole-v1 --learning-rate fast", '--learning-rate: "fast" is not a number above 0'],
    ["train CartPole-v1 --learning-rate", "--learning-rate: it needs a value"],
    ["train CartPole-v1 --clip-value-loss=5", '--clip-value-loss: it takes no value, and was given "5"'],
    ["train CartPole-v1 --seed -1", "--seed: -1 is not an integer of at least 0"],
    ["train CartPole-v1 --total-steps 1e99", "--total-steps: 1e+99 is not an integer of at least 1"],
    ["train CartPole-v1 --steps 0", "--total-steps: 0 is not an integer of at least 1"],
    ["train CartPole-v1 --total-stpes 5", "unknown option --total-stpes; did you mean --total-steps?"],
    ["train CartPole-v1 --num-envs 2147483647", "numEnvs: 2147483647 is not an integer from 1 to 65536"],
    [
      "train CartPole-v1 --num-steps 2147483647",
      "numMinibatches: 16 does not divide the batch of 8 environments x 2147483647 steps = 17179869176; 8 would",
    ],
    ["train CartPole-v1 --num-steps 1e12", "--num-steps: 1000000000000 is not an integer from 1 to 2147483647"],
    [
      "train CartPole-v1 --num-steps 1073741824",
      /^rollout.observations \[1073741824, 8, 4\] of 131073 MiB does not fit: the memory has 1 MiB/,
    ],
    ["train CartPole-v1 --hidden-sizes 1000000,1000000", /^value \[\d+\] of 7629452 MiB does not fit/],
    ["train CartPole-v1 --num-envs 0", "--num-envs: 0 is not an integer of at least 1"],
    ["train CartPole-v1 --hidden-sizes 64,x", '--hidden-sizes: "64,x" is not a list of integers of 1 or more'],
    ["train CartPole-v1 --kernels avx", '--kernels: "avx" is not strict or fma'],
    [
      "train CartPole-v1 --num-minibatches 7",
      "numMinibatches: 7 does not divide the batch of 8 environments x 128 steps = 1024; 4 or 8 would",
    ],
    [
      "train CartPole-v1 --out taken",
      "--out: taken holds a run already; go on with --resume taken, or choose another folder",
    ],
    ["train CartPole-v1 --out file", "--out: file is a file, not a folder"],
    ["train --resume nowhere", "nowhere: no such run"],
    [
      "train --resume taken --gamma 0.9",
      "--resume: gamma cannot change, the run goes on with what it has; only --total-steps can",
    ],
    ["train --resume cut", /^cut\/checkpoint.safetensors: truncated: tensor .* ends at byte \d+ of \d+$/],
    [
      "train --resume cut/foreign.safetensors",
      /^cut\/foreign.safetensors: not a safetensors file, or truncated: it declares a header of \d+ bytes and has 20$/,
    ],
    ["train --resume taken/policy.safetensors", /^taken\/policy.safetensors: not a checkpoint of proximal/],
    ["eval nowhere", "nowhere: no such run"],
    ["eval taken --episodes 0", "--episodes: 0 is not an integer of at least 1"],
    ["plot", "plot: <run...> is missing, as in: proximal plot <run...>"],
    ["plot nowhere", "nowhere: not the folder of a run; it has no config.json"],
    ["plot taken --out nowhere/curve.svg", "nowhere/curve.svg: cannot be written (ENOENT: no such file or directory)"],
    ["envs all", 'envs: "all" is one too many, as in: proximal envs'],
    ["trian", 'unknown command "trian"; did you mean train?'],
  ])("%s", async (line, message) => {
    const { code, stdout, stderr } = await folder.run(...line.split(" "));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [first, ...others] = stderr.split("\n");
    expect(others).toEqual([""]);
    if (typeof message === "string") expect(first).toBe(`proximal: ${message}`);
    else expect(first?.replace(/^proximal: /, "")).toMatch(message);
  });
});

describe("what the monitor finds", () => {
  const broken = ["CartPole-v1", "--learning-rate", "1", "--num-envs", "8", "--total-steps", "5120"];
  const finding = /^since iteration 1: \d+% of the last hidden units are at the end of their range/;

  it("is said once, and the training goes on", async () => {
    const { code, stdout, stderr } = await folder.run("train", ...broken, "--out", "found");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").filter((line) => finding.test(line))).toHaveLength(1);
  });

  it("ends it with --strict-monitor, with everything that it takes to go on", async () => {
    const { code, stdout, stderr } = await folder.run("train", ...broken, "--strict-monitor", "--out", "monitored");
    expect(code).toBe(2);
    expect(stderr.replace("proximal: ", "")).toMatch(finding);
    expect(stdout).toContain(
      `stopped by the monitor after 3072 steps; saved ${join("monitored", "checkpoint.safetensors")}\n`,
    );
    const resumed = await folder.run("train", "--resume", "monitored");
    expect(resumed.code).toBe(0);
    const bytes = (out: string) => readFileSync(join(folder.path, out, "checkpoint.safetensors"));
    expect(bytes("monitored").equals(bytes("found"))).toBe(true);
  });
});
