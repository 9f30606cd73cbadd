// A run as it is published: a few kilobytes from which it can be trained again, and compared.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RunFolder } from "../../src/cli/run-folder.ts";
import { publish } from "../../tools/results/publish.ts";
import { emptyFolder, jsonLines } from "../cli/run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());
const inFolder = (...path: string[]) => join(folder.path, ...path);
const verify = (...args: string[]) => folder.run("verify", "published/seed1", ...args);
const publishRun = () => publish(new RunFolder(inFolder("run")), inFolder("published", "seed1"), { lines: 64, at: [] });

const small = ["CartPole-v1", "--num-steps", "16", "--num-envs", "2", "--num-minibatches", "2", "--hidden-sizes", "4"];

beforeAll(async () => {
  await folder.run("train", ...small, "--eval-every", "1280", "--steps", "6400", "--json", "--out", "run");
  await publishRun();
});

it("is a few kilobytes: figures, of some iterations, the last included", () => {
  const files = readdirSync(inFolder("published", "seed1")).sort();
  expect(files).toEqual(["config.json", "evaluations.jsonl", "metrics.jsonl", "result.json"]);
  const lines = jsonLines(readFileSync(inFolder("published", "seed1", "metrics.jsonl"), "utf8"));
  expect(lines.length).toBeLessThan(65);
  expect(lines.at(-1)?.iteration).toBe(200);
  expect(Object.keys(lines[0] ?? {})).toEqual([
    ...["iteration", "steps", "episodes", "meanReturn", "meanLength", "solvedAtStep"],
  ]);
  const size = files.reduce((sum, name) => sum + readFileSync(inFolder("published", "seed1", name)).length, 0);
  expect(size).toBeLessThan(16_000);
});

it("may be of fewer lines, with the first, the last, and the last by the steps that are asked for", async () => {
  await publish(new RunFolder(inFolder("run")), inFolder("short"), { lines: 8, at: [1000, 1279] });
  const lines = jsonLines(readFileSync(inFolder("short", "metrics.jsonl"), "utf8"));
  expect(lines.length).toBeLessThan(8 + 2 + 1);
  expect([lines[0]?.iteration, lines.at(-1)?.iteration]).toEqual([1, 200]);
  // An iteration has 32 steps.
  expect(lines.map(({ steps }) => steps)).toEqual(expect.arrayContaining([992, 1248]));
});

it("is trained again and compared, whole or in part", async () => {
  const { code, stdout, stderr } = await verify();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^verified: same bytes, 200 iterations, checksum [0-9a-f]{16}\n$/);
  expect((await verify("--steps", "1000")).stdout).toContain("the first 32 of 200 iterations");
});

it("is not what it says once a figure is changed", async () => {
  for (const [file, from, to, says] of [
    ["metrics.jsonl", /"episodes":\d+/, '"episodes":1', /^differs: metrics.jsonl, iteration 1: episodes is 1, and \d/],
    ["result.json", /"checksum": "\w/, '"checksum": "x', /^differs: result.json, iteration 200: checksum is "x/],
    [
      "evaluations.jsonl",
      /"maxReturn":\d+/,
      '"maxReturn":0',
      /^differs: evaluations.jsonl, iteration 40: maxReturn is 0/,
    ],
    ["config.json", /"gamma": 0.99/, '"gamma": 0.9', /^differs: metrics.jsonl, iteration \d+: /],
  ] as const) {
    const path = inFolder("published", "seed1", file);
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
    const { code, stdout } = await verify();
    writeFileSync(path, text);
    expect([code, stdout]).toEqual([1, expect.stringMatching(says)]);
  }
});

it("cannot be gone on with, and stays as it is", async () => {
  const before = readFileSync(inFolder("published", "seed1", "metrics.jsonl"), "utf8");
  expect(await folder.run("train", "--resume", "published/seed1")).toMatchObject({
    code: 2,
    stderr: "proximal: --resume: published/seed1 is a published run, of which there are figures alone\n",
  });
  expect(readFileSync(inFolder("published", "seed1", "metrics.jsonl"), "utf8")).toBe(before);
});

it("has no policy to play, and says so", async () => {
  for (const command of ["eval", "watch"])
    expect(await folder.run(command, "published/seed1")).toMatchObject({
      code: 2,
      stderr: "proximal: published/seed1: a published run, of which there are figures alone; verify trains it again\n",
    });
});

it("is made of a run that has come to its end, and of no other", async () => {
  await expect(
    publish(new RunFolder(inFolder("published", "seed1")), inFolder("twice"), { lines: 64, at: [] }),
  ).rejects.toThrow("it is published already");
  // One that was to go on, as --stop-when-solved leaves it.
  const config = readFileSync(inFolder("run", "config.json"), "utf8");
  writeFileSync(inFolder("run", "config.json"), config.replace('"totalSteps": 6400', '"totalSteps": 6432'));
  await expect(publishRun()).rejects.toThrow(`${inFolder("run")}: it has not come to its end; go on with it first`);
  writeFileSync(inFolder("run", "config.json"), config);
  rmSync(inFolder("run", "result.json"));
  await expect(publishRun()).rejects.toThrow(`${inFolder("run")}: it has not come to its end; go on with it first`);
});
