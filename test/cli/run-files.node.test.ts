// What a run writes and reads beside its tensors: its configuration, words that a shell takes, and a folder that is
// gone again where nothing came of it.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import fs from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { decodeConfig, encodeConfig, lengthened, type RunConfig, versions } from "../../src/cli/run-config.ts";
import { RunWriter } from "../../src/cli/run-writer.ts";
import { printable, quoted } from "../../src/cli/text.ts";
import { FileFormatError } from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { emptyFolder } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());
afterEach(() => vi.restoreAllMocks());

const config: RunConfig = {
  ...{ env: "CartPole-v1", seed: 3, numEnvs: 2, totalSteps: 100, versions: versions() },
  hyperparameters: completeHyperparameters({ seed: 3 }),
};

describe("a configuration", () => {
  const changed = (change: object) => () => decodeConfig(encodeConfig({ ...config, ...change }));

  it("comes back as it was", () => {
    expect(changed({})()).toEqual(config);
  });

  it.each([
    [{ totalSteps: 0 }, "totalSteps: 0 is not an integer of at least 1"],
    [{ numEnvs: 0 }, "numEnvs: 0 is not an integer of at least 1"],
    [
      { hyperparameters: { ...config.hyperparameters, gamma: 2 } },
      "hyperparameters: gamma: 2 is not a number from 0 to 1",
    ],
    [{ seed: 4 }, "seed: 4 is not that of the hyper-parameters, 3"],
  ])("with %j is refused", (change, message) => {
    expect(changed(change)).toThrow(new FileFormatError(message));
  });

  it("has what not every run has in one order, and is refused where that is wrong", () => {
    const earlier = [{ untilIteration: 2, totalSteps: 50 }];
    const more = { tensorboard: true, evaluation: { every: 10, episodes: 2 }, earlier };
    expect(changed(more)()).toEqual({ ...config, ...more });
    expect(encodeConfig({ ...more, ...config })).toBe(encodeConfig({ ...config, ...more }));
    const refused = (change: object, message: string) => expect(changed(change)).toThrow(new FileFormatError(message));
    refused({ evaluation: { every: 0, episodes: 2 } }, "evaluation: every: 0 is not an integer of at least 1");
    refused({ evaluation: { every: 5 } }, "evaluation: episodes is missing");
    refused({ tensorboard: 1 }, "tensorboard: 1 is not true or false");
    refused({ earlier: [{ untilIteration: 2 }] }, "earlier: totalSteps is missing");
    refused({ earlier: 5 }, "earlier: 5 is not a list");
  });

  it("that goes on says for how many steps it was trained before", () => {
    const [first, second] = [lengthened(config, 200, 3), lengthened(lengthened(config, 200, 3), 300, 7)];
    expect(first).toEqual({ ...config, totalSteps: 200, earlier: [{ untilIteration: 3, totalSteps: 100 }] });
    expect(second.earlier).toEqual([
      { untilIteration: 3, totalSteps: 100 },
      { untilIteration: 7, totalSteps: 200 },
    ]);
    // As it was to be anyway, before anything was trained, and again without anything trained in between.
    expect(lengthened(config, 100, 3)).toEqual(config);
    expect(lengthened(config, 200, 0)).toEqual({ ...config, totalSteps: 200 });
    expect(lengthened(first, 400, 3).earlier).toEqual([{ untilIteration: 3, totalSteps: 100 }]);
    // A training that begins again.
    expect(lengthened(second, 300, 0)).toEqual({ ...config, totalSteps: 300 });
  });

  it("that is no JSON is refused", () => {
    expect(() => decodeConfig("{")).toThrow(new FileFormatError("not JSON"));
  });
});

describe("a word", () => {
  const words = ["plain", "runs/a-1.b", "a b", "it's", '"', "$HOME", "`id`", "a;b", "a\\b", "*", "", "#", "~"];

  it.skipIf(process.platform === "win32").each(words)("is taken by a shell as it is: %j", (word) => {
    expect(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" })).toBe(word);
  });

  it("is quoted where that is needed, and only there", () => {
    expect([quoted("runs/a-1.b"), quoted("a b")]).toEqual(["runs/a-1.b", "'a b'"]);
  });

  it("with control characters is one line of what can be seen", () => {
    expect(printable("a\nb\x1b[31m\u202e\u2028é")).toBe("a\\u000ab\\u001b[31m\\u202e\\u2028é");
  });
});

describe("a start that fails", () => {
  const fail = async (path: string) => {
    vi.spyOn(fs, "rename").mockRejectedValue(Object.assign(new Error("EIO: i/o error, rename"), { code: "EIO" }));
    await expect(RunWriter.create(path, config, new Uint8Array(8))).rejects.toThrow(FileFormatError);
  };

  it("leaves no folder that it has made", async () => {
    const path = join(folder.path, "new");
    await fail(path);
    expect(existsSync(path)).toBe(false);
  });

  it("leaves a folder that was there, empty as it was", async () => {
    const path = join(folder.path, "old");
    mkdirSync(path);
    await fail(path);
    expect(readdirSync(path)).toEqual([]);
  });
});
