// Searches in NATS-Bench on the command line: named by their table, whose bytes belong to the run.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { presetFor } from "../../src/ppo/presets.ts";
import { tableLines } from "../envs/nats-bench/table.ts";
import { emptyFolder, jsonLines } from "./run.ts";

const folder = emptyFolder();
const { run, remove } = folder;
afterAll(remove);

const table = join(folder.path, "table.csv");
const csv = `${tableLines().join("\n")}\n`;
writeFileSync(table, csv);
const name = "nats-bench:table.csv#cifar10";
const options = ["--num-envs", "5", "--num-steps", "6", "--num-minibatches", "1", "--steps", "300", "--json"];

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await run(...args);
  expect([code, stderr.trimEnd().split("\n").length]).toEqual([2, 1]);
  return stderr.trimEnd();
}

describe("a search in NATS-Bench", () => {
  it("ends with what it has found, and can be verified and gone on with", async () => {
    const { code, stdout, stderr } = await run("train", name, ...options);
    expect([code, stderr]).toEqual([0, ""]);
    const result = jsonLines(stdout).at(-1);
    expect(result).toMatchObject({ type: "result", env: name, steps: 300 });
    expect(result?.outcome).toMatchObject({ evaluations: 50, bestArchitecture: expect.stringMatching(/^\|\w+~0\|\+/) });
    const path = "runs/nats-bench-table.csv-cifar10-seed1";
    const config = JSON.parse(readFileSync(join(folder.path, path, "config.json"), "utf8"));
    expect(config).toMatchObject({ env: name, versions: { data: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } });

    expect(await run("verify", path)).toMatchObject({ code: 0 });
    const resumed = await run("train", "--resume", path, "--steps", "360", "--json");
    expect(jsonLines(resumed.stdout).at(-1)?.outcome).toMatchObject({ evaluations: 60 });
    const evaluated = await run("eval", path, "--episodes", "2", "--json");
    expect(jsonLines(evaluated.stdout)[0]).toMatchObject({ env: name, episodes: 2 });

    const changed = csv.replace(/^0,(\d+),[^,]+/m, "0,$1,50.000");
    expect(changed).not.toBe(csv);
    writeFileSync(table, changed);
    for (const command of [
      ["verify", path],
      ["train", "--resume", path],
      ["eval", path],
    ])
      expect(await refused(...command)).toMatch(
        /^proximal: .*config\.json: nats-bench:table\.csv#cifar10 is sha256:\w{64} now; it has to be what the run was made with, sha256:\w{64}$/,
      );
    writeFileSync(table, csv);
    expect(await run("verify", path)).toMatchObject({ code: 0 });
    renameSync(table, `${table}.moved`);
    expect(await refused("verify", path)).toBe("proximal: table.csv: no such file");
    renameSync(`${table}.moved`, table);
  });

  it("says it to people in lines of their own", async () => {
    const { stdout } = await run("train", "nats-bench:table.csv#ImageNet16-120", ...options.slice(0, -1));
    expect(stdout).toMatch(
      /\nevaluations: 50\nbest architecture: \|\w+~0\|\+.*\nbest validation: \d+(\.\d+)?\ntest accuracy: \d/,
    );
    const none = await run(
      "train",
      name,
      ...options.slice(0, -3),
      "--steps",
      "5",
      "--num-steps",
      "1",
      "--num-envs",
      "5",
    );
    expect(none.stdout).toContain("\nbest architecture: -\n");
  });

  it("has the preset of its dataset", async () => {
    const { numEnvs, totalSteps, hyperparameters } = presetFor("NATS-Bench/cifar100");
    const { stdout } = await run("presets", "nats-bench:table.csv#cifar100", "--json");
    const own = { numEnvs, totalSteps, hyperparameters: expect.objectContaining(hyperparameters) };
    expect(jsonLines(stdout)[0]).toMatchObject(own);
    await run("train", "nats-bench:table.csv#cifar100", "--steps", "48", "--json", "--out", "preset");
    const config = JSON.parse(readFileSync(join(folder.path, "preset", "config.json"), "utf8"));
    expect(config).toMatchObject({ numEnvs, hyperparameters });
  });

  it.each([
    ["nats-bench:", "it has to be nats-bench:FILE#DATASET, as in nats-bench:nats_tss.csv#cifar10"],
    ["nats-bench:table.csv", "it has to be nats-bench:FILE#DATASET, as in nats-bench:nats_tss.csv#cifar10"],
    ["nats-bench:#cifar10", "it has to be nats-bench:FILE#DATASET, as in nats-bench:nats_tss.csv#cifar10"],
    ["nats-bench:no.csv#cifar10", "no.csv: no such file"],
    [
      "nats-bench:table.csv#mnist",
      'table.csv: natsBench: dataset: "mnist" is not cifar10 or cifar100 or ImageNet16-120',
    ],
  ])("is refused as %s", async (wrong, message) => {
    expect(await refused("train", wrong)).toBe(
      `proximal: ${message.startsWith("it has") ? `${wrong}: ` : ""}${message}`,
    );
  });

  it("is refused over another table, naming file, line and value", async () => {
    writeFileSync(join(folder.path, "wrong.csv"), csv.replace(/^2,(\d+),[^,]+/m, "2,$1,NaN"));
    expect(await refused("train", "nats-bench:wrong.csv#cifar10")).toBe(
      'proximal: wrong.csv: NATS-Bench: line 4: c10_val12 is "NaN"; it has to be a percentage from 0 to 100',
    );
  });
});
