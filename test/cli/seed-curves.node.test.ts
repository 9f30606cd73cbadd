// Curves over seeds: common steps, what seeds come to at each, and the pictures.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { interquartileMeanInterval } from "../../src/base/statistics.ts";
import { axesOf, type Chart, type Point } from "../../src/cli/chart.ts";
import { seedChart, seedsChart } from "../../src/cli/seed-curves.ts";
import { SeedFolder } from "../../src/cli/seed-folder.ts";
import { svgPlot } from "../../src/cli/svg-plot.ts";
import { terminalPlot } from "../../src/cli/terminal-plot.ts";
import { emptyFolder } from "./run.ts";

const pointsOf = (...points: readonly [number, number][]): Point[] => points.map(([x, y]) => ({ x, y }));

const folder = emptyFolder();
afterAll(() => folder.remove());
const small = ["--num-steps", "16", "--num-envs", "2", "--num-minibatches", "2", "--hidden-sizes", "4"];
const train = (env: string, seed: number, out: string) =>
  folder.run("train", env, ...small, "--steps", "1600", "--seed", String(seed), "--out", out);
const open = (name: string) => SeedFolder.open(join(folder.path, name));
const copy = (from: string, to: string) => cpSync(join(folder.path, from), join(folder.path, to), { recursive: true });

beforeAll(async () => {
  for (const seed of [1, 2, 10]) await train("CartPole-v1", seed, `a/seed${seed}`);
});

describe("the curve of several seeds", () => {
  const late = pointsOf([20, 2], [40, 4], [60, 6]);
  const early = pointsOf([10, 100], [30, 300], [50, 500], [70, 700]);

  /** What is drawn of runs with these points. */
  async function curveOf(name: string, runs: readonly (readonly Point[])[]) {
    for (const [index, points] of runs.entries()) {
      copy("a/seed1", `${name}/seed${index + 1}`);
      const before = { iteration: 1, steps: 1, episodes: 0, meanReturn: null, meanLength: null, solvedAtStep: null };
      const lines = points.map(({ x, y }, at) => ({ ...before, iteration: at + 2, steps: x + 1, meanReturn: y }));
      const text = [before, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
      writeFileSync(join(folder.path, name, `seed${index + 1}`, "metrics.jsonl"), text);
    }
    const { points = [], band } = (await seedChart([open(name)])).series[0] ?? {};
    return { points: points.map(({ x, y }) => ({ x: x - 1, y })), band };
  }

  it("takes of each run the last value by then, from where all have one to the end of the shortest", async () => {
    expect((await curveOf("steps", [late, early])).points).toEqual(
      pointsOf([20, 51], [30, 151], [40, 152], [50, 252], [60, 253]),
    );
  });

  it("is the interquartile mean, with its interval around it", async () => {
    const values = [1, 2, 4, 8, 1000];
    const { points, band } = await curveOf(
      "values",
      values.map((value) => pointsOf([5, value])),
    );
    const [low, high] = interquartileMeanInterval(values);
    expect(points).toEqual(pointsOf([5, 14 / 3]));
    expect(band).toEqual([{ x: 6, low, high }]);
  });

  it("of one seed is that run, with no interval", async () => {
    expect(await curveOf("one", [late])).toEqual({ points: late, band: undefined });
    const { series, faint } = seedsChart("A", [late]);
    expect([series[0]?.label, faint]).toEqual(["1 seed", undefined]);
  });

  it("is thinned, and keeps its end", async () => {
    const long = Array.from({ length: 1000 }, (_, index) => ({ x: index + 1, y: index }));
    const { points, band } = await curveOf("long", [long, long]);
    expect(points.length).toBeLessThanOrEqual(128);
    expect([points[0], points.at(-1)]).toEqual([long[0], long.at(-1)]);
    expect(band).toHaveLength(points.length);
  });
});

describe("a chart", () => {
  const chart: Chart = {
    ...{ title: "A", xLabel: "steps", yLabel: "return" },
    series: [
      {
        ...{ label: "one", points: pointsOf([10, 100], [20, 200]) },
        band: [
          { x: 10, low: -90, high: 110 },
          { x: 20, low: 150, high: 390 },
        ],
      },
    ],
    faint: { label: "each <seed>", lines: [pointsOf([10, 90], [25, 210]), pointsOf([10, 100], [20, 480])] },
    thresholds: [
      { y: 900, label: "lower" },
      { y: 905, label: "higher" },
    ],
  };

  it("has its bands, faint lines and thresholds within its axes", () => {
    const { x, y } = axesOf(chart, 6, 6);
    expect([x.to, y.from, y.to]).toEqual([25, -200, 1000]);
    const { faint: _, thresholds: __, ...alone } = chart;
    expect(axesOf(alone, 6, 4).y.to).toBe(400);
  });

  it("as SVG has the band behind, then what is faint, then the curve, and a name for each kind", () => {
    const svg = svgPlot(chart);
    const kinds = [...svg.matchAll(/<path class="(band|faint|line|threshold)[^"]*" d="([^"]+)"/g)];
    expect(kinds.map(([, kind]) => kind)).toEqual([
      ...["band", "faint", "faint", "line", "threshold", "threshold", "line", "faint"],
    ]);
    // Out along the upper ends, and back along the lower.
    expect(kinds[0]?.[2]).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){3}Z$/);
    expect(svg).toContain(">each &#60;seed&#62;<");
    expect(svg).toContain("one ends at 200 (150 to 390).");
  });

  it("has no two labels of thresholds at one height, the higher line's above", () => {
    const [first, second] = [...svgPlot(chart).matchAll(/class="note" x="\d+" y="([\d.]+)">(\w+)</g)];
    expect([first?.[2], second?.[2]]).toEqual(["higher", "lower"]);
    expect(Number(second?.[1]) - Number(first?.[1])).toBeGreaterThanOrEqual(15);
  });

  it("in a terminal has dots of them all", () => {
    const dotsOf = (part: Partial<Chart>) => terminalPlot({ ...chart, ...part }, 60, 16);
    const whole = dotsOf({});
    for (const part of [{ faint: { label: "", lines: [] } }, { thresholds: [] }]) expect(dotsOf(part)).not.toBe(whole);
    const [series] = chart.series;
    expect(dotsOf({ series: [{ label: "one", points: series?.points ?? [] }] })).not.toBe(whole);
  });
});

describe("plot of folders of seeds", () => {
  beforeAll(async () => {
    copy("a", "b");
    await train("Acrobot-v1", 3, "c/seed3");
    for (const [from, to] of [
      ["a", "b"],
      ["a/seed1", "mixed/seed1"],
      ["c/seed3", "mixed/seed2"],
      ["a/seed1", "empty/seed1"],
      ["a/seed1", "damaged/seed1"],
    ] as const)
      copy(from, to);
    mkdirSync(join(folder.path, "empty", "notes"));
    writeFileSync(join(folder.path, "empty", "seed1", "metrics.jsonl"), "");
    writeFileSync(join(folder.path, "damaged", "seed1", "metrics.jsonl"), '{"iteration":"x"}\n');
  });

  it("draws a folder's seeds, and what they come to, into the folder", async () => {
    const { code, stdout } = await folder.run("plot", "a");
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe("CartPole-v1, 3 seeds: mean return of 100 episodes over environment steps");
    expect(stdout).toMatch(/\nwrote a\/curve\.svg\n$/);
    const picture = readFileSync(join(folder.path, "a", "curve.svg"), "utf8");
    for (const text of ["interquartile mean of 3 seeds, 95% interval", "each seed", "solved at 475"])
      expect(picture).toContain(`>${text}<`);
    expect(picture.match(/class="faint"/g)).toHaveLength(4);
  });

  it("compares several folders, each by its name", async () => {
    const { code, stdout } = await folder.run("plot", "a", "b", "--out", "both.svg");
    expect([code, stdout.split("\n").at(-2)]).toEqual([0, "wrote both.svg"]);
    const picture = readFileSync(join(folder.path, "both.svg"), "utf8");
    for (const text of ["a, 3 seeds", "b, 3 seeds"]) expect(picture).toContain(`>${text}<`);
    expect(picture.match(/class="band/g)).toHaveLength(2);
    expect(await seedChart([open("a")])).toMatchObject({ faint: { lines: { length: 3 } } });
  });

  it("tells runs of one seed apart by their folders, and draws several into none of them", async () => {
    const { stdout } = await folder.run("plot", "a/seed1", "b/seed1");
    expect(stdout).not.toContain("wrote");
    await folder.run("plot", "a/seed1", "b/seed1", "--out", "two.svg");
    const picture = readFileSync(join(folder.path, "two.svg"), "utf8");
    for (const text of ["a/seed1", "b/seed1"]) expect(picture).toContain(`>${text}<`);
  });

  it.each([
    ["a a/seed1", "plot: a is a folder of seeds, and a/seed1 is none; plot them apart"],
    ["a nowhere", "plot: a is a folder of seeds, and nowhere is none; plot them apart"],
    ["a c", "plot: c is of Acrobot-v1, a of CartPole-v1; plot them apart"],
    ["mixed", "plot: mixed/seed2 is of Acrobot-v1, mixed/seed1 of CartPole-v1; a folder of seeds has one environment"],
    ["empty", "plot: no episode has ended in empty/seed1"],
    ["empty/seed1", "plot: no episode has ended in empty/seed1"],
    ["a/seed1 c/seed3", "plot: c/seed3 is of Acrobot-v1, the first run of CartPole-v1; plot them apart"],
    ["damaged", 'damaged/seed1/metrics.jsonl: line 1: iteration: "x" is not an integer of at least 1'],
  ])("%s is refused", async (operands, message) => {
    const { code, stdout, stderr } = await folder.run("plot", ...operands.split(" "));
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `proximal: ${message}\n` });
  });
});
