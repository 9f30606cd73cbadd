// The folder of a run: who may write to it, what it is started in, and that nothing in it is believed.

import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, finished, jsonLines, program } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());
const inFolder = (...path: string[]) => join(folder.path, ...path);
const small = ["CartPole-v1", "--num-steps", "16", "--num-envs", "2", "--num-minibatches", "2", "--hidden-sizes", "4"];

/** Two iterations, and ten. */
beforeAll(async () => {
  await folder.run("train", ...small, "--steps", "64", "--out", "short");
  await folder.run("train", ...small, "--steps", "320", "--out", "long");
});

let copies = 0;
function copyOf(run: string): string {
  const copy = `${run}${++copies}`;
  cpSync(inFolder(run), inFolder(copy), { recursive: true });
  return copy;
}

async function expectRefused(message: string | RegExp, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await folder.run(...args);
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
  expect(stderr.split("\n")).toHaveLength(2);
  const text = stderr.replace(/^proximal: /, "").trimEnd();
  if (typeof message === "string") expect(text).toBe(message);
  else expect(text).toMatch(message);
}

describe("one writer", () => {
  it("a second is refused in one line, and the first goes on", async () => {
    const first = folder.start(["train", ...small, "--steps", "100000000", "--json", "--out", "held"]);
    await new Promise((resolve) => first.stdout?.once("data", resolve));
    const [lock] = readdirSync(inFolder("held")).filter((name) => name.startsWith("lock-"));
    const isHeld = `held: process ${first.pid} is writing to it; if that is gone, remove held/${lock}`;
    await expectRefused(isHeld, "train", "--resume", "held");
    await expectRefused(isHeld, "train", ...small, "--out", "held");
    const ended = finished(first);
    first.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(readdirSync(inFolder("held")).filter((name) => name.startsWith("lock-"))).toEqual([]);
  });

  it("of several at once no more than one writes", async () => {
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => folder.run("train", ...small, "--steps", "64", "--json", "--out", "together")),
    );
    for (const { code, stderr } of runs.filter(({ code }) => code !== 0))
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^proximal: [^\n]*together[^\n]*\n$/),
      });
    // Where they were as simultaneous as can be, all have given way.
    const { code } = await folder.run(
      "train",
      ...(existsSync(inFolder("together", "config.json"))
        ? ["--resume", "together"]
        : [...small, "--steps", "64", "--out", "together"]),
    );
    expect(code).toBe(0);
    expect(
      jsonLines(readFileSync(inFolder("together", "metrics.jsonl"), "utf8")).map(({ iteration }) => iteration),
    ).toEqual([1, 2]);
  });

  it("what a process that is gone has left is no lock, nor is one whose number is somebody else's now", async () => {
    const run = copyOf("short");
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    writeFileSync(inFolder(run, `lock-${pid}-1-${encodeURIComponent(hostname())}`), "");
    // This process is there, and did not start with the machine.
    if (process.platform === "linux")
      writeFileSync(inFolder(run, `lock-${process.pid}-1-${encodeURIComponent(hostname())}`), "");
    writeFileSync(inFolder(run, `policy.safetensors.${pid}-3.tmp`), "");
    expect((await folder.run("train", "--resume", run)).code).toBe(0);
    expect(readdirSync(inFolder(run))).toEqual(readdirSync(inFolder("short")));
  });

  it("of a process of another machine it is not known, and said how to go on", async () => {
    const run = copyOf("short");
    writeFileSync(inFolder(run, "lock-7-1-far%20away"), "");
    await expectRefused(
      `${run}: process 7 on far away is writing to it; if that is gone, remove ${run}/lock-7-1-far%20away`,
      ...["train", "--resume", run],
    );
  });

  it("a third signal ends the process as it stands, and leaves no lock", async () => {
    const child = folder.start(["train", "CartPole-v1", "--num-steps", "200000", "--json", "--out", "third"]);
    while (!existsSync(inFolder("third", "config.json"))) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ended = finished(child);
    for (let signal = 1; signal <= 3; signal++) {
      child.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr:
        "SIGINT: stopping after this iteration, then saving\n" +
        "still saving; once more ends without, and the last checkpoint stays\n",
    });
    expect(readdirSync(inFolder("third")).sort()).toEqual(["checkpoint.safetensors", "config.json"]);
  });
});

describe("a new run", () => {
  it("is not started in what is left of another", async () => {
    mkdirSync(inFolder("remains"));
    for (const name of ["metrics.jsonl", "policy.safetensors"])
      copyFileSync(inFolder("short", name), inFolder("remains", name));
    await expectRefused(
      "--out: remains holds policy.safetensors, metrics.jsonl of a run without its config.json; choose another folder",
      ...["train", ...small, "--out", "remains"],
    );
    expect(readdirSync(inFolder("remains"))).toEqual(["metrics.jsonl", "policy.safetensors"]);
  });

  it("is started in a folder with other files, which stay, and over a start of its own that was cut off", async () => {
    mkdirSync(inFolder("notes"));
    writeFileSync(inFolder("notes", "notes.txt"), "mine");
    expect((await folder.run("train", ...small, "--steps", "64", "--out", "notes")).code).toBe(0);
    expect(readFileSync(inFolder("notes", "notes.txt"), "utf8")).toBe("mine");
    const child = folder.start(["train", ...small, "--steps", "6400000", "--out", "cut"]);
    while (!existsSync(inFolder("cut", "config.json"))) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await finished(child);
    for (const name of readdirSync(inFolder("cut")))
      if (name !== "checkpoint.safetensors") rmSync(inFolder("cut", name));
    expect((await folder.run("train", ...small, "--steps", "64", "--out", "cut")).code).toBe(0);
    expect(readFileSync(inFolder("cut", "policy.safetensors"))).toEqual(
      readFileSync(inFolder("short", "policy.safetensors")),
    );
  });

  it("is refused in one line where no folder can be", async () => {
    writeFileSync(inFolder("file"), "");
    await expectRefused("--out: file is a file, not a folder", "train", ...small, "--out", "file");
    await expectRefused(
      /^file\/below: cannot be made \(ENOTDIR: not a directory\)$/,
      ...["train", ...small, "--out", "file/below"],
    );
    mkdirSync(inFolder("removed"));
    const child = spawn(
      "sh",
      ["-c", `rmdir "$PWD" && exec "${process.execPath}" "${program}" train ${small.join(" ")}`],
      {
        cwd: inFolder("removed"),
      },
    );
    const { code, stderr } = await finished(child);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "proximal: runs: cannot be made (ENOENT: no such file or directory)\n",
    });
  });
});

describe("a run that goes on", () => {
  it("cannot be made shorter than it is, and is not for asking for what it was to have", async () => {
    const run = copyOf("long");
    await expectRefused(
      "--total-steps: 64 is less than the 320 that the run has behind it",
      ...["train", "--resume", run, "--total-steps", "64"],
    );
    expect(readFileSync(inFolder(run, "config.json"), "utf8")).toBe(
      readFileSync(inFolder("long", "config.json"), "utf8"),
    );
    const same = await folder.run("train", "--resume", run, "--total-steps", "320", "--json");
    expect(same.code).toBe(0);
    expect(jsonLines(same.stdout).at(-1)).toMatchObject({ type: "result", steps: 320, stepsPerSecond: 0 });
  });

  it("writes down that it is longer now", async () => {
    const run = copyOf("short");
    await folder.run("train", "--resume", run, "--total-steps", "128");
    expect(JSON.parse(readFileSync(inFolder(run, "config.json"), "utf8")).totalSteps).toBe(128);
    expect(jsonLines(readFileSync(inFolder(run, "metrics.jsonl"), "utf8"))).toHaveLength(4);
  });

  it("says how in a line that can be pasted, whatever its folder is called", async () => {
    const name = 'it\'s "odd" $HOME\t`x`\n-dash';
    const child = folder.start(["train", ...small, "--steps", "1000000", "--json", "--out", name]);
    child.stdout?.once("data", () => child.kill("SIGTERM"));
    const { stderr } = await finished(child);
    const [answer, saved, goOn, ...rest] = stderr.split("\n");
    expect([answer, rest]).toEqual(["SIGTERM: stopping after this iteration, then saving", [""]]);
    expect(saved).toContain('saved it\'s "odd" $HOME\\u0009`x`\\u000a-dash/checkpoint.safetensors');
    const command = goOn?.replace("go on with: ", "") as string;
    const pasted = spawnSync(
      "bash",
      ["-c", `${command} --total-steps ${2 ** 53 - 1} & sleep 2; kill -INT $!; wait $!`],
      {
        cwd: folder.path,
        encoding: "utf8",
      },
    );
    expect(pasted.stdout).toMatch(/^training CartPole-v1, .* going on after \d+ steps, in it's "odd" \$HOME\\u0009/);
  });

  it("is not another's", async () => {
    const [run, other] = [copyOf("short"), "other"];
    await folder.run("train", ...small, "--gamma", "0.9", "--steps", "64", "--out", other);
    copyFileSync(inFolder(other, "checkpoint.safetensors"), inFolder(run, "checkpoint.safetensors"));
    await expectRefused(
      `${run}/checkpoint.safetensors: of another run: its gamma is 0.9, that of config.json 0.99`,
      ...["train", "--resume", run],
    );
  });
});

describe("config.json", () => {
  it.each([
    ["no JSON", () => "{", "not JSON"],
    ["nothing", () => "", "not JSON"],
    ["something else", () => '{"name":"x"}', "not a run of proximal (format unknown)"],
    [
      "of a later version",
      (text: string) => text.replace('"version": 2', '"version": 3'),
      "a run of version 3; this version of proximal reads version 2",
    ],
    ["without a field", (text: string) => text.replace(/ *"numEnvs": 2,\n/, ""), "numEnvs is missing"],
    [
      "with one too many",
      (text: string) => text.replace('"numEnvs"', '"numEnv": 3,\n  "numEnvs"'),
      "there is no field numEnv; did you mean numEnvs?",
    ],
    [
      "with text for a number",
      (text: string) => text.replace('"numEnvs": 2', '"numEnvs": "2"'),
      'numEnvs: "2" is not an integer of at least 1',
    ],
    [
      "with a number out of range",
      (text: string) => text.replace('"gamma": 0.99', '"gamma": 1.99'),
      "hyperparameters: gamma: 1.99 is not a number from 0 to 1",
    ],
    [
      "of another seed than its own",
      (text: string) => text.replace('"seed": 1', '"seed": 5'),
      "seed: 5 is not that of the hyper-parameters, 1",
    ],
  ])("that is %s is refused by every command", async (_, change, message) => {
    const run = copyOf("short");
    const path = inFolder(run, "config.json");
    writeFileSync(path, change(readFileSync(path, "utf8")));
    for (const args of [
      ["train", "--resume", run],
      ["plot", run],
      ["eval", run],
    ])
      await expectRefused(`${run}/config.json: ${message}`, ...args);
  });

  it("of an environment that there is not is refused", async () => {
    const run = copyOf("short");
    const path = inFolder(run, "config.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"CartPole-v1"', '"CartPole-v7"'));
    for (const args of [
      ["plot", run],
      ["eval", run],
    ])
      await expectRefused('unknown environment "CartPole-v7"; did you mean CartPole-v0?', ...args);
  });
});

describe("metrics.jsonl", () => {
  it("has null for what is no number yet", () => {
    const [first] = jsonLines(readFileSync(inFolder("short", "metrics.jsonl"), "utf8"));
    expect(first).toMatchObject({ iteration: 1, meanReturn: null });
  });

  it.each([
    ["no JSON", "{{}\n", "line 2: not JSON"],
    ["nothing", "\n", "line 2: not JSON"],
    ["zeros", `${"\0".repeat(40)}\n`, "line 2: not JSON"],
    ["something else", '{"iteration":2}\n', "line 2: steps is missing"],
    [
      "a text for a number",
      '"meanReturn":"NaN"',
      'line 2: meanReturn: "NaN" is not a number of at least -1.7976931348623157e+308, or null',
    ],
    ["an iteration twice", '"iteration":1', "line 2: iteration 1 comes after 1"],
  ])("with %s is refused by plot, and by a run that has it behind it", async (_, change, message) => {
    const run = copyOf("short");
    const path = inFolder(run, "metrics.jsonl");
    const [first, second] = readFileSync(path, "utf8").split("\n") as [string, string];
    const name = /^"(\w+)"/.exec(change)?.[1];
    const changed = name === undefined ? change : `${second.replace(new RegExp(`"${name}":[^,]*`), change)}\n`;
    writeFileSync(path, `${first}\n${changed}`);
    await expectRefused(`${run}/metrics.jsonl: ${message}`, "plot", run);
    await expectRefused(
      `${run}/metrics.jsonl: ${message}; to go on without what follows, remove it from there on`,
      ...["train", "--resume", run],
    );
    // What comes after the checkpoint would be written again.
    const [begun] = [copyOf("short")];
    writeFileSync(inFolder(begun, "metrics.jsonl"), `${first}\n${second}\n${changed}`);
    const { code, stderr } = await folder.run("train", "--resume", begun, "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^dropped what was damaged in [^\n]*\n$/),
    });
    expect(readFileSync(inFolder(begun, "metrics.jsonl"), "utf8")).toBe(`${first}\n${second}\n`);
  });

  it("that lacks iterations is gone on with, and that is said", async () => {
    const run = copyOf("short");
    truncateSync(inFolder(run, "metrics.jsonl"), 0);
    const { code, stderr } = await folder.run("train", "--resume", run, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${run}/metrics.jsonl: the iterations 1 to 2 are missing\n` });
  });

  it.each([["1e308"], ["-1e308"], ["1e-320"], ["1.7976931348623157e308"]])(
    "with a mean return of %s is drawn",
    async (value) => {
      const run = copyOf("long");
      const path = inFolder(run, "metrics.jsonl");
      const lines = readFileSync(path, "utf8").split("\n");
      writeFileSync(
        path,
        lines
          .map((line, index) => (index % 2 ? line.replace(/"meanReturn":[^,]*/, `"meanReturn":${value}`) : line))
          .join("\n"),
      );
      const { code, stderr } = await folder.run("plot", run);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(readFileSync(inFolder(run, "curve.svg"), "utf8")).not.toMatch(/NaN|Infinity/);
    },
  );
});

describe("what cannot be said", () => {
  it("where standard error is closed as well, a training goes on", async () => {
    const shell = `"${process.execPath}" "${program}" train ${small.join(" ")} --steps 320 --json --out deaf 2>&1 | head -1`;
    expect(spawnSync("bash", ["-o", "pipefail", "-c", shell], { cwd: folder.path }).status).toBe(0);
    expect(readFileSync(inFolder("deaf", "policy.safetensors"))).toEqual(
      readFileSync(inFolder("long", "policy.safetensors")),
    );
  });

  it.runIf(existsSync("/dev/full"))("on a device that is full, a training goes on, and says so once", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [program, "train", ...small, "--steps", "320", "--json", "--out", "full"], {
      cwd: folder.path,
      stdio: ["ignore", full, "pipe"],
    });
    const { code, stderr } = await finished(child);
    closeSync(full);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "proximal: standard output: cannot be written (ENOSPC)\n" });
    expect(readFileSync(inFolder("full", "policy.safetensors"))).toEqual(
      readFileSync(inFolder("long", "policy.safetensors")),
    );
  });

  it("names with control characters are escaped, and errors stay one line", async () => {
    await expectRefused("no\\u000asuch\\u001b[31m: no such run", "eval", "no\nsuch\x1b[31m");
    await expectRefused(
      'unknown environment "CartPole\\u000a-v1"; did you mean CartPole-v1?',
      "train",
      "CartPole\n-v1",
    );
  });
});
