// The other commands, and help.

import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hyperparameters, Policy } from "../../src/index.ts";
import { toOnnx } from "../../src/onnx/index.ts";
import { emptyFolder, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

beforeAll(async () => {
  for (const seed of ["1", "2"])
    await folder.run("train", "CartPole-v1", "--steps", "60000", "--seed", seed, "--json", "--out", `run${seed}`);
});

describe("eval", () => {
  it("plays episodes with the policy of a run", async () => {
    const { code, stdout } = await folder.run("eval", "run1", "--episodes", "10", "--json");
    expect(code).toBe(0);
    const [report] = jsonLines(stdout) as [Record<string, number>];
    expect(report).toMatchObject({ env: "CartPole-v1", episodes: 10, seed: 1, deterministic: true });
    expect(report.minReturn).toBeLessThanOrEqual(report.meanReturn as number);
    expect(report.meanReturn).toBeLessThanOrEqual(report.maxReturn as number);
    // An episode of CartPole is worth its length.
    expect(report.meanReturn).toBe(report.meanLength);
    expect(report.meanReturn).toBeGreaterThan(400);
  });

  it("says the same again, from the policy's file alone too, and reads well", async () => {
    const line = (path: string) => folder.run("eval", path, "--episodes", "3", "--seed", "9", "--stochastic");
    const [first, second] = [await line("run1"), await line(join("run1", "policy.safetensors"))];
    expect(first).toEqual(second);
    expect(first.stdout).toMatch(
      /^CartPole-v1, 3 episodes, drawn actions\nreturn \d+\.\d ± \d+\.\d \(from \d+ to \d+\), mean length \d+\.\d\nmedian \d+\.\d, interquartile mean \d+\.\d \(95% interval \d+\.\d to \d+\.\d\)\n$/,
    );
  });
});

describe("plot", () => {
  it("draws one run on the terminal and into its folder", async () => {
    const { code, stdout } = await folder.run("plot", "run1");
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe("CartPole-v1, seed 1: mean return of 100 episodes over environment steps");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("wrote run1/curve.svg");
    expect(stdout.split("\n").every((line) => [...line].length <= 80)).toBe(true);
  });

  it("draws several runs into one picture, told apart by their seeds", async () => {
    const { code, stdout } = await folder.run("plot", "run1", "run2", "--out", "both.svg");
    expect(code).toBe(0);
    expect(stdout).toContain("CartPole-v1, 2 runs");
    const picture = readFileSync(join(folder.path, "both.svg"), "utf8");
    for (const text of ["seed 1", "seed 2", "solved at 475"]) expect(picture).toContain(`>${text}<`);
    expect(picture.match(/class="line c[01]"/g)).toHaveLength(4);
  });
});

describe("export", () => {
  const outputs = ["action", "log_prob", "probabilities", "value"];

  it("writes the policy of a run as an ONNX model, and says what that takes and gives", async () => {
    const first = await folder.run("export", "run1", "--onnx", "first.onnx");
    expect(first).toEqual({
      code: 0,
      stdout:
        "wrote first.onnx\ntakes observation float32 [batch, 4]\n" +
        "gives action int32 [batch], log_prob float32 [batch], probabilities float32 [batch, 2], value float32 [batch]\n",
      stderr: "",
    });
    const policy = await Policy.load(join(folder.path, "run1", "policy.safetensors"));
    expect(new Uint8Array(readFileSync(join(folder.path, "first.onnx")))).toEqual(toOnnx(policy));
  });

  it("takes a policy's file without a run as well, and says the same as JSON", async () => {
    copyFileSync(join(folder.path, "run1", "policy.safetensors"), join(folder.path, "alone.safetensors"));
    const { stdout } = await folder.run("export", "alone.safetensors", "--onnx", "second.onnx", "--json");
    const [report] = jsonLines(stdout) as [{ outputs: object }];
    expect(report).toMatchObject({
      ...{ policy: "alone.safetensors", onnx: "second.onnx" },
      inputs: { observation: { dtype: "float32", shape: ["batch", 4] } },
    });
    expect(Object.keys(report.outputs)).toEqual(outputs);
    const [first, second] = ["first.onnx", "second.onnx"].map((name) => readFileSync(join(folder.path, name)));
    expect(second).toEqual(first);
  });

  it.each([
    [["run1"], "export: --onnx FILE is missing, as in: proximal export runs/CartPole-v1-seed1 --onnx cartpole.onnx"],
    [["nothing", "--onnx", "x.onnx"], "nothing: no such file"],
    [[".", "--onnx", "x.onnx"], "policy.safetensors: no such file"],
    [["run1/config.json", "--onnx", "x.onnx"], /^proximal: run1\/config.json: not a safetensors file/],
    [["run1/checkpoint.safetensors", "--onnx", "x.onnx"], /not a policy of proximal \(format checkpoint\)$/],
    [["run1", "--onnx", "none/x.onnx"], "none/x.onnx: cannot be written (ENOENT: no such file or directory)"],
    [
      ["run1", "--onnx", "./run1/policy.safetensors"],
      "--onnx: ./run1/policy.safetensors is the policy itself; it has to be another file",
    ],
  ])("refuses %j in one line, and writes nothing", async (args, expected) => {
    const before = readdirSync(folder.path, { recursive: true });
    const { code, stdout, stderr } = await folder.run("export", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    if (typeof expected === "string") expect(stderr).toBe(`proximal: ${expected}\n`);
    else expect(stderr.trimEnd()).toMatch(expected);
    expect(readdirSync(folder.path, { recursive: true })).toEqual(before);
  });
});

describe("envs", () => {
  it("lists them as a table and as JSON", async () => {
    const { stdout } = await folder.run("envs");
    expect(stdout).toMatch(
      /^ {2}id +observation +action +solved at +time limit\nclassic control\n(?: {2}.*\n)* {2}CartPole-v1 +Box\(4\) +Discrete\(2\) +475 +500\n/,
    );
    expect(stdout).toMatch(
      /\nGymnasium: in Python.*\n {2}gymnasium:.*\nNATS-Bench.*\n {2}nats-bench:.*\nyour own.*\n {2}\.\/my-env\.js\n$/,
    );
    const { stdout: json } = await folder.run("envs", "--json");
    const all = jsonLines(json);
    expect(all).toContainEqual({
      ...{ id: "CartPole-v1", family: "classic control", observation: "Box(4)", action: "Discrete(2)" },
      ...{ rewardThreshold: 475, maxEpisodeSteps: 500 },
    });
    for (const { id, family } of all) expect(stdout).toMatch(new RegExp(`^${family}(:.*)?\n( {2}.*\n)*  ${id} `, "m"));
  });
});

describe("help", () => {
  it.each(["train", "eval", "watch", "plot", "export", "envs", "check-env", "presets"])(
    "of %s has an example and fits 100 columns",
    async (command) => {
      const { code, stdout, stderr } = await folder.run(command, "--help");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: proximal ${command}`);
      expect(stdout).toContain(`Example:\n  proximal ${command}`);
      for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    },
  );

  it("of train has every hyper-parameter under its field name", async () => {
    const { stdout } = await folder.run("train", "--help");
    for (const name of Object.keys(hyperparameters)) {
      const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(stdout).toMatch(new RegExp(`^  --(\\[no-\\])?${flag} `, "m"));
    }
  });

  it("of train shows what an environment that is named is trained with", async () => {
    const [general, cartPole] = await Promise.all(
      [[], ["CartPole-v1"]].map((env) => folder.run("train", ...env, "--help")),
    );
    expect(general?.stdout).toMatch(/--learning-rate X +Adam's step size \[0\.00025\]/);
    expect(cartPole?.stdout).toMatch(/--learning-rate X +Adam's step size \[0\.002\]/);
    expect(cartPole?.stdout).toContain("Hyper-parameters (as CartPole-v1 is trained):");
    expect((await folder.run("train", "Pong-v5", "--help")).stdout).toBe(general?.stdout);
  });

  it("is given without a command, which is an error, and with --help, which is none", async () => {
    const [bare, asked] = [await folder.run(), await folder.run("--help")];
    expect([bare.code, asked.code]).toEqual([2, 0]);
    for (const command of [
      "train <env>",
      "eval <run>",
      "watch <run>",
      "plot <run...>",
      "export <policy>",
      "envs",
      "check-env <env>",
      "presets [env]",
    ])
      expect(asked.stdout).toContain(command);
    expect((await folder.run("--version")).stdout).toBe("0.1.0\n");
  });
});
