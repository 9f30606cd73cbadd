// Several seeds at once: each is trained as it would be alone, whatever happens to the others, to the one that starts
// them, or to all of them.

import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, finished, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());

const small = ["--num-envs", "2", "--num-steps", "16", "--num-minibatches", "2", "--num-epochs", "1"];
/** CartPole-v1 that takes its time after some steps, for as long as there is a file that says so. */
const held = `
  import { existsSync } from "node:fs";
  import { make } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
  const cell = new Int32Array(new SharedArrayBuffer(4));
  export default async (options) => {
    const env = await make("CartPole-v1", options);
    const step = env.step.bind(env);
    let steps = 0;
    env.step = (...args) => {
      if (++steps > 160 && existsSync("hold")) Atomics.wait(cell, 0, 0, 10);
      return step(...args);
    };
    return env;
  };
`;
const options = ["./held.mjs", ...small, "--hidden-sizes", "4", "--total-steps", "3200"];
const seeds = [1, 2, 3];
const several = ["train", ...options, "--seeds", "1-3", "--workers", "2"];

const inFolder = (...path: string[]) => join(folder.path, ...path);
const json = (...path: string[]) => JSON.parse(readFileSync(inFolder(...path), "utf8"));
const inRun = (out: string, seed: number, file: string) => inFolder(out, `seed${seed}`, file);
/** Those that train, by the locks that they hold. */
const processesOf = (out: string) =>
  seeds.flatMap((seed) => {
    const run = inFolder(out, `seed${seed}`);
    const names = existsSync(run) ? readdirSync(run) : [];
    return names.flatMap((name) => /^lock-(\d+)-/.exec(name)?.[1] ?? []).map(Number);
  });
const killFirst = (out: string, signal: NodeJS.Signals) => {
  const [pid] = processesOf(out);
  if (pid !== undefined) process.kill(pid, signal);
};
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const until = async (isSo: () => boolean) => {
  const deadline = performance.now() + 30_000;
  while (!isSo() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isSo()).toBe(true);
};
/**
 * Starts all seeds, and acts once those that are trained at first have some iterations; by themselves they do not end.
 * @param mayGoOn whether they may then
 */
const disturbed = async (
  out: string,
  act: (child: ChildProcess) => void,
  args: readonly string[] = [],
  mayGoOn = false,
) => {
  writeFileSync(inFolder("hold"), "");
  const child = folder.start([...several, "--out", out, "--json", ...args]);
  const iterations = new Map<unknown, number>();
  let [rest, hasActed] = ["", false];
  child.stdout?.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const { seed, iteration } of lines.map((line) => JSON.parse(line))) iterations.set(seed, iteration);
    if (hasActed || [1, 2].some((seed) => (iterations.get(seed) ?? 0) < 5)) return;
    hasActed = true;
    act(child);
    if (mayGoOn) rmSync(inFolder("hold"));
  });
  const ended = await finished(child);
  rmSync(inFolder("hold"), { force: true });
  return ended;
};
const expectAsAlone = (out: string) => {
  for (const seed of seeds) {
    for (const file of ["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg", "config.json"]) {
      const alone = readFileSync(inFolder(`alone${seed}`, file));
      expect(readFileSync(inRun(out, seed, file)).equals(alone), `${file} of seed ${seed}`).toBe(true);
    }
  }
};

let whole: string;
beforeAll(async () => {
  writeFileSync(inFolder("held.mjs"), held);
  const runs = seeds.map((seed) => folder.run("train", ...options, "--seed", `${seed}`, "--out", `alone${seed}`));
  expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0, 0]);
  whole = (await folder.run(...several, "--json", "--out", "whole")).stdout;
}, 120_000);

describe("several seeds", () => {
  it("are trained as each alone", () => {
    expectAsAlone("whole");
    for (const seed of seeds) {
      const checksum = json(`alone${seed}`, "result.json").checksum;
      expect(json("whole", `seed${seed}`, "result.json").checksum).toBe(checksum);
    }
  });

  it("print the lines of each run with its seed, and the summary last", () => {
    const lines = jsonLines(whole);
    const { type, ...summary } = lines.at(-1) as Record<string, unknown>;
    expect(type).toBe("summary");
    expect({ format: "summary", version: 1, ...summary }).toEqual(json("whole", "summary.json"));
    for (const seed of seeds) {
      const own = lines.slice(0, -1).filter((line) => line.seed === seed);
      expect(own.map(({ iteration }) => iteration)).toEqual([
        ...Array.from({ length: 100 }, (_, n) => n + 1),
        undefined,
      ]);
      const { seconds, stepsPerSecond, format, version, ...result } = json("whole", `seed${seed}`, "result.json");
      expect(own.at(-1)).toMatchObject({ type: "result", ...result });
      const { type: _, seed: __, ...iteration } = own[0] as Record<string, unknown>;
      const [first] = readFileSync(inRun("whole", seed, "metrics.jsonl"), "utf8").split("\n");
      expect(JSON.stringify(iteration)).toBe(first);
    }
  });

  it("leave what they come to together", () => {
    const { runs, ...summary } = json("whole", "summary.json");
    const returns = seeds.map((seed) => json(`alone${seed}`, "result.json").meanReturn as number);
    const mean = returns.reduce((sum, value) => sum + value) / 3;
    expect(runs).toEqual(
      seeds.map((seed) => {
        const { steps, meanReturn, solvedAtStep, checksum } = json(`alone${seed}`, "result.json");
        return { seed, finished: true, steps, meanReturn, solvedAtStep, checksum };
      }),
    );
    expect(summary).toMatchObject({ env: "./held.mjs", unfinished: [] });
    expect(summary.meanReturn).toBeCloseTo(mean, 10);
    expect(summary.stdReturn).toBeCloseTo(Math.hypot(...returns.map((value) => value - mean)) / Math.sqrt(3), 10);
    // Of three a quarter is less than one.
    expect(summary.interquartileMeanReturn).toBeCloseTo(mean, 10);
    expect(summary.intervalLow).toBeCloseTo(Math.min(...returns), 10);
    expect(summary.intervalHigh).toBeCloseTo(Math.max(...returns), 10);
  });

  it("that have ended are done at once, and say what they came to", async () => {
    const before = readFileSync(inRun("whole", 1, "checkpoint.safetensors"));
    const { code, stdout, stderr } = await folder.run("train", "--resume", "whole");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^training .\/held.mjs, seeds 1-3, 0 at once, going on after 9600 of 9600 steps, in whole$/m,
    );
    for (const seed of seeds) {
      const checksum = json(`alone${seed}`, "result.json").checksum.slice(0, 16);
      expect(stdout).toMatch(new RegExp(`^ +${seed}  3,200 .* ${checksum}$`, "m"));
    }
    expect(stdout).toMatch(
      /^.\/held.mjs, 3 seeds: mean return [\d.]+ ± [\d.]+\ninterquartile mean [\d.]+, 95% interval/m,
    );
    expect(readFileSync(inRun("whole", 1, "checkpoint.safetensors")).equals(before)).toBe(true);
  });

  it("go on to more steps, with more seeds, which were never shorter", async () => {
    cpSync(inFolder("whole"), inFolder("longer"), { recursive: true });
    const more = ["--total-steps", "3264", "--seeds", "3-4", "--workers", "4"];
    const { code, stdout } = await folder.run("train", "--resume", "longer", ...more);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^training .\/held.mjs, seeds 1-4, 4 at once, going on after 9600 of 13056 steps, in longer$/m,
    );
    expect(stdout).toMatch(/^seed 1: goes on after 3,200 steps$/m);
    expect(stdout).toMatch(/^seed 4: begins$/m);
    // As many lines as twentieths are left.
    expect(stdout.match(/^[\d,]+ of 13,056 steps · /gm)?.length).toBeLessThanOrEqual(6);
    const { runs } = json("longer", "summary.json") as { runs: { seed: number; steps: number }[] };
    expect(runs.map(({ seed, steps }) => [seed, steps])).toEqual([1, 2, 3, 4].map((seed) => [seed, 3264]));
    expect(json("longer", "seed1", "config.json").earlier).toEqual([{ untilIteration: 100, totalSteps: 3200 }]);
    expect(json("longer", "seed4", "config.json")).toMatchObject({ seed: 4, hyperparameters: { seed: 4 } });
    expect((await folder.run("train", "--resume", "longer", "--seeds", "5")).code).toBe(0);
    for (const seed of [4, 5]) expect(json("longer", `seed${seed}`, "config.json").earlier).toBeUndefined();
    const { code: refused, stderr } = await folder.run("train", "--resume", "longer", "--total-steps", "320");
    expect({ refused, stderr }).toEqual({
      refused: 2,
      stderr: "proximal: --total-steps: 320 is less than the 3264 that seed 1 has behind it\n",
    });
  });

  it("stop each once it is solved, where that was asked for, and are at their end then", async () => {
    const solved = ["--stop-when-solved", "--total-steps", "200000", "--seeds", "1", "--out", "solved"];
    const { code } = await folder.run("train", "CartPole-v1", ...solved);
    expect(code).toBe(0);
    const { runs, unfinished } = json("solved", "summary.json");
    expect(unfinished).toEqual([]);
    for (const { steps, solvedAtStep } of runs) expect(steps - solvedAtStep).toBeLessThan(1024);
    expect((await folder.run("train", "--resume", "solved", "--stop-when-solved")).stdout).toContain(" 0 at once");
  });
});

describe("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s has all of them saved, exits with %i, and they go on to the same bytes", async (signal, exitCode) => {
    const { code, stdout, stderr } = await disturbed(signal, (child) => child.kill(signal));
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(
      new RegExp(
        `^${signal}: stopping each run after its iteration, then saving\n` +
          "interrupted after [\\d,]+ steps; saved 2 runs, 1 not begun\n" +
          `go on with: ${folder.called} train --resume ${signal}\n$`,
      ),
    );
    expect(jsonLines(stdout).map(({ type }) => type)).not.toContain("result");
    expect(processesOf(signal)).toEqual([]);
    expect(existsSync(inRun(signal, 1, "result.json"))).toBe(true);
    expect(readdirSync(inFolder(signal, "seed3"))).toEqual(["config.json"]);
    const { unfinished, meanReturn } = json(signal, "summary.json");
    expect({ unfinished, meanReturn }).toEqual({ unfinished: seeds, meanReturn: null });
    const { code: again, stderr: said } = await folder.run("train", "--resume", signal, "--json", "--workers", "3");
    expect({ again, said }).toEqual({ again: 0, said: "" });
    expectAsAlone(signal);
  });

  it("to all processes, as from a terminal, is answered once", async () => {
    const child = folder.startGroup([...several, "--out", "group", "--total-steps", "10000000"]);
    void until(() => [1, 2].every((seed) => existsSync(inRun("group", seed, "metrics.jsonl")))).then(() =>
      process.kill(-(child.pid as number), "SIGINT"),
    );
    const { code, stdout, stderr } = await finished(child);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(stdout.slice(stdout.indexOf("SIGINT"))).toMatch(
      /^SIGINT: stopping each run after its iteration, then saving\n(seed \d: saved after .*\n)*interrupted .*\ngo on with: .*\n$/,
    );
    expect(existsSync(inRun("group", 2, "result.json"))).toBe(true);
  });

  it("the third ends all of them as they stand", async () => {
    // A checkpoint takes no time, so that those that train have to be stopped to be still there.
    const stopped: number[] = [];
    const { code, stderr } = await disturbed("third", (child) => {
      stopped.push(...processesOf("third"));
      for (const pid of stopped) process.kill(pid, "SIGSTOP");
      for (const at of [0, 300, 600]) setTimeout(() => child.kill("SIGTERM"), at);
    });
    expect({ code, stderr }).toEqual({
      code: 143,
      stderr:
        "SIGTERM: stopping each run after its iteration, then saving\n" +
        "still saving; once more ends without, and the last checkpoint stays\n",
    });
    expect(stopped).toHaveLength(2);
    await until(() => !stopped.some(isRunning));
  });
});

describe("a run that dies", () => {
  it("takes none of the others with it, says so, and goes on to the same bytes", async () => {
    const { code, stdout, stderr } = await disturbed("dead", () => killFirst("dead", "SIGKILL"), [], true);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        "^seed 1: ended by SIGKILL after [\\d,]+ steps; the others go on\n" +
          `go on with: ${folder.called} train --resume dead\n$`,
      ),
    );
    const { unfinished, runs } = jsonLines(stdout).at(-1) as { unfinished: number[]; runs: { finished: boolean }[] };
    expect(unfinished).toEqual([1]);
    expect(runs.map((run) => run.finished)).toEqual([false, true, true]);
    const { code: again, stdout: rest } = await folder.run("train", "--resume", "dead", "--json");
    expect(again).toBe(0);
    // Of the others nothing was trained again.
    expect(
      new Set(
        jsonLines(rest)
          .slice(0, -1)
          .map(({ seed }) => seed),
      ),
    ).toEqual(new Set([1]));
    expectAsAlone("dead");
  });

  it("by an error says it in its one line, and by a signal of its own which", async () => {
    const failing = ["--learning-rate", "1e30", "--seeds", "1,2", "--workers", "1", "--out", "failing"];
    const { code, stdout, stderr } = await folder.run("train", ...options, ...failing);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^seed 1: \w+ is (NaN|Infinity) in iteration \d+, .*; the others go on$/m);
    expect(stdout).toMatch(/^seed 2: \w+ is (NaN|Infinity) in iteration \d+, .*(?<!go on)$/m);
    expect(stdout).toMatch(/^without 1-2, which did not come to an end$/m);
    const ended = await disturbed("ended", () => killFirst("ended", "SIGINT"), [], true);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^seed 1: ended by SIGINT after [\d,]+ steps; the others go on\ngo on with: .*\n$/);
    expect(existsSync(inRun("ended", 1, "result.json"))).toBe(true);
  });

  it("with the one that starts them: they save and end, and go on to the same bytes", async () => {
    const { code } = await disturbed("orphans", (child) => child.kill("SIGKILL"));
    expect(code).toBe(null);
    await until(() => processesOf("orphans").length === 0);
    for (const seed of [1, 2]) {
      const { steps } = json("orphans", `seed${seed}`, "result.json");
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(3200);
    }
    const { code: again, stderr } = await folder.run("train", "--resume", "orphans", "--json");
    expect({ again, stderr }).toEqual({ again: 0, stderr: "" });
    expectAsAlone("orphans");
  });
});

describe("what is wrong is said in one line, before there is a folder:", () => {
  const list = "it takes seeds and ranges, as 1-10 or 1,4,7-9";
  it.each([
    [["--seeds", "5-1"], `--seeds: 5-1 ends before it begins; ${list}`],
    [["--seeds", "1,1"], `--seeds: 1 is in 1,1 twice; ${list}`],
    [["--seeds", "a"], `--seeds: "a" is no seed and no range; ${list}`],
    [["--seeds", "1-1e9"], `--seeds: "1-1e9" is no seed and no range; ${list}`],
    [["--seeds", "1-1000000000"], `--seeds: 1-1000000000 is 1,000,000,000 seeds, and 1,000 are the most; ${list}`],
    [["--seeds", "1", "--seed", "2"], "--seed: the seeds are those of --seeds; give one of the two"],
    [["--seeds", "1", "--workers", "0"], "--workers: 0 is not an integer of at least 1"],
    [["--workers", "2"], "--workers: it is of several seeds, as --seeds 1-10 has them"],
    [["--seeds", "1", "--gamma", "2"], "--gamma: 2 is not a number from 0 to 1"],
    [["--seeds", "1", "--num-minibatches", "64"], "numMinibatches: "],
    [["--seeds", "1", "--eval-episodes", "3"], "--eval-episodes: there are no evaluations without --eval-every"],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await folder.run("train", ...options, ...args, "--out", "wrong");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(`proximal: ${message}`), stderr).toBe(true);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect(existsSync(inFolder("wrong"))).toBe(false);
  });

  it("another run, other seeds or another training in the folder", async () => {
    mkdirSync(inFolder("mixed", "seed2"), { recursive: true });
    cpSync(inFolder("whole", "seed1"), inFolder("mixed", "seed1"), { recursive: true });
    const config = readFileSync(inRun("whole", 2, "config.json"), "utf8");
    writeFileSync(inRun("mixed", 2, "config.json"), config.replace('"./held.mjs"', '"Acrobot-v1"'));
    cpSync(inFolder("whole", "seed1"), inFolder("misnamed", "seed2"), { recursive: true });
    const choose = (path: string) => `go on with --resume ${path}, or choose another folder`;
    const cases = [
      [["CartPole-v1", "--seeds", "1", "--out", "alone1"], `--out: alone1 holds a run already; ${choose("alone1")}`],
      [
        ["CartPole-v1", "--seeds", "7", "--out", "whole"],
        `--out: whole holds runs of seeds already; ${choose("whole")}`,
      ],
      [
        ["CartPole-v1", "--seeds", "1", "--out", "alone1/config.json"],
        "--out: alone1/config.json is a file, not a folder",
      ],
      [["--resume", "whole", "--gamma", "0.9"], "--resume: gamma cannot change, the run goes on with what it has; "],
      [["--resume", "alone1", "--seeds", "1-3"], "--seeds: alone1 is the folder of one run"],
      [["--resume", "nowhere", "--seeds", "1-3"], "nowhere: no such folder"],
      [["--resume", "mixed"], "mixed/seed2: of another training than mixed/seed1; go on with each by itself"],
      [["--resume", "misnamed"], "misnamed/seed2: its seed is 1"],
    ] as const;
    const results = await Promise.all(cases.map(([args]) => folder.run("train", ...args)));
    for (const [index, { code, stderr }] of results.entries()) {
      expect(code).toBe(2);
      expect(stderr.startsWith(`proximal: ${cases[index]?.[1]}`), stderr).toBe(true);
      expect(stderr.match(/\n/g)).toHaveLength(1);
    }
    expect(readdirSync(inFolder("whole")).sort()).toEqual(["curve.svg", "seed1", "seed2", "seed3", "summary.json"]);
  });

  it("somebody else who trains them", async () => {
    let second: Promise<Awaited<ReturnType<typeof folder.run>>> | undefined;
    const { code } = await disturbed(
      "shared",
      (child) => {
        second = folder.run("train", "--resume", "shared");
        void second.then(() => child.kill("SIGINT"));
      },
      ["--total-steps", "10000000"],
    );
    expect(code).toBe(130);
    const { code: refused, stderr } = (await second) as Awaited<ReturnType<typeof folder.run>>;
    expect(refused).toBe(2);
    expect(stderr).toMatch(
      /^proximal: shared: process \d+ is writing to it; if that is gone, remove shared\/lock-.*\n$/,
    );
  });
});

it("without --out the folder has the environment's name, and a number where that is taken", async () => {
  const one = ["--seeds", "1", "--total-steps", "32", ...small, "--hidden-sizes", "4"];
  for (const name of ["CartPole-v1", "CartPole-v1-2"]) {
    const { stdout } = await folder.run("train", "CartPole-v1", ...one);
    expect(stdout).toContain(`files in ${join("runs", name)}: summary.json, and a folder for each seed\n`);
    expect(readdirSync(inFolder("runs", name)).sort()).toEqual(["seed1", "summary.json"]);
  }
});
