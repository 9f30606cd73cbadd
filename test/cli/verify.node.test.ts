// `proximal verify`: runs of every kind are found to be what they say, and whatever was changed in one is named.

import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.ts";
import { emptyFolder, finished, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());
const inFolder = (...path: string[]) => join(folder.path, ...path);

const small = ["CartPole-v1", "--num-steps", "16", "--num-envs", "2", "--num-minibatches", "2", "--hidden-sizes", "4"];
const evaluated = ["--eval-every", "64", "--eval-episodes", "3"];
const verify = (run: string, ...args: string[]) => folder.run("verify", run, ...args);

let checksum: string;
beforeAll(async () => {
  const { stdout } = await folder.run("train", ...small, ...evaluated, "--steps", "320", "--json", "--out", "run");
  checksum = String(jsonLines(stdout).at(-1)?.checksum);
});

let copies = 0;
function copyOf(run: string): string {
  const copy = `${run}${++copies}`;
  cpSync(inFolder(run), inFolder(copy), { recursive: true });
  return copy;
}

function rewrite(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** Everything in a folder, by name. */
const digestOf = (run: string) =>
  readdirSync(inFolder(run))
    .sort()
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(inFolder(run, name)))
        .digest("hex"),
    ]);

describe("a run", () => {
  it("is the same when it is trained again, and nothing in it is touched", async () => {
    const before = digestOf("run");
    expect(await verify("run")).toEqual({
      ...{ code: 0, stderr: "" },
      stdout: `verified: same bytes, 10 iterations, checksum ${checksum.slice(0, 16)}\n`,
    });
    const { stdout } = await verify("run", "--json");
    expect(jsonLines(stdout)).toEqual([
      { verified: true, iterations: 10, of: 10, checksum, difference: null, notes: [] },
    ]);
    expect(digestOf("run")).toEqual(before);
  });

  it("that was interrupted, and went on, is the one that was not", async () => {
    const child = folder.start(["train", ...small, ...evaluated, "--steps", "64000", "--json", "--out", "parts"]);
    child.stdout?.once("data", () => child.kill("SIGINT"));
    await finished(child);
    const iterations = readFileSync(inFolder("parts", "metrics.jsonl"), "utf8").split("\n").length - 1;
    const unfinished = await verify("parts");
    expect(unfinished.code).toBe(0);
    expect(unfinished.stdout).toContain(`verified: same bytes, ${iterations.toLocaleString("en")} iteration`);
    const again = folder.start(["train", "--resume", "parts", "--json"]);
    again.stdout?.once("data", () => again.kill("SIGKILL"));
    await finished(again);
    for (const name of readdirSync(inFolder("parts"))) if (name.startsWith("lock-")) rmSync(inFolder("parts", name));
    const { code, stderr } = await verify("parts");
    expect(code).toBe(0);
    // The policy is that of the first end; a kill may cut a line.
    expect(stderr).toMatch(
      /^(metrics.jsonl: its last line is cut short\n)?policy.safetensors is that of iteration \d+\n$/,
    );
  });

  it("is compared as far as was asked", async () => {
    expect((await verify("run", "--steps", "65")).stdout).toMatch(
      /^verified: same bytes, the first 3 of 10 iterations, checksum [0-9a-f]{16}\n$/,
    );
    expect((await verify("run", "--steps", "320")).stdout).toContain("same bytes, 10 iterations");
  });

  it("that was made longer is known by what it was to have at each time", async () => {
    const run = copyOf("run");
    await folder.run("train", "--resume", run, "--steps", "480", "--json");
    await folder.run("train", "--resume", run, "--steps", "500", "--json");
    const config = JSON.parse(readFileSync(inFolder(run, "config.json"), "utf8"));
    expect(config).toMatchObject({
      totalSteps: 500,
      earlier: [
        { untilIteration: 10, totalSteps: 320 },
        { untilIteration: 15, totalSteps: 480 },
      ],
    });
    const { code, stdout } = await verify(run);
    expect([code, stdout]).toEqual([0, expect.stringContaining("same bytes, 16 iterations")]);
    rewrite(inFolder(run, "config.json"), (text) => text.replace(/"earlier": \[[^\]]*\],/, ""));
    expect((await verify(run)).stdout).toMatch(/^differs: metrics.jsonl, iteration 2: /);
  });

  it("made by another version, or with kernels that differ between machines, is said to be", async () => {
    const run = copyOf("run");
    rewrite(inFolder(run, "config.json"), (text) => text.replace('"proximal": "0.1.0"', '"proximal": "0.0.9"'));
    const { code, stderr } = await verify(run);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "made by proximal 0.0.9, this is 0.1.0: the changelog says whether numbers are the same\n",
    });
  });

  it("whose last line is cut short is verified to the line before", async () => {
    const run = copyOf("run");
    for (const name of ["checkpoint", "policy", "best"]) rmSync(inFolder(run, `${name}.safetensors`));
    for (const name of ["evaluations.jsonl", "result.json"]) rmSync(inFolder(run, name));
    rewrite(inFolder(run, "config.json"), (text) => text.replace(/"evaluation": \{[^}]*\},/, ""));
    truncateSync(inFolder(run, "metrics.jsonl"), readFileSync(inFolder(run, "metrics.jsonl")).length - 10);
    expect(await verify(run)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("verified: same bytes, 9 iterations"),
      stderr:
        "metrics.jsonl: its last line is cut short\nthere is no checkpoint.safetensors\nthere is no policy.safetensors yet\n",
    });
  });

  it("that is interrupted while it is verified says how far it was the same", async () => {
    await folder.run("train", "CartPole-v1", "--steps", "100000", "--json", "--out", "long");
    // What is said of the version is said once signals are listened to.
    rewrite(inFolder("long", "config.json"), (text) => text.replace('"proximal": "0.1.0"', '"proximal": "0.0.9"'));
    const child = folder.start(["verify", "long"]);
    child.stderr?.once("data", () => child.kill("SIGINT"));
    const { code, stderr, stdout } = await finished(child);
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(
      /^made by .*\nSIGINT: stopping after this iteration\ninterrupted; nothing differs in the first \d+ iterations?\n$/,
    );
  });
});

describe("what was changed is named", () => {
  async function expectDifference(run: string, message: RegExp): Promise<void> {
    const { code, stdout, stderr } = await verify(run);
    expect({ code, stderr }, stdout).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(message);
    const [report] = jsonLines((await verify(run, "--json")).stdout) as [Record<string, Record<string, unknown>>];
    const { file, iteration, place, saved, again } = report.difference as Record<string, unknown>;
    expect(report.verified).toBe(false);
    expect(`differs: ${file}, iteration ${iteration}: ${place} is ${saved}, and ${again} when trained again\n`).toBe(
      stdout,
    );
  }

  /** Changes a number of a tensor, as another program would: without the digest. */
  function edit(path: string): string {
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    const [tensor] = tensors.filter(({ name }) => name.includes("actor.0.weight"));
    (tensor?.data as Float32Array)[3] = 7;
    writeFileSync(path, encodeSafetensors({ tensors, metadata: {} }));
    return tensor?.name as string;
  }

  it.each([
    ["a figure", /"gradNorm":[^,]*/, '"gradNorm":3', /^differs: metrics.jsonl, iteration 1: gradNorm is 3, and \d/],
    ["a figure more", /^\{/, '{"more":1,', /iteration 1: more is 1, and missing when trained again\n$/],
    ["a figure less", /"entropy":[^,]*,/, "", /iteration 1: entropy is missing, and 0\.\d+ when/],
    ["digits", /"clipRange":0.2/, '"clipRange":0.20', /iteration 1: line is \{.*"clipRange":0.20.*, and \{/],
    ["no JSON", /^\{/, "", /^differs: metrics.jsonl, iteration 1: line is "iteration":1,/],
    ["a line", /^.*\n/, "", /^differs: metrics.jsonl, iteration 1: iteration is 2, and 1 when trained again\n$/],
  ])("%s of metrics.jsonl", async (_, from, to, message) => {
    const run = copyOf("run");
    rewrite(inFolder(run, "metrics.jsonl"), (text) => text.replace(from, to));
    await expectDifference(run, message);
  });

  it("lines that are missing, and lines too many", async () => {
    const [less, more] = [copyOf("run"), copyOf("run")];
    rewrite(inFolder(less, "metrics.jsonl"), (text) => text.split("\n").slice(0, 9).join("\n").concat("\n"));
    await expectDifference(less, /^differs: metrics.jsonl, iteration 10: line is missing, and there when/);
    rewrite(inFolder(more, "metrics.jsonl"), (text) => `${text}{}\n`);
    await expectDifference(more, /^differs: metrics.jsonl, iteration 10: what follows it is there, and missing when/);
  });

  it.each(["policy", "best", "checkpoint"])("a number of %s.safetensors", async (kind) => {
    const run = copyOf("run");
    const name = edit(inFolder(run, `${kind}.safetensors`));
    await expectDifference(run, new RegExp(`^differs: ${kind}.safetensors, iteration \\d+: ${name}\\[3\\] is 7, and `));
  });

  it.each(["policy", "best"])("what %s.safetensors says beside its tensors", async (kind) => {
    const run = copyOf("run");
    const path = inFolder(run, `${kind}.safetensors`);
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    writeFileSync(path, encodeSafetensors({ tensors, metadata: {} }));
    await expectDifference(run, new RegExp(`^differs: ${kind}.safetensors, iteration \\d+: metadata is other, and `));
  });

  it("a file that is none any more, and a best policy that is gone", async () => {
    const run = copyOf("run");
    truncateSync(inFolder(run, "policy.safetensors"), 100);
    await expectDifference(run, /^differs: policy.safetensors, iteration 10: file is it: .*, and a whole file when/);
    const other = copyOf("run");
    rmSync(inFolder(other, "best.safetensors"));
    await expectDifference(other, /^differs: best.safetensors, iteration 10: file is missing, and there when/);
  });

  it.each([
    ["meanReturn", /"meanReturn": [^,]*/, '"meanReturn": 500', "500"],
    ["solvedAtStep", '"solvedAtStep": null', '"solvedAtStep": 64', "64"],
    ["bestAtStep", /"bestAtStep": \d+/, '"bestAtStep": 1', "1"],
    ["checksum", /"checksum": "\w{8}/, '"checksum": "00000000', '"00000000'],
  ])("%s of result.json", async (name, from, to, is) => {
    const run = copyOf("run");
    rewrite(inFolder(run, "result.json"), (text) => text.replace(from, to));
    await expectDifference(run, new RegExp(`^differs: result.json, iteration 10: ${name} is ${is}`));
  });

  it("a result.json that is none", async () => {
    const run = copyOf("run");
    rewrite(inFolder(run, "result.json"), (text) => text.replace('"steps": 320', '"steps": "many"'));
    expect(await verify(run)).toMatchObject({
      code: 2,
      stderr: `proximal: ${run}/result.json: steps: "many" is not an integer of at least 0\n`,
    });
  });

  it("evaluations", async () => {
    const [changed, more] = [copyOf("run"), copyOf("run")];
    rewrite(inFolder(changed, "evaluations.jsonl"), (text) => text.replace(/"meanReturn":[^,]*/, '"meanReturn":500'));
    await expectDifference(changed, /^differs: evaluations.jsonl, iteration 2: meanReturn is 500, and \d/);
    rewrite(inFolder(more, "evaluations.jsonl"), (text) => `${text}{}\n`);
    await expectDifference(more, /^differs: evaluations.jsonl, iteration 10: line 6 is there, and missing when/);
  });
});

it("refuses in one line what is no run", async () => {
  for (const args of [[], ["nowhere"], ["run", "run"]]) {
    const { code, stdout, stderr } = await folder.run("verify", ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^proximal: [^\n]+\n$/);
  }
  expect(existsSync(inFolder("nowhere"))).toBe(false);
});
