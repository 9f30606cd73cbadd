// The page of results/: what it says of published runs, what it refuses, and that it is not older than they are.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { interquartileMeanInterval } from "../../src/base/statistics.ts";
import { RunFolder } from "../../src/cli/run-folder.ts";
import { evaluatedAt, figuresAt, suiteOf } from "../../tools/results/figures.ts";
import { filesOf } from "../../tools/results/files.ts";
import { publish } from "../../tools/results/publish.ts";
import { readResults } from "../../tools/results/published.ts";
import { aggregates } from "../../tools/results/statistics.ts";
import { type Task, tasks } from "../../tools/results/tasks.ts";
import { emptyFolder } from "../cli/run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("the page of results/ is the one that its runs make", () => {
  const files = filesOf(join(root, "results"));
  for (const [path, text] of files)
    expect(existsSync(path) && readFileSync(path, "utf8") === text, `${path}: npm run results -- --report`).toBe(true);
});

describe("what is published comes out again, to the last bit", () => {
  const folder = emptyFolder();
  afterAll(() => folder.remove());

  it.each([
    ["CartPole-v1", 100_352, "98 iterations"],
    ["Hopper-v4", 10_240, "the first 5 of 1,465 iterations"],
  ])("%s, %d steps of it", async (task, steps, compared) => {
    const run = join(root, "results", task, "seed1");
    const { code, stdout, stderr } = await folder.run("verify", run, "--steps", String(steps));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`verified: same bytes, ${compared}, checksum `);
  });
});

describe("the tasks", () => {
  it("have a folder, and goals that their runs go for", () => {
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
    for (const { name, totalSteps, goals, random } of tasks) {
      expect(name).toMatch(/^[\w-]+$/);
      expect(goals.length).toBeGreaterThan(0);
      for (const goal of goals) {
        expect(goal.steps, name).toBeLessThanOrEqual(totalSteps);
        if (random !== undefined) expect(goal.figure, name).toBeGreaterThan(random);
      }
    }
  });

  it("say whose a goal is: a figure of the table, but for rounding, or one of its own", () => {
    for (const { name, goals, anchors } of tasks) {
      for (const { figure, from } of goals) {
        const is = anchors.some((anchor) => Math.abs(anchor.figure - figure) <= 0.5);
        expect(is || from === "set for this page", `${name}: ${figure}`).toBe(true);
      }
    }
  });
});

describe("of published runs", () => {
  const folder = emptyFolder();
  afterAll(() => folder.remove());
  const results = join(folder.path, "results");
  const inResults = (...path: string[]) => join(results, ...path);
  const small = ["--num-steps", "16", "--num-envs", "2", "--num-minibatches", "2", "--hidden-sizes", "4"];

  const cartPole: Task = {
    ...{ name: "Poles", env: "CartPole-v1", totalSteps: 4000, random: 10 },
    goals: [
      { steps: 1000, figure: 500, from: "nobody" },
      { steps: 2000, figure: 5, from: "nobody" },
      { steps: 4000, figure: 400, from: "nobody" },
    ],
    anchors: [
      { system: "CleanRL", version: "v1", steps: 1500, seeds: 3, figure: 5, deviation: 1, bySeed: [4, 5, 6] },
      { system: "Stable-Baselines3 zoo", version: "v1", steps: 9000, seeds: 1, figure: 500 },
    ],
  };
  const mountain: Task = {
    ...{ name: "Hills", env: "MountainCar-v0", totalSteps: 2000, random: -250 },
    goals: [{ steps: 2000, figure: -100, from: "nobody" }],
    anchors: [],
  };
  const absent: Task = { ...cartPole, name: "Absent" };
  const all = [cartPole, mountain, absent];
  const page = () => filesOf(results, all).get(inResults("README.md")) as string;
  const section = (name: string) => page().split(`\n## ${name}\n`)[1]?.split("\n## ")[0] as string;

  async function trainAndPublish(task: Task, seed: number, ...options: string[]) {
    const out = join("runs", task.name, `seed${seed}`);
    await folder.run("train", task.env, ...small, "--steps", "2000", "--seed", String(seed), "--out", out, ...options);
    await publish(new RunFolder(join(folder.path, out)), inResults(task.name, `seed${seed}`), { lines: 64, at: [] });
  }

  beforeAll(async () => {
    for (const seed of [1, 2, 10]) await trainAndPublish(cartPole, seed);
    for (const seed of [1, 2]) await trainAndPublish(mountain, seed, "--eval-every", "1000", "--eval-episodes", "2");
  });

  const linesOf = (task: Task, seed: number) =>
    readFileSync(inResults(task.name, `seed${seed}`, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { steps: number; meanReturn: number });

  it("a figure is of the last line at or before the steps, of every seed", () => {
    const [{ runs } = { runs: [] }] = readResults(results, all);
    const returns = [1, 2, 10].map((seed) =>
      linesOf(cartPole, seed)
        .filter(({ steps }) => steps <= 1000)
        .at(-1),
    );
    const figures = figuresAt(runs, 1000);
    const values = returns.map((line) => line?.meanReturn as number);
    expect(figures).toMatchObject({ steps: returns[0]?.steps, returns: values });
    expect(figures?.interval).toEqual(interquartileMeanInterval(values));
    // A run ends with a whole iteration, and here with the 2,016th step.
    expect(figuresAt(runs, 2000)?.steps).toBe(2016);
    expect(figuresAt(runs, 2001)).toBeUndefined();
    expect(figuresAt(runs, 1)).toBeUndefined();
  });

  it("an evaluation belongs to the steps that its iteration completed, and the last to the end", () => {
    const runs = readResults(results, all)[1]?.runs ?? [];
    expect(runs[0]?.evaluations.map(({ steps }) => steps)).toEqual([1024, 2016]);
    expect([999, 1000, 1999, 2000].map((steps) => evaluatedAt(runs, steps)?.steps)).toEqual([
      ...[undefined, 1024, 1024, 2016],
    ]);
  });

  it("the page says of each goal whether it was reached, and what was not run", () => {
    const [, goals = "", left = ""] = page().split(/^## /m);
    const rows = goals.split("\n").filter((line) => line.startsWith("| [Poles]"));
    expect(rows[0]).toMatch(
      /^\| \[Poles\]\(#poles\) \| 1,000 \| 500\.0 \(nobody\) \| [\d.]+ ± [\d.]+ \| 3 \| missed by [\d.]+ \|$/,
    );
    expect(rows[1]).toMatch(/\| \*\*beaten\*\* by [\d.]+ \|$/);
    expect(rows[2]).toMatch(/\| not run this far \|$/);
    expect(left).toContain("- Absent: 500.0 at 1,000 steps (nobody)");
    expect(page()).not.toContain("## Absent");
  });

  it("a task has what it was run with, the weights of each seed, and what others have beside it", () => {
    const text = section("Poles");
    for (const line of [
      "| environments side by side | 2 |",
      "| looked at | training returns, actions drawn; *evaluated* are other episodes, by the most likely actions |",
      "| episodes of an evaluation | none |",
      "| made by | `npm run results -- Poles --seeds 1,2,10` |",
      "| checked by | `npx proximal verify results/Poles/seed1` |",
    ])
      expect(text).toContain(line);
    expect(section("Hills")).toContain("`npm run results -- Hills --seeds 2`");
    expect(section("Hills")).toContain("| episodes of an evaluation | 2 |");
    // No policy that small gets up the hill.
    expect(section("Hills")).toMatch(/^\| 2,000 \| 2,016 \| 2 \|.*\| -200\.0 ± 0\.00 by 2,016 \|$/m);
    for (const seed of [1, 2, 10]) {
      const { checksum } = JSON.parse(readFileSync(inResults("Poles", `seed${seed}`, "result.json"), "utf8"));
      expect(text).toMatch(new RegExp(`^\\| ${seed} \\| .* \\| \`${checksum.slice(0, 16)}\` \\|$`, "m"));
    }
    const before = Math.max(...linesOf(cartPole, 1).flatMap(({ steps }) => (steps <= 1500 ? [steps] : [])));
    expect(text).toMatch(
      new RegExp(
        `^\\| CleanRL \\| v1 \\| 1,500 \\| 3 \\| 5\\.00 ± 1\\.00 \\| training returns \\| [\\d.]+ by ${before.toLocaleString("en")} \\| \\*\\*beaten\\*\\* by`,
        "m",
      ),
    );
    expect(text).toMatch(
      /^\| Stable-Baselines3 zoo \| v1 \| 9,000 .* \| deterministic evaluation \| [\d.]+ by [12],\d+ \| missed by/m,
    );
  });

  it("scores are counted from drawn actions to the last goal that was gone for, of as many seeds of each task", () => {
    const suite = suiteOf(readResults(results, all));
    expect(suite.tasks).toEqual([
      { name: "Poles", steps: 2000, zero: 10, one: 5 },
      { name: "Hills", steps: 2000, zero: -250, one: -100 },
    ]);
    const ends = [1, 2].map(
      (seed) =>
        linesOf(mountain, seed)
          .filter(({ steps }) => steps <= 2000)
          .at(-1)?.meanReturn,
    );
    expect(suite.scores[1]).toEqual(ends.map((value) => ((value as number) + 250) / 150));
    expect(suite.scores.map(({ length }) => length)).toEqual([2, 2]);
    const text = section("All tasks together");
    expect(text).toContain(`| ${aggregates.median(suite.scores).toFixed(2)} (`);
    expect(text).toMatch(/^\| CleanRL \| 1 \| 1\.00 \(1\.00 to 1\.00\) \|$/m);
  });

  it("is the same to the byte when it is made again, with a picture for each task and one for all", () => {
    const files = filesOf(results, all);
    expect([...files]).toEqual([...filesOf(results, all)]);
    expect([...files.keys()].sort()).toEqual(
      ["Hills/curve.svg", "Poles/curve.svg", "README.md", "paper/README.md", "profile.svg"].map((path) =>
        inResults(path),
      ),
    );
    const [curve, profile] = [files.get(inResults("Poles", "curve.svg")), files.get(inResults("profile.svg"))];
    expect(curve?.match(/class="faint"/g)).toHaveLength(4);
    for (const text of ["500.0, nobody", "each seed", "Poles, 3 seeds"]) expect(curve).toContain(`>${text}<`);
    expect(profile).toContain("Performance profile over 2 tasks");
    for (const text of files.values()) expect(text).not.toMatch(/NaN|undefined|Infinity/);
    for (const [, path = ""] of page().matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
      expect(files.has(inResults(path))).toBe(true);
  });

  it("needs no folder at all, and two tasks for what is said of all together", () => {
    const files = filesOf(join(folder.path, "nowhere"), all);
    const nowhere = (path: string) => join(folder.path, "nowhere", path);
    expect([...files.keys()]).toEqual([nowhere("README.md"), nowhere("paper/README.md")]);
    expect([...files.values()][0]).toContain("No task has been run yet.");
    expect([...filesOf(results, [{ ...cartPole, random: undefined as never }, mountain]).keys()]).toHaveLength(4);
  });

  it.each([
    [
      "a folder that is no task's",
      "Other/seed1",
      "config.json",
      "",
      /^Other: nothing that tools\/results has trained is of this name$/,
    ],
    ["a setting that the paper has not", "paper/clip-9/Hopper-v4", "a", "", /^paper\/clip-9: nothing that tools/],
    ["a task that the paper has not", "paper/none/Ant-v4", "a", "", /^paper\/none\/Ant-v4: nothing that tools/],
    ["a folder that is no seed's", "Poles/notes", "a", "", /^Poles\/notes: not the folder of a seed, as seed1$/],
    ["an empty folder", "Poles/seed3", "a", "", /^Poles\/seed3: not the folder of a run; it has no config\.json$/],
    [
      "a run of another task",
      "Hills/seed1",
      "config.json",
      ['"MountainCar-v0"', '"CartPole-v1"'],
      /^Hills\/seed1: of CartPole-v1, where Hills is MountainCar-v0$/,
    ],
    ["another seed", "Poles/seed2", "config.json", [/"seed": 2/g, '"seed": 3'], /^Poles\/seed2: of seed 3$/],
    [
      "another configuration",
      "Poles/seed2",
      "config.json",
      ['"gamma": 0.99', '"gamma": 0.9'],
      /^Poles\/seed2: its gamma is 0.9, that of seed 1 0.99; a task has one configuration$/,
    ],
    [
      "a run that is not published",
      "Poles/seed2",
      "result.json",
      ['"thinned": true', '"thinned": false'],
      /^Poles\/seed2: not published; npm run results -- --publish does that$/,
    ],
    [
      "other kernels",
      "Poles/seed2",
      "result.json",
      ['"kernels": "strict"', '"kernels": "fma"'],
      /^Poles\/seed2: of fma kernels; what is published is of strict ones$/,
    ],
    [
      "another result",
      "Poles/seed2",
      "result.json",
      [/"meanReturn": /, '"meanReturn": 1'],
      /^Poles\/seed2: its result has a meanReturn of 1[\d.]+, its last line [\d.]+$/,
    ],
    [
      "a result of another seed",
      "Poles/seed2",
      "result.json",
      ['"seed": 2', '"seed": 1'],
      /^Poles\/seed2: its result is of seed 1$/,
    ],
    ["a damaged configuration", "Poles/seed2", "config.json", ["{", ""], /^Poles\/seed2\/config.json: not JSON$/],
    [
      "a damaged line",
      "Poles/seed2",
      "metrics.jsonl",
      [/\n.*\n$/, "\n{"],
      /^Poles\/seed2\/metrics.jsonl: line \d+: cut short$/,
    ],
  ] as const)("%s is refused in one line", (_, run, file, change, message) => {
    const path = inResults(run, file);
    const kept = join(folder.path, "kept");
    cpSync(results, kept, { recursive: true });
    mkdirSync(inResults(run), { recursive: true });
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    const after = typeof change === "string" ? change : before.replace(change[0], change[1]);
    expect(after === before).toBe(change === "");
    writeFileSync(path, after);
    let said = "";
    try {
      filesOf(results, all);
    } catch (error) {
      said = (error as Error).message;
    }
    rmSync(results, { recursive: true });
    cpSync(kept, results, { recursive: true });
    rmSync(kept, { recursive: true });
    expect(readdirSync(results).sort()).toEqual(["Hills", "Poles"]);
    expect(said.replace(`${results}/`, "")).toMatch(message);
  });
});
