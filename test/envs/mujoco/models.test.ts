// The models against what MuJoCo makes of Gymnasium's files (test/fixtures/mujoco-models.py): every number that the
// physics depends on.

import loadMuJoCo from "@mujoco/mujoco";
import { describe, expect, it } from "vitest";
import { ant } from "../../../src/envs/mujoco/models/ant.ts";
import { pusher, reacher } from "../../../src/envs/mujoco/models/arms.ts";
import { halfCheetah } from "../../../src/envs/mujoco/models/half-cheetah.ts";
import { hopper, walker2d } from "../../../src/envs/mujoco/models/hopper.ts";
import { humanoid, humanoidStandup } from "../../../src/envs/mujoco/models/humanoid.ts";
import { invertedDoublePendulum, invertedPendulum } from "../../../src/envs/mujoco/models/pendulums.ts";
import { swimmer } from "../../../src/envs/mujoco/models/swimmer.ts";
import fixture from "../../fixtures/mujoco-models.json" with { type: "json" };

/** Numbers; [number, how many] stands for a run of equal ones. */
type Runs = readonly (number | [number, number])[];

const mujoco = await loadMuJoCo();

const models: Readonly<Record<keyof typeof fixture, string>> = {
  ...{ half_cheetah: halfCheetah(), hopper: hopper(1), walker2d: walker2d(0.9), walker2d_v5: walker2d(1.9) },
  ...{ ant: ant(1), humanoid: humanoid(1), humanoidstandup: humanoidStandup(1), swimmer: swimmer() },
  ...{ reacher: reacher(), pusher: pusher(1, 4), pusher_v5: pusher(1, 5) },
  ...{ inverted_pendulum: invertedPendulum(), inverted_double_pendulum: invertedDoublePendulum() },
};

const spread = (runs: Runs): number[] =>
  runs.flatMap((run) => (typeof run === "number" ? [run] : new Array<number>(run[1]).fill(run[0])));

/** What a model says by a name such as "opt.timestep": a number, an array, or one of an enumeration. */
function read(model: object, path: string): number[] {
  let value: unknown = model;
  for (const name of path.split(".")) value = (value as Record<string, unknown>)[name];
  if (typeof value === "number") return [value];
  const { value: enumerated } = value as { value?: number };
  return enumerated === undefined ? Array.from(value as ArrayLike<number>, Number) : [enumerated];
}

describe("a model", () => {
  it.each(Object.keys(fixture) as (keyof typeof fixture)[])("%s has the numbers of Gymnasium's", (name) => {
    const model = mujoco.MjModel.from_xml_string(models[name]);
    try {
      const expected = Object.entries(fixture[name]) as [string, Runs][];
      expect(expected.length).toBeGreaterThan(100);
      for (const [path, runs] of expected) {
        const actual = read(model, path);
        const numbers = spread(runs);
        expect(actual.length, path).toBe(numbers.length);
        const worst = numbers.map((number, index) => Math.abs((actual[index] as number) - number));
        const scale = Math.max(1, ...numbers.map(Math.abs));
        expect(Math.max(...worst) / scale, path).toBeLessThanOrEqual(1e-12);
      }
    } finally {
      model.delete();
    }
  });

  it.each([
    ["hopper", hopper],
    ["ant", ant],
    ["humanoid", humanoid],
    ["humanoidstandup", humanoidStandup],
    ["pusher_v5", (margins: number) => pusher(margins, 5)],
  ] as const)("%s has half its margins where that is asked for, and nothing else differs", (name, make) => {
    const model = mujoco.MjModel.from_xml_string(make(0.5));
    for (const [path, runs] of Object.entries(fixture[name]) as [string, Runs][]) {
      const factor = path === "geom_margin" || path === "body_margin" ? 0.5 : 1;
      const numbers = spread(runs).map((number) => number * factor);
      expect(read(model, path).every((number, index) => number === numbers[index])).toBe(true);
    }
    model.delete();
  });
});
