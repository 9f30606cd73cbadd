// Charts: scales that read well, and the two ways of drawing them.

import { describe, expect, it } from "vitest";
import { axesOf, type Chart, shortNumber } from "../../src/cli/chart.ts";
import { liveReporter } from "../../src/cli/reporters.ts";
import { svgPlot } from "../../src/cli/svg-plot.ts";
import { sparkline, terminalPlot } from "../../src/cli/terminal-plot.ts";
import type { Iteration } from "../../src/index.ts";

const chartOf = (points: readonly [number, number][], threshold?: number): Chart => ({
  title: "A & B",
  xLabel: "steps",
  yLabel: "return",
  series: [{ label: "<one>", points: points.map(([x, y]) => ({ x, y })) }],
  ...(threshold !== undefined && { thresholds: [{ y: threshold, label: "solved" }] }),
});
const line = chartOf(
  [
    [1000, 20],
    [50_000, 200],
    [100_352, 480],
  ],
  475,
);

describe("axes", () => {
  it("step by 1, 2 or 5 times a power of ten", () => {
    const stepTo = (most: number) => axesOf(chartOf([[1, most]]), 5, 1).y.ticks[1];
    expect([0.9, 1, 1.1, 3, 7, 23, 480, 0.03, 1e-4].map(stepTo)).toEqual([1, 1, 2, 5, 10, 50, 500, 0.05, 1e-4]);
  });

  it("hold the data, the threshold and 0", () => {
    const { x, y } = axesOf(line, 5, 4);
    expect([x.from, x.to, y.from]).toEqual([0, 100_352, 0]);
    expect(y.to).toBeGreaterThanOrEqual(480);
    expect(x.ticks.every((tick) => tick <= x.to)).toBe(true);
    const below = axesOf(
      chartOf([
        [1, -1600],
        [2, -150],
      ]),
      5,
      4,
    ).y;
    expect([below.from, below.to]).toEqual([-2000, 0]);
  });

  it("exist for no point, for one, and for equal ones", () => {
    for (const chart of [
      chartOf([]),
      chartOf([[5, 5]]),
      chartOf([
        [1, 0],
        [2, 0],
      ]),
    ]) {
      const { x, y } = axesOf(chart, 5, 4);
      for (const { from, to, ticks } of [x, y]) {
        expect(to).toBeGreaterThan(from);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.every(Number.isFinite)).toBe(true);
      }
      expect(terminalPlot(chart, 40, 10).split("\n")).toHaveLength(10);
      expect(svgPlot(chart)).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it("name numbers shortly", () => {
    expect([0, 475, 9999, 20_000, 1_234_567, -1500, 0.25].map(shortNumber)).toEqual([
      ...["0", "475", "10000", "20k", "1.23M", "-1500", "0.25"],
    ]);
  });
});

describe("in a terminal", () => {
  it.each([40, 80, 100])("a chart keeps to %i columns", (width) => {
    const rows = terminalPlot(line, width, 16).split("\n");
    expect(rows).toHaveLength(16);
    for (const row of rows.slice(1)) expect([...row].length, row).toBeLessThanOrEqual(width);
    expect(rows[0]).toBe("A & B: return over steps");
  });

  it("a sparkline rises with its values", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([1, 2], 8)).toHaveLength(2);
    expect(sparkline([], 8)).toBe("");
    expect(sparkline([3, 3, 3], 3)).toBe("███");
  });

  it("the live display redraws two lines in place, and takes itself away", () => {
    const writes: string[] = [];
    const reporter = liveReporter({
      ...{ height: 24, colorDepth: 1 },
      isTerminal: true,
      width: 60,
      write: (text) => writes.push(text),
      style: (_, text) => text,
    });
    const iteration = { steps: 512, meanReturn: 21.5, solvedAtStep: null } as Iteration;
    reporter.begin("training");
    reporter.iteration(iteration, { totalSteps: 1024, stepsPerSecond: 100_000 });
    const [, drawn] = writes as [string, string];
    const [bar, status] = drawn.replace("\x1b[?25l\x1b[J", "").split("\n") as [string, string];
    expect([...bar].length).toBeLessThanOrEqual(60);
    expect(bar).toContain(" 50%");
    expect(status).toContain("512 of 1,024 steps");
    expect([...status].length).toBeLessThan(60);
    reporter.clear();
    expect(writes.at(-1)).toBe("\r\x1b[1A\x1b[J\x1b[?25h");
  });
});

describe("as SVG", () => {
  it("is well-formed, escapes its texts and describes itself", () => {
    const svg = svgPlot(line);
    const open: string[] = [];
    for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/g)) {
      if (slash) expect(open.pop()).toBe(name);
      else if (!rest?.endsWith("/")) open.push(name as string);
    }
    expect(open).toEqual([]);
    expect(svg).toContain("A &#38; B");
    expect(svg).not.toContain("<one>");
    expect(svg).toMatch(/<desc id="desc">return over 100k steps: &#60;one&#62; ends at 480\.<\/desc>/);
  });
});
