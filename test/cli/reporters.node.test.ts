// How often a training run shows itself, and that what it says last is its result.

import { afterEach, describe, expect, it, vi } from "vitest";
import type { Evaluation } from "../../src/cli/evaluations.ts";
import { jsonReporter, lineReporter, liveReporter, type Reporter } from "../../src/cli/reporters.ts";
import type { Result } from "../../src/cli/result.ts";
import type { Iteration } from "../../src/index.ts";

afterEach(() => vi.restoreAllMocks());

function watch(make: (output: Parameters<typeof lineReporter>[0]) => Reporter) {
  const written: string[] = [];
  const output = { isTerminal: true, width: 80, height: 24, colorDepth: 1, style: (_: unknown, text: string) => text };
  return { reporter: make({ ...output, write: (text) => void written.push(text) }), written };
}

const iterationAt = (iteration: number) =>
  ({ iteration, steps: 1000 * iteration, meanReturn: iteration, solvedAtStep: null }) as Iteration;
const pace = { totalSteps: 200_000, stepsPerSecond: 1000 };
const result: Result = {
  ...{ env: "CartPole-v1", seed: 1, steps: 200_000, seconds: 200, stepsPerSecond: 1000 },
  ...{ meanReturn: null, solvedAtStep: null, checksum: "0123456789abcdef", kernels: "strict" },
};
const curve = { title: "", xLabel: "", yLabel: "", series: [] };

it("plain lines are twenty, however many iterations there are", () => {
  const { reporter, written } = watch(lineReporter);
  for (let iteration = 1; iteration <= 200; iteration++) reporter.iteration(iterationAt(iteration), pace);
  expect(written).toHaveLength(20);
  expect(written[0]).toContain("10,000 of 200,000 steps");
  expect(written[19]).toContain("200,000 of 200,000 steps");
  expect(written.every((line) => line.endsWith("\n"))).toBe(true);
});

describe("the live display", () => {
  it("is drawn at most ten times a second", () => {
    const { reporter, written } = watch(liveReporter);
    let now = 5000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    for (let iteration = 1; iteration <= 100; iteration++, now += 25) reporter.iteration(iterationAt(iteration), pace);
    expect(written).toHaveLength(25);
    // The cursor is hidden with the first, and every other takes the place of the one before.
    expect(written.map((text) => text.startsWith("\x1b[?25l"))).toEqual([true, ...Array(24).fill(false)]);
    expect(written.slice(1).every((text) => text.startsWith("\r\x1b[1A\x1b[J"))).toBe(true);
  });

  it("is taken away before anything else is said, and at the end", () => {
    const { reporter, written } = watch(liveReporter);
    const away = "\r\x1b[1A\x1b[J\x1b[?25h";
    reporter.note("before");
    reporter.iteration(iterationAt(1), pace);
    reporter.note("after");
    reporter.end(result, curve, "files");
    expect([written[0], ...written.slice(2, 4)]).toEqual(["before\n", away, "after\n"]);
    // It was away already.
    expect(written.filter((text) => text === away)).toHaveLength(1);
    expect(written.at(-1)).toContain("parameters 0123456789abcdef (strict kernels)");
  });
});

describe("evaluations", () => {
  const evaluation = { iteration: 3, steps: 3000, episodes: 5, meanReturn: 41.25 } as Evaluation;

  it.each([lineReporter, liveReporter])("%o shows the best so far behind the mean return, and at the end", (make) => {
    const { reporter, written } = watch(make);
    reporter.iteration(iterationAt(10), pace);
    reporter.evaluation(evaluation, true);
    vi.spyOn(performance, "now").mockReturnValue(1e9);
    reporter.iteration(iterationAt(20), { ...pace, best: 41.25 });
    reporter.end({ ...result, bestMeanReturn: 41.25, bestAtStep: 3000 }, curve, "files");
    expect(written[0]).not.toContain("best");
    expect(written[1]).toContain("mean return 20.0 · best 41.3");
    expect(written.at(-1)).toContain("\nbest policy after 3,000 steps, evaluated at a mean return of 41.3\n");
  });

  it("before the first are none, and without them nothing is said", () => {
    const { reporter, written } = watch(lineReporter);
    reporter.end({ ...result, bestMeanReturn: null, bestAtStep: null }, curve, "files");
    reporter.end(result, curve, "files");
    expect(written[0]).toContain("\nbest policy: no evaluation yet\n");
    expect(written[1]).not.toContain("best");
  });

  it("are a line of JSON each", () => {
    const { reporter, written } = watch(jsonReporter);
    reporter.evaluation(evaluation, false);
    expect(written.map((line) => JSON.parse(line))).toEqual([{ type: "evaluation", ...evaluation, isBest: false }]);
  });
});

it("JSON is a line for each iteration, the result last, and no word beside it", () => {
  const { reporter, written } = watch(jsonReporter);
  reporter.begin("training");
  reporter.iteration({ ...iterationAt(1), meanReturn: Number.NaN }, pace);
  reporter.end(result, curve, "files");
  expect(written.map((line) => JSON.parse(line))).toMatchObject([{ type: "iteration", iteration: 1 }, result]);
});
