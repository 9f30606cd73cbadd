// Trainings of results/ side by side: who has how many workers, what is said of each, and what ends them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Trainer } from "../../tools/results/trainer.ts";
import { runsOf, type Training } from "../../tools/results/training.ts";
import { emptyFolder } from "../cli/run.ts";

const cartPole = (name: string, totalSteps = 2048, env = "CartPole-v1"): Training => ({
  ...{ name, env, totalSteps },
  options: ["--num-envs", "8", "--num-steps", "128"],
});

describe("several trainings", () => {
  const folder = emptyFolder();
  afterAll(() => folder.remove());

  /** What is said, and the names of those that ended, in the order in which they did. */
  async function trained(trainings: readonly Training[], workers: number, seeds = "1-2") {
    const [lines, ended]: [string[], string[]] = [[], []];
    const say = (line: string) => void lines.push(line);
    const trainer = new Trainer(folder.path, { seeds, workers, say });
    const exitCode = await trainer.train(trainings, async ({ name }) => void ended.push(name));
    return { exitCode, lines, ended };
  }

  it("are all trained, each with a line where it begins and one of what it came to", async () => {
    const trainings = [cartPole("group/a"), cartPole("group/b"), cartPole("group/c", 1024)];
    const { exitCode, lines, ended } = await trained(trainings, 2);
    expect(exitCode).toBe(0);
    expect(lines.slice(0, 2)).toEqual(["group/a: 2,048 steps of each seed", "group/b: 2,048 steps of each seed"]);
    expect(ended.toSorted()).toEqual(["group/a", "group/b", "group/c"]);
    for (const { name } of trainings)
      expect(lines.filter((line) => line.startsWith(`${name}: seeds 1-2: mean return `))).toHaveLength(1);
    expect(lines).toHaveLength(6);
    for (const training of trainings)
      for (const seed of [1, 2])
        expect(runsOf(folder.path, training).run(seed).readResult()?.steps).toBe(training.totalSteps);
  });

  it("go on where they were, and train the seeds that are not there yet", async () => {
    const trainings = [cartPole("group/a"), cartPole("group/b", 4096)];
    const { exitCode, lines } = await trained(trainings, 3, "1-3");
    expect(exitCode).toBe(0);
    expect(lines.filter((line) => line.includes(": seeds 1-3: mean return "))).toHaveLength(2);
    expect(runsOf(folder.path, cartPole("group/a")).seeds).toEqual([1, 2, 3]);
  });

  it("that cannot be begun say why by their name, and none is begun after", async () => {
    const trainings = [cartPole("bad", 2048, "CartPole-v9"), cartPole("never")];
    const { exitCode, lines, ended } = await trained(trainings, 1);
    expect({ exitCode, ended }).toEqual({ exitCode: 2, ended: ["bad"] });
    expect(lines[1]).toMatch(/^bad: proximal: .*CartPole-v9/);
    expect(existsSync(join(folder.path, "runs/results/never"))).toBe(false);
  });

  it("go on after one in which a run has failed, which is said", async () => {
    const failing = { ...cartPole("failing"), options: ["--learning-rate", "1e30", "--no-anneal-learning-rate"] };
    const { exitCode, lines, ended } = await trained([failing, cartPole("after")], 1, "1");
    expect({ exitCode, ended }).toEqual({ exitCode: 1, ended: ["failing", "after"] });
    expect(lines.join("\n")).toMatch(/^failing: seed 1: valueLoss is Infinity in iteration 1/m);
    expect(lines).toContain("failing: seeds 1: mean return - ± -, without 1, which did not come to an end");
  });

  it("are passed a signal on, save, and go on later", async () => {
    const trainings = [cartPole("long/a", 50_000_000), cartPole("long/b", 50_000_000), cartPole("long/c")];
    const begun = trainings.slice(0, 2).map((training) => runsOf(folder.path, training).run(1).file("metrics"));
    const wait = setInterval(() => {
      if (!begun.every((path) => existsSync(path))) return;
      clearInterval(wait);
      process.emit("SIGTERM", "SIGTERM");
    }, 20);
    const { exitCode, lines, ended } = await trained(trainings, 2, "1");
    expect({ exitCode, ended: ended.toSorted() }).toEqual({ exitCode: 143, ended: ["long/a", "long/b"] });
    for (const name of ended) {
      expect(lines.join("\n")).toMatch(new RegExp(`^${name}: interrupted after [\\d,]+ steps; saved 1 run$`, "m"));
      expect(lines.join("\n")).toMatch(new RegExp(`^${name}: .*SIGTERM: stopping`, "m"));
      expect(existsSync(runsOf(folder.path, cartPole(name)).run(1).file("checkpoint"))).toBe(true);
    }
  });
});
