// What implementations of PPO have got wrong, and what keeps this one from it. Each row names the tests that fail where
// the fault is put in; tools/mutate/faults/traps.txt has those faults, by number. What no other file
// tests is tested below.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Box, Discrete, Engine, type Hyperparameters, Policy, PPO } from "../../src/index.ts";
import { headFor } from "../../src/nn/index.ts";
import { float32, program } from "../../src/tensor/index.ts";
import { learn } from "./probes/probe.ts";
import { ScriptedVectorEnv } from "./scripted-env.ts";
import { kinds } from "./update-run.ts";

const update = ["update.test.ts", "end with PyTorch's parameters"] as const;
const here = "traps.node.test.ts";

/** A trap: what it is, and the file and a part of the title of each test, or why there is nothing to test. */
interface Trap {
  readonly number: number;
  readonly fault: string;
  readonly tests?: readonly (readonly [file: string, title: string])[];
  /** The runs of update.test.ts that depend on it most. */
  readonly runs?: readonly (typeof kinds)[number][];
  readonly cannot?: string;
}

const traps: readonly Trap[] = [
  {
    ...{ number: 1, fault: "an episode that was cut off counts as one that ended" },
    tests: [["probes/probes.test.ts", "are worth r / (1 - γ)"], ["peers.test.ts", '"advantages"'], update],
  },
  {
    ...{ number: 2, fault: "what follows a cut is worth what came before it, V(s_t)" },
    tests: [update, ["peers.test.ts", '"advantages"']],
  },
  {
    ...{ number: 3, fault: "the first observation of the next episode stands for the last of this one" },
    tests: [update, ["../envs/vector-contract.test.ts", "with the last observation kept"]],
  },
  { number: 4, fault: "a minibatch of one row has a standard deviation that is NaN", tests: [[here, "trap 4"]] },
  { number: 5, fault: "advantages that are all alike are divided by 0", tests: [[here, "trap 5"]] },
  { number: 6, fault: "the moments of observations are lost when a policy is saved", tests: [[here, "trap 6"]] },
  {
    ...{ number: 7, fault: "each environment has moments of its own" },
    ...{ tests: [update], runs: ["normalised observations", "scaled rewards"] },
  },
  {
    ...{ number: 8, fault: "the moments of observations move between acting and learning" },
    ...{ tests: [["update.test.ts", "have a ratio of exactly 1"]], runs: ["normalised observations"] },
  },
  {
    ...{ number: 9, fault: "the return that scales rewards goes on where an episode was cut off" },
    ...{ tests: [update], runs: ["scaled rewards"] },
  },
  {
    ...{ number: 10, fault: "rewards are scaled by the return of another γ" },
    ...{ tests: [update], runs: ["scaled rewards"] },
  },
  {
    ...{ number: 11, fault: "squashed actions lose digits, or the slope of tanh" },
    tests: [update, ["../nn/distributions.test.ts", "is within its bounds to the last bit"]],
    runs: ["squashed actions", "squashed actions of the network's deviations"],
  },
  {
    ...{ number: 12, fault: "an entropy bonus grows by what is beyond the bounds" },
    tests: [[here, "trap 12"]],
  },
  {
    number: 13,
    fault: "of clipped values another error counts",
    tests: [["peers.test.ts", "the larger error"], update],
  },
  {
    number: 14,
    fault: "the value loss is twice what its coefficient says",
    tests: [["peers.test.ts", "as it is"], update],
  },
  {
    ...{ number: 15, fault: "targetKl has a hidden factor, or looks at one minibatch" },
    tests: [["training.node.test.ts", "ends the epochs of an update after the first whose mean KL exceeds targetKl"]],
  },
  {
    ...{ number: 16, fault: "a masked action keeps a share of the probability, of the entropy or of the gradient" },
    tests: [
      update,
      ["../nn/distributions.test.ts", "a masked choice stays one where all that is allowed is out of float32's sight"],
      ["probes/probes.test.ts", "a mask that forbids the best action"],
    ],
    runs: ["several choices, masked", "masked, with a KL penalty", "a GRU that is shared, masked"],
  },
  { number: 17, fault: "what is annealed does not end with the training", tests: [[here, "trap 17"]] },
  {
    ...{ number: 18, fault: "what was remembered is taken from another step, or across episodes" },
    tests: [update, ["update.test.ts", "have a ratio of exactly 1"], ["probes/probes.test.ts", "names what was seen"]],
    runs: ["an LSTM", "a GRU", "a GRU that is shared, masked"],
  },
  { number: 19, fault: "noise that depends on the state is not drawn anew", cannot: "there is no such noise (gSDE)" },
  {
    ...{ number: 20, fault: "no estimate beyond the last step, no GAE, no limit of the gradient, no seed" },
    tests: [["peers.test.ts", '"advantages"'], update, ["reproducibility.test.ts", "it"]],
  },
  { number: 21, fault: "ratios are clipped to 1 / (1 + ε)", tests: [["loss.test.ts", "ppoLoss"], update] },
  {
    ...{ number: 22, fault: "half of the score with environments in C++" },
    cannot: "a published score that nobody has explained, of environments that are not here",
  },
  { number: 23, fault: "processors have moments of their own", cannot: "one process learns, with one set of moments" },
  { number: 24, fault: "standard deviations run away, or get stuck at a limit", tests: [[here, "trap 24"]] },
  {
    ...{ number: 25, fault: "scores of drawn and of most likely actions in one table" },
    tests: [["evaluate.test.ts", "hands each observation to the policy, and whether to draw"]],
  },
];

describe("traps", () => {
  it("all have a row", () => expect(traps.map(({ number }) => number)).toEqual(traps.map((_, index) => index + 1)));

  it.each(traps.filter(({ tests }) => tests))("$number: $fault", ({ tests = [], runs = [] }) => {
    for (const [file, title] of tests)
      expect(readFileSync(new URL(file, import.meta.url), "utf8"), file).toContain(title);
    for (const run of runs) expect(kinds).toContain(run);
  });
});

const [numEnvs, numSteps] = [2, 8] as const;

/** An agent of few numbers, and a batch of which everything is the same in each row but what is seen. */
async function small(options: Partial<Hyperparameters>, actions: "Discrete" | "Box" = "Discrete") {
  const env = new ScriptedVectorEnv({
    ...{ numEnvs, terminated: [[4, 1]], truncated: [[6, 0]] },
    observationSpace: new Box(-2, 2, [3]),
    actionSpace: actions === "Discrete" ? new Discrete(2) : new Box(-1, 1, [1]),
  });
  const common = { numSteps, numMinibatches: 2, numEpochs: 2, hiddenSizes: [4], learningRate: 0.01 } as const;
  const agent = await PPO.create(env, { ...common, ...options });
  const rows = numEnvs * numSteps;
  const alike = (value: number) => new Array(rows).fill(value);
  const batch = {
    observations: Array.from({ length: 3 * rows }, (_, index) => Math.sin(index)),
    ...{ actions: alike(0), logProbs: alike(-1), values: alike(0), advantages: alike(0.5), returns: alike(0.5) },
  };
  return { agent, batch, of: (name: string) => [...(agent.policy.tensors.find((x) => x.name === name)?.data ?? [])] };
}

it("trap 4: a minibatch of one row is refused where advantages are normalised", async () => {
  await expect(small({ numMinibatches: 16 })).rejects.toThrow("leaves minibatches of 1");
  const { agent, batch } = await small({ numMinibatches: 16, normalizeAdvantages: "none" });
  expect(Number.isFinite((await agent.update(batch)).loss)).toBe(true);
});

it.each(["minibatch", "batch"] as const)("trap 5: advantages that are all alike are none, %s", async (over) => {
  const options = { normalizeAdvantages: over };
  const rows = await learn({ steps: 1, see: () => [0], reward: () => 0.7 }, 2, { options });
  for (const { probability } of rows) expect(Math.abs(probability - 0.5)).toBeLessThan(0.1);
});

it("trap 5: advantages that are all alike move no actor", async () => {
  const { agent, batch, of } = await small({ entropyCoefficient: 0 });
  const [actor, critic] = [of("actor.0.weight"), of("critic.0.weight")];
  expect(Math.abs((await agent.update(batch)).policyLoss)).toBe(0);
  expect(of("actor.0.weight")).toEqual(actor);
  expect(of("critic.0.weight")).not.toEqual(critic);
});

it("trap 6: a policy that was saved sees observations as the one that learnt", async () => {
  const { agent, batch } = await small({ normalizeObservations: true });
  for await (const _ of agent.train({ totalSteps: 2 * numEnvs * numSteps }));
  const loaded = await Policy.load<number>(agent.policy.toBytes());
  const observation = batch.observations.slice(0, 3);
  expect(loaded.evaluate(observation)).toEqual(agent.policy.evaluate(observation));
  const { agent: other } = await small({ normalizeObservations: true });
  expect(loaded.tensors.find(({ name }) => name === "observations.mean")?.data).not.toEqual(
    other.policy.tensors.find(({ name }) => name === "observations.mean")?.data,
  );
});

it("trap 12: an entropy bonus narrows squashed actions that are too wide, and widens those of no bounds", async () => {
  const bonus = { initialLogStd: 2, entropyCoefficient: 10, valueCoefficient: 0, numEpochs: 1 } as const;
  for (const [actionDistribution, sign] of [
    ["squashed", -1],
    ["gaussian", 1],
  ] as const) {
    const { agent, batch, of } = await small({ ...bonus, actionDistribution, normalizeAdvantages: "none" }, "Box");
    await agent.update({ ...batch, advantages: batch.values });
    expect(Math.sign((of("actor.logStd")[0] as number) - 2), actionDistribution).toBe(sign);
  }
});

it("trap 17: what is annealed begins with all of it, and ends with the last iteration", async () => {
  const { agent } = await small({ annealLearningRate: true, annealClipRange: true });
  const rates: number[] = [];
  // Two iterations and a half of one are three.
  for await (const { learningRate, clipRange } of agent.train({ totalSteps: 2.5 * numEnvs * numSteps })) {
    rates.push(learningRate / 0.01);
    expect(clipRange).toBeCloseTo((0.2 * learningRate) / 0.01, 12);
  }
  expect(rates).toHaveLength(3);
  for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(1 - index / 3, 12);
});

it("trap 24: standard deviations of a network stay within a reach, where their slope is not 0", async () => {
  const head = headFor(new Box(-1, 1, [1]), { logStd: "network", initialLogStd: -1 });
  const engine = await Engine.create();
  const { inputs, outputs, run } = program(
    engine,
    { output: float32([3, 2]) },
    ({ output }) => head.distribution(output).parameters() as { readonly std: typeof output },
  );
  inputs.output.set([0, -1e6, 0, 0, 0, 1e6]);
  run();
  for (const [row, logStd] of [-6, -1, 4].entries())
    expect(Math.log(outputs.std.data[row] as number)).toBeCloseTo(logStd, 5);
  // An output at which a clamp would be flat.
  inputs.output.set([0, 5, 0, 10, 0, 15]);
  run();
  expect(outputs.std.data[1]).toBeGreaterThan(outputs.std.data[0] as number);
  expect(outputs.std.data[2]).toBeGreaterThan(outputs.std.data[1] as number);
});
