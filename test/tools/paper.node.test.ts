// The experiments of the paper: that they are what the paper says, how they are scored, and what their page says.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommand } from "../../src/cli/options.ts";
import { encodeResult } from "../../src/cli/result.ts";
import { decodeConfig, encodeConfig } from "../../src/cli/run-config.ts";
import { trainCommand } from "../../src/cli/train.ts";
import { chosenPreset } from "../../src/cli/training/start.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { filesOf } from "../../tools/results/files.ts";
import { a2c, environments, experiments, objectives, ppo } from "../../tools/results/paper/experiments.ts";
import { endPointOf } from "../../tools/results/paper/page.ts";
import { type Cell, ranksOf, scalesOf, scoreOf } from "../../tools/results/paper/scores.ts";
import { emptyFolder } from "../cli/run.ts";

describe("what is trained", () => {
  it("are the eleven settings of table 1 and A2C on seven tasks", () => {
    expect(objectives.map(({ score }) => score)).toEqual([
      ...[-0.39, 0.76, 0.82, 0.7, 0.68, 0.74, 0.71, 0.62, 0.71, 0.72, 0.69],
    ]);
    expect(experiments).toHaveLength(84);
    expect(new Set(experiments.map(({ name }) => name)).size).toBe(84);
    // Figure 3 has a curve of each, which ends somewhere.
    for (const env of environments) expect(Number.isFinite(endPointOf(env)), env).toBe(true);
    for (const { totalSteps } of experiments) expect(totalSteps).toBe(1_000_000);
  });

  const hyperparametersOf = async (options: readonly string[]) => {
    const args = parseCommand(trainCommand, ["Hopper-v4", "--preset", "paper", ...options]);
    const { numEnvs, hyperparameters } = await chosenPreset(args, "Hopper-v4");
    return { numEnvs, ...completeHyperparameters(hyperparameters) };
  };

  it("are trained with table 3 of the paper, and differ in their objective", async () => {
    for (const { name, options } of objectives) {
      const { objective, clipRange, klPenalty, klPenaltyTarget, ...others } = await hyperparametersOf(options);
      expect(others, name).toMatchObject({
        ...{ numEnvs: 1, numSteps: 2048, learningRate: 3e-4, annealLearningRate: false, numEpochs: 10 },
        ...{ numMinibatches: 32, gamma: 0.99, gaeLambda: 0.95, entropyCoefficient: 0, hiddenSizes: [64, 64] },
      });
      const said = {
        clip: `clip-${clipRange}`,
        none: "none",
        "fixed-kl": `fixed-kl-${klPenalty}`,
        "adaptive-kl": `adaptive-kl-${klPenaltyTarget}`,
      };
      expect(said[objective]).toBe(name);
      // "β initialised at 1"
      if (objective === "adaptive-kl") expect(klPenalty).toBe(1);
    }
    expect(ppo.options).toEqual(["--clip-range", "0.2"]);
  });

  it("A2C takes one step for each batch, along the gradient of the plain objective", async () => {
    expect(await hyperparametersOf(a2c.options)).toMatchObject({
      ...{ objective: "none", numEnvs: 16, numSteps: 5, numMinibatches: 1, numEpochs: 1, gaeLambda: 1 },
      ...{ normalizeAdvantages: "none", learningRate: 7e-4, annealLearningRate: true, maxGradNorm: 0.5 },
    });
  });
});

describe("scores", () => {
  /** All settings at 0 but some. */
  const cells = (env: string, returns: Readonly<Record<string, readonly number[]>>): Cell[] =>
    objectives.map((setting) => ({ setting, env, returns: returns[setting.name] ?? [0, 0] }));
  const own = [
    ...cells("Hopper-v4", { "clip-0.2": [900, 1100], none: [-100, 300] }),
    ...cells("Reacher-v4", { "clip-0.2": [-10, -6], none: [-46, -26], "fixed-kl-3": [-5, -7] }).map((cell) => ({
      ...cell,
      returns: cell.returns.map((value) => (value === 0 ? -26 : value)),
    })),
    { setting: ppo, env: "Swimmer-v4", returns: [5] },
  ];
  const random = (env: string) => (env === "Hopper-v4" ? 100 : -46);

  it("are 0 for drawn actions and 1 for the best run, of tasks that all settings have been run on", () => {
    const scales = scalesOf(own, random);
    expect(scales).toEqual([
      { env: "Hopper-v4", zero: 100, one: 1100 },
      { env: "Reacher-v4", zero: -46, one: -5 },
    ]);
    // (0.8 + 1 + 36/41 + 40/41) / 4 and (-0.2 + 0.2 + 0 + 20/41) / 4.
    expect(scoreOf(ppo, own, scales).value).toBeCloseTo((1.8 + 76 / 41) / 4, 12);
    const { value, low, high } = scoreOf(objectives[0] as (typeof objectives)[number], own, scales);
    expect(value).toBeCloseTo(20 / 41 / 4, 12);
    // The least and the most that two draws of two can come to.
    expect([low, high].map((end) => end.toFixed(6))).toEqual(["-0.100000", (0.1 + 20 / 82).toFixed(6)]);
  });

  it("have places from the highest on", () => {
    expect(ranksOf([0.5, 0.8, -1, 0.8])).toEqual([3, 1, 4, 1]);
  });
});

describe("the page", () => {
  const folder = emptyFolder();
  afterAll(() => folder.remove());
  const results = join(folder.path, "results");

  /** A run that was never trained, in the form of one that was published. */
  function write(name: string, env: string, seed: number, meanReturn: number): void {
    const path = join(results, name, `seed${seed}`);
    mkdirSync(path, { recursive: true });
    const versions = {
      proximal: "0.1.0",
      node: "20.0.0",
      v8: "11.3",
      platform: "linux-x64",
      requires: "@mujoco/mujoco@3.14.0",
    };
    const hyperparameters = completeHyperparameters({ seed });
    const plan = { format: "run", version: 2, env, seed, numEnvs: 1, totalSteps: 1_000_000, hyperparameters, versions };
    const config = decodeConfig(JSON.stringify(plan));
    const result = {
      ...{ env, seed, steps: 1_001_472, meanReturn, solvedAtStep: null, checksum: "a".repeat(64), kernels: "strict" },
      ...{ bestMeanReturn: null, bestAtStep: null, seconds: 60, stepsPerSecond: 16_691, thinned: true },
    } as const;
    const line = (iteration: number, steps: number, mean: number) =>
      `${JSON.stringify({ iteration, steps, episodes: iteration, meanReturn: mean, meanLength: 5, solvedAtStep: null })}\n`;
    writeFileSync(join(path, "config.json"), encodeConfig(config));
    writeFileSync(join(path, "result.json"), encodeResult(result));
    writeFileSync(join(path, "metrics.jsonl"), line(1, 2048, 5) + line(489, 1_001_472, meanReturn));
  }

  beforeAll(() => {
    for (const setting of objectives) {
      const returns =
        setting === ppo ? [1900, 2000, 2100] : setting.name === "none" ? [-200, -100, 0] : [900, 1000, 1100];
      for (const [index, meanReturn] of returns.entries())
        write(`paper/${setting.name}/Hopper-v4`, "Hopper-v4", index + 1, meanReturn);
    }
    write("paper/a2c/Hopper-v4", "Hopper-v4", 1, 700);
    write("paper/clip-0.2/Reacher-v4", "Reacher-v4", 1, -9);
  });

  it("has table 1, its returns, figure 3 and what was not run", () => {
    const files = filesOf(results, []);
    expect([...files.keys()].map((path) => path.slice(results.length + 1))).toEqual([
      ...["README.md", "paper/README.md", "paper/figure-3-Hopper-v4.svg", "paper/figure-3-Reacher-v4.svg"],
    ]);
    const page = files.get(join(results, "paper/README.md")) as string;
    // Hopper's drawn actions come to 19.31, the best run to 2,100.
    const score = (value: number) => ((value - 19.31) / (2100 - 19.31)).toFixed(2);
    const row = (label: string) => page.split("\n").find((line) => line.startsWith(`| ${label} |`)) as string;
    expect(row("clipping, ε = 0.2")).toBe(
      `| clipping, ε = 0.2 | 0.82 | 1 | ${score(2000)} (${score(1900)} to ${score(2100)}) | 1 |`,
    );
    expect(row("no clipping or penalty")).toMatch(
      new RegExp(`^\\| no .* \\| -0\\.39 \\| 11 \\| ${score(-100)} .* \\| 11 \\|$`),
    );
    expect(row("fixed KL, β = 1")).toMatch(/\| 0\.71 \| 5 \| .* \| 2 \|$/);
    expect(page).toContain("Those ends are: Hopper-v4 19.31 and 2,100.");
    expect(page).toContain("| clipping, ε = 0.2 |  | 2,000 ± 81.65 |  |  | -9.00 ± 0.00 (1 of 3) |  |  |");
    expect(page).toContain("| A2C |  | 700.0 ± 0.00 (1 of 3) |");
    expect(page).toContain("| Hopper-v4 | 2,330 | 2,000 ± 81.65 | 700.0 ± 0.00 (1 of 3) |");
    expect(page).toMatch(/^- A2C: HalfCheetah-v4, Hopper-v4 but for 1, InvertedDoublePendulum-v4, /m);
    expect(page).toContain("| runs | 35 of 252 |");
    expect(page).toContain("`--preset paper --objective fixed-kl --kl-penalty 0.3`");
    const figure = files.get(join(results, "paper/figure-3-Hopper-v4.svg"));
    for (const text of ["PPO, 3 seeds", "A2C, 1 seed", "2,330, PPO in the paper"])
      expect(figure).toContain(`>${text}<`);
    for (const text of files.values()) expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
