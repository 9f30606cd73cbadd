// Training with the presets of other systems, and showing them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { systemNotes } from "../../src/cli/systems.ts";
import { wrapped } from "../../src/cli/text.ts";
import { presetFor, presetOf, type System } from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { hasPreset, systemNames, tasks } from "../../src/ppo/system-presets.ts";
import { emptyFolder, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

const config = (run: string) => JSON.parse(readFileSync(join(folder.path, run, "config.json"), "utf8"));
const train = (...args: string[]) => folder.run("train", "CartPole-v1", "--json", ...args);

describe("train --preset", () => {
  it("trains with what the system has, and writes all of it down", async () => {
    const { code } = await train("--preset", "cleanrl", "--steps", "512", "--seed", "2", "--out", "cleanrl");
    const { numEnvs, hyperparameters } = presetOf("cleanrl", "discrete");
    expect(code).toBe(0);
    expect(config("cleanrl")).toMatchObject({ numEnvs, totalSteps: 512, seed: 2 });
    expect(config("cleanrl").hyperparameters).toEqual(completeHyperparameters({ ...hyperparameters, seed: 2 }));
  });

  it("lets options go before it, which the number of minibatches follows", async () => {
    const options = ["--num-envs", "4", "--num-steps", "32", "--num-epochs", "1", "--gamma", "0.9"];
    const { code } = await train("--preset", "sb3", ...options, "--steps", "128", "--out", "sb3");
    const { hyperparameters } = presetOf("sb3", "discrete");
    expect(code).toBe(0);
    expect(config("sb3")).toMatchObject({ numEnvs: 4, totalSteps: 128 });
    expect(config("sb3").hyperparameters).toEqual(
      completeHyperparameters({ ...hyperparameters, numSteps: 32, numMinibatches: 2, numEpochs: 1, gamma: 0.9 }),
    );
  });

  it.each([
    [["--preset", "cleanlr"], 'unknown preset "cleanlr"; did you mean cleanrl?'],
    [["--preset", "paper"], "preset paper: there is none for a discrete task, only for continuous and atari"],
    [["--preset="], "--preset: it needs a value"],
    [
      ["--preset", "sb3", "--num-steps", "100"],
      "numMinibatches: sb3 has minibatches of 64, which do not divide the batch of 1 environments x 100 steps = 100; give numMinibatches",
    ],
  ])("%j is refused before anything is written", async (options, message) => {
    expect(await train(...options, "--out", "refused")).toEqual({
      ...{ code: 2, stdout: "", stderr: `proximal: ${message}\n` },
    });
    expect(() => config("refused")).toThrow();
  });

  it("cannot change what a run goes on with", async () => {
    const { code, stderr } = await folder.run("train", "--resume", "sb3", "--preset", "cleanrl");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "proximal: --resume: preset cannot change, the run goes on with what it has; only --total-steps can\n",
    });
  });

  it("is what --help shows for an environment that is named", async () => {
    const help = async (...args: string[]) => (await folder.run("train", ...args, "--help")).stdout;
    const [own, sb3, general] = await Promise.all([
      help("CartPole-v1"),
      help("CartPole-v1", "--preset", "sb3"),
      help("--preset", "sb3"),
    ]);
    expect(own).toContain("Hyper-parameters (as CartPole-v1 is trained):");
    expect(sb3).toContain("Hyper-parameters (as CartPole-v1 is trained with --preset sb3):");
    expect(sb3).toMatch(/--value-coefficient X +weight of the value loss \[1\]/);
    expect(sb3).toMatch(/--num-minibatches N +minibatches in an epoch \[32\]/);
    expect(general).toMatch(/--value-coefficient X +weight of the value loss \[0\.5\]/);
    expect(own).toMatch(/--preset cleanrl\|sb3\|baselines\|paper +what that system trains with \[/);
  });
});

describe("presets", () => {
  it("of an environment are those that are for it, with its own", async () => {
    const { code, stdout } = await folder.run("presets", "CartPole-v1");
    expect(code).toBe(0);
    const [head, ...lines] = (stdout.split("\n\n")[0] as string).split("\n").map((line) => line.split(/ {2,}/));
    expect(head).toEqual(["discrete", "CartPole-v1", "cleanrl", "sb3", "baselines"]);
    const rows: Record<string, string[]> = Object.fromEntries(lines.map(([name, ...cells]) => [name, cells]));
    expect(rows["total-steps"]).toEqual(["100000", "500000", "500000", "1000000"]);
    expect(rows["num-minibatches"]).toEqual(["16", "4", "32", "4"]);
    expect(rows["= rows of each"]).toEqual(["64", "128", "64", "512"]);
    expect(rows["clip-value-loss"]).toEqual(["no", "yes", "no", "yes"]);
    // What is the same in all is said once, and below.
    for (const cells of Object.values(rows)) expect(new Set(cells).size).toBeGreaterThan(1);
    expect(rows).not.toHaveProperty("gamma");
    expect(stdout).toMatch(/^The same in all:\n {2}gamma 0\.99, /m);
    expect(stdout).not.toMatch(/seed|kernels|- (?:atari|continuous):|^paper/m);
  });

  it("without one are those for every kind of task, with all that there is to know", async () => {
    const { stdout } = await folder.run("presets");
    const heads = stdout.match(/^(discrete|continuous|atari) {2}.*$/gm)?.map((line) => line.split(/ +/));
    const systems = ["default", "cleanrl", "sb3", "baselines"];
    expect(heads).toEqual([
      ["discrete", ...systems],
      ["continuous", ...systems, "paper"],
      ["atari", ...systems, "paper"],
    ]);
    const text = stdout.replace(/\s+/g, " ");
    for (const { title, source, notes } of Object.values(systemNotes))
      for (const part of [title, `from ${source}`, ...notes.map((note) => `- ${note}`)]) expect(text).toContain(part);
  });

  it("fit 80 columns", async () => {
    for (const args of [[], ["CartPole-v1"]])
      for (const line of (await folder.run("presets", ...args)).stdout.split("\n"))
        expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("are JSON where that is asked for, with all hyper-parameters but seed and kernels", async () => {
    const [one, every] = await Promise.all([
      folder.run("presets", "CartPole-v1", "--json"),
      folder.run("presets", "--json"),
    ]);
    const [own, ...others] = jsonLines(one.stdout);
    const { seed, kernels, ...hyperparameters } = completeHyperparameters(presetFor("CartPole-v1").hyperparameters);
    expect(own).toEqual({ preset: "CartPole-v1", task: "discrete", numEnvs: 8, totalSteps: 100_000, hyperparameters });
    expect(others.map(({ preset }) => preset)).toEqual(["cleanrl", "sb3", "baselines"]);
    const there = tasks.flatMap((task) => [
      `default ${task}`,
      ...systemNames.filter((system) => hasPreset(system, task)).map((system) => `${system} ${task}`),
    ]);
    const lines = jsonLines(every.stdout);
    expect(lines.map(({ preset, task }) => `${preset} ${task}`)).toEqual(there);
    for (const { preset, source } of lines)
      expect(source).toBe(preset === "default" ? undefined : systemNotes[preset as System].source);
    expect(lines.at(-1)?.hyperparameters).toMatchObject({ maxGradNorm: "Infinity", annealClipRange: true });
  });

  it.each([
    [["Pong-v5"], /^proximal: unknown environment "Pong-v5"; /],
    [["CartPole-v1", "b"], /^proximal: presets: "b" is one too many, as in: proximal presets \[env\]\n$/],
  ])("%j is refused", async (args, message) => {
    const { code, stderr } = await folder.run("presets", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

it("words are wrapped behind what stands before them", () => {
  expect(wrapped("- ", ["aa", "bb", "cc", "d"], 7)).toBe("- aa bb\n  cc d\n");
  expect(wrapped("- ", ["longer", "than", "x"], 5)).toBe("- longer\n  than\n  x\n");
});

it("README's table has the same numbers, where it has numbers of the same unit", () => {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  const rows = readme
    .slice(readme.indexOf("## Hyper-parameters"))
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const columns = [
    ...[presetOf("paper", "continuous"), presetOf("paper", "atari")],
    ...[presetOf("cleanrl", "discrete"), presetOf("sb3", "discrete")],
  ].map(({ hyperparameters, ...sizes }) => ({ ...sizes, ...completeHyperparameters(hyperparameters) }));
  const compared = rows.flatMap((row) => {
    const [, first = "", , ...cells] = row.split("|").map((cell) => cell.trim());
    const name = /`(\w+)`/.exec(first)?.[1] as string;
    return columns.flatMap((column, index) => {
      const value = Object.entries(column).find(([other]) => other === name)?.[1];
      // As in "0.5", "ε 0.2", "`clip_coef` 0.2" and "1e-5 in the code".
      const number = /^(?:\S+ )?(\d[\d.,e-]*)(?: in .*)?$/.exec(cells[index] as string)?.[1];
      return typeof value === "number" && number !== undefined
        ? [[name, Number(number.replaceAll(",", "")), value]]
        : [];
    });
  });
  expect(compared.length).toBeGreaterThan(40);
  for (const [name, said, value] of compared) expect(said, String(name)).toBe(value);
});
