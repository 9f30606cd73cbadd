// `train --eval-every` and `--tensorboard`: what is written beside a training, whose bytes stay what they were.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate, make, makeVec, PPO } from "../../src/index.ts";
import { emptyFolder, jsonLines } from "./run.ts";

const folder = emptyFolder();
afterAll(() => folder.remove());
const inFolder = (...path: string[]) => join(folder.path, ...path);

const options = ["CartPole-v1", "--seed", "3", "--steps", "10240", "--json"];
const beside = ["--eval-every", "1500", "--eval-episodes", "5", "--tensorboard"];
type Line = Record<string, number>;

let stdout: string;
let lines: Line[];
beforeAll(async () => {
  const [evaluated] = await Promise.all([
    folder.run("train", ...options, ...beside, "--out", "run"),
    folder.run("train", ...options, "--out", "plain"),
  ]);
  stdout = evaluated.stdout;
  lines = jsonLines(readFileSync(inFolder("run", "evaluations.jsonl"), "utf8")) as Line[];
});

describe("evaluations", () => {
  it("change no byte of the training", () => {
    for (const file of ["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg"])
      expect(readFileSync(inFolder("run", file)).equals(readFileSync(inFolder("plain", file))), file).toBe(true);
  });

  it("are after the iterations in which so many steps more were reached", () => {
    // Multiples of 1500 in iterations of 1024 steps.
    expect(lines.map(({ steps }) => steps)).toEqual([2048, 3072, 5120, 6144, 8192, 9216]);
    expect(lines.map(({ iteration }) => iteration)).toEqual([2, 3, 5, 6, 8, 9]);
  });

  it("are those of the library, of the most likely actions, on seeds of their own", async () => {
    const { hyperparameters } = JSON.parse(readFileSync(inFolder("run", "config.json"), "utf8"));
    const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8, seed: 3 }), hyperparameters);
    const files = new Map<number, Uint8Array>();
    const expected: Line[] = [];
    for await (const { iteration, steps } of agent.train({ totalSteps: 10_240 })) {
      files.set(iteration, agent.policy.toBytes());
      if (![2, 3, 5, 6, 8, 9].includes(iteration)) continue;
      const env = await make("CartPole-v1");
      const { returns, lengths } = evaluate(agent, env, { episodes: 5, seed: 2 ** 32 + 3 });
      const [intervalLow, intervalHigh] = returns.interval;
      expected.push({
        ...{ iteration, steps, episodes: 5, meanReturn: returns.mean, stdReturn: returns.std, minReturn: returns.min },
        ...{
          maxReturn: returns.max,
          medianReturn: returns.median,
          meanLength: lengths.mean,
          intervalLow,
          intervalHigh,
        },
        interquartileMeanReturn: returns.interquartileMean,
      });
    }
    expect(lines).toEqual(expected);
    const best = lines.reduce((a, b) => (b.meanReturn! > a.meanReturn! ? b : a));
    expect(Buffer.compare(readFileSync(inFolder("run", "best.safetensors")), files.get(best.iteration!)!)).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ bestMeanReturn: best.meanReturn, bestAtStep: best.steps });
  });

  it("are printed as they come, with whether they are the best", () => {
    const printed = jsonLines(stdout).filter(({ type }) => type === "evaluation");
    let best = Number.NEGATIVE_INFINITY;
    const expected = lines.map((line) => {
      const isBest = line.meanReturn! > best;
      if (isBest) best = line.meanReturn!;
      return { type: "evaluation", ...line, isBest };
    });
    expect(printed).toEqual(expected);
  });

  it("are in what is said to people", async () => {
    const { stdout } = await folder.run(...["train", "CartPole-v1", "--steps", "3072"], ...beside, "--out", "said");
    expect(stdout).toMatch(/mean return \d+\.\d · best \d+\.\d\n/);
    expect(stdout).toMatch(/\nbest policy after [\d,]+ steps, evaluated at a mean return of \d+\.\d\n/);
    expect(stdout).toMatch(/policy.safetensors, best.safetensors, .* evaluations.jsonl, .*, events.out.tfevents.\d+/);
  });

  it("go on with the plan of the run, which cannot change", async () => {
    await folder.run("train", "--resume", "run", "--steps", "12288", "--json");
    expect(jsonLines(readFileSync(inFolder("run", "evaluations.jsonl"), "utf8")).map(({ steps }) => steps)).toEqual([
      ...[2048, 3072, 5120, 6144, 8192, 9216, 11_264, 12_288],
    ]);
    const { code, stderr } = await folder.run("train", "--resume", "run", "--eval-every", "5", "--eval-episodes", "1");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^proximal: --resume: eval-every, eval-episodes cannot change, /);
  });
});

describe("eval", () => {
  const report = async (...args: string[]) => jsonLines((await folder.run("eval", ...args, "--json")).stdout)[0];

  it("plays with the best policy, or one on its own", async () => {
    const best = await report("run", "--best", "--episodes", "5");
    expect(best).toEqual(await report(join("run", "best.safetensors"), "--episodes", "5"));
    mkdirSync(inFolder("alone"));
    writeFileSync(inFolder("alone", "mine"), readFileSync(inFolder("run", "best.safetensors")));
    expect(await report(join("alone", "mine"), "--env", "CartPole-v1", "--episodes", "5")).toEqual(best);
  });

  it("plays with the policy of the checkpoint where there is no other yet", async () => {
    mkdirSync(inFolder("young"));
    for (const name of ["config.json", "checkpoint.safetensors"])
      writeFileSync(inFolder("young", name), readFileSync(inFolder("plain", name)));
    expect(await report("young", "--episodes", "5")).toEqual(await report("plain", "--episodes", "5"));
  });

  it.each([
    [["eval", "plain", "--best"], "--best: plain has no best.safetensors; train --eval-every writes it"],
    [
      ["eval", "plain/policy.safetensors", "--best"],
      "--best: plain/policy.safetensors is a file; name the folder of its run",
    ],
    [["eval", "alone/mine"], "alone/mine: it is not in the folder of a run; name its environment with --env"],
    [["eval", "run", "--env", "Cartpole-v1"], 'unknown environment "Cartpole-v1"; did you mean CartPole-v1?'],
    [
      ["train", "CartPole-v1", "--eval-episodes", "5"],
      "--eval-episodes: there are no evaluations without --eval-every",
    ],
    [["train", "CartPole-v1", "--eval-every", "0"], "--eval-every: 0 is not an integer of at least 1"],
  ])("%j is refused", async (args, message) => {
    expect(await folder.run(...args)).toEqual({ code: 2, stdout: "", stderr: `proximal: ${message}\n` });
  });
});

describe("event files", () => {
  const names = (run: string) => readdirSync(inFolder(run)).filter((name) => name.startsWith("events.out.tfevents."));

  it("are one for each time that a run trained", () => {
    expect(names("plain")).toEqual([]);
    expect(names("run")).toHaveLength(2);
  });

  it("have all of a run that did not have them before", async () => {
    await folder.run("train", "--resume", "plain", "--tensorboard", "--json");
    const [name] = names("plain") as [string];
    const text = readFileSync(inFolder("plain", name), "latin1");
    expect(text.match(/episodes\/meanReturn/g)).toHaveLength(10);
    expect(text.match(/update\/approxKl/g)).toHaveLength(10);
  });
});
