// NATS-Bench as an environment, over a table that is made up here.

import { describe, expect, it } from "vitest";
import { NatsBench, type NatsBenchSearch, natsBench } from "../../../src/envs/nats-bench/index.ts";
import { readTable } from "../../../src/envs/nats-bench/table.ts";
import {
  ConfigurationError,
  checkConformance,
  Engine,
  EnvironmentError,
  FileFormatError,
  make,
  makeVec,
  PCG64,
  PPO,
  register,
} from "../../../src/index.ts";
import { accuraciesOf, codeAt, digitsOf, header, tableLines } from "./table.ts";

const engine = await Engine.create();
const lines = tableLines();
const csv = `${lines.join("\n")}\n`;
const datasets = ["cifar10", "cifar100", "ImageNet16-120"] as const;
for (const dataset of datasets) register(natsBench(csv, { dataset }));

const choicesOf = (digits: string) => [...digits].map(Number);
const codeOf = (digits: string) => Number.parseInt(digits, 5);

/** An episode of these choices: what the last step came to. */
function episode(env: NatsBench, digits: string) {
  env.reset();
  return choicesOf(digits)
    .map((choice) => env.step(choice))
    .at(-1);
}

describe("an episode", () => {
  const env = new NatsBench("NATS-Bench/cifar10", engine, readTable(csv, "cifar10"));

  it("shows what has been chosen, and which edge is next", () => {
    let observation = env.reset();
    for (const [edge, choice] of choicesOf("421033").entries()) {
      const next = [...observation.subarray(30)];
      expect(next).toEqual([0, 1, 2, 3, 4, 5].map((index) => (index === edge ? 1 : 0)));
      expect([...observation.subarray(5 * edge, 30)].every((number) => number === 0)).toBe(true);
      observation = env.step(choice).observation;
      const chosen = [...observation.subarray(5 * edge, 5 * edge + 5)];
      expect(chosen).toEqual([0, 1, 2, 3, 4].map((index) => (index === choice ? 1 : 0)));
    }
    expect([...observation.subarray(30)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...observation].reduce((sum, number) => sum + number)).toBe(6);
  });

  it("is worth the validation accuracy at its sixth choice, and nothing before", () => {
    const digits = "034212";
    env.reset();
    const results = choicesOf(digits).map((choice) => env.step(choice));
    expect(results.map(({ reward }) => reward)).toEqual([
      0,
      0,
      0,
      0,
      0,
      (accuraciesOf(codeOf(digits))[0] as number) / 100,
    ]);
    expect(results.map(({ terminated }) => terminated)).toEqual([false, false, false, false, false, true]);
    expect(results.some(({ truncated }) => truncated)).toBe(false);
    expect(() => env.step(0)).toThrow(
      new EnvironmentError("NATS-Bench/cifar10: step after the episode terminated; reset has to come first"),
    );
    env.reset();
    expect(() => env.step(5)).toThrow("NATS-Bench/cifar10: action is 5; it has to be an integer from 0 to 4");
  });

  it("is drawn as a cell, with what is chosen on its edges", () => {
    env.reset();
    env.step(3);
    const texts = env.render().shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));
    expect(texts.slice(0, 6)).toEqual(["nor_conv_3x3", "?", "?", "?", "?", "?"]);
  });

  it.each(datasets)("keeps the rules of environments: %s", async (dataset) => {
    const findings = await checkConformance(() => make(`NATS-Bench/${dataset}`, { engine }), { steps: 100 });
    expect(findings.filter(({ found }) => found !== "it has no actionMask")).toEqual([]);
  });
});

describe("the outcome of a search", () => {
  it("is that of the best validation: architecture, accuracies, and how many were looked at", () => {
    for (const [column, dataset] of datasets.entries()) {
      const env = new NatsBench("a", engine, readTable(csv, dataset));
      expect(env.outcome()).toEqual({
        ...{ evaluations: 0, bestArchitecture: null, bestValidation: null, testAccuracy: null },
      });
      const looked = ["333132", "421211", "000000", "444444", "130421", "333132"];
      for (const digits of looked) episode(env, digits);
      const codes = looked
        .map(codeOf)
        .sort((a, b) => (accuraciesOf(b)[column] as number) - (accuraciesOf(a)[column] as number));
      const best = codes[0] as number;
      expect(env.outcome()).toMatchObject({
        evaluations: 6,
        bestValidation: accuraciesOf(best)[column],
        testAccuracy: accuraciesOf(best)[column + 3],
      });
    }
  });

  it("names architectures as NATS-Bench does", () => {
    const name = (digits: string) => {
      const env = new NatsBench("a", engine, readTable(csv, "cifar10"));
      episode(env, digits);
      return env.outcome().bestArchitecture;
    };
    expect(name("421211")).toBe(
      "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|",
    );
    expect(name("333132")).toBe(
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|",
    );
    expect(name("012344")).toBe(
      "|none~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|",
    );
  });

  it("is the first that was found of those that are alike", () => {
    const table = readTable(csv, "cifar10");
    table.validation.fill(50);
    const searches = Array.from({ length: 3 }, () => new NatsBench("a", engine, table));
    episode(searches[0] as NatsBench, "000001");
    episode(searches[0] as NatsBench, "000002");
    expect(searches[0]?.outcome().bestArchitecture).toContain("skip_connect~2");
  });

  it("is of all environments of a vector together, in whichever it was found", async () => {
    const search = (await makeVec("NATS-Bench/cifar100", { numEnvs: 4 })) as unknown as NatsBenchSearch;
    search.reset();
    expect(search.outcome()).toMatchObject({ evaluations: 0, bestArchitecture: null });
    const rng = new PCG64(engine, 5);
    let [best, bestCode] = [-1, -1];
    for (let round = 1; round <= 20; round++) {
      const codes = [0, 0, 0, 0];
      for (let edge = 0; edge < 6; edge++) {
        const actions = Int32Array.from(codes, () => rng.integer(5));
        for (const [index, action] of actions.entries()) codes[index] = (codes[index] as number) * 5 + action;
        search.step(actions);
      }
      for (const code of codes) {
        const accuracy = accuraciesOf(code)[1] as number;
        if (accuracy > best) [best, bestCode] = [accuracy, code];
      }
      expect(search.outcome()).toMatchObject({
        evaluations: 4 * round,
        bestValidation: best,
        testAccuracy: accuraciesOf(bestCode)[4],
      });
    }
  });

  it("of those that are alike in several environments is that of the earliest episode", async () => {
    const alike = (line: string) =>
      line.replace(/^(\d+,(\d+)),[^,]+/, (_, start, ops) => `${start},${ops === "000000" ? 10 : 50}`);
    const flat = [header, ...lines.slice(1).map(alike)].join("\n");
    register(natsBench(flat, { dataset: "cifar10", id: "Flat-v0" }));
    const search = (await makeVec("Flat-v0", { numEnvs: 3 })) as unknown as NatsBenchSearch;
    search.reset();
    for (let step = 0; step < 12; step++) search.step(Int32Array.of(step < 6 ? 0 : 2, step < 6 ? 1 : 4, 3));
    expect(search.outcome().bestArchitecture).toMatch(/^\|skip_connect~0\|\+/);
  });

  it("goes on where a training is resumed", async () => {
    const options = { seed: 3, numSteps: 6, numMinibatches: 1 };
    const vector = () => makeVec("NATS-Bench/cifar10", { numEnvs: 4, seed: 3 });
    const agent = await PPO.create(await vector(), options);
    for await (const _ of agent.train({ totalSteps: 240 })) if (agent.steps >= 120) break;
    const resumed = await PPO.resume(await vector(), agent.checkpoint());
    expect(resumed.env.outcome?.()).toEqual(agent.env.outcome?.());
    for (const each of [agent, resumed]) for await (const _ of each.train({ totalSteps: 240 }));
    expect(resumed.env.outcome?.()).toEqual(agent.env.outcome?.());
    expect(agent.env.outcome?.().evaluations).toBe(40);
  });

  it("is refused where it is none", () => {
    const env = new NatsBench("a", engine, readTable(csv, "cifar10"));
    env.reset();
    for (const wrong of [
      { best: Int32Array.of(15_625) },
      { made: Int32Array.of(7) },
      { evaluations: Int32Array.of(-1) },
    ])
      expect(() => env.restore({ ...env.state(), ...wrong })).toThrow(FileFormatError);
  });
});

describe("a table", () => {
  it("is read by the digits of its rows, whatever ends its lines and stands in brackets", () => {
    const explained = [header.replace("ops", "ops(0=none 1=skip; edges 0-1|0-2 1-2)"), ...lines.slice(1)].join("\r\n");
    for (const text of [csv, explained]) {
      const { validation, test } = readTable(text, "ImageNet16-120");
      for (const row of [0, 1, 777, 15_624]) {
        const code = codeAt(row);
        expect([validation[code], test[code]]).toEqual([accuraciesOf(code)[2], accuraciesOf(code)[5]]);
      }
    }
  });

  /** The lines with one of them replaced. */
  const changed = (number: number, line: string) =>
    [...lines.slice(0, number - 1), line, ...lines.slice(number)].join("\n");
  const row = (number: number, column: number, value: string) => {
    const fields = (lines[number - 1] as string).split(",");
    fields[column] = value;
    return changed(number, fields.join(","));
  };
  const last = digitsOf(codeAt(15_624));

  it.each([
    ["", `line 1: the columns are ""; it has to be ${header}`],
    ["a,b\n1,2", `line 1: the columns are "a,b"; it has to be ${header}`],
    [changed(1, header.replace("c10_val12", "c10_val")), 'line 1: the columns are "index,ops,c10_val,'],
    [lines.slice(0, -1).join("\n"), `line 15625: the last row is 15624; it has to be 15625; ${last} is missing`],
    [header, "line 1: the last row is 0; it has to be 15625; 000000 is missing"],
    [`${csv}15625,000000,1,1,1,1,1,1`, 'line 15627: ops is "000000"; it has to be there once'],
    [row(3, 1, digitsOf(codeAt(0))), `line 3: ops is "${digitsOf(codeAt(0))}"; it has to be there once`],
    [row(9, 0, "8"), 'line 9: index is "8"; it has to be 7'],
    [row(9, 1, "12345"), 'line 9: ops is "12345"; it has to be six digits from 0 to 4'],
    [row(9, 1, "123455"), 'line 9: ops is "123455"; it has to be six digits from 0 to 4'],
    [row(9, 2, "NaN"), 'line 9: c10_val12 is "NaN"; it has to be a percentage from 0 to 100'],
    [row(9, 4, ""), 'line 9: im_val12 is ""; it has to be a percentage from 0 to 100'],
    [row(9, 5, "100.001"), 'line 9: c10_test200 is "100.001"; it has to be a percentage from 0 to 100'],
    [row(9, 7, "-1"), 'line 9: im_test200 is "-1"; it has to be a percentage from 0 to 100'],
    [row(9, 7, "1e1"), 'line 9: im_test200 is "1e1"; it has to be a percentage from 0 to 100'],
    [changed(9, "7,012340,1,1,1,1,1"), 'line 9: the row is "7,012340,1,1,1,1,1"; it has to be 8 columns'],
    [changed(9, ""), 'line 9: the row is ""; it has to be 8 columns'],
  ])("is refused by line and value where something is wrong with it (%#)", (text, message) => {
    const read = () => natsBench(text, { dataset: "cifar10", id: "b" });
    expect(read).toThrow(FileFormatError);
    expect(read).toThrow(`NATS-Bench: ${message}`);
    expect(message).not.toContain("\n");
  });

  it("is read for one of three datasets", () => {
    for (const dataset of ["cifar", "toString", undefined])
      expect(() => natsBench(csv, { dataset: dataset as never })).toThrow(
        new ConfigurationError(
          `natsBench: dataset: ${JSON.stringify(dataset)} is not cifar10 or cifar100 or ImageNet16-120`,
        ),
      );
    expect(() => natsBench(csv, { data: "cifar10" } as never)).toThrow("natsBench: there is no option data");
  });
});

it("searches the same in Node, Chromium and Firefox", async () => {
  const agent = await PPO.create(await makeVec("NATS-Bench/cifar10", { numEnvs: 10, seed: 1 }), {
    ...{ seed: 1, numSteps: 6, numMinibatches: 1, learningRate: 5e-3 },
  });
  for await (const _ of agent.train({ totalSteps: 1200 }));
  expect(agent.env.outcome?.()).toEqual({
    evaluations: 200,
    bestArchitecture: "|nor_conv_1x1~0|+|skip_connect~0|nor_conv_3x3~1|+|skip_connect~0|skip_connect~1|none~2|",
    bestValidation: 89.944,
    testAccuracy: 70.877,
  });
});
