// How several seeds show themselves, and how their list is read.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  jsonPoolReporter,
  linePoolReporter,
  livePoolReporter,
  type PoolReporter,
} from "../../src/cli/pool/reporters.ts";
import { SeedRun, SeedRuns } from "../../src/cli/pool/runs.ts";
import { listOf, seedsOf } from "../../src/cli/pool/seeds.ts";
import type { SeedSummary } from "../../src/cli/seed-summary.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

function watch(
  make: (output: Terminal, runs: SeedRuns) => PoolReporter,
  { count = 10, width = 80, height = 24, before = 0 } = {},
) {
  const written: string[] = [];
  const style = (_: unknown, text: string) => text;
  const output = {
    isTerminal: true,
    width,
    height,
    colorDepth: 1,
    style,
    write: (text: string) => void written.push(text),
  };
  const all = Array.from({ length: count }, (_, index) => new SeedRun(index + 1, 100_000, before));
  const runs = new SeedRuns(all);
  const reporter = make(output, runs);
  const run = (seed: number) => all[seed - 1] as SeedRun;
  const move = (seed: number, change: Partial<SeedRun>) => reporter.moved(Object.assign(run(seed), change));
  const advance = (seed: number, iteration: number) => {
    run(seed).advance({ iteration, steps: 1000 * iteration, meanReturn: iteration / 2 });
    reporter.moved(run(seed));
  };
  /** The lines that are shown last, without what moves the cursor. */
  const shown = () => (written.at(-1) as string).split("\x1b[J").at(-1)?.split("\n") as string[];
  return { written, output, reporter, move, advance, shown };
}

const summary: SeedSummary = {
  ...{ env: "CartPole-v1", unfinished: [2] },
  runs: [
    {
      seed: 1,
      finished: true,
      steps: 100_000,
      meanReturn: 487.25,
      solvedAtStep: 61_440,
      checksum: "0123456789abcdef01",
    },
    { seed: 2, finished: false, steps: 20_000, meanReturn: null, solvedAtStep: null, checksum: null },
  ],
  ...{ meanReturn: 487.25, stdReturn: 0, interquartileMeanReturn: 487.25, intervalLow: 487.25, intervalHigh: 487.25 },
};

describe("the live display", () => {
  it("has a line for each run, which tells what becomes of it, and one for all", () => {
    const { move, advance, shown } = watch(livePoolReporter, { count: 5 });
    move(1, { stage: "done", steps: 100_000, meanReturn: 487.25 });
    move(2, { stage: "running" });
    for (let iteration = 1; iteration <= 50; iteration++) {
      vi.advanceTimersByTime(100);
      advance(2, iteration);
    }
    move(3, { stage: "failed", steps: 2000 });
    move(4, { stage: "saved" });
    vi.advanceTimersByTime(100);
    expect(shown()).toEqual([
      "seed 1  done                   100,000 steps  mean return    487.3",
      "seed 2  ━━━━━━━────── 50%       50,000 steps  mean return     25.0  ▁▂▃▃▄▅▅▆▇██",
      "seed 3  failed                   2,000 steps  mean return        -",
      "seed 4  saved                        0 steps  mean return        -",
      "seed 5  waiting                      0 steps  mean return        -",
      "1/5 done · 1 failed · 0:16 left · 9,800 steps/s",
    ]);
  });

  it.each([
    [80, 24],
    [40, 10],
    [40, 3],
    [71, 8],
    [200, 50],
  ])("fits %i x %i, however many runs there are", (width, height) => {
    const { move, advance, shown } = watch(livePoolReporter, { count: 40, width, height });
    for (let seed = 1; seed <= 20; seed++) move(seed, { stage: "done", steps: 100_000, meanReturn: -12_345.6 });
    move(33, { stage: "failed" });
    for (const seed of [21, 40]) {
      move(seed, { stage: "running" });
      advance(seed, 1);
      advance(seed, 2);
    }
    vi.advanceTimersByTime(100);
    const lines = shown();
    expect(lines.length).toBeLessThan(height);
    expect(lines.length).toBe(Math.min(41, height - 1));
    for (const line of lines) expect(line.length, line).toBeLessThan(width);
    // Those that run come first, then those that failed; all are counted.
    expect(lines.some((line) => line.startsWith("seed 21"))).toBe(true);
    if (height > 3)
      for (const seed of [33, 40]) expect(lines.some((line) => line.startsWith(`seed ${seed}`))).toBe(true);
    expect(lines.at(-1)).toMatch(
      width < 72 ? /^20\/40 done · 1 failed/ : /^20 done · 2 running · 1 failed · 17 waiting/,
    );
  });

  it("is drawn at most ten times a second, and the last change is", () => {
    const { written, move, advance, shown } = watch(livePoolReporter);
    move(1, { stage: "running" });
    for (let iteration = 1; iteration <= 100; iteration++) {
      vi.advanceTimersByTime(25);
      advance(1, iteration);
    }
    move(1, { stage: "done" });
    expect(written.length).toBeLessThanOrEqual(26);
    vi.advanceTimersByTime(100);
    expect(shown()[0]).toContain("done");
    const { length } = written;
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(length);
    // The cursor is hidden with the first, and every other takes the place of the one before.
    expect(written.map((text) => text.startsWith("\x1b[?25l"))).toEqual([true, ...Array(length - 1).fill(false)]);
    expect(written.slice(1).every((text) => text.startsWith("\r\x1b[10A\x1b[J"))).toBe(true);
  });

  it("is taken away before anything else is said, at the end, and where it had wrapped on a narrower terminal", () => {
    const { written, output, reporter, move } = watch(livePoolReporter, { count: 2 });
    move(1, { stage: "running" });
    move(2, { stage: "running" });
    reporter.note("seed 2: ended\x1b[2J");
    // What was still to be drawn is not.
    vi.advanceTimersByTime(1000);
    expect(written.slice(1)).toEqual(["\r\x1b[2A\x1b[J\x1b[?25h", "seed 2: ended\\u001b[2J\n"]);
    move(1, { stage: "done" });
    output.width = 40;
    reporter.clear();
    expect(written.at(-1)).toBe("\r\x1b[4A\x1b[J\x1b[?25h");
    reporter.clear();
    reporter.end(summary, "files");
    expect(written).toHaveLength(6);
  });
});

describe("plain lines", () => {
  it("are one where a run begins or ends, and one for each twentieth of all", () => {
    const { written, move, advance } = watch(linePoolReporter, { count: 2, before: 5000 });
    move(1, { stage: "running" });
    move(1, { stage: "done", steps: 100_000, meanReturn: 487.25 });
    move(2, { stage: "running", steps: 0 });
    for (let iteration = 1; iteration <= 100; iteration++) {
      vi.advanceTimersByTime(1000);
      advance(2, iteration);
    }
    move(2, { stage: "failed" });
    expect(written.filter((line) => line.startsWith("seed"))).toEqual([
      "seed 1: goes on after 5,000 steps\n",
      "seed 1: done after 100,000 steps, mean return 487.3\n",
      "seed 2: begins\n",
      "seed 2: failed after 100,000 steps, mean return 50.0\n",
    ]);
    const others = written.filter((line) => !line.startsWith("seed"));
    // The first half with the end of the first run.
    expect(others).toHaveLength(11);
    expect(others[0]).toMatch(/^105,000 of 200,000 steps · /);
    expect(others[5]).toBe("150,000 of 200,000 steps · 1 done · 1 running · 1,000 steps/s · 0:50 left\n");
  });
});

it("JSON is the line of a run with its seed, and what all came to", () => {
  const { written, reporter, move } = watch(jsonPoolReporter);
  reporter.begin("training");
  move(3, { stage: "running" });
  reporter.line(3, { type: "iteration", iteration: 1, meanReturn: null });
  reporter.end(summary, "files");
  expect(written).toEqual([
    '{"type":"iteration","seed":3,"iteration":1,"meanReturn":null}\n',
    `${JSON.stringify({ type: "summary", ...summary })}\n`,
  ]);
});

describe("the summary", () => {
  const figures = [
    "",
    "CartPole-v1, 1 seed: mean return 487.3 ± 0.0",
    "interquartile mean 487.3, 95% interval 487.3 to 487.3",
    "without 2, which did not come to an end",
    "files",
    "",
  ];
  it.each([
    [
      80,
      [
        "seed    steps  mean return  solved at          checksum",
        "   1  100,000        487.3     61,440  0123456789abcdef",
        "   2   20,000            -          -        unfinished",
      ],
    ],
    [
      54,
      [
        "seed    steps  mean return  solved at",
        "   1  100,000        487.3     61,440",
        "   2   20,000            -          -",
      ],
    ],
  ])("in %i columns is a table of the seeds, and what they came to together", (width, table) => {
    const { written, reporter } = watch(linePoolReporter, { width });
    reporter.end(summary, "files");
    expect(written.join("").split("\n")).toEqual(["", ...table, ...figures]);
  });
});

it("a list of seeds is read, and written the same", () => {
  for (const [list, seeds] of [
    ["3", [3]],
    ["0-2", [0, 1, 2]],
    ["1,4,7-9", [1, 4, 7, 8, 9]],
    ["9,1-2", [1, 2, 9]],
  ] as const) {
    expect(seedsOf(list)).toEqual(seeds);
    expect(seedsOf(listOf(seeds))).toEqual(seeds);
  }
  expect(listOf([1, 2, 3, 7])).toBe("1-3,7");
  expect(seedsOf("1-1000")).toHaveLength(1000);
  for (const list of ["", "1,", "-1", "1-", "1.5", "1-1001", "1-3,2", "9007199254740992"])
    expect(() => seedsOf(list), list).toThrow(/^--seeds: .*as 1-10 or 1,4,7-9$/);
});
